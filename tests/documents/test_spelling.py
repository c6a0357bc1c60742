"""What is said of a word that is not known: the nearest one, else which there are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from policy_gate.documents.spelling import choices_hint, did_you_mean, refuse_unknown, spelling_hint
from policy_gate.errors import UsageError

ORDERED = ("low", "high", "critical")
MANY = [f"id-{number:02}" for number in range(13, 0, -1)]


@pytest.mark.parametrize("hint", [spelling_hint, choices_hint])
def test_the_nearest_word_is_named_or_that_there_is_none(hint: Callable[..., str]) -> None:
    assert hint("hihg", ORDERED) == 'did you mean "high"?'
    assert hint("high", ()) == "none is declared"
    assert hint("high", (), none="there is none") == "there is none"


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("prod", 'did you mean "production"?'),
        ("Dev", 'did you mean "development"?'),
        ("de", ""),
        ("dep", ""),
        ("xyz", ""),
    ],
)
def test_a_word_that_is_short_for_one_other_is_known(word: str, hint: str) -> None:
    assert did_you_mean(word, ("development", "production", "deployed", "deprecated")) == hint


def test_ids_are_listed_by_the_alphabet_and_choices_in_their_own_order() -> None:
    assert spelling_hint("?", ORDERED) == "known: critical, high, low"
    assert choices_hint("?", ORDERED) == "there are low, high, critical"


def test_a_list_is_cut_at_twelve_and_says_so() -> None:
    assert spelling_hint("?", MANY) == f"known: {', '.join(sorted(MANY)[:12])}, …"
    assert choices_hint("?", MANY) == f"there are {', '.join(MANY[:12])}, …"
    assert choices_hint("?", MANY[:12]) == f"there are {', '.join(MANY[:12])}"


def test_the_first_unknown_word_is_refused_with_its_hint() -> None:
    refuse_unknown("severity", ("low", "high"), ORDERED)
    refuse_unknown("severity", (), ())
    with pytest.raises(UsageError) as caught:
        refuse_unknown("severity", ("low", "?", "hihg"), ORDERED, choices_hint)
    assert (caught.value.message, caught.value.hint) == ('no severity "?"', "there are low, high, critical")
    with pytest.raises(UsageError) as caught:
        refuse_unknown("severity", ("hihg",), ORDERED)
    assert caught.value.hint == 'did you mean "high"?'

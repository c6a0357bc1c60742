"""What counts as a word of substance: each way of filling a page beside the plain words it would pass for."""

from __future__ import annotations

import pytest

from policy_gate.cards.placeholders import first_placeholder
from policy_gate.cards.substance import substantive_words

PLAIN = "The report names every attack that was tried and what came of it."
LONG = "We attacked the ranking with forty prompts over two weeks and wrote down what happened."


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        ([PLAIN], 13),
        ([PLAIN, PLAIN], 13),
        (["One two three.", "One two three."], 6),
        (["One two three four.", "One two three four."], 4),
        (["very very very good"], 2),
        (["good good"], 1),
        (["good better good"], 3),
        (["TODO"], 0),
        ([f"TODO: {PLAIN}"], 0),
        (["Lorem ipsum dolor sit amet."], 0),
        (["dolor amet are words"], 4),
        (["dolor amet elit beside these other words make nine"], 0),
        (["dolor amet elit beside these other words make ten indeed"], 10),
        ([""], 0),
        (["word " * 30], 1),
        (["one two " * 30], 2),
        (["one two three four " * 3], 12),
    ],
)
def test_words_of_substance(pieces: list[str], words: int) -> None:
    assert substantive_words(pieces) == words


def test_a_long_sentence_told_elsewhere_does_not_count_again() -> None:
    told: set[str] = set()
    assert substantive_words([LONG, "Eight words are long enough to be one."], told) == 23
    assert substantive_words([LONG, "And this is new."], told) == 4
    assert substantive_words(["And this is new."], told) == 4, "a short one may come again"
    assert substantive_words([LONG]) == 15, "the control: nothing was told"


def test_the_first_placeholder_is_named_and_cut_short() -> None:
    assert first_placeholder(PLAIN) is None
    assert first_placeholder(f"{PLAIN} TODO: the rest. TBD too.") == "TODO"
    assert first_placeholder("TBD") == "TBD"

"""A quick look may pass over a text only where the patterns that it stands for find nothing."""

from __future__ import annotations

import re
from itertools import product

import pytest

from policy_gate.cards import text_standing as standing
from policy_gate.cards.placeholders import _INLINE, _inline_in
from policy_gate.cards.text_normal import has_key, key_of

_PATTERNS = (
    standing._ENDS_ABOVE.said_in,
    standing._ENDS_BELOW.said_in,
    standing._ENDS_SECTION.said_in,
    standing._TAKES_BACK.search,
    standing._NONE_OF.search,
)
_STRONG = [word for word in re.sub(r"\((?:\?:)?ed\)\?|d\?|\[oa\]", "a", standing._STRONG).split("|") if word.isascii()]
_VERBS = (
    *("no longer", "do not", "does not", "are not", "don't", "isn't", "never", "used to", "once", "is", "was"),
    "has been",
)
_ENDS = (
    *_STRONG,
    *("wrong", "false", "untrue", "history", "lifted", "removed", "resolved", "fixed", "solved", "mended", "overcome"),
    *("addressed", "gone", "apply", "hold", "valid", "in force", "stand", "true"),
)
_PLACES = (
    *("This section", "The whole list", "Everything below", "All limits above", "The following limits"),
    *("None of these", "We no longer stand by the", "Forget the", "None of the above"),
)


@pytest.mark.parametrize("place", _PLACES)
def test_whatever_sets_aside_holds_a_sign(place: str) -> None:
    found = 0
    for verb in _VERBS:
        for end in _ENDS:
            for sentence in (f"{place} {verb} {end}", f"{place} {end} following", f"{place} {end}"):
                if any(finds(sentence) for finds in _PATTERNS):
                    found += 1
                    assert standing._may_set_aside(sentence), sentence
    assert found or place.startswith("All limits")


def test_a_text_without_a_sign_is_passed_over() -> None:
    assert not standing._may_set_aside("We measure the error each quarter, by group.")
    assert standing._may_set_aside("Ungültig")
    assert standing._may_set_aside("THIS SECTION IS OBSOLETE")


def test_a_placeholder_is_looked_for_wherever_its_pattern_finds_one() -> None:
    parts = ("[", "]", "<", ">", "your name", "fill in", "{{", "}}", "%(", "a)s", "${", "___", "YYYY-MM-DD", "XX%", "?")
    for drawn in product(parts, repeat=3):
        text = "".join(drawn)
        wanted = [pattern for _, pattern in _INLINE if pattern.search(text)]
        assert [pattern for pattern in _inline_in(text) if pattern in wanted] == wanted, text


@pytest.mark.parametrize(
    "text", ["Risks", " **risks** ", "Risks!", "", "…", "risks of it", "Rísks", "1. Risks", "≥ 5", "\x07Risks"]
)
@pytest.mark.parametrize("key", ["risks", "", "risks of it", "1 risks", "1. risks", "≥ 5"])
def test_the_key_of_a_text_is_told_as_key_of_tells_it(text: str, key: str) -> None:
    assert has_key(text, key) is (key_of(text) == key)

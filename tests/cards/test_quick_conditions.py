"""What is asked before a slow pattern lets everything through that the pattern would find."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_gate.cards import phrases, placeholders, text_standing
from policy_gate.cards.text_normal import is_unspaced

PATTERNS: dict[str, tuple[re.Pattern[str], Callable[[str], object]]] = {
    "ends what follows": (text_standing._ENDS_BELOW._said, text_standing._ENDS_BELOW.said_in),
    "ends what stands above": (text_standing._ENDS_ABOVE._said, text_standing._ENDS_ABOVE.said_in),
    "ends its section": (text_standing._ENDS_SECTION._said, text_standing._ENDS_SECTION.said_in),
    "takes back": (text_standing._TAKES_BACK, text_standing._takes_back),
    "none of it": (text_standing._NONE_OF, text_standing._SAYS_NONE.search),
    "a mark": (placeholders._MARKS, placeholders._may_be_marked),
    "boilerplate": (placeholders._BOILERPLATE, placeholders._may_be_boilerplate),
    "an instruction": (placeholders._INSTRUCTION, placeholders._may_be_open),
    "a place to fill in": (placeholders._INLINE[0][1], placeholders._may_be_open),
    "no statement": (placeholders._REFUSAL, lambda text: placeholders._REFUSAL_LAST.fullmatch(text.split(" ")[-1])),
}
STANDING = ("ends what follows", "ends what stands above", "ends its section", "takes back", "none of it")


@pytest.mark.parametrize("name", PATTERNS)
@given(data=st.data())
def test_whatever_a_pattern_finds_is_asked_about(name: str, data: st.DataObject) -> None:
    pattern, may_hold = PATTERNS[name]
    text = data.draw(st.from_regex(re.compile(pattern.pattern, pattern.flags & ~re.UNICODE | re.ASCII)))
    if pattern.search(text) and not text.endswith(("\n", " ")):
        assert may_hold(text), text
        assert name not in STANDING or text_standing._may_set_aside(text), text


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("not intended for|to", "it is not intended to diagnose"),
        ("data * until ##", "data was kept until 2024 only"),
        ("biase* towards", "it is biased towards towns"),
        ("# hours", "trained on 400 hours of it"),
        ("skew*", "rows are skewed by region"),
        ("only * if", "only promoted upwards if"),
    ],
)
def test_a_phrase_that_fits_is_never_passed_over(written: str, sentence: str) -> None:
    known = phrases.phrase(written, "known_limitations")
    words = phrases.words_in(sentence)
    assert any(phrases._fits(known.places, words, at, 0) for at in range(len(words)))
    assert known.may_be_in(frozenset(words))
    assert list(phrases.indexed([known]).found_in(sentence, {"known_limitations"})) == [known]


@given(st.characters(min_codepoint=0x80))
def test_a_character_of_a_script_without_spaces_is_known_at_once(char: str) -> None:
    ranges = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    assert is_unspaced(char) is bool(re.match(f"[{ranges}]", char))

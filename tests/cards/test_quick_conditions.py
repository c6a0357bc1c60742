"""What is asked before a slow pattern lets everything through that the pattern would find."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from policy_gate.cards import markdown_outline, phrases, placeholders, text_standing
from policy_gate.cards.text_normal import is_unspaced, lower_as_matched

PATTERNS: dict[str, tuple[re.Pattern[str], Callable[[str], object]]] = {
    "ends what follows": (text_standing._ENDS_BELOW._said, text_standing._ENDS_BELOW.said_in),
    "ends what stands above": (text_standing._ENDS_ABOVE._said, text_standing._ENDS_ABOVE.said_in),
    "ends its section": (text_standing._ENDS_SECTION._said, text_standing._ENDS_SECTION.said_in),
    "names its section": (text_standing._ENDS_SECTION._said, text_standing._NAMES_WHOLE.match),
    "takes back": (text_standing._TAKES_BACK, text_standing._takes_back),
    "none of it": (text_standing._NONE_OF, text_standing._SAYS_NONE.search),
    "a mark": (placeholders._MARKS, placeholders._may_be_marked),
    "boilerplate": (placeholders._BOILERPLATE, placeholders._may_be_boilerplate),
    "an instruction": (placeholders._INSTRUCTION, placeholders._may_be_open),
    "a place to fill in": (placeholders._INLINE[0][1], placeholders._may_be_open),
    "a mark over a text": (text_standing._MARK, text_standing._may_be_marked),
    "a weak mark over a text": (text_standing._WEAK_MARK, text_standing._may_be_marked),
    "a sample": (text_standing._ALONE_SAMPLE, text_standing._may_be_marked),
    "no part": (text_standing._NO_PART_ALONE, text_standing._may_be_no_part),
    "no statement": (placeholders._REFUSAL, lambda text: placeholders._REFUSAL_LAST.fullmatch(text.split(" ")[-1])),
}
STANDING = ("ends what follows", "ends what stands above", "ends its section", "takes back", "none of it")


@pytest.mark.parametrize("name", PATTERNS)
@given(data=st.data())
def test_whatever_a_pattern_finds_is_asked_about(name: str, data: st.DataObject) -> None:
    pattern, may_hold = PATTERNS[name]
    text = data.draw(st.from_regex(re.compile(pattern.pattern, pattern.flags)))
    if pattern.search(text) and not text.endswith(("\n", " ")):
        assert may_hold(text), text
        assert name not in STANDING or text_standing._may_set_aside(text), text


@pytest.mark.parametrize("word", ["TODO", "Inſert", "deſcribe", "INSERT", "İnsert", "ınsert", "ungültig", "UNGÜLTIG"])
def test_letters_that_patterns_take_for_others_are_found_in_lower_case(word: str) -> None:
    plain = word.replace("ſ", "s").replace("İ", "i").replace("ı", "i")
    assert re.fullmatch(plain, word, re.IGNORECASE)
    assert lower_as_matched(word) == plain.lower()


@given(st.text(alphabet="ab .!?\n\t\u00a0\u3000。！é", max_size=12))
def test_sentences_are_split_behind_their_marks_and_at_the_ends_of_lines(text: str) -> None:
    slow = re.split(r"(?<=[.!?])\s+|(?<=[。！？；])|\n+", text)
    assert placeholders.split_sentences(text) == [part.strip() for part in slow if part.strip()]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Not for minors, e.g. pupils. Nor for i.e. staff.", ["Not for minors, e.g. pupils.", "Nor for i.e. staff."]),
        ("See Fig. 3 and no. 5. Done.", ["See Fig. 3 and no. 5.", "Done."]),
        ("Cats, dogs, etc. The rest is not in it.", ["Cats, dogs, etc.", "The rest is not in it."]),
        ("Is it fair? No. It is not.", ["Is it fair?", "No.", "It is not."]),
        ("Dr. Roe vs. Doe, e.g.\nhere", ["Dr. Roe vs. Doe, e.g.", "here"]),
    ],
)
def test_an_abbreviation_ends_no_sentence(text: str, sentences: list[str]) -> None:
    assert placeholders.split_sentences(text) == sentences


@given(st.text(alphabet="ab*_`[](){}!&;<>~\\\n -:#=$%@+^é", max_size=20))
def test_plain_words_become_the_parts_that_the_library_makes_of_them(text: str) -> None:
    library = MarkdownIt("commonmark").enable("table").enable("strikethrough").parse(text)
    assert [_told(token) for token in markdown_outline._markdown().parse(text)] == [_told(token) for token in library]


def _told(token: Token) -> object:
    return token.type, token.content, [_told(child) for child in token.children or ()]


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

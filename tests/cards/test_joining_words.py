"""Which words of a statement may come and go, and which make another statement."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_gate.cards.joining_words import is_same_statement, statement_key
from policy_gate.cards.text_normal import key_of


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("It reads a zero shot prompt, not a chat.", "It reads the zero-shot prompt, not chat."),
        ("Worse on rare accents, noise, slang for it.", "Worse on the rare accents, noise, and slang for it."),
        ("Analyses of it is in the paper.", "Analyses of it are in a paper."),
        ("It ranks and filters", "It ranks, and filters"),
    ],
)
def test_what_a_proofreader_mends_is_the_same_statement(was: str, now: str) -> None:
    assert is_same_statement(was, now)
    assert is_same_statement(now, was)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("not for the police and immigration", "not for the police immigration"),
        ("not for the police or schools", "not for the police and schools"),
        ("only for adults", "for adults"),
        ("never for adults", "for adults"),
        ("for use by adults", "for use with adults"),
        ("for use without review", "for use with review"),
        ("errs in 1 in 5 for it", "errs in 1 to 5 for it"),
        ("not above 5 at a time", "not above 5 a time"),
        ("works for a few languages", "works for few languages"),
        ("not for the sick, who are ill", "not for the sick, or ill"),
        ("the filter is on for it", "the filter is off for it"),
        ("not for the inadequate", "not for the in adequate"),
        ("it must not be used", "it must be used"),
        ("niet voor a of b", "niet voor a b"),
        ("Not on it", "On it"),
        ("not for use in schools", "not for use of schools"),
        ("no transfer of it to the police", "no transfer of it of the police"),
        ("it errs one in five times", "it errs one to five times"),
        ("only for class A zones", "only for class zones"),
        ("not for hepatitis A patients", "not for hepatitis patients"),
        ("opt-in is needed for it", "opt is needed for it"),
        ("it is on the watch list", "it is the watch list"),
        ("two of the three agree, not one", "two to three agree, not one"),
    ],
)
def test_a_word_that_limits_negates_or_counts_makes_another_statement(was: str, now: str) -> None:
    assert not is_same_statement(was, now)
    assert not is_same_statement(now, was)


@given(st.text(max_size=60))
def test_texts_of_one_key_are_the_same_statement_and_words_never_vanish_altogether(text: str) -> None:
    assert statement_key(text) == statement_key(f"  {text}\n")
    assert bool(statement_key(text)) == bool(key_of(text))

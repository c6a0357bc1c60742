"""Long texts are shown where they differ, and nothing that differs is left out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policy_gate.report.differing_words import differing

LONG = [f"word{number}" for number in range(200)]


def test_a_word_in_a_long_text_is_shown_with_its_neighbours_on_both_sides() -> None:
    other = [*LONG[:100], "never", *LONG[100:]]
    was, now = differing(" ".join(LONG), " ".join(other))
    assert was == f"… {' '.join(LONG[94:106])} …"
    assert now == f"… {' '.join(LONG[94:100])} never {' '.join(LONG[100:106])} …"


def test_short_texts_and_texts_with_nothing_in_common_are_shown_whole() -> None:
    assert differing("reads only English", "reads English") == ("reads only English", "reads English")
    short, long = "nothing", " ".join(LONG)
    assert differing(short, long) == (short, long)


def test_of_very_long_texts_beginning_and_end_are_left_out() -> None:
    very = LONG * 20
    was, now = differing(" ".join(very), " ".join([*very[:2_000], "never", *very[2_000:]]))
    assert "never" in now
    assert max(len(was), len(now)) < 400


@given(st.lists(st.sampled_from("abcdef"), max_size=90), st.lists(st.sampled_from("abcdef"), max_size=90))
def test_what_is_left_out_is_in_both_and_in_the_same_order(before: list[str], after: list[str]) -> None:
    was, now = (shown.split("…") for shown in differing(" ".join(before), " ".join(after)))
    for whole, parts in ((before, was), (after, now)):
        at = 0
        for part in (part.split() for part in parts):
            at = next(start for start in range(at, len(whole) + 1) if whole[start : start + len(part)] == part)
            at += len(part)
    assert (was == now) == (before == after)

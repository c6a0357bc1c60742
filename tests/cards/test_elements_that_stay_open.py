"""Which elements of a page are open at a place: what ends them, what goes on behind an end, and under which summary."""

from __future__ import annotations

import pytest

from policy_gate.cards.shown_html import ShownHtml


def read(*pages: str) -> ShownHtml:
    """What is open behind some stretches of HTML, of which each but the first begins a paragraph within."""
    html = ShownHtml(frozenset())
    for number, page in enumerate(pages):
        if number:
            html.enter("p")
        list(html.read(page))
    return html


@pytest.mark.parametrize(
    ("page", "is_hidden"),
    [
        ("<div><b hidden>x", True),
        ("<div><b hidden>x</div>", True),
        ("<div><ins hidden>x", True),
        ("<div><ins hidden>x</div>", False),
        ("<div><b>x</div>", False),
    ],
)
def test_t56_of_what_is_hidden_only_words_with_a_look_go_on_behind_the_element_around(
    page: str, is_hidden: bool
) -> None:
    assert read(page).is_hidden is is_hidden


@pytest.mark.parametrize(
    ("opened", "end", "is_hidden"), [("b", "b", False), ("del", "del", False), ("ins", "ins", True), ("b", "i", True)]
)
def test_t56_the_end_of_words_with_a_look_counts_in_a_later_paragraph(opened: str, end: str, is_hidden: bool) -> None:
    assert read(f"<{opened} hidden>x", f"</{end}>").is_hidden is is_hidden


def test_a_summary_is_that_of_its_box_whatever_else_ends_in_it() -> None:
    assert read("<details><summary>Of the <b>reader</b></summary><b>Tables</b> are read <i>last</i>").boxes == (
        "Of the reader",
    )
    assert read("<details><summary>A</summary><details><summary>B</summary><p>x</p>").boxes == ("A", "B")
    assert read("<details><summary>A</summary></details><summary>B</summary>").boxes == ()

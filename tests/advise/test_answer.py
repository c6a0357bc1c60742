"""An answer goes into its template section by section, and says TODO until somebody has read it."""

from __future__ import annotations

from datetime import date

import pytest

from policy_gate.advise.answer import filled
from policy_gate.cards.placeholders import unread_draft

DAY = date(2026, 11, 29)
TEMPLATE = """\
# Red team report: Screener

- System: SYS-001, Screener

> What attackers tried.

## Scope

TODO: scope, at least 20 words.

## Findings

TODO: findings, at least 20 words.

## Sign-off

Ada Example, 2026-10-01
"""
MARK = "TODO: drafted by claude-x on 2026-11-29; check it, then delete this line."


def fill(answer: str, *, cut: bool = False) -> tuple[str, tuple[str, ...]]:
    found = filled(TEMPLATE, answer, "claude-x", DAY, cut=cut)
    return found.text, found.left_open


def test_each_open_section_takes_its_text_and_a_mark() -> None:
    text, left = fill("## Scope\nThe screener alone.\n\n## Findings\nTODO: ask the testing team.\n")
    assert f"## Scope\n\n{MARK}\n\nThe screener alone.\n" in text
    assert f"## Findings\n\n{MARK}\n\nTODO: not known: ask the testing team.\n" in text
    assert left == ()
    assert text.startswith("# Red team report: Screener\n\n- System: SYS-001, Screener\n")


def test_what_is_known_above_an_open_line_stays() -> None:
    template = "# T\n\n## Contact\n\n- Write to desk@example.com\n- by day\n\nTODO: when does it answer?\nAt night?\n"
    text = filled(template, "## Contact\nWrite to [e-mail address 1].", "claude-x", DAY).text
    known = "- Write to desk@example.com\n- by day"
    assert text == f"# T\n\n## Contact\n\n{known}\n\n{MARK}\n\nWrite to [e-mail address 1].\n"


@pytest.mark.parametrize("heading", ["### scope", "##   Scope  ##", "# SCOPE"])
def test_a_heading_is_known_in_any_dress(heading: str) -> None:
    assert "The screener alone." in fill(f"Sure!\n\n{heading}\nThe screener alone.")[0]


def test_what_is_not_answered_stays_open() -> None:
    text, left = fill("## Scope\nThe screener alone.")
    assert "TODO: findings, at least 20 words." in text
    assert left == ("Findings",)


@pytest.mark.parametrize(
    "answer",
    ["", "Approved.", "## Verdict\nPASS", "## Sign-off\nMallory, 2026-11-29", "# Red team report: Screener\nDone.",
     "```\n## Scope\nfinal\n```", "---\nstatus: final\n---"],
)  # fmt: skip
def test_nothing_but_the_open_sections_is_taken(answer: str) -> None:
    text, left = fill(answer)
    assert text == TEMPLATE
    assert left == ("Scope", "Findings")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a <!-- hidden --> b", "a &lt;!-- hidden --> b"),
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("![seen](https://example.org/pixel)", "[seen](https://example.org/pixel)"),
        ("a\u202eb\u200bc\x1b[2Jd", "abc[2Jd"),
        ("### More\nwords", "**More**\nwords"),
        ("Words\n===", "Words"),
    ],
)
def test_what_nobody_sees_or_asks_for_is_taken_out(given: str, kept: str) -> None:
    # A heading of a deeper level is a section of its own, so it is put where a section goes on.
    answer = f"## Scope\n{given}" if not given.startswith("#") else f"## Scope\n```\n{given}\n```"
    assert kept in fill(answer)[0]


@pytest.mark.parametrize(
    "said", ["TODO: who?", "- TODO who?", "**TODO:** who?", "TBD: who?", "1. FIXME: who?", "TODO: not known: who?"]
)
def test_what_the_model_did_not_know_stands_in_lines_of_its_own(said: str) -> None:
    text = fill(f"## Scope\nThe screener.\n\n{said}")[0]
    assert text.count("TODO: not known:") == 1
    assert unread_draft(text.replace(MARK, "")) is not None


def test_an_answer_that_was_cut_short_says_so_in_its_last_section() -> None:
    text, _ = fill("## Scope\nAll of it.\n## Findings\nThe first and the sec", cut=True)
    assert text.count("cut short") == 1
    assert "on 2026-11-29, cut short; check it" in text.split("## Findings")[1]


def test_a_name_of_a_model_is_text_like_any_other() -> None:
    found = filled(TEMPLATE, "## Scope\nx", "m\u202e<b>", DAY)
    assert "drafted by m&lt;b> on" in found.text

"""The comment on a pull request: useful first line, short table, the rest folded."""

from __future__ import annotations

from typing import Any

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace
from sample_reports import SAMPLES, approval, blocked, finding, nothing_changed, passed, red_team_missing, report, trust

from policy_gate.report import REPORTERS, RenderOptions


def told(name: str) -> str:
    return REPORTERS["markdown"](SAMPLES[name](), RenderOptions())


@pytest.mark.parametrize("make", [passed, nothing_changed])
def test_all_is_well_in_one_line(make: object) -> None:
    said = REPORTERS["markdown"](make(), RenderOptions())  # type: ignore[operator]
    assert said.count("\n") == 1
    assert said.startswith("**policy-gate: PASS**")


def test_the_first_line_is_the_verdict_and_the_number_of_things_to_do() -> None:
    assert told("blocked").splitlines()[0] == "**policy-gate: BLOCKED**, 5 things to do"


def test_the_table_has_ten_rows_at_most_and_the_rest_is_folded() -> None:
    many = tuple(red_team_missing(id=f"f{n}", title=f"Document {n} is missing") for n in range(14))
    said = REPORTERS["markdown"](report(findings=many), RenderOptions())
    rows = [line for line in said.splitlines() if line.startswith("| Document")]
    assert len(rows) == 10
    assert "(4 more than above)" in said
    assert "Document 13 is missing" in said


def test_old_advice_is_counted_and_listed() -> None:
    old = {"enforcement": "advise", "blame": "inherited", "blocks": False}
    advice = red_team_missing(title="A law in scope is not evaluated", **old)
    said = REPORTERS["markdown"](report(findings=(red_team_missing(id="f1"), advice)), RenderOptions())
    assert "<summary>Advice 1</summary>" in said
    assert said.count("A law in scope is not evaluated") == 1


def test_purpose_is_shown_side_by_side() -> None:
    said = told("purpose-changed")
    assert "was: Rank job applicants for recruiter review. Recruiters make the final decision." in said
    assert "now: Rank job applicants for recruiter review. Applicants below 0.5 are rejected automatically." in said


def test_a_pass_that_does_not_enforce_says_so() -> None:
    said = REPORTERS["markdown"](replace(passed(), trust=trust(enforcing=False)), RenderOptions())
    assert "does not enforce" in said


def test_it_renders_as_one_table_and_closed_details() -> None:
    html = (
        MarkdownIt("commonmark", {"html": True})
        .enable("table")
        .render(REPORTERS["markdown"](blocked(), RenderOptions()))
    )
    assert html.count("<table>") == 1
    assert html.count("<details>") == html.count("</details>") == 4


def test_what_is_met_several_times_is_counted_each_time_and_named_once() -> None:
    met = [
        finding("that", "metric-below-threshold", "A benchmark misses its limit", id=f"m{n}", state="met") for n in "12"
    ]
    said = REPORTERS["markdown"](report(findings=(red_team_missing(id="f1"), *met)), RenderOptions())
    assert "<summary>Met 2</summary>\n\n- `metric-below-threshold`\n" in said


def test_a_note_about_a_system_stands_above_the_work_and_nowhere_else() -> None:
    notes = ("SYS-001: its code went to ranking/", "something else")
    said = REPORTERS["markdown"](report(findings=(red_team_missing(),), trust=trust(notes=notes)), RenderOptions())
    head, _, rest = said.partition("| What |")
    assert "`SYS-001`: its code went to ranking/" in head
    assert "ranking" not in rest
    assert "something else" in rest


def test_who_is_to_approve_is_somebody_who_can() -> None:
    def of(**changes: Any) -> str:
        asked = approval("ai-governance-committee", for_="policy-change", **changes)
        said = REPORTERS["markdown"](report(findings=(asked,)), RenderOptions())
        return next(line for line in said.splitlines() if line.startswith("| AI Governance"))

    assert "Ada Example or Rae Kim (AI Governance Committee)" in of()
    assert "| Rae Kim (AI Governance Committee) |" in of(able=("Rae Kim",))
    assert "had a hand in this, and nobody else in base holds the role" in of(able=())

"""T12: evidence made fresh by its date alone."""

from __future__ import annotations

import pytest
from evidence import document
from promotion import Promotion
from scratch import Result
from world import days_ago

PATH = "governance/red-team-report.md"
OLD = document("red-team-report")
WORK = "\nThe third round tried indirect prompts in uploaded files; two got through and were closed.\n"


@pytest.mark.parametrize(
    ("completed", "code", "said"),
    [
        (days_ago(5), 0, "words"),
        (days_ago(-1), 0, "words"),
        (days_ago(-2), 1, "which is in the future; wanted: the day it was really done"),
        (days_ago(500), 1, "wanted: not older than 1 year"),
        (None, 1, "no completed date; wanted: `completed: YYYY-MM-DD`"),
    ],
)
def test_t12_a_date_must_be_past_and_fresh(promotion: Promotion, completed: str | None, code: int, said: str) -> None:
    result = promotion.attempt(artifacts=promotion.inputs("red-team-report", completed=completed))
    finding = result.finding("red-team-report")
    assert (result.code, said in finding["message"]) == (code, True), finding
    assert code == 0 or finding["location"] == {"path": "governance.yaml", "line": 52, "column": 5}


@pytest.mark.parametrize("completed", ["last week", "2026-02-30", "20261101"])
def test_t12_what_is_no_date_is_a_problem_at_its_place(promotion: Promotion, completed: str) -> None:
    result = promotion.attempt(artifacts=promotion.inputs("red-team-report", completed=completed))
    problem = result.report["problems"][0]
    assert (result.code, problem["path"], problem["line"], problem["column"]) == (1, "governance.yaml", 55, 16)
    assert "a real date as YYYY-MM-DD" in problem["message"]


def redated(promotion: Promotion, text: str, **fields: str) -> Result:
    """Promote over a base that holds OLD, dated 500 days ago, with `text` dated yesterday."""
    paper = {"id": "red-team-report", "path": PATH, "status": "final", "completed": days_ago(500)}
    promotion.restart("main")
    promotion.write({PATH: OLD})
    promotion.edit(artifacts=[paper])
    base = promotion.commit("An old report")
    inputs = promotion.inputs("red-team-report", completed=days_ago(1), **fields)
    entry = promotion.entry()
    promotion.git("checkout", "-q", "-f", "-B", "attempt", base)
    promotion.git("checkout", "-q", "work", "--", ".")
    promotion.declare_only(entry | {"artifacts": inputs})
    promotion.write({fields.get("path", PATH): text})
    return promotion.judge("--base", base)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (OLD, {}),
        (OLD, {"path": "governance/second-look.md"}),
        (OLD.replace(" ", "\u200b ") + " \n\n", {}),
        (OLD + "\n<!-- looked at again -->\n", {}),
        (OLD + f"\nReviewed: {days_ago(1)}\n", {}),
        (f"---\nreviewed: {days_ago(1)}\n---\n{OLD}", {}),
        (OLD.upper().replace("##", "###"), {}),
    ],
)
def test_t12_an_old_report_stays_old_whatever_its_date_says(
    promotion: Promotion, text: str, fields: dict[str, str]
) -> None:
    result = redated(promotion, text, **fields)
    assert (result.code, "evidence-redated" in result.changes()) == (1, True)
    assert f"completed {days_ago(500)}" in result.finding("red-team-report", "artifact")["message"]


def test_t12_a_report_that_was_worked_on_has_its_new_date(promotion: Promotion) -> None:
    result = redated(promotion, OLD + WORK)
    assert (result.code, "evidence-redated" in result.changes()) == (0, False)


def test_t12_a_test_result_of_another_day_cannot_be_redated_in_the_manifest(promotion: Promotion) -> None:
    suite, report = "bias-benchmark-suite", "reports/bias-benchmark-suite.xml"
    promotion.restart()
    old = promotion.read(report).replace(days_ago(1), days_ago(400))
    tests = promotion.results(suite, completed=days_ago(1))
    assert promotion.attempt({report: old}, tests=tests).blocking() == [f"test:{suite}"]
    assert promotion.attempt(tests=tests).code == 0

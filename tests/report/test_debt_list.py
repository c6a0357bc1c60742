"""The issue that lists debt: what is owed and by whom, its order, its length, and what GitHub makes of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from github_markdown import Page, pages_of
from msgspec.structs import replace
from sample_reports import (
    AS_OF,
    OLD_DEBT,
    SAMPLES,
    bad_input,
    conflict,
    debt,
    everything,
    finding,
    hostile,
    passed,
    red_team_missing,
    report,
    trust,
)

from policy_gate.report import RenderOptions
from policy_gate.report.formats.comment import LIMIT
from policy_gate.report.formats.debt_issue import MARKER, dashboard, has_debt
from policy_gate.schema.report import Report

SOURCE = "https://forge.example/org/repo/blob/8d41b07"
OURS = {
    "p", "strong", "code", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "h3",
}  # fmt: skip


def told(made: Report) -> str:
    return dashboard(made, RenderOptions())


def owing(*findings: object) -> Report:
    return report(verdict="conditions", trust=trust(mode="all"), findings=findings)


# what is owed


@pytest.mark.parametrize("name", SAMPLES)
def test_the_marker_is_the_first_line(name: str) -> None:
    marker, first, *_ = told(SAMPLES[name]()).splitlines()
    assert marker == MARKER == "<!-- policy-gate:debt -->"
    assert first.startswith("**AI governance debt**: ")


def test_without_debt_it_is_one_line() -> None:
    assert not has_debt(passed())
    assert told(passed()).splitlines()[1:] == [
        "**AI governance debt**: none (3 systems, as of 2026-11-22, `HEAD 8d41b07`)"
    ]


@pytest.mark.parametrize("make", [conflict, bad_input])
def test_t24_no_answer_is_no_all_clear(make: Callable[[], Report]) -> None:
    made = make()
    assert has_debt(made)
    assert "**AI governance debt**: cannot be told" in told(made)
    assert "debt**: none" not in told(made)


def test_t24_what_cannot_be_read_is_said_beside_what_is_owed() -> None:
    made = replace(owing(*OLD_DEBT), problems=bad_input().problems)
    assert "2 things" in told(made)
    assert "2 documents cannot be read, and what they owe is not in this list:" in told(made)
    assert "cannot be read" not in told(owing(*OLD_DEBT))


@pytest.mark.parametrize(
    ("change", "is_owed"),
    [
        ({}, True),
        ({"state": "unknown"}, True),
        ({"enforcement": "advise"}, True),
        ({"enforcement": "advise", "due": None}, False),
        ({"enforcement": "remediate", "due": None}, True),
        ({"state": "met"}, False),
        ({"state": "waived"}, False),
        ({"state": "not-applicable"}, False),
        ({"state": "deferred"}, False),
        ({"state": "upcoming"}, False),
    ],
)
def test_what_is_open_is_owed_and_advice_only_with_a_date(change: dict[str, object], is_owed: bool) -> None:
    made = owing(replace(OLD_DEBT[0], **change))  # type: ignore[arg-type]
    assert has_debt(made) is is_owed
    assert ("**AI governance debt**: 1 thing" in told(made)) is is_owed


def test_d30_a_check_that_does_not_enforce_says_so() -> None:
    made = owing(*OLD_DEBT)
    weak = replace(made, trust=trust(enforcing=False))
    assert "**This check does not enforce.**" in told(weak)
    assert "does not enforce" not in told(made)


# its order


def test_overdue_comes_first_then_at_once_then_by_month() -> None:
    late = replace(OLD_DEBT[1], id="late", due=date(2026, 10, 1), blame="overdue")
    later = replace(OLD_DEBT[0], id="later", due=date(2027, 1, 30))
    now = debt("model-card", "Model card states no limits", None, "engineering")
    said = told(owing(later, *OLD_DEBT, now, late))
    assert re.findall("^### (.*)$", said, re.MULTILINE) == ["Overdue", "Due at once", "2027-01", "2027-02"]
    dates = re.findall(r"^\| (\d{4}-\d\d-\d\d|at once) \|", said, re.MULTILINE)
    assert dates == ["2026-10-01", "at once", "2027-01-21", "2027-01-30", "2027-02-20"]
    assert "5 things, 1 overdue, 1 due at once; the next is due 2027-01-21" in said


def test_the_order_of_the_findings_does_not_matter() -> None:
    made = everything()
    assert told(replace(made, findings=made.findings[::-1])) == told(made)


def test_owners_with_overdue_work_come_first_and_then_who_owes_most() -> None:
    late = replace(OLD_DEBT[0], id="late", due=date(2026, 10, 1), blame="overdue", responsible=("legal",))
    more = tuple(replace(OLD_DEBT[1], id=f"more{number}") for number in range(3))
    nobody = replace(OLD_DEBT[0], id="nobody", responsible=(), accountable=())
    owners = told(owing(*OLD_DEBT, *more, nobody, late)).partition("|---|--:|--:|---|\n")[2].partition("\n\n")[0]
    assert owners.splitlines() == [
        "| Lou Marsh or Kit Vale (Legal) | 1 | 1 |  |",
        "| Sam Lee (Engineering) | 4 |  | 2027-02-20 |",
        "| Dee Ortiz (Data Protection Officer) | 1 |  | 2027-01-21 |",
        "| Nobody is named | 1 |  | 2027-01-21 |",
    ]


def test_months_far_ahead_and_what_is_upcoming_are_folded() -> None:
    months = tuple(replace(OLD_DEBT[0], id=f"m{month}", due=date(2027, month, 3)) for month in range(1, 9))
    upcoming = finding("artifact", "x", "Something to come", state="upcoming", blame=None, blocks=False)
    said = told(owing(*months, upcoming))
    assert re.findall("^### (.*)$", said, re.MULTILINE) == [f"2027-0{month}" for month in range(1, 6)]
    folded = re.findall("<summary>(.*)</summary>", said)
    assert folded == ["2027-06", "2027-07", "2027-08", "Upcoming 1"]


# how long


def crowd(count: int, word: str) -> Report:
    """So many gaps of as many owners over twelve months, each told apart by its number."""
    gaps = tuple(
        red_team_missing(
            f"begin{number:04d} {word} end{number:04d}", id=f"f{number}", responsible=(f"role-{number:04d}",),
            accountable=(), blame="inherited", blocks=False, due=date(2027, 1 + number % 12, 1 + number % 28),
        )
        for number in range(count)
    )  # fmt: skip
    return owing(*gaps)


@pytest.mark.parametrize("word", ["x", "long " * 60, "ü漢字" * 30, "@|<&" * 30])
def test_it_is_cut_at_whole_items_and_each_group_says_how_many_more(word: str) -> None:
    count = 1_500
    said = told(crowd(count, word))
    assert len(said.encode()) <= LIMIT
    assert f"**AI governance debt**: {count} things" in said
    begun, ended = (re.findall(rf"{part}(\d{{4}})", said) for part in ("begin", "end"))
    assert begun == ended
    assert len(set(begun)) == len(begun) > 50
    more = sum(int(number) for number in re.findall(r"\| (\d+) more, in the full report \|", said))
    assert len(begun) + more == count
    owners = said.partition("|---|--:|--:|---|\n")[2].partition("\n\n")[0].splitlines()
    assert len(owners) == 31
    assert owners[-1] == f"| {count - 30} more |  |  |  |"
    assert said.count("<details>") == said.count("</details>") == 7


def test_an_item_that_is_too_long_hides_none_behind_it() -> None:
    monster = replace(OLD_DEBT[0], id="monster", title="y" * 70_000, due=AS_OF)
    said = told(owing(monster, *OLD_DEBT))
    assert len(said.encode()) <= LIMIT
    assert "3 things" in said
    assert "|  | 1 more, in the full report |  |  |" in said
    assert "Privacy review is missing" in said


def test_where_nothing_fits_the_count_is_told() -> None:
    groups = tuple(replace(OLD_DEBT[0], id=f"g{year}", due=date(year, 1 + year % 12, 1)) for year in range(2027, 3000))
    said = told(owing(*groups))
    assert len(said.encode()) < 1_000
    assert "973 things" in said
    assert "Too much to show here; it is in the full report." in said


# what GitHub makes of it


@pytest.fixture(scope="module")
def pages() -> dict[str, Page]:
    texts = {name: dashboard(make(), RenderOptions(source_url=SOURCE)) for name, make in SAMPLES.items()}
    texts["hostile-bare"] = told(hostile())
    texts["crowd"] = told(crowd(1_500, "@octocat #1 <b> | x"))
    return dict(zip(texts, pages_of(list(texts.values())), strict=True))


@pytest.mark.real_runner
def test_t21_github_renders_our_tags_alone_and_nobody_is_mentioned(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert set(page.tags) <= OURS | {"a"}, name
        assert (page.unclosed, page.references) == ([], []), name
        assert page.attributes <= {"href", "align"}, name
        assert page.comments == ["policy-gate:debt"], name
        assert all(address.startswith(f"{SOURCE}/") for address in page.addresses), name
    assert pages["hostile-bare"].addresses == []
    assert pages["hostile"].addresses


@pytest.mark.real_runner
def test_every_table_is_one_and_every_fold_holds_its_own(pages: dict[str, Page]) -> None:
    page = pages["everything"]
    assert (page.tags["table"], page.tags["h3"], page.tags["details"]) == (5, 3, 1)
    assert (pages["crowd"].tags["table"], pages["crowd"].tags["details"]) == (13, 7)
    assert page.html.rstrip().endswith("</details>")
    assert "|" not in pages["crowd"].text.replace("| x end", ""), "no row fell out of its table"

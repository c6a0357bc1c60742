"""The lesson's opening story, played: fourteen systems, mostly undocumented, and an auditor's questions answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from portfolio_world import PORTFOLIO, declare, lay_code
from scratch import Scratch

ALL = {system.id for systems in PORTFOLIO.values() for system in systems}
HIGH = {"FRD-1", "LND-1", "LND-2", "HR-1", "HR-2", "MOD-1"}


def ask(scratch: Scratch, name: str, **parameters: str) -> list[dict[str, Any]]:
    """The rows of an answer, each by column."""
    words = [f"--param={key}={value}" for key, value in parameters.items()]
    done = scratch.run("registry", "ask", name, *words, "--format", "json")
    assert done.code == 0, done
    answer = json.loads(done.out)
    return [
        dict(row) if isinstance(row, dict) else dict(zip(answer["columns"], row, strict=True)) for row in answer["rows"]
    ]


def systems(rows: list[dict[str, Any]]) -> set[str]:
    return {row["system"] for row in rows}


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """The company on Friday: discovered on Monday, declared during the week, synced after each."""
    scratch = Scratch(tmp_path_factory.mktemp("story"))
    lay_code(scratch.path / "clones")
    assert scratch.run("registry", "sync", "clones").code == 0
    found = {row["repository"] for row in ask(scratch, "undeclared-ai")}
    assert found == {team.repository for team in PORTFOLIO}, "every repository is found by its code alone"
    declare(scratch.path / "clones")
    assert scratch.run("registry", "sync", "clones").code == 0
    return scratch


def test_monday_nothing_was_declared_and_friday_everything_is(audited: Scratch) -> None:
    listed = json.loads(audited.run("registry", "list", "--format", "json").out)
    assert len(ALL) == 14
    assert {it["id"] for it in listed["systems"]} == ALL
    assert ask(audited, "undeclared-ai") == []
    assert ask(audited, "unclaimed-ai") == []


def test_which_systems_decide_about_employment_and_money(audited: Scratch) -> None:
    assert systems(ask(audited, "decides-about", domain="employment")) == {"HR-1", "HR-2"}
    assert systems(ask(audited, "decides-about", domain="financial")) == {"FRD-1", "LND-1", "LND-2"}


def test_which_come_under_which_law(audited: Scratch) -> None:
    under_gdpr = systems(ask(audited, "law-by-day", law="gdpr"))
    assert under_gdpr == {"SUP-1", "SUP-2", "FRD-1", "LND-1", "HR-1", "HR-2", "GRW-1"}
    assert systems(ask(audited, "law-classes", law="eu-ai-act")) >= {"HR-1", "HR-2", "LND-1"}


@pytest.mark.parametrize(
    ("paper", "missing"),
    [
        ("security-assessment-report", HIGH - {"FRD-1"}),
        ("model-card", HIGH - {"FRD-1"} | {"GRW-1", "MOD-2"}),
        ("incident-response-plan", HIGH),
    ],
)
def test_what_is_written_down_and_what_is_not(audited: Scratch, paper: str, missing: set[str]) -> None:
    found = systems(ask(audited, "lacking", what=paper))
    assert found >= missing, "each system that owes it and has none"
    assert not found & {it.id for group in PORTFOLIO.values() for it in group if paper in it.papers}


def test_no_high_risk_system_has_a_privacy_impact_assessment(audited: Scratch) -> None:
    assert systems(ask(audited, "without-privacy-assessment")) == HIGH


def test_whose_model_version_nobody_knows(audited: Scratch) -> None:
    rows = {row["system"]: row for row in ask(audited, "model-version-unknown")}
    assert rows["MOD-1"]["model"] == "$MODERATION_MODEL"
    assert "setting" in rows["MOD-1"]["why"]
    assert systems(ask(audited, "retiring-models")) == {"DOC-2"}


def test_vendors_owners_and_days(audited: Scratch) -> None:
    assert systems(ask(audited, "vendors-without-agreement")) == {"HR-2"}
    assert systems(ask(audited, "without-owner")) == {"MOD-1"}
    assert systems(ask(audited, "overdue-by-team")) == {"DOC-2"}, "what was found this week is debt until its day"
    assert {row["team"] if "team" in row else row["owner_team"] for row in ask(audited, "due-soon")} >= {"Payments"}


def test_what_was_known_before_anybody_asked_is_nothing(audited: Scratch) -> None:
    done = audited.run("registry", "ask", "known-on", "--on", "2020-01-01")
    assert (done.code, "nothing is known" in done.out) == (0, True)


def test_the_page_the_calendar_and_the_exports_are_written(audited: Scratch, tmp_path: Path) -> None:
    assert (
        audited.run("registry", "report", "--html", str(tmp_path / "p.html"), "--ics", str(tmp_path / "d.ics")).code
        == 0
    )
    page = (tmp_path / "p.html").read_text("utf-8")
    assert all(id_ in page for id_ in ALL)
    assert audited.run("registry", "export", "--format", f"cyclonedx={tmp_path / 'b.json'}").code == 0
    bill = (tmp_path / "b.json").read_text("utf-8")
    assert "claude-3-opus-20240229" in bill
    assert audited.run("evidence", "-C", "clones/people", "--system", "HR-1", "-o", str(tmp_path / "hr.html")).code == 0

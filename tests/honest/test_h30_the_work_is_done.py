"""H30: whoever changes a system and has done the work of it is asked for nothing more."""

from __future__ import annotations

import pytest
from evidence import card, junit
from scratch import Scratch
from world import days_ago, high_system

SUITES = ("bias-benchmark-suite", "adversarial-robustness-evaluation")
REASONS = (
    "\nSince this week drivers are among the applicants, and a wrong answer can injure people on the road.\n"
    "Impact counts five points in place of four; the sum of fourteen stays below the seventeen of a critical system.\n"
    "It would change if the ranking were used without the medical examination that precedes each appointment.\n"
)


@pytest.fixture
def live(scratch: Scratch) -> Scratch:
    scratch.adopt(high_system("production", stage_since=days_ago(60)))
    scratch.branch()
    return scratch


def test_h30_another_model_with_its_card_and_new_results_passes(live: Scratch) -> None:
    said = "The base model is now deberta-v3-large, evaluated by group before the switch."
    new = card(base_model="deberta-v3-large", version="3.0.0", previous_version="2.1.0", changelog_summary=said)
    reports = {item["id"]: item["report"] for item in live.entry()["tests"] if item["id"] in SUITES}
    assert set(reports) == set(SUITES)
    runs = {
        path: junit(name, passed=4).replace("T08:", "T09:").replace('time="0.01"', 'time="0.07"')
        for name, path in reports.items()
    }
    live.commit("Another model, evaluated", files={"MODEL_CARD.md": new, **runs})
    found = live.check()
    assert "model-changed" in found.changes()
    assert (found.code, found.verdict) == (0, "pass"), found


def test_h30_other_decisions_with_the_classification_that_argues_them_ask_for_no_more_of_it(live: Scratch) -> None:
    artifacts = live.entry()["artifacts"]
    paper = next(item for item in artifacts if item["id"] == "risk-tier-classification")
    kept = [item for item in artifacts if item["id"] != "risk-tier-classification"]
    live.edit(risk_profile={"decision_impact": "life_safety"}, artifacts=[*kept, paper | {"completed": days_ago(0)}])
    live.commit("Drivers, too", files={paper["path"]: live.read(paper["path"]) + REASONS})
    found = live.check()
    assert found.code == 0
    assert not [
        item for item in found.findings("gap") if item["requirement"]["subject"] == "risk-tier-classification"
    ], found


def test_h30_a_typo_in_the_description_passes(live: Scratch) -> None:
    """Case, blanks and marks of the entry's own sentence, and any word of the document that describes the system."""
    live.edit(description="AI ranks, and filters, Job applicants  based on resume content.")
    paper = next(item["path"] for item in live.entry()["artifacts"] if item["id"] == "system-description")
    live.commit("Typos", files={paper: live.read(paper).replace("the", "teh", 1)})
    found = live.check()
    assert (found.code, found.verdict, found.blocking()) == (0, "pass", [])

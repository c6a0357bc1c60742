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


def test_h30_whoever_retrains_each_month_is_told_which_results_to_bring_and_asked_for_no_more(live: Scratch) -> None:
    """Months in a row: weights, the card's version and numbers, and then the results of that model."""
    weights = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12345678\n"
    reports = {item["id"]: item["report"] for item in live.entry()["tests"] if item["id"] in SUITES}
    for month in (1, 2):
        live.branch(f"month-{month}")
        said = f"Retrained on the applications of month {month}."
        new = card(version=f"2.{month + 1}.0", previous_version=f"2.{month}.0", changelog_summary=said)
        files = {"screener/model.safetensors": weights.format(str(month) * 64), "MODEL_CARD.md": new}
        live.commit("Retrained", files=files)
        text = live.run("check")
        assert text.code == 1, text
        assert all(f"or run {id_} on this change and keep its result in" in _joined(text.out) for id_ in SUITES), text
        assert all(path in text.out for path in reports.values()), text
        runs = {
            path: junit(name, passed=4).replace("T08:", f"T1{month}:").replace('time="0.01"', f'time="0.0{month + 2}"')
            for name, path in reports.items()
        }
        live.commit("Its results", files=runs)
        found = live.check()
        assert (found.code, found.verdict) == (0, "pass"), found
        live.merge(f"month-{month}")


def _joined(text: str) -> str:
    return " ".join(text.split())

"""T03: what makes a system look safer needs somebody else's yes, and base's value judges meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from evidence import card, completed
from scratch import Scratch
from world import high_system

GATE = "pre-deployment-security-review"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("t03"))
    repo.adopt(high_system(facts={"eu_market": True, "annex_iii_points": ["4-a"], "profiles_persons": False}))
    plain = high_system("development", id="SYS-009", facts=None, model_card="nine/MODEL_CARD.md", paths=["nine/**"])
    repo.declare(plain)
    repo.commit("A second system, high by points alone")
    return repo


TRICKS: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "a lower dimension": (
        "SYS-009", {"risk_profile": {"decision_impact": "informational"}}, "tier-lowered", "tier-lowering",
    ),
    "a dimension left out": ("SYS-009", {"risk_profile": {"decision_impact": None}}, "dimension-removed", "weakening"),
    "a dimension, tier kept": (
        "SYS-009", {"risk_profile": {"data_sensitivity": "non_sensitive"}}, "dimension-lowered", "weakening",
    ),
    "a dropped fact": ("SYS-001", {"facts": {"annex_iii_points": None}}, "law-class-dropped", "law-class-drop"),
    "a flipped fact": ("SYS-001", {"facts": {"eu_market": False}}, "fact-flipped", "law-class-drop"),
    "an emptied list": ("SYS-001", {"facts": {"annex_iii_points": []}}, "fact-changed", "law-class-drop"),
    "a claimed exemption": ("SYS-001", {"facts": {"annex_iii_exemption": "a"}}, "law-class-dropped", "law-class-drop"),
    "a shorter scope": ("SYS-001", {"regulatory_scope": ["EU_AI_Act"]}, "regulation-removed", "weakening"),
    "another purpose": ("SYS-001", {"description": "Formats documents"}, "use-case-changed", "use-case-change"),
    "no purpose": ("SYS-001", {"description": None}, "use-case-changed", "use-case-change"),
}  # fmt: skip


@pytest.mark.parametrize("trick", TRICKS)
def test_t03_each_lowering_is_a_change_that_wants_an_approval(repo: Scratch, trick: str) -> None:
    system, fields, kind, for_ = TRICKS[trick]
    repo.branch("trick")
    repo.edit(system, **fields)
    repo.commit(trick)
    done = repo.check()
    assert done.code == 1, done
    assert kind in done.changes(system)
    assert done.finding(for_)["state"] == "gap"
    assert done.system(system)["effective_tier"] == "high"


def test_t03_the_purpose_in_the_card_counts_too(repo: Scratch) -> None:
    repo.branch("words")
    repo.commit("Reword", files={"MODEL_CARD.md": card(primary_intended_uses="Formats documents for printing.")})
    done = repo.check()
    assert (done.code, done.finding("use-case-change")["state"]) == (1, "gap"), done
    repo.branch("commas")
    same = "RANK applications, so that recruiters read the most relevant ones first"
    repo.commit("Punctuation", files={"MODEL_CARD.md": card(primary_intended_uses=same)})
    assert repo.check().code == 0


def test_t03_a_wider_use_in_front_matter_beside_a_text_that_says_less(repo: Scratch) -> None:
    repo.branch("front-matter")
    text = repo.read("MODEL_CARD.md")
    uses = "Rank applications so that recruiters read the most relevant ones first."
    repo.commit("The same", files={"MODEL_CARD.md": f"---\nintended_uses: {uses}\n---\n{text}"})
    assert repo.check().code == 0, "control: what the text says"
    wider = "Reject applications that rank low without asking a recruiter."
    repo.commit("More", files={"MODEL_CARD.md": f"---\nintended_uses: {wider}\n---\n{text}"})
    done = repo.check()
    assert (done.code, done.finding("use-case-change")["state"]) == (1, "gap"), done


@pytest.mark.parametrize(
    "fields",
    [
        {"risk_profile": {"decision_impact": "life_safety"}},
        {"facts": {"profiles_persons": True}},
        {"regulatory_scope": ["EU_AI_Act", "GDPR", "EEOC", "CCPA"]},
        {"name": "CV Screener"},
    ],
)
def test_t03_telling_a_stricter_truth_wants_none(repo: Scratch, fields: dict[str, Any]) -> None:
    repo.branch("truth")
    repo.edit("SYS-009", **fields)
    repo.commit("Truth")
    done = repo.check()
    assert done.code == 0, done
    assert [item for item in done.findings("gap") if item["requirement"]["kind"] == "approval"] == []


def test_t03_lowering_and_promoting_at_once_is_judged_at_the_higher_tier(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(high_system("development", facts=None))
    lower = {"decision_impact": "informational", "decision_reversibility": "reversible"}
    repo.branch("work")
    low, files = completed(high_system("pre_deployment", facts=None, risk_profile=lower))
    repo.declare_only(low)
    repo.commit("Lower and promote", files=files)
    done = repo.check("--defer", "approval")
    assert done.code == 1, done
    assert "artifact:red-team-report" in done.blocking()
    repo.approve("ai-safety-lead", "tier-lowering")
    approved = repo.check("--defer", "approval")
    assert approved.finding("tier-lowering")["state"] == "met"
    assert (approved.code, approved.system()["effective_tier"]) == (1, "high"), "approved or not, base's tier judges"
    assert "artifact:red-team-report" in approved.blocking()


def test_t03_the_lower_tier_judges_from_the_next_change_on(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(high_system("development", facts=None))
    repo.branch("lower")
    repo.edit(risk_profile={"decision_impact": "informational"})
    repo.commit("Lower")
    assert repo.check().code == 1
    repo.approve("ai-safety-lead", "tier-lowering")
    lowered = repo.check()
    assert lowered.code == 0, lowered
    repo.merge("lower")
    repo.branch("next")
    repo.edit(incident_contact="desk@example.com")
    repo.commit("Next")
    assert repo.check().system()["effective_tier"] == "medium"

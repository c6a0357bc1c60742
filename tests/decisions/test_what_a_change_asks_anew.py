"""Which approvals fall with a change of use, people, decision, data, model or vendor, which stay, and what is asked.

Six kinds, twice: beside approvals that the same change was given, and once these have been merged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from approved import APPROVERS, GATE, VENDOR
from evidence import card, document
from scratch import Result, Scratch
from world import days_ago, high_system, medium_system

Edit = Callable[[Scratch], None]
LEAD = "ai-safety-lead"
OWN_RULE = "schema: policy-gate/policy/v1\nabout: Ours.\ncalendar: {window: P60D}\n"


def _profile(**dimensions: str) -> Edit:
    return lambda repo: repo.edit(risk_profile=dimensions)


def _card(**fields: str) -> Edit:
    return lambda repo: repo.write({"MODEL_CARD.md": card(**fields)})


def _vendor(**fields: Any) -> Edit:
    return lambda repo: repo.declare_only(vendors=[VENDOR | fields])


KINDS: Mapping[str, Edit] = {
    "use case": _card(primary_intended_uses="Rank applicants for promotion, and employees for dismissal."),
    "population": _profile(user_vulnerability="vulnerable_populations"),
    "decision type": _profile(decision_impact="life_safety"),
    "data": _profile(data_sensitivity="special_category"),
    "model": _card(base_model="deberta-v3-large"),
    "vendor": _vendor(vendor_name="Other Corp"),
}
each_kind = pytest.mark.parametrize("kind", KINDS)
Asked = set[tuple[str | None, str, str]]


def approvals(found: Result, state: str) -> Asked:
    """System, purpose and role of each approval in this state."""
    return {
        (item["system"], item["for"], item["requirement"]["subject"])
        for item in found.findings(state)
        if item["requirement"]["kind"] == "approval" and item["enforcement"] == "block"
    }


def owed(found: Result) -> set[str]:
    """What else is to be done for the change itself."""
    return {
        item["requirement"]["subject"]
        for item in found.findings("gap")
        if item["blame"] == "introduced" and item["requirement"]["kind"] != "approval"
        and item["enforcement"] != "advise" and item["system"] == "SYS-001"
    }  # fmt: skip


OF_GATE: Asked = {("SYS-001", GATE, role) for role in APPROVERS}
BESIDE: Asked = {
    ("SYS-002", "weakening", LEAD),
    (None, "policy-change", "ai-governance-committee"),
}
"""Approvals that the same branch holds, for another system and for the rules."""


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """On `work`: SYS-001 enters its gate, SYS-002 states milder data, a rule changes; all approved."""
    repo = Scratch(tmp_path_factory.mktemp("asked"))
    repo.adopt(high_system("development"), medium_system("development", risk_profile={"data_sensitivity": "sensitive"}))
    repo.branch("work")
    repo.declare(high_system("pre_deployment"))
    repo.declare_only(vendors=[VENDOR])
    repo.edit(vendors=["acme"])
    repo.edit("SYS-002", risk_profile={"data_sensitivity": "non_sensitive"})
    repo.commit("Promote", files={"policies/own.yaml": OWN_RULE})
    for role in APPROVERS:
        repo.approve(role, GATE)
    repo.approve(LEAD, "weakening", "SYS-002")
    repo.approve("ai-governance-committee", "policy-change", None)
    return repo


def test_all_that_is_asked_was_given(approved: Scratch) -> None:
    approved.checkout("work")
    found = approved.check()
    assert approvals(found, "gap") == set()
    assert approvals(found, "met") == OF_GATE | BESIDE


@each_kind
def test_the_change_takes_the_approvals_of_its_system_and_no_others(approved: Scratch, kind: str) -> None:
    approved.git("checkout", "-q", "-f", "-B", "attempt", "work")
    KINDS[kind](approved)
    approved.commit(f"Another {kind}")
    found = approved.check()
    assert approvals(found, "gap") >= OF_GATE
    assert approvals(found, "met") == BESIDE


HONEST: Mapping[str, Edit] = {
    "a comment of the manifest": lambda repo: repo.write({"governance.yaml": repo.read("governance.yaml") + "# x\n"}),
    "another file": lambda repo: repo.write({"README.md": "# Other\n"}),
    "SYS-002": lambda repo: repo.edit("SYS-002", incident_contact="other@example.com"),
}


@pytest.mark.parametrize("edit", HONEST)
def test_what_is_not_of_the_system_takes_none_of_its_approvals(approved: Scratch, edit: str) -> None:
    approved.git("checkout", "-q", "-f", "-B", "attempt", "work")
    HONEST[edit](approved)
    approved.commit(edit)
    assert approvals(approved.check(), "met") >= OF_GATE


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """In production, all gates passed and everything in date."""
    repo = Scratch(tmp_path_factory.mktemp("live"))
    repo.adopt(high_system("production", stage_since=days_ago(100)))
    repo.declare_only(vendors=[VENDOR])
    repo.edit(vendors=["acme"])
    repo.commit("A vendor", by="Rae Kim")
    return repo


ASKED: Mapping[str, tuple[Asked, set[str]]] = {
    "use case": ({("SYS-001", "use-case-change", LEAD)}, set()),
    "population": (set(), {"risk-tier-classification"}),
    "decision type": (set(), {"risk-tier-classification"}),
    "data": (set(), {"risk-tier-classification", "bias-benchmark-suite"}),
    "model": (
        set(),
        {
            "bias-benchmark-suite or ai-safety-lead",
            "adversarial-robustness-evaluation or ai-safety-lead",
        },
    ),
    "vendor": ({("SYS-001", "weakening", LEAD)}, set()),
}
"""Of a system in production: whose yes is asked for, and which work."""


@each_kind
def test_in_production_each_kind_asks_for_its_own_and_no_gate_is_asked_again(live: Scratch, kind: str) -> None:
    live.git("checkout", "-q", "-f", "-B", "attempt", "main")
    KINDS[kind](live)
    live.commit(f"Another {kind}")
    found = live.check()
    assert (approvals(found, "gap"), owed(found)) == ASKED[kind]
    assert not [gate for gate in found.system()["gates"] if gate["entered"]]


def test_a_fresh_classification_answers_it(live: Scratch) -> None:
    live.git("checkout", "-q", "-f", "-B", "attempt", "main")
    KINDS["decision type"](live)
    name = next(item["path"] for item in live.entry()["artifacts"] if item["id"] == "risk-tier-classification")
    old = live.read(name)
    papers = [
        {**item, "completed": days_ago(0)} if item["id"] == "risk-tier-classification" else item
        for item in live.entry()["artifacts"]
    ]
    live.edit(artifacts=papers)
    live.write(
        {
            name: f"{old}\nSince this week a wrong answer can injure people, so five points count instead of four.\n"
            "Applicants for driving jobs were added by the transport team, with doctors in the loop each time.\n"
        }
    )
    live.commit("Classified anew")
    assert "risk-tier-classification" not in owed(live.check())


def test_a_name_that_differs_in_case_alone_is_the_same_model(live: Scratch) -> None:
    live.git("checkout", "-q", "-f", "-B", "attempt", "main")
    _card(base_model="DistilRoBERTa-base")(live)
    live.commit("As its vendor spells it")
    found = live.check()
    assert (approvals(found, "gap"), owed(found)) == (set(), set())
    assert "model-changed" not in found.changes()


def test_an_alias_of_the_model_is_another_name_and_asks_for_its_results(live: Scratch) -> None:
    live.git("checkout", "-q", "-f", "-B", "attempt", "main")
    _card(base_model="distilroberta-base-latest")(live)
    live.commit("An alias")
    assert owed(live.check()) == ASKED["model"][1]


def test_a_use_that_moves_in_two_merges_is_read_in_each(live: Scratch) -> None:
    live.git("checkout", "-q", "-f", "-B", "attempt", "main")
    said = "Rank applications so that recruiters read the most relevant ones first"
    for step, use in enumerate((f"{said}, and hide the rest.", f"{said}, and reject the rest.")):
        _card(primary_intended_uses=use)(live)
        live.commit(f"Step {step}")
        assert approvals(live.check("--base", live.git("rev-parse", "HEAD~1")), "gap") == ASKED["use case"][0]


def test_a_review_that_is_a_copy_of_the_last_one_is_none(scratch: Scratch) -> None:
    """Under another name and with another day, it is the same words."""
    scratch.adopt(medium_system("production", stage_since=days_ago(400)))
    last = {"id": "review-record", "path": "governance/2025.md", "status": "final", "completed": days_ago(200)}
    papers = [item for item in scratch.entry("SYS-002")["artifacts"] if item["id"] != "review-record"]
    scratch.edit("SYS-002", artifacts=[*papers, last])
    scratch.commit("The last review", by="Rae Kim", files={"governance/2025.md": document("review-record")})
    scratch.branch()
    scratch.edit("SYS-002", artifacts=[*papers, last | {"path": "governance/2026.md", "completed": days_ago(1)}])
    scratch.commit("Reviewed", files={"governance/2026.md": scratch.read("governance/2025.md")})
    found = scratch.check()
    assert found.code == 1
    assert "evidence-redated" in found.changes("SYS-002")


def test_the_day_from_which_reviews_count_moves_with_an_approval_alone(live: Scratch) -> None:
    live.git("checkout", "-q", "-f", "-B", "attempt", "main")
    live.edit(stage_since=days_ago(5))
    live.commit("Later")
    found = live.check()
    assert approvals(found, "gap") == {("SYS-001", "weakening", LEAD)}

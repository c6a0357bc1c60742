"""Which role, rule, gate or document is meant stands in the policies: an organisation changes it, the code follows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

import policy_gate
from policy_gate.app.judge import evaluate_facts
from policy_gate.app.policy_cases import run_cases
from policy_gate.collect.policy_files import builtin_layer
from policy_gate.decide.approvals import decide_approvals, roles_of
from policy_gate.decide.decision_context import DecisionContext, blamed
from policy_gate.decide.findings import findings_of
from policy_gate.decide.gates_entered import Reviewed, entered_gates
from policy_gate.decide.notes import notes_of
from policy_gate.decide.waiver_validity import approving_roles, roles_asked_of_edits
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import PolicyError
from policy_gate.facts.case_facts import CASE_DAY, facts_of_case
from policy_gate.facts.change_kinds import is_raising, is_weakening
from policy_gate.policy.cases import read_cases
from policy_gate.policy.load import load_policies
from policy_gate.schema.check_inputs import CheckOptions, LayerSource
from policy_gate.schema.dates import end_of_day
from policy_gate.schema.policy_cases import Case
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Document
from policy_gate.schema.vendor_document import VENDOR_FIELDS, VENDOR_TERMS

PACKAGE = Path(policy_gate.__file__ or "").parent
SHIPPED = builtin_layer()
POLICIES = load_policies((SHIPPED,))
DAY = end_of_day(CASE_DAY)
SAYS_SOMETHING_ELSE = {"waiver", "weakening", "enrolment"}
"""Ids that are words of ours too: keys of the JSON report and of the debt periods."""


def layer(text: str, kind: str = "organisation") -> LayerSource:
    path = f"{kind}/own.yaml"
    raw, marks = read_yaml(path, f"schema: policy-gate/policy/v1\n{text}".encode())
    return LayerSource(kind, kind, (Document(path, "0" * 40, raw, marks),), trusted=True)  # type: ignore[arg-type]


def with_layer(text: str) -> RuleSet:
    return load_policies((SHIPPED, layer(text)))


def context_of(policy: RuleSet, *changes: dict[str, Any], **case: Any) -> DecisionContext:
    """A policy case with everything blamed, before anybody has said a word."""
    was, now, made = facts_of_case(Case(id="x", title="X", changes=list(changes), **case), policy)
    options = CheckOptions(mode="change", as_of=DAY)
    evaluation = evaluate_facts(policy, was, now, made, DAY)
    return blamed(evaluation, options)


def judged_of(policy: RuleSet, *changes: dict[str, Any], **case: Any) -> tuple[WeighedOutcome, ...]:
    """Everything judged of a policy case, approvals settled where nobody has said a word."""
    return decide_approvals(context_of(policy, *changes, **case))


def rules_asking(weighed: tuple[WeighedOutcome, ...]) -> set[str]:
    asking = [item for item in weighed if item.outcome.requirement.kind == "approval"]
    return {item.outcome.rule.id for item in asking if item.outcome.state in ("gap", "unknown")}


def _texts() -> Iterator[tuple[str, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        if "demo" not in place:
            tree = ast.parse(path.read_text("utf-8"))
            found = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
            yield from ((place, value) for value in found if isinstance(value, str))


def test_no_id_of_a_role_rule_gate_control_document_or_test_stands_in_the_program() -> None:
    names = {
        *POLICIES.roles,
        *POLICIES.artifacts,
        *POLICIES.tests,
        *POLICIES.gates,
        *POLICIES.controls,
        *POLICIES.plain_rules,
    }
    assert [(place, text) for place, text in _texts() if text in names - SAYS_SOMETHING_ELSE] == []


def test_every_kind_of_change_that_is_worked_out_stands_in_the_policies() -> None:
    kinds = {text for place, text in _texts() if place.startswith("facts/") and text.endswith(_ENDINGS)}
    assert kinds - set(POLICIES.change_kinds) == ANEW
    assert len(kinds) > 25


ANEW = {"card-section-added", "limit-added", "metric-added", "metric-evidence-changed"}
"""what a model card says anew, or rests on otherwise: told beside the changes, and no rule can ask about it"""
_ENDINGS = (
    "-added", "-enrolled", "-removed", "-advanced", "-regressed", "-raised", "-lowered", "-dropped", "-weakened",
    "-flipped", "-changed", "-narrowed", "-widened", "-emptied", "-redated", "-renewed", "-attested",
    "-claimed",
)  # fmt: skip


def test_a_kind_that_the_policies_do_not_know_weakens() -> None:
    poorer = replace(POLICIES, change_kinds={})
    assert is_weakening("tier-raised", poorer)
    assert not is_raising("tier-raised", poorer)
    assert is_raising("tier-raised", POLICIES)
    assert not is_weakening("tier-raised", POLICIES)


FIRST = {"tier-answered", "dimension-answered", "fact-answered", "stage-mended", "paths-mended"}
"""first answers: no weakenings, and base judges all the same (D48)"""


def test_every_weakening_but_four_holds_what_base_says() -> None:
    """A lower liability and a lost right are judged as they now read: base's better answer would hide it.

    A guess judges nothing. A number without its evidence is another number, which base's result says nothing about.
    """
    bare = {id_ for id_, kind in POLICIES.change_kinds.items() if kind.weakening and kind.holds == "nothing"}
    assert bare == {"vendor-liability-lowered", "vendor-right-lost", "guess-claimed", "metric-evidence-dropped"}
    held = {id_ for id_, kind in POLICIES.change_kinds.items() if kind.holds != "nothing" and not kind.weakening}
    assert held == FIRST


def test_every_answer_of_a_vendor_says_how_a_change_of_it_reads() -> None:
    assert set(VENDOR_FIELDS) - set(VENDOR_TERMS) == {"id", "assessed_on"}


# A role under another name

RENAMED = """
roles:
  - {id: rai-officer, title: Responsible AI Officer, about: Our name for the lead., renames: ai-safety-lead}
"""


def test_a_renamed_role_is_asked_wherever_the_old_one_was() -> None:
    policy = with_layer(RENAMED)
    assert "ai-safety-lead" not in policy.roles
    assert policy.owners.accountable == ("rai-officer",)
    assert approving_roles(policy)[0] == "rai-officer"
    lowered = judged_of(policy, {"kind": "tier-lowered", "before": "high", "after": "medium"})
    (asked,) = [item for item in lowered if item.outcome.rule.id == "tier-lowering"]
    assert roles_of(asked, policy) == ("rai-officer",)
    assert policy.raci["bias-evaluation"].accountable == "rai-officer"
    assert policy.artifacts["risk-tier-classification"].responsible == ("rai-officer", "engineering")
    assert policy.digest != POLICIES.digest
    assert "organisation calls the role ai-safety-lead rai-officer" in policy.notes


def test_every_shipped_case_comes_out_under_the_new_name() -> None:
    policy = with_layer(RENAMED)
    assert run_cases(policy, read_cases(SHIPPED.cases, policy)).failed == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (RENAMED.replace("ai-safety-lead}", "ai-safety-led}"), 'there is no role "ai-safety-led" to rename'),
        (RENAMED + "  - {id: other, title: O, about: O, renames: ai-safety-lead}\n", "is renamed already"),
        ("roles: [{id: dpo, renames: legal}]", "renames loosens nothing to legal"),
        (
            "roles:\n  - {id: a, title: A, about: A, renames: b}\n  - {id: b, title: B, about: B, renames: a}\n",
            "is renamed in a circle",
        ),
    ],
)
def test_a_name_that_fits_no_role_or_two_is_refused(text: str, message: str) -> None:
    with pytest.raises(PolicyError) as refused:
        with_layer(text)
    assert any(message in problem.message for problem in refused.value.problems), refused.value.problems


# A review gate of one's own

OWN_REVIEW = """
artifacts:
  - id: ethics-board-minutes
    title: Ethics board minutes
    about: What the board said of a system that rose.
    responsible: [product]
    accountable: [ciso]
gates:
  - id: ethics-board
    title: Ethics board
    why: A system that rose is another one for the people whom it concerns.
    from: production
    to: production
    tiers: [critical, high]
    none_for: [medium, low]
    enforcement: block
    entered_by: reclassification
    require:
      - artifact: ethics-board-minutes
        status: final
      - approval: legal
"""
RAISED: dict[str, Any] = {
    "stage": "production",
    "facts": {"tier": "high"},
    "entry": {"reclassified": "2026-11-01"},
    "all_met": True,
}


def entered(policy: RuleSet, **case: Any) -> tuple[str, ...]:
    was, now, _ = facts_of_case(Case(id="x", title="X", **{**RAISED, **case}), policy)
    return entered_gates(policy, was[0], now[0], Reviewed({}, {}))


DATED: dict[str, Any] = {
    "entry": {"reclassified": "2026-11-01", "reclassification_review": "2026-11-02"},
    "base_entry": {"reclassification_review": False},
}


def test_a_review_gate_of_an_organisation_is_entered_by_the_same_date() -> None:
    policy = with_layer(OWN_REVIEW)
    assert entered(policy, **DATED) == ("reclassification-review", "ethics-board")
    assert entered(policy, base_artifacts={"ethics-board-minutes": "met"}) == ()
    assert entered(policy) == ()


def test_it_asks_for_its_approval_and_for_those_of_the_gates_behind() -> None:
    asking = rules_asking(judged_of(with_layer(OWN_REVIEW), **RAISED | DATED))
    assert {"ethics-board", "pre-deployment-security-review", "production-deployment"} <= asking
    before = rules_asking(judged_of(with_layer(OWN_REVIEW), **RAISED))
    assert "ethics-board" not in before


# One approval that covers others

LOWERED = (
    {"kind": "tier-lowered", "before": "high", "after": "medium"},
    {"kind": "fact-flipped", "field": "user_facing", "before": True, "after": False},
    {"kind": "path-narrowed", "field": "paths"},
)


def test_a_lowered_tier_covers_what_lowers_it_and_nothing_else() -> None:
    weighed = judged_of(POLICIES, *LOWERED)
    found = {item.outcome.instance: item.outcome for item in weighed if item.outcome.rule.id == "weakening"}
    flipped = found["fact-flipped:user_facing"]
    assert (flipped.state, flipped.seen) == ("not-applicable", "covered by tier-lowered")
    assert found["path-narrowed:paths"].state == "gap"


def test_a_rule_of_ones_own_is_covered_by_nothing_that_does_not_name_it() -> None:
    own = """
rules:
  - id: legal-reads-flips
    title: A fact moved
    why: It changes duties.
    for_each: change
    when: change.kind == "fact-flipped"
    enforcement: block
    require: [{approval: legal}]
"""
    assert rules_asking(judged_of(with_layer(own), *LOWERED)) == {"tier-lowering", "weakening", "legal-reads-flips"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rules: [{id: tier-lowering, covers: {weakening: [path-narrowed]}}]", "covers.weakening loosens nothing"),
        ("rules: [{id: tier-lowering, covers: {use-case-change: [limit-dropped]}}]", "covers.use-case-change loosens"),
        ("rules: [{id: tier-lowering, may_lack_approver: true}]", "may_lack_approver loosens false to true"),
        ("change_kinds: [{id: fact-flipped, weakening: false}]", "weakening loosens true to false"),
        ("change_kinds: [{id: fact-flipped, holds: nothing}]", "holds "),
        ("change_kinds: [{id: fact-flipped, raising: true}]", "a weakening or a raising, not both"),
        ("change_kinds: [{id: data-changed, raising: true}]", "raising loosens false to true"),
        ("artifacts: [{id: red-team-report, is_model_card: true}]", "model-card is the model card already"),
        ("waivers: {approved_like: [weakning]}", 'unknown rule "weakning"'),
        ("owners: {accountable: [cisso]}", 'unknown role "cisso"'),
        ("waiver_rules: [{id: waiver-old, title: T, enforcement: advise, finding: F, message: M, fix: F}]", "id is "),
        ("waiver_rules: [{id: waiver-expired, enforcement: advise}]", "enforcement loosens remediate to advise"),
    ],
)
def test_what_the_program_no_longer_says_is_held_to_the_same_rules(text: str, message: str) -> None:
    with pytest.raises(PolicyError) as refused:
        with_layer(text)
    assert any(message in problem.message for problem in refused.value.problems), refused.value.problems


def test_a_rule_that_is_covered_covers_nothing() -> None:
    rule = """
  - id: {id}
    title: Own
    why: So.
    for_each: change
    when: change.weakening
    enforcement: block
    covers: {{{covered}: [fact-flipped]}}
    require: [{{approval: legal}}]
"""
    names = ("first", "second", "first")
    own = "rules:" + "".join(rule.format(id=one, covered=other) for one, other in pairwise(names))
    with pytest.raises(PolicyError, match="is covered by second"):
        with_layer(own)


# Waivers, owners, notes


def test_an_expired_waiver_weighs_and_reads_as_the_organisation_says() -> None:
    policy = with_layer(
        "waiver_rules: [{id: waiver-expired, enforcement: block, finding: 'Expired {expires}: {what}'}]"
    )
    broken = policy.waiver_rules["waiver-expired"]
    assert broken.rule.enforcement == "block"
    assert broken.title("red-team-report (x)", date(2026, 11, 1)) == "Expired 2026-11-01: red-team-report (x)"
    assert policy.waiver_rules["waiver-unused"].rule.enforcement == "advise"


def test_who_approves_waivers_and_their_edits_follows_the_rules() -> None:
    assert approving_roles(with_layer("waivers: {approved_like: [tier-lowering]}")) == ("ai-safety-lead",)
    own = """
rules:
  - id: legal-reads-waivers
    title: Legal has not read the waivers
    why: They carry the risk.
    for_each: change
    when: change.kind == "waivers-changed"
    enforcement: block
    require: [{approval: legal}]
"""
    assert roles_asked_of_edits(POLICIES) == ("ai-governance-committee",)
    assert roles_asked_of_edits(with_layer(own)) == ("ai-governance-committee", "legal")


def test_work_of_nobody_in_particular_is_the_owners() -> None:
    policy = with_layer("owners: {responsible: [product], accountable: [dpo], stage_accountable: [ciso]}")
    found = findings_of(judged_of(policy, stage="production", facts={"claims_code": False}), policy, "change")
    (code,) = [item for item in found if item.subject == "no-code-claimed"]
    assert (code.responsible, code.accountable) == (("product",), ("dpo",))
    assert policy.owners.stage_responsible == ("engineering",)


def test_a_record_that_nothing_verifies_is_known_by_a_field_and_not_by_its_words() -> None:
    context = context_of(POLICIES, LOWERED[0])
    item = next(item for item in decide_approvals(context) if item.for_)
    said = replace(item, outcome=item.outcome.become("met", seen="approved (recorded, not verified)"))
    assert not [note for note in notes_of(replace(context, weighed=(said,))) if "recorded" in note]
    known = replace(said, outcome=replace(said.outcome, seen="approved"), recorded=True)
    assert [note for note in notes_of(replace(context, weighed=(known,))) if "recorded, not verified" in note]


def test_the_model_card_is_the_artifact_that_the_policies_mark() -> None:
    assert POLICIES.model_card == "model-card"
    assert replace(POLICIES, artifacts={}).model_card is None

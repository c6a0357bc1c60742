"""Which rules want something of which subject now, and what was found about each wish.

How one kind of requirement is checked stands in a module of its own: `artifacts`, `results`, `cards`,
`statements`. Approvals are only noted here; whether one counts is for `decide`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec.structs import replace

from policy_gate.evaluate.artifacts import badness, check_artifact
from policy_gate.evaluate.cards import check_card
from policy_gate.evaluate.context import SystemContext, sections_of
from policy_gate.evaluate.firing_rules import FiringRules
from policy_gate.evaluate.law import LawReading, explained, read_law, speaks_of_law, to_ask
from policy_gate.evaluate.law_rules import (
    UNCONCERNED,
    LawStanding,
    about_practice,
    naming_laws,
    rule_of,
    standing_of,
)
from policy_gate.evaluate.results import check_test
from policy_gate.evaluate.reviews import oldest_completed, review_due
from policy_gate.evaluate.runs_elsewhere import RunsElsewhere
from policy_gate.evaluate.statements import check_that, resting_on, unknown
from policy_gate.evaluate.told_of_instances import told_of
from policy_gate.schema.change import Change, changes_by_system
from policy_gate.schema.dates import Instant
from policy_gate.schema.facts import Facts
from policy_gate.schema.finding import Outcome
from policy_gate.schema.law import EvidenceSeen, LawOfSystem, RowResult
from policy_gate.schema.rule import Requirement, Rule
from policy_gate.schema.rule_condition import Truth
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.rule_targets import TARGETS, TODAY
from policy_gate.schema.target_instances import TargetInstance
from policy_gate.schema.vocabulary import LIVE, stage_rank


def evaluate(
    policy: RuleSet,
    facts: Sequence[Facts],
    changes: Sequence[Change],
    as_of: Instant,
    earlier: Sequence[Facts] = (),
) -> tuple[Outcome, ...]:
    """What every rule that speaks of these systems came to, in the order of systems, then rules.

    `earlier` are base's facts, against which "updated in this change" is judged. Rules about changes
    of the repository itself (policies, CI files, waivers) come last, one change after the other, with
    system None.
    """
    outcomes: list[Outcome] = []
    was = {item.id: item for item in earlier}
    own = changes_by_system(changes)
    today, sections = as_of.date(), sections_of(policy)
    speaking: dict[Any, FiringRules] = policy.remembered.setdefault("rules by place", {})
    runs = RunsElsewhere(earlier, facts)
    for item in facts:
        place = (item.tier, item.stage, item.declared.entry.reclassified is None)
        if place not in speaking:
            speaking[place] = FiringRules(rule for rule in policy.rules if _speaks_of(rule, policy, item))
        context = SystemContext(policy, item, as_of, today, sections, was.get(item.id), runs)
        _add_of_system(context, own.get(item.id, ()), speaking[place], outcomes)
    if about_policies := own.get(None):
        if None not in speaking:
            speaking[None] = FiringRules(rule for rule in policy.rules if TARGETS[rule.for_each].may_lack_system)
        for change in about_policies:
            _add_of_system(SystemContext(policy, None, as_of, today, sections), (change,), speaking[None], outcomes)
    return tuple(outcomes)


def _add_of_system(
    context: SystemContext, changes: Sequence[Change], rules: FiringRules, outcomes: list[Outcome]
) -> None:
    """Add what these rules came to for one system, or for the repository itself."""
    seen_by_all = context.facts.values if context.facts else {}
    seen_by_all[TODAY] = context.today.isoformat()
    of_law, standing = law_of(context)
    seen_by_all.update(standing.values)
    start = len(outcomes)
    found: dict[str, tuple[TargetInstance, ...]] = {}
    for rule, truth in rules.of(seen_by_all):
        instances = found.get(rule.for_each)
        if instances is None:
            own = TARGETS[rule.for_each].instances(context.facts, changes, context.as_of)
            instances = found[rule.for_each] = tuple(_seeing_all(it, seen_by_all) for it in own)
        for instance in instances:
            _add_of_rule(rule, truth, instance, context, outcomes)
    if standing is not UNCONCERNED:
        outcomes[start:] = [naming_laws(outcome, standing) for outcome in outcomes[start:]]
        outcomes += of_law


def law_of(context: SystemContext) -> tuple[list[Outcome], LawStanding]:
    """What every row of law wants of the system, and how the system stands to law; no row is read without need."""
    facts, policy = context.facts, context.policy
    if facts is None or not speaks_of_law(facts, policy):
        return [], UNCONCERNED
    assert policy.law is not None  # noqa: S101 - or nothing would speak of it
    law = read_law(facts, policy.law, context.today)
    counting = (result for result in law.results if result.counts)
    outcomes = [outcome for result in counting for outcome in _of_row(result, law, facts, context)]
    return outcomes, standing_of(law, facts, policy)


def _of_row(result: RowResult, law: LawReading, facts: Facts, context: SystemContext) -> Iterator[Outcome]:
    """What a row that applies, or will, wants; before the gate that it is due at, what lacks is owed later.

    Evidence of which cannot be told whether it is wanted is among the facts to state.
    """
    rule, gate = rule_of(result, context.today, context.policy), context.policy.gates.get(result.row.due_at or "")
    is_owed_now = gate is None or is_owed(context.policy, gate.id, facts)
    for requirement in result.row.evidence:
        outcome = _of_requirement(rule, requirement, TargetInstance(law.values), context, ())
        if outcome.state == "unknown" and outcome.missing_facts:
            continue
        outcome = _timed(outcome, None, context.today)
        is_later = not is_owed_now and outcome.state == "gap" and not outcome.is_vouchable
        yield outcome.become("upcoming") if is_later else outcome
    if result.practised and (practice := about_practice(result, rule, facts, context.policy)) is not None:
        yield _timed(practice, None, context.today)


def law_of_system(facts: Facts, policy: RuleSet, as_of: Instant) -> LawOfSystem:
    """Every row of law for a system, with the facts that decided each and what was found of its evidence."""
    if policy.law is None:
        return LawOfSystem(
            system=facts.id, name=facts.declared.entry.name, results=(), evidence={}, to_ask={}, problems=facts.problems
        )
    context = SystemContext(policy, facts, as_of, as_of.date(), sections_of(policy))
    law = read_law(facts, policy.law, context.today)
    counting = (result for result in law.results if result.counts or result.state == "unknown")
    return LawOfSystem(
        system=facts.id,
        name=facts.declared.entry.name,
        results=explained(law, facts, policy.law, context.today),
        evidence={result.row.id: _evidence_seen(result, law, context) for result in counting},
        to_ask={name: tuple(rows) for name, rows in to_ask(law, facts).items()},
        problems=facts.problems,
    )


def _evidence_seen(result: RowResult, law: LawReading, context: SystemContext) -> tuple[EvidenceSeen, ...]:
    rule, instance = rule_of(result, context.today, context.policy), TargetInstance(law.values)
    found = (_of_requirement(rule, wanted, instance, context, ()) for wanted in result.row.evidence)
    return tuple(EvidenceSeen(it.requirement.subject, it.cause or it.state) for it in found)


def _seeing_all(instance: TargetInstance, seen_by_all: Mapping[str, Any]) -> TargetInstance:
    """The instance with the values that each sees beside its own."""
    return replace(instance, values={**seen_by_all, **instance.values} if instance.values else seen_by_all)


def _speaks_of(rule: Rule, policy: RuleSet, facts: Facts) -> bool:
    """Whether the rule's tier and lifecycle place fit; conditions are asked later (D05, D07).

    Of the facts it sees the tier, the stage, and whether the system is reclassified, and nothing else.
    """
    if rule.kind == "rule":
        return True
    if facts.tier not in rule.tiers:
        return False
    if rule.gate is not None:
        return is_owed(policy, rule.gate, facts)
    return facts.stage in LIVE


def is_owed(policy: RuleSet, gate_id: str, facts: Facts) -> bool:
    """Whether a gate's documents must be there at this stage (D05)."""
    gate = policy.gates[gate_id]
    if gate.entered_by == "reclassification":
        return facts.declared.entry.reclassified is not None and facts.stage != "decommissioned"
    if gate.entered_by == "review" and facts.stage not in LIVE:
        return False
    if facts.stage == "decommissioned":
        return gate.to == "decommissioned"
    if gate.stands_until and stage_rank(facts.stage) >= stage_rank(gate.stands_until):
        return False
    return stage_rank(gate.to) <= stage_rank(facts.stage)


def _add_of_rule(
    rule: Rule, known: Truth | None, instance: TargetInstance, context: SystemContext, outcomes: list[Outcome]
) -> None:
    """Add what a rule came to for one instance; `known` is what its condition is, where that was told before."""
    missing: tuple[str, ...] = ()
    if rule.when is not None:
        truth = rule.when.truth(instance.values) if known is None else known
        if truth.value is False:
            return
        missing = truth.missing
    due, reviewed = instance.due(rule.when.text) if rule.when is not None else None, None
    if rule.recurring and context.facts is not None:
        asked = (rule.requirements, context.facts, context.policy, instance.values, context.today)
        reviewed = oldest_completed(*asked)
        due = review_due(rule, context.facts, context.today, reviewed)
    for stated in rule.requirements:
        requirement = _of_whom(stated, instance, context.policy) if stated.of_accountable else stated
        outcome = _of_requirement(rule, requirement, instance, context, missing)
        if due is not None or rule.effective is not None:
            outcome = _timed(outcome, due, context.today)
        outcomes.append(outcome if reviewed is None else outcome.become(outcome.state, reviewed=reviewed))


def _of_whom(requirement: Requirement, instance: TargetInstance, policy: RuleSet) -> Requirement:
    """The requirement with the role that answers for the evidence which the change is about (D47)."""
    id_ = instance.values["change.field"]
    spec = policy.artifacts.get(id_) or policy.tests.get(id_)
    return replace(requirement, subject=(spec.accountable if spec else policy.owners.accountable)[0])


def _of_requirement(
    rule: Rule, requirement: Requirement, instance: TargetInstance, context: SystemContext, missing: tuple[str, ...]
) -> Outcome:
    base = Outcome(
        context.facts.id if context.facts else None,
        rule,
        requirement,
        instance.name,
        "met",
        event=_is_event(rule, requirement),
        location=instance.location,
    )
    for condition in requirement.when:
        truth = condition.truth(instance.values)
        if truth.value is False:
            return base.become("not-applicable", seen=resting_on(condition, instance.values))
        missing += truth.missing
    if missing:
        return unknown(base, missing, context.facts)
    outcome = check(base, instance.values, context)
    told = told_of(instance, requirement, context.policy) if outcome.state in ("gap", "unknown") else ""
    if told:
        return outcome.become(outcome.state, seen=f"{outcome.seen} {told}".strip())
    return outcome


def _is_event(rule: Rule, requirement: Requirement) -> bool:
    """Approvals and tests of gates and controls are asked once, when the gate is entered (D05)."""
    if rule.kind == "rule":
        return False
    if not requirement.alternatives:
        return requirement.kind in ("approval", "test")
    return all(part.kind in ("approval", "test") for part in requirement.alternatives)


def check(base: Outcome, values: Mapping[str, Any], context: SystemContext) -> Outcome:
    """What one requirement came to; `base` carries rule, instance and place."""
    outcome = _judged(base, values, context)
    return outcome if context.facts is None else _with_claim_of_no_concern(outcome, context.facts)


def _judged(base: Outcome, values: Mapping[str, Any], context: SystemContext) -> Outcome:
    kind, facts = base.requirement.kind, context.facts
    if kind == "artifact" and facts is not None:
        return check_artifact(base, facts, context)
    if kind == "approval":
        if facts is not None:
            return base.become("gap", cause="not-approved")
        seen = f"{values['change.field']} {_became(values)}"
        return base.become("gap", cause="not-approved", seen=seen, details=(f"seen: {seen}",))
    if kind == "that":
        return check_that(base, values, facts, context.policy)
    if kind == "any_of":
        return _best(base, values, context)
    if facts is None:
        return base.become("gap", cause="refused", seen=f"the repository itself has no {kind} of its own")
    return check_test(base, facts, context) if kind == "test" else check_card(base, facts, context.policy)


def _became(values: Mapping[str, Any]) -> str:
    """What a change of the repository did to a file: it may be one of several that one approval is for."""
    was, now = bool(values["change.before"]), bool(values["change.after"])
    return "changed" if was == now else "is new" if now else "is gone"


def _best(base: Outcome, values: Mapping[str, Any], context: SystemContext) -> Outcome:
    """The alternative that comes closest to what is wanted."""
    found = [_alternative(base, part, values, context) for part in base.requirement.alternatives]
    found = [outcome for outcome in found if outcome.state != "not-applicable"]
    if not found:
        return base.become("not-applicable", seen="none of its alternatives is wanted here")
    best = min(found, key=badness)
    if best.state == "met":
        return base.become("met", location=best.location, seen=best.seen)
    approval = next((it.requirement for it in found if it.requirement.kind == "approval" and it.state == "gap"), None)
    return base.become(
        best.state if approval is None else "gap",
        cause=best.cause,
        approval=approval,
        seen=" · ".join(dict.fromkeys(item.seen for item in found if item.seen)),
        wanted=" or ".join(dict.fromkeys(item.wanted for item in found if item.wanted)),
        location=best.location,
        missing_facts=best.missing_facts,
        needs_attestation=best.needs_attestation,
    )


def _alternative(base: Outcome, part: Requirement, values: Mapping[str, Any], context: SystemContext) -> Outcome:
    own = Outcome(base.system, base.rule, part, base.instance, "met", location=base.location)
    missing: tuple[str, ...] = ()
    for condition in part.when:
        truth = condition.truth(values)
        if truth.value is False:
            return own.become("not-applicable")
        missing += truth.missing
    if missing:
        return unknown(own, missing, context.facts)
    # Where the whole may be said not to apply, that is told of the whole.
    return (_judged if base.requirement.may_be_not_applicable else check)(own, values, context)


def _with_claim_of_no_concern(outcome: Outcome, facts: Facts) -> Outcome:
    """Note a `not_applicable` entry; it counts only where allowed and approved (D29)."""
    if outcome.state not in ("gap", "unknown"):
        return outcome
    entry = facts.declared.entry
    for index, claim in enumerate(entry.not_applicable):
        if claim.id not in outcome.requirement.subjects:
            continue
        location = facts.declared.at("not_applicable", index)
        if not outcome.requirement.may_be_not_applicable:
            said = f'the manifest says not applicable ("{claim.reason}"), which this requirement does not allow'
            return outcome.become(outcome.state, seen=said, location=location)
        return outcome.become("gap", cause="not-approved", claims_not_applicable=claim.reason, location=location)
    return outcome


def _timed(outcome: Outcome, due: date | None, today: date) -> Outcome:
    """A gap of a rule not yet effective, or of a review not yet due, is upcoming."""
    effective = outcome.rule.effective
    if effective and effective > today and outcome.state in ("gap", "unknown"):
        return outcome.become("upcoming", due=effective)
    if due is None or outcome.event:
        return outcome
    if outcome.state in ("gap", "unknown") and due > today and not outcome.is_vouchable:
        return outcome.become("upcoming", due=due)
    return outcome.become(outcome.state, due=due)

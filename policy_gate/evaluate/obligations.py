"""Which rules want something of which subject now, and what was found about each wish.

How one kind of requirement is checked stands in a module of its own: `artifacts`, `results`, `cards`,
`statements`. Approvals are only noted here; whether one counts is heard in `govern`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policy_gate.evaluate.artifacts import check_artifact
from policy_gate.evaluate.cards import check_card
from policy_gate.evaluate.results import check_test
from policy_gate.evaluate.reviews import oldest_completed, review_due
from policy_gate.evaluate.statements import check_that, unknown
from policy_gate.schema.dates import Instant
from policy_gate.schema.facts import Change, Facts
from policy_gate.schema.finding import Outcome
from policy_gate.schema.rule_set import Requirement, Rule, RuleSet
from policy_gate.schema.source import Location
from policy_gate.schema.vocabulary import CAUSE_RANK, stage_rank


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing a rule speaks of: its facts, what tells it apart, and where it stands."""

    values: Mapping[str, Any]
    instance: str = ""
    location: Location | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class SystemContext:
    """Everything the checks of one system look at."""

    policy: RuleSet
    facts: Facts
    as_of: Instant
    earlier: Facts | None = None


def evaluate(
    policy: RuleSet,
    facts: Sequence[Facts],
    changes: Sequence[Change],
    as_of: Instant,
    earlier: Sequence[Facts] = (),
) -> tuple[Outcome, ...]:
    """What every rule that speaks of these systems came to, in the order of systems, then rules.

    `earlier` are base's facts, against which "updated in this change" is judged. Rules about changes
    of the repository itself (policies, CI files, waivers) come last, with system None.
    """
    outcomes: list[Outcome] = []
    was = {item.id: item for item in earlier}
    own: dict[str | None, list[Change]] = {}
    for change in changes:
        own.setdefault(change.system, []).append(change)
    speaking: dict[Any, tuple[Rule, ...]] = {}
    for item in facts:
        place = (item.tier, item.stage, item.declared.entry.reclassified is None)
        if place not in speaking:
            speaking[place] = tuple(rule for rule in policy.rules if _speaks_of(rule, policy, item))
        outcomes.extend(
            _of_system(SystemContext(policy, item, as_of, was.get(item.id)), own.get(item.id, ()), speaking[place])
        )
    outcomes.extend(_of_repository(policy, own.get(None, ()), as_of))
    return tuple(outcomes)


def _of_system(context: SystemContext, changes: Sequence[Change], rules: Sequence[Rule]) -> Iterator[Outcome]:
    values = {**context.facts.values, "today.date": context.as_of.date().isoformat()}
    whole = (Subject(values),)
    subjects: dict[str, Sequence[Subject]] = {"system": whole}
    for rule in rules:
        if rule.for_each not in subjects:
            subjects[rule.for_each] = tuple(_subjects(rule.for_each, context.facts, values, changes))
        for subject in subjects[rule.for_each]:
            yield from _of_rule(rule, subject, context)


def _subjects(kind: str, facts: Facts, values: Mapping[str, Any], changes: Sequence[Change]) -> Iterator[Subject]:
    if kind == "change":
        for change in changes:
            own = {**values, **change.values()}
            yield Subject(own, f"{change.kind}:{change.field}", change.location, change)
    elif kind == "vendor":
        for vendor in facts.vendors:
            yield Subject({**values, **vendor}, str(vendor["vendor.id"]), facts.declared.at("vendors"))
    elif kind == "metric" and facts.card:
        for metric in facts.card.metrics:
            yield Subject(
                {**values, **_metric_values(metric)},
                f"{metric.name}[{metric.group}]",
                Location(facts.card.path, metric.line or 1, 1),
            )


def _metric_values(metric: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "metric.name": metric.name,
        "metric.group": metric.group,
        "metric.has_value": metric.value is not None,
        "metric.has_threshold": metric.threshold is not None,
    }
    if metric.value is not None:
        values["metric.value"] = float(metric.value)
    if metric.threshold is not None:
        values["metric.threshold"] = float(metric.threshold)
    if metric.value is not None and metric.threshold is not None:
        better = metric.value >= metric.threshold if metric.higher_is_better else metric.value <= metric.threshold
        values["metric.meets"] = better
    return values


def _of_repository(policy: RuleSet, changes: Sequence[Change], as_of: Instant) -> Iterator[Outcome]:
    for change in changes:
        values = {**change.values(), "today.date": as_of.date().isoformat()}
        for rule in policy.rules:
            if rule.kind == "rule" and rule.for_each == "change" and rule.when and rule.when.truth(values).value:
                for requirement in rule.requirements:
                    yield Outcome(
                        None,
                        rule,
                        requirement,
                        f"{change.kind}:{change.field}",
                        "gap",
                        "not-approved",
                        seen=f"{change.field} changed",
                        location=change.location,
                    )


def _speaks_of(rule: Rule, policy: RuleSet, facts: Facts) -> bool:
    """Whether the rule's tier and lifecycle place fit; conditions are asked later (D05, D07).

    Of the facts it sees the tier, the stage, and whether the system is reclassified, and nothing else.
    """
    if rule.kind == "rule":
        return True
    if rule.kind == "gate":
        return facts.tier in rule.tiers and is_owed(policy, rule.id, facts)
    if rule.id not in policy.demanded[facts.tier]:
        return False
    if rule.gate is not None:
        return is_owed(policy, rule.gate, facts)
    return facts.stage == "production"


def is_owed(policy: RuleSet, gate_id: str, facts: Facts) -> bool:
    """Whether a gate's documents must be there at this stage (D05)."""
    gate = policy.gates[gate_id]
    if gate.entered_by == "reclassification":
        return facts.declared.entry.reclassified is not None and facts.stage != "decommissioned"
    if gate.entered_by == "review":
        return facts.stage == gate.to
    if facts.stage == "decommissioned":
        return gate.to == "decommissioned"
    if gate.stands_until and stage_rank(facts.stage) >= stage_rank(gate.stands_until):
        return False
    return stage_rank(gate.to) <= stage_rank(facts.stage)


def _of_rule(rule: Rule, subject: Subject, context: SystemContext) -> Iterator[Outcome]:
    missing: tuple[str, ...] = ()
    if rule.when is not None:
        truth = rule.when.truth(subject.values)
        if truth.value is False:
            return
        missing = truth.missing if truth.value is None else ()
    due = review_due(rule, context.facts, context.as_of, context.policy) if rule.recurring else None
    reviewed = oldest_completed(rule, context.facts, context.policy) if rule.recurring else None
    for requirement in rule.requirements:
        outcome = _timed(_of_requirement(rule, requirement, subject, context, missing), due, context)
        yield outcome if reviewed is None else outcome.become(outcome.state, reviewed=reviewed)


def _of_requirement(
    rule: Rule, requirement: Requirement, subject: Subject, context: SystemContext, missing: tuple[str, ...]
) -> Outcome:
    base = Outcome(
        context.facts.id,
        rule,
        requirement,
        subject.instance,
        "met",
        event=_is_event(rule, requirement),
        location=subject.location,
    )
    for condition in requirement.when:
        truth = condition.truth(subject.values)
        if truth.value is False:
            return base.become("not-applicable", seen=f"not wanted here: {condition.text} does not hold")
        if truth.value is None:
            missing = missing + truth.missing
    if missing:
        return unknown(base, missing, context.facts)
    return check(base, subject.values, context)


def _is_event(rule: Rule, requirement: Requirement) -> bool:
    """Approvals and tests of gates and controls are asked once, when the gate is entered (D05)."""
    if rule.kind == "rule":
        return False
    kinds = {part.kind for part in requirement.alternatives} or {requirement.kind}
    return kinds <= {"approval", "test"}


def check(base: Outcome, values: Mapping[str, Any], context: SystemContext) -> Outcome:
    """What one requirement came to; `base` carries rule, subject and place."""
    requirement, facts = base.requirement, context.facts
    if requirement.kind == "artifact":
        outcome = check_artifact(base, facts, context.policy, context.as_of, context.earlier)
    elif requirement.kind == "test":
        outcome = check_test(base, facts, context.policy, context.as_of, context.earlier)
    elif requirement.kind == "approval":
        return base.become("gap", cause="not-approved")
    elif requirement.kind == "card":
        outcome = check_card(base, facts, context.policy)
    elif requirement.kind == "that":
        outcome = check_that(base, values, facts, context.policy)
    else:
        outcome = _best(base, values, context)
    return _with_claim_of_no_concern(outcome, facts)


def _best(base: Outcome, values: Mapping[str, Any], context: SystemContext) -> Outcome:
    """The alternative that comes closest to what is wanted."""
    found = [_alternative(base, part, values, context) for part in base.requirement.alternatives]
    found = [outcome for outcome in found if outcome.state != "not-applicable"]
    if not found:
        return base.become("not-applicable", seen="none of its alternatives is wanted here")
    best = min(found, key=_badness)
    if best.state == "met":
        return base.become("met", location=best.location, seen=best.seen)
    return base.become(
        best.state,
        cause=best.cause,
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
        missing += truth.missing if truth.value is None else ()
    return unknown(own, missing, context.facts) if missing else check(own, values, context)


def _badness(outcome: Outcome) -> int:
    if outcome.state in ("met", "not-applicable"):
        return 0
    return CAUSE_RANK.get(outcome.cause or "unknown", 6)


def _with_claim_of_no_concern(outcome: Outcome, facts: Facts) -> Outcome:
    """Note a `not_applicable` entry; it counts only where allowed and approved (D29)."""
    if outcome.state not in ("gap", "unknown"):
        return outcome
    entry = facts.declared.entry
    for index, claim in enumerate(entry.not_applicable):
        if claim.id != outcome.requirement.subject:
            continue
        location = facts.declared.at("not_applicable", index)
        if not outcome.requirement.may_be_not_applicable:
            said = f'the manifest says not applicable ("{claim.reason}"), which this requirement does not allow'
            return outcome.become(outcome.state, seen=said, location=location)
        return outcome.become("gap", cause="not-approved", claims_not_applicable=claim.reason, location=location)
    return outcome


def _timed(outcome: Outcome, due: Any, context: SystemContext) -> Outcome:
    """A gap of a rule not yet effective, or of a review not yet due, is upcoming."""
    today = context.as_of.date()
    effective = outcome.rule.effective
    if outcome.state in ("gap", "unknown") and effective and effective > today:
        return outcome.become("upcoming", due=effective)
    if due is None or outcome.event:
        return outcome
    if outcome.state in ("gap", "unknown") and due > today:
        return outcome.become("upcoming", due=due)
    return outcome.become(outcome.state, due=due)

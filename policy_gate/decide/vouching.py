"""Words that stand for evidence: agreed to once, in the change that brings them (D47, D52, D58)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from policy_gate.decide.approvals import is_as_hard, roles_of
from policy_gate.decide.decision_context import DecisionContext
from policy_gate.decide.signed_papers import REWRITTEN, is_about_rewriting, is_asked_anew
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.schema.facts import Facts
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.vocabulary import State

_OPEN: tuple[State, ...] = ("gap", "unknown", "deferred")
_SETTLED: tuple[State, ...] = ("met", "not-applicable")


def agreed_once(context: DecisionContext) -> tuple[WeighedOutcome, ...]:
    """The judged outcomes, people heard and waivers applied, without asking twice for the same agreement.

    Where a gate or a rule that is as hard asks its accountable role about the same evidence, that one is asked;
    elsewhere the change is. What is waived asks nobody, so the change still does.
    """
    return tuple(_once(item, context.by_system, context.policy) for item in context.weighed)


def _once(
    item: WeighedOutcome, by_system: Mapping[str | None, Sequence[WeighedOutcome]], policy: RuleSet
) -> WeighedOutcome:
    if item.for_ is None or item.system_change is None or item.outcome.state not in _OPEN:
        return item
    own, facts = by_system[item.system_change.id], item.system_change.written
    if is_about_rewriting(item.outcome) and _is_asked_anew(item, own):
        outcome = item.outcome.become("not-applicable", seen="this change is asked to work on it")
        return replace(item, outcome=outcome, blame=None, for_=None, digest=None)
    if item.outcome.requirement.of_accountable:
        found = (other for other in _asking_the_same(item, own, facts, policy) if _covers(other, item))
    elif item.outcome.is_vouchable:
        speaking = (other for other in own if other.outcome.requirement.of_accountable and other.for_ is not None)
        about = (other for other in speaking if item in _asking_the_same(other, own, facts, policy))
        found = (other for other in about if _stands_for(other, item))
    else:
        return item
    other = next(found, None)
    return item if other is None else _covered_by(other, item)


def _is_asked_anew(item: WeighedOutcome, own: Sequence[WeighedOutcome]) -> bool:
    id_ = item.outcome.instance.partition(":")[2]
    return any(is_asked_anew(other.outcome, id_) for other in own)


def _asking_the_same(
    item: WeighedOutcome, own: Sequence[WeighedOutcome], facts: Facts, policy: RuleSet
) -> Sequence[WeighedOutcome]:
    """The outcomes of the system that ask somebody to agree to what this change of evidence is about."""
    kind, _, id_ = item.outcome.instance.partition(":")
    if kind in ("evidence-renewed", REWRITTEN):
        gates = {other.gate for other in own if other.gate and other.outcome.requirement.subject == id_}
        return [other for other in own if other.gate in gates and other.outcome.requirement.kind == "approval"]
    roles = set(roles_of(item, policy))
    return [
        other
        for other in own
        if other.outcome.is_vouchable
        and other.for_ is not None
        and not roles.isdisjoint(roles_of(other, policy))
        and _is_about(other, id_, item, facts)
    ]


def _is_about(other: WeighedOutcome, id_: str, item: WeighedOutcome, facts: Facts) -> bool:
    if other.outcome.claims_not_applicable is not None:
        return other.outcome.requirement.subject == id_ and item.outcome.instance.startswith("not-applicable-claimed:")
    fact = facts.artifacts.get(id_) or facts.tests.get(id_)
    return fact is not None and fact.attested == other.outcome.needs_attestation


def _covers(other: WeighedOutcome, item: WeighedOutcome) -> bool:
    """Agreed to in this change, or about to be, by a rule that stops it as surely."""
    if other.outcome.state in _SETTLED:
        return bool(other.counted)
    return other.outcome.state in _OPEN and is_as_hard(other, item)


def _stands_for(other: WeighedOutcome, asked: WeighedOutcome) -> bool:
    if other.outcome.state in _SETTLED:
        return bool(other.counted)
    return not is_as_hard(asked, other)


def _covered_by(other: WeighedOutcome, item: WeighedOutcome) -> WeighedOutcome:
    """Asked about no more; evidence that was agreed to counts."""
    is_met = item.outcome.needs_attestation is not None and other.outcome.state == "met"
    said = f"agreed to as {other.for_}" if other.outcome.state in _SETTLED else f"covered by {other.for_}"
    outcome = item.outcome.become("met" if is_met else "not-applicable", seen=said)
    return replace(item, outcome=outcome, blame=None, for_=None, digest=None)

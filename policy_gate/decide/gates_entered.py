"""Gates are events: which ones a change enters (D05, D06, D49)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from policy_gate.schema.facts import Facts
from policy_gate.schema.rule_set import Gate, RuleSet
from policy_gate.schema.vocabulary import LIVE, RETIRED, stage_rank


class Reviewed(Struct, frozen=True):
    """For each review (gate or control id): the oldest date of its artifacts, in base and now."""

    was: Mapping[str, date]
    now: Mapping[str, date]


def entered_gates(policy: RuleSet, was: Facts | None, now: Facts, reviewed: Reviewed) -> tuple[str, ...]:
    """Ids of the gates and recurring controls that going from `was` to `now` passes through.

    A system that base does not hold starts before conception and so passes every gate up to its stage.
    """
    found = [gate.id for gate in policy.gates.values() if _enters(gate, was, now, reviewed)]
    controls = [rule.id for rule in policy.rules if rule.kind == "control" and rule.recurring is not None]
    found.extend(control for control in controls if _review_is_held(control, was, now, reviewed))
    return tuple(found)


def _enters(gate: Gate, was: Facts | None, now: Facts, reviewed: Reviewed) -> bool:
    if gate.entered_by == "review":
        return _review_is_held(gate.id, was, now, reviewed)
    if gate.entered_by == "reclassification":
        return _reclassification_is_reviewed(was, now)
    if was is None:
        return stage_rank(gate.to) <= stage_rank(now.stage)
    if was.stage == now.stage:
        return False
    if now.stage in RETIRED:
        return _retires_through(gate, was.stage, now.stage)
    return stage_rank(was.stage) < stage_rank(gate.to) <= stage_rank(now.stage)


def _retires_through(gate: Gate, from_stage: str, to_stage: str) -> bool:
    if gate.to == "deprecated":
        return from_stage == "production"
    return gate.to == to_stage


def _review_is_held(gate: str, was: Facts | None, now: Facts, reviewed: Reviewed) -> bool:
    """All artifacts of the review are dated, and the oldest is later than what base counts from."""
    if was is None or now.stage not in LIVE or was.stage not in LIVE:
        return False
    held = reviewed.now.get(gate)
    entry = was.declared.entry
    anchor = reviewed.was.get(gate) or entry.stage_since or entry.enrolled
    return held is not None and (anchor is None or held > anchor)


def _reclassification_is_reviewed(was: Facts | None, now: Facts) -> bool:
    """The entry dates the review of the raise that it names, and base's did not (D49)."""
    if was is None or not now.declared.entry.is_review_held:
        return False
    before = was.declared.entry
    return not before.is_review_held or before.reclassified != now.declared.entry.reclassified


def why_entered(gate_id: str, policy: RuleSet, was: Facts | None, now: Facts, reviewed: Reviewed) -> str:
    """What in the change enters a gate that is not entered by a stage, with its date; empty for the others."""
    gate = policy.gates.get(gate_id)
    entry = now.declared.entry
    if gate is None or gate.entered_by == "review":
        held, before = reviewed.now.get(gate_id), reviewed.was.get(gate_id)
        earlier = f"base's is of {before}" if before else "base has none"
        return f"its documents are dated, the oldest {held}; {earlier}"
    if gate.entered_by == "reclassification":
        if _reclassification_is_reviewed(was, now):
            return f"reclassification_review: {entry.reclassification_review}"
        return "the tier rises while the stage moves on, so what was asked at the gates passed is asked again"
    return ""

"""Where one system stands between base and result: its presence, stages, and the gates it enters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct, field
from msgspec.structs import replace

from policy_gate.decide.gates_entered import Reviewed, entered_gates
from policy_gate.decide.governed_content import content_digest
from policy_gate.schema.evaluation import Evaluation
from policy_gate.schema.facts import Change, Facts
from policy_gate.schema.finding import Outcome
from policy_gate.schema.vocabulary import Presence, stage_rank, tier_rank

OutcomeKey = tuple[str, str, str, str, str]
"""What blame compares: see `Outcome.key`."""


class SystemChange(Struct, frozen=True):
    """One system of the union of base and result.

    `was` is base's facts, `declared` the result's as written, `now` what judges. `entered` are the
    gates and reviews this change passes through. `before` are base's outcomes by what blame compares,
    `raised` the same for base's evidence under the stricter facts of the change.
    """

    id: str
    presence: Presence
    was: Facts | None
    declared: Facts | None
    now: Facts
    changes: tuple[Change, ...]
    entered: tuple[str, ...] = ()
    before: Mapping[OutcomeKey, Outcome] = field(default_factory=dict)
    raised: Mapping[OutcomeKey, Outcome] = field(default_factory=dict)

    @property
    def from_stage(self) -> str:
        return self.was.stage if self.was else "none"

    @property
    def is_promotion(self) -> bool:
        """A move forward to production at most; retiring is none (D05)."""
        if self.was is None or self.now.stage in ("deprecated", "decommissioned"):
            return False
        return stage_rank(self.now.stage) > stage_rank(self.was.stage)

    @property
    def is_raised(self) -> bool:
        """The change told a stricter truth without moving the stage (D21)."""
        return any(change.raising for change in self.changes) and not self.is_promotion

    @property
    def changed_kinds(self) -> frozenset[str]:
        return frozenset(change.kind for change in self.changes)


def system_changes(evaluation: Evaluation) -> tuple[SystemChange, ...]:
    """Every system of base and result, in the order of `now`."""
    was = {facts.id: facts for facts in evaluation.was}
    declared = {facts.id: facts for facts in evaluation.declared}
    before, raised = _by_system(evaluation.before), _by_system(evaluation.raised)
    reviews = _reviews(evaluation)
    changes_of: dict[str | None, list[Change]] = {}
    for change in evaluation.changes:
        changes_of.setdefault(change.system, []).append(change)
    found = []
    for now in evaluation.now:
        changes = tuple(changes_of.get(now.id, ()))
        system_change = SystemChange(
            now.id,
            _presence(was.get(now.id), declared.get(now.id), changes),
            was.get(now.id),
            declared.get(now.id),
            now,
            changes,
            before=before.get(now.id, {}),
            raised=raised.get(now.id, {}),
        )
        found.append(replace(system_change, entered=_entered(system_change, evaluation, reviews)))
    return tuple(found)


def _by_system(outcomes: tuple[Outcome, ...]) -> dict[str, dict[OutcomeKey, Outcome]]:
    found: dict[str, dict[OutcomeKey, Outcome]] = {}
    for outcome in outcomes:
        if outcome.system is not None:
            found.setdefault(outcome.system, {})[outcome.key] = outcome
    return found


def _presence(was: Facts | None, declared: Facts | None, changes: tuple[Change, ...]) -> Presence:
    if was is None:
        return "enrolled" if any(change.kind == "system-enrolled" for change in changes) else "added"
    if declared is None:
        return "removed"
    if changes or (was is not declared and content_digest(was) != content_digest(declared)):
        return "changed"
    return "unchanged"


def _reviews(evaluation: Evaluation) -> dict[str, Reviewed]:
    """Per system, when each of its reviews was last held."""
    dates: dict[str, tuple[dict[str, date], dict[str, date]]] = {}
    for side, outcomes in enumerate((evaluation.before, evaluation.after)):
        for outcome in outcomes:
            if outcome.reviewed is not None and outcome.system is not None:
                dates.setdefault(outcome.system, ({}, {}))[side][outcome.rule.id] = outcome.reviewed
    return {system: Reviewed(was, now) for system, (was, now) in dates.items()}


def _entered(system_change: SystemChange, evaluation: Evaluation, reviews: Mapping[str, Reviewed]) -> tuple[str, ...]:
    if system_change.presence in ("unchanged", "enrolled", "removed"):
        return ()
    reviewed = reviews.get(system_change.id, Reviewed({}, {}))
    entered = entered_gates(evaluation.policy, system_change.was, system_change.now, reviewed)
    if system_change.is_promotion and _outgrows_its_gates(system_change):
        reclassifies = (gate.id for gate in evaluation.policy.gates.values() if gate.entered_by == "reclassification")
        return tuple(dict.fromkeys((*entered, *reclassifies)))
    return entered


def _outgrows_its_gates(system_change: SystemChange) -> bool:
    """Whether the tier rises above the one at which the gates behind the system were passed (D43)."""
    was = system_change.was
    return was is not None and stage_rank(was.stage) > 0 and tier_rank(system_change.now.tier) > tier_rank(was.tier)

"""Where one system stands between base and result: its presence, stages, and the gates it enters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from msgspec import Struct, field

from policy_gate.decide.gates_entered import Reviewed, entered_gates
from policy_gate.decide.governed_content import content_parts
from policy_gate.schema.canonical import digest_of
from policy_gate.schema.change import Change
from policy_gate.schema.evaluation import Evaluation
from policy_gate.schema.facts import Facts
from policy_gate.schema.finding import Outcome
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.vocabulary import RETIRED, Presence, stage_rank, tier_rank

OutcomeKey = tuple[str, str, str, str, str]
"""What blame compares: see `Outcome.key`."""


class SystemChange(Struct, frozen=True):
    """One system of the union of base and result.

    `was` is base's facts, `declared` the result's as written, `now` what judges. `entered` are the
    gates and reviews this change passes through. `before` are base's outcomes by what blame compares,
    `raised` the same for base's evidence under the stricter facts of the change. `content` is the governed
    content of what is `written`, each part with its hash.
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
    content: tuple[tuple[str, str], ...] = ()
    reviewed: Reviewed = Reviewed({}, {})

    @property
    def written(self) -> Facts:
        """The result's facts as written; of a system that left, base's."""
        return self.declared or self.now

    @property
    def content_digest(self) -> str:
        """Over all governed content of what is written (`systems[].subject_digest`)."""
        return digest_of(dict(self.content))

    @property
    def may_date_its_debt(self) -> bool:
        """The change raises tier or law class, which alone sets `reclassified` (D52)."""
        return any(change.raising and change.field in ("tier", "law_class") for change in self.changes)

    @property
    def from_stage(self) -> str:
        return self.was.stage if self.was else "none"

    @property
    def is_promotion(self) -> bool:
        """A move forward to production at most; retiring is none (D05)."""
        return _is_promotion(self.was, self.now)

    @property
    def is_retirement(self) -> bool:
        """A move forward to deprecated or decommissioned."""
        was, now = self.was, self.now
        return was is not None and now.stage in RETIRED and stage_rank(now.stage) > stage_rank(was.stage)

    @property
    def is_raised(self) -> bool:
        """The change told a stricter truth without moving the stage (D21)."""
        return any(change.raising for change in self.changes) and not self.is_promotion


def _is_promotion(was: Facts | None, now: Facts) -> bool:
    if was is None or now.stage in RETIRED:
        return False
    return stage_rank(now.stage) > stage_rank(was.stage)


def system_changes(evaluation: Evaluation) -> dict[str, SystemChange]:
    """Every system of base and result by its id, in the order of `now`."""
    sides = _Sides(
        {facts.id: facts for facts in evaluation.was},
        {facts.id: facts for facts in evaluation.declared},
        _by_system(evaluation.before),
        _by_system(evaluation.raised),
        _reviews(evaluation),
    )
    return {now.id: _system_change(now, sides, evaluation) for now in evaluation.now}


class _Sides(NamedTuple):
    """Both sides of an evaluation, by the ids of systems."""

    was: Mapping[str, Facts]
    declared: Mapping[str, Facts]
    before: Mapping[str | None, Mapping[OutcomeKey, Outcome]]
    raised: Mapping[str | None, Mapping[OutcomeKey, Outcome]]
    reviews: Mapping[str | None, Reviewed]


def _system_change(now: Facts, sides: _Sides, evaluation: Evaluation) -> SystemChange:
    was, declared = sides.was.get(now.id), sides.declared.get(now.id)
    changes = evaluation.changes_by_system.get(now.id, ())
    content = content_parts(declared or now)
    presence = _presence(was, declared, changes, content)
    reviewed = sides.reviews.get(now.id, Reviewed({}, {}))
    return SystemChange(
        now.id,
        presence,
        was,
        declared,
        now,
        changes,
        entered=_entered(presence, was, now, reviewed, evaluation.policy),
        before=sides.before.get(now.id, {}),
        raised=sides.raised.get(now.id, {}),
        content=content,
        reviewed=reviewed,
    )


def _by_system(outcomes: tuple[Outcome, ...]) -> dict[str | None, dict[OutcomeKey, Outcome]]:
    found: dict[str | None, dict[OutcomeKey, Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.system, {})[outcome.key] = outcome
    return found


def _presence(
    was: Facts | None,
    declared: Facts | None,
    changes: tuple[Change, ...],
    content: tuple[tuple[str, str], ...],
) -> Presence:
    if was is None:
        return "enrolled" if any(change.kind == "system-enrolled" for change in changes) else "added"
    if declared is None:
        return "removed"
    if changes or (was is not declared and content_parts(was) != content):
        return "changed"
    return "unchanged"


def _reviews(evaluation: Evaluation) -> dict[str | None, Reviewed]:
    """Per system, when each of its reviews was last held; one that only a raise asks for by base's own documents."""
    dates: dict[str | None, tuple[dict[str, date], dict[str, date]]] = {}
    for side, outcomes in ((0, evaluation.raised), (0, evaluation.before), (1, evaluation.after)):
        for outcome in outcomes:
            if outcome.reviewed is not None:
                dates.setdefault(outcome.system, ({}, {}))[side][outcome.rule.id] = outcome.reviewed
    return {system: Reviewed(was, now) for system, (was, now) in dates.items()}


def _entered(presence: Presence, was: Facts | None, now: Facts, reviewed: Reviewed, policy: RuleSet) -> tuple[str, ...]:
    if presence in ("unchanged", "enrolled", "removed"):
        return ()
    entered = entered_gates(policy, was, now, reviewed)
    if _outgrows_its_gates(was, now):
        reclassifies = (gate.id for gate in policy.gates.values() if gate.entered_by == "reclassification")
        return tuple(dict.fromkeys((*entered, *reclassifies)))
    return entered


def _outgrows_its_gates(was: Facts | None, now: Facts) -> bool:
    """Whether it moves on with a tier above the one at which the gates behind it were passed (D43)."""
    if was is None or tier_rank(now.tier) <= tier_rank(was.tier):
        return False
    return stage_rank(was.stage) > 0 and _is_promotion(was, now)

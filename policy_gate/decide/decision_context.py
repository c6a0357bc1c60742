"""Everything that one decision looks at: the evaluation, where each system stands, what was weighed, the people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from policy_gate.decide.blame import weigh
from policy_gate.decide.system_change import SystemChange, system_changes
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.schema.approval_subject import ApprovalSubject
from policy_gate.schema.change import Change
from policy_gate.schema.check_inputs import CheckOptions
from policy_gate.schema.evaluation import Evaluation
from policy_gate.schema.people import People
from policy_gate.schema.rule_set import RuleSet


class DecisionContext(Struct, frozen=True, dict=True):
    """What a decision has come to so far: outcomes with their blame, and what claims are checked against.

    `systems` are all systems of base and result by id, in the order of the evaluation, judged or not. `people` are
    nobody until somebody is asked.
    """

    evaluation: Evaluation
    options: CheckOptions
    systems: Mapping[str, SystemChange]
    weighed: tuple[WeighedOutcome, ...]
    people: People = People()

    @property
    def policy(self) -> RuleSet:
        return self.evaluation.policy

    @cached_property
    def by_system(self) -> Mapping[str | None, Sequence[WeighedOutcome]]:
        """What was judged of each system, in order; None for what is about the repository."""
        found: dict[str | None, list[WeighedOutcome]] = {}
        for item in self.weighed:
            found.setdefault(item.system, []).append(item)
        return found

    @cached_property
    def subjects(self) -> dict[tuple[str | None, str], ApprovalSubject]:
        """The subjects that were worked out for `weighed`, by system and what they are for: each is worked out once."""
        return {}

    @property
    def asked_for(self) -> tuple[SystemChange, ...]:
        """All systems, or with --system those that it names."""
        only = self.options.only
        return tuple(place for place in self.systems.values() if not only or place.id in only)

    def changes_of(self, system_change: SystemChange | None) -> tuple[Change, ...]:
        """The changes of a system, or those of the repository."""
        if system_change is not None:
            return system_change.changes
        return self.evaluation.changes_by_system.get(None, ())


def blamed(evaluation: Evaluation, options: CheckOptions) -> DecisionContext:
    """Where each system stands, and every outcome with its blame, before anybody is heard."""
    systems = system_changes(evaluation)
    weighed = []
    for outcome in evaluation.after:
        system_change = systems.get(outcome.system) if outcome.system is not None else None
        item = weigh(outcome, system_change, evaluation.policy, options)
        if _concerns(item, options, evaluation.policy):
            weighed.append(item)
    return DecisionContext(evaluation, options, systems, tuple(weighed))


def _concerns(item: WeighedOutcome, options: CheckOptions, policy: RuleSet) -> bool:
    """Of a system that left, only its leaving is judged; with --system only those asked for."""
    system_change = item.system_change
    if system_change is None:
        return not options.only
    if options.only and system_change.id not in options.only:
        return False
    if system_change.presence != "removed":
        return True
    if item.outcome.rule.for_each == "change":
        return True
    gate = policy.gates.get(item.gate or "")
    return gate is not None and gate.to == "decommissioned"

"""Reviews that recur: when the next one falls due (D06)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from policy_gate.evaluate.dates import DateFault
from policy_gate.schema.dates import is_to_come
from policy_gate.schema.facts import Facts
from policy_gate.schema.rule import Requirement, Rule
from policy_gate.schema.rule_set import RuleSet


def completed_on(artifact: str, facts: Facts, policy: RuleSet, today: date) -> date | None:
    """When an artifact, or the newest of those that count as it, was completed.

    A day before the stage speaks of something else, and one that has not come yet is no date (D52).
    """
    known = (artifact, *policy.artifacts[artifact].satisfied_by)
    dates = [facts.artifacts[item].completed for item in known if item in facts.artifacts]
    start = live_since(facts)
    held = (day for day in dates if day is not None and not is_to_come(day, today))
    return max((day for day in held if start is None or day >= start), default=None)


def live_since(facts: Facts) -> date | None:
    """The first day that a review can speak of; None where nobody says it, or where the stage began after the use."""
    return facts.declared.entry.stage_since if facts.stage == "production" else None


def not_held(rule: Rule, completed: date | None, facts: Facts, today: date) -> DateFault | None:
    """Why a paper of this date does not hold a recurring review; None where it does, or where nothing recurs (D52)."""
    if not rule.recurring or facts.tier not in rule.recurring:
        return None
    period, start = rule.recurring[facts.tier], live_since(facts)
    if completed is None:
        return DateFault("undated", "no completed date", "`completed: YYYY-MM-DD`, from which the next review counts")
    if start is not None and completed < start:
        return DateFault("stale", f"completed {completed}", f"a look since the stage began on {start}")
    until = period.after(completed)
    if until < today:
        return DateFault(
            "stale", f"completed {completed}", f"a look {period.every}: the last one counted until {until}"
        )
    return None


def oldest_completed(
    requirements: Sequence[Requirement], facts: Facts, policy: RuleSet, values: Mapping[str, Any], today: date
) -> date | None:
    """The oldest date among the artifacts of a review that are asked of the system; None while one has none.

    What is not applicable, by its condition in `values` or by the manifest's word where that may be, dates nothing.
    """
    dates = [it for requirement in requirements for it in _dates_of(requirement, facts, policy, values, today)]
    known = [day for day in dates if day is not None]
    return min(known) if known and len(known) == len(dates) else None


def _dates_of(
    requirement: Requirement, facts: Facts, policy: RuleSet, values: Mapping[str, Any], today: date
) -> list[date | None]:
    """The dates that a requirement adds; of alternatives with artifacts, the newest one."""
    if any(condition.truth(values).value is False for condition in requirement.when):
        return []
    claimed = {claim.id for claim in facts.declared.entry.not_applicable}
    if requirement.may_be_not_applicable and not claimed.isdisjoint(requirement.subjects):
        return []
    if requirement.kind == "artifact":
        return [completed_on(requirement.subject, facts, policy, today)]
    others = [it for part in requirement.alternatives for it in _dates_of(part, facts, policy, values, today)]
    return [max((day for day in others if day is not None), default=None)] if others else []


def review_due(rule: Rule, facts: Facts, today: date, oldest: date | None) -> date:
    """When the review falls due, counted from its oldest artifact, else stage_since, else enrolled.

    At once where there is nothing to count from but a stage long held.
    """
    entry = facts.declared.entry
    known = (day for day in (oldest, entry.stage_since, entry.enrolled) if day is not None)
    anchor = next((day for day in known if not is_to_come(day, today)), None)
    if anchor is None and facts.from_stage != facts.stage:
        anchor = today
    period = rule.recurring[facts.tier] if rule.recurring and facts.tier in rule.recurring else None
    if anchor is None or period is None:
        return today
    return period.after(anchor)

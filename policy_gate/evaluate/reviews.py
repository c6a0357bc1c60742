"""Reviews that recur: when the next one falls due (D06)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from policy_gate.evaluate.dates import DateFault
from policy_gate.schema.facts import Facts
from policy_gate.schema.rule_set import Requirement, Rule, RuleSet


def artifact_ids(requirements: tuple[Requirement, ...]) -> Iterator[str]:
    """The artifacts that requirements name, alternatives included, in order."""
    for requirement in requirements:
        if requirement.kind == "artifact":
            yield requirement.subject
        yield from artifact_ids(requirement.alternatives)


def completed_on(artifact: str, facts: Facts, policy: RuleSet) -> date | None:
    """When an artifact, or the newest of those that count as it, was completed; what is older than the stage is not."""
    known = (artifact, *policy.artifacts[artifact].satisfied_by)
    dates = [facts.artifacts[item].completed for item in known if item in facts.artifacts]
    start = live_since(facts)
    return max((day for day in dates if day is not None and (start is None or day >= start)), default=None)


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
            "stale", f"completed {completed}", f"a look every {period}: the last one counted until {until}"
        )
    return None


def oldest_completed(rule: Rule, facts: Facts, policy: RuleSet) -> date | None:
    """The oldest date among the artifacts of a review, or None while one of them has none."""
    dates = [completed_on(artifact, facts, policy) for artifact in dict.fromkeys(artifact_ids(rule.requirements))]
    known = [day for day in dates if day is not None]
    return min(known) if known and len(known) == len(dates) else None


def review_anchor(rule: Rule, facts: Facts, policy: RuleSet) -> date | None:
    """The date a review counts from: its oldest artifact, else stage_since, else enrolled, else None."""
    entry = facts.declared.entry
    return oldest_completed(rule, facts, policy) or entry.stage_since or entry.enrolled


def review_due(rule: Rule, facts: Facts, today: date, policy: RuleSet) -> date:
    """When the review falls due; at once where there is nothing to count from but a stage long held."""
    anchor = review_anchor(rule, facts, policy)
    if anchor is None and facts.from_stage != facts.stage:
        anchor = today
    period = rule.recurring[facts.tier] if rule.recurring and facts.tier in rule.recurring else None
    if anchor is None or period is None:
        return today
    return period.after(anchor)

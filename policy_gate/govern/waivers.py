"""Waivers of base: owned, dated, approved permissions, applied after the rule was evaluated (T25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from policy_gate.govern.judged import Judged
from policy_gate.schema.documents import Waiver, Waivers
from policy_gate.schema.law import RuleSet
from policy_gate.schema.people import People
from policy_gate.schema.source import Document


def apply_waivers(
    judged: Sequence[Judged], waivers: Document[Waivers] | None, law: RuleSet, people: People, today: date
) -> tuple[tuple[Judged, ...], tuple[str, ...]]:
    """The judged outcomes with those waived marked so, and a note on every waiver that does not hold."""
    if waivers is None:
        return tuple(judged), ()
    found = list(judged)
    notes: list[str] = []
    for waiver in waivers.content.waivers:
        touched = [index for index, item in enumerate(found) if _is_about(waiver, item)]
        why = _refusal(waiver, [found[index] for index in touched], law, people, today)
        if why:
            notes.append(f"waiver of {waiver.rule} for {waiver.system} does not hold: {why}")
            continue
        for index in touched:
            outcome = found[index].outcome.become("waived")
            text = f"{waiver.owner}, until {waiver.expires}: {waiver.reason}"
            found[index] = replace(found[index], outcome=outcome, waiver=text)
    return tuple(found), tuple(notes)


def _is_about(waiver: Waiver, item: Judged) -> bool:
    outcome = item.outcome
    return (
        outcome.system == waiver.system
        and outcome.rule.id == waiver.rule
        and waiver.subject in (None, outcome.requirement.subject)
        and outcome.state in ("gap", "unknown")
    )


def _refusal(waiver: Waiver, touched: Sequence[Judged], law: RuleSet, people: People, today: date) -> str:
    if not touched:
        return "nothing it names is missing" if waiver.expires >= today else f"it expired on {waiver.expires}"
    if not all(item.outcome.rule.waivable for item in touched):
        return "this rule cannot be waived"
    if waiver.expires < today:
        return f"it expired on {waiver.expires}"
    if waiver.created > today:
        return f"it is dated {waiver.created}, which is in the future"
    standing = touched[0].standing
    tier = standing.now.tier if standing else "critical"
    longest = law.waiver_periods[tier].after(waiver.created)
    if waiver.expires > longest:
        return f"it runs longer than {law.waiver_periods[tier]}, the most for tier {tier}"
    if waiver.owner.casefold() == waiver.approver.casefold():
        return "its owner approved it alone"
    return "" if _may_approve(waiver, people) else f"{waiver.approver} holds no role in base that approves waivers"


def _may_approve(waiver: Waiver, people: People) -> bool:
    name = waiver.approver.casefold()
    for role in ("ai-safety-lead", "ai-governance-committee"):
        for person in people.holders(role):
            if name in {(person.email or "").casefold(), person.name.casefold()} - {""}:
                return True
    return False

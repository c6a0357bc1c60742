"""Blame follows the change: what is introduced, inherited or overdue, and when debt falls due (D21, D22)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from policy_gate.decide.signed_papers import is_about_rewriting, is_taken_back, was_signed
from policy_gate.decide.system_change import SystemChange
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.schema.check_inputs import CheckOptions
from policy_gate.schema.dates import Instant, Period
from policy_gate.schema.finding import Outcome
from policy_gate.schema.rule import Rule
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.rule_targets import TODAY
from policy_gate.schema.vocabulary import TIERS, Blame, cause_rank, tier_rank


def weigh(
    outcome: Outcome, system_change: SystemChange | None, policy: RuleSet, options: CheckOptions
) -> WeighedOutcome:
    """Whether this change is asked for the thing, who is to blame where it is missing, and its due date."""
    if system_change is None:
        own: Blame | None = "introduced" if outcome.state in ("gap", "unknown") else None
        return WeighedOutcome(outcome, None, own, outcome.due, enforcement=outcome.rule.enforcement)
    if is_about_rewriting(outcome) and not was_signed(outcome, system_change, policy):
        outcome = outcome.become("not-applicable", seen="no gate has counted it as it was")
    gate = gate_of(outcome.rule)
    asked = gate is None or (gate in system_change.entered and options.mode != "adoption")
    enforcement = outcome.rule.enforcement
    if outcome.event and not asked:
        review = next((name for name in system_change.entered if policy.is_reclassification(name)), None)
        if review is None or options.mode == "adoption" or outcome.rule.recurring is not None:
            settled = outcome.become("not-applicable", seen="judged when its gate was entered")
            return WeighedOutcome(settled, system_change, gate=gate, enforcement=enforcement)
        gate, asked = review, True
    if outcome.event and outcome.rule.recurring is not None:
        enforcement = "block"
    if outcome.state not in ("gap", "unknown"):
        return WeighedOutcome(outcome, system_change, None, outcome.due, gate, asked, enforcement)
    blame, due = _blame(outcome, system_change, asked, policy, options)
    if blame == "introduced" and gate is not None and not asked and is_taken_back(outcome, system_change, policy):
        enforcement = "block"
    return WeighedOutcome(outcome, system_change, blame, due, gate, asked, enforcement)


def gate_of(rule: Rule) -> str | None:
    """The gate or review at which a rule's wishes are due; None for rules that are no gate's."""
    if rule.kind == "gate":
        return rule.id
    if rule.kind == "control":
        return rule.gate or rule.id
    if rule.kind == "law":
        return rule.gate
    return None


def _blame(
    outcome: Outcome, system_change: SystemChange, asked: bool, policy: RuleSet, options: CheckOptions
) -> tuple[Blame, date | None]:
    """Whose gap it is. What somebody must vouch for is never debt: once in base, it stands as vouched for (D05)."""
    introduced: tuple[Blame, date | None] = ("introduced", None)
    is_about_the_change = outcome.rule.for_each == "change"
    if options.mode == "adoption" or system_change.presence == "enrolled":
        if (is_about_the_change or outcome.is_vouchable) and options.mode != "adoption":
            return introduced
        if not outcome.rule.may_be_debt:
            return introduced
        return _debt(outcome, system_change, policy, options.as_of)
    if options.mode == "all":
        return _lasting(outcome, system_change, policy, options.as_of)
    if is_about_the_change or system_change.presence in ("added", "removed") or outcome.is_vouchable:
        return introduced
    if outcome.rule.recurring is not None and not outcome.event:
        return _recurring(outcome, system_change, options.as_of)
    if asked and gate_of(outcome.rule) is not None:
        return introduced
    if is_inherited(outcome, system_change) or _is_review_to_come(outcome, system_change, policy):
        return _lasting(outcome, system_change, policy, options.as_of)
    raised = system_change.raised.get(outcome.key)
    if system_change.is_raised and raised is not None and _is_no_better(raised, outcome) and outcome.rule.may_be_debt:
        return _debt(outcome, system_change, policy, options.as_of)
    return introduced


def _lasting(
    outcome: Outcome, system_change: SystemChange, policy: RuleSet, as_of: Instant
) -> tuple[Blame, date | None]:
    """A gap that base has too: debt, unless it may be none; then it is due since its rule took effect (D52)."""
    if outcome.rule.may_be_debt or outcome.state != "gap":
        return _debt(outcome, system_change, policy, as_of)
    if _is_ended(outcome, system_change, as_of):
        return "inherited", outcome.rule.effective
    return "overdue", outcome.rule.effective or as_of.date()


def _is_ended(outcome: Outcome, system_change: SystemChange, as_of: Instant) -> bool:
    """Whether the change itself ends it: it retires the system, or takes back what base's held value still says."""
    declared = system_change.declared
    if system_change.is_retirement:
        return True
    if declared is None or declared is system_change.now or outcome.rule.when is None:
        return False
    return outcome.rule.when.truth({**declared.values, TODAY: as_of.date().isoformat()}).value is False


def is_inherited(outcome: Outcome, system_change: SystemChange) -> bool:
    """Base had the same gap, under the same rules and date, and no better cause for it."""
    before = system_change.before.get(outcome.key)
    return before is not None and _is_no_better(before, outcome) and not _is_worsened(outcome, system_change)


def _is_worsened(outcome: Outcome, system_change: SystemChange) -> bool:
    """A number that missed its limit in base and misses it by more now."""
    if outcome.rule.for_each != "metric":
        return False
    fallen = {change.field.casefold() for change in system_change.changes if change.kind == "metric-regressed"}
    return outcome.instance.casefold() in fallen


def _is_no_better(before: Outcome, outcome: Outcome) -> bool:
    """What somebody vouched for in base was no gap there, though it cannot be read."""
    if before.state not in ("gap", "unknown") or before.is_vouchable:
        return False
    return cause_rank(before.cause) >= cause_rank(outcome.cause)


def _is_review_to_come(outcome: Outcome, system_change: SystemChange, policy: RuleSet) -> bool:
    """The look that a raised system owes again: its date is set by the raising itself (D43)."""
    if not policy.is_reclassification(gate_of(outcome.rule)):
        return False
    return outcome.cause in ("stale", "false") or outcome.key not in system_change.before


def _recurring(outcome: Outcome, system_change: SystemChange, as_of: Instant) -> tuple[Blame, date | None]:
    """A review that is due is debt, also where base's own was not yet due; a vanished one is not."""
    before = system_change.before.get(outcome.key)
    if before is not None and before.state == "met" and outcome.cause != "stale":
        return "introduced", None
    due = outcome.due or as_of.date()
    return ("overdue" if due < as_of.date() else "inherited"), due


def _debt(outcome: Outcome, system_change: SystemChange, policy: RuleSet, as_of: Instant) -> tuple[Blame, date | None]:
    if outcome.rule.enforcement == "advise":
        return "inherited", None
    due = due_date(outcome, system_change, policy)
    today = as_of.date()
    if due is None:
        return "overdue", today
    # What lapsed since is late since its own day. That day has passed, so that what is overdue stays so.
    due = max([due, *(day for day in _held_against_today(outcome, system_change) if day < today)])
    return ("overdue" if due < today else "inherited"), due


def due_date(outcome: Outcome, system_change: SystemChange, policy: RuleSet) -> date | None:
    """When an inherited gap falls due; None where it has no start and so is due at once (D22)."""
    entry, tier = system_change.now.declared.entry, system_change.now.tier
    if outcome.due is not None:
        return outcome.due
    starts: list[tuple[date, Period]] = []
    reclassified = _reclassified(outcome, system_change, policy)
    if reclassified and system_change.is_promotion:
        return None
    if entry.enrolled:
        starts.append((entry.enrolled, policy.debt.enrolment[tier]))
    if reclassified:
        starts.append((reclassified, policy.debt.reclassification[tier]))
    if outcome.rule.effective:
        starts.append((outcome.rule.effective, policy.debt.effective[tier]))
    expired = _expired_on(outcome, system_change, policy)
    if expired:
        starts.append((expired, policy.debt.expiry[tier]))
    return max((period.after(start) for start, period in starts), default=None)


def _held_against_today(outcome: Outcome, system_change: SystemChange) -> Iterator[date]:
    """Of a statement about today, the days that it names: it may have been no gap before they had passed."""
    condition, now = outcome.requirement.condition, system_change.now
    names = (condition.names or ()) if condition is not None else ()
    if TODAY not in names:
        return
    vendor = next((it for it in now.vendors if it.get("vendor.id") == outcome.instance), {})
    for value in ({**now.values, **vendor}.get(name) for name in names if name != TODAY):
        with suppress(ValueError, TypeError):
            yield date.fromisoformat(value)  # type: ignore[arg-type]


def _reclassified(outcome: Outcome, system_change: SystemChange, policy: RuleSet) -> date | None:
    """The raise that a gap comes from, if any; what base already lacked keeps base's date (D21).

    Such a gap waits for its date, but not beyond the next promotion.
    """
    raised = system_change.now.declared.entry.reclassified
    if outcome.key not in system_change.before:
        return raised
    if system_change.was is not None and system_change.before[outcome.key].state in ("gap", "unknown"):
        raised = system_change.was.declared.entry.reclassified
    is_review = policy.is_reclassification(gate_of(outcome.rule))
    return raised if is_review or _is_new_with_tier(outcome.rule, system_change.now.tier) else None


def _is_new_with_tier(rule: Rule, tier: str) -> bool:
    """Whether the tier below does not want it: a reclassification then explains the gap. A plain rule has no tiers."""
    if tier_rank(tier) == 0:
        return rule.kind == "rule"
    below = TIERS[tier_rank(tier) - 1]
    return below not in rule.tiers


def _expired_on(outcome: Outcome, system_change: SystemChange, policy: RuleSet) -> date | None:
    if outcome.cause != "stale" or policy.is_reclassification(gate_of(outcome.rule)):
        return None
    facts, subject, tier = system_change.now, outcome.requirement.subject, system_change.now.tier
    fact = facts.artifacts.get(subject) or facts.tests.get(subject)
    spec = policy.artifacts.get(subject) or policy.tests.get(subject)
    if fact is None or fact.completed is None or spec is None:
        return None
    allowed = (outcome.requirement.max_age or spec.max_age or {}).get(tier)
    return allowed.after(fact.completed) if allowed else None

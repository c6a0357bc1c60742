"""Blame follows the change: what is introduced, inherited or overdue, and when debt falls due (D21, D22)."""

from __future__ import annotations

from datetime import date

from policy_gate.govern.judged import Judged
from policy_gate.govern.standing import Standing
from policy_gate.schema.dates import Instant, Period
from policy_gate.schema.finding import Outcome
from policy_gate.schema.law import Rule, RuleSet
from policy_gate.schema.papers import Terms
from policy_gate.schema.vocabulary import CAUSE_RANK, TIERS, Blame, tier_rank

RECLASSIFICATION_REVIEW = "reclassification-review"


def judge(outcome: Outcome, standing: Standing | None, law: RuleSet, terms: Terms) -> Judged:
    """Whether this change is asked for the thing, who is to blame where it is missing, and its due date."""
    if standing is None:
        return Judged(outcome, None, "introduced", asked=True, enforcement=outcome.rule.enforcement)
    gate = gate_of(outcome.rule)
    asked = gate is None or (gate in standing.entered and terms.mode != "adoption")
    enforcement = outcome.rule.enforcement
    if outcome.event and not asked:
        reviews = RECLASSIFICATION_REVIEW in standing.entered and terms.mode != "adoption"
        if not reviews or outcome.rule.recurring is not None:
            settled = outcome.become("not-applicable", seen="judged when its gate was entered")
            return Judged(settled, standing, gate=gate, enforcement=enforcement)
        gate, asked = RECLASSIFICATION_REVIEW, True
    if outcome.event and outcome.rule.recurring is not None:
        enforcement = "block"
    if outcome.state not in ("gap", "unknown"):
        return Judged(outcome, standing, None, outcome.due, gate, asked, enforcement)
    blame, due = _blame(outcome, standing, asked, law, terms)
    return Judged(outcome, standing, blame, due, gate, asked, enforcement)


def gate_of(rule: Rule) -> str | None:
    """The gate or review at which a rule's wishes are due; None for rules that are no gate's."""
    if rule.kind == "gate":
        return rule.id
    if rule.kind == "control":
        return rule.gate or rule.id
    return None


def _blame(outcome: Outcome, standing: Standing, asked: bool, law: RuleSet, terms: Terms) -> tuple[Blame, date | None]:
    """Whose gap it is. What somebody must vouch for is never debt: once in base, it stands as vouched for (D05)."""
    introduced: tuple[Blame, date | None] = ("introduced", None)
    is_about_the_change = outcome.rule.for_each == "change"
    if terms.mode == "adoption" or standing.presence == "enrolled":
        if (is_about_the_change or outcome.is_vouchable) and terms.mode != "adoption":
            return introduced
        if not outcome.rule.may_be_debt:
            return introduced
        return _debt(outcome, standing, law, terms.as_of)
    if terms.mode == "all":
        return _debt(outcome, standing, law, terms.as_of)
    if is_about_the_change or standing.presence in ("added", "removed") or outcome.is_vouchable:
        return introduced
    if outcome.rule.recurring is not None and not outcome.event:
        return _recurring(outcome, standing, terms.as_of)
    if asked and gate_of(outcome.rule) is not None:
        return introduced
    if is_inherited(outcome, standing) or _is_review_to_come(outcome, standing):
        return _debt(outcome, standing, law, terms.as_of)
    raised = standing.raised.get(outcome.key)
    if standing.is_raised and raised is not None and _is_no_better(raised, outcome) and outcome.rule.may_be_debt:
        return _debt(outcome, standing, law, terms.as_of)
    return introduced


def is_inherited(outcome: Outcome, standing: Standing) -> bool:
    """Base had the same gap, under the same rules and date, and no better cause for it."""
    before = standing.before.get(outcome.key)
    return before is not None and _is_no_better(before, outcome) and not _is_worsened(outcome, standing)


def _is_worsened(outcome: Outcome, standing: Standing) -> bool:
    """A number that missed its limit in base and misses it by more now."""
    if outcome.rule.for_each != "metric":
        return False
    fallen = {change.field.casefold() for change in standing.changes if change.kind == "metric-regressed"}
    return outcome.instance.casefold() in fallen


def _is_no_better(before: Outcome, outcome: Outcome) -> bool:
    """What somebody vouched for in base was no gap there, though it cannot be read."""
    if before.state not in ("gap", "unknown") or before.needs_attestation or before.claims_not_applicable:
        return False
    return CAUSE_RANK[before.cause or "unknown"] >= CAUSE_RANK[outcome.cause or "unknown"]


def _is_review_to_come(outcome: Outcome, standing: Standing) -> bool:
    """The look that a raised system owes again: its date is set by the raising itself (D43)."""
    if gate_of(outcome.rule) != RECLASSIFICATION_REVIEW:
        return False
    return outcome.cause == "stale" or outcome.key not in standing.before


def _recurring(outcome: Outcome, standing: Standing, as_of: Instant) -> tuple[Blame, date | None]:
    """A review that is due is debt, also where base's own was not yet due; a vanished one is not."""
    before = standing.before.get(outcome.key)
    if before is not None and before.state == "met" and outcome.cause != "stale":
        return "introduced", None
    due = outcome.due or as_of.date()
    return ("overdue" if due < as_of.date() else "inherited"), due


def _debt(outcome: Outcome, standing: Standing, law: RuleSet, as_of: Instant) -> tuple[Blame, date | None]:
    if outcome.rule.enforcement == "advise":
        return "inherited", None
    due = due_date(outcome, standing, law)
    today = as_of.date()
    if due is None:
        return "overdue", today
    return ("overdue" if due < today else "inherited"), due


def due_date(outcome: Outcome, standing: Standing, law: RuleSet) -> date | None:
    """When an inherited gap falls due; None where it has no start and so is due at once (D22)."""
    entry, tier = standing.now.declared.entry, standing.now.tier
    if outcome.due is not None:
        return outcome.due
    starts: list[tuple[date, Period]] = []
    reclassified = _reclassified(outcome, standing, law)
    if reclassified and standing.is_promotion:
        return None
    if entry.enrolled:
        starts.append((entry.enrolled, law.debt.enrolment[tier]))
    if reclassified:
        starts.append((reclassified, law.debt.reclassification[tier]))
    if outcome.rule.effective:
        starts.append((outcome.rule.effective, law.debt.effective[tier]))
    expired = _expired_on(outcome, standing, law)
    if expired:
        starts.append((expired, law.debt.expiry[tier]))
    return max((period.after(start) for start, period in starts), default=None)


def _reclassified(outcome: Outcome, standing: Standing, law: RuleSet) -> date | None:
    """The raise that a gap comes from, if any; what base already lacked keeps base's date (D21).

    Such a gap waits for its date, but not beyond the next promotion.
    """
    raised = standing.now.declared.entry.reclassified
    if outcome.key not in standing.before:
        return raised
    if is_inherited(outcome, standing) and standing.was is not None:
        raised = standing.was.declared.entry.reclassified
    is_review = gate_of(outcome.rule) == RECLASSIFICATION_REVIEW
    return raised if is_review or _is_new_with_tier(outcome.rule, standing.now.tier, law) else None


def _is_new_with_tier(rule: Rule, tier: str, law: RuleSet) -> bool:
    """Whether the tier below does not want it: a reclassification then explains the gap."""
    if rule.kind == "rule" or tier_rank(tier) == 0:
        return rule.kind == "rule"
    below = TIERS[tier_rank(tier) - 1]
    return below not in rule.tiers if rule.kind == "gate" else rule.id not in law.demanded[below]


def _expired_on(outcome: Outcome, standing: Standing, law: RuleSet) -> date | None:
    if outcome.cause != "stale" or gate_of(outcome.rule) == RECLASSIFICATION_REVIEW:
        return None
    facts, subject, tier = standing.now, outcome.requirement.subject, standing.now.tier
    fact = facts.artifacts.get(subject) or facts.tests.get(subject)
    spec = law.artifacts.get(subject) or law.tests.get(subject)
    if fact is None or fact.completed is None or spec is None:
        return None
    allowed = outcome.requirement.max_age.get(tier) if outcome.requirement.max_age else None
    if allowed is None and spec.max_age is not None:
        text = spec.max_age if isinstance(spec.max_age, str) else dict(spec.max_age).get(tier)
        allowed = Period.parse(text) if text else None
    return allowed.after(fact.completed) if allowed else None

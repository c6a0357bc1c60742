"""D21, D22: whose gap it is, guard by guard, and when what is nobody's fault here falls due."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from decision_world import RULES, day, facts, options, system_change, with_artifact, with_entry, with_test
from msgspec.structs import replace

from policy_gate.decide.blame import due_date, gate_of, is_inherited, weigh
from policy_gate.decide.system_change import SystemChange
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.schema.change import Change
from policy_gate.schema.facts import Facts
from policy_gate.schema.finding import Outcome
from policy_gate.schema.rule import Rule
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.vocabulary import CAUSE_RANK, TIERS

GATE = "pre-deployment-security-review"
CONTROL = "red-team-engagement"
PLAIN = "incident-contact"
OF_CHANGE = "use-case-change"
NO_DEBT = "prohibited-practice"
REVIEW = "annual-production-review"
AGAIN = "reclassification-review"
SYSTEM = facts(stage="production")


def rule(id_: str) -> Rule:
    (found,) = [item for item in RULES.rules if item.id == id_]
    return found


def gap(rule_id: str = PLAIN, kind: str = "", cause: Any = "absent", **fields: Any) -> Outcome:
    """An open outcome of a rule's first requirement, or of its first of a kind."""
    found = rule(rule_id)
    want = next(item for item in found.requirements if kind in ("", item.kind))
    state = fields.pop("state", "gap")
    event = found.kind != "rule" and want.kind in ("approval", "test")
    return Outcome("CASE", found, want, fields.pop("instance", ""), state, cause, event=event, **fields)


def at(before: Outcome | None = None, now: Facts = SYSTEM, **fields: Any) -> SystemChange:
    """Where a system stands that base holds, with what base lacked already."""
    was = fields.pop("was", now)
    known = {before.key: before} if before else {}
    return system_change(now, was, before=known, **fields)


def ruled(outcome: Outcome, place: SystemChange | None, rules: RuleSet = RULES, **on: Any) -> WeighedOutcome:
    return weigh(outcome, place, rules, options(**on))


def blame(outcome: Outcome, place: SystemChange | None, rules: RuleSet = RULES, **on: Any) -> str | None:
    return ruled(outcome, place, rules, **on).blame


RAISING = (Change("tier-raised", "CASE", "tier", "medium", "high", raising=True),)


@pytest.mark.parametrize(
    ("why", "outcome", "place", "mode", "expected"),
    [
        # What no system is about is always this change's.
        ("a change of the repository", gap(OF_CHANGE, instance="x"), None, "change", "introduced"),
        # Adoption and enrolment: debt, less what is about the change or hangs on somebody's word.
        ("adoption: debt", gap(), at(), "adoption", "overdue"),
        ("adoption: also what is about the change", gap(OF_CHANGE), at(), "adoption", "overdue"),
        ("adoption: also what is vouched for", gap(needs_attestation="a"), at(), "adoption", "overdue"),
        ("adoption: what may be no debt is none", gap(NO_DEBT), at(gap(NO_DEBT)), "adoption", "introduced"),
        ("enrolled: debt", gap(), at(presence="enrolled"), "change", "overdue"),
        ("enrolled: not what is about the change", gap(OF_CHANGE), at(presence="enrolled"), "change", "introduced"),
        ("enrolled: not what is vouched for", gap(needs_attestation="a"), at(presence="enrolled"), "change",
         "introduced"),
        ("enrolled: not what may be no debt", gap(NO_DEBT), at(presence="enrolled"), "change", "introduced"),
        # The full check blames nobody.
        ("everything: debt", gap(), at(), "all", "overdue"),
        ("everything: also of what was added", gap(), at(presence="added"), "all", "overdue"),
        ("everything: also what may be no debt", gap(NO_DEBT), at(), "all", "overdue"),
        # A change: the rules about it, and what comes or goes, are its own whatever base lacked.
        ("about the change", gap(OF_CHANGE), at(gap(OF_CHANGE)), "change", "introduced"),
        ("added", gap(), at(gap(), presence="added"), "change", "introduced"),
        ("removed", gap(), at(gap(), presence="removed"), "change", "introduced"),
        ("vouched for: held elsewhere", gap(needs_attestation="a"), at(gap(needs_attestation="a")), "change",
         "introduced"),
        ("vouched for: no concern", gap(claims_not_applicable="n"), at(gap(claims_not_applicable="n")), "change",
         "introduced"),
        # An entered gate wants it whatever base lacked; one that is only owed does not.
        ("the gate is entered", gap(GATE), at(gap(GATE), entered=(GATE,)), "change", "introduced"),
        ("its control is due at it", gap(CONTROL), at(gap(CONTROL), entered=(GATE,)), "change", "introduced"),
        ("the gate is owed", gap(GATE), at(gap(GATE)), "change", "overdue"),
        ("a rule is no gate's", gap(), at(gap(), entered=(GATE,)), "change", "overdue"),
        # Base had the same gap, or none.
        ("base had it", gap(), at(gap()), "change", "overdue"),
        ("base had it as unknown", gap(), at(gap(state="unknown", cause="unknown")), "change", "overdue"),
        ("base had none", gap(), at(), "change", "introduced"),
        ("base had it met", gap(), at(gap(state="met", cause=None)), "change", "introduced"),
        ("base had it waived", gap(), at(gap(state="waived")), "change", "introduced"),
        ("base had it upcoming", gap(), at(gap(state="upcoming")), "change", "introduced"),
        # What the change raised, and told the truth about, is debt.
        ("raised, and base's evidence lacks it too", gap(), at(changes=RAISING, raised={gap().key: gap()}), "change",
         "overdue"),
        ("raised, and base's evidence has it", gap(), at(changes=RAISING), "change", "introduced"),
        ("raised, and base's is better", gap(), at(changes=RAISING, raised={gap().key: gap(cause="stale")}), "change",
         "introduced"),
        ("raised by nothing", gap(), at(raised={gap().key: gap()}), "change", "introduced"),
        ("raised, but may be no debt", gap(NO_DEBT), at(changes=RAISING, raised={gap(NO_DEBT).key: gap(NO_DEBT)}),
         "change", "introduced"),
        # The look that a raised system owes again.
        ("the look again is new", gap(AGAIN), at(), "change", "overdue"),
        ("the look again is old", gap(AGAIN, cause="stale"), at(gap(AGAIN, state="met", cause=None)), "change",
         "overdue"),
        ("the look again was there", gap(AGAIN), at(gap(AGAIN, state="met", cause=None)), "change", "introduced"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)  # fmt: skip
def test_d21_each_guard_of_blame(
    why: str, outcome: Outcome, place: SystemChange | None, mode: str, expected: str
) -> None:
    assert blame(outcome, place, mode=mode) == expected, why


@pytest.mark.parametrize("before", CAUSE_RANK)
def test_d21_a_gap_is_inherited_unless_its_cause_got_worse(before: str) -> None:
    place = at(gap(cause=before))
    for now in CAUSE_RANK:
        assert is_inherited(gap(cause=now), place) is (CAUSE_RANK[before] >= CAUSE_RANK[now]), now


def test_d21_a_gap_whose_cause_nobody_says_is_as_bad_as_any() -> None:
    assert is_inherited(gap(cause="absent"), at(gap(cause=None)))
    assert is_inherited(gap(cause=None), at(gap(cause="absent")))
    assert not is_inherited(gap(cause=None), at(gap(cause="stale")))


@pytest.mark.parametrize("vouched", [{"needs_attestation": "a" * 64}, {"claims_not_applicable": "nothing to shadow"}])
def test_d21_what_somebody_vouched_for_in_base_was_no_gap_there(vouched: dict[str, str]) -> None:
    before = gap(GATE, cause="not-approved", **vouched)
    assert blame(gap(GATE), at(before)) == "introduced"
    assert blame(gap(GATE), at(gap(GATE, cause="not-approved"))) == "overdue", "the control: nobody vouched"


@pytest.mark.parametrize("field", ["rule", "requirement", "instance"])
def test_d21_blame_is_per_rule_requirement_and_subject(field: str) -> None:
    others = {
        "rule": gap(CONTROL, "artifact"),
        "requirement": gap(GATE, "test"),
        "instance": gap(GATE, instance="another"),
    }
    assert blame(gap(GATE), at(others[field])) == "introduced"


def test_d21_a_number_that_got_worse_is_not_inherited() -> None:
    below = gap("metric-below-threshold", instance="Recall[Women]", cause="false")
    fallen = Change("metric-regressed", "CASE", "recall[women]", 0.8, 0.7)
    other = Change("metric-regressed", "CASE", "recall[men]", 0.8, 0.7)
    assert blame(below, at(below, changes=(fallen,))) == "introduced"
    assert blame(below, at(below, changes=(other,))) == "overdue"
    assert blame(below, at(below)) == "overdue"
    assert blame(gap(instance="recall[women]"), at(gap(instance="recall[women]"), changes=(fallen,))) == "overdue"


@pytest.mark.parametrize("mode", ["change", "all", "adoption"])
def test_d05_what_a_gate_asks_once_is_judged_when_it_is_entered(mode: str) -> None:
    for kind in ("approval", "test"):
        settled = ruled(gap(GATE, kind), at(gap(GATE, kind)), mode=mode)
        assert (settled.outcome.state, settled.asked, settled.blame) == ("not-applicable", False, None)
        entering = ruled(gap(GATE, kind), at(gap(GATE, kind), entered=(GATE,)), mode=mode)
        assert entering.asked is (mode != "adoption")
        assert entering.outcome.state == ("gap" if mode != "adoption" else "not-applicable")
    assert ruled(gap(GATE, "artifact"), at(gap(GATE, "artifact")), mode=mode).outcome.state == "gap"


def test_d43_the_review_of_a_raise_asks_again_what_passed_gates_asked_once() -> None:
    for kind in ("approval", "test"):
        again = ruled(gap(GATE, kind), at(entered=(AGAIN,)))
        assert (again.gate, again.asked, again.outcome.state, again.blame) == (AGAIN, True, "gap", "introduced")
    assert ruled(gap(REVIEW, "test"), at(entered=(AGAIN,))).outcome.state == "not-applicable"
    assert ruled(gap(GATE, "test"), at(entered=(AGAIN,)), mode="adoption").outcome.state == "not-applicable"
    assert ruled(gap(GATE, "artifact"), at(entered=(AGAIN,))).gate == GATE


def test_d06_what_a_review_asks_once_blocks_the_change_that_holds_it() -> None:
    assert rule(REVIEW).enforcement == "remediate"
    for kind in ("approval", "test"):
        held = ruled(gap(REVIEW, kind), at(entered=(REVIEW,)))
        assert (held.enforcement, held.blame) == ("block", "introduced")
    assert ruled(gap(REVIEW, "artifact"), at(entered=(REVIEW,))).enforcement == "remediate"


@pytest.mark.parametrize(
    ("due", "before", "cause", "expected"),
    [
        (day(-1), None, "absent", ("overdue", day(-1))),
        (day(0), None, "absent", ("inherited", day(0))),
        (day(1), None, "absent", ("inherited", day(1))),
        (None, None, "absent", ("inherited", day(0))),
        (day(-1), "gap", "absent", ("overdue", day(-1))),
        (day(-1), "upcoming", "absent", ("overdue", day(-1))),
        (day(-1), "met", "stale", ("overdue", day(-1))),
        (day(-1), "met", "absent", ("introduced", None)),
    ],
)
def test_d06_a_review_that_is_due_is_debt_unless_its_papers_vanish(
    due: date | None, before: str | None, cause: str, expected: tuple[str, date | None]
) -> None:
    held = gap(REVIEW, state=before, cause=None if before == "met" else "absent") if before else None
    found = ruled(gap(REVIEW, cause=cause, due=due), at(held))
    assert (found.blame, found.due) == expected


def test_d22_what_is_met_or_upcoming_has_no_blame_and_keeps_its_day() -> None:
    for state in ("met", "upcoming", "not-applicable"):
        found = ruled(gap(GATE, state=state, cause=None, due=day(5)), at())
        assert (found.blame, found.due, found.outcome.state) == (None, day(5), state)


def test_d22_advice_has_no_due_date_and_what_has_no_start_is_due_at_once() -> None:
    advised = gap(GATE)
    advised = replace(advised, rule=replace(advised.rule, enforcement="advise"))
    found = ruled(advised, at(advised))
    assert (found.blame, found.due) == ("inherited", None)
    found = ruled(gap(GATE), at(gap(GATE)))
    assert (found.blame, found.due) == ("overdue", day(0))


def enrolled(days: int, **fields: Any) -> SystemChange:
    return at(gap(GATE), with_entry(SYSTEM, enrolled=day(days)), **fields)


def test_d22_debt_is_overdue_only_once_its_day_is_past() -> None:
    period = RULES.debt.enrolment["high"].days
    assert ruled(gap(GATE), enrolled(-period)).blame == "inherited", "due today is not late"
    assert ruled(gap(GATE), enrolled(-period)).due == day(0)
    assert ruled(gap(GATE), enrolled(-period - 1)).blame == "overdue"


def test_d22_each_start_has_its_period_and_the_latest_counts() -> None:
    debt = RULES.debt
    enrolment = debt.enrolment["high"].after(day(-10))
    assert due_date(gap(GATE), enrolled(-10), RULES) == enrolment
    effective = gap(GATE)
    effective = replace(effective, rule=replace(effective.rule, effective=day(-5)))
    assert due_date(effective, at(effective), RULES) == debt.effective["high"].after(day(-5))
    assert due_date(effective, enrolled(-10), RULES) == debt.effective["high"].after(day(-5))
    assert due_date(replace(gap(GATE), due=day(3)), enrolled(-10), RULES) == day(3), "a review has its own"
    assert due_date(gap(GATE), at(gap(GATE)), RULES) is None


def test_d22_what_expired_counts_from_the_day_it_did() -> None:
    report = "security-assessment-report"
    stale = next(item for item in rule(GATE).requirements if item.subject == report)
    outcome = replace(gap(GATE, cause="stale"), requirement=stale)
    now = with_artifact(SYSTEM, report, completed=date(2025, 6, 1))
    assert due_date(outcome, at(outcome, now), RULES) == RULES.debt.expiry["high"].after(date(2026, 6, 1))
    assert due_date(replace(outcome, cause="undated"), at(outcome, now), RULES) is None
    undated = with_artifact(SYSTEM, report, completed=None)
    assert due_date(outcome, at(outcome, undated), RULES) is None
    own = replace(outcome, requirement=replace(stale, max_age={"high": RULES.debt.expiry["high"]}))
    assert due_date(own, at(own, now), RULES) == RULES.debt.expiry["high"].after(
        RULES.debt.expiry["high"].after(date(2025, 6, 1))
    )
    of_others = replace(outcome, requirement=replace(stale, max_age={"low": RULES.debt.expiry["high"]}))
    assert due_date(of_others, at(of_others, now), RULES) is None, "no age is set at its tier: it is old for its review"


def test_d22_a_result_that_expired_counts_from_the_day_it_did_too() -> None:
    wanted = next(it for it in rule(GATE).requirements if it.kind == "test")
    dated = replace(wanted, max_age={"high": RULES.debt.expiry["high"]})
    outcome = replace(gap(GATE, cause="stale"), requirement=dated)
    expired = RULES.debt.expiry["high"].after(date(2025, 6, 1))
    now = with_test(SYSTEM, wanted.subject, completed=date(2025, 6, 1))
    assert due_date(outcome, at(outcome, now), RULES) == RULES.debt.expiry["high"].after(expired)


def test_d21_a_raise_dates_the_debt_it_brings_but_not_beyond_the_next_promotion() -> None:
    raised = with_entry(SYSTEM, reclassified=day(-3))
    due = RULES.debt.reclassification["high"].after(day(-3))
    fresh = gap(CONTROL)
    assert due_date(fresh, at(now=raised), RULES) == due
    before = facts(stage="pre_deployment")
    assert due_date(fresh, at(now=raised, was=before), RULES) is None, "a promotion needs the work"
    retired = replace(raised, stage="deprecated")
    assert due_date(fresh, at(now=retired, was=raised), RULES) == due, "retiring is no promotion"


def test_d21_what_base_lacked_already_keeps_bases_date() -> None:
    was, now = with_entry(SYSTEM, reclassified=day(-50)), with_entry(SYSTEM, reclassified=day(0))
    period = RULES.debt.reclassification["high"]
    assert due_date(gap(CONTROL), at(gap(CONTROL), now, was=was), RULES) == period.after(day(-50))
    assert due_date(gap(CONTROL), at(gap(CONTROL), now, was=SYSTEM), RULES) is None, "base had no date for it"
    better = gap(CONTROL, cause="stale")
    assert due_date(gap(CONTROL), at(better, now, was=was), RULES) == period.after(day(-50)), "the first date stays"


def test_d21_what_base_did_not_lack_comes_of_the_raise_of_the_result() -> None:
    was, now = with_entry(SYSTEM, reclassified=day(-50)), with_entry(SYSTEM, reclassified=day(-3))
    period = RULES.debt.reclassification["high"]
    for state in ("met", "not-applicable", "upcoming"):
        before = replace(gap(CONTROL), state=state, cause=None)
        assert due_date(gap(CONTROL), at(before, now, was=was), RULES) == period.after(day(-3))
    open_ = replace(gap(CONTROL), state="unknown", cause="unknown")
    assert due_date(gap(CONTROL), at(open_, now, was=was), RULES) == period.after(day(-50))


def test_d22_what_a_raise_makes_old_has_not_expired() -> None:
    look = rule("reclassification-review")
    paper = next(it for it in look.requirements if it.kind == "artifact")
    now = with_artifact(SYSTEM, paper.subject, completed=date(2025, 6, 1))
    dated = replace(paper, max_age=dict.fromkeys(TIERS, RULES.debt.expiry["high"]))
    old = replace(gap(GATE, cause="stale"), rule=look, requirement=dated)
    assert due_date(old, at(old, now), RULES) is None
    assert due_date(replace(old, rule=rule(GATE)), at(old, now), RULES) is not None, "the control: another gate"


def test_d21_only_what_the_tier_below_does_not_want_comes_of_a_raise() -> None:
    now = with_entry(SYSTEM, reclassified=day(-3))
    assert "model-card" in RULES.demanded["medium"]
    both = {"of both tiers": "model-card", "of the higher tier": CONTROL}
    dues = {why: due_date(gap(id_), at(gap(id_), now, was=now), RULES) for why, id_ in both.items()}
    assert dues["of both tiers"] is None
    assert dues["of the higher tier"] == RULES.debt.reclassification["high"].after(day(-3))
    assert due_date(gap(PLAIN), at(gap(PLAIN), now, was=now), RULES) is not None, "rules have no tiers"
    low = with_entry(facts("low", "production"), reclassified=day(-3))
    for id_ in ("decommissioning", "basic-documentation"):
        assert due_date(gap(id_), at(gap(id_), low, was=low), RULES) is None, "nothing is below low"


@pytest.mark.parametrize(
    ("id_", "gate"),
    [(GATE, GATE), (CONTROL, GATE), ("annual-review", "annual-review"), (PLAIN, None), (OF_CHANGE, None)],
)
def test_each_rule_is_due_at_one_gate_or_at_none(id_: str, gate: str | None) -> None:
    assert gate_of(rule(id_)) == gate

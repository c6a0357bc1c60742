"""D05, D06, D43: which gates and reviews a change passes through, and that an empty one is no pass."""

from __future__ import annotations

from datetime import date

import pytest
from decision_world import (
    RULES,
    change,
    day,
    evaluation,
    facts,
    options,
    report,
    with_artifact,
    with_entry,
)
from msgspec.structs import replace

from policy_gate.decide.decision_context import blamed
from policy_gate.decide.gates_entered import Reviewed, entered_gates, why_entered
from policy_gate.decide.notes import empty_gates
from policy_gate.decide.system_change import system_changes
from policy_gate.schema.facts import Facts
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.vocabulary import STAGES

GATES = {
    "development": "development-authorization",
    "pre_deployment": "pre-deployment-security-review",
    "production": "production-deployment",
    "deprecated": "deprecation",
    "decommissioned": "decommissioning",
}
AGAIN = "reclassification-review"
NOTHING = Reviewed({}, {})


def entered(was: Facts | None, now: Facts, reviewed: Reviewed = NOTHING) -> set[str]:
    return set(entered_gates(RULES, was, now, reviewed))


def expected(before: str | None, after: str) -> set[str]:
    """What D05 says in words, written out: retiring enters its own gates alone, all else every gate between."""
    if before == after:
        return set()
    if before is not None and after == "deprecated":
        return {"deprecation"} if before == "production" else set()
    if before is not None and after == "decommissioned":
        return {"decommissioning"} | ({"deprecation"} if before == "production" else set())
    first = STAGES.index(before) if before else -1
    return {GATES[stage] for stage in STAGES[first + 1 : STAGES.index(after) + 1] if stage in GATES}


@pytest.mark.parametrize("after", STAGES)
@pytest.mark.parametrize("before", [None, *STAGES])
def test_d05_from_each_stage_to_each(before: str | None, after: str) -> None:
    was = facts(stage=before) if before else None
    assert entered(was, facts(stage=after)) == expected(before, after)


@pytest.mark.parametrize("stage", STAGES)
def test_d05_an_edit_within_a_stage_enters_nothing_again(stage: str) -> None:
    found = evaluation([facts(stage=stage)], [facts(stage=stage)], [change("path-widened", "paths")])
    (place,) = system_changes(found).values()
    assert (place.presence, place.entered) == ("changed", ())


REVIEW = "annual-review"


@pytest.mark.parametrize(
    ("base", "now", "entry", "enters"),
    [
        (day(-400), day(-1), {}, True),
        (day(-1), day(-1), {}, False),
        (day(-1), day(-2), {}, False),
        (day(-1), None, {}, False),
        (None, None, {}, False),
        (None, day(-1), {}, True),
        (None, day(-1), {"stage_since": day(-1)}, False),
        (None, day(-1), {"stage_since": day(-2)}, True),
        (None, day(-1), {"enrolled": day(-1)}, False),
        (None, day(-1), {"enrolled": day(-2)}, True),
        (None, day(-1), {"stage_since": day(-2), "enrolled": day(-1)}, True),
        (day(-3), day(-2), {"stage_since": day(-1)}, True),
    ],
)
def test_d06_a_review_is_entered_when_its_oldest_paper_is_later_than_bases_anchor(
    base: date | None, now: date | None, entry: dict[str, date], enters: bool
) -> None:
    for review in (REVIEW, "annual-production-review"):
        reviewed = Reviewed({review: base} if base else {}, {review: now} if now else {})
        live = with_entry(facts(stage="production"), **entry)
        assert (review in entered(live, live, reviewed)) is enters


@pytest.mark.parametrize(("before", "after"), [(None, "production"), ("pre_deployment", "production"),
                                               ("deprecated", "decommissioned")])  # fmt: skip
def test_d06_only_what_may_run_before_and_after_holds_a_review(before: str | None, after: str) -> None:
    reviewed = Reviewed({}, {REVIEW: day(-1)})
    was = facts(stage=before) if before else None
    assert REVIEW not in entered(was, facts(stage=after), reviewed)
    for stage in ("production", "deprecated"):
        assert REVIEW in entered(facts(stage="production"), facts(stage=stage), reviewed)


RAISED = day(-2)


def reviewed_on(day_: date | None, reclassified: date | None = RAISED) -> Facts:
    return with_entry(facts(stage="production"), reclassified=reclassified, reclassification_review=day_)


@pytest.mark.parametrize(
    ("was", "now", "enters"),
    [
        (reviewed_on(None), reviewed_on(day(-2)), True),
        (reviewed_on(day(-9)), reviewed_on(day(-1)), True),
        (reviewed_on(None), reviewed_on(day(-3)), False),
        (reviewed_on(None), reviewed_on(None), False),
        (reviewed_on(None), reviewed_on(day(-2), reclassified=None), False),
        (reviewed_on(day(-2)), reviewed_on(day(-2)), False),
        (reviewed_on(day(-2)), reviewed_on(day(-1)), False),
        (reviewed_on(day(-2)), reviewed_on(None), False),
        (reviewed_on(day(-2), reclassified=None), reviewed_on(day(-2)), True),
        (reviewed_on(day(-1), reclassified=day(-9)), reviewed_on(day(-1)), True),
        (None, reviewed_on(day(-2)), False),
    ],
)
def test_d49_the_look_at_a_raise_is_entered_by_the_change_that_dates_it(
    was: Facts | None, now: Facts, enters: bool
) -> None:
    assert (AGAIN in entered(was, now)) is enters


def test_d49_no_date_on_a_paper_enters_it() -> None:
    was, now = (
        with_artifact(reviewed_on(None), "risk-tier-classification", completed=completed, status="final")
        for completed in (day(-9), day(-1))
    )
    assert AGAIN not in entered(was, now)


@pytest.mark.parametrize(
    ("stage", "tiers", "again"),
    [
        ("development", ("medium", "high"), True),
        ("development", ("high", "high"), False),
        ("development", ("high", "medium"), False),
        ("conception", ("medium", "high"), False),
    ],
)
def test_d43_a_promotion_that_rises_above_the_tier_of_its_gates_looks_again(
    stage: str, tiers: tuple[str, str], again: bool
) -> None:
    was, now = facts(tiers[0], stage), facts(tiers[1], "pre_deployment")
    (place,) = system_changes(evaluation([was], [now], [change("stage-advanced", "stage")])).values()
    assert (AGAIN in place.entered) is again
    assert GATES["pre_deployment"] in place.entered


def gate_without(*ids: str, none_for: tuple[str, ...] | None = None) -> RuleSet:
    """The rules less those that want something at a gate; `none_for` says it of tiers in the gate itself."""
    gate = GATES["pre_deployment"]
    rules = tuple(rule for rule in RULES.rules if rule.id not in ids and (gate not in ids or rule.gate != gate))
    spec = RULES.gates[gate]
    spec = spec if none_for is None else replace(spec, none_for=none_for)
    return replace(RULES, rules=rules, gates={**RULES.gates, gate: spec})


def promoted(rules: RuleSet = RULES, tier: str = "high") -> object:
    return evaluation([facts(tier, "development")], [facts(tier)], [change("stage-advanced", "stage")], rules)


@pytest.mark.parametrize("tier", ["high", "critical"])
def test_an_entered_gate_that_asks_for_nothing_is_never_a_pass(tier: str) -> None:
    gate = GATES["pre_deployment"]
    empty = report(promoted(gate_without(gate), tier))  # type: ignore[arg-type]
    assert empty.verdict == "undecided"
    assert f"Pre-Deployment Security Review asks nothing of CASE (tier {tier}): no answer" in empty.trust.notes
    asked = report(promoted(tier=tier))  # type: ignore[arg-type]
    assert asked.verdict == "block", "the control: the approvals that the gate asks are not there"
    assert not any("asks nothing" in note for note in asked.trust.notes)


def test_a_gate_may_say_of_which_tiers_it_asks_nothing() -> None:
    gate = GATES["pre_deployment"]
    said = report(promoted(gate_without(gate, none_for=("high", "medium", "low"))))  # type: ignore[arg-type]
    assert said.verdict == "pass"
    other = report(promoted(gate_without(gate, none_for=("medium", "low"))))  # type: ignore[arg-type]
    assert other.verdict == "undecided"


def test_an_empty_gate_that_is_not_entered_or_at_adoption_stops_nobody() -> None:
    rules = gate_without(GATES["pre_deployment"])
    stays = evaluation([facts()], [facts()], [change("path-widened", "paths")], rules)
    assert report(stays).verdict == "pass"
    made = evaluation([], [facts()], [], rules)
    for mode, empty in (("change", True), ("adoption", False)):
        assert bool(empty_gates(blamed(made, options(mode=mode)))) is empty


def test_a_gate_that_one_system_answers_is_still_empty_for_another() -> None:
    rules = gate_without(GATES["pre_deployment"])
    made = evaluation([facts("high", "development")], [facts()], [change("stage-advanced", "stage")], rules)
    context = blamed(made, options())
    assert empty_gates(context)
    assert not empty_gates(replace(context, systems={})), "no system is judged"


def test_d49_why_a_review_is_entered_is_told_with_both_dates() -> None:
    now = facts(stage="production")
    review = next(gate.id for gate in RULES.gates.values() if gate.entered_by == "review")
    held = Reviewed({review: day(-400)}, {review: day(-3)})
    said = why_entered(review, RULES, now, now, held)
    assert said == f"its documents are dated, the oldest {day(-3)}; base's is of {day(-400)}"
    first = Reviewed({}, {review: day(-3)})
    assert why_entered(review, RULES, now, now, first).endswith(f"the oldest {day(-3)}; base has none")
    control = next(rule.id for rule in RULES.rules if rule.kind == "control" and rule.recurring is not None)
    recurring = Reviewed({}, {control: day(-3)})
    assert why_entered(control, RULES, now, now, recurring).startswith("its documents are dated")


def test_d49_why_a_reclassification_is_entered_is_told_and_a_stage_speaks_for_itself() -> None:
    was = facts()
    raised = with_entry(facts("critical"), reclassified=day(-9), reclassification_review=day(-1))
    assert why_entered(AGAIN, RULES, was, raised, NOTHING) == f"reclassification_review: {day(-1)}"
    moved = facts("critical", "production")
    assert "the tier rises while the stage moves on" in why_entered(AGAIN, RULES, was, moved, NOTHING)
    assert why_entered(GATES["production"], RULES, was, moved, NOTHING) == ""


def test_d49_a_raise_holds_no_review_whose_papers_base_has_already() -> None:
    was, now = facts("medium", "production"), facts("high", "production")
    tells_more = replace(change("dimension-raised", "decision_impact", "financial", "employment"), raising=True)

    def entered_by(side: Facts) -> tuple[str, ...]:
        return system_changes(evaluation([was], [side], [tells_more]))[side.id].entered

    assert entered_by(now) == ()
    older = {name: replace(paper, completed=day(-300)) for name, paper in was.artifacts.items()}
    was = replace(was, artifacts=older)
    assert entered_by(replace(now, artifacts=older)) == ()
    assert set(entered_by(now)) == {"annual-production-review", "annual-review"}, (
        "the control: they were looked at anew"
    )

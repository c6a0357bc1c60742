"""Which rules speak of a system at its tier and stage, when they begin to, and what an unknown does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from decision_world import AS_OF, RULES, change, day, facts, only, outcomes, rules_with, with_entry
from msgspec.structs import replace

from policy_gate.evaluate.obligations import evaluate, is_owed
from policy_gate.schema.facts import Facts, Metric
from policy_gate.schema.rule import Requirement
from policy_gate.schema.rule_condition import Condition, Truth
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.snapshot import DeclaredSystem
from policy_gate.schema.vocabulary import STAGES, TIERS, stage_rank

GATE = "pre-deployment-security-review"


class Says(Condition):
    """A condition that comes to the same whatever the facts."""

    text = "as told"

    def __init__(self, value: bool | None, *missing: str) -> None:
        self.value, self.missing = value, missing

    def truth(self, facts: Any) -> Truth:
        return Truth(self.value, self.missing)


@pytest.mark.parametrize("stage", STAGES)
def test_d05_a_gate_is_owed_from_its_stage_on_and_only_its_own_once_decommissioned(stage: str) -> None:
    found = facts(stage=stage)
    for gate in RULES.gates.values():
        if gate.entered_by != "stage":
            continue
        wanted = gate.to == "decommissioned" if stage == "decommissioned" else stage_rank(gate.to) <= stage_rank(stage)
        assert is_owed(RULES, gate.id, found) is wanted, gate.id


@pytest.mark.parametrize("until", ["production", "deprecated"])
def test_d05_a_gate_that_stands_until_a_stage_is_owed_no_more_when_it_is_reached(until: str) -> None:
    spec = replace(RULES.gates[GATE], stands_until=until)
    rules = replace(RULES, gates={**RULES.gates, GATE: spec})
    for stage in ("pre_deployment", "production", "deprecated"):
        assert is_owed(rules, GATE, facts(stage=stage)) is (stage_rank(stage) < stage_rank(until)), stage


@pytest.mark.parametrize("stage", STAGES)
def test_d06_reviews_of_production_are_owed_while_it_may_run(stage: str) -> None:
    assert is_owed(RULES, "annual-production-review", facts(stage=stage)) is (stage in ("production", "deprecated"))
    reviews = {item.rule.id for item in outcomes(facts(stage=stage)) if item.rule.recurring}
    assert reviews == (
        {"annual-production-review", "annual-review"} if stage in ("production", "deprecated") else set()
    )


@pytest.mark.parametrize("stage", STAGES)
def test_d52_a_review_that_a_policy_puts_before_production_is_owed_no_earlier(stage: str) -> None:
    review = "annual-production-review"
    early = replace(RULES.gates[review], from_="development", to="development")
    rules = replace(RULES, gates={**RULES.gates, review: early})
    asked = [item for item in outcomes(facts(stage=stage), rules=rules) if item.rule.id == review]
    assert bool(asked) is (stage in ("production", "deprecated"))


@pytest.mark.parametrize("stage", STAGES)
def test_d43_the_look_again_is_owed_by_a_raised_system_until_it_is_gone(stage: str) -> None:
    raised = with_entry(facts(stage=stage), reclassified=day(-1))
    assert is_owed(RULES, "reclassification-review", raised) is (stage != "decommissioned")
    assert not is_owed(RULES, "reclassification-review", facts(stage=stage))


@pytest.mark.parametrize("tier", TIERS)
def test_d07_a_gate_asks_its_own_list_of_its_tiers_and_controls_ask_theirs_of_all(tier: str) -> None:
    found = outcomes(facts(tier, "production"))
    gates = {item.rule.id for item in found if item.rule.kind == "gate"}
    controls = {item.rule.id for item in found if item.rule.kind == "control"}
    wanted = {
        gate.id
        for gate in RULES.gates.values()
        if tier in gate.tiers and gate.entered_by != "reclassification" and gate.to not in STAGES[4:]
    }
    assert gates == wanted
    assert controls == set(RULES.demanded[tier])
    assert controls, "low and medium are not empty"


def test_d07_a_control_due_at_a_later_gate_is_not_asked_yet() -> None:
    early = {item.rule.id for item in outcomes(facts("medium", "pre_deployment")) if item.rule.kind == "control"}
    late = {item.rule.id for item in outcomes(facts("medium", "production")) if item.rule.kind == "control"}
    assert {"production-monitoring", "bi-annual-review"} & early == set()
    assert {"production-monitoring", "bi-annual-review"} <= late
    assert "model-card" in early & late


def lacking(effective: date | None, state: str = "gap", rules: RuleSet = RULES) -> Any:
    """A red team report that is asked for from a day on; `unknown` where its condition cannot be told."""
    condition = {"gap": None, "unknown": Says(None, "system.eu_market")}[state]
    rules = rules_with("red-team-engagement", rules, effective=effective, when=condition)
    return only(outcomes(facts(artifacts={"red-team-report": "absent"}), rules=rules), "red-team-engagement")


@pytest.mark.parametrize("state", ["gap", "unknown"])
def test_a_rule_holds_from_its_effective_day_on(state: str) -> None:
    assert lacking(None, state).state == lacking(day(-1), state).state == lacking(day(0), state).state == state
    upcoming = lacking(day(1), state)
    assert (upcoming.state, upcoming.due) == ("upcoming", day(1))


def test_what_is_met_before_its_rule_holds_is_met() -> None:
    rules = rules_with("red-team-engagement", effective=day(1))
    assert only(outcomes(facts(), rules=rules), "red-team-engagement").state == "met"


def review(**entry: Any) -> Any:
    found = facts(stage="production", artifacts={"annual-performance-report": "absent"})
    return only(outcomes(with_entry(found, **entry)), "annual-review", "annual-performance-report")


@pytest.mark.parametrize("start", ["stage_since", "enrolled"])
def test_d06_a_review_is_upcoming_until_its_day_and_a_gap_on_it(start: str) -> None:
    today = day(0)
    due = review(**{start: today.replace(year=today.year - 1)})
    assert (due.state, due.due) == ("gap", today)
    later = review(**{start: day(1).replace(year=today.year - 1)})
    assert (later.state, later.due) == ("upcoming", day(1))


def test_d06_stage_since_goes_before_enrolled_and_neither_is_at_once() -> None:
    assert review(stage_since=day(0), enrolled=day(-4000)).state == "upcoming"
    assert review(stage_since=day(-4000), enrolled=day(0)).state == "gap"
    at_once = review()
    assert (at_once.state, at_once.due) == ("gap", day(0))


def test_d06_a_system_that_only_now_reaches_production_is_not_late_for_its_review() -> None:
    found = facts(stage="production", from_stage="pre_deployment", artifacts={"annual-performance-report": "absent"})
    moved = replace(found, from_stage="pre_deployment")
    stayed = replace(found, from_stage="production")
    assert only(outcomes(moved), "annual-review", "annual-performance-report").state == "upcoming"
    assert only(outcomes(stayed), "annual-review", "annual-performance-report").state == "gap"
    late = with_entry(moved, stage_since=day(-4000))
    assert only(outcomes(late), "annual-review", "annual-performance-report").state == "gap", "its own date goes before"


def test_d06_approvals_and_tests_of_a_review_are_events_and_never_upcoming() -> None:
    found = outcomes(with_entry(facts(stage="production"), stage_since=day(0)))
    events = [item for item in found if item.rule.id == "annual-production-review" and item.event]
    assert {item.requirement.kind for item in events} == {"approval", "test"}
    assert "upcoming" not in {item.state for item in events}
    assert not any(item.event for item in found if item.requirement.kind in ("artifact", "card", "that"))
    assert not any(item.event for item in found if item.rule.kind == "rule")


@pytest.mark.parametrize(("value", "states"), [(True, ["gap"]), (False, []), (None, ["unknown"])])
def test_a_rule_whose_condition_cannot_be_told_is_unknown_and_never_passes(value: Any, states: list[str]) -> None:
    rules = rules_with("red-team-engagement", when=Says(value, *(() if value is not None else ("system.eu_market",))))
    found = outcomes(facts(artifacts={"red-team-report": "absent"}), rules=rules)
    asked = [item for item in found if item.rule.id == "red-team-engagement"]
    assert [item.state for item in asked] == states
    if value is None:
        assert asked[0].missing_facts == ("eu_market",)
        assert "eu_market" in asked[0].seen


def _with_requirement(rule: str, **fields: Any) -> RuleSet:
    (spec,) = [item for item in RULES.rules if item.id == rule]
    return rules_with(rule, requirements=(replace(spec.requirements[0], **fields),))


@pytest.mark.parametrize(
    ("conditions", "state"),
    [
        ((Says(True),), "gap"),
        ((Says(False),), "not-applicable"),
        ((Says(True), Says(False)), "not-applicable"),
        ((Says(None, "system.a"), Says(False)), "not-applicable"),
        ((Says(None, "system.a"), Says(True)), "unknown"),
        ((Says(None, "system.a"), Says(None, "system.b")), "unknown"),
    ],
)
def test_a_requirements_own_conditions_must_all_hold(conditions: tuple[Any, ...], state: str) -> None:
    rules = _with_requirement("red-team-engagement", when=conditions)
    found = only(outcomes(facts(artifacts={"red-team-report": "absent"}), rules=rules), "red-team-engagement")
    assert found.state == state
    if state == "unknown":
        assert found.missing_facts == tuple(n.removeprefix("system.") for c in conditions for n in c.missing)


def _any_of(*parts: Requirement) -> RuleSet:
    whole = Requirement("any_of", "either", alternatives=parts)
    return rules_with("red-team-engagement", requirements=(whole,))


def test_of_alternatives_the_best_counts() -> None:
    report, plan = Requirement("artifact", "red-team-report"), Requirement("artifact", "incident-response-plan")
    either = _any_of(report, plan)

    def of(**artifacts: str) -> Any:
        named = {name.replace("_", "-"): state for name, state in artifacts.items()}
        return only(outcomes(facts(artifacts=named), rules=either), "red-team-engagement")

    assert of().state == of(red_team_report="absent").state == of(incident_response_plan="absent").state == "met"
    neither = of(red_team_report="absent", incident_response_plan="thin")
    assert (neither.state, neither.cause) == ("gap", "thin")
    assert " · " in neither.seen
    assert " or " in neither.wanted


@pytest.mark.parametrize(
    ("parts", "is_event"),
    [
        ([("approval", "ciso"), ("test", "smoke-test-suite")], True),
        ([("approval", "ciso"), ("approval", "legal")], True),
        ([("approval", "ciso"), ("artifact", "red-team-report")], False),
    ],
)
def test_alternatives_are_asked_once_where_none_of_them_is_a_document(
    parts: list[tuple[Any, str]], is_event: bool
) -> None:
    found = only(outcomes(facts(), rules=_any_of(*(Requirement(*it) for it in parts))), "red-team-engagement")
    assert found.event is is_event


def test_a_review_of_which_nobody_knows_whether_it_concerns_the_system_waits_for_its_day() -> None:
    live = with_entry(facts(stage="production"), stage_since=day(-10))
    rules = rules_with("annual-review", when=Says(None, "system.eu_market"))
    found = [it for it in outcomes(live, rules=rules) if it.rule.id == "annual-review" and not it.event]
    assert {it.state for it in found} - {"not-applicable"} == {"upcoming"}
    late = with_entry(live, stage_since=day(-800))
    without = replace(late, artifacts={})
    found = [it for it in outcomes(without, rules=rules) if it.rule.id == "annual-review" and not it.event]
    assert {it.state for it in found} - {"not-applicable"} == {"unknown"}


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        (Says(False), Says(False), "not-applicable"),
        (Says(False), Says(True), "gap"),
        (Says(True), Says(None, "system.a"), "gap"),
        (Says(None, "system.a"), Says(True), "unknown"),
        (Says(False), Says(None, "system.a"), "unknown"),
    ],
)
def test_alternatives_that_are_not_wanted_here_settle_nothing(first: Says, second: Says, state: str) -> None:
    parts = [Requirement("artifact", "red-team-report", when=(when,)) for when in (first, second)]
    found = only(outcomes(facts(artifacts={"red-team-report": "absent"}), rules=_any_of(*parts)), "red-team-engagement")
    assert found.state == state


def test_of_alternatives_an_approval_that_is_not_known_to_be_wanted_is_not_asked_for() -> None:
    report = Requirement("artifact", "red-team-report", when=(Says(None, "system.a"),))
    signed = Requirement("approval", "ciso", when=(Says(None, "system.b"),))
    found = only(outcomes(facts(), rules=_any_of(signed, report)), "red-team-engagement")
    assert (found.state, found.approval) == ("unknown", None)
    wanted = only(outcomes(facts(), rules=_any_of(replace(signed, when=()), report)), "red-team-engagement")
    assert wanted.approval is not None, "the control"


@pytest.mark.parametrize(
    ("value", "threshold", "higher", "meets"),
    [
        (0.8, 0.8, True, True),
        (0.79, 0.8, True, False),
        (0.81, 0.8, True, True),
        (0.1, 0.1, False, True),
        (0.11, 0.1, False, False),
        (0.09, 0.1, False, True),
    ],
)
def test_a_number_meets_a_limit_that_it_just_reaches(value: float, threshold: float, higher: bool, meets: bool) -> None:
    found = facts()
    assert found.card is not None
    metric = Metric("recall", "women", value, threshold, higher, 9)
    found = replace(found, card=replace(found.card, metrics=(metric,)))
    below = [item for item in outcomes(found) if item.rule.id == "metric-below-threshold"]
    assert [item.state for item in below if item.state != "met"] == ([] if meets else ["gap"])
    assert {item.instance for item in below} <= {"recall[women]"}
    assert not meets or not below or below[0].location.line == 9  # type: ignore[union-attr]


@pytest.mark.parametrize(("value", "threshold", "gaps"), [(None, 0.8, 1), (0.9, None, 0), (None, None, 0)])
def test_a_limit_without_a_number_is_a_gap(value: float | None, threshold: float | None, gaps: int) -> None:
    found = facts()
    assert found.card is not None
    found = replace(found, card=replace(found.card, metrics=(Metric("recall", "all", value, threshold),)))
    missing = [item for item in outcomes(found) if item.rule.id == "metric-missing-value" and item.state != "met"]
    assert len(missing) == gaps


@pytest.mark.parametrize("state", ["gap", "unknown"])
def test_a_number_that_cannot_be_read_is_told_with_what_was_read_in_its_place(state: str) -> None:
    found, asking = facts(), "metric-missing-value"
    assert found.card is not None
    metric = Metric("recall", "all", None, 0.8, problem='"two in three" is no number')
    found = replace(found, card=replace(found.card, metrics=(metric,)))
    cannot_be_told = _with_requirement(asking, condition=Says(None, "metric.value"))
    (told,) = [it for it in outcomes(found, rules=RULES if state == "gap" else cannot_be_told) if it.rule.id == asking]
    assert told.state == state
    assert told.seen.endswith(metric.problem)


def test_a_change_is_spoken_of_once_for_each_and_only_where_it_is_the_systems() -> None:
    own = [change("path-narrowed", "paths"), change("limit-dropped", "prohibited_uses")]
    other = change("path-narrowed", "paths", system="OTHER")
    found = [item for item in outcomes(facts(), *own, other) if item.rule.id == "weakening"]
    assert [item.instance for item in found] == ["path-narrowed:paths"]
    assert {item.system for item in found} == {"CASE"}


@pytest.mark.parametrize(
    ("evidence", "role"),
    [("red-team-report", "ciso"), ("smoke-test-suite", "engineering-manager"), ("no-such-id", "ai-safety-lead")],
)
def test_d47_who_answers_for_a_document_or_a_result_is_asked_about_it(evidence: str, role: str) -> None:
    found = only(outcomes(facts(), change("evidence-attested", evidence)), "evidence-vouched")
    assert (found.requirement.kind, found.requirement.subject) == ("approval", role)


def test_each_vendor_is_spoken_of_by_itself() -> None:
    vendors = [{"id": "one", "has_dpa": False}, {"id": "two", "has_dpa": True}, {"id": "three", "has_dpa": False}]
    vendors = [{**vendor, "access_type": "api"} for vendor in vendors]
    found = outcomes(facts(vendors=vendors, facts={"processes_personal_data": True}))
    without = {item.instance for item in found if item.rule.id == "vendor-without-dpa" and item.state == "gap"}
    assert without == {"one", "three"}


class OfOneValue(Condition):
    """A condition that reads one value, and counts how often it is asked."""

    text = "of one value"

    def __init__(self, value: str, answers: dict[Any, Truth]) -> None:
        self.value, self.answers, self.asked = value, answers, 0

    @property
    def names(self) -> tuple[str, ...]:
        return (self.value,)

    def truth(self, facts: Any) -> Truth:
        self.asked += 1
        return self.answers[facts.get(self.value)]


class OfAnything(OfOneValue):
    """The same, of which it cannot be said what it reads."""

    names = None  # type: ignore[assignment]


def _stating(market: bool | None) -> Facts:
    found = facts(artifacts={"red-team-report": "absent"})
    return replace(found, stated={**found.stated, "system.eu_market": market})


def test_a_condition_is_told_once_for_systems_of_which_it_sees_the_same_and_anew_for_others() -> None:
    said = {True: Truth(True), False: Truth(False), None: Truth(None, ("system.eu_market",))}
    condition = OfOneValue("system.eu_market", said)
    rules = rules_with("red-team-engagement", when=condition)
    order = (True, False, True, None, False, True, None)
    found: list[list[str]] = [[] for _ in order]
    systems = [replace(_stating(market), declared=_named(number)) for number, market in enumerate(order)]
    for outcome in evaluate(rules, systems, (), AS_OF):
        if outcome.rule.id == "red-team-engagement":
            found[int(str(outcome.system))].append(outcome.state)
    assert found == [["gap"], [], ["gap"], ["unknown"], [], ["gap"], ["unknown"]]
    assert condition.asked == 3


def _named(number: int) -> DeclaredSystem:
    declared = facts().declared
    return replace(declared, key=declared.key._replace(id=str(number)))


def test_a_condition_that_may_read_anything_is_asked_for_each_system() -> None:
    condition = OfAnything("system.eu_market", {True: Truth(True)})
    rules = rules_with("red-team-engagement", when=condition)
    systems = [replace(_stating(True), declared=_named(number)) for number in range(3)]
    found = [it for it in evaluate(rules, systems, (), AS_OF) if it.rule.id == "red-team-engagement"]
    assert (len(found), condition.asked) == (3, 3)

"""D24: what one outcome weighs, over every state, blame and enforcement there is, and what all of them come to."""

from __future__ import annotations

from itertools import product
from typing import Any, get_args

import pytest
from decision_world import RULES, change, day, evaluation, facts, report, system_change, with_entry

from policy_gate.decide.system_report import worst
from policy_gate.decide.weighed_outcome import WeighedOutcome, verdict_of
from policy_gate.schema.finding import Outcome
from policy_gate.schema.vocabulary import ENFORCEMENTS, STATES, VERDICTS, Blame, Verdict

SETTLED = ("met", "not-applicable", "waived", "upcoming")
OPEN = ("gap", "unknown", "deferred")
BLAMES = get_args(Blame)
NOW = facts(stage="production")
PLACES = {
    "changed": system_change(NOW, NOW),
    "promoted": system_change(NOW, facts()),
    "retired": system_change(facts(stage="deprecated"), NOW),
    "unchanged": system_change(NOW, NOW, presence="unchanged"),
    "added": system_change(NOW),
    "none": None,
}
MODES = ("change", "all", "adoption")


def item(state: Any, blame: Any = "introduced", enforcement: Any = "block", place: str = "changed", **more: Any) -> Any:
    rule = RULES.rules[0]
    outcome = Outcome("CASE", rule, rule.requirements[0], "", state)
    return WeighedOutcome(outcome, PLACES[place], blame, enforcement=enforcement, **more)


def by_words(state: str, blame: str, enforcement: str, place: str, mode: str) -> Verdict:
    """D21 to D24, in words of their own."""
    if state in SETTLED or (place == "unchanged" and mode == "change"):
        return "pass"
    if enforcement == "advise" and blame != "introduced" and mode != "all":
        return "pass"
    if state == "deferred" or enforcement in ("advise", "remediate"):
        return "conditions"
    if state == "unknown":
        return "undecided" if blame == "introduced" else "conditions"
    late = blame == "overdue" and (mode == "all" or place == "promoted")
    return "block" if blame == "introduced" or late else "conditions"


def test_the_states_are_settled_or_open() -> None:
    assert {*SETTLED, *OPEN} == set(STATES)


@pytest.mark.parametrize(("state", "place", "mode"), list(product(STATES, PLACES, MODES)))
def test_d24_what_one_outcome_weighs(state: str, place: str, mode: str) -> None:
    for blame, enforcement in product(BLAMES, ENFORCEMENTS):
        found = verdict_of(item(state, blame, enforcement, place), mode)
        assert found == by_words(state, blame, enforcement, place, mode), (blame, enforcement)


@pytest.mark.parametrize("state", SETTLED)
def test_d18_what_one_agreed_to_alone_is_at_best_conditions(state: str) -> None:
    assert verdict_of(item(state, None, self_approved=True), "change") == "conditions"
    assert verdict_of(item(state, None), "change") == "pass"


def test_d26_what_nobody_in_base_could_approve_is_conditions() -> None:
    assert verdict_of(item("gap", forgiven=True), "change") == "conditions"
    assert verdict_of(item("unknown", forgiven=True), "change") == "conditions"
    assert verdict_of(item("gap"), "change") == "block"


@pytest.mark.parametrize(("mode", "state", "blame"), list(product(MODES, OPEN, BLAMES)))
def test_d24_stricter_enforcement_never_weighs_less(mode: str, state: str, blame: str) -> None:
    for place in PLACES:
        ranks = [VERDICTS.index(verdict_of(item(state, blame, how, place), mode)) for how in ENFORCEMENTS]
        assert ranks == sorted(ranks), place


@pytest.mark.parametrize(("mode", "state", "how"), list(product(MODES, OPEN, ENFORCEMENTS)))
def test_d24_what_a_change_introduces_never_weighs_less_than_what_it_inherits(mode: str, state: str, how: str) -> None:
    for place in PLACES:
        inherited, introduced = (verdict_of(item(state, b, how, place), mode) for b in ("inherited", "introduced"))
        assert VERDICTS.index(inherited) <= VERDICTS.index(introduced), place


@pytest.mark.parametrize(("one", "other"), list(product(VERDICTS, VERDICTS)))
def test_d24_the_worst_is_the_verdict(one: Verdict, other: Verdict) -> None:
    order = ("pass", "conditions", "undecided", "block")
    assert worst((one, other)) == worst((other, one)) == max(one, other, key=order.index)
    assert worst((one,)) == one
    assert worst(()) == "pass"


def late(stage: str, enrolled: int) -> Any:
    """A system with a paper missing since it was enrolled, edited or moved to a stage."""
    lacking = {"incident-response-plan": "absent"}
    was = with_entry(facts(artifacts=lacking), enrolled=day(enrolled))
    now = with_entry(facts(stage=stage, artifacts=lacking), enrolled=day(enrolled))
    edit = change("path-widened", "paths") if stage == was.stage else change("stage-advanced", "stage")
    return evaluation([was], [now], [edit])


@pytest.mark.parametrize(("enrolled", "of_edit"), [(-10, "conditions"), (-400, "conditions")])
def test_d22_debt_is_conditions_for_an_edit_and_overdue_it_stops_a_promotion(enrolled: int, of_edit: str) -> None:
    assert report(late("pre_deployment", enrolled)).verdict == of_edit
    promoted = report(late("production", enrolled))
    plan = [item for item in promoted.findings if item.subject == "incident-response-plan"]
    assert [item.blame for item in plan] == ["overdue" if enrolled < -60 else "inherited"]
    assert [item.blocks for item in plan] == [enrolled < -60]


@pytest.mark.parametrize(
    ("lacking", "enforcement", "verdict"),
    [("", "", "pass"), ("review-record", "remediate", "pass"), ("annual-performance-report", "remediate", "conditions"),
     ("red-team-report", "block", "block")],
)  # fmt: skip
def test_d24_a_report_is_as_bad_as_its_worst_finding(lacking: str, enforcement: str, verdict: str) -> None:
    was = with_entry(NOW, stage_since=day(-400))
    now = with_entry(facts(stage="production", artifacts={lacking: "absent"} if lacking else {}), stage_since=day(-400))
    found = report(evaluation([was], [now], [change("path-widened", "paths")]))
    assert found.verdict == found.systems[0].verdict == verdict
    assert {item.enforcement for item in found.findings if item.subject == lacking and item.state == "gap"} == (
        {enforcement} if verdict != "pass" else set()
    )

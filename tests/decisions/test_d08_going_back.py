"""D08, T39: a stage that moves back is a weakening, one that there is not is an error, and a date that has passed
while the stage stands still contradicts it."""

from __future__ import annotations

from typing import Any

import pytest
from decision_world import RULES, change, day, evaluation, facts, only, outcomes, report, weighed, with_entry
from scratch import Scratch
from world import days_ago, high_system

from policy_gate.schema.documents import Manifest
from policy_gate.schema.vocabulary import STAGES

PASSED = "deployment-date-passed"


@pytest.mark.parametrize("after", STAGES)
@pytest.mark.parametrize("before", STAGES)
def test_d08_moving_back_is_a_weakening_and_moving_on_is_none(before: str, after: str) -> None:
    kinds = {kind: RULES.change_kinds[kind].weakening for kind in ("stage-regressed", "stage-advanced")}
    assert kinds == {"stage-regressed": True, "stage-advanced": False}
    back = STAGES.index(after) < STAGES.index(before)
    made = evaluation(
        [facts(stage=before)],
        [facts(stage=after)],
        [change("stage-regressed" if back else "stage-advanced", "stage", before, after)] if before != after else [],
    )
    (now,) = made.now
    assert now.stage == (before if back else after), "what is weakened judges by base's value"
    asked = [item for item in weighed(made) if item.outcome.rule.id == "stage-regression"]
    assert [item.outcome.state for item in asked] == (["gap"] if back else [])


@pytest.mark.parametrize("stage", [*STAGES, "live", "Production", "pre-deployment", ""])
def test_d08_a_stage_outside_the_six_is_an_error(stage: str) -> None:
    entry = {"id": "SYS-001", "name": "A", "description": "b", "owner_team": "c", "stage": stage, "paths": ["a/**"]}
    raw = {"schema": "policy-gate/manifest/v1", "systems": [entry | {"risk_profile": {}}]}
    if stage in STAGES:
        assert Manifest.model_validate(raw).systems[0].stage == stage
    else:
        with pytest.raises(ValueError, match="stage"):
            Manifest.model_validate(raw)


def dated(stage: str, days: int | None) -> Any:
    entry: dict[str, Any] = {} if days is None else {"deployment_date": day(days).isoformat()}
    return facts(stage=stage, entry=entry)


@pytest.mark.parametrize(("days", "state"), [(-1, "gap"), (0, "met"), (1, "met")])
@pytest.mark.parametrize("stage", STAGES[:3])
def test_t39_live_on_the_calendar_and_in_development_on_paper_is_a_contradiction(
    stage: str, days: int, state: str
) -> None:
    found = dated(stage, days)
    assert only(outcomes(found), PASSED).state == state
    assert (
        report(evaluation([dated(stage, None)], [found], [change("path-widened", "paths")])).verdict == "block"
    ) is (state == "gap")


def test_t39_in_production_or_without_a_date_nothing_is_contradicted() -> None:
    for found in (dated("production", -400), dated("development", None)):
        assert not [item for item in outcomes(found) if item.rule.id == PASSED and item.state != "met"]


@pytest.mark.parametrize(("stages", "blocks"), [(("production", "production"), False),
    (("pre_deployment", "production"), True), (("pre_deployment", "pre_deployment"), True),
    (("deprecated", "deprecated"), False)])  # fmt: skip
def test_t39_a_deployment_may_require_that_base_says_it_is_live(stages: tuple[str, str], blocks: bool) -> None:
    was, now = (with_entry(facts(stage=stage), stage_since=day(-1)) for stage in stages)
    moved = [change("stage-advanced", "stage")] if stages[0] != stages[1] else []
    found = report(evaluation([was], [now], moved), require_stage="production")
    required = [item for item in found.findings if item.subject == "required-stage"]
    assert [item.blocks for item in required] == ([True] if blocks else [])
    assert found.verdict == "block" if blocks else found.verdict in ("pass", "conditions")
    assert not [
        item for item in report(evaluation([was], [now], moved)).findings if item.subject == "required-stage"
    ], "the control: nothing is required"


def test_t39_a_date_in_the_past_is_no_debt_because_something_else_is_raised(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch()
    scratch.edit(risk_profile={"data_sensitivity": "special_category"}, deployment_date=days_ago(300))
    scratch.commit("It is live, and the data is worse than we said")
    found = scratch.check()
    assert (found.code, found.blocking()) == (1, ["that:deployment-date-passed"])
    scratch.edit(deployment_date=None)
    scratch.commit("Only the data")
    assert scratch.check().code == 0

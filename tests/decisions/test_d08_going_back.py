"""D08, T39: a stage that moves back is a weakening, one that there is not is an error, and a date that has passed
while the stage stands still contradicts it."""

from __future__ import annotations

from typing import Any

import pytest
from decision_world import RULES, change, day, evaluation, facts, only, outcomes, report, weighed, with_entry
from scratch import Scratch
from world import days_ago, high_system, low_system, to_yaml

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


@pytest.mark.parametrize("file", ["", "README.md", "summariser/code.py", "b/code.py"])
def test_t39_what_the_change_leaves_alone_must_have_reached_the_stage_too(scratch: Scratch, file: str) -> None:
    """Most pushes before a deployment change nothing governed, and a tag changes nothing at all."""
    scratch.adopt(low_system("production"), files={"summariser/code.py": "A = 1\n"})
    inner = low_system("development", id="SYS-009", paths=["**"])
    scratch.write({"b/governance.yaml": to_yaml({"schema": "policy-gate/manifest/v1", "systems": [inner]})})
    scratch.commit("Another system", files={"b/code.py": "A = 1\n"})
    scratch.branch()
    scratch.commit("Another matter", files={file: "A = 2\n"} if file else {})
    assert scratch.check().code == 0, "the control: nothing is required"
    found = scratch.check("--require-stage", "production")
    assert (found.code, found.blocking()) == (1, ["that:required-stage"])
    assert [it["system"] for it in found.report["findings"] if it["state"] == "gap" and it["blocks"]] == ["SYS-009"]
    assert scratch.check("--require-stage", "development").code == 0
    assert scratch.check("--require-stage", "production", "--system", "SYS-003").code == 0


def test_t39_what_cannot_be_read_may_declare_what_has_not_reached_the_stage(scratch: Scratch) -> None:
    broken = "schema: policy-gate/manifest/v1\nsystems: [\n"
    scratch.adopt(low_system("production"), files={"b/governance.yaml": broken})
    scratch.branch()
    scratch.commit("Another matter", files={"README.md": "Mended.\n"})
    assert scratch.check().code == 0, "the control: nothing is required"
    found = scratch.check("--require-stage", "production")
    assert (found.code, found.verdict) == (3, "undecided")
    assert "b/governance.yaml cannot be read" in str(found.report["trust"]["notes"])
    scratch.write({"b/governance.yaml": "apiVersion: v1\nkind: Service\n"})
    scratch.commit("It is another tool's")
    scratch.merge()
    scratch.branch("later")
    scratch.commit("Another matter", files={"README.md": "Mended again.\n"})
    assert scratch.check("--require-stage", "production").code == 0


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

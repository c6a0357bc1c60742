"""The action in a real runner, from an event to what a later step sees."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from action.runner import Run, Runner, export, gate, run
from action.wheelhouse import index
from fakes.github import GitHub
from jsonschema import Draft202012Validator
from parts import node_file
from workplace import Workplace
from world import high_system

pytestmark = [pytest.mark.real_runner, pytest.mark.real_git, pytest.mark.contract_fake]

APPROVERS = ("Ada Example", "Lin Park", "Pat Moss")
ALWAYS = {"report.json", "report.sarif", "attestation.json"}
EXTRA_RULE = """\
schema: policy-gate/policy/v1
rules:
  - id: every-system-has-a-description
    title: A system has no description
    for_each: system
    when: "true"
    require:
      - artifact: stakeholder-impact-assessment
    enforcement: block
    why: Nobody can judge what nobody described.
"""
EXTRA = "stakeholder-impact-assessment"


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """One repository: main holds SYS-001 in development, `work` promotes it, first with a report missing."""
    path = tmp_path_factory.mktemp("action")
    with GitHub() as github:
        place = Workplace(path, github)
        started = Runner(path, place, index(tmp_path_factory))
        place.hub.adopt(high_system("development"))
        place.scratch.branch("work")
        place.scratch.declare(high_system("pre_deployment"))
        place.scratch.remove("governance/red-team-report.md")
        place.scratch.commit("Promote the screener")
        yield started
        place.close()


@pytest.fixture(scope="module")
def number(runner: Runner) -> int:
    """The pull request of `work`."""
    return runner.place.propose("work")


@pytest.fixture(scope="module")
def blocked(runner: Runner, number: int) -> Run:
    """Its first job: the action by its tag, the same from a folder of the workspace, and as advice."""
    place = runner.place
    workspace = place.checkout(place.scratch.git("rev-parse", "work"))
    export(workspace / "own")
    steps = [gate(formats="html, junit"), gate("local", "./own"), gate("advice", advisory="true")]
    return runner.pull(number, steps, checkout=workspace)


def test_a_blocked_change_fails_the_step_and_says_so(blocked: Run) -> None:
    done = blocked.gate()
    assert (done.outcome, done.verdict, done.exit_code) == ("failure", "block", "1"), str(blocked)
    assert done.gaps == str(done.report_data["summary"]["findings"]["gap"])
    assert "Red team report is missing" in blocked.log
    assert any("BLOCKED" in text and "Red team report is missing" in text for text in blocked.summaries)


def test_annotations_stand_on_the_line_to_edit(blocked: Run) -> None:
    (finding,) = [
        item for item in blocked.gate().report_data["findings"] if item["requirement"]["subject"] == "red-team-report"
    ]
    told = [line for line in blocked.annotations if "Red team report" in str(line)]
    assert told, str(blocked)
    assert all(f"'file': '{finding['location']['path']}'" in str(line) for line in told)
    assert all(f"'line': '{finding['location']['line']}'" in str(line) for line in told)


def test_reports_are_files_for_later_steps(blocked: Run) -> None:
    done = blocked.gate()
    assert done.files == {*ALWAYS, "report.html", "junit.xml"}
    assert blocked.gate("local").files == ALWAYS
    sarif = json.loads((done.folder / "folder" / "report.sarif").read_text("utf-8"))
    schema = node_file("@microsoft/sarif-multitool-linux/sarif-2.1.0.json")
    Draft202012Validator(json.loads(schema.read_text("utf-8"))).validate(sarif)
    assert any(result["ruleId"] for result in sarif["runs"][0]["results"])


def test_the_action_is_the_same_from_a_folder_and_by_its_tag(blocked: Run) -> None:
    by_tag, local = blocked.gate(), blocked.gate("local")
    assert local.report_data == by_tag.report_data
    assert (local.outcome, local.gaps) == (by_tag.outcome, by_tag.gaps)


def test_d30_advice_does_not_fail_and_does_not_bind(blocked: Run) -> None:
    advice = blocked.gate("advice")
    assert (advice.outcome, advice.verdict, advice.exit_code) == ("success", "block", "1")
    assert advice.report_data["trust"]["enforcing"] is False
    assert blocked.gate().report_data["trust"]["enforcing"] is True


def test_history_is_fetched_for_a_checkout_of_depth_1(blocked: Run) -> None:
    trust = blocked.gate().report_data["trust"]
    assert trust["base"]["ref"] == "refs/remotes/origin/main"
    assert trust["notes"] == [], trust["notes"]


def test_nothing_is_left_behind_but_the_reports(blocked: Run) -> None:
    left = [name for name in blocked.gate().left.split() if name.startswith("policy-gate-")]
    assert left, "the listing of the temporary folder was taken while the reports were there"
    assert all(name.startswith("policy-gate-reports-") for name in left), left


def test_the_same_request_passes_once_the_work_is_done_and_approved(runner: Runner, number: int) -> None:
    place = runner.place
    place.scratch.checkout("work")
    place.scratch.declare(high_system("pre_deployment"))
    place.scratch.commit("Write the red team report")
    place.push(number)
    place.hub.approve(number, *APPROVERS)
    done = runner.pull(number, [gate()], action="synchronize")
    assert (done.gate().outcome, done.gate().verdict, done.gate().exit_code) == ("success", "pass", "0"), str(done)
    assert "github" in str(done.gate().report_data["trust"]["approvals"]["sources"])


def test_d30_t42_another_base_than_the_event_names_does_not_bind(runner: Runner, number: int) -> None:
    place = runner.place
    place.scratch.git("branch", "-f", "weak", "work")
    place.publish("weak:refs/heads/weak")
    steps = [gate(base="weak"), gate("advice", base="weak", advisory="true"), gate("own", base="main")]
    done = runner.pull(number, steps)
    assert done.gate().report_data["trust"]["base"]["ref"] == "refs/remotes/origin/weak"
    assert done.gate().outcome == "failure", "a pass against another branch is none"
    assert done.gate("advice").outcome == "success"
    assert done.gate("own").outcome == "success", str(done)


def test_t29_after_a_retarget_the_verdict_is_for_the_new_base(runner: Runner, number: int) -> None:
    place = runner.place
    place.scratch.git("branch", "-f", "other", "main")
    place.scratch.checkout("other")
    place.scratch.write({"policies/extra.yaml": EXTRA_RULE})
    place.scratch.commit("A stricter branch", by="Rae Kim")
    place.publish("other:refs/heads/other")
    place.github.pulls[number].base = "other"
    changes = {"changes": {"base": {"ref": {"from": "main"}}}}
    now = runner.pull(number, [gate()], action="edited", event=changes).gate()
    place.github.pulls[number].base = "main"
    assert now.report_data["trust"]["base"]["ref"] == "refs/remotes/origin/other"
    assert now.report_data["trust"]["base"]["commit"] == place.scratch.git("rev-parse", "other")
    assert EXTRA in str(now.report_data["findings"]), "by the rules of the new base"


def test_h01_t24_a_fork_without_a_token(runner: Runner) -> None:
    place = runner.place
    place.server.token = ""
    place.scratch.branch("typo")
    place.scratch.commit("A typo", files={"README.md": "# Scratsh\n"})
    typo = runner.pull(place.propose("typo"), [gate(github_token="")], token="")
    asks = runner.pull(1, [gate(github_token="")], token="")
    place.server.token = place.github.token
    assert (typo.gate().outcome, typo.gate().verdict) == ("success", "pass"), str(typo)
    assert "nothing governed changed" in typo.log
    assert (asks.gate().outcome, asks.gate().verdict) == ("failure", "undecided"), str(asks)
    assert asks.gate().report_data["trust"]["notes"], "what could not be verified is said"


def test_merge_group_push_and_schedule(runner: Runner) -> None:
    place, github = runner.place, runner.place.github
    base, head = place.scratch.git("rev-parse", "main"), place.scratch.git("rev-parse", "work")
    about = {"repository": {"full_name": github.repository, "default_branch": "main"}}
    place.publish(f"work:refs/heads/gh-readonly-queue/main/pr-1-{base}")
    group = runner.start("merge_group", github.group_event(head, base, 1) | about, head, [gate()])
    assert (group.gate().outcome, group.gate().verdict) == ("success", "pass"), str(group)
    place.scratch.merge("work")
    after = place.scratch.git("rev-parse", "main")
    place.publish()
    push = {"ref": "refs/heads/main", "before": base, "after": after, **about}
    pushed = runner.start("push", push, after, [gate()], GITHUB_REF="refs/heads/main", GITHUB_SHA=after)
    assert pushed.gate().report_data["trust"]["base"]["commit"] == base, str(pushed)
    nightly = runner.start("schedule", about, after, [gate()], GITHUB_REF="refs/heads/main", GITHUB_SHA=after)
    assert nightly.gate().report_data["trust"]["mode"] == "all", str(nightly)
    assert nightly.gate().outcome == "success"


def test_required_workflow_with_the_organisations_rules(runner: Runner, tmp_path: Path) -> None:
    place = Workplace(tmp_path, GitHub("example-org/newcomer"))
    other = Runner(tmp_path, place, runner.index)
    place.scratch.commit("Code", files={"screener/rank.py": "import transformers\n"})
    place.scratch.branch("adopt")
    place.scratch.declare(high_system("development"))
    place.scratch.commit("Adopt")
    number = place.propose("adopt")
    laid = run(
        'mkdir -p "$RUNNER_TEMP/rules/policies" && printf "%s" "$RULES" > "$RUNNER_TEMP/rules/policies/org.yaml"'
    )
    laid["env"] = {"RULES": EXTRA_RULE}
    named = "${{ runner.temp }}/rules/policies"
    steps = [laid, gate("ruled", policies=named), gate("held", require_governed_base="true"), gate("free")]
    done = other.pull(number, steps)
    place.close()
    place.github.close()
    ruled, held, free = (done.gate(name) for name in ("ruled", "held", "free"))
    assert (ruled.outcome, ruled.verdict) == ("failure", "block"), str(done)
    assert ruled.report_data["trust"]["mode"] == "change"
    assert ruled.report_data["trust"]["policies"]["trusted"] is True
    assert (held.outcome, held.verdict) == ("failure", "undecided"), str(done)
    assert (free.outcome, free.verdict, free.report_data["trust"]["mode"]) == ("success", "conditions", "adoption")
    asked = {name: EXTRA in str(done.gate(name).report_data["findings"]) for name in ("ruled", "held", "free")}
    assert asked == {"ruled": True, "held": False, "free": False}


def test_a_runner_without_a_python_that_fits_is_told_what_to_do(runner: Runner, number: int, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    for name in ("python3", "python", *(f"python3.{minor}" for minor in range(11, 15))):
        (old / name).write_text("#!/bin/sh\nexit 1\n")
        (old / name).chmod(0o755)
    steps = [run(f'echo "{old}" >>"$GITHUB_PATH"'), gate(), gate("missing", python="no-such-python")]
    done = runner.pull(number, steps)
    for name in ("gate", "missing"):
        assert (done.gate(name).outcome, done.gate(name).exit_code, done.gate(name).verdict) == ("failure", "3", "")
    assert "actions/setup-python" in str(done.annotations), str(done)

"""The action in a real runner, from an event to what a later step sees.

Each step of the action installs the gate, so a job is started once for all that can be seen in it; what the gate
answers to each event is tested without a runner in `tests/host/test_github_job.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from action.runner import ACTION, OLD_ACTION, Run, Runner, export, gate, repository_of, run, workflow
from action.wheelhouse import index
from fakes.github import GitHub
from jsonschema import Draft202012Validator
from parts import node_file
from workplace import Workplace
from world import base_files, high_system

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
CI = ".github/workflows/policy-gate.yml"


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """One repository: main holds SYS-001 in development and the workflow, `work` promotes it with a report missing.

    `weak` is main as its author would like it to be: who judges `work` against it finds nothing.
    """
    path = tmp_path_factory.mktemp("action")
    with GitHub() as github:
        place = Workplace(path, github)
        started = Runner(path, place, index(tmp_path_factory))
        config = base_files()["policy-gate.yaml"] + "tool: {version: '0.1'}\n"
        place.scratch.write({CI: workflow([gate()])})
        place.hub.adopt(high_system("development"))
        place.scratch.commit("Pin the gate", by="Rae Kim", files={"policy-gate.yaml": config})
        for name in ("weak", "work"):
            place.scratch.branch(name)
            place.scratch.declare(high_system("pre_deployment"))
            place.scratch.remove("governance/red-team-report.md")
            place.scratch.commit(f"Promote the screener on {name}")
        place.publish("weak:refs/heads/weak", "work:refs/heads/work")
        yield started
        place.close()


@pytest.fixture(scope="module")
def number(runner: Runner) -> int:
    """The pull request of `work`."""
    return runner.place.propose("work")


@pytest.fixture(scope="module")
def blocked(runner: Runner, number: int) -> Run:
    """Its first job: the action by its tag, and as advice from a folder of the workspace.

    In the checkout and on the forge stand tags and branches that are named like the base, and mean `weak`.
    """
    place = runner.place
    names = ("refs/tags/main", "refs/tags/origin/main", "refs/heads/origin/main", "refs/heads/refs/heads/main")
    place.publish(*(f"weak:{name}" for name in names))
    workspace = place.checkout(place.scratch.git("rev-parse", "work"))
    weak, at = place.scratch.git("rev-parse", "weak"), {"GIT_DIR": str(workspace / ".git")}
    served = f"file://{place.server.folder}/{place.github.repository}.git"
    place.scratch.git("fetch", "-q", "--depth=1", served, weak, **at)
    for name in (*names, "refs/heads/main", "refs/remotes/origin/main"):
        place.scratch.git("update-ref", name, weak, **at)
    export(workspace / "own")
    steps = [gate(formats="html, junit"), gate("advice", "./own", advisory="true")]
    return runner.pull(number, steps, checkout=workspace)


@pytest.fixture(scope="module")
def by_hand(runner: Runner, blocked: Run) -> Run:
    """A job that somebody starts by hand on the branch, whose check lands on the same commit."""
    head = runner.place.scratch.git("rev-parse", "work")
    about = {"repository": repository_of(runner.place), "ref": "refs/heads/work"}
    return runner.start("workflow_dispatch", about, head, [gate()], GITHUB_REF="refs/heads/work", GITHUB_SHA=head)


@pytest.fixture(scope="module")
def approved(runner: Runner, number: int, by_hand: Run) -> Run:
    """The job after the work was done and approved, and beside it one step that names another base."""
    place = runner.place
    place.scratch.checkout("work")
    place.scratch.declare(high_system("pre_deployment"))
    place.scratch.commit("Write the red team report")
    place.push(number)
    place.hub.approve(number, *APPROVERS)
    return runner.pull(number, [gate(), gate("weak", base="weak")], action="synchronize")


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
    assert done.attestation.endswith("/attestation.json")
    sarif = json.loads((done.folder / "folder" / "report.sarif").read_text("utf-8"))
    schema = node_file("@microsoft/sarif-multitool-linux/sarif-2.1.0.json")
    Draft202012Validator(json.loads(schema.read_text("utf-8"))).validate(sarif)
    assert any(result["ruleId"] for result in sarif["runs"][0]["results"])


def test_d30_advice_finds_the_same_and_does_not_bind(blocked: Run) -> None:
    by_tag, advice = blocked.gate(), blocked.gate("advice")
    assert (advice.outcome, advice.verdict, advice.exit_code) == ("success", "block", "1")
    assert advice.report_data["findings"] == by_tag.report_data["findings"]
    assert by_tag.report_data["trust"]["enforcing"] is True
    assert advice.report_data["trust"]["enforcing"] is False
    assert advice.files == {"report.json", "report.sarif"}
    assert (advice.attestation, by_tag.attestation == "") == ("", False)


def test_history_is_fetched_for_a_checkout_of_depth_1(blocked: Run) -> None:
    assert blocked.gate().report_data["trust"]["notes"] == []


def test_t41_a_tag_or_branch_that_is_named_like_the_base_is_not_read(
    runner: Runner, blocked: Run, approved: Run
) -> None:
    main = {"ref": "refs/remotes/origin/main", "commit": runner.place.scratch.git("rev-parse", "main")}
    assert blocked.gate().report_data["trust"]["base"] == main
    assert [gate["entered"] for gate in blocked.gate().report_data["systems"][0]["gates"]].count(True) == 1
    assert approved.gate("weak").report_data["systems"][0]["base_stage"] == "pre_deployment", "what it would hide"


def test_nothing_is_left_behind_but_the_reports(blocked: Run) -> None:
    left = [name for name in blocked.gate().left.split() if name.startswith("policy-gate-")]
    assert left, "the listing of the temporary folder was taken while the reports were there"
    assert all(name.startswith("policy-gate-reports-") for name in left), left


def test_t29_a_run_started_by_hand_on_a_branch_says_no_less(by_hand: Run, blocked: Run) -> None:
    done = by_hand.gate()
    assert (done.outcome, done.verdict) == ("failure", "block"), str(by_hand)
    assert done.report_data["trust"]["mode"] == "change"
    assert done.report_data["trust"]["base"] == blocked.gate().report_data["trust"]["base"]
    assert "red-team-report" in str(done.report_data["findings"])


def test_the_same_request_passes_once_the_work_is_done_and_approved(approved: Run) -> None:
    done = approved.gate()
    assert (done.outcome, done.verdict, done.exit_code) == ("success", "pass", "0"), str(approved)
    assert "github" in str(done.report_data["trust"]["approvals"]["sources"])


def test_d30_t42_another_base_than_the_event_names_does_not_bind(approved: Run) -> None:
    weak = approved.gate("weak")
    assert weak.report_data["trust"]["base"]["ref"] == "refs/remotes/origin/weak"
    assert weak.report_data["trust"]["enforcing"] is False
    assert (weak.outcome, approved.gate().outcome) == ("failure", "success"), "a pass against another branch is none"


def test_t29_after_a_retarget_the_verdict_is_for_the_new_base(runner: Runner, number: int, approved: Run) -> None:
    place = runner.place
    place.scratch.branch("other")
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
    assert EXTRA not in str(approved.gate().report_data["findings"])


def test_t42_a_workflow_that_is_edited_in_the_change_runs_and_is_asked_about(runner: Runner, approved: Run) -> None:
    """GitHub runs the workflow as the change has it: as advice on another base, or with an old version."""
    place = runner.place
    steps = [gate("advice", advisory="true", base="weak"), gate("old", OLD_ACTION)]
    place.scratch.branch("easier")
    place.scratch.commit("An easier gate", files={CI: workflow(steps)})
    done = runner.pull(place.propose("easier"), place.scratch.read(CI))
    advice, old = done.gate("advice"), done.gate("old")
    (asked,) = [item for item in advice.report_data["findings"] if item.get("for") == "enforcement-change"]
    assert (asked["state"], asked["enforcement"], asked["blame"]) == ("gap", "block", "introduced")
    assert (advice.outcome, advice.verdict) == ("success", "block"), "it is green, and says that it does not bind"
    assert advice.report_data["trust"]["enforcing"] is False
    assert "advisory" in str(advice.report_data["trust"]["notes"])
    assert "origin/weak" in str(advice.report_data["trust"]["notes"])
    assert (old.outcome, old.verdict, old.exit_code) == ("failure", "undecided", "3"), str(done)
    assert "0.0.9" in done.log
    assert f"uses: {ACTION}" in place.scratch.git("show", f"main:{CI}"), "base has it otherwise"
    assert "enforcement-change" not in str(approved.gate().report_data["findings"])


def test_a_required_workflow_brings_the_organisations_rules(runner: Runner, tmp_path: Path) -> None:
    with GitHub("example-org/newcomer") as github:
        place = Workplace(tmp_path, github)
        other = Runner(tmp_path, place, runner.index)
        place.scratch.commit("Code", files={"screener/rank.py": "import transformers\n"})
        place.scratch.branch("adopt")
        place.scratch.declare(high_system("development"))
        place.scratch.commit("Adopt")
        laid = run(
            'mkdir -p "$RUNNER_TEMP/rules/policies" && printf "%s" "$RULES" > "$RUNNER_TEMP/rules/policies/org.yaml"'
        )
        laid["env"] = {"RULES": EXTRA_RULE}
        done = other.pull(place.propose("adopt"), [laid, gate(policies="${{ runner.temp }}/rules/policies")])
        place.close()
    ruled = done.gate()
    assert (ruled.outcome, ruled.verdict) == ("failure", "block"), str(done)
    assert ruled.report_data["trust"]["mode"] == "change", "rules that were there before: no adoption"
    assert ruled.report_data["trust"]["policies"]["trusted"] is True
    assert EXTRA in str(ruled.report_data["findings"])


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

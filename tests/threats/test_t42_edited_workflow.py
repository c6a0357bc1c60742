"""T42: the author edits what runs the gate, in the change that it should judge.

What no tool inside the job can hold, a workflow that never runs it, is said in the docs; but wherever it
does run, the edit is asked about by base's rules. The control is the same branch before the edit.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from approved import CI, HOOK, WORKFLOW, Approved
from scratch import Scratch
from world import days_ago, from_yaml, high_system, low_system, to_yaml

pytestmark = pytest.mark.real_git

COMMITTEE = "approval:ai-governance-committee"
RUN = "- run: policy-gate check"


def _runs(command: str) -> Callable[[Approved], None]:
    return lambda repo: repo.write({CI: WORKFLOW.replace(RUN, f"- run: {command}")})


def _adds(path: str, text: str) -> Callable[[Approved], None]:
    return lambda repo: repo.write({path: text})


def _moves(path: str) -> Callable[[Approved], None]:
    def move(repo: Approved) -> None:
        repo.remove(CI)
        repo.write({path: WORKFLOW})

    return move


def _becomes_a_link(repo: Approved) -> None:
    repo.remove(CI)
    repo.write({"elsewhere.yml": WORKFLOW})
    (repo.path / CI).symlink_to("../../elsewhere.yml")


SAME_JOB = "name: governance\non: pull_request\njobs:\n  gate:\n    steps:\n      - run: echo policy-gate passed\n"
EDITS: dict[str, Callable[[Approved], None]] = {
    "advisory": _runs("policy-gate check --advisory"),
    "another base": _runs("policy-gate check --base attempt"),
    "another day": _runs("policy-gate check --as-of 2020-01-01"),
    "one system alone": _runs("policy-gate check --system SYS-009"),
    "approvals for later": _runs("policy-gate check --defer approval"),
    "an old version": _runs("pip install ai-policy-gate==0.0.1 && policy-gate check"),
    "whatever it says": _runs("policy-gate check || true"),
    "never started": lambda repo: repo.write({CI: WORKFLOW.replace("pull_request", "workflow_dispatch")}),
    "the job gone": lambda repo: repo.write({CI: "name: governance\non: pull_request\njobs: {}\n"}),
    "the file gone": lambda repo: repo.remove(CI),
    "the file renamed": _moves(".github/workflows/other.yml"),
    "the file in another case": _moves(".github/workflows/Governance.yml"),
    "the file put aside": _moves("docs/governance.yml"),
    "a link in its place": _becomes_a_link,
    "a job of the same name": _adds(".github/workflows/second.yml", SAME_JOB),
    "an action of its own": _adds(".github/actions/gate/action.yml", "runs: {steps: [{run: policy-gate --version}]}\n"),
    "another CI": _adds(".gitlab-ci.yml", "gate:\n  script: policy-gate check --advisory\n"),
    "the hook gone": lambda repo: repo.remove(".pre-commit-config.yaml"),
    "the hook emptied": _adds(".pre-commit-config.yaml", "repos: []\n"),
    "the mode of the file": lambda repo: (repo.path / CI).chmod(0o755),
}


@pytest.mark.parametrize("edit", EDITS)
def test_t42_an_edit_of_what_runs_the_gate_is_asked_about(approved: Approved, edit: str) -> None:
    approved.restart()
    EDITS[edit](approved)
    approved.commit(edit)
    done = approved.check()
    assert (done.code, done.blocking()) == (1, [COMMITTEE]), done
    assert {item["for"] for item in done.findings("gap") if item["system"] is None} == {"enforcement-change"}


def test_t42_control_other_workflows_are_nobodys_matter(approved: Approved) -> None:
    done = approved.attempt({".github/workflows/tests.yml": "jobs: {test: {steps: [{run: pytest}]}}\n"})
    assert done.code == 0, done


_CALL = "policy-gate check\n"
_GITLAB_JOB = "gate: {script: policy-gate ci gitlab}\n"


def _run(line: str) -> dict[str, str]:
    return {CI: WORKFLOW.replace("policy-gate check", line)}


_LIBRARY = _run("scripts/all.sh") | {
    "scripts/all.sh": ". scripts/lib.sh\ngate\n",
    "scripts/lib.sh": "gate() { policy-gate check; }\n",
}
ON_THE_WAY: dict[str, tuple[str, dict[str, str]]] = {
    "a script": ("scripts/gate.sh", _run("bash scripts/gate.sh") | {"scripts/gate.sh": _CALL}),
    "a script of a script": ("scripts/lib.sh", _LIBRARY),
    "on the way to it": ("scripts/all.sh", _LIBRARY),
    "in another folder": ("tools/gate", _run("cd tools && ./gate") | {"tools/gate": f"#!/bin/sh\n{_CALL}"}),
    "a program": ("tools/gate.py", _run("python -m tools.gate") | {"tools/gate.py": "run(['policy-gate', 'check'])\n"}),
    "a package": (
        "tools/gate/__main__.py",
        _run("python -m tools.gate") | {"tools/gate/__main__.py": _CALL},
    ),
    "a folder of a program": ("gate/__main__.py", _run("python gate") | {"gate/__main__.py": _CALL}),
    "behind a variable": ("ci/gate.sh", _run("$GITHUB_WORKSPACE/ci/gate.sh") | {"ci/gate.sh": _CALL}),
    "an action elsewhere": (
        "ci/gate/action.yml",
        {CI: WORKFLOW.replace("run: policy-gate check", "uses: ./ci/gate")}
        | {"ci/gate/action.yml": "runs: {steps: [{run: policy-gate check}]}\n"},
    ),
    "what GitLab includes": (
        "ci/gate.yml",
        {
            ".gitlab-ci.yml": "include:\n  - local: 'ci/*.yml'\n",
            "ci/gate.yml": _GITLAB_JOB,
        },
    ),
    "what includes that": (
        "ci/a.yml",
        {
            ".gitlab-ci.yml": "include: /ci/a.yml\n",
            "ci/a.yml": "include: [{local: ci/b.yml}]\n",
            "ci/b.yml": _GITLAB_JOB,
        },
    ),
    "a local hook": (
        "hooks/push.sh",
        {".pre-commit-config.yaml": HOOK.replace("policy-gate hook", "hooks/push.sh").replace("policy-gate", "push")}
        | {"hooks/push.sh": "policy-gate hook\n"},
    ),
    "another CI server": ("Jenkinsfile", {"Jenkinsfile": "sh 'policy-gate check'\n"}),
}


@pytest.mark.parametrize("way", ON_THE_WAY)
def test_t42_what_ci_runs_on_the_way_to_the_gate_is_asked_about(tmp_path: Path, way: str) -> None:
    edited, files = ON_THE_WAY[way]
    repo = Scratch(tmp_path)
    repo.adopt(low_system("development"), files=files)
    repo.branch("attempt")
    repo.commit("Say yes to everything", files={edited: "true\n"})
    done = repo.check()
    assert (done.code, done.blocking()) == (1, [COMMITTEE]), done


def test_t42_control_what_ci_runs_beside_the_gate_is_nobodys_matter(tmp_path: Path) -> None:
    """Scripts that only speak of it, what the gate reads itself, and files that no CI file runs."""
    beside = {
        "scripts/build.sh": "# policy-gate runs after this\nmake\n",
        "docs/gate.md": "policy-gate check\n",
        "scripts/by-hand.sh": _CALL,
        "Makefile": "check:\n\tpolicy-gate check\n",
        "compose.yml": "services: {}\n",
    }
    runs = "bash scripts/build.sh && docker compose -f compose.yml up && cat docs/gate.md && policy-gate check"
    named = {CI: f"{_run(runs)[CI]}# governance.yaml, policies/roles.yaml, policy-gate.yaml\n"}
    repo = Scratch(tmp_path)
    repo.adopt(low_system("development"), files=named | beside)
    repo.branch("attempt")
    repo.edit("SYS-003", incident_contact="desk@example.com")
    repo.commit("Beside it", files={path: f"{text}\n# and more\n" for path, text in beside.items()})
    done = repo.check()
    assert done.code == 0, done


_LIST = "build==1.2\nai-policy-gate==0.9 \\\n    --hash=sha256:aa\npytest==8.0 \\\n    --hash=sha256:bb\n"
_LOCK = """\
[[package]]
name = "ai-policy-gate"
version = "0.9"
source = { registry = "https://packages.example.com/simple" }

[[package]]
name = "pytest"
version = "8.0"
source = { registry = "https://packages.example.com/simple" }
"""
LISTS: dict[str, tuple[dict[str, str], str, str, str]] = {
    "another version": ({"ci/dev.txt": _LIST}, "ci/dev.txt", "gate==0.9", "gate==0.1"),
    "another hash": ({"ci/dev.txt": _LIST}, "ci/dev.txt", ":aa", ":cc"),
    "from somewhere else": ({"ci/dev.txt": _LIST}, "ci/dev.txt", "gate==0.9 ", "gate @ git+https://example.com/x "),
    "another index": ({"ci/dev.txt": _LIST}, "ci/dev.txt", "build", "--index-url https://example.com/simple\nbuild"),
    "installed no more": ({"ci/dev.txt": _LIST}, "ci/dev.txt", "ai-policy-gate==0.9", "gate-of-policies==0.9"),
    "named by another list": (
        {"ci/dev.txt": "-r all.txt\n", "ci/all.txt": _LIST}, "ci/all.txt", "gate==0.9", "gate==0.1",
    ),
    "another list in its place": (
        {"ci/dev.txt": "-r all.txt\n", "ci/all.txt": _LIST}, "ci/dev.txt", "all.txt", "some.txt",
    ),
    "in another spelling": (
        {"ci/dev.txt": _LIST.replace("ai-policy-gate", "AI.Policy_Gate")}, "ci/dev.txt", "Gate==0.9", "Gate==0.1",
    ),
    "a lock file": ({"ci/dev.txt": "x\n", "ci/uv.lock": _LOCK}, "ci/uv.lock", '"0.9"', '"0.1"'),
    "a project": (
        {"ci/dev.txt": "x\n", "ci/tool.toml": 'dev = ["ai-policy-gate==0.9"]\n'}, "ci/tool.toml", "0.9", "0.1",
    ),
}  # fmt: skip


def _with_lists(path: Path, files: dict[str, str]) -> Scratch:
    repo = Scratch(path)
    line = "pip install -r ci/dev.txt && uv sync --locked ci/uv.lock ci/tool.toml && policy-gate check"
    repo.adopt(low_system("development"), files=_run(line) | files)
    repo.branch("attempt")
    return repo


@pytest.mark.parametrize("way", LISTS)
def test_t42_a_list_from_which_ci_installs_the_gate_is_asked_about(tmp_path: Path, way: str) -> None:
    files, path, old, new = LISTS[way]
    repo = _with_lists(tmp_path, files)
    assert old in files[path]
    repo.commit("Tidy up", files={path: files[path].replace(old, new)})
    done = repo.check()
    assert (done.code, done.blocking()) == (1, [COMMITTEE]), done


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("ci/dev.txt", _LIST.replace("8.0", "8.1").replace(":bb", ":dd")),
        ("ci/dev.txt", f"# What CI installs\n{_LIST}ruff==0.5\n"),
        ("ci/dev.txt", _LIST.replace("\n", "\r\n")),
        ("ci/uv.lock", _LOCK.replace("8.0", "8.1")),
    ],
    ids=["another tool raised", "one more, and a remark", "other line ends", "another one of a lock file"],
)
def test_t42_control_other_lines_of_such_a_list_are_nobodys_matter(tmp_path: Path, path: str, text: str) -> None:
    repo = _with_lists(tmp_path, {"ci/dev.txt": _LIST, "ci/uv.lock": _LOCK})
    repo.commit("Raise pytest", files={path: text})
    done = repo.check()
    assert (done.code, done.verdict, done.blocking()) == (0, "pass", []), done


OTHER = ".github/workflows/other.yml"
_STEPS = "runs-on: ubuntu-latest\n    steps:\n      - run: 'true'\n"
_MATRIX = "strategy: {matrix: {part: [gate, docs]}}\n    "
TAKEN_FOR_IT: dict[str, tuple[str, str]] = {
    "its id": (OTHER, f"jobs:\n  gate:\n    {_STEPS}"),
    "its name": (OTHER, f"jobs:\n  other:\n    name: Gate\n    {_STEPS}"),
    "from a matrix": (OTHER, f"jobs:\n  other:\n    name: ${{{{ matrix.part }}}}\n    {_MATRIX}{_STEPS}"),
    "put together": (OTHER, f"jobs:\n  other:\n    name: ga${{{{ 'te' }}}}\n    {_STEPS}"),
    "behind an alias": (OTHER, f"env: {{A: &a gate}}\njobs:\n  other:\n    name: *a\n    {_STEPS}"),
    "escaped": (OTHER, f'jobs:\n  "g\\x61te":\n    {_STEPS}'),
    "with its matrix": (OTHER, f"jobs:\n  gate:\n    {_MATRIX}{_STEPS}"),
    "in a workflow that is there": (".github/workflows/tests.yml", f"jobs:\n  gate:\n    {_STEPS}"),
    "of another server": (".gitea/workflows/other.yml", f"jobs:\n  gate:\n    {_STEPS}"),
}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """A repository with one workflow that runs the gate, and one with tests."""
    repo = Scratch(tmp_path_factory.mktemp("guarded"))
    tests = f"jobs:\n  tests:\n    {_STEPS}"
    repo.adopt(low_system("development"), files={CI: WORKFLOW, ".github/workflows/tests.yml": tests})
    return repo


@pytest.mark.parametrize("way", TAKEN_FOR_IT)
def test_t42_a_job_that_is_taken_for_the_one_that_runs_the_gate(guarded: Scratch, way: str) -> None:
    path, text = TAKEN_FOR_IT[way]
    guarded.branch("attempt")
    guarded.commit("A workflow", files={path: f"on: pull_request\n{text}"})
    done = guarded.check()
    assert (done.code, done.blocking()) == (1, [COMMITTEE]), done


def test_t42_a_job_that_takes_the_place_of_the_gates_in_gitlab(tmp_path: Path) -> None:
    files = {
        ".gitlab-ci.yml": "include: [{local: ci/gate.yml}, {local: ci/tests.yml}]\n",
        "ci/gate.yml": _GITLAB_JOB,
        "ci/tests.yml": "tests: {script: pytest}\n",
    }
    repo = Scratch(tmp_path)
    repo.adopt(low_system("development"), files=files)
    repo.branch("attempt")
    repo.commit("More tests", files={"ci/tests.yml": "tests: {script: [pytest, ruff]}\n"})
    assert repo.check().code == 0, "control: a job of another name"
    repo.commit("One that may fail", files={"ci/tests.yml": "tests: {script: pytest}\ngate: {allow_failure: true}\n"})
    done = repo.check()
    assert (done.code, done.blocking()) == (1, [COMMITTEE]), done


def test_t42_control_jobs_of_other_names(guarded: Scratch) -> None:
    """Names that hold the gate's, a matrix that is written out, a name that is worked out beside a text."""
    named = {
        "gateway": "",
        "delegate": "name: Gate keepers\n    ",
        "parts": f"name: ${{{{ matrix.part }}}}\n    {_MATRIX.replace('gate', 'api')}",
        "worked-out": "name: Tests of ${{ github.ref_name }}\n    ",
    }
    jobs = "".join(f"  {id_}:\n    {more}{_STEPS}" for id_, more in named.items())
    guarded.branch("attempt")
    guarded.commit("A workflow", files={OTHER: f"on: pull_request\njobs:\n{jobs}"})
    assert guarded.check().code == 0


def test_t42_control_another_job_of_the_file_that_runs_the_gate(tmp_path: Path) -> None:
    """Which of its jobs runs the gate is told: a workflow with a job called like another of them is nobody's matter."""
    repo = Scratch(tmp_path)
    repo.adopt(low_system("development"), files={CI: f"{WORKFLOW}  tests:\n    {_STEPS}"})
    repo.branch("attempt")
    repo.commit("A workflow", files={OTHER: f"on: push\njobs:\n  tests:\n    {_STEPS}"})
    assert repo.check().code == 0


def test_t42_control_files_that_shared_a_name_before_are_edited_as_ever(tmp_path: Path) -> None:
    """The gate is a step of a job `build`, as of many repositories are more than one."""
    build = f"on: push\njobs:\n  build:\n    {_STEPS}"
    repo = Scratch(tmp_path)
    repo.adopt(low_system("development"), files={CI: WORKFLOW.replace("gate:", "build:", 1), OTHER: build})
    repo.branch("attempt")
    repo.commit("More of it", files={OTHER: f"{build}      - run: pytest\n"})
    assert repo.check().code == 0
    repo.commit("One more of the name", files={".github/workflows/third.yml": build})
    done = repo.check()
    assert (done.code, done.blocking()) == (1, [COMMITTEE]), done


def test_t42_with_the_committees_yes_it_merges_and_only_as_they_saw_it(approved: Approved) -> None:
    approved.restart()
    EDITS["advisory"](approved)
    approved.commit("Advisory for a week")
    approved.approve("ai-governance-committee", "enforcement-change", system=None)
    assert approved.check().code == 0
    EDITS["whatever it says"](approved)
    approved.commit("For ever")
    done = approved.check()
    assert (done.code, done.blocking()) == (1, [COMMITTEE]), done


def test_t42_whoever_edits_it_does_not_approve_it(approved: Approved) -> None:
    approved.restart()
    EDITS["advisory"](approved)
    approved.commit("Advisory", by="Ada Example")
    approved.approve("ai-governance-committee", "enforcement-change", system=None)
    done = approved.check()
    assert (done.code, done.blocking()) == (1, [COMMITTEE]), done


@pytest.fixture(scope="module")
def pinned(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """Base says itself which files run the gate, and `pin` pins a tool."""
    repo = Scratch(tmp_path_factory.mktemp("pinned"))
    repo.adopt(high_system("development"), files={"ci/run.sh": "exit 0\n", CI: WORKFLOW})
    return repo


def _configured(repo: Scratch, branch: str, **fields: Any) -> None:
    repo.branch(branch)
    config = from_yaml(repo.read("policy-gate.yaml")) | fields
    repo.commit("Configure", by="Rae Kim", files={"policy-gate.yaml": to_yaml(config)})
    repo.branch("attempt", at=branch)


def test_t42_base_may_name_the_files_itself(pinned: Scratch) -> None:
    _configured(pinned, "named", enforcement=["ci/**"])
    pinned.commit("Elsewhere", files={CI: WORKFLOW + "# a comment\n"})
    assert pinned.check("--base", "named").code == 0, "what base does not name is not looked at"
    pinned.commit("There", files={"ci/run.sh": "exit 0 # gate\n"})
    assert pinned.check("--base", "named").blocking() == [COMMITTEE]


PINS: dict[str, tuple[dict[str, Any], int]] = {
    "another version": ({"version": "99.1"}, 3),
    "other policies": ({"policies_digest": "sha256:" + "0" * 64}, 3),
    "this version": ({"version": "0.1"}, 0),
    "this version among others": ({"version": ["99.1", "0.1"]}, 0),
    "other versions": ({"version": ["99.1", "99.2"]}, 3),
    "other policies among versions": ({"version": ["0.1"], "policies_digest": ["sha256:" + "0" * 64]}, 3),
}


@pytest.mark.parametrize("pin", PINS)
def test_t42_another_tool_than_base_pins_gives_no_answer(pinned: Scratch, pin: str) -> None:
    said, code = PINS[pin]
    _configured(pinned, "pin", tool=said)
    pinned.edit(incident_contact="desk@example.com")
    pinned.commit("Any change")
    assert pinned.check("--base", "pin").code == code
    pinned.commit("Without the pin", files={"policy-gate.yaml": pinned.git("show", "main:policy-gate.yaml") + "\n"})
    done = pinned.check("--base", "pin")
    assert done.code == (code or 1), "base pins it, whatever the change says"


def test_t42_what_a_weakened_call_leaves_out_is_said(approved: Approved) -> None:
    approved.restart("unapproved")
    assert (approved.check().code, approved.check().report["trust"]["enforcing"]) == (1, True)
    calls = ("--advisory",), ("--defer", "approval"), ("--as-of", days_ago(1))
    for call in calls:
        done = approved.check(*call)
        assert done.report["trust"]["enforcing"] is False, call

"""The page on GitHub: its tables are those of action.yml, its file is the one that `init` writes, and it works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from action.runner import Run, Runner, repository_of
from action.wheelhouse import index
from docs.doc_pages import Block, blocks, prose
from fakes.github import GitHub
from parts import ROOT
from workplace import Workplace
from world import days_ago, from_yaml, high_system

from policy_gate.ci.bootstrap import INPUTS
from policy_gate.write.ci_files import ci_file

PAGE = ROOT / "docs" / "github.md"
WORKFLOW = ".github/workflows/policy-gate.yml"
ACTION: dict[str, Any] = from_yaml((ROOT / "action.yml").read_text("utf-8"))
SETUP = "actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065"


def _file() -> Block:
    (block,) = [block for block in blocks(PAGE, "yaml") if block.value("file")]
    assert block.value("file") == WORKFLOW
    return block


def _table(heading: str) -> dict[str, list[str]]:
    """The cells of a table below a heading, by the name in their first."""
    section = prose(PAGE).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in section.splitlines() if line.startswith("| `")]
    return {row[0].strip().strip("`"): [cell.strip() for cell in row[1:]] for row in rows}


def test_the_tables_are_those_of_the_action() -> None:
    inputs, outputs = _table("Inputs"), _table("Outputs")
    assert set(inputs) == set(ACTION["inputs"])
    assert set(outputs) == set(ACTION["outputs"])
    for name, cells in inputs.items():
        default = ACTION["inputs"][name]["default"]
        if default and "${{" not in default:
            assert cells[0] == f"`{default}`", name
        else:
            assert not cells[0].startswith("`"), name


def test_every_input_reaches_the_gate() -> None:
    (step,) = ACTION["runs"]["steps"]
    passed = {name.removeprefix("INPUT_") for name in step["env"] if name.startswith("INPUT_")}
    assert passed == {*INPUTS, "PYTHON"} == {name.replace("-", "_").upper() for name in ACTION["inputs"]}


def test_the_file_of_the_page_is_the_one_that_init_writes() -> None:
    assert ci_file("github").text == _file().text
    owned = ci_file("github", "acme")
    assert (owned.text, owned.path) == (_file().text.replace("<owner>", "acme"), WORKFLOW)


def test_every_permission_of_the_file_is_explained() -> None:
    (job,) = from_yaml(_file().text)["jobs"].values()
    explained = {name for row in _table("What each permission buys") for name in re.findall(r"[a-z-]+: [a-z]+", row)}
    assert {f"{name}: {right}" for name, right in job["permissions"].items()} <= explained


class Fresh(Runner):
    """A runner with a stand-in for actions/setup-python: this machine has a Python."""

    def remotes(self) -> list[str]:
        stub = self.path / "setup-python"
        stub.mkdir(exist_ok=True)
        (stub / "action.yml").write_text(
            "name: stand-in\ndescription: Takes the Python that is there.\ninputs: {python-version: {required: true}}\n"
            "runs: {using: composite, steps: [{shell: bash, run: python3 --version}]}\n"
        )
        return [*super().remotes(), f"{SETUP}={stub}"]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fresh]:
    """A repository with code and nothing governed; its jobs' token has what the page's permissions give."""
    path = tmp_path_factory.mktemp("fresh")
    with GitHub() as github:
        token = github.grant("github-actions[bot]", "pull-requests: write", "issues: write")
        place = Workplace(path, github, token)
        code = {"screener/rank.py": "import transformers\n", ".github/workflows/ci.yml": "{}\n"}
        place.scratch.commit("Code", files=code)
        yield Fresh(path, place, index(tmp_path_factory))
        place.close()


@pytest.mark.real_runner
@pytest.mark.real_git
@pytest.mark.contract_fake
def test_a_fresh_repository_adopts_by_the_page_alone(fresh: Fresh) -> None:
    place, scratch = fresh.place, fresh.place.scratch
    scratch.branch("govern")
    assert scratch.run("init", "--yes", "--action-owner", "acme").code == 0
    text = _file().text.replace("<owner>", "acme")
    assert scratch.read(WORKFLOW) == text
    scratch.remove("governance.yaml")
    scratch.write({WORKFLOW: text, "policies/roles.yaml": place.hub.roles()})
    scratch.declare(high_system("development", enrolled=days_ago(0)))
    scratch.remove("governance/" + Path(scratch.entry()["artifacts"][0]["path"]).name)
    scratch.commit("Govern this repository")
    adopted = _job(fresh, place.propose("govern"), text)
    assert (adopted.code, _verdict(adopted)) == (0, "conditions"), str(adopted)
    assert "first adoption" in adopted.log

    scratch.merge("govern")
    place.publish()
    tip = scratch.git("rev-parse", "main")
    at_night = {"GITHUB_REF": "refs/heads/main", "GITHUB_SHA": tip, "github_token": place.server.token}
    event = {"repository": repository_of(place)}
    nightly = place.job("schedule", event, place.checkout(tip), **at_night, **_inputs())
    assert (nightly.code, nightly.outputs["verdict"]) == (0, "conditions"), nightly
    (listed,) = place.github.issues.values()
    assert "SYS-001" in listed["body"]

    scratch.branch("promote")
    scratch.edit(stage="pre_deployment")
    scratch.commit("Promote the screener")
    number = place.propose("promote")
    blocked = _job(fresh, number, text)
    assert (blocked.code, _verdict(blocked)) == (1, "block"), str(blocked)
    assert any("Red team report" in str(line) for line in blocked.annotations)
    (told,) = place.github.said(number)
    ids = set(place.github.comments)
    assert "Red team report" in told

    scratch.declare(high_system("pre_deployment", enrolled=days_ago(0)))
    scratch.commit("Write what is owed")
    place.push(number, "promote")
    place.hub.approve(number, "Ada Example", "Lin Park", "Pat Moss")
    passing = _job(fresh, number, text)
    assert (passing.code, _verdict(passing)) == (0, "pass"), str(passing)
    assert set(place.github.comments) == ids, "the same comment, edited"
    (shrunk,) = place.github.said(number)
    assert len(shrunk) < len(told)


def _inputs() -> dict[str, str]:
    """What the page's file gives to the action."""
    (job,) = from_yaml(_file().text)["jobs"].values()
    given: dict[str, str] = job["steps"][-1]["with"]
    return given


def _job(fresh: Fresh, number: int, text: str) -> Run:
    return fresh.pull(number, text, token=fresh.place.server.token)


def _verdict(run: Run) -> str:
    """The output of the step that the page calls `gate`, as the runner took it."""
    told = [line for line in run.lines if line.get("command") == "set-output" and line.get("name") == "verdict"]
    return str(told[-1]["arg"]) if told else str(run)

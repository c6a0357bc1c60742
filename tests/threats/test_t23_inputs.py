"""T23: what stands in an input of the action is text. No shell reads it, and none of it is an option of a program.

In the same job T21 and T22: a system whose name is every attack there is, in the log, the annotations, the summary and
the outputs of a real runner.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator

import pytest
from action.runner import Run, Runner, gate, run
from action.wheelhouse import index
from fakes.github import GitHub
from markdown_it import MarkdownIt
from parts import ROOT, part
from report.sample_reports import HOSTILE
from workplace import Workplace
from world import from_yaml, high_system

pytestmark = [pytest.mark.real_runner, pytest.mark.real_git, pytest.mark.contract_fake]

FORGED = "\nverdict=pass\nverdict<<E\npass\nE"
COMMAND = "::set-output name=verdict::pass\n::add-mask::report"
NAME = "\n".join(text for text in (COMMAND, *HOSTILE, FORGED) if all(x.isprintable() or x == "\n" for x in text))
HOSTILE_INPUT = '"; touch "$KEEP/pwned"; "\n$(touch "$KEEP/pwned")\n`touch "$KEEP/pwned"`\n::error::forged\n'
UNSAFE = """\
name: unsafe
description: What an action must not do.
inputs:
  base: {description: a branch, required: false}
runs:
  using: composite
  steps:
    - shell: bash
      run: |
        echo "base is ${{ inputs.base }}"
        echo "verdict=forged" >>"$GITHUB_OUTPUT"
"""
TEXTS = ("base", "head", "working-directory", "policies", "formats", "evidence", "require-stage", "audit", "python")
SWITCHES = ("comment", "dashboard", "advisory", "require-governed-base", "version-check", "rejudge")
LOOK = 'if [ -e "$KEEP/pwned" ]; then echo pwned >>"$KEEP/ran"; fi\n'
AUDITORS = (
    ("zizmor", "--offline", "--persona", "auditor"),
    ("check-jsonschema", "--builtin-schema", "vendor.github-actions"),
)


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """One job of many steps, and last of all the same text in an action that puts it into a script."""
    path = tmp_path_factory.mktemp("inputs")
    with GitHub() as github:
        place = Workplace(path, github)
        runner = Runner(path, place, index(tmp_path_factory))
        place.hub.adopt(high_system("development"))
        place.scratch.branch("work")
        place.scratch.edit(name=NAME, stage="pre_deployment")
        place.scratch.commit("Another name", files={"unsafe/action.yml": UNSAFE})
        number = place.propose("work")
        text = HOSTILE_INPUT
        safe = [
            gate("all", base=text, head=text, working_directory=text, policies=text, formats=text, evidence=text),
            gate("option", base=f"--upload-pack=touch {path}/written", advisory="true"),
            gate("python", python=text),
            gate("named", advisory="true\n"),
            run(LOOK),
            run("true", id="looked"),
        ]
        unsafe = [gate("unsafe", "./unsafe", base=text), run(LOOK), run("true", id="control")]
        told = {"NAME": NAME, "FORGED": FORGED}
        careless = run('echo "$NAME"; echo "name=x$FORGED" >>"$GITHUB_OUTPUT"', id="careless", env=told)
        yield runner.pull(number, [*safe, *unsafe, careless])
        place.close()


def test_t23_no_input_is_run(job: Run) -> None:
    assert job.gate("looked").ran == [], str(job)
    assert job.gate("control").ran == ["pwned"], "the control does run it"
    assert not (job.kept.parent.parent.parent / "written").exists()


@pytest.mark.parametrize(("name", "code"), [("all", "2"), ("python", "3")])
def test_t23_what_cannot_be_meant_is_refused(job: Run, name: str, code: str) -> None:
    assert (job.gate(name).outcome, job.gate(name).exit_code, job.gate(name).verdict) == ("failure", code, "")


def test_t23_a_base_that_is_an_option_is_no_branch(job: Run) -> None:
    assert job.gate("option").verdict in ("", "undecided"), str(job)
    assert not (job.kept.parent.parent.parent / "written").exists()


def test_t22_a_hostile_name_forges_no_output(job: Run) -> None:
    done = job.gate("named")
    assert (done.outcome, done.verdict, done.exit_code) == ("success", "block", "1"), str(job)
    assert done.report_data["systems"][0]["name"].startswith("::set-output")
    assert done.gaps == str(done.report_data["summary"]["findings"]["gap"])
    assert job.gate("careless").verdict == "pass", "the control does forge it"


def test_t21_a_hostile_name_is_shown_and_obeyed_by_nothing(job: Run) -> None:
    ours, forged = [], []
    for line in job.annotations:
        (forged if str(line["arg"]).startswith("forged") else ours).append(line)
    assert any("Screener" in str(line) and "SYS-001" in str(line) for line in ours), str(job)
    told = [line for line in job.lines if line.get("stepID") == ["careless"]]
    assert forged, "the control does forge one"
    assert all(line in told for line in forged)
    obeyed = {str(line["command"]) for line in job.lines if line.get("command") and line not in told}
    assert obeyed <= {"error", "warning", "notice", "set-output", "summary"}, obeyed
    (summary,) = {text for text in job.summaries if "SYS-001" in text}
    page = MarkdownIt("commonmark").enable("table").render(summary)
    assert "Screener" in page
    assert not re.search(r"<(script|img|h1|blockquote)|href=\"(https?:)?//(www\.)?evil|(?<!\w)@octocat", page)


def test_t23_inputs_reach_the_step_as_variables_only() -> None:
    action = from_yaml((ROOT / "action.yml").read_text("utf-8"))
    for step in action["runs"]["steps"]:
        assert "uses" not in step
        assert "${{" not in step["run"] + step["shell"]
    said = json.dumps([step["env"] for step in action["runs"]["steps"]])
    assert set(action["inputs"]) == {*TEXTS, *SWITCHES, "github-token"}
    assert all(f"${{{{ inputs.{name} }}}}" in said for name in action["inputs"])


@pytest.mark.parametrize("command", AUDITORS, ids=lambda command: command[0])
def test_t23_auditors_find_nothing_in_the_action(command: tuple[str, ...]) -> None:
    asked = [part(command[0]), *command[1:], "action.yml"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_t23_the_auditor_would_find_an_input_in_a_script(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("unsafe")
    (folder / "action.yml").write_text(UNSAFE, "utf-8")
    asked = [part("zizmor"), "--offline", "--persona", "auditor", str(folder)]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "template-injection" in done.stdout

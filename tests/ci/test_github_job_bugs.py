"""A part of the action's job that breaks takes nothing away that was reached before it, and is told as a bug."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scratch import Result
from workplace import Workplace

from policy_gate.cli import ci_github
from policy_gate.cli.errors import guarded
from policy_gate.errors import UsageError
from policy_gate.report import REPORTERS

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]


def _breaks(*_: Any, **__: Any) -> str:
    raise KeyError("a bug")


def _no_room(*_: Any, **__: Any) -> str:
    raise UsageError("cannot write there: no space left on device")


@pytest.fixture
def place(place: Workplace, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Workplace:
    """A blocked pull request, number 1; the command runs in this process, so that a test can break a part of it."""

    def run(*args: str, stdin: str | None = None, **env: str) -> Result:
        with monkeypatch.context() as environment:
            for name, value in place.scratch.environment(**env).items():
                environment.setenv(name, value)
            code = guarded(args)
        out, err = capfd.readouterr()
        return Result(code, out, err)

    place.scratch.branch("work")
    place.scratch.edit(risk_profile={"human_oversight": "full"})
    place.scratch.commit("A person decides now")
    place.propose()
    monkeypatch.setattr(place.scratch, "run", run)
    return place


def test_a_format_that_breaks_is_a_bug_and_takes_no_output_away(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = place.pull_job(1, formats="html, junit")
    monkeypatch.setitem(REPORTERS, "html", _breaks)
    done = place.pull_job(1, formats="html, junit", comment="true")
    assert (control.code, done.code) == (1, 4), done
    kept = ("verdict", "exit-code", "gaps")
    assert [done.outputs[name] for name in kept] == [control.outputs[name] for name in kept]
    assert done.outputs["verdict"] == "block"
    assert done.report == control.report
    assert done.summary == control.summary
    folder = Path(done.outputs["reports"])
    assert {path.name for path in folder.iterdir()} == {
        *("report.json", "report.sarif", "attestation.json", "junit.xml"),
    }
    assert "report.html is missing for a bug in policy-gate; the verdict stands" in done.out
    assert "this is a bug in policy-gate (KeyError" in done.err
    assert "no verdict was reached" not in done.err
    assert "comment" in done.err, "what comes after it is still done"
    said = [line for line in control.out.splitlines() if line.startswith("::")]
    assert [line for line in done.out.splitlines() if line in said] == said


@pytest.mark.parametrize("lost", ["sarif", "attestation"])
def test_an_output_that_broke_is_empty_and_the_others_are_there(
    place: Workplace, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    if lost == "sarif":
        monkeypatch.setitem(REPORTERS, "sarif", _breaks)
    else:
        monkeypatch.setattr(ci_github, "tell_attestation", _breaks)
    done = place.pull_job(1)
    assert done.code == 4, done
    assert done.outputs.get(lost, "") == ""
    assert done.outputs["verdict"] == "block"
    other = {"sarif": "attestation", "attestation": "sarif"}[lost]
    assert Path(done.outputs[other]).is_file()


def test_a_dashboard_that_cannot_be_judged_takes_no_output_away(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ci_github, "judge_everything", _breaks)
    before = place.scratch.git("rev-parse", "main")
    place.scratch.merge("work")
    after = place.scratch.git("rev-parse", "main")
    place.publish()
    repository = {"default_branch": "main", "full_name": place.github.repository}
    event = {"ref": "refs/heads/main", "before": before, "after": after, "repository": repository}
    there = {"GITHUB_SHA": after, "GITHUB_REF": "refs/heads/main"}
    done = place.job("push", event, place.checkout(after), dashboard="true", **there)
    assert (done.code, done.outputs["verdict"]) == (4, "block"), done
    assert "the dashboard is missing" in done.err


def test_what_cannot_be_written_is_said_and_is_no_bug(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ci_github, "append_summary", _no_room)
    done = place.pull_job(1)
    assert (done.code, done.outputs["verdict"]) == (2, "block"), done
    assert "the step summary is missing: cannot write there: no space left on device" in done.err
    assert "bug" not in done.err


def test_t30_a_bug_before_the_verdict_is_told_and_gives_none(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ci_github, "check_job", _breaks)
    done = place.pull_job(1)
    assert (done.code, done.outputs) == (4, {"exit-code": "4"}), done
    assert "::error title=policy-gate::this is a bug in policy-gate" in done.out
    assert "no verdict was reached" in done.err

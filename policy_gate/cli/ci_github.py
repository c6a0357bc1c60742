"""`policy-gate ci github`: the action's job. Inputs come from INPUT_* variables, the rest from GitHub's own."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import click

from policy_gate import __version__, collect
from policy_gate.cli.ci import (
    Answer,
    environment_of_job,
    judge,
    judge_everything,
    own_clone,
    placed,
    tell_attestation,
    tell_files,
    tell_log,
)
from policy_gate.cli.output import say, show
from policy_gate.collect import Job
from policy_gate.errors import PolicyGateError
from policy_gate.host.clone import Address, Clone
from policy_gate.host.github.comments import keep_comment
from policy_gate.host.github.dashboard import keep_dashboard
from policy_gate.host.github.outputs import append_summary, write_outputs
from policy_gate.host.github.releases import release_note
from policy_gate.host.github.reruns import rerun_after_review
from policy_gate.host.github.retarget import retargeted
from policy_gate.host.inputs import Inputs, read_inputs
from policy_gate.report import REPORTERS, Look
from policy_gate.report.annotations import refusal
from policy_gate.report.comment import comment, is_comment_needed
from policy_gate.report.dashboard import dashboard, has_debt
from policy_gate.report.summary import summary
from policy_gate.schema.report import Report

_ALWAYS = ("json", "sarif")
_NOT_OURS = ("CI_", "GITLAB_")


@click.command(short_help="The action's job on GitHub.")
def github() -> int:
    """Judge the event of this GitHub job, annotate, summarise, and hand the verdict to later steps.

    \b
    Reads   INPUT_BASE, INPUT_HEAD, INPUT_WORKING_DIRECTORY, INPUT_POLICIES, INPUT_FORMATS, INPUT_EVIDENCE,
            INPUT_COMMENT, INPUT_DASHBOARD, INPUT_ADVISORY, INPUT_REQUIRE_GOVERNED_BASE, INPUT_REQUIRE_STAGE,
            INPUT_VERSION_CHECK, INPUT_GITHUB_TOKEN, and GitHub's GITHUB_* and RUNNER_TEMP
    Writes  outputs verdict, exit-code, gaps, report, sarif; the step summary; one comment; one issue

    Exit codes: 0 pass (also with conditions), 1 block, 2 usage, 3 undecided, 4 a bug.
    """
    environment = environment_of_job("", _NOT_OURS)
    try:
        root = Path(environment.get("GITHUB_WORKSPACE") or ".")
        inputs = read_inputs(environment, "INPUT_", root, tuple(REPORTERS))
        environment = environment_of_job(inputs.token, _NOT_OURS)
        job = collect.github_job(environment)
        if inputs.version_check:
            say(release_note(environment, __version__))
        with own_clone(inputs, _address(environment)) as clone:
            job = placed(job, clone)
            answer = judge(inputs, job, clone, environment, _departure(job, environment))
            debt = _debt(answer, inputs, job, clone, environment)
    except PolicyGateError as error:
        show(refusal(error))
        write_outputs(environment, {"exit-code": str(error.exit_code)})
        raise
    _tell(answer, inputs, job, environment)
    if debt is not None:
        say(keep_dashboard(environment, dashboard(debt, _look(environment, job)), has_debt(debt)))
    return answer.exit_code


def _tell(answer: Answer, inputs: Inputs, job: Job, environment: Mapping[str, str]) -> None:
    look = _look(environment, job)
    folder = Path(tempfile.mkdtemp(prefix="policy-gate-reports-", dir=environment.get("RUNNER_TEMP") or None))
    files = tell_files(answer.report, folder, (*_ALWAYS, *inputs.formats), look)
    tell_log(answer)
    annotations = REPORTERS["github"](answer.report, look)
    if annotations:
        show(annotations)
    unshown = append_summary(environment, summary(answer.report, look))
    if unshown:
        say(unshown)
    attestation = tell_attestation(answer, folder)
    write_outputs(
        environment,
        {
            "verdict": answer.report.verdict,
            "exit-code": str(answer.report.exit_code),
            "gaps": str(answer.report.count("gap")),
            "report": str(files["json"]),
            "sarif": str(files["sarif"]),
            "reports": str(folder),
            "attestation": str(attestation or ""),
        },
    )
    if job.number is not None and environment.get("GITHUB_EVENT_NAME") == "pull_request_review":
        say(rerun_after_review(environment, job.number, job.head, answer.exit_code == 0))
    if inputs.comment and job.number is not None:
        text, is_needed = comment(answer.report, look), is_comment_needed(answer.report)
        say(keep_comment(environment, job.number, text, is_needed, job.head))


def _debt(answer: Answer, inputs: Inputs, job: Job, clone: Clone, environment: Mapping[str, str]) -> Report | None:
    """What the issue lists: all that is owed on the default branch, where this job is about that branch."""
    if not inputs.dashboard:
        return None
    if not job.is_about_default:
        say("dashboard: this job is not about the default branch, so the issue stays as it is")
        return None
    return answer.report if job.wants_all else judge_everything(inputs, job, clone, environment)


def _departure(job: Job, environment: Mapping[str, str]) -> str:
    """Why this job may be for a base that its pull request has left meanwhile (T29); empty where it is not.

    Asked where the job is run again, or is not about the default branch: the others cannot have been easier.
    """
    if job.number is None or job.target is None:
        return ""
    if environment.get("GITHUB_RUN_ATTEMPT", "1") == "1" and job.target.branch == job.default_branch:
        return ""
    return retargeted(environment, job.number, job.target.branch)


def _look(environment: Mapping[str, str], job: Job) -> Look:
    server, repository = environment.get("GITHUB_SERVER_URL", ""), environment.get("GITHUB_REPOSITORY", "")
    url = f"{server}/{repository}/blob/{job.head}" if server and repository and job.head else ""
    return Look(source_url=url)


def _address(environment: Mapping[str, str]) -> Address | None:
    server, repository = environment.get("GITHUB_SERVER_URL", ""), environment.get("GITHUB_REPOSITORY", "")
    if not server or not repository:
        return None
    return Address(f"{server}/{repository}", "x-access-token", environment.get("GITHUB_TOKEN", ""))

"""`policy-gate ci github`: the action's job. Inputs come from INPUT_* variables, the rest from GitHub's own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import click
from msgspec import Struct

from policy_gate import __version__
from policy_gate.ci.github.comments import keep_comment
from policy_gate.ci.github.debt_issue import keep_dashboard
from policy_gate.ci.github.open_requests import rejudge_open
from policy_gate.ci.github.outputs import append_summary, write_outputs
from policy_gate.ci.github.releases import release_note
from policy_gate.ci.github.reruns import rerun_after_review
from policy_gate.ci.github.retarget import Retargeted, Same, target_now
from policy_gate.ci.inputs import Inputs, read_inputs
from policy_gate.ci.job import Job, github_job
from policy_gate.cli.attest import repository_url
from policy_gate.cli.ci import (
    FILES,
    JobAnswer,
    check_job,
    environment_of_job,
    judge_everything,
    own_clone,
    placed,
    record,
    tell_attestation,
    tell_files,
    tell_log,
)
from policy_gate.cli.errors import bug
from policy_gate.cli.output import one_line, say, show
from policy_gate.errors import PolicyGateError
from policy_gate.forges.github_event import read_event
from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.report.formats.comment import comment, is_comment_needed, summary
from policy_gate.report.formats.debt_issue import dashboard, has_debt
from policy_gate.report.formats.github import refusal
from policy_gate.report.sanitise import markdown
from policy_gate.vcs.clone import Address, Clone

_RULES = ("policy-changed", "waivers-changed")
"""kinds of change after which open pull requests are judged by other rules"""
_NOT_OURS = ("CI_", "GITLAB_")


@click.command(short_help="The action's job on GitHub.")
def github() -> int:
    """Judge the event of this GitHub job, annotate, summarise, and hand the verdict to later steps.

    \b
    Reads   INPUT_BASE, INPUT_HEAD, INPUT_WORKING_DIRECTORY, INPUT_POLICIES, INPUT_FORMATS, INPUT_EVIDENCE,
            INPUT_COMMENT, INPUT_DASHBOARD, INPUT_ADVISORY, INPUT_REQUIRE_GOVERNED_BASE, INPUT_REQUIRE_STAGE,
            INPUT_VERSION_CHECK, INPUT_REJUDGE, INPUT_AUDIT, INPUT_GITHUB_TOKEN, and GitHub's GITHUB_* and
            RUNNER_TEMP
    Writes  outputs verdict, exit-code, gaps, report, sarif, reports, attestation; the step summary; one comment;
            one issue. What fails after the verdict takes none of it away: the others are written, the exit code is 4.

    Exit codes: 0 pass (also with conditions), 1 block, 2 usage, 3 undecided, 4 a bug.

    \b
    Example:
      INPUT_ADVISORY=true policy-gate ci github      in a step of a workflow; the action does it for you
    """
    environment = environment_of_job("", _NOT_OURS)
    with ExitStack() as until_told:
        try:
            root = Path(environment.get("GITHUB_WORKSPACE") or ".")
            inputs = read_inputs(environment, "INPUT_", root, tuple(REPORTERS))
            environment = environment_of_job(inputs.token, _NOT_OURS)
            if environment.get("GITHUB_EVENT_NAME") == "push" and read_event(environment).is_deletion:
                say("policy-gate: not judged, a deletion brings nothing in")
                write_outputs(environment, {"exit-code": "0"})
                return 0
            job = github_job(environment)
            if inputs.version_check:
                say(release_note(environment, __version__))
            clone = until_told.enter_context(own_clone(inputs, _address(environment)))
            job = placed(job, clone)
            answer = check_job(inputs, job, clone, environment, _departure(job, clone, environment))
            teller = _Teller(answer, job, environment, _folder(environment))
            teller.verdict()
        except Exception as error:
            known = error if isinstance(error, PolicyGateError) else PolicyGateError("this is a bug in policy-gate")
            show(refusal(known))
            write_outputs(environment, {"exit-code": str(known.exit_code)})
            raise
        return _each(_more(teller, inputs, clone)) or answer.exit_code


class _Teller(Struct, frozen=True):
    """The ways in which one answer is told on GitHub."""

    answer: JobAnswer
    job: Job
    environment: Mapping[str, str]
    folder: Path

    def verdict(self) -> None:
        """JSON, outputs, annotations and the log: complete before anything else is begun that could fail."""
        report = self.answer.report
        files = tell_files(report, self.folder, ("json",), self.render)
        values = {
            "verdict": report.verdict,
            "exit-code": str(self.answer.told_code),
            "gaps": str(report.count("gap")),
            "report": str(files["json"]),
            "reports": str(self.folder),
        }
        write_outputs(self.environment, values)
        annotations = REPORTERS["github"](report, self.render)
        if annotations:
            show(annotations)
        tell_log(self.answer)

    def summary(self) -> None:
        unshown = append_summary(self.environment, summary(self.answer.report, self.render))
        if unshown:
            say(unshown)

    def file(self, name: str) -> None:
        file = tell_files(self.answer.report, self.folder, (name,), self.render)[name]
        if name == "sarif":
            write_outputs(self.environment, {"sarif": str(file)})

    def attestation(self) -> None:
        write_outputs(self.environment, {"attestation": str(tell_attestation(self.answer, self.folder) or "")})

    def record(self, inputs: Inputs, clone: Clone) -> None:
        record(self.answer, inputs, self.job, clone, repository_url(self.environment))

    def check_of(self, number: int) -> None:
        """A job that a review started has a check of its own; the pull request's is the one that counts."""
        passes = self.answer.exit_code == 0
        say(rerun_after_review(self.environment, number, self.job.head, passes))

    def comment(self, number: int) -> None:
        text, is_needed = comment(self.answer.report, self.render), is_comment_needed(self.answer.report)
        say(keep_comment(self.environment, number, text, is_needed, self.job.head))

    def dashboard(self, inputs: Inputs, clone: Clone) -> None:
        """The issue lists all that is owed on the default branch, and only a job about that branch writes it."""
        if not self.job.is_about_default:
            say("dashboard: this job is not about the default branch, so the issue stays as it is")
            return
        is_all = self.job.wants_all
        debt = self.answer.report if is_all else judge_everything(inputs, self.job, clone, self.environment)
        say(keep_dashboard(self.environment, dashboard(debt, self.render), has_debt(debt)))

    def open_requests(self) -> None:
        """Where the rules changed, what open pull requests were told is no longer what they would be told."""
        said = rejudge_open(self.environment, self.job.default_branch)
        say(said)
        unshown = append_summary(self.environment, f"\n{markdown(said)}\n")
        if unshown:
            say(unshown)

    @property
    def wants_open_requests(self) -> bool:
        """A push to the default branch that changes rules or waivers, or a job there that proposes nothing."""
        report = self.answer.report
        changed = {kind for finding in report.findings for kind in finding.about}
        return self.job.is_about_default and (report.trust.mode != "change" or not changed.isdisjoint(_RULES))

    @property
    def render(self) -> RenderOptions:
        server, repository = self.environment.get("GITHUB_SERVER_URL", ""), self.environment.get("GITHUB_REPOSITORY")
        url = f"{server}/{repository}/blob/{self.job.head}" if server and repository and self.job.head else ""
        return RenderOptions(source_url=url)


def _more(teller: _Teller, inputs: Inputs, clone: Clone) -> Iterator[tuple[str, Callable[[], None]]]:
    """What is told beyond the verdict, and what it is called where it fails."""
    yield "the step summary", teller.summary
    yield "the attestation", teller.attestation
    yield "the audit entry", lambda: teller.record(inputs, clone)
    number = teller.job.number
    if number is not None and teller.environment.get("GITHUB_EVENT_NAME") == "pull_request_review":
        yield "the pull request's check", lambda: teller.check_of(number)
    if inputs.comment and number is not None:
        yield "the comment", lambda: teller.comment(number)
    for name in dict.fromkeys(("sarif", *inputs.formats)):
        if name != "json":
            yield FILES[name], partial(teller.file, name)
    if inputs.rejudge and teller.wants_open_requests:
        yield "the check of open pull requests", teller.open_requests
    if inputs.dashboard:
        yield "the dashboard", lambda: teller.dashboard(inputs, clone)


def _each(tasks: Iterable[tuple[str, Callable[[], None]]]) -> int:
    """Do each of them, also where another fails; 0, or the exit code of what failed."""
    code = 0
    for what, task in tasks:
        try:
            task()
        except PolicyGateError as error:
            show(refusal(error))
            say(f"{what} is missing: {one_line(error.message)}. The verdict stands without it.")
            code = max(code, error.exit_code)
        except Exception as error:
            # A bug in one way of telling must not take away the others, nor a verdict that was reached.
            show(refusal(PolicyGateError(f"{what} is missing for a bug in policy-gate; the verdict stands without it")))
            code = bug(error, f"{what} is missing, and the verdict stands without it")
    return code


def _departure(job: Job, clone: Clone, environment: Mapping[str, str]) -> str | None:
    """Why this job may be for a base that its pull request has left meanwhile (T29); None where it is not.

    Asked where the job is run again, or is not about the default branch: the others cannot have been easier.
    """
    if job.number is None or job.target is None:
        return None
    branch = job.target.branch
    is_first = environment.get("GITHUB_RUN_ATTEMPT", "1") == "1"
    if is_first and branch == (job.default_branch or clone.default_branch()):
        return None
    now = target_now(environment, job.number, branch)
    if isinstance(now, Same):
        return None
    if isinstance(now, Retargeted):
        return f"this job is for {branch}, and pull request {job.number} now asks to be merged into {now.to}"
    return f"this job is for {branch}, and {now.reason}"


def _folder(environment: Mapping[str, str]) -> Path:
    return Path(tempfile.mkdtemp(prefix="policy-gate-reports-", dir=environment.get("RUNNER_TEMP") or None))


def _address(environment: Mapping[str, str]) -> Address | None:
    server, repository = environment.get("GITHUB_SERVER_URL", ""), environment.get("GITHUB_REPOSITORY", "")
    if not server or not repository:
        return None
    return Address(f"{server}/{repository}", "x-access-token", environment.get("GITHUB_TOKEN", ""))

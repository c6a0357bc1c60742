"""`policy-gate ci`: the whole of a job on a forge, from fetching to telling, as the action and the component run it."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
from msgspec import Struct
from msgspec.structs import replace

from policy_gate.app.check import report_undecided, run_check
from policy_gate.ci.fetch_history import Wanted, bring, bring_reviewed
from policy_gate.ci.inputs import Inputs
from policy_gate.ci.job import Checkout, Job, borrow, checkout_of, commit_in, lay_out_bare
from policy_gate.cli import options
from policy_gate.cli.app import CONTEXT, LazyGroup
from policy_gate.cli.attest import attest
from policy_gate.cli.output import one_line, say, show, write_file
from policy_gate.errors import PolicyGateError, UndecidedError, UsageError
from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.report.formats.attestation import unattestable
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.report import Report
from policy_gate.schema.vocabulary import EXIT_CODES, STAGES
from policy_gate.vcs.clone import Address, Clone

UNDECIDED = EXIT_CODES["undecided"]
_HEADS = "refs/heads/"
_BORROWED = "not everything could be fetched, so the checkout is believed, which earlier steps can write"
_COMMIT = lazy_pattern(r"[0-9a-f]{40}|[0-9a-f]{64}")
FILES = {
    "text": "report.txt",
    "json": "report.json",
    "markdown": "report.md",
    "sarif": "report.sarif",
    "junit": "junit.xml",
    "codequality": "codequality.json",
    "github": "annotations.txt",
    "html": "report.html",
    "oscal": "oscal.json",
    "ics": "due.ics",
}
"""What each format's file is called in the folder of reports."""
ATTESTATION = "attestation.json"


@click.group(
    cls=LazyGroup,
    lazy={"github": "ci_github:github", "gitlab": "ci_gitlab:gitlab"},
    context_settings=CONTEXT,
    short_help="Run as a job of GitHub or GitLab.",
)
def ci() -> None:
    """Run as a job of GitHub Actions or GitLab CI: fetch, judge, tell.

    The action and the component call this; what they ask for stands in environment variables. It judges in a
    clone of its own, so a checkout of depth 1 is enough.
    """


class JobAnswer(Struct, frozen=True):
    """One judged job: what was asked, the report, the job's exit code, and what to say about the job itself."""

    request: Request
    report: Report
    exit_code: int
    said: tuple[str, ...]

    @property
    def told_code(self) -> int:
        """The code for later steps and jobs: the answer's where the job is advisory, never 0 where it does not bind."""
        return self.exit_code or self.report.exit_code


@contextmanager
def own_clone(inputs: Inputs, address: Address | None) -> Iterator[Clone]:
    """An empty clone of our own beside the checkout, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="policy-gate-", ignore_cleanup_errors=True) as place:
        folder = Path(place) / "clone.git"
        folder.mkdir()
        lay_out_bare(inputs.directory, folder)
        yield Clone(folder, address, say)


def placed(job: Job, clone: Clone) -> Job:
    """The job, once the default branch is known: only there does a run that proposes nothing look at the whole.

    Anywhere else it is judged as a change of that branch. A run that somebody starts by hand on a branch leaves a
    check on the same commit as the pull request's, and must not say less (T29).
    """
    if not job.wants_all:
        return job
    default = job.default_branch or clone.default_branch()
    is_default = bool(default) and job.head_ref == f"refs/heads/{default}"
    return replace(job, default_branch=default, wants_all=is_default, is_about_default=is_default)


def check_job(
    inputs: Inputs, job: Job, clone: Clone, environment: Mapping[str, str], departure: str | None = None
) -> JobAnswer:
    """Fetch what the check needs, judge, fetch what the reviews need, and judge again where that brought something.

    `departure` says why the answer does not bind whatever it is; None where it may.
    """
    if inputs.require_stage and inputs.require_stage not in STAGES:
        raise UsageError(f"require-stage is {inputs.require_stage!r}", hint=f"one of {', '.join(STAGES)}")
    branch, exact = _base(inputs, job, clone)
    known = checkout_of(inputs.directory, (f"refs/remotes/origin/{branch}",) if branch else ())
    head = _head(inputs, job, known)
    wanted = Wanted(head, job.head_ref, branch, exact, known.refs)
    notes = bring(clone, wanted)
    if notes and borrow(inputs.directory, clone.folder):
        notes, departure = bring(clone, wanted), departure or _BORROWED
    if job.target is None and branch:
        clone.point_default_at(branch)
    request = _request(inputs, job, clone, known, head, environment)
    report = _run(request)
    if report.lacking_commits and bring_reviewed(clone, report.lacking_commits, branch):
        report = _run(request)
    told = (*([departure] if departure else ()), *report.trust.notes, *notes)
    trust = replace(report.trust, enforcing=report.trust.enforcing and not departure, notes=told)
    report = replace(report, trust=trust)
    return _answer(request, report, inputs)


def judge_everything(inputs: Inputs, job: Job, clone: Clone, environment: Mapping[str, str]) -> Report:
    """All that is owed on the head of this job, for the list of debt; the clone has been filled already."""
    known = checkout_of(inputs.directory)
    return _run(_request(inputs, replace(job, wants_all=True), clone, known, job.head or known.head, environment))


def tell_files(report: Report, folder: Path, names: tuple[str, ...], render: RenderOptions) -> dict[str, Path]:
    """Write the report in each of these formats into a folder; the file of each."""
    files = {name: folder / FILES[name] for name in dict.fromkeys(names)}
    for name, path in files.items():
        write_file(path, REPORTERS[name](report, render))
    return files


def tell_attestation(answer: JobAnswer, folder: Path) -> Path | None:
    """Write the attestation of this answer beside its reports; None where nothing may be attested."""
    if unattestable(answer.report):
        return None
    file = folder / ATTESTATION
    attest(file, answer.report, answer.request)
    return file


def record(answer: JobAnswer, inputs: Inputs, job: Job, clone: Clone, repository_url: str) -> None:
    """Put what was decided into the audit log of the repository, where the job is about its default branch.

    A change that is only proposed is not recorded: its workflow is its author's, who must not get a token that could
    write the log. What cannot be recorded is said; where the log is required, it is the error that is raised.
    """
    if inputs.audit == "off":
        return
    if not job.is_about_default:
        say("audit: nothing is recorded of what is only proposed; the default branch's own job records it")
        return
    if why_not := unattestable(answer.report):
        say(one_line(f"audit: nothing is recorded: {why_not}"))
        return
    from policy_gate.app.audit import drafts_of, log_writer  # noqa: PLC0415 - few jobs record

    try:
        drafts = drafts_of(answer.report, answer.request, options.now(), repository_url)
        with log_writer(clone.folder) as log:
            done = log.append(drafts, clone.remote(), is_kept=False)
    except PolicyGateError as error:
        if inputs.audit == "required":
            raise
        say(one_line(f"audit: nothing is recorded: {error.message}"))
        return
    say(f"audit: {len(done.added)} recorded, {done.known} known before; the newest entry is {done.head}")


def tell_log(answer: JobAnswer, tell: Callable[[str], None] = show) -> None:
    """The report for people, and what there is to say about the job, in the job's log."""
    tell(REPORTERS["text"](answer.report, RenderOptions(width=100)))
    for sentence in answer.said:
        say(sentence)


def environment_of_job(token: str, not_of: tuple[str, ...]) -> dict[str, str]:
    """This process's environment with the job's token where the sources of approvals look for it.

    Variables `not_of` this forge, by how they begin, are left out: another forge did not start this job, and whoever
    sets them must not be heard in its place.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(not_of)}
    if token:
        environment["GITHUB_TOKEN"] = token
    return environment


def _base(inputs: Inputs, job: Job, clone: Clone) -> tuple[str, str]:
    """The branch to judge against, and its commit where an exact one is meant; either may be empty."""
    named = job.target.branch if job.target else job.default_branch or clone.default_branch()
    if _COMMIT.fullmatch(inputs.base):
        return named, inputs.base
    if inputs.base:
        return inputs.base.removeprefix(_HEADS), ""
    return named, job.target.commit if job.target and job.target.is_exact else ""


def _head(inputs: Inputs, job: Job, checkout: Checkout) -> str:
    if not inputs.head:
        return job.head or checkout.head
    found = commit_in(inputs.directory, inputs.head)
    if not found:
        raise UsageError(f"head is {inputs.head!r}, and no commit of the checkout", hint="give a commit id")
    return found


def _request(
    inputs: Inputs, job: Job, clone: Clone, checkout: Checkout, head: str, environment: Mapping[str, str]
) -> Request:
    request = options.request(
        clone.folder,
        base=re.sub(f"^{_HEADS}", "refs/remotes/origin/", inputs.base) or None,
        head=head or "HEAD",
        everything=job.wants_all,
        organisation_policies=inputs.policies,
        evidence=() if job.wants_all else inputs.evidence,
        advisory=inputs.advisory,
        require_governed_base=inputs.require_governed_base,
        require_stage=inputs.require_stage or None,
        checkout=checkout.root,
    )
    return replace(request, environment=environment)


def _run(request: Request) -> Report:
    try:
        return run_check(request)
    except UndecidedError as error:
        return report_undecided(request, error)


def _answer(request: Request, report: Report, inputs: Inputs) -> JobAnswer:
    """A job that does not bind fails, unless it was started as advisory (D30)."""
    code = report.exit_code
    if inputs.advisory:
        said = (f"advisory: exit 0 instead of {code}",) if code else ()
        return JobAnswer(request, report, 0, said)
    if report.trust.enforcing:
        return JobAnswer(request, report, code, ())
    why = report.trust.notes[0] if report.trust.notes else "an option weakens it"
    return JobAnswer(request, report, code or UNDECIDED, (f"this answer does not bind, so the job fails: {why}",))

"""`policy-gate ci gitlab`: the component's job. Inputs come from POLICY_GATE_* variables, the rest from CI_*."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from policy_gate.ci.gitlab.job import address_of, fetch_rules, project_address, root_of, source_url
from policy_gate.ci.gitlab.reports import DOTENV, FOLDER, dotenv, fresh_folder
from policy_gate.ci.inputs import Inputs, read_inputs
from policy_gate.ci.job import Job, gitlab_job, lay_out_bare
from policy_gate.cli.attest import repository_url
from policy_gate.cli.ci import (
    JobAnswer,
    check_job,
    environment_of_job,
    own_clone,
    placed,
    record,
    tell_attestation,
    tell_files,
    tell_log,
)
from policy_gate.cli.output import say, write_file
from policy_gate.errors import PolicyGateError, UsageError
from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.vcs.clone import Clone

_ALWAYS = ("junit", "codequality", "html")
_TOKEN = "POLICY_GATE_GITLAB_TOKEN"  # noqa: S105 - the name of a variable
_NOT_OURS = ("GITHUB_", "GH_TOKEN")
_VARIABLE = lazy_pattern(r"[A-Za-z_][A-Za-z0-9_]*")


@click.command(short_help="The component's job on GitLab.")
def gitlab() -> int:
    """Judge what this GitLab pipeline is for, leave reports as artifacts, and hand the verdict to later jobs.

    \b
    Reads   POLICY_GATE_BASE, POLICY_GATE_POLICIES, POLICY_GATE_POLICIES_PROJECT, POLICY_GATE_POLICIES_REF,
            POLICY_GATE_EVIDENCE, POLICY_GATE_ADVISORY, POLICY_GATE_REQUIRE_GOVERNED_BASE,
            POLICY_GATE_REQUIRE_STAGE, POLICY_GATE_FORMATS, POLICY_GATE_AUDIT,
            POLICY_GATE_TOKEN_VARIABLE, and GitLab's CI_*
    Writes  policy-gate-reports/ in the project's folder: report.json, report.html, junit.xml,
            codequality.json, verdict.env with POLICY_GATE_VERDICT, POLICY_GATE_EXIT_CODE, POLICY_GATE_GAPS

    Exit codes: 0 pass (also with conditions), 1 block, 2 usage, 3 undecided, 4 a bug.

    \b
    Example:
      policy-gate ci gitlab      in the script of a job; the component does it for you
    """
    environment: Mapping[str, str] = environment_of_job("", _NOT_OURS)
    root = root_of(environment)
    folder = fresh_folder(root)
    try:
        environment = _with_token(environment)
        with _organisation(environment, root) as given:
            inputs = read_inputs(given, "POLICY_GATE_", root, tuple(REPORTERS))
            job = gitlab_job(environment)
            with own_clone(inputs, project_address(environment)) as clone:
                job = placed(job, clone)
                answer = check_job(inputs, job, clone, environment)
                unrecorded = _recorded(answer, inputs, job, clone, environment)
    except PolicyGateError as error:
        write_file(folder / DOTENV, dotenv({"POLICY_GATE_EXIT_CODE": str(error.exit_code)}))
        raise
    _tell(answer, inputs.formats, job, folder, environment)
    if unrecorded is not None:
        raise unrecorded
    return answer.exit_code


def _recorded(
    answer: JobAnswer, inputs: Inputs, job: Job, clone: Clone, environment: Mapping[str, str]
) -> PolicyGateError | None:
    """Why the audit log that is required has no entry of this; told after the verdict, which stands without it."""
    try:
        record(answer, inputs, job, clone, repository_url(environment))
    except PolicyGateError as error:
        return error
    return None


def _tell(answer: JobAnswer, formats: tuple[str, ...], job: Job, folder: Path, environment: Mapping[str, str]) -> None:
    """JSON, the log and the variables for later jobs first: what fails after them takes none of them away."""
    render = RenderOptions(source_url=source_url(environment, job.head))
    files = tell_files(answer.report, folder, ("json",), render)
    values = {
        "POLICY_GATE_VERDICT": answer.report.verdict,
        "POLICY_GATE_EXIT_CODE": str(answer.told_code),
        "POLICY_GATE_GAPS": str(answer.report.count("gap")),
        "POLICY_GATE_REPORT": f"{FOLDER}/{files['json'].name}",
    }
    write_file(folder / DOTENV, dotenv(values))
    tell_log(answer)
    tell_files(answer.report, folder, (*_ALWAYS, *formats), render)
    tell_attestation(answer, folder)
    say(f"reports: {FOLDER}/ among the artifacts of this job")


def _with_token(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The environment with the token of the variable that the inputs name, and no other, where it is looked for."""
    name = environment.get("POLICY_GATE_TOKEN_VARIABLE", "").strip()
    if not name or name == _TOKEN:
        return environment
    if not _VARIABLE.fullmatch(name):
        raise UsageError(f"token-variable is {name!r}, and no name of a variable", hint="give the name, not the token")
    others = {key: value for key, value in environment.items() if key not in (_TOKEN, "GITLAB_TOKEN")}
    return others | {_TOKEN: environment.get(name, "")}


@contextmanager
def _organisation(environment: Mapping[str, str], root: Path) -> Iterator[Mapping[str, str]]:
    """The environment with the folder of the organisation's rules, fetched where they are a project of their own."""
    project = environment.get("POLICY_GATE_POLICIES_PROJECT", "").strip()
    if not project:
        yield environment
        return
    address = address_of(environment, project)
    if address is None:
        raise UsageError(f"policies-project is {project!r}", hint="give the project's path, such as group/project")
    with tempfile.TemporaryDirectory(prefix="policy-gate-rules-", ignore_cleanup_errors=True) as place:
        bare, files = Path(place) / "clone.git", Path(place) / "files"
        bare.mkdir()
        files.mkdir()
        lay_out_bare(root, bare)
        fetch_rules(Clone(bare, address, say), project, environment.get("POLICY_GATE_POLICIES_REF") or "main", files)
        rules = (files / environment.get("POLICY_GATE_POLICIES", "").strip()).resolve()
        if not rules.is_relative_to(files.resolve()) or not rules.is_dir():
            raise UsageError(
                "policies names no folder of policies-project", hint="give a path from that project's root"
            )
        yield {**environment, "POLICY_GATE_POLICIES": str(rules)}

"""`policy-gate check`: the gate itself."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from policy_gate.app.check import report_undecided, run_check
from policy_gate.cli import options
from policy_gate.cli.output import say, tell
from policy_gate.errors import UndecidedError
from policy_gate.report import DOCUMENTED, REPORTERS, RenderOptions
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.vocabulary import STAGES


@click.command(short_help="Judge what merging this change would do.")
@options.base
@click.option("--into", default="", metavar="NAME", help="The branch of a --base that is a commit (a replay).")
@options.head
@options.worktree
@click.option(
    "--all", "everything", is_flag=True, help="Judge the whole head, old gaps too, as the nightly check does."
)
@options.systems
@options.as_of
@options.policies
@options.formats(tuple(REPORTERS))
@click.option("--defer", type=click.Choice(["approval"]), help="List missing approvals as deferred.")
@options.evidence
@click.option("--advisory", is_flag=True, help="Print the verdict, but exit 0 instead of 1 and 3.")
@click.option("--require-governed-base", is_flag=True, help="A first adoption is undecided instead of conditions.")
@click.option("--require-stage", type=click.Choice(STAGES), help="Every system must have reached this stage.")
@click.option(
    "--attest",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write an attestation of the verdict, to be signed.",
)
@options.directory
def check(
    *,
    directory: Path,
    formats: tuple[tuple[str, Path | None], ...],
    as_of: date | None,
    systems: tuple[str, ...],
    policies: Path | None,
    defer: str | None,
    evidence: tuple[Path, ...],
    attest: Path | None,
    **asked: Any,
) -> int:
    """Judge what merging this change would do, by the rules that its base holds.

    \b
    Examples:
      policy-gate check                            this branch against the branch merged into
      policy-gate check --worktree                 the files as they are now
      policy-gate check --all                      everything owed, as the nightly check sees it
      policy-gate check --format json=gate.json --format text

    Exit codes: 0 pass (also with conditions), 1 block, 2 usage, 3 undecided, 4 a bug.
    """
    if attest:
        from policy_gate.cli import attest as attesting  # noqa: PLC0415 - few runs attest

        attesting.withdraw(attest)
    if asked["worktree"] and asked["head"] != "HEAD":
        raise click.UsageError("--worktree judges the files as they are; it takes no --head")
    request = options.request(
        directory,
        as_of=as_of,
        systems=systems,
        organisation_policies=policies.resolve() if policies else None,
        defer_approval=defer == "approval",
        evidence=tuple(folder.resolve() for folder in evidence),
        **asked,
    )
    try:
        report = run_check(request, documented=any(name in DOCUMENTED for name, _ in formats))
    except UndecidedError as error:
        if attest:
            attesting.decline(attest, "there is no verdict")
        return _unanswered(request, error, formats)
    if report.hint == "policy-gate init" and not asked["worktree"] and _is_manifest_written(directory):
        report = replace(report, hint="commit what is written here, or judge it as it is: policy-gate check --worktree")
    tell(formats, {name: partial(reporter, report) for name, reporter in REPORTERS.items()})
    if attest:
        attesting.attest(attest, report, request)
    if asked["advisory"] and report.exit_code:
        say(f"advisory: exit 0 instead of {report.exit_code}")
        return 0
    return report.exit_code


def _is_manifest_written(directory: Path) -> bool:
    from policy_gate.write.adoption_files import MANIFEST  # noqa: PLC0415 - only where nothing is governed yet

    return (directory / MANIFEST).exists()


def _unanswered(request: Request, error: UndecidedError, formats: tuple[tuple[str, Path | None], ...]) -> int:
    """Formats that machines read get a report that says undecided; people get the error itself."""
    machines = tuple(way for way in formats if way[0] != "text")
    if machines:
        report = report_undecided(request, error)
        tell(machines, {name: partial(reporter, report) for name, reporter in REPORTERS.items()})
    if not request.advisory:
        raise error
    from policy_gate.report.formats.text import failure  # noqa: PLC0415 - only for people

    say(failure(error, RenderOptions(width=10_000)).rstrip("\n"))
    say(f"advisory: exit 0 instead of {error.exit_code}")
    return 0

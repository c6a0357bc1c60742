"""`policy-gate hook`: the hooks of git and of the pre-commit framework."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from policy_gate.ci.pre_commit import framework_push, staged_push
from policy_gate.ci.push import Base, Remote, Update, bases_of, remote_of, short, updates_of
from policy_gate.ci.remembered_paths import save
from policy_gate.cli import options, output
from policy_gate.cli.app import CONTEXT
from policy_gate.cli.output import one_line, say, say_page
from policy_gate.cli.pre_push_fast import is_quiet_push, told_base, told_quiet, told_skipped, way
from policy_gate.errors import PolicyGateError, UndecidedError, UsageError
from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.report.formats.text import failure
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.report import Report
from policy_gate.vcs.discovery import Here, here
from policy_gate.vcs.hardening import Borrowed

SEVERITY = (0, 2, 3, 1, 4)
"""Exit codes, the worst last (D36); 2 cannot come from a ref, but must not hide anything."""
ADVISORY = "policy-gate: this hook is advisory: it holds nobody, CI decides."
_UNAPPROVED = "without the approval; to have it approved first, push another branch: git switch -c NAME"
_HEADS, _REMOTES = "refs/heads/", "refs/remotes/"
FOOTER = f"{ADVISORY} git push --no-verify pushes all the same."

_advisory = click.option("--advisory", is_flag=True, help="Print the verdict, but never stop git for it.")


@click.group(context_settings=CONTEXT, short_help="Judge what is pushed, before it is pushed.")
def hook() -> None:
    """Hooks of git: an early answer on your own machine. They are advisory; CI decides."""


@hook.command("install", short_help="Write the pre-push hook of this clone.")
@click.option("--chain", is_flag=True, help="Keep a hook that is there, and run it first.")
@_advisory
@options.directory
def install(*, chain: bool, advisory: bool, directory: Path) -> int:
    """Write a pre-push hook where git looks for it (core.hooksPath is honoured).

    A hook that is not ours is never overwritten: it is shown, with the line to add to it, or kept
    and run first with --chain.

    \b
    Examples:
      policy-gate hook install
      policy-gate hook install --chain      a hook that is there goes on running
      policy-gate hook install --advisory   it tells, and never stops a push
    """
    from policy_gate.ci import git_hooks  # noqa: PLC0415 - a push needs none of it

    try:
        for line in git_hooks.install(directory, chain=chain, advisory=advisory):
            say(one_line(line))
    except git_hooks.HookThereError as error:
        for line in error.shown.splitlines():
            say(one_line(line))
        raise
    return 0


@hook.command("uninstall", short_help="Remove the hook that install wrote.")
@options.directory
def uninstall(*, directory: Path) -> int:
    """Remove the pre-push hook that install wrote, and put back the one that it was chained to.

    \b
    Examples:
      policy-gate hook uninstall
    """
    from policy_gate.ci import git_hooks  # noqa: PLC0415 - a push needs none of it

    for line in git_hooks.uninstall(directory):
        say(one_line(line))
    return 0


@hook.command("pre-push", short_help="Run by git: judge every ref that is pushed.")
@click.argument("remote")
@click.argument("address")
@_advisory
def pre_push(*, remote: str, address: str, advisory: bool) -> int:
    """Judge every ref of a push, read from standard input as git writes it.

    Each is judged against the branch it will merge into, approvals set aside. Deletions and tags are
    skipped aloud. Exit code: the worst of 4 > 1 > 3 > 0, so that git stops the push.

    \b
    Examples:
      policy-gate hook pre-push origin URL < refs     a line for each: LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID
    """
    if sys.stdin.isatty():
        raise click.UsageError("git runs this hook and tells it what is pushed; try policy-gate check")
    try:
        updates = updates_of(sys.stdin.buffer.read())
        place, where = here(), remote_of((remote, address))
        return _ended(_judge_all(place, where, updates), advisory)
    except ValueError as error:
        raise UsageError(
            str(error), hint="git writes LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID, a line for each ref"
        ) from error


@hook.command("pre-commit", short_help="Run by the pre-commit framework, in both its stages.")
@_advisory
def pre_commit(*, advisory: bool) -> int:
    """For the pre-commit framework: judge what is staged, or in the stage pre-push what is pushed.

    The framework tells one ref of a push only; `policy-gate hook install` sees them all.

    \b
    Examples:
      policy-gate hook pre-commit
      policy-gate hook pre-commit --advisory
    """
    place = here()
    told = framework_push(place, os.environ)
    if told is None:
        with staged_push(place) as (staged, update, base):
            if update is None:
                say("policy-gate: not judged, this is the first commit: there is nothing to merge into")
                return 0
            return _ended([_judge(staged, Remote(""), update, base)], advisory)
    remote, update, base = told
    if update.skipped:
        say(one_line(told_skipped(update, remote)))
        return 0
    return _ended([_judge_safely(place, remote, update, base)], advisory)


def _judge_all(place: Here, remote: Remote, updates: tuple[Update, ...]) -> list[int]:
    wanted = [update for update in updates if not update.skipped]
    bases = bases_of(place, remote, wanted) if wanted else {}
    codes = []
    for update in updates:
        if update.skipped:
            say(one_line(told_skipped(update, remote)))
        else:
            codes.append(_judge_safely(place, remote, update, bases[update]))
    return codes


def _ended(codes: Iterable[int], advisory: bool) -> int:
    worst = max(codes, key=SEVERITY.index, default=0)
    if worst == 0:
        return 0
    if advisory and worst != 4:
        say(f"{ADVISORY} Exit 0 instead of {worst}, as --advisory wants it.")
        return 0
    say(FOOTER)
    return worst


def _judge_safely(place: Here, remote: Remote, update: Update, base: Base | None) -> int:
    """The exit code for one ref; a bug with one must not keep the others from being judged."""
    from policy_gate.cli.errors import bug  # noqa: PLC0415 - it imports the commands

    try:
        return _judge(place, remote, update, base)
    except Exception as error:
        return bug(error)


def _judge(place: Here, remote: Remote, update: Update, base: Base | None) -> int:
    if base is None:
        return _unknown_base(remote, update)
    if is_quiet_push(place, update, base):
        say(one_line(told_quiet(update, remote, base)))
        return 0
    say(one_line(f"policy-gate: {way(update, remote)}, judged against {told_base(base)}"))
    if base.note:
        say(one_line(f"policy-gate: {base.note}"))
    head = update.remote_ref if update.remote_ref.startswith("refs/heads/") else "refs/heads/pushed"
    refs = {base.ref: base.commit, head: update.local_oid}
    with Borrowed(place.common_dir, place.algorithm, refs) as borrowed:
        request = Request(
            directory=borrowed.root,
            as_of=options.now(),
            base=base.ref,
            head=head,
            defer_approval=True,
            checkout=place.root,
        )
        return _told(place, request, base)


def _told(place: Here, request: Request, base: Base) -> int:
    from policy_gate.app.check import CheckSession  # noqa: PLC0415 - slow, and needed for a full check alone

    render = output.render_options(sys.stderr)
    try:
        with CheckSession(request.directory) as session:
            report = session.check(request, documented=False)
            governed = session.governed_paths(request) if _is_clear(report) else None
    except PolicyGateError as error:
        say_page(failure(error, render).rstrip("\n"))
        return 3 if error.exit_code == 2 else error.exit_code
    told = REPORTERS["text"](report, render).rstrip("\n")
    first = told.partition("\n")[0]
    # A pass is one line: that a hook does not enforce is said by its name.
    say_page(first if report.verdict == "pass" and "PASS" in first else told)
    if _goes_in_at_once(request, base) and any(finding.state == "deferred" for finding in report.findings):
        say(one_line(f"policy-gate: this is {short(base.ref)} itself, so that what is deferred goes in {_UNAPPROVED}"))
    if governed is not None:
        save(place.memory, base.commit, governed)
    return report.exit_code


def _goes_in_at_once(request: Request, base: Base) -> bool:
    """Is the branch pushed to the one that it is judged against, where no approval can come after the push?"""
    return base.ref.startswith(_REMOTES) and request.head == _HEADS + short(base.ref).partition("/")[2]


def _is_clear(report: Report) -> bool:
    """Is it plain what is governed in base, so that it can be kept for the next push?"""
    is_told = not report.problems and report.verdict != "undecided" and report.trust.mode == "change"
    return is_told and report.trust.policies_source != "unreadable"


def _unknown_base(remote: Remote, update: Update) -> int:
    where = remote.name or "origin"
    error = UndecidedError(
        f"{way(update, remote)}: this clone knows no branch of {remote.label} that this would merge into",
        hint=f"git fetch {where}, then push again; the first push to an empty repository goes with --no-verify",
    )
    say(failure(error, RenderOptions(width=10_000)).rstrip("\n"))
    return error.exit_code

"""`policy-gate audit log`, `query` and `export`: reading the log without judging it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from msgspec.structs import replace

from policy_gate.app.audit_merged import MergedEntries
from policy_gate.audit.append import LogWriter
from policy_gate.audit.query import Query
from policy_gate.cli import options
from policy_gate.cli.audit_options import entries_of, opened_log, remote
from policy_gate.cli.completing_rules import completing_rules
from policy_gate.cli.output import one_line, say, tell
from policy_gate.report.formats.oscal.audit import oscal_audit
from policy_gate.report.views.audit import entries_json, entries_text, json_lines, statements
from policy_gate.report.views.audit_table import entries_csv
from policy_gate.schema.audit_entry import KINDS, MERGED_STATES, LoggedEntry
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.vocabulary import VERDICTS

F = TypeVar("F", bound=Callable[..., Any])
_LIMIT = 20
_BEGINNING = lazy_pattern(r"[0-9a-fA-F]{4,64}")


def _limit(default: int) -> Callable[[F], F]:
    return click.option(
        "--limit",
        type=click.IntRange(min=0),
        default=default,
        show_default=True,
        metavar="NUMBER",
        help="At most so many, the newest; 0 is all.",
    )


def _commit_ids(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    for said in value:
        if not _BEGINNING.fullmatch(said):
            raise click.BadParameter(f'"{said}" is no id of a commit ($(git rev-parse NAME) gives one)', ctx, param)
    return value


def _filters(command: F) -> F:
    """The options that pick entries; those of one kind are alternatives."""
    kinds, verdicts, merged = click.Choice(KINDS), click.Choice(VERDICTS), click.Choice(MERGED_STATES)
    for option in (
        click.option(
            "--merged", multiple=True, type=merged, help="Whether git shows that what it tells came to the branch."
        ),
        click.option("--to", "last", callback=options.day, metavar="DATE", help="Recorded on this day or before."),
        click.option("--from", "first", callback=options.day, metavar="DATE", help="Recorded on this day or after."),
        click.option(
            "--commit",
            "commits",
            multiple=True,
            callback=_commit_ids,
            metavar="ID",
            help="Of a check of this commit, or brought to the branch by it; the beginning of its id is enough.",
        ),
        click.option("--person", "people", multiple=True, metavar="NAME", help="Names this person; a part is enough."),
        click.option(
            "--role",
            "roles",
            multiple=True,
            shell_complete=completing_rules("role"),
            metavar="ROLE",
            help="An approval in this role.",
        ),
        click.option("--verdict", "verdicts", multiple=True, type=verdicts, help="A verdict of this word."),
        click.option("--kind", "kinds", multiple=True, type=kinds, help="Of this kind."),
        options.systems,
    ):
        command = option(command)
    return command


@click.command(short_help="Show entries, the newest first.")
@_limit(_LIMIT)
@remote
@options.text_or_json
@options.directory
def log(*, limit: int, remote: str | None, formats: Any, directory: Path) -> int:
    """Show the entries of the log, the newest first. Nothing is verified: `audit verify` does that.

    Whether what an entry tells came to the branch is read from git here, and is unknown where this clone cannot tell.

    \b
    Examples:
      policy-gate audit log
      policy-gate audit log --limit 5 --format json
      policy-gate audit log --remote origin

    Exit codes: 0 shown, 2 usage, 3 there is no log or it cannot be read.
    """
    with opened_log(directory, remote) as (found, head, _):
        read = entries_of(found, head, limit or None)
        entries = _with_merged(found, head, read.entries, directory, remote)
    newest = read.entries[0].entry if read.entries else None
    unshown = newest.sequence + 1 - len(read.entries) if newest and limit else 0
    _tell(formats, entries, unshown)
    return 0


@click.command(short_help="Pick entries by system, kind, verdict, role, person, commit, time and what was merged.")
@_filters
@_limit(0)
@remote
@options.text_or_json
@options.directory
def query(*, limit: int, remote: str | None, formats: Any, directory: Path, **asked: Any) -> int:
    """Show the entries that are all of what is asked, the newest first. Nothing is verified.

    \b
    Examples:
      policy-gate audit query --system SYS-001 --kind verdict --verdict block
      policy-gate audit query --role ciso --person "Ada Example"
      policy-gate audit query --commit 9bbeea30 --kind approval
      policy-gate audit query --system SYS-001 --kind stage --merged yes
      policy-gate audit query --kind waiver --from 2026-01-01 --to 2026-12-31 --format json

    Exit codes: 0 shown (also where none is), 2 usage, 3 there is no log or it cannot be read.
    """
    entries = _picked(directory, remote, asked)
    _tell(formats, entries[:limit] if limit else entries, 0)
    return 0


@click.command(short_help="Write entries as JSON lines, in-toto statements, OSCAL or CSV.")
@_filters
@options.formats(("jsonl", "intoto", "oscal", "csv"))
@remote
@options.directory
def export(*, remote: str | None, formats: Any, directory: Path, **asked: Any) -> int:
    """Write the entries, from the oldest, for programs: `jsonl`, `intoto`, `oscal` or `csv`.

    `jsonl` (as shipped) holds each entry with its statement in base64 and its signature; `intoto` the statements
    byte for byte, one a line; `oscal` assessment results, one for each check; `csv` a line an entry for a spreadsheet.

    \b
    Examples:
      policy-gate audit export > audit.jsonl
      policy-gate audit export --format intoto=statements.jsonl --system SYS-001
      policy-gate audit export --format oscal=audit.json --from 2026-01-01
      policy-gate audit export --format csv=waivers.csv --kind waiver

    Exit codes: 0 written, 2 usage, 3 there is no log or it cannot be read.
    """
    entries = tuple(reversed(_picked(directory, remote, asked)))
    views = {
        "jsonl": lambda _: json_lines(entries),
        "intoto": lambda _: statements(entries),
        "oscal": lambda _: oscal_audit(entries),
        "csv": lambda _: entries_csv(entries),
    }
    tell(formats or (("jsonl", None),), views)
    return 0


def _picked(directory: Path, remote: str | None, asked: dict[str, Any]) -> tuple[LoggedEntry, ...]:
    first, last = asked["first"], asked["last"]
    if first and last and first > last:
        raise click.UsageError(f"--from {first} is after --to {last}")
    states = asked.pop("merged")
    wanted = Query(**asked)
    with opened_log(directory, remote) as (found, head, _):
        read = entries_of(found, head)
        about = replace(wanted, commits=())  # which commit brought an entry is told last
        picked = tuple(one for one in read.entries if about.takes(one))
        picked = _with_merged(found, head, picked, directory, remote)
    if read.cut_off:
        say(f"the log is not whole here: what is before {read.cut_off[:12]} is missing")
    unread = sum(1 for one in read.entries if one.entry is None)
    if unread:
        say(f"{unread} entries cannot be read and are left out: policy-gate audit verify")
    for line in (*about.unmatched(read.entries), *Query(commits=wanted.commits).unmatched((*read.entries, *picked))):
        say(one_line(line))
    return tuple(
        one for one in picked if wanted.takes(one) and (not states or (one.merged and one.merged.state in states))
    )


def _with_merged(
    log: LogWriter, head: str, entries: tuple[LoggedEntry, ...], directory: Path, remote: str | None
) -> tuple[LoggedEntry, ...]:
    with MergedEntries(directory, lambda: entries_of(log, head).entries, os.environ, remote or "") as merged:
        return merged.told(entries)


def _tell(formats: Any, entries: tuple[LoggedEntry, ...], unshown: int) -> None:
    views = {"text": lambda _: entries_text(entries, unshown), "json": lambda _: entries_json(entries)}
    tell(formats, views)

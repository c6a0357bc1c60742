"""`policy-gate incident`: open an incident, see what runs, how fast it went, and tell of it afterwards."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from policy_gate.app.incidents import Desk, open_new, rows
from policy_gate.cli import options
from policy_gate.cli.app import CONTEXT
from policy_gate.cli.incident_notify import notify
from policy_gate.cli.incident_options import (
    as_of_moment,
    assessed,
    at,
    id_argument,
    ids_argument,
    moment,
    opened_desk,
    stated,
)
from policy_gate.cli.incident_steps import contain, note, resolve, triage
from policy_gate.cli.output import one_line, say, show, show_lines, tell, write_file
from policy_gate.documents.spelling import choices_hint, refuse_unknown
from policy_gate.errors import UsageError
from policy_gate.report.views.incident_report import export_json, report_markdown
from policy_gate.report.views.incidents import metrics_json, metrics_text, status_calendar, status_json, status_text
from policy_gate.respond.metrics import grouped, measured
from policy_gate.respond.steps import wrong_times
from policy_gate.schema.vocabulary import SEVERITIES

STATUS_FORMATS = ("text", "json", "ics")
_LISTS, _ENDS = "status ID shows one, status all that is not done", "resolve says why it happened, and ends it"
_ADDS = "triage states what was found out since, note adds anything else"
_CALLED_HERE = {
    "list": _LISTS,
    "show": _LISTS,
    "close": _ENDS,
    "end": _ENDS,
    "update": _ADDS,
    "edit": _ADDS,
    "postmortem": "report is the document for afterwards",
    "reopen": "what is not over after all is another one: open, and name the first in its description",
    "delete": "take its file out; once it is merged, whoever answers for the system's safety agrees to that",
}
"""other words for what the commands do"""
_WANTED = ("system", "type", "severity", "description")


class DeskGroup(click.Group):
    """The group, which knows what people call its commands elsewhere."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not ctx.resilient_parsing and (here := _CALLED_HERE.get(args[0])):
            raise click.UsageError(f'no command "{args[0]}": {here}', ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=DeskGroup,
    context_settings=CONTEXT,
    short_help="Open incidents, watch their clocks, record what was done.",
)
def incident() -> None:
    """Open incidents, watch their legal clocks, record each step, and say afterwards what was learnt.

    \b
    In this order:
      policy-gate incident open          write the file of a new incident
      policy-gate incident triage ID     what to do at once, and which clocks run
      policy-gate incident contain ID    the ways to contain it
      policy-gate incident notify ID     a draft of a notice, and that it was sent
      policy-gate incident resolve ID    the cause, and what keeps it from happening again
      policy-gate incident report ID     the document for afterwards
      policy-gate incident note ID TEXT  what turns out beside that, at any time
    """


incident.add_command(triage)
incident.add_command(contain)
incident.add_command(note)
incident.add_command(notify)
incident.add_command(resolve)


@incident.command("open", short_help="Write the file of a new incident.")
@click.option("--system", metavar="ID", help="The system that it is about.")
@click.option("--type", "type_", metavar="WORD", help="What kind it is, such as privacy_violation.")
@click.option("--severity", metavar="WORD", help="critical, high, medium or low.")
@click.option("--description", metavar="TEXT", help="What happened, in a sentence.")
@click.option("--occurred-at", callback=moment, metavar="TIME", help="When it began, where that is known.")
@click.option("--detected-at", callback=moment, metavar="TIME", help="When it was seen; --at, where left out.")
@assessed
@click.option("--id", "id_", metavar="ID", help="An id of your own; else INC-, the day and four letters.")
@at
@options.policies
@options.directory
def open_(*, id_: str | None, at: datetime | None, policies: Path | None, directory: Path, **said: Any) -> int:
    """Write governance/incidents/INC-….yaml with what is known; what is left out counts as not assessed.

    Asks on a terminal for system, type, severity and description where they are left out.

    \b
    Examples:
      policy-gate incident open
      policy-gate incident open --system SYS-002 --type privacy_violation --severity high \\
        --description "A customer saw the address of another." --personal-data --eu-residents
      policy-gate incident open --system SYS-002 --type availability --severity low \\
        --description "No answers for ten minutes." --detected-at 2026-11-20T09:00:00+01:00
    """
    here, now = opened_desk(directory, policies), options.now()
    said["type"] = said.pop("type_")
    main = _asked(here, {name: said[name] for name in _WANTED})
    detected = said["detected_at"] or at or now
    times = {"occurred_at": said["occurred_at"], "detected_at": detected, "aware_at": said["aware_at"]}
    wrong = [*wrong_times(times, now), *(["--at lies in the future"] if at is not None and at > now else [])]
    if wrong:
        raise UsageError(f"{'; '.join(wrong)}; nothing was written")
    found = {**main, **{name: value for name, value in times.items() if value is not None}, **stated(said)}
    new, path = open_new(here, found, id_, detected.date())
    show_lines(f"{new.id}\nwrote {path}")
    say(f"next: policy-gate incident triage {new.id}")
    return 0


def _asked(here: Desk, given: Mapping[str, str | None]) -> dict[str, str]:
    """The four fields that no incident is without, each a word that is known; asked for on a terminal."""
    known: dict[str, Sequence[str]] = {
        "system": sorted(here.declared),
        "type": list(here.rules.types),
        "severity": list(reversed(SEVERITIES)),
    }
    missing = [name for name in _WANTED if not (given[name] or "").strip()]
    if missing and not sys.stdin.isatty():
        flags = ", ".join(f"--{name}" for name in missing)
        raise UsageError(
            f"{flags} {'is' if len(missing) == 1 else 'are'} missing", hint="policy-gate incident open --help"
        )
    found = {}
    for name in _WANTED:
        words = known.get(name, ())
        if name not in missing:
            found[name] = str(given[name]).strip()
            if words or name == "system":
                refuse_unknown(name, (found[name],), words, choices_hint)
        else:
            titles = {word: item.title for word, item in here.rules.types.items()} if name == "type" else here.declared
            found[name] = _answer(name, words, titles)
    return found


def _answer(name: str, words: Sequence[str], titles: Mapping[str, str]) -> str:
    """One field as it is typed; a number or a word where there is a list to choose from."""
    for number, word in enumerate(words, start=1):
        say(f"  {number}  {word}{f': {titles[word]}' if word in titles else ''}")
    while True:
        said = str(click.prompt(name, err=True)).strip()
        if not words or said in words:
            return said
        if said.isdecimal() and 1 <= int(said) <= len(words):
            return words[int(said) - 1]
        say(f"give a number from 1 to {len(words)}, or one of the words")


@incident.command(short_help="Every open incident, its clocks, and what comes next.")
@ids_argument
@as_of_moment
@options.formats(STATUS_FORMATS)
@options.policies
@options.directory
def status(
    *, ids: tuple[str, ...], as_of: datetime | None, formats: Any, policies: Path | None, directory: Path
) -> int:
    """Show each incident about which something is left to be done: what comes next and by whom, and every clock.

    Clocks that run come first, with the time left; what is late says by how much. An ID shows an incident that is
    done, too.

    \b
    Examples:
      policy-gate incident status
      policy-gate incident status INC-2026-001 --format json
      policy-gate incident status --as-of 2026-11-23T12:00:00+01:00
      policy-gate incident status --format ics=incidents.ics

    Exit codes: 0 told, 1 a file of an incident cannot be read or holds something wrong, 2 no such incident.
    """
    here, now = opened_desk(directory, policies, as_of), as_of or options.now()
    shown = rows(here, here.named(ids), now)
    shown = shown if ids else tuple(row for row in shown if row.is_open)
    tell(
        formats,
        {
            "text": lambda render: status_text(shown, now, render),
            "json": lambda _: status_json(shown, now),
            "ics": lambda _: status_calendar(shown, now, here.repository),
        },
    )
    if not ids:
        here.refuse_problems()
    return 0


@incident.command(short_help="How fast incidents were answered.")
@as_of_moment
@options.text_or_json
@options.policies
@options.directory
def metrics(*, as_of: datetime | None, formats: Any, policies: Path | None, directory: Path) -> int:
    """Show times to triage, containment, leadership, notice and resolution over all incidents.

    For each: how many were done, in time and late, how many are out of time and not done, the median of what was
    done, and the worst, which counts what is out of time for as long as it has taken so far. Times run from when an
    incident was detected, those of legal notices from the start of their clock.

    \b
    Examples:
      policy-gate incident metrics
      policy-gate incident metrics --as-of 2026-12-31 --format json
    """
    here, now = opened_desk(directory, policies, as_of), as_of or options.now()
    facts = tuple(here.facts())
    groups = {
        name: {word: measured(found, now) for word, found in grouped(facts, name, order).items()}
        for name, order in (("severity", SEVERITIES[::-1]), ("type", tuple(here.rules.types)))
    }
    every, number = measured(facts, now), len(facts)
    tell(
        formats,
        {
            "text": lambda render: metrics_text(every, groups, number, now, render),
            "json": lambda _: metrics_json(every, groups, number, now),
        },
    )
    here.refuse_problems()
    return 0


@incident.command(short_help="The document after an incident, as Markdown.")
@id_argument
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it there.")
@as_of_moment
@options.policies
@options.directory
def report(*, id_: str, output: Path | None, as_of: datetime | None, policies: Path | None, directory: Path) -> int:
    """Print what happened and when, every clock, what was done, why it happened, and what is still open.

    \b
    Examples:
      policy-gate incident report INC-2026-001
      policy-gate incident report INC-2026-001 -o post-incident.md
    """
    here, now = opened_desk(directory, policies, as_of), as_of or options.now()
    fact = here.find(id_)
    text = report_markdown(fact, here.rules, here.name_of(fact), now)
    if output is None:
        show(text)
    else:
        write_file(output, text)
        show_lines(f"wrote {one_line(str(output))}")
    return 0


@incident.command(short_help="Incidents in the terms of the OECD and the AI Act.")
@ids_argument
@as_of_moment
@options.formats(("json",))
@options.policies
@options.directory
def export(
    *, ids: tuple[str, ...], as_of: datetime | None, formats: Any, policies: Path | None, directory: Path
) -> int:
    """Write every incident, or those named, in our words, the OECD's terms, and the AI Act's.

    \b
    Examples:
      policy-gate incident export --format json
      policy-gate incident export INC-2026-001 --format json=incident.json
    """
    here, now = opened_desk(directory, policies, as_of), as_of or options.now()
    known = [fact for fact in here.named(ids) if fact.incident.type in here.rules.types]
    facts = [(fact, here.name_of(fact)) for fact in known]
    tell(formats or (("json", None),), {"json": lambda _: export_json(facts, here.rules, now)})
    if not ids:
        here.refuse_problems()
    return 0

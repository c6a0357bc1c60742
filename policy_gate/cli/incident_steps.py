"""The steps of a response, each shown, done and put on record: triage, containment, notes and resolution."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from policy_gate.app.incidents import Desk, lacking_duties, rows, with_recorded
from policy_gate.cli import options
from policy_gate.cli.incident_options import assessed, at, by, id_argument, opened_desk, stated, who_did
from policy_gate.cli.output import one_line, say, show_lines, tell
from policy_gate.documents.spelling import did_you_mean
from policy_gate.errors import UsageError
from policy_gate.report.views.incidents import options_json, options_text, triage_json, triage_text
from policy_gate.respond.clocks import in_utc
from policy_gate.respond.steps import wrong_moment, wrong_times
from policy_gate.respond.triage import triage_of
from policy_gate.schema.incident_document import Step, TimelineEntry
from policy_gate.schema.incidents import TIMES, IncidentFact

_AN_EARLIER_STEP = (
    "write it into the file at its place while that is not merged; later, add a note that says when it was"
)


@click.command(short_help="What to do at once, and which legal clocks run.")
@id_argument
@assessed
@at
@by
@options.text_or_json
@options.policies
@options.directory
def triage(
    *,
    id_: str,
    at: datetime | None,
    by: str | None,
    formats: Any,
    policies: Path | None,
    directory: Path,
    **said: Any,
) -> int:
    """Show severity, response times, whom to call, what to do first, and every legal clock of an incident.

    Records in its file that it was triaged, once; run it again to look. The options state what the file does not say
    yet: clocks that hang on it start or fall away. What is stated already is not written over.

    \b
    Examples:
      policy-gate incident triage INC-2026-001
      policy-gate incident triage INC-2026-001 --aware-at 2026-11-20T10:00:00Z --risk high --at 2026-11-20T10:20:00Z
      policy-gate incident triage INC-2026-001 --format json
    """
    here, now = opened_desk(directory, policies), options.now()
    fact = here.find(id_)
    fields = _new_fields(fact, stated(said), now)
    is_first = fact.incident.first("triaged") is None
    if is_first or fields:
        entries = [new_step(here, fact, "triaged", at, by, now)] if is_first else []
        with_recorded(here, fact, entries, fields)
        here = opened_desk(directory, policies)
        fact = here.find(id_)
    elif at is not None:
        say(f"triaged {in_utc(fact.incident.first('triaged'))} already; nothing was written")
    found, (row,) = triage_of(fact.incident, here.rules), rows(here, [fact], now)
    tell(
        formats,
        {
            "text": lambda render: triage_text(row, found, now, render),
            "json": lambda _: triage_json(fact, found, now),
        },
    )
    return 0


def _new_fields(fact: IncidentFact, fields: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Those of the fields that the file does not state; UsageError where it states something else."""
    incident = fact.incident
    given = incident.model_fields_set
    told = {name: getattr(incident, name) for name in fields if name in given and getattr(incident, name) is not None}
    other = [f"{name} {_plain(told[name])}" for name in told if told[name] != fields[name]]
    if other:
        hint = "change it there, in a change that somebody looks at"
        raise UsageError(f"{fact.document.path} already says {'; '.join(other)}; nothing was written", hint=hint)
    new = {name: value for name, value in fields.items() if name not in told}
    if wrong := wrong_times({name: new.get(name) or getattr(incident, name) for name in TIMES}, now):
        raise UsageError(f"{'; '.join(wrong)}; nothing was written")
    return new


def _plain(value: Any) -> str:
    return str(in_utc(value)) if isinstance(value, datetime) else str(value).lower()


def new_step(
    here: Desk, fact: IncidentFact, step: Step, at: datetime | None, by: str | None, now: datetime, **more: Any
) -> TimelineEntry:
    """A step that was taken at a time, now where none is given; UsageError where it cannot have been taken then."""
    moment = at or now
    if wrong := wrong_moment(fact.incident, moment, now, step):
        hint = _AN_EARLIER_STEP if fact.incident.timeline and moment <= now else ""
        raise UsageError(f"{'--at' if at else 'now,'} {wrong}; nothing was written", hint=hint)
    said = {name: value for name, value in more.items() if value is not None}
    return TimelineEntry.model_validate({"at": moment, "step": step, "by": who_did(by, here.root), **said})


@click.command(short_help="The ways to contain it; record the one taken.")
@id_argument
@click.option("--option", metavar="N|TEXT", help="What was done: a number of the list, or your own words.")
@at
@by
@options.text_or_json
@options.policies
@options.directory
def contain(
    *,
    id_: str,
    option: str | None,
    at: datetime | None,
    by: str | None,
    formats: Any,
    policies: Path | None,
    directory: Path,
) -> int:
    """Show the ways to contain an incident of its type; with --option, record the one that was taken.

    \b
    Examples:
      policy-gate incident contain INC-2026-001
      policy-gate incident contain INC-2026-001 --option 2
      policy-gate incident contain INC-2026-001 --option "Took the endpoint down" --at 2026-11-20T11:30:00Z
    """
    here, now = opened_desk(directory, policies), options.now()
    fact = here.find(id_)
    ways = here.rules.types[fact.incident.type].containment_options
    if option is None:
        if at is not None or by is not None:
            raise UsageError("--at and --by record a step, and --option says which", hint="add --option N")
        views = {
            "text": lambda render: options_text(fact, ways, render),
            "json": lambda _: options_json(fact, ways),
        }
        tell(formats, views)
        say(f"record the one taken: policy-gate incident contain {fact.id} --option N")
        return 0
    what = _way(option, ways)
    entry = new_step(here, fact, "contained", at, by, now, what=what)
    with_recorded(here, fact, [entry])
    show_lines(f"{fact.document.path}: contained {in_utc(entry.at)}: {one_line(what)}")
    return 0


def _way(option: str, ways: tuple[str, ...]) -> str:
    said = option.strip()
    if not said:
        raise UsageError("--option says nothing", hint="give a number of the list, or what was done")
    if said.isdecimal() and 1 <= int(said) <= len(ways):
        return ways[int(said) - 1]
    if not any(sign.isalpha() for sign in said):
        raise UsageError(f"there is no option {said}", hint=f"there are 1 to {len(ways)}")
    return said


@click.command(short_help="Add what turned out to the timeline, after the end, too.")
@id_argument
@click.argument("text")
@at
@by
@options.policies
@options.directory
def note(*, id_: str, text: str, at: datetime | None, by: str | None, policies: Path | None, directory: Path) -> int:
    """Add TEXT to the timeline of an incident: what turned out, or what was done beside the steps.

    An incident that is resolved stays so, and nobody is asked: what stands in its file is not written over. No clock
    starts or stops by a note; what was sent is `notify`, what was found out while it is open `triage`.

    \b
    Examples:
      policy-gate incident note INC-2026-001 "The vendor found the same fault in its own cache."
      policy-gate incident note INC-2026-001 "A third customer was affected." --at 2026-12-03T09:00:00Z
    """
    here, now = opened_desk(directory, policies), options.now()
    fact = here.find(id_)
    said = text.strip()
    if not any(sign.isalnum() for sign in said):
        raise UsageError("the note says nothing; nothing was written", hint="policy-gate incident note --help")
    entry = new_step(here, fact, "note", at, by, now, what=said)
    with_recorded(here, fact, [entry])
    show_lines(f"{fact.document.path}: note {in_utc(entry.at)}: {one_line(said)}")
    return 0


@click.command(short_help="Say why it happened, and what keeps it from happening again.")
@id_argument
@click.option("--root-cause", metavar="TEXT", help="Why it happened, in at least five different words.")
@click.option("--test", "tests", multiple=True, metavar="X", help="A test that would have caught it: a path, or an id.")
@click.option("--control", "controls", multiple=True, metavar="Y",
              help="What was changed against it: a path, or the id of a rule, gate or control.")  # fmt: skip
@at
@by
@options.policies
@options.directory
def resolve(
    *,
    id_: str,
    root_cause: str | None,
    tests: tuple[str, ...],
    controls: tuple[str, ...],
    at: datetime | None,
    by: str | None,
    policies: Path | None,
    directory: Path,
) -> int:
    """Record that an incident is resolved: its cause, the tests that it led to, and what was changed against it.

    All three are wanted, from here or from the file, and each test and control must be there: a path of this
    repository, which may go on with a test's name behind ::, or an id. Where one lacks, nothing is written.

    \b
    Examples:
      policy-gate incident resolve INC-2026-001 \\
        --root-cause "Answers were cached by question alone, so one customer got what another had asked." \\
        --test tests/test_cache.py::test_answers_stay_apart --control policies/cache.yaml
    """
    here, now = opened_desk(directory, policies), options.now()
    fact = here.find(id_)
    fields = _resolution(here, fact, (root_cause or "").strip(), tests, controls)
    is_done = fact.incident.is_resolved
    if is_done and not fields:
        raise UsageError(f"{id_} is resolved since {in_utc(fact.incident.first('resolved'))}; nothing was written")
    with_recorded(here, fact, [] if is_done else [new_step(here, fact, "resolved", at, by, now)], fields)
    here = opened_desk(directory, policies)
    (row,) = rows(here, [here.find(id_)], now)
    show_lines(f"{fact.document.path}: resolved")
    if row.next is not None:
        say(f"next: {one_line(row.next.what)}: {row.next.command}")
    else:
        say(f"next: policy-gate incident report {id_}")
    return 0


def _resolution(
    here: Desk, fact: IncidentFact, cause: str, tests: tuple[str, ...], controls: tuple[str, ...]
) -> dict[str, Any]:
    """The fields that are new; UsageError with everything that lacks or is not there."""
    incident = fact.incident
    whole = {
        "root_cause": cause or incident.root_cause,
        "new_tests": list(dict.fromkeys((*incident.new_tests, *tests))),
        "control_changes": list(dict.fromkeys((*incident.control_changes, *controls))),
    }
    faults = [_fault(it) for it in lacking_duties(here, fact, whole)]
    if incident.root_cause and cause not in ("", incident.root_cause):
        faults.insert(0, f"{fact.document.path} already says another root_cause")
    if faults:
        known = [it for it in (*here.tests_of(fact), *here.controls) if it not in whole["new_tests"]]
        near = [did_you_mean(it, known) for it in (*tests, *controls) if any(f" {it} is " in fault for fault in faults)]
        hint = " ".join(dict.fromkeys(filter(None, near))) or "policy-gate incident resolve --help"
        raise UsageError(f"{'; '.join(faults)}; nothing was written", hint=hint)
    return {name: value for name, value in whole.items() if value != getattr(incident, name)}


def _fault(duty: str) -> str:
    """What lacks, by the option that gives it."""
    name, _, rest = duty.partition(" ")
    flag = {"root_cause": "--root-cause", "new_tests": "--test", "control_changes": "--control"}[name]
    if rest:
        return f"{flag} {rest.replace(', which is', ' is')}"
    return f"{flag} says too little: at least five different words" if name == "root_cause" else f"{flag} is missing"

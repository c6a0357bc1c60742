"""`policy-gate incident notify`: a draft of a notice beside the incident, and on record that it was sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click
from msgspec import Struct

from policy_gate.app.incidents import Desk, lacking_in_notice, with_recorded
from policy_gate.cli import options
from policy_gate.cli.incident_options import at, by, id_argument, one_of, opened_desk
from policy_gate.cli.incident_steps import new_step
from policy_gate.cli.model_drafts import ModelOptions, asked, by_model, model_options
from policy_gate.cli.output import one_line, say, show_lines
from policy_gate.documents.spelling import choices_hint, refuse_unknown
from policy_gate.documents.writer import NewFile, create
from policy_gate.errors import UsageError
from policy_gate.report.views.incident_notice import notice_markdown
from policy_gate.report.views.incidents import holders_told, time_left
from policy_gate.report.wording import plural
from policy_gate.respond.clocks import in_utc
from policy_gate.respond.next_step import Holder
from policy_gate.respond.notice import NoticeContext, NoticePart, clocks_for, parts_of, wanted_sections
from policy_gate.schema.incident_document import Step
from policy_gate.schema.incident_rules import Notice
from policy_gate.schema.incidents import IncidentFact
from policy_gate.write.incident_file import notice_path

AUDIENCES: Final = ("regulators", "affected-users", "leadership")


class Sending(Struct, frozen=True):
    """What is said of a notice that went out."""

    clocks: tuple[str, ...]
    report: str | None
    what: str | None
    at: datetime | None
    by: str | None

    @property
    def is_said(self) -> bool:
        return bool(self.clocks) or any(it is not None for it in (self.report, self.what, self.at, self.by))


@click.command(short_help="Draft a notice, or record that it was sent.")
@id_argument
@click.option("--audience", required=True, callback=one_of(AUDIENCES), metavar="WHOM", help=", ".join(AUDIENCES) + ".")
@model_options
@click.option("--sent", is_flag=True, help="It went out: record that, and stop its clock.")
@click.option("--clock", "clocks", multiple=True, metavar="ID", help="The legal clock that it is for; may be repeated.")
@click.option("--report", callback=one_of(("initial", "complete")), metavar="WHICH",
              help="initial, where more is to follow as the law allows; else complete.")  # fmt: skip
@click.option("--what", metavar="TEXT", help="How it was told, or under which number, in a line.")
@at
@by
@options.policies
@options.directory
def notify(
    *,
    id_: str,
    audience: str,
    with_model: bool,
    model: str | None,
    show_prompt: bool,
    sent: bool,
    policies: Path | None,
    directory: Path,
    **said: Any,
) -> int:
    """Write a draft of the notice to an audience beside the incident, or record with --sent that it went out.

    The draft has every section that the audience needs: what is known is filled in, and what somebody has to write is
    a line that begins with TODO. A notice that still lacks a section is not recorded as sent, unless as an initial
    report, which some laws allow. A notice that is there is never written over.

    \b
    Examples:
      policy-gate incident notify INC-2026-001 --audience regulators
      policy-gate incident notify INC-2026-001 --audience affected-users --with-model
      policy-gate incident notify INC-2026-001 --audience regulators --sent --report initial --at 2026-11-22T16:00:00Z
      policy-gate incident notify INC-2026-001 --audience leadership --sent --what "Called at night"
    """
    wanted = asked(with_model, model, show_prompt)
    sending = Sending(**said)
    here, now = opened_desk(directory, policies), options.now()
    fact = here.find(id_)
    if audience not in here.rules.notices:
        raise UsageError(f"the policies say nothing of a notice to {audience}", hint="add it to incident_notices")
    notice = here.rules.notices[audience]
    if sent:
        if wanted.is_asked:
            raise UsageError("--sent records a notice, and a model drafts one", hint="leave one of them out")
        return _sent(here, fact, notice, sending, now)
    if sending.is_said:
        given = "--clock, --report, --what, --at and --by are about a notice that went out"
        raise UsageError(given, hint="add --sent, or leave them out")
    return _drafted(here, fact, notice, wanted, directory, policies, now)


def _drafted(
    here: Desk,
    fact: IncidentFact,
    notice: Notice,
    wanted: ModelOptions,
    directory: Path,
    policies: Path | None,
    now: datetime,
) -> int:
    path = notice_path(fact.document.path, notice.id)
    command = f"policy-gate incident notify {fact.id} --audience {notice.id} --sent"
    if (here.root / path).exists() and not wanted.is_shown:
        raise UsageError(f"{path} is already there and stays as it is", hint=f"once it is sent: {command}")
    writers = holders_told([Holder(role, here.role_title(role), here.people.get(role, ())) for role in notice.roles])
    parts = _parts(here, fact, notice, writers, now)
    clocks = clocks_for(notice.id, fact.clocks, here.rules, now)
    file = NewFile(path, notice_markdown(notice, fact, parts, clocks, writers))
    written = _by_model(here, file, fact, notice, wanted, directory, policies, now)
    if written is None:
        return 0
    create(here.root, [written])
    show_lines(f"wrote {path}")
    open_ = lacking_in_notice(written.text, wanted_sections(notice, fact.values_at(now)))
    if open_:
        say(f"{plural(len(open_), 'section is', 'sections are')} open: {one_line(', '.join(open_))}")
    say(f"next, once it is written ({writers}) and sent: {command}")
    return 0


def _parts(here: Desk, fact: IncidentFact, notice: Notice, writers: str, now: datetime) -> tuple[NoticePart, ...]:
    contact = next((it.contact for it in here.systems if it.system == fact.incident.system), "")
    return parts_of(notice, fact, NoticeContext(here.name_of(fact), contact, writers), now)


def _by_model(
    here: Desk,
    file: NewFile,
    fact: IncidentFact,
    notice: Notice,
    wanted: ModelOptions,
    directory: Path,
    policies: Path | None,
    now: datetime,
) -> NewFile | None:
    if not wanted.is_asked:
        return file
    if fact.incident.system not in here.declared:
        raise UsageError(f"no manifest declares {fact.incident.system}", hint="leave out --with-model")
    from policy_gate.advise.prompt import Part  # noqa: PLC0415 - only where a model is asked

    own = (here.root / fact.document.path).read_text("utf-8", errors="replace")
    clocks = (f"{it.id} ({it.title}): {it.state(now)}, {time_left(it, now)}" for it in fact.clocks)
    more = (Part("the incident's file", own), Part("its legal clocks", "\n".join(clocks)))
    purpose = f"The document is the {notice.title} about incident {fact.id}. {notice.about}"
    return by_model(file, purpose, options.view(directory, policies), fact.incident.system, wanted, more)


def _sent(here: Desk, fact: IncidentFact, notice: Notice, sending: Sending, now: datetime) -> int:
    """Record that a notice went out, for each of its clocks."""
    if notice.id == "leadership" and (sending.clocks or sending.report):
        raise UsageError("leadership is told by no legal clock", hint="leave out --clock and --report")
    clocks = _clocks(here, fact, notice, sending, now)
    _may_be_initial(here, sending, clocks)
    is_its_own = not clocks or any(notice.id in here.rules.clocks[it].tells for it in clocks)
    if is_its_own:
        _is_written(here, fact, notice, sending, now)
    step: Step = "leadership-notified" if notice.id == "leadership" else "notified"
    audience = notice.id if is_its_own else None
    entries = [
        new_step(here, fact, step, sending.at, sending.by, now, clock=clock, report=sending.report, audience=audience,
                 what=sending.what)
        for clock in clocks or (None,)
    ]  # fmt: skip
    with_recorded(here, fact, entries)
    for entry in entries:
        about = f" for {entry.clock}" if entry.clock else ""
        show_lines(f"{fact.document.path}: {entry.step}{about} {in_utc(entry.at)}")
    for idle in (it for it in fact.clocks if it.id in clocks and it.runs is False):
        say(f"{idle.id} does not run here: {one_line(idle.because)}")
    return 0


def _clocks(here: Desk, fact: IncidentFact, notice: Notice, sending: Sending, now: datetime) -> tuple[str, ...]:
    """The clocks that a notice is for: those named, else the one that runs and that this audience stops."""
    if notice.id == "leadership":
        return ()
    if sending.clocks:
        refuse_unknown("clock", sending.clocks, here.rules.clocks, choices_hint)
        return tuple(dict.fromkeys(sending.clocks))
    running = clocks_for(notice.id, fact.clocks, here.rules, now)
    if len(running) > 1:
        named = "; ".join(f"--clock {it.id} ({it.recipient})" for it in running)
        raise UsageError(
            f"{len(running)} clocks run that a notice to {notice.id} may be for", hint=f"say which: {named}"
        )
    if not running and notice.id == "regulators":
        maybe = [it.id for it in fact.clocks if it.state(now) == "unknown"]
        told = f"; not known of {', '.join(maybe)}" if maybe else ""
        raise UsageError(f"no clock runs that a notice to regulators is for{told}", hint="say which: --clock ID")
    return tuple(it.id for it in running)


def _may_be_initial(here: Desk, sending: Sending, clocks: Sequence[str]) -> None:
    """UsageError for a first report where law knows none: it would count as the whole."""
    if sending.report is None:
        return
    wrong = [it for it in clocks if sending.report not in here.rules.clocks[it].reports]
    if wrong or not clocks:
        about = f"{', '.join(wrong)} takes" if wrong else "a notice for no clock takes"
        raise UsageError(f"{about} no {sending.report} report", hint="leave out --report")


def _is_written(here: Desk, fact: IncidentFact, notice: Notice, sending: Sending, now: datetime) -> None:
    """UsageError where the notice that is said to have gone out lacks something that it must say."""
    if sending.report == "initial":
        return
    path = notice_path(fact.document.path, notice.id)
    moment = sending.at or now
    try:
        text = (here.root / path).read_bytes().decode("utf-8")
    except FileNotFoundError:
        if notice.id == "leadership":
            return  # they may have been told by a call at night
        hint = f"policy-gate incident notify {fact.id} --audience {notice.id} writes a draft"
        raise UsageError(f"there is no notice at {path}; nothing was recorded", hint=hint) from None
    except (OSError, UnicodeDecodeError) as fault:
        raise UsageError(f"cannot read {path}; nothing was recorded") from fault
    writers = holders_told([Holder(role, here.role_title(role), here.people.get(role, ())) for role in notice.roles])
    drafted = _parts(here, fact, notice, writers, moment)
    lacking = lacking_in_notice(text, wanted_sections(notice, fact.values_at(moment)), drafted)
    if lacking:
        each = "; ".join(f"{title} ({why})" for title, why in lacking.items())
        what = f"{path} lacks {plural(len(lacking), 'section')}: {each}; nothing was recorded"
        initial = " or record a first report with --report initial" if notice.id == "regulators" else ""
        raise UsageError(what, hint=f"write it,{initial}" if initial else "write it")

"""The report as Markdown for a pull request: three lines, a short table, and the rest folded away.

The template never sees text of a repository that has not passed the sanitiser.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from policy_gate.report.docket import Docket, dockets_of
from policy_gate.report.folded import Item, Page, Row, Section, filled, joined
from policy_gate.report.look import Look
from policy_gate.report.sanitise import code, markdown
from policy_gate.report.sight import told
from policy_gate.report.wording import (
    FORGES,
    VERDICT_WORDS,
    approve_command,
    debt_count,
    debt_in_line,
    due_text,
    holders,
    is_command,
    law_of,
    movement_of,
    notes_of,
    people_to_ask,
    place_of,
    plural,
    result_of,
    revision,
    risk_of,
    standing,
    title_of,
)
from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report, SystemReport
from policy_gate.schema.source import Location, Problem

_TABLE_ROWS = 10
_SYSTEMS_SHOWN = 5


def markdown_report(report: Report, look: Look) -> str:
    """One line where all is well; else verdict, systems, what was compared, a table and folded details."""
    return filled(page_of(report, look))


def page_of(report: Report, look: Look) -> Page:
    """What the Markdown report says, not yet cut to any length."""
    dockets = dockets_of(report)
    if report.verdict == "pass":
        return Page(f"{verdict_of(report)} {_well(dockets, report)}")
    rows = _rows(dockets, report, look)
    return Page(
        f"{verdict_of(report)}{_to_do(dockets, report)}",
        (_about(dockets, report), compared(report)),
        tuple(rows[:_TABLE_ROWS]),
        tuple(section for section in _sections(dockets, report, look, rows) if section.items),
    )


def verdict_of(report: Report) -> str:
    """The verdict as the first words of the first line."""
    return f"**policy-gate: {VERDICT_WORDS[report.verdict]}**"


def _to_do(dockets: Sequence[Docket], report: Report) -> str:
    number = sum(len(docket.work) + bool(docket.waiting) for docket in dockets) + len(report.problems)
    also = "" if report.trust.enforcing else ", **does not enforce**"
    if number:
        return f", {plural(number, 'thing')} to do{also}"
    return (f", {markdown(report.headline)}" if report.headline else "") + also


def _well(dockets: Sequence[Docket], report: Report) -> str:
    changed = [docket for docket in dockets if not docket.is_quiet and docket.system]
    debt = [finding for docket in dockets for finding in docket.debt]
    also = f", {debt_in_line(debt)}" if debt else ""
    also += "" if report.trust.enforcing else ", **does not enforce**"
    if not changed:
        systems = max(report.system_count, len(report.systems))
        counts = f"{plural(systems, 'system')}{also}" if systems else also.removeprefix(", ")
        said = markdown(report.headline or "nothing governed changed")
        return f"{said} ({counts})" if counts else said
    names = joined((_named(docket.system) for docket in changed if docket.system), _SYSTEMS_SHOWN, "system")
    stands = standing([finding for docket in changed for finding in docket.others])
    return f"{names}{': ' + stands if stands else ''}{also}"


def _named(system: SystemReport) -> str:
    move = movement_of(system)
    return f"{code(system.id)} {markdown(system.name)}" + (f", {markdown(move)}" if move else "")


def _about(dockets: Sequence[Docket], report: Report) -> str:
    """The systems that are not well, with their tier and what the change does to them."""
    systems = [docket.system for docket in dockets if docket.system and docket.verdict != "pass"]
    described = (f"{_named(system)} ({markdown(risk_of(system))})" for system in systems)
    said = joined(described, _SYSTEMS_SHOWN, "system")
    return said or markdown(report.hint or "This repository's own documents and rules.")


def compared(report: Report) -> str:
    """Which base, which result and which law this answer is for."""
    base = code(revision(report.trust.base)) if report.trust.base.ref else "not to be had"
    law = markdown(law_of(report)) or "not read"
    return f"Base {base}, result {code(result_of(report))}, law {law}."


def _rows(dockets: Sequence[Docket], report: Report, look: Look) -> list[Row]:
    """What there is to do, who does it and where: problems, then each docket's work, waiting approvals last."""
    problems = [Row(_problem(problem), "", place(problem.location, look)) for problem in report.problems]
    several = _is_for_several(dockets)
    work = [
        Row(
            _of(docket, several) + markdown(finding.title),
            markdown(who(finding, report)),
            place(finding.location, look),
        )
        for docket in dockets
        for finding in docket.work
    ]
    return problems + work + [_waiting_row(docket, report, several) for docket in dockets if docket.waiting]


def _waiting_row(docket: Docket, report: Report, several: bool) -> Row:
    roles = holders(report, dict.fromkeys(finding.subject for finding in docket.waiting))
    return Row(f"{_of(docket, several)}Approvals wait for the work", markdown(roles), "")


def _is_for_several(dockets: Iterable[Docket]) -> bool:
    """Whether there is work for more than one system, so that each piece must say for which."""
    return len([docket for docket in dockets if docket.system and (docket.work or docket.waiting)]) > 1


def _of(docket: Docket, several: bool) -> str:
    """The system's id before what is to do for it, where there is work for more than one."""
    return f"{code(docket.system.id)} " if several and docket.system else ""


def who(finding: Finding, report: Report) -> str:
    """Who does it: the role that approves, else who is responsible, by name where there is one."""
    roles = (finding.subject,) if finding.kind == "approval" else finding.responsible or finding.accountable
    return holders(report, roles)


def _problem(problem: Problem) -> str:
    hint = f" ({markdown(problem.hint)})" if problem.hint else ""
    return markdown(problem.message) + hint


def place(location: Location | None, look: Look) -> str:
    """A path and line, linked where the forge's address of the result is known."""
    if location is None:
        return ""
    shown = code(place_of(location.path, location.line))
    if not look.source_url:
        return shown
    line = f"#L{location.line}" if location.line else ""
    return f"[{shown}]({look.source_url}/{quote(location.path, safe='/', errors='replace')}{line})"


def _sections(dockets: Sequence[Docket], report: Report, look: Look, rows: Sequence[Row]) -> Iterator[Section]:
    work = [(docket, finding) for docket in dockets for finding in docket.work + docket.waiting]
    several = _is_for_several(dockets)
    more = f" ({len(rows) - _TABLE_ROWS} more than above)" if len(rows) > _TABLE_ROWS else ""
    unlisted = tuple(Item(f"{row.where} {row.what}") for row in rows[_TABLE_ROWS:] if row.where and not work)
    yield Section(f"Why, and how to do it{more}", (*unlisted, *(_item(d, f, report, look, several) for d, f in work)))
    yield Section("Whom to ask", (Item(markdown(people_to_ask(report))),) if report.ask else ())
    debt = [finding for docket in dockets for finding in docket.debt]
    yield Section(debt_count(debt).capitalize(), tuple(_owed(finding, report) for finding in debt))
    advice = tuple(Item(markdown(finding.title)) for docket in dockets for finding in docket.advice)
    yield Section(f"Advice {len(advice)}", advice)
    yield from _let_pass(dockets)
    yield Section("Who could approve after this", tuple(_grants(report)))
    yield Section("What this answer cannot promise", tuple(Item(markdown(note)) for note in _notes(report)))
    preview = tuple(Item(markdown(said)) for said in report.preview)
    yield Section("What this change's own rules would say from the next change on", preview)


def _item(docket: Docket, finding: Finding, report: Report, look: Look, several: bool) -> Item:
    head = f"{_of(docket, several)}**{markdown(finding.title)}** {place(finding.location, look)}"
    return Item(head.strip(), tuple(_details(docket, finding, report)))


def _details(docket: Docket, finding: Finding, report: Report) -> Iterator[str]:
    yield from (_said(label, text) for label, text in told(finding, report, docket.system))
    if finding.kind != "approval" and finding.accountable:
        yield _said("signs", holders(report, finding.accountable))
    fix = finding.fix or approve_command(finding)
    if fix:
        shown = code(fix) if is_command(fix) else markdown(fix)
        yield f"{_on_the_forge(report)}{shown}" if finding.kind == "approval" else shown


def _on_the_forge(report: Report) -> str:
    """'approve the pull request, or ' where reviews on a forge count."""
    return next((f"{FORGES[source]}, or " for source in report.trust.approval_sources if source in FORGES), "")


def _said(label: str, text: str) -> str:
    return f"{label}: {markdown(text)}" if label else markdown(text)


def _owed(finding: Finding, report: Report) -> Item:
    late = "overdue, " if finding.blame == "overdue" else ""
    owner = markdown(who(finding, report))
    return Item(f"{due_text(finding.due)}: {late}{markdown(finding.title)}" + (f", {owner}" if owner else ""))


def _let_pass(dockets: Iterable[Docket]) -> Iterator[Section]:
    listed = tuple(dockets)
    for state in ("deferred", "waived", "upcoming"):
        found = [finding for docket in listed for finding in docket.of(state)]
        items = tuple(Item(markdown(f.title + (f": {f.waiver}" if f.waiver else ""))) for f in found)
        yield Section(f"{state.capitalize()} {len(found)}", items)
    met = [finding for docket in listed for finding in docket.of("met")]
    subjects = ", ".join(code(finding.subject) for finding in met)
    yield Section(f"Met {len(met)}", (Item(subjects),) if met else ())


def _grants(report: Report) -> Iterator[Item]:
    for grant in report.grants:
        roles = ", ".join(title_of(report, role) for role in grant.roles)
        yield Item(f"{markdown(grant.name)}: {markdown(roles)}")


def _notes(report: Report) -> list[str]:
    return ([] if report.trust.enforcing else ["This answer does not enforce."]) + notes_of(report)

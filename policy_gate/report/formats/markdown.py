"""The report as Markdown for a pull request: three lines, a short table, and the rest folded away.

The template never sees text of a repository that has not passed the sanitiser.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from policy_gate.report.due_rows import DueRow
from policy_gate.report.finding_rows import begin_of, other_changes, rows_for
from policy_gate.report.formats.markdown_page import MarkdownPage, PageItem, PageRow, PageSection, filled, joined
from policy_gate.report.grouping import SystemFindings, findings_by_system
from policy_gate.report.sanitise import code, markdown
from policy_gate.report.style import RenderOptions
from policy_gate.report.wording import (
    VERDICT_WORDS,
    able_holder,
    approve_command,
    debt_count,
    debt_in_line,
    due_text,
    forge_line,
    holders,
    is_command,
    movement_of,
    notes_of,
    notes_on,
    on_the_forge,
    people_to_ask,
    place_of,
    plural,
    policies_line,
    result_of,
    revision,
    risk_of,
    standing_line,
    title_of,
)
from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report, SystemReport
from policy_gate.schema.source import Location, Problem
from policy_gate.schema.vocabulary import NOTHING_CHANGED

_TABLE_ROWS = 10
_SYSTEMS_SHOWN = 5
_NOTES_ABOVE = 3


def markdown_report(report: Report, render: RenderOptions) -> str:
    """One line where all is well, with what changed folded away; else verdict, systems, a table and details."""
    return filled(page_of(report, render))


def page_of(report: Report, render: RenderOptions) -> MarkdownPage:
    """What the Markdown report says, not yet cut to any length."""
    by_system = findings_by_system(report)
    if report.verdict == "pass":
        sections = (
            _incidents(report), _due(report), _changed(by_system, report), _misplaced(report), _policy_impact(report)
        )  # fmt: skip
        first = f"{verdict_of(report)} {_well(by_system, report)}"
        return MarkdownPage(first, sections=tuple(section for section in sections if section.items))
    rows = _rows(by_system, report, render)
    notes = (f"{code(system)}: {markdown(note)}" for system, note in _of_systems(by_system, report))
    return MarkdownPage(
        f"{verdict_of(report)}{_to_do(by_system, report)}",
        (_about(by_system, report), *notes, compared(report)),
        tuple(rows[:_TABLE_ROWS]),
        tuple(section for section in _sections(by_system, report, render, rows) if section.items),
    )


def _misplaced(report: Report) -> PageSection:
    return PageSection("Not read where it stands", tuple(PageItem(markdown(note)) for note in report.trust.misplaced))


def verdict_of(report: Report) -> str:
    """The verdict as the first words of the first line."""
    return f"**policy-gate: {VERDICT_WORDS[report.verdict]}**"


def _to_do(by_system: Sequence[SystemFindings], report: Report) -> str:
    number = sum(len(grouped.work) + bool(grouped.waiting) for grouped in by_system) + len(report.problems)
    also = "" if report.trust.enforcing else ", **does not enforce**"
    if number:
        return f", {plural(number, 'thing')} to do{also}"
    return (f", {markdown(report.headline)}" if report.headline else "") + also


def _well(by_system: Sequence[SystemFindings], report: Report) -> str:
    changed = [grouped for grouped in by_system if not grouped.is_quiet and grouped.system]
    debt = [finding for grouped in by_system for finding in grouped.debt]
    also = f", {debt_in_line(debt)}" if debt else ""
    also += "" if report.trust.enforcing else ", **does not enforce**"
    if not changed:
        systems = max(report.system_count, len(report.systems))
        counts = f"{plural(systems, 'system')}{also}" if systems else also.removeprefix(", ")
        said = markdown(report.headline or NOTHING_CHANGED)
        return f"{said} ({counts})" if counts else said
    names = joined((_named(grouped.system) for grouped in changed if grouped.system), _SYSTEMS_SHOWN, "system")
    stands = standing_line([finding for grouped in changed for finding in grouped.others])
    return f"{names}{': ' + stands if stands else ''}{also}"


def _named(system: SystemReport) -> str:
    move = movement_of(system)
    return f"{code(system.id)} {markdown(system.name)}" + (f", {markdown(move)}" if move else "")


def _about(by_system: Sequence[SystemFindings], report: Report) -> str:
    """The systems that are not well, with their tier and what the change does to them."""
    systems = [grouped.system for grouped in by_system if grouped.system and grouped.verdict != "pass"]
    described = (f"{_named(system)} ({markdown(risk_of(system))})" for system in systems)
    said = joined(described, _SYSTEMS_SHOWN, "system")
    return said or markdown(report.hint or "This repository's own documents and rules.")


def _of_systems(by_system: Sequence[SystemFindings], report: Report) -> list[tuple[str, str]]:
    """System and note, the first few of those that are not well: they may settle some of the work."""
    systems = [grouped.system for grouped in by_system if grouped.system and grouped.verdict != "pass"]
    return [(system.id, note) for system in systems for note in notes_on(report, system)][:_NOTES_ABOVE]


def compared(report: Report) -> str:
    """Which base, which result and which policies this answer is for."""
    base = code(revision(report.trust.base)) if report.trust.base.ref else "not to be had"
    policy = markdown(policies_line(report)) or "not read"
    again = f" Replay: {code(report.trust.reproduce)}" if report.trust.reproduce else ""
    unasked = forge_line(report)
    return (
        f"Base {base}, result {code(result_of(report))}, policies {policy}{'; ' + unasked if unasked else ''}.{again}"
    )


def _rows(by_system: Sequence[SystemFindings], report: Report, render: RenderOptions) -> list[PageRow]:
    """What there is to do, who does it and where: problems, then each docket's work, waiting approvals last."""
    problems = [PageRow(_problem(problem), "", place(problem.location, render)) for problem in report.problems]
    several = _is_for_several(by_system)
    work = [
        PageRow(
            _of(grouped, several) + markdown(finding.title),
            markdown(who(finding, report)),
            place(finding.location, render),
        )
        for grouped in by_system
        for finding in grouped.work
    ]
    return problems + work + [_waiting_row(grouped, report, several) for grouped in by_system if grouped.waiting]


def _waiting_row(grouped: SystemFindings, report: Report, several: bool) -> PageRow:
    roles = holders(report, dict.fromkeys(finding.subject for finding in grouped.waiting))
    return PageRow(f"{_of(grouped, several)}Approvals wait for the work", markdown(roles), "")


def _is_for_several(by_system: Iterable[SystemFindings]) -> bool:
    """Whether there is work for more than one system, so that each piece must say for which."""
    return len([grouped for grouped in by_system if grouped.system and (grouped.work or grouped.waiting)]) > 1


def _of(grouped: SystemFindings, several: bool) -> str:
    """The system's id before what is to do for it, where there is work for more than one."""
    return f"{code(grouped.system.id)} " if several and grouped.system else ""


def who(finding: Finding, report: Report) -> str:
    """Who does it: whoever can approve it, else who is responsible, by name where there is one."""
    if finding.kind == "approval":
        return able_holder(report, finding)
    return holders(report, finding.responsible or finding.accountable)


def _problem(problem: Problem) -> str:
    hint = f" ({markdown(problem.hint)})" if problem.hint else ""
    return markdown(problem.message) + hint


def place(location: Location | None, render: RenderOptions) -> str:
    """A path and line, linked where the forge's address of the result is known."""
    if location is None:
        return ""
    shown = code(place_of(location.path, location.line))
    if not render.source_url:
        return shown
    line = f"#L{location.line}" if location.line else ""
    return f"[{shown}]({render.source_url}/{quote(location.path, safe='/', errors='replace')}{line})"


def _sections(
    by_system: Sequence[SystemFindings], report: Report, render: RenderOptions, rows: Sequence[PageRow]
) -> Iterator[PageSection]:
    work = [(grouped, finding) for grouped in by_system for finding in grouped.work + grouped.waiting]
    several = _is_for_several(by_system)
    more = f" ({len(rows) - _TABLE_ROWS} more than above)" if len(rows) > _TABLE_ROWS else ""
    unlisted = tuple(PageItem(f"{row.where} {row.what}") for row in rows[_TABLE_ROWS:] if row.where and not work)
    yield PageSection(
        f"Why, and how to do it{more}", (*unlisted, *(_item(d, f, report, render, several) for d, f in work))
    )
    yield _incidents(report)
    yield _due(report)
    yield _changed(by_system, report)
    yield PageSection("Whom to ask", (PageItem(markdown(people_to_ask(report))),) if report.ask else ())
    debt = [finding for grouped in by_system for finding in grouped.debt]
    yield PageSection(debt_count(debt).capitalize(), tuple(_owed(finding, report) for finding in debt))
    advice = tuple(PageItem(markdown(finding.title)) for grouped in by_system for finding in grouped.advice)
    yield PageSection(f"Advice {len(advice)}", advice)
    yield from _let_pass(by_system)
    yield PageSection("Who could approve after this", tuple(_grants(report)))
    notes = tuple(PageItem(markdown(note)) for note in _notes(by_system, report))
    yield PageSection("What this answer cannot promise", notes)
    preview = tuple(PageItem(markdown(said)) for said in report.preview)
    yield PageSection("What this change's own rules would say from the next change on", preview)
    yield _policy_impact(report)


def _incidents(report: Report) -> PageSection:
    """Open incidents and their clocks, in the full check; a change says of them what stands in its way."""
    if report.trust.mode != "all" or not report.incidents:
        return PageSection("", ())
    from policy_gate.report.incident_rows import counted, incident_rows  # noqa: PLC0415 - few checks have one

    items = tuple(PageItem(markdown(head), tuple(map(markdown, rows))) for head, rows in incident_rows(report))
    return PageSection(counted(report).capitalize(), items)


def _due(report: Report) -> PageSection:
    """The calendar of the full check."""
    if not report.due:
        return PageSection("", ())
    from policy_gate.report.due_rows import due_count, due_rows  # noqa: PLC0415 - no change has it

    return PageSection(due_count(report).capitalize(), tuple(_due_row(row) for row in due_rows(report)))


def _due_row(row: DueRow) -> PageItem:
    late = "late, " if row.is_late else ""
    system, who = f"{code(row.system)} " if row.system else "", f", {markdown(row.who)}" if row.who else ""
    where = f" {code(row.where)}" if row.where else ""
    head = f"{row.day.isoformat()}: {late}{system}{markdown(row.title)}{who}"
    return PageItem(head, (markdown(row.what) + where,) if row.what else ())


def _policy_impact(report: Report) -> PageSection:
    """What a change of the policies does to the systems here; empty where it does not touch them."""
    if report.policy_impact is None:
        return PageSection("", ())
    from policy_gate.report.policy_impact import counts_line, rows_of_change  # noqa: PLC0415 - few changes have it

    said = [(head, rows) for head, rows in rows_of_change(report.policy_impact)] or [("no system is touched", ())]
    items = tuple(PageItem(markdown(head), tuple(map(markdown, rows))) for head, rows in said)
    return PageSection(f"What this policy change does here, {markdown(counts_line(report.policy_impact))}", items)


def _changed(by_system: Iterable[SystemFindings], report: Report) -> PageSection:
    """What the change does to systems beside what its work shows."""
    items = tuple(
        PageItem((f"{code(grouped.system.id)} " if grouped.system else "") + markdown(said))
        for grouped in by_system
        for said in other_changes(grouped.work + grouped.waiting, report, grouped.system)
    )
    return PageSection(f"Also changed {len(items)}", items)


def _item(grouped: SystemFindings, finding: Finding, report: Report, render: RenderOptions, several: bool) -> PageItem:
    head = f"{_of(grouped, several)}**{markdown(finding.title)}** {place(finding.location, render)}"
    return PageItem(head.strip(), tuple(_details(grouped, finding, report)))


def _details(grouped: SystemFindings, finding: Finding, report: Report) -> Iterator[str]:
    yield from (_said(label, text) for label, text in rows_for(finding, report, grouped.system))
    if finding.kind != "approval" and finding.accountable:
        yield _said("signs", holders(report, finding.accountable))
    fix = finding.fix or approve_command(finding)
    if fix:
        shown = code(fix) if is_command(fix) else markdown(fix)
        how = on_the_forge(report, finding) if finding.kind == "approval" else ""
        yield f"{how}, or {shown}" if how else shown


def _said(label: str, text: str) -> str:
    return f"{label}: {markdown(text)}" if label else markdown(text)


def _owed(finding: Finding, report: Report) -> PageItem:
    late = "overdue, " if finding.blame == "overdue" else ""
    owner = markdown(who(finding, report))
    head = f"{due_text(finding.due)}: {late}{markdown(finding.title)}" + (f", {owner}" if owner else "")
    return PageItem(head, tuple(markdown(said) for said in begin_of(finding)))


def _let_pass(by_system: Iterable[SystemFindings]) -> Iterator[PageSection]:
    listed = tuple(by_system)
    for state in ("deferred", "waived", "upcoming"):
        found = [finding for grouped in listed for finding in grouped.of(state)]
        items = tuple(PageItem(markdown(f.title + (f": {f.waiver}" if f.waiver else ""))) for f in found)
        yield PageSection(f"{state.capitalize()} {len(found)}", items)
    met = [finding for grouped in listed for finding in grouped.of("met")]
    subjects = ", ".join(dict.fromkeys(code(finding.subject) for finding in met))
    yield PageSection(f"Met {len(met)}", (PageItem(subjects),) if met else ())


def _grants(report: Report) -> Iterator[PageItem]:
    for grant in report.grants:
        roles = ", ".join(title_of(report, role) for role in grant.roles)
        yield PageItem(f"{markdown(grant.name)}: {markdown(roles)}")


def _notes(by_system: Sequence[SystemFindings], report: Report) -> list[str]:
    """What could not be verified, without the notes that stand above the work."""
    above = [f"{system}: {note}" for system, note in _of_systems(by_system, report)]
    rest = [note for note in notes_of(report) if note not in above]
    return ([] if report.trust.enforcing else ["This answer does not enforce."]) + rest

"""One system's block: its verdict, what the change does to it, and its numbered work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_gate.documents.spelling import listed
from policy_gate.report.finding_rows import begin_of, other_changes
from policy_gate.report.formats.text_finding import Told, finding_text, waiting_text
from policy_gate.report.grouping import SystemFindings, alike, which_of
from policy_gate.report.style import RenderOptions
from policy_gate.report.text_layout import Line, Span, columns, hanging, kept, line, plain, prose, verbatim, width_of
from policy_gate.report.wording import (
    VERDICT_WORDS,
    called,
    due_text,
    is_command,
    movement_of,
    notes_on,
    plural,
    risk_of,
    scale_of,
    short_digest,
    show_all,
    standing_line,
    with_commands_kept,
)
from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report, SystemReport

_SYMBOLS = {"block": "\u2718", "undecided": "?", "conditions": "!", "pass": "\u2714"}
_CHANGES_SHOWN = 8
_BEGUN_ONE_BY_ONE = 3
"""documents that are begun by a command each, without one for all of them"""
_UNDECLARED = "this repository, which declares no AI system"


def system_text(
    grouped: SystemFindings, report: Report, render: RenderOptions, numbers: Iterator[int], told: Told
) -> list[Line]:
    """The whole block; `numbers` and `told` run on from block to block: a number names one piece, said once."""
    verdict = verdict_span(grouped.verdict, render)
    lines = _header(grouped, report, render, verdict)
    indent = width_of(verdict.text) + 2
    if grouped.verdict == "pass" and grouped.system:
        lines += _all_well(grouped, render, indent)
    lines += [row for note in notes_on(report, grouped.system) for row in prose(f"note: {note}", render, indent=indent)]
    for finding in grouped.work:
        lines += [(), *finding_text(next(numbers), finding, report, grouped.system, render, told)]
    lines += _begun_together(grouped.work)
    if grouped.waiting:
        lines += [(), *waiting_text(next(numbers), grouped.waiting, report, render)]
    return lines + _changed(grouped, report, render) + _owed(grouped, report, render)


def _begun_together(findings: Sequence[Finding]) -> list[Line]:
    """The one command for all documents of a block to begin, where they are more than a few."""
    wanted: dict[str | None, dict[str, None]] = {}
    for finding in findings:
        name = finding.artifact or finding.subject
        if finding.fix == f"policy-gate draft {name} --system {finding.system}":
            wanted.setdefault(finding.system, {})[name] = None
    return [
        row
        for system, names in wanted.items() if len(names) > _BEGUN_ONE_BY_ONE
        for row in ((), *verbatim("all", f"policy-gate draft {' '.join(names)} --system {system}"))
    ]  # fmt: skip


def _changed(grouped: SystemFindings, report: Report, render: RenderOptions) -> list[Line]:
    """What else the change does to the system, so that nobody agrees to what they were not shown."""
    found = other_changes(grouped.work + grouped.waiting, report, grouped.system)
    if not found:
        return []
    lines: list[Line] = [(), *prose(f"Also changed: {len(found)}", render, indent=2, style="name")]
    for said in found[:_CHANGES_SHOWN]:
        lines += prose(with_commands_kept(said), render, indent=_INDENT)
    if len(found) > _CHANGES_SHOWN:
        more = f"and {len(found) - _CHANGES_SHOWN} more (policy-gate check --format json)"
        lines += prose(more, render, indent=_INDENT, style="faint")
    return lines


def verdict_span(verdict: str, render: RenderOptions) -> Span:
    """The word of a verdict in its colour, with a symbol where the terminal shows them."""
    word = VERDICT_WORDS[verdict]
    return Span(f"{_SYMBOLS[verdict]} {word}" if render.symbols else word, verdict)


def _header(grouped: SystemFindings, report: Report, render: RenderOptions, verdict: Span) -> list[Line]:
    """Verdict, system and tier, then what happens to it: on one line each, or together where they fit."""
    system = grouped.system
    if system is None:
        about = grouped.named or (_UNDECLARED if report.scope == "undeclared" else grouped.about_repository)
        return hanging(line(verdict, "  "), about, render, style="name")
    adopting = "first adoption: " if report.trust.mode == "adoption" else ""
    name = Span(f"{verdict.text}  {adopting}{system.id} {system.name}", grouped.verdict)
    risk = system.effective_tier if grouped.verdict == "pass" else risk_of(system)
    scaled = risk + ("" if grouped.verdict == "pass" else scale_of(system))
    groups = [name, Span(scaled if width_of(name.text) + 3 + width_of(scaled) <= render.width else risk)]
    move = _movement(grouped, report)
    if grouped.verdict == "pass" and move:
        groups.append(Span(move))
    indent = width_of(verdict.text) + 2
    if width_of(name.text) > render.width:
        lines = hanging(line(verdict, "  "), name.text[indent:], render, style="name")
        return lines + prose(f"{risk} {move}", render, indent=indent)
    first, *rest = columns(groups, render, indent=0)
    lines = [_named(first, verdict, name)]
    lines += [row for spans in rest for row in prose(plain(spans), render, indent=indent)]
    if grouped.verdict != "pass" and move:
        lines += prose(move, render, indent=indent)
    return lines


def _named(first: Line, verdict: Span, name: Span) -> Line:
    """The header's first line with the verdict in its colour and the name after it in bold."""
    tail = first[first.index(name) + 1 :]
    return (verdict, Span(name.text[len(verdict.text) :], "name"), *tail)


def _movement(grouped: SystemFindings, report: Report) -> str:
    """'development -> pre_deployment: Pre-Deployment Security Review'."""
    system = grouped.system
    if system is None:
        return ""
    gates = [report.titles.get(gate.id, gate.title) for gate in system.gates if gate.entered]
    move = movement_of(system)
    if grouped.verdict == "pass" or not gates:
        return move
    return f"{move}: {listed(gates)}" if move else listed(gates)


def _all_well(grouped: SystemFindings, render: RenderOptions, indent: int) -> list[Line]:
    """Two lines below the header: what stands, and what comes next."""
    stands = standing_line(grouped.others)
    system = grouped.system
    text = f"{stands} for content {_content(system)}" if stands and system else "nothing is asked of it"
    lines = prose(text, render, indent=indent)
    if system and system.next_due:
        following = f"next: {system.next_due_title or 'review'} due {system.next_due.isoformat()}"
        lines += prose(following, render, indent=indent)
    return lines


def _content(system: SystemReport) -> str:
    """The digest that approvals were for: the last entered gate's, else the system's own."""
    entered = [gate.subject_digest for gate in system.gates if gate.entered and gate.subject_digest]
    return short_digest(entered[-1] if entered else system.subject_digest)


def _owed(grouped: SystemFindings, report: Report, render: RenderOptions) -> list[Line]:
    """Debt as a table where it is what the answer is about, and what was let pass."""
    if grouped.verdict != "conditions" and report.trust.mode == "change":
        return []
    lines: list[Line] = []
    limit = None if report.trust.mode == "all" else 10
    if grouped.debt:
        lines += [(), *debt_table(debt_heading(grouped.debt), grouped.debt, report, render, limit)]
    lines += _let_pass("Deferred", grouped.of("deferred"), render)
    lines += _let_pass("Waived", grouped.of("waived"), render)
    if report.trust.mode == "all":
        upcoming = grouped.of("upcoming")
        if upcoming:
            lines += [(), *debt_table(f"Upcoming: {len(upcoming)}", upcoming, report, render, None)]
        if grouped.advice:
            lines += [(), *debt_table(f"Advice: {len(grouped.advice)}", grouped.advice, report, render, None)]
        lines += _ids("Met", grouped.of("met"), render) + _ids("Not applicable", grouped.of("not-applicable"), render)
        lines += _resting(grouped.of("not-applicable"), render)
    return lines


def _let_pass(word: str, findings: tuple[Finding, ...], render: RenderOptions) -> list[Line]:
    if not findings:
        return []
    lines: list[Line] = [(), *prose(f"{word}: {len(findings)}", render, indent=2, style="name")]
    for finding in findings:
        text = f"{finding.title}: {finding.waiver}" if finding.waiver else finding.title
        lines += prose(text, render, indent=6)
    return lines


def _ids(word: str, findings: tuple[Finding, ...], render: RenderOptions) -> list[Line]:
    """Many findings by their subjects alone, one row a kind."""
    if not findings:
        return []
    lines: list[Line] = [(), *prose(f"{word}: {len(findings)}", render, indent=2, style="name")]
    for kind in dict.fromkeys(finding.kind for finding in findings):
        subjects = dict.fromkeys(finding.subject for finding in findings if finding.kind == kind)
        lines += hanging(line(" " * 6, Span(kind.ljust(10), "faint")), ", ".join(subjects), render)
    return lines


def _resting(findings: tuple[Finding, ...], render: RenderOptions) -> list[Line]:
    """The facts for which something is not wanted, and what that is."""
    lines: list[Line] = []
    for seen in dict.fromkeys(finding.seen for finding in findings if finding.seen.startswith("not wanted here: ")):
        subjects = dict.fromkeys(finding.subject for finding in findings if finding.seen == seen)
        lines += prose(f"{seen.partition(': ')[2]}: {', '.join(subjects)}", render, indent=6)
    return lines


_INDENT = 6
_DATE = 12


def debt_table(
    title: str, debt: Sequence[Finding], report: Report, render: RenderOptions, limit: int | None = 10
) -> list[Line]:
    """A heading and one row a finding: due date, title, owner; what the limit hides is counted."""
    if not debt:
        return []
    rows = alike(debt, lambda finding: owner(finding, report))
    shown = rows[:limit]
    lines = prose(title, render, indent=2, style="name")
    room = max((width_of(row[0].title) for row in shown if _fits(row[0], report, render)), default=0)
    for row in shown:
        lines += _row(row, report, render, room)
    lines += _begun_together([row[0] for row in shown])
    left = sum(len(row) for row in rows[len(shown) :])
    if left:
        lines += prose(f"and {left} more ({show_all(report)})", render, indent=_INDENT, style="faint")
    return lines


def _with_command(said: str) -> str:
    """'red-team-report: policy-gate draft …', the command in one piece to be copied."""
    head, _, fix = said.partition(": ")
    return f"{head}: {kept(fix)}" if is_command(fix) else said


def debt_heading(debt: Sequence[Finding]) -> str:
    """'Debt: 6 things; the first is due 2027-01-21'."""
    late = [finding for finding in debt if finding.blame == "overdue"]
    dates = [finding.due for finding in debt if finding.due and finding.blame != "overdue"]
    heading = f"Debt: {plural(len(debt), 'thing')}"
    if late:
        heading += f", {len(late)} overdue"
    if dates:
        heading += f"; {'the first' if not late else 'the next'} is due {min(dates).isoformat()}"
    return heading


def owner(finding: Finding, report: Report) -> str:
    """Who does it: the first responsible role, else the first accountable one."""
    roles = finding.responsible or finding.accountable
    return called(report, roles[0]) if roles else ""


def _fits(finding: Finding, report: Report, render: RenderOptions) -> bool:
    """Whether title and owner fit on one line, with the longest owner's name in mind."""
    owners = max((width_of(called(report, role)) for role in (*finding.responsible, *finding.accountable)), default=0)
    return _INDENT + _DATE + width_of(finding.title) + 2 + owners <= render.width


def _row(equal: Sequence[Finding], report: Report, render: RenderOptions, room: int) -> list[Line]:
    """What equal findings say, once, with how many there are and in which words they differ."""
    finding = equal[0]
    late = finding.blame == "overdue"
    date = Span(due_text(finding.due).ljust(_DATE), "late" if late else "faint")
    head = line(" " * _INDENT, date)
    who = owner(finding, report)
    title = f"Overdue: {finding.title}" if late and finding.due is None else finding.title
    begin = [
        row
        for said in (*begin_of(finding), *([which_of(equal)] if len(equal) > 1 else []))
        for row in prose(_with_command(said), render, indent=_INDENT + _DATE, style="faint")
    ]
    if who and width_of(finding.title) <= room and _INDENT + _DATE + room + 2 + width_of(who) <= render.width:
        pad = " " * (room - width_of(finding.title) + 2)
        return [(*head, Span(title + pad), Span(who)), *begin]
    named = prose(who, render, indent=_INDENT + _DATE, style="faint") if who else []
    return [*hanging(head, title, render), *named, *begin]


_INDENT = 6


def adoption_box(report: Report, render: RenderOptions) -> list[Line]:
    """Empty where the change grants no first powers and adopts nothing."""
    adopting = report.trust.mode == "adoption"
    if not adopting and not report.grants:
        return []
    since = "This repository had no rules until now." if adopting else "The base names nobody who may approve rules."
    if not report.grants:
        text = f"{since} {report.trust.roles_file} names nobody yet: add people, or no gate can be passed."
        return [(), *prose(text, render, indent=2)]
    lines: list[Line] = [(), *prose(f"{since} Merging this makes", render, indent=2)]
    room = max(width_of(grant.name) for grant in report.grants)
    for grant in report.grants:
        name = line(" " * _INDENT, Span(grant.name + " " * (room - width_of(grant.name)), "name"), "  ")
        lines += hanging(name, ", ".join(grant.roles), render)
    ending = "able to approve in those roles. Nobody could approve this change itself: whoever merges it decides."
    return lines + prose(ending, render, indent=2)

"""One numbered piece of work as text: what was seen, what was wanted, why, who, and how to begin."""

from __future__ import annotations

from collections.abc import Sequence

from policy_gate.documents.spelling import listed
from policy_gate.report.finding_rows import Row, rows_for
from policy_gate.report.next_steps import Remedy, remedy_of
from policy_gate.report.style import RenderOptions
from policy_gate.report.text_layout import Line, Span, columns, hanging, labelled, line, plain, verbatim
from policy_gate.report.wording import (
    able_holder,
    claim_line,
    holders,
    on_the_forge,
    title_of,
    where,
    with_commands_kept,
)
from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report, SystemReport

_SAID_ONCE = ("why", "wanted", "fix")
_SHORT = 60
"""characters of a sentence that is as soon read as looked up under another number"""

Told = dict[tuple[object, ...], int]
"""What was said of a finding, and the number that it was said under."""


def finding_text(
    number: int, finding: Finding, report: Report, system: SystemReport | None, render: RenderOptions, told: Told
) -> list[Line]:
    """The title with its number, then one labelled row for each thing there is to say.

    Where all of it but its notes was said under another number, that number stands for it, and so it does for a
    long sentence and for both sides of a change.
    """
    title = finding.title if finding.blocks or finding.undecided else f"{finding.title} (does not block)"
    lines = _numbered(number, title, render)
    rows = list(rows_for(finding, report, system))
    place = where(finding)
    shown = bool(place) and any(place in said for _, said in rows)
    steps = list(remedy_of(finding, shown))
    commands = [step for step in steps if step.is_command]
    notes = [row for row in rows if row[0] == "note"]
    first = told.setdefault((*(row for row in rows if row not in notes), *commands), number)
    if first != number and commands:
        rows = [("as", f"{first}, and the same command settles it"), *notes]
        steps = [step for step in steps if not step.is_command]
    for label, said in _once(number, rows, told):
        lines += labelled(label, with_commands_kept(said), render)
    return lines + _people(finding, report, render) + _remedy(number, steps, render, told)


def _once(number: int, rows: Sequence[Row], told: Told) -> list[Row]:
    """The rows without what another number has shown: a change by both its sides, a reason by its sentence."""
    kept: list[Row] = []
    shown: dict[int, list[str]] = {}
    at = 0
    while at < len(rows):
        piece = tuple(rows[at : at + 3])
        is_change = [label for label, _ in piece] == ["seen", "was", "now"]
        piece = piece if is_change else piece[:1]
        at += len(piece)
        (label, said), *_ = piece
        first = told.setdefault(piece, number) if is_change or _is_long(label, said) else number
        if first == number:
            kept += piece
        elif is_change:
            shown.setdefault(first, []).append(said.rpartition(": ")[2])
        else:
            kept.append((label, f"as in {first}"))
    return [*(("seen", f"{listed(names)}: as in {first}") for first, names in shown.items()), *kept]


def _is_long(label: str, said: str) -> bool:
    return label in _SAID_ONCE and len(said) > _SHORT


def waiting_text(number: int, findings: Sequence[Finding], report: Report, render: RenderOptions) -> list[Line]:
    """All approvals that wait for other work, as one piece, with the claims that do not count."""
    roles = ", ".join(dict.fromkeys(title_of(report, finding.subject) for finding in findings))
    lines = _numbered(number, f"Approvals wait for the work: {roles}", render)
    refused = [claim for finding in findings for claim in finding.claims if not claim.counts]
    return lines + [row for claim in refused for row in labelled("seen", with_commands_kept(claim_line(claim)), render)]


def _numbered(number: int, title: str, render: RenderOptions) -> list[Line]:
    return hanging(line(Span(f"{number:>3}  ", "name")), title, render, style="name")


def _people(finding: Finding, report: Report, render: RenderOptions) -> list[Line]:
    if finding.kind == "approval":
        return _approver(finding, report, render) if finding.for_ else []
    who = holders(report, finding.responsible)
    signs = holders(report, finding.accountable)
    if who and signs:
        return _who_and_signs(who, signs, render)
    return labelled("who", who or signs, render) if who or signs else []


def _who_and_signs(who: str, signs: str, render: RenderOptions) -> list[Line]:
    """Two rows, or one where they fit or name the same people."""
    if who == signs:
        return labelled("who", f"{who}, who also signs", render)
    head, *rest = labelled("who", who, render)
    if not rest and len(columns([Span(plain(head)), Span(f"signs {signs}")], render)) == 1:
        return [(*head, Span("   signs ", "faint"), Span(signs))]
    return [head, *rest, *labelled("signs", signs, render)]


def _approver(finding: Finding, report: Report, render: RenderOptions) -> list[Line]:
    how = on_the_forge(report, finding)
    return labelled("ask", able_holder(report, finding) + (f": {how}, or" if how else ""), render)


def _remedy(number: int, steps: Sequence[Remedy], render: RenderOptions, told: Told) -> list[Line]:
    """The command or the words that fix it, and the line to edit where no row above has shown it."""
    rows = _once(number, [(step.label, step.text) for step in steps if not step.is_command], told)
    lines = [row for step in steps if step.is_command for row in verbatim(step.label, step.text)]
    return lines + [row for label, said in rows for row in labelled(label, said, render)]

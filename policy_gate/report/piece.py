"""One numbered piece of work as text: what was seen, what was wanted, why, who, and how to begin."""

from __future__ import annotations

from collections.abc import Sequence

from policy_gate.report.look import Look
from policy_gate.report.page import Line, Span, columns, hanging, labelled, line, plain, verbatim
from policy_gate.report.sight import is_unlisted, told
from policy_gate.report.wording import (
    FORGES,
    able_holder,
    approve_command,
    claim_line,
    holders,
    is_command,
    title_of,
    where,
    with_commands_kept,
)
from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report, SystemReport

_LISTS = {"artifact": "artifacts", "test": "tests"}


def piece(number: int, finding: Finding, report: Report, system: SystemReport | None, look: Look) -> list[Line]:
    """The title with its number, then one labelled row for each thing there is to say."""
    title = finding.title if finding.blocks or finding.undecided else f"{finding.title} (does not block)"
    lines = _numbered(number, title, look)
    rows = list(told(finding, report, system))
    for label, said in rows:
        lines += labelled(label, with_commands_kept(said), look)
    place = where(finding)
    shown = bool(place) and any(place in said for _, said in rows)
    return lines + _people(finding, report, look) + _remedy(finding, shown, look)


def waiting_piece(number: int, findings: Sequence[Finding], report: Report, look: Look) -> list[Line]:
    """All approvals that wait for other work, as one piece, with the claims that do not count."""
    roles = ", ".join(dict.fromkeys(title_of(report, finding.subject) for finding in findings))
    lines = _numbered(number, f"Approvals wait for the work: {roles}", look)
    refused = [claim for finding in findings for claim in finding.claims if not claim.counts]
    return lines + [row for claim in refused for row in labelled("seen", with_commands_kept(claim_line(claim)), look)]


def _numbered(number: int, title: str, look: Look) -> list[Line]:
    return hanging(line(Span(f"{number:>3}  ", "name")), title, look, style="name")


def _people(finding: Finding, report: Report, look: Look) -> list[Line]:
    if finding.kind == "approval":
        return _approver(finding, report, look)
    who = holders(report, finding.responsible)
    signs = holders(report, finding.accountable)
    if who and signs:
        return _who_and_signs(who, signs, look)
    return labelled("who", who or signs, look) if who or signs else []


def _who_and_signs(who: str, signs: str, look: Look) -> list[Line]:
    """Two rows, or one where they fit or name the same people."""
    if who == signs:
        return labelled("who", f"{who}, who also signs", look)
    head, *rest = labelled("who", who, look)
    if not rest and len(columns([Span(plain(head)), Span(f"signs {signs}")], look)) == 1:
        return [(*head, Span("   signs ", "faint"), Span(signs))]
    return [head, *rest, *labelled("signs", signs, look)]


def _approver(finding: Finding, report: Report, look: Look) -> list[Line]:
    asked = able_holder(report, finding)
    if any(source in FORGES for source in report.trust.approval_sources):
        asked = f"{asked}: {FORGES[next(s for s in report.trust.approval_sources if s in FORGES)]}, or"
    return labelled("ask", asked, look)


def _remedy(finding: Finding, shown: bool, look: Look) -> list[Line]:
    """The command or the words that fix it, and the line to edit where no row above has `shown` it."""
    lines: list[Line] = []
    fix = finding.fix or approve_command(finding)
    if finding.location and fix == f"edit {finding.location}":
        fix = ""
    if is_command(fix):
        lines += verbatim("start" if fix.startswith("policy-gate draft") else "run", fix)
    elif fix:
        lines += labelled("fix", fix, look)
    unsaid = [fact for fact in finding.missing_facts if fact not in fix and fact not in finding.seen]
    if unsaid:
        lines += labelled("answer", f"{', '.join(unsaid)} under facts", look)
    return lines if shown or finding.kind == "approval" else lines + _line_to_edit(finding, fix, look)


def _line_to_edit(finding: Finding, fix: str, look: Look) -> list[Line]:
    place = where(finding)
    if not place or place in fix:
        return []
    group = _LISTS.get(finding.kind) if is_unlisted(finding) else None
    return labelled("then", f"{place}, under {group}", look) if group else labelled("edit", place, look)

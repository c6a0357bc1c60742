"""One system's block: its verdict, what the change does to it, and its numbered work."""

from __future__ import annotations

from collections.abc import Iterator

from policy_gate.report.debt import debt_heading, debt_table
from policy_gate.report.docket import Docket
from policy_gate.report.look import Look
from policy_gate.report.page import Line, Span, columns, hanging, line, plain, prose, width_of
from policy_gate.report.piece import piece, waiting_piece
from policy_gate.report.wording import (
    VERDICT_WORDS,
    listed,
    movement_of,
    risk_of,
    scale_of,
    short_digest,
    standing,
)
from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report, SystemReport

_SYMBOLS = {"block": "\u2718", "undecided": "?", "conditions": "!", "pass": "\u2714"}
_REPOSITORY = "this repository's rules and CI files"


def block(docket: Docket, report: Report, look: Look, numbers: Iterator[int]) -> list[Line]:
    """The whole block; `numbers` runs on from block to block, so that a number names one piece."""
    verdict = verdict_span(docket.verdict, look)
    lines = _header(docket, report, look, verdict)
    indent = width_of(verdict.text) + 2
    if docket.verdict == "pass" and docket.system:
        lines += _all_well(docket, look, indent)
    for finding in docket.work:
        lines += [(), *piece(next(numbers), finding, report, docket.system, look)]
    if docket.waiting:
        lines += [(), *waiting_piece(next(numbers), docket.waiting, report, look)]
    return lines + _owed(docket, report, look)


def verdict_span(verdict: str, look: Look) -> Span:
    word = VERDICT_WORDS[verdict]
    return Span(f"{_SYMBOLS[verdict]} {word}" if look.symbols else word, verdict)


def _header(docket: Docket, report: Report, look: Look, verdict: Span) -> list[Line]:
    """Verdict, system and tier, then what happens to it: on one line each, or together where they fit."""
    system = docket.system
    if system is None:
        return hanging(line(verdict, "  "), docket.named or _REPOSITORY, look, style="name")
    adopting = "first adoption: " if report.trust.mode == "adoption" else ""
    name = Span(f"{verdict.text}  {adopting}{system.id} {system.name}", docket.verdict)
    risk = system.effective_tier if docket.verdict == "pass" else risk_of(system)
    scaled = risk + ("" if docket.verdict == "pass" else scale_of(system))
    groups = [name, Span(scaled if width_of(name.text) + 3 + width_of(scaled) <= look.width else risk)]
    move = _movement(docket, report)
    if docket.verdict == "pass" and move:
        groups.append(Span(move))
    indent = width_of(verdict.text) + 2
    if width_of(name.text) > look.width:
        lines = hanging(line(verdict, "  "), name.text[indent:], look, style="name")
        return lines + prose(f"{risk} {move}", look, indent=indent)
    first, *rest = columns(groups, look, indent=0)
    lines = [_named(first, verdict, name)]
    lines += [row for spans in rest for row in prose(plain(spans), look, indent=indent)]
    if docket.verdict != "pass" and move:
        lines += prose(move, look, indent=indent)
    return lines


def _named(first: Line, verdict: Span, name: Span) -> Line:
    """The header's first line with the verdict in its colour and the name after it in bold."""
    tail = first[first.index(name) + 1 :]
    return (verdict, Span(name.text[len(verdict.text) :], "name"), *tail)


def _movement(docket: Docket, report: Report) -> str:
    """'development -> pre_deployment: Pre-Deployment Security Review'."""
    system = docket.system
    if system is None:
        return ""
    gates = [report.titles.get(gate.id, gate.title) for gate in system.gates if gate.entered]
    move = movement_of(system)
    if docket.verdict == "pass" or not gates:
        return move
    return f"{move}: {listed(gates)}" if move else listed(gates)


def _all_well(docket: Docket, look: Look, indent: int) -> list[Line]:
    """Two lines below the header: what stands, and what comes next."""
    stands = standing(docket.others)
    system = docket.system
    text = f"{stands} for content {_content(system)}" if stands and system else "nothing is asked of it"
    lines = prose(text, look, indent=indent)
    if system and system.next_due:
        following = f"next: {system.next_due_title or 'review'} due {system.next_due.isoformat()}"
        lines += prose(following, look, indent=indent)
    return lines


def _content(system: SystemReport) -> str:
    """The digest that approvals were for: the last entered gate's, else the system's own."""
    entered = [gate.subject_digest for gate in system.gates if gate.entered and gate.subject_digest]
    return short_digest(entered[-1] if entered else system.subject_digest)


def _owed(docket: Docket, report: Report, look: Look) -> list[Line]:
    """Debt as a table where it is what the answer is about, and what was let pass."""
    if docket.verdict != "conditions" and report.trust.mode == "change":
        return []
    lines: list[Line] = []
    limit = None if report.trust.mode == "all" else 10
    if docket.debt:
        lines += [(), *debt_table(debt_heading(docket.debt), docket.debt, report, look, limit)]
    lines += _let_pass("Deferred", docket.of("deferred"), look)
    lines += _let_pass("Waived", docket.of("waived"), look)
    if report.trust.mode == "all":
        upcoming = docket.of("upcoming")
        if upcoming:
            lines += [(), *debt_table(f"Upcoming: {len(upcoming)}", upcoming, report, look, None)]
        if docket.advice:
            lines += [(), *debt_table(f"Advice: {len(docket.advice)}", docket.advice, report, look, None)]
        lines += _ids("Met", docket.of("met"), look) + _ids("Not applicable", docket.of("not-applicable"), look)
    return lines


def _let_pass(word: str, findings: tuple[Finding, ...], look: Look) -> list[Line]:
    if not findings:
        return []
    lines: list[Line] = [(), *prose(f"{word}: {len(findings)}", look, indent=2, style="name")]
    for finding in findings:
        text = f"{finding.title}: {finding.waiver}" if finding.waiver else finding.title
        lines += prose(text, look, indent=6)
    return lines


def _ids(word: str, findings: tuple[Finding, ...], look: Look) -> list[Line]:
    """Many findings by their subjects alone, one row a kind."""
    if not findings:
        return []
    lines: list[Line] = [(), *prose(f"{word}: {len(findings)}", look, indent=2, style="name")]
    for kind in dict.fromkeys(finding.kind for finding in findings):
        subjects = dict.fromkeys(finding.subject for finding in findings if finding.kind == kind)
        lines += hanging(line(" " * 6, Span(kind.ljust(10), "faint")), ", ".join(subjects), look)
    return lines

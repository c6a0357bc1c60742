"""The head of the page: the verdict in one sentence, what was compared, and the figures that matter."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from policy_gate.report.formats.html.work import Work
from policy_gate.report.grouping import SystemFindings
from policy_gate.report.wording import VERDICT_WORDS, plural, policies_line, result_of, revision
from policy_gate.schema.report import Report

_CHANGE = {
    "block": "this change may not be merged yet",
    "undecided": "there is no trustworthy answer yet",
    "conditions": "this change may be merged, and something stays owed",
    "pass": "nothing stands in the way of this change",
}
_ALL = {
    "block": "something here is overdue, or blocks",
    "undecided": "there is no trustworthy answer yet",
    "conditions": "nothing blocks, and something is owed",
    "pass": "nothing is owed",
}


class Figure(Struct, frozen=True):
    """A number with what it counts, and a smaller note."""

    number: int
    label: str
    note: str
    anchor: str


class Masthead(Struct, frozen=True):
    """The head of the page: verdict, what was compared, and figures."""

    verdict: str
    word: str
    sentence: str
    headline: str
    hint: str
    compared: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    title: str


def masthead(by_system: Sequence[SystemFindings], report: Report, work: Work) -> Masthead:
    """What a reader takes away who reads no further."""
    word = VERDICT_WORDS[report.verdict].capitalize()
    counted = f", {plural(work.total, 'thing')} to do" if work.total else ""
    return Masthead(
        verdict=report.verdict,
        word=word,
        sentence=_sentence(report),
        headline=report.headline or _adopting(report),
        hint=report.hint,
        compared=tuple(_compared(report)),
        figures=tuple(_figures(by_system, report, work)),
        title=f"policy-gate: {word.upper()}{counted}",
    )


def _sentence(report: Report) -> str:
    if report.trust.mode == "adoption" and report.verdict in ("pass", "conditions"):
        return "a first adoption, which may be merged"
    return (_ALL if report.trust.mode == "all" else _CHANGE)[report.verdict]


def _adopting(report: Report) -> str:
    adopts = report.trust.mode == "adoption" and report.verdict in ("pass", "conditions")
    return "From the next change on, only what a change adds or weakens blocks it." if adopts else ""


def _compared(report: Report) -> list[tuple[str, str]]:
    policy = policies_line(report) or "not read"
    if report.trust.mode == "all":
        return [("Everything at", result_of(report)), ("Policies", policy)]
    base = revision(report.trust.base) if report.trust.base.ref else "not to be had"
    return [("Base", base), ("Result", result_of(report)), ("Policies", policy)]


def _figures(by_system: Sequence[SystemFindings], report: Report, work: Work) -> list[Figure]:
    debt = [finding for grouped in by_system for finding in grouped.debt]
    late = sum(1 for finding in debt if finding.blame == "overdue")
    systems = max(report.system_count, len(report.systems))
    open_ = sum(1 for grouped in by_system if grouped.system and not grouped.is_quiet)
    figures = [
        Figure(work.total, "to do", _approvals(work), "#do"),
        Figure(open_, "of 1 system" if systems == 1 else f"of {systems} systems", _concern(report), "#systems"),
        Figure(len(debt), "owed later", f"{late} overdue" if late else "", "#debt"),
        Figure(report.count("met"), "met", "", "#rest"),
    ]
    is_settled = report.verdict in ("pass", "conditions")
    return [figure for figure in figures if figure.number or (figure.anchor == "#do" and is_settled)]


def _approvals(work: Work) -> str:
    """How many approvals there are to ask for, and whether they are all that lacks."""
    number = len(work.approvals)
    if not number:
        return ""
    is_all = not (work.people or work.faults)
    return f"{'only' if is_all else 'with'} {plural(number, 'approval')}"


def _concern(report: Report) -> str:
    return "need a look" if report.trust.mode == "all" else "concerned by this change"

"""What is to be done about a report, in order: the commands and edits that people are shown, for programs too."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from policy_gate.report.finding_rows import list_of, unstated
from policy_gate.report.grouping import findings_by_system
from policy_gate.report.wording import approve_command, is_command, where
from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report
from policy_gate.schema.source import Location

_VERBS = {"edit": "edit ", "then": "then add it at ", "answer": "state "}
"""What a label says to people, put before its text for programs."""


class Remedy(Struct, frozen=True):
    """One command to run or one thing to write, with the word that stands before it."""

    label: str
    text: str
    is_command: bool = False


class Step(Struct, frozen=True):
    """One command or edit of a report; `finding` is the id of what it is about, `who` the roles that do it."""

    is_command: bool
    text: str
    title: str
    system: str | None = None
    finding: str | None = None
    location: Location | None = None
    who: tuple[str, ...] = ()


def remedy_of(finding: Finding, is_place_known: bool = False) -> Iterator[Remedy]:
    """The command or the words that fix a finding, facts to state, and the line to edit unless that is known."""
    fix = finding.fix or approve_command(finding)
    if finding.location and fix == f"edit {finding.location}":
        fix = ""
    if is_command(fix):
        yield Remedy("start" if fix.startswith("policy-gate draft") else "run", fix, True)
    elif fix:
        yield Remedy("fix", fix)
    yield from (Remedy("answer", it) for it in unstated(finding, f"{fix} {finding.seen}"))
    place = where(finding)
    if is_place_known or finding.kind == "approval" or not place or place in fix:
        return
    group = list_of(finding)
    yield Remedy("then", f"{place}, under {group}") if group else Remedy("edit", place)


def next_steps(report: Report) -> Iterator[Step]:
    """First what keeps the whole from an answer, then each system's work in its order, approvals that wait last."""
    for problem in report.problems:
        if not problem.advice:
            yield Step(False, problem.hint or f"mend {problem.location}", problem.message, location=problem.location)
    if report.hint:
        yield Step(is_command(report.hint), report.hint, report.headline)
    groups = findings_by_system(report)
    for finding in (*(it for group in groups for it in group.work), *(it for group in groups for it in group.waiting)):
        who = (finding.subject,) if finding.kind == "approval" else finding.responsible or finding.accountable
        for remedy in remedy_of(finding):
            text = _VERBS.get(remedy.label, "") + remedy.text
            yield Step(remedy.is_command, text, finding.title, finding.system, finding.id, finding.location, who)

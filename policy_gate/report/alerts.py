"""What programs that show findings are told of a report: which findings, how loud, at which place, in which words.

SARIF, Code Quality and annotations print alerts, the most important first; JUnit, which has room for every
finding, takes its words from here. Nothing is sanitised here: each format does that for its own sink.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.report.finding_rows import Row, rows_for
from policy_gate.report.grouping import findings_by_system
from policy_gate.report.wording import able_holder, approve_command, holders
from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report, SystemReport
from policy_gate.schema.source import Location, Problem

Level = Literal["error", "warning", "note"]
LEVELS: Final[tuple[Level, ...]] = ("error", "warning", "note")
"""From the loudest on; the words are SARIF's."""

NO_ANSWER: Final = "policy-gate:no-answer"
UNREADABLE: Final = "policy-gate:unreadable-document"
NOT_ENFORCING: Final = "policy-gate:does-not-enforce"
MORE: Final = "policy-gate:more"
"""Rules of ours, for what no policy asks for; others are `kind:id`, as `policy-gate explain` takes them."""

REPOSITORY: Final = "repository"
"""What stands for a system's id where a finding belongs to none."""

_NO_MANIFEST = "governance.yaml"
_OWN_WORDS = ("artifact", "test")


class Alert(Struct, frozen=True):
    """One thing to look at. `key` is the same in every run that finds it, wherever its line has moved.

    `place` is None where the report names none; `rows` are (label, text) as in `sight`.
    """

    rule: str
    key: str
    level: Level
    title: str
    rows: tuple[Row, ...] = ()
    place: Location | None = None
    system: SystemReport | None = None
    finding: Finding | None = None

    @property
    def owner(self) -> str:
        """The id of the system that it is about, or the repository."""
        if self.system is not None:
            return self.system.id
        return (self.finding.system if self.finding else None) or REPOSITORY


def alerts_of(report: Report) -> tuple[Alert, ...]:
    """Gaps, unknowns, problems and a missing answer, the most important first, no two with one key.

    A report that blocks or is undecided gives at least one error, whatever it holds.
    """
    found = [*problems_of(report)]
    for grouped in findings_by_system(report):
        ours = grouped.work + grouped.waiting + grouped.debt + grouped.advice
        found += [alert_of(finding, report, grouped.system) for finding in ours]
    answer = answer_of(report)
    found.sort(key=lambda alert: LEVELS.index(alert.level))
    return unlike([*([answer] if answer else []), *found])


def alert_of(finding: Finding, report: Report, system: SystemReport | None) -> Alert:
    """One finding, whatever its state."""
    rows = rows_of(finding, report, system)
    return Alert(
        rule_of(finding), finding.id, level_of(finding), finding.title, rows, finding.location, system, finding
    )


def problems_of(report: Report) -> tuple[Alert, ...]:
    """Documents that cannot be read: errors where the answer is no, else warnings; advice is a note."""
    return tuple(_problem(problem, report) for problem in report.problems)


def answer_of(report: Report) -> Alert | None:
    """The verdict itself, where it says no and nothing else tells why; None elsewhere."""
    decided = any(finding.blocks or finding.undecided for finding in report.findings)
    if report.verdict == "undecided" and (report.headline or not decided):
        title = report.headline or "There is no trustworthy answer"
    elif report.verdict == "block" and not decided and all(problem.advice for problem in report.problems):
        title = report.headline or "This change is blocked"
    else:
        return None
    notes = [("note", note) for note in report.trust.notes if note != title]
    rows = (*notes, *([("fix", report.hint)] if report.hint else []))
    return Alert(NO_ANSWER, _key(NO_ANSWER), "error", title, rows)


def caveat_of(report: Report) -> Alert | None:
    """That the answer does not enforce, and why; None where it does."""
    if report.trust.enforcing:
        return None
    rows = tuple(("note", note) for note in report.trust.notes)
    return Alert(NOT_ENFORCING, _key(NOT_ENFORCING), "note", "This answer does not enforce", rows)


def level_of(finding: Finding) -> Level:
    """How loud: error for what decides the verdict, note for debt, advice and what was let pass."""
    if finding.blocks or finding.undecided:
        return "error"
    quiet = finding.state not in ("gap", "unknown") or finding.blame == "inherited" or finding.enforcement == "advise"
    return "note" if quiet else "warning"


def rule_of(finding: Finding) -> str:
    """The id of the policies that explains the finding, with its kind: the document or test itself, else the rule."""
    if finding.kind == "card":
        return f"artifact:{finding.artifact}" if finding.artifact else "card:complete"
    if finding.kind in _OWN_WORDS or not finding.because:
        return f"{finding.kind}:{finding.subject}"
    own = [reason for reason in finding.because if reason.rule == finding.for_]
    reason = (own or finding.because)[0]
    return f"{reason.kind}:{reason.rule}"


def rows_of(finding: Finding, report: Report, system: SystemReport | None) -> tuple[Row, ...]:
    """All there is to say below the title: seen and wanted, why, who, the waiver, the fix."""
    return (*rows_for(finding, report, system), *_people(finding, report), *_remedy(finding))


def lines_of(rows: Sequence[Row]) -> list[str]:
    """Rows as lines: 'seen: …'; a row without a label goes on with the one above."""
    return [f"{label}: {text}" if label else f"  {text}" for label, text in rows]


def anchor_of(alert: Alert, report: Report) -> Location:
    """The place of an alert for formats that demand one: its own, its system's entry, or a manifest's first line."""
    if alert.place is not None:
        return replace(alert.place, line=max(alert.place.line or 1, 1))
    if alert.system is not None:
        return Location(alert.system.manifest, max(alert.system.line, 1))
    manifests = [system.manifest for system in report.systems]
    return Location(_NO_MANIFEST if _NO_MANIFEST in manifests or not manifests else manifests[0], 1)


def unlike(alerts: Sequence[Alert]) -> tuple[Alert, ...]:
    """The same alerts, later ones of a key that is taken under a key of their own."""
    taken: set[str] = set()
    found = []
    for alert in alerts:
        key, number = alert.key, 2
        while key in taken:
            key, number = f"{alert.key}-{number}", number + 1
        taken.add(key)
        found.append(replace(alert, key=key))
    return tuple(found)


def fitted(text: str, limit: int) -> str:
    """At most `limit` characters of a text, with an ellipsis where some are left out."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _problem(problem: Problem, report: Report) -> Alert:
    level: Level = "error" if report.verdict in ("block", "undecided") else "warning"
    rows = (("fix", problem.hint),) if problem.hint else ()
    key = _key(UNREADABLE, problem.path, problem.message)
    return Alert(UNREADABLE, key, "note" if problem.advice else level, problem.message, rows, problem.location)


def _people(finding: Finding, report: Report) -> Iterator[Row]:
    if finding.state not in ("gap", "unknown", "deferred"):
        return
    if finding.kind == "approval":
        yield "ask", able_holder(report, finding)
        return
    who, signs = holders(report, finding.responsible), holders(report, finding.accountable)
    if who:
        yield "who", f"{who}, who also signs" if who == signs else who
    if signs and signs != who:
        yield "signs", signs


def _remedy(finding: Finding) -> Iterator[Row]:
    if finding.waiver:
        yield "waiver", finding.waiver
    fix = finding.fix or (approve_command(finding) if finding.state in ("gap", "deferred") else "")
    if fix and not (finding.location and fix == f"edit {finding.location}"):
        yield "fix", fix


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]

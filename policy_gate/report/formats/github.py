"""The report as GitHub workflow commands: `::error file=…,line=…,title=…::message`, and nothing else.

GitHub keeps ten annotations of each type for a step and cuts messages at 4,096 characters; what is more is counted
in the tenth, and what is shown is of as many systems as there is room for. A place is named only where the report has
one: an annotation may stand without a file.
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from policy_gate.errors import PolicyGateError
from policy_gate.report.alerts import Alert, alerts_of, caveat_of, fitted, lines_of
from policy_gate.report.grouping import SystemFindings, findings_by_system
from policy_gate.report.sanitise import command_data, command_property, relative_uri
from policy_gate.report.style import RenderOptions
from policy_gate.report.wording import debt_count, place_of, plural
from policy_gate.schema.finding import Finding
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.report import Report

COMMANDS: Final = {"error": "error", "warning": "warning", "note": "notice"}
SHOWN: Final = 10
"""annotations of one type that GitHub keeps for a step"""
LINE_BYTES: Final = 4096
"""UTF-8 bytes of one whole command: under GitHub's limit however it counts its characters"""
_TITLE = 120
_PATH_BYTES = 1024
_LINE_BREAK = "%0A"
_BROKEN_ESCAPE = lazy_pattern(r"%[0-9A-F]?\Z")
_NAME = "policy-gate"


def github_annotations(report: Report, render: RenderOptions) -> str:
    """One command a line; empty where there is nothing to look at. `look` does not matter here."""
    alerts = [alert for alert in alerts_of(report) if not _is_counted(alert.finding, report)]
    notes = [*_caveat(report), *_also(report)]
    lines: list[str] = []
    for level in COMMANDS:
        last = notes if level == "note" else []
        lines += [*_within([it for it in alerts if it.level == level], level, SHOWN - len(last)), *last]
    return "".join(f"{line}\n" for line in lines)


def refusal(error: PolicyGateError) -> str:
    """The annotation of a job that could not be done at all."""
    lines = [error.message, *(f"{problem.location}: {problem.message}" for problem in error.problems), error.hint]
    return _command("error", {"title": _NAME}, [line for line in lines if line])


def _within(alerts: Sequence[Alert], level: str, room: int) -> list[str]:
    """As many as there is room for, some of each system; the last line counts the rest."""
    if len(alerts) <= room:
        return [_annotation(alert) for alert in alerts]
    kept = _of_each_owner(alerts, room - 1)
    more = f"{len(alerts) - len(kept)} more like these; policy-gate check --format text lists them"
    return [*map(_annotation, kept), _command(level, {"title": _NAME}, [more])]


def _of_each_owner(alerts: Sequence[Alert], room: int) -> list[Alert]:
    """So many of them, in their order: the first of each system and of the repository, then the second of each, ..."""
    nth: Counter[str] = Counter()
    turns = []
    for position, alert in enumerate(alerts):
        turns.append((nth[alert.owner], position))
        nth[alert.owner] += 1
    return [alerts[position] for position in sorted(position for _, position in sorted(turns)[:room])]


def _is_counted(finding: Finding | None, report: Report) -> bool:
    """Debt and old advice of a plain change: no line of the change is to blame, so they get a number, not a place."""
    if finding is None or report.trust.mode != "change" or finding.blocks or finding.undecided:
        return False
    return finding.blame in ("inherited", "overdue")


def _annotation(alert: Alert) -> str:
    """One alert at its line; a path that GitHub could not place is said in the message instead."""
    system, place = alert.system, alert.place
    title = {"title": fitted(f"{_NAME}: {system.id} {system.name}" if system else _NAME, _TITLE)}
    lines = [alert.title, *lines_of(alert.rows)]
    if place is None:
        return _command(alert.level, title, lines)
    if relative_uri(place.path) is None or len(command_property(place.path).encode()) > _PATH_BYTES:
        return _command(alert.level, title, [*lines, f"at: {place_of(place.path, place.line)}"])
    column = {"col": str(place.column)} if place.column else {}
    return _command(alert.level, {"file": place.path, "line": str(place.line or 1), **column, **title}, lines)


def _command(level: str, properties: dict[str, str], lines: Sequence[str]) -> str:
    """A whole command, cut where it would be too long."""
    escaped = ",".join(f"{name}={command_property(value)}" for name, value in properties.items())
    head = f"::{COMMANDS[level]} {escaped}::"
    data = _LINE_BREAK.join(command_data(line) for line in lines)
    room = LINE_BYTES - len(head.encode())
    if len(data.encode()) <= room:
        return head + data
    return head + _BROKEN_ESCAPE.sub("", data.encode()[: room - len("…".encode())].decode(errors="ignore")) + "…"


def _caveat(report: Report) -> Iterator[str]:
    caveat = caveat_of(report)
    if caveat is not None:
        yield _annotation(caveat)


def _also(report: Report) -> Iterator[str]:
    """What is not in the way, counted in one notice; nothing where all is well (D04)."""
    by_system = findings_by_system(report)
    counts = [*_debt(by_system, report), *(_of_state(by_system, state) for state in ("deferred", "waived", "upcoming"))]
    said = [count for count in counts if count]
    if said and report.verdict != "pass":
        yield _command("note", {"title": _NAME}, [f"also: {', '.join(said)} (policy-gate check --all lists them)"])


def _debt(by_system: Sequence[SystemFindings], report: Report) -> Iterator[str]:
    if report.trust.mode != "change":
        return
    debt = [finding for grouped in by_system for finding in grouped.debt]
    advice = [f for grouped in by_system for f in grouped.advice if f.blame in ("inherited", "overdue")]
    yield debt_count(debt) if debt else ""
    yield plural(len(advice), "piece of advice", "pieces of advice") if advice else ""


def _of_state(by_system: Sequence[SystemFindings], state: str) -> str:
    number = sum(len(grouped.of(state)) for grouped in by_system)
    return f"{state} {number}" if number else ""

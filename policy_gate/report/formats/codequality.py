"""The report as a Code Quality artifact of GitLab: a JSON array with one entry for each alert.

GitLab drops everything after the first entry that it finds invalid, and compares the fingerprints of both branches
of a merge request: so each entry has every field, and no two share a fingerprint. A place is demanded; a finding
without one stands at its system's entry. Waived, deferred, upcoming and met things have no
word here and are left to the other formats.
https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policy_gate.report.alerts import UNREADABLE, Alert, alerts_of, anchor_of, caveat_of, fitted
from policy_gate.report.formats.json import dumped
from policy_gate.report.sanitise import log_line, terminal
from policy_gate.report.style import RenderOptions
from policy_gate.schema.report import Report

DESCRIPTION: Final = 1000
"""characters of a description; a line of a widget shows fewer"""
_SEVERITIES = {"error": "critical", "warning": "major", "note": "minor"}
_SAID = ("seen", "wanted", "due", "ask", "fix", "note")


def code_quality(report: Report, render: RenderOptions) -> str:
    """The array, the most severe first; empty where there is nothing to look at. `look` does not matter here."""
    caveat = caveat_of(report)
    alerts = [*alerts_of(report), *([caveat] if caveat else [])]
    return dumped([_entry(alert, report) for alert in alerts])


def _entry(alert: Alert, report: Report) -> dict[str, Any]:
    place = anchor_of(alert, report)
    return {
        "description": _description(alert),
        "check_name": log_line(alert.rule),
        "fingerprint": alert.key,
        "severity": _severity(alert, report),
        "location": {"path": terminal(place.path) or ".", "lines": {"begin": place.line}},
    }


def _severity(alert: Alert, report: Report) -> str:
    """What blocks is a blocker, what leaves the verdict open critical; debt is minor, advice information."""
    finding = alert.finding
    if alert.level == "error" and (finding.blocks if finding else report.verdict == "block"):
        return "blocker"
    told = alert.level == "note" and (finding is None or finding.enforcement == "advise")
    return "info" if told and alert.rule != UNREADABLE else _SEVERITIES[alert.level]


def _description(alert: Alert) -> str:
    """The finding in one line: whose, what, what was seen and wanted, and the remedy."""
    return fitted(log_line(f"{alert.owner}: {'; '.join([alert.title, *_said(alert)])}"), DESCRIPTION)


def _said(alert: Alert) -> Iterator[str]:
    """The rows there is room for, each with what goes on below it."""
    goes_on = False
    for label, text in alert.rows:
        goes_on = label in _SAID or (goes_on and not label)
        if goes_on:
            yield f"{label}: {text}" if label else text

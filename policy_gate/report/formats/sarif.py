"""The report as SARIF 2.1.0, as GitHub's code scanning and other readers of static analysis take it.

Results are gaps, unknowns, problems and a missing answer. What is waived, deferred,
upcoming or met is counted in the run's properties. A rule's help is what `policy-gate explain` says of it.
https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import quote

from policy_gate.report.alerts import (
    MORE,
    Alert,
    alerts_of,
    anchor_of,
    caveat_of,
    fitted,
    lines_of,
)
from policy_gate.report.formats.json import dumped
from policy_gate.report.formats.sarif_rules import reporting_descriptors, rule_id
from policy_gate.report.sanitise import relative_uri, sarif
from policy_gate.report.style import RenderOptions
from policy_gate.report.wording import plural
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.report import Report
from policy_gate.schema.source import Location
from policy_gate.schema.vocabulary import STATES

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
RESULTS: Final = 5000
"""results of a run that GitHub shows"""
MESSAGE: Final = 4000
"""characters of a message"""
_ROOT = "%SRCROOT%"
_FINGERPRINT = "policyGateFinding/v1"
_BASELINE = {"introduced": "new", "inherited": "unchanged", "overdue": "unchanged"}
_FILES_OF_FORGE = lazy_pattern(r"(?P<repository>https?://[^?#]+?)(?:/-)?/blob/[^/?#]+/?")


def sarif_report(report: Report, render: RenderOptions) -> str:
    """One run in one log; `look.source_url` names the repository where the forge is known."""
    return dumped({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report, render)]})


def _run(report: Report, render: RenderOptions) -> dict[str, Any]:
    alerts = _shown(report)
    rules = reporting_descriptors(alerts, report.docs)
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    mode = "all" if report.trust.mode == "all" else "change"
    return {
        "tool": {"driver": {"name": "policy-gate", "version": report.version, "rules": rules}},
        "automationDetails": {"id": f"policy-gate/{mode}/"},
        **_provenance(report, render),
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "results": [_result(alert, report, numbers) for alert in alerts],
        "properties": _properties(report),
    }


def _shown(report: Report) -> tuple[Alert, ...]:
    """The results there is room for, the most important first; the last one counts the rest.

    What is waived is no result: code scanning opens an alert for a suppressed one as for any other.
    """
    alerts = alerts_of(report)
    if len(alerts) <= RESULTS:
        return alerts
    rest = plural(len(alerts) - RESULTS + 1, "more finding")
    more = Alert(MORE, "more", "warning", f"{rest}: policy-gate check --format json lists them all")
    return (*alerts[: RESULTS - 1], more)


def _result(alert: Alert, report: Report, numbers: dict[str, int]) -> dict[str, Any]:
    rule = sarif(rule_id(alert))
    return {
        "ruleId": rule,
        "ruleIndex": numbers[rule],
        "level": alert.level,
        "message": {"text": _text([alert.title, *_whose(alert), *lines_of(alert.rows)])},
        "locations": [_location(anchor_of(alert, report))],
        "partialFingerprints": {_FINGERPRINT: alert.key},
        **_baseline(alert, report),
        "suppressions": [],
        "properties": _facts(alert),
    }


def _whose(alert: Alert) -> Iterator[str]:
    if alert.system is not None:
        yield f"system: {alert.system.id} {alert.system.name}"


def _text(lines: Sequence[str]) -> str:
    return fitted("\n".join(sarif(line) for line in lines), MESSAGE)


def _location(place: Location) -> dict[str, Any]:
    """A place below the root; one that no tree can hold is the root's own manifest."""
    region = {"startLine": place.line} | ({"startColumn": place.column} if place.column else {})
    uri = relative_uri(place.path) or "governance.yaml"
    return {"physicalLocation": {"artifactLocation": {"uri": uri, "uriBaseId": _ROOT}, "region": region}}


def _baseline(alert: Alert, report: Report) -> dict[str, str]:
    """Whether base has it too; a full check compares nothing."""
    if report.trust.mode == "all" or alert.finding is None or alert.finding.blame is None:
        return {}
    return {"baselineState": _BASELINE[alert.finding.blame]}


def _facts(alert: Alert) -> dict[str, Any]:
    """What our own JSON says of a finding and SARIF has no word for."""
    finding = alert.finding
    if finding is None:
        return {"system": sarif(alert.owner)}
    return {
        "system": sarif(alert.owner),
        "state": finding.state,
        "enforcement": finding.enforcement,
        "origin": finding.blame,
        "due": finding.due and finding.due.isoformat(),
        "blocks": finding.blocks,
        "undecided": finding.undecided,
    }


def _invocation(report: Report) -> dict[str, Any]:
    """Whether there is an answer at all, and what it cannot promise."""
    return {
        "executionSuccessful": report.verdict != "undecided",
        "exitCode": report.exit_code,
        "toolExecutionNotifications": list(_notifications(report)),
    }


def _notifications(report: Report) -> Iterator[dict[str, Any]]:
    if report.verdict == "undecided":
        said = [line for line in (report.headline, report.hint) if line] or ["There is no trustworthy answer."]
        yield {"level": "error", "message": {"text": _text(said)}}
    caveat = caveat_of(report)
    if caveat is not None:
        yield {"level": "warning", "message": {"text": _text([caveat.title, *lines_of(caveat.rows)])}}
    yield from ({"level": "note", "message": {"text": _text([note])}} for note in report.trust.notes if not caveat)


def _provenance(report: Report, render: RenderOptions) -> dict[str, Any]:
    """The repository and the commit judged, where the forge's address is known: SARIF demands both or none."""
    known = _FILES_OF_FORGE.fullmatch(render.source_url)
    commit = report.trust.head.commit
    if known is None or commit is None:
        return {}
    uri = quote(known["repository"], safe=":/%@~+")
    return {
        "versionControlProvenance": [{"repositoryUri": uri, "revisionId": commit, "mappedTo": {"uriBaseId": _ROOT}}]
    }


def _properties(report: Report) -> dict[str, Any]:
    trust = report.trust
    return {
        "verdict": report.verdict,
        "asOf": report.as_of.isoformat(),
        "mode": trust.mode,
        "enforcing": trust.enforcing,
        "baseCommit": trust.base.commit,
        "headCommit": trust.head.commit,
        "resultTree": trust.result_tree,
        "policiesDigest": trust.policies_digest,
        "policiesTrusted": trust.policies_trusted,
        "findings": {state: report.count(state) for state in STATES},
    }

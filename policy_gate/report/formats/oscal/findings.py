"""Findings as OSCAL knows them: what was seen (observation), what it means (finding), what is open (risk).

OSCAL has two states. Only what is met is `satisfied`; what is unknown, waived, deferred or not yet in force is not.
What this check does not ask (`not-applicable`) is an observation without a finding, for OSCAL has no word for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from policy_gate.report.formats.oscal.terms import (
    Book,
    Data,
    control_of,
    end_of,
    filled,
    line,
    objective_of,
    paragraphs,
    prop,
    uid,
)
from policy_gate.report.wording import claim_line
from policy_gate.schema.finding import Finding, Reason
from policy_gate.schema.report import Report
from policy_gate.schema.source import Problem

READABLE, VERDICT = "document.readable", "check.verdict"
_STATUS = {
    "met": ("satisfied", "pass"),
    "gap": ("not-satisfied", "fail"),
    "unknown": ("not-satisfied", "other"),
    "waived": ("not-satisfied", "other"),
    "deferred": ("not-satisfied", "other"),
    "upcoming": ("not-satisfied", "other"),
}
_RISK_STATUS = {
    "gap": "open",
    "unknown": "investigating",
    "waived": "deviation-approved",
    "deferred": "open",
    "upcoming": "open",
}


class OscalEntry(Struct, frozen=True):
    """One thing that was looked at, with its parts in the three lists of a result."""

    observation: Data
    finding: Data | None = None
    risk: Data | None = None


def oscal_entries(book: Book) -> Iterator[OscalEntry]:
    """Every finding and problem of the report in its order, and the verdict at the end."""
    seen: Counter[tuple[str | None, str]] = Counter()
    for finding in book.report.findings:
        key = (finding.system, finding.id)
        name = (finding.system or "", finding.id, str(seen[key]))
        seen[key] += 1
        yield _entry(book, finding, name)
    for number, problem in enumerate(book.report.problems):
        yield _unreadable(book, problem, str(number))
    yield _verdict(book)


def _entry(book: Book, finding: Finding, name: tuple[str, ...]) -> OscalEntry:
    seen = uid("observation", book.document, *name)
    observation = {
        "uuid": seen,
        "title": line(finding.title),
        "description": line(finding.seen or finding.message or finding.title),
        "props": _props(finding),
        "methods": ["TEST" if finding.kind == "test" else "EXAMINE"],
        "types": ["control-objective"],
        "origins": book.origins,
        "subjects": book.subjects(finding.system),
    } | filled(
        relevant_evidence=book.evidence(finding.location),
        collected=book.now,
        remarks=paragraphs([*finding.details, *map(claim_line, finding.claims)]),
    )
    if finding.state not in _STATUS:
        return OscalEntry(observation)
    risk = _risk(book, finding, name, seen) if finding.state in _RISK_STATUS else None
    return OscalEntry(observation, _finding(book, finding, name, risk), risk)


def _props(finding: Finding) -> list[Data]:
    """What OSCAL has no field for; the waiver's own words too."""
    return [
        *prop("id", finding.id),
        *prop("state", finding.state),
        *prop("enforcement", finding.enforcement),
        *prop("blame", finding.blame),
        *prop("cause", finding.cause),
        *prop("blocks", finding.blocks),
        *prop("undecided", finding.undecided),
        *prop("entered-gate", finding.gate if finding.entered else None),
        *prop("approval-for", finding.for_),
        *prop("subject-digest", finding.subject_digest),
        *prop("waiver", finding.waiver),
        *(fact for name in finding.missing_facts for fact in prop("missing-fact", name)),
        *(one for reason in finding.because for one in prop("rule", control_of(reason))),
    ]


def _finding(book: Book, finding: Finding, name: tuple[str, ...], risk: Data | None) -> Data:
    state, reason = _STATUS[finding.state]
    return {
        "uuid": uid("finding", book.document, *name),
        "title": line(finding.title),
        "description": line(finding.message or finding.title),
        "props": [*prop("state", finding.state), *prop("blame", finding.blame)],
        "origins": book.origins,
        "target": {
            "type": "objective-id",
            "target-id": objective_of(finding),
            "status": {"state": state, "reason": reason, "remarks": line(finding.state)},
        },
        "related-observations": [{"observation-uuid": uid("observation", book.document, *name)}],
    } | filled(
        related_risks=[{"risk-uuid": risk["uuid"]}] if risk else [],
        remarks=paragraphs(_reason(reason) for reason in finding.because),
    )


def _reason(reason: Reason) -> str:
    said = f"{reason.kind} {reason.rule}: {reason.title}"
    return f"{said} ({reason.citation})" if reason.citation else said


def _risk(book: Book, finding: Finding, name: tuple[str, ...], seen: str) -> Data:
    """What stays open: by when, and what to do; of what was waived who said so and for how long."""
    key = ("risk", book.report.trust.repository, *name)
    why = next((reason.why for reason in finding.because if reason.why), "")
    return {
        "uuid": uid(*key),
        "title": line(finding.title),
        "description": line(finding.message or finding.title),
        "statement": line(why or finding.wanted_in_words or finding.title),
        "props": [*prop("state", finding.state), *prop("enforcement", finding.enforcement)],
        "status": _RISK_STATUS[finding.state],
        "origins": book.origins,
    } | filled(
        deadline=end_of(finding.due) if finding.due else "",
        remediations=[_remediation(book, finding, key)],
        risk_log=_log(book, finding, key) if finding.state == "waived" else {},
        related_observations=[{"observation-uuid": seen}],
    )


def _remediation(book: Book, finding: Finding, key: tuple[str, ...]) -> Data:
    duties = [
        *book.responsible("responsible", finding.responsible),
        *book.responsible("accountable", finding.accountable),
        *(book.responsible("approver", [finding.subject]) if finding.kind == "approval" else []),
    ]
    task = {"uuid": uid("task", *key), "type": "action", "title": line(finding.fix or finding.title)}
    return {
        "uuid": uid("remediation", *key),
        "lifecycle": "recommendation",
        "title": line(finding.title),
        "description": line(finding.fix or finding.wanted_in_words or finding.title),
    } | filled(tasks=[task | {"responsible-roles": duties}] if duties else [])


def _log(book: Book, finding: Finding, key: tuple[str, ...]) -> Data:
    entry = {
        "uuid": uid("waived", *key),
        "title": "Waived",
        "description": line(finding.waiver or ""),
        "start": book.now,
        "status-change": "deviation-approved",
    }
    return {"entries": [entry]}


def _unreadable(book: Book, problem: Problem, number: str) -> OscalEntry:
    """A document that could not be read, or used as it is."""
    name = ("problem", number)
    said = f"{problem.location}: {problem.message}"
    state, reason = ("satisfied", "other") if problem.advice else ("not-satisfied", "fail")
    observation = {
        "uuid": uid("observation", book.document, *name),
        "title": line(f"{problem.path} can be mended" if problem.advice else f"{problem.path} cannot be read"),
        "description": line(said),
        "methods": ["EXAMINE"],
        "types": ["discovery"],
        "origins": book.origins,
        "subjects": book.subjects(None),
        "relevant-evidence": book.evidence(problem.location),
        "collected": book.now,
    } | filled(remarks=line(problem.hint, ""))
    return OscalEntry(observation, _plain_finding(book, name, READABLE, said, (state, reason)))


def _verdict(book: Book) -> OscalEntry:
    """The verdict as a finding of its own: satisfied where this check lets the change merge, and enforces."""
    report = book.report
    name = ("verdict",)
    said = f"verdict: {report.verdict}"
    if not report.trust.enforcing:
        said += "; this check does not enforce"
    allowed = report.verdict in ("pass", "conditions") and report.trust.enforcing
    reason = "fail" if report.verdict == "block" else "pass" if allowed and report.verdict == "pass" else "other"
    observation = {
        "uuid": uid("observation", book.document, *name),
        "title": "Verdict",
        "description": line(said),
        "methods": ["EXAMINE"],
        "types": ["control-objective"],
        "origins": book.origins,
        "subjects": book.subjects(None),
        "collected": book.now,
    } | filled(remarks=paragraphs([report.headline, report.hint]))
    return OscalEntry(
        observation,
        _plain_finding(book, name, VERDICT, said, ("satisfied" if allowed else "not-satisfied", reason)),
    )


def _plain_finding(book: Book, name: tuple[str, ...], objective: str, said: str, status: tuple[str, str]) -> Data:
    """A finding about the check itself."""
    return {
        "uuid": uid("finding", book.document, *name),
        "title": line(said),
        "description": line(said),
        "origins": book.origins,
        "target": {
            "type": "objective-id",
            "target-id": objective,
            "status": {"state": status[0], "reason": status[1]},
        },
        "related-observations": [{"observation-uuid": uid("observation", book.document, *name)}],
    }


def paths_of(report: Report) -> Iterable[str]:
    """Every file that an observation points at, each once, in order of its path."""
    places = [finding.location for finding in report.findings] + [problem.location for problem in report.problems]
    return sorted({place.path for place in places if place is not None})

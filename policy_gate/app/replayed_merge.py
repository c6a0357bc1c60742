"""One merge of the past as a record: what the replay says of it, and what it did to one system."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, Literal

from msgspec import Struct

from policy_gate.app.judge import PolicyLoader, policies_of_base
from policy_gate.collect.inputs import OpenInputs
from policy_gate.errors import PolicyError, UndecidedError
from policy_gate.facts.facts import system_facts
from policy_gate.schema.change import Change
from policy_gate.schema.evidence_pack import (
    ApprovalSeen,
    FindingSeen,
    IncidentSeen,
    MergeRecord,
    RecordedVerdict,
    SystemChangeSeen,
    SystemSeen,
    TestSeen,
    Touch,
    WaiverSeen,
)
from policy_gate.schema.facts import TestFact
from policy_gate.schema.finding import Finding
from policy_gate.schema.incident_document import Incident
from policy_gate.schema.report import Report, SystemReport
from policy_gate.schema.snapshot import Snapshot

NOT_JUDGED = "not-judged"
_LONGEST = 400
"""characters of a value of a change that are kept"""


class Merge(Struct, frozen=True):
    """A commit of the line: what it was merged into, and what was merged."""

    commit: str
    base: str
    head: str
    parents: int
    kind: Literal["merge", "commit", "octopus", "edited-merge"]
    title: str
    who: str
    moment: str
    day: date
    is_before_parent: bool


class JudgedMerge(Struct, frozen=True):
    """A report, and of one system what no report tells."""

    report: Report
    touches: Touch
    tests: tuple[TestSeen, ...] = ()
    incidents: tuple[IncidentSeen, ...] = ()


def judged(report: Report, inputs: OpenInputs, load: PolicyLoader, system: str) -> JudgedMerge:
    """What was read for a report, as far as it is about one system."""
    incidents = tuple(_incidents(inputs, system))
    touches = _touches(report, inputs, system, bool(incidents))
    tests = _tests(inputs, load, system) if touches == "yes" else ()
    return JudgedMerge(report, touches, tests, incidents)


def record_of(
    merge: Merge,
    found: JudgedMerge,
    system: str,
    recorded: RecordedVerdict | None,
    *,
    is_forge_asked: bool,
    unsaid: Collection[str],
) -> MergeRecord:
    """The merge with all that was found; `unsaid` are notes on how a replay asks, which tell nothing of the merge."""
    report = found.report
    own = next((it for it in report.systems if it.id == system), None)
    findings = [it for it in report.findings if it.system in (system, None)]
    has_left = own is not None and own.presence == "removed"
    stops = [it for it in report.findings if it.blocks or it.undecided]
    lacks_only = bool(stops) and all(it.for_ is not None for it in stops) and not report.problems
    return MergeRecord(
        **_who_and_when(merge),
        verdict=report.verdict,
        touches=found.touches,
        headline=report.headline,
        problem=_problem(report),
        policies_digest=report.trust.policies_digest,
        policies_source=report.trust.policies_source,
        system=_seen(own) if own is not None and found.touches == "yes" else None,
        appeared=tuple(it.id for it in report.systems if has_left and it.presence in ("added", "enrolled")),
        approvals=tuple(it for finding in findings for it in _approvals(finding)),
        waivers=tuple(_waivers(findings)),
        incidents=found.incidents,
        tests=found.tests,
        blocking=tuple(FindingSeen(it.title, it.kind, it.subject, it.message) for it in stops),
        lacks_only_approvals=lacks_only and not is_forge_asked,
        sources=report.trust.approval_sources,
        notes=tuple(note for note in report.trust.notes if note not in unsaid),
        recorded=recorded,
        reproduce=report.trust.reproduce,
    )


def unjudged(merge: Merge, recorded: RecordedVerdict | None) -> MergeRecord:
    """The first commit of a history, which was merged into nothing."""
    said = "the first commit of the history: there was nothing to merge it into"
    return MergeRecord(**_who_and_when(merge), verdict=NOT_JUDGED, touches="unknown", problem=said, recorded=recorded)


def _who_and_when(merge: Merge) -> dict[str, Any]:
    return {
        "commit": merge.commit,
        "base": merge.base,
        "head": merge.head,
        "parents": merge.parents,
        "kind": merge.kind,
        "title": merge.title,
        "who": merge.who,
        "moment": merge.moment,
        "day": merge.day.isoformat(),
        "is_before_parent": merge.is_before_parent,
    }


def _problem(report: Report) -> str:
    if report.problems:
        first = report.problems[0]
        more = f" (and {len(report.problems) - 1} more)" if len(report.problems) > 1 else ""
        return f"{first.location}: {first.message}{more}"
    return report.headline if report.verdict == "undecided" and not report.systems else ""


def _touches(report: Report, inputs: OpenInputs, system: str, has_incidents: bool) -> Touch:
    own = next((it for it in report.systems if it.id == system), None)
    is_changed = own is not None and (own.presence != "unchanged" or own.changes or own.edits or own.card_gains)
    declared = inputs.result.system(system)
    is_named = any(record.content.system == system for record in inputs.result.records)
    if is_changed or has_incidents or is_named or (declared is not None and declared.touched):
        return "yes"
    if own is None and any(not it.is_anothers for side in (inputs.base, inputs.result) for it in side.unread):
        return "unknown"
    return "no"


def _seen(own: SystemReport) -> SystemSeen:
    return SystemSeen(
        name=own.name,
        presence=own.presence,
        stage=own.stage,
        base_stage=own.base_stage,
        tier=own.effective_tier,
        base_tier=own.base_tier,
        score=own.score,
        verdict=own.verdict,
        gates=tuple(gate.id for gate in own.gates if gate.entered),
        changes=(
            *(_change(it, weakening=it.weakening) for it in own.changes),
            # Told to be compared, and what a card says anew: nothing is asked for either (D53).
            *(_change(it, weakening=False) for it in (*own.edits, *own.card_gains)),
        ),
        subject_digest=own.subject_digest,
    )


def _change(change: Change, *, weakening: bool) -> SystemChangeSeen:
    before, after = (_shortened(it) for it in (change.before, change.after))
    return SystemChangeSeen(change.kind, change.field, before, after, weakening)


def _shortened(value: Any) -> str:
    if value is None:
        return ""
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} (cut)"


def _approvals(finding: Finding) -> Iterator[ApprovalSeen]:
    if finding.for_ is None or finding.blame == "inherited":
        return
    digest = finding.subject_digest or ""
    for claim in finding.claims:
        when = claim.when.isoformat() if claim.when else None
        yield ApprovalSeen(
            finding.subject, finding.for_, finding.state, claim.who, claim.counts, claim.why, when, digest
        )
    if not finding.claims and finding.state != "not-applicable":
        yield ApprovalSeen(finding.subject, finding.for_, finding.state, subject_digest=digest, why=finding.seen)


def _waivers(findings: list[Finding]) -> Iterator[WaiverSeen]:
    for finding in findings:
        if finding.state == "waived" and finding.waiver:
            yield WaiverSeen(finding.title, finding.subject, finding.waiver)


def _incidents(inputs: OpenInputs, system: str) -> Iterator[IncidentSeen]:
    before = _by_id(inputs.base, system)
    for id_, now in _by_id(inputs.result, system).items():
        was = before.get(id_)
        known = was.timeline if was is not None else []
        steps = tuple(entry.step for entry in now.timeline if entry not in known)
        if was is None or steps or was.severity != now.severity:
            yield IncidentSeen(id_, now.type, now.severity, now.state, was is None, steps)


def _by_id(side: Snapshot, system: str) -> dict[str, Incident]:
    return {it.content.id: it.content for it in side.incidents if it.content.system == system}


def _tests(inputs: OpenInputs, load: PolicyLoader, system: str) -> tuple[TestSeen, ...]:
    declared = inputs.result.system(system)
    if declared is None or not declared.entry.tests:
        return ()
    try:
        policy = policies_of_base(inputs, load)
    except (PolicyError, UndecidedError):
        return ()
    known = {it.key.id for it in inputs.result.systems}
    return tuple(test_seen(it) for it in system_facts(declared, inputs.result.evidence, policy, known).tests.values())


def test_seen(test: TestFact) -> TestSeen:
    """A test result for people to read."""
    outcome = "held elsewhere" if test.attested else "passed" if test.has_passed else test.cause or "unknown"
    return TestSeen(
        id=test.id,
        path=test.path,
        blob=test.oid,
        outcome=outcome,
        executed=test.executed,
        failed=len(test.failed),
        skipped=test.skipped,
        completed=test.completed.isoformat() if test.completed else None,
        provenance=test.provenance,
        tool=test.tool,
        detail=test.detail,
    )

"""The report as JSON, version 1: fixed keys in a fixed order, the same bytes for the same report.

`report.schema.json` beside this module is its published JSON Schema.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from policy_gate.report.location import location_data
from policy_gate.report.sanitise import json_text
from policy_gate.report.style import RenderOptions
from policy_gate.schema.change import Change
from policy_gate.schema.due import DueItem
from policy_gate.schema.finding import ClaimNote, Finding, Reason
from policy_gate.schema.report import GateReport, IncidentReport, LawReport, Ref, Report, SystemReport, Trust
from policy_gate.schema.source import Problem
from policy_gate.schema.vocabulary import STATES

if TYPE_CHECKING:
    from policy_gate.report.next_steps import Step

SCHEMA_VERSION = 1


def json_report(report: Report, render: RenderOptions) -> str:
    """The whole report, told to programs; `look` does not matter here."""
    data = report_data(report)
    return _dumped_plain(data) if _is_plain(report) else dumped(data)


def report_schema() -> str:
    """The text of the JSON Schema (draft 2020-12) that every such report satisfies."""
    from importlib import resources  # noqa: PLC0415 - slow, and rarely wanted

    return (resources.files(__package__) / "report.schema.json").read_text(encoding="utf-8")


def dumped(data: Any) -> str:
    """`data` as indented JSON with a line break at its end; what a terminal would obey is escaped."""
    try:
        # Indenting itself, `json` would not use its C encoder; msgspec's own would spell some numbers otherwise.
        text = msgspec.json.format(json.dumps(data, ensure_ascii=False, default=_plain), indent=2)
    except (msgspec.DecodeError, UnicodeEncodeError):
        # Infinite numbers and lone surrogates are no JSON to it.
        text = json.dumps(data, indent=2, ensure_ascii=False, default=_plain)
    return json_text(text) + "\n"


def _is_plain(report: Report) -> bool:
    """Whether every value is one that `json` and msgspec spell alike; only changes hold values of any kind."""
    if report.policy_impact is not None:
        return False
    changes = (it for system in report.systems for it in (*system.changes, *system.edits, *system.card_gains))
    return all(_is_plain_value(it.before) and _is_plain_value(it.after) for it in changes)


def _is_plain_value(value: Any) -> bool:
    if type(value) is list or type(value) is tuple:
        return all(_is_plain_value(part) for part in value)
    return value is None or type(value) in (str, bool, int)


def _dumped_plain(data: Any) -> str:
    """The same as `dumped` of values without numbers with a point, which msgspec may spell otherwise; much faster."""
    try:
        text = msgspec.json.format(msgspec.json.encode(data, enc_hook=_plain), indent=2)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return dumped(data)
    return json_text(text.decode()) + "\n"


def report_data(report: Report) -> dict[str, Any]:
    """The report as plain JSON values, every key in the order of the contract."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "policy-gate", "version": report.version},
        "verdict": report.verdict,
        "as_of": report.as_of.isoformat(),
        "trust": _trust(report.trust),
        "summary": _summary(report),
        "systems": [_system(system) for system in report.systems],
        "findings": [_finding(finding) for finding in report.findings],
        "problems": [problem_data(problem) for problem in report.problems],
        "headline": report.headline,
        "hint": report.hint,
        "scope": report.scope,
        "grants": [{"name": grant.name, "roles": list(grant.roles)} for grant in report.grants],
        "preview": list(report.preview),
        "ask": [{"name": ask.name, "roles": list(ask.roles)} for ask in report.ask],
        "lacking_commits": list(report.lacking_commits),
        "incidents": [_incident(incident) for incident in report.incidents],
        "due": [_due(item) for item in report.due],
        "policy_impact": _policy_impact(report),
        "next": _next(report),
    }


def _next(report: Report) -> list[dict[str, Any]]:
    """The commands and edits that the change is asked for, in order."""
    if not (report.findings or report.problems or report.hint):
        return []
    from policy_gate.report.next_steps import next_steps  # noqa: PLC0415 - most changes ask for nothing

    return [_step(step) for step in next_steps(report)]


def _step(step: Step) -> dict[str, Any]:
    return {
        "kind": "command" if step.is_command else "edit",
        "text": step.text,
        "title": step.title,
        "system": step.system,
        "finding": step.finding,
        "location": location_data(step.location),
        "who": list(step.who),
    }


def _incident(incident: IncidentReport) -> dict[str, Any]:
    clocks = [
        {
            "id": clock.id,
            "title": clock.title,
            "law": clock.law,
            "state": clock.state,
            "deadline": clock.deadline,
            "recipient": clock.recipient,
            "missing_facts": list(clock.missing),
        }
        for clock in incident.clocks
    ]
    return {
        "id": incident.id,
        "system": incident.system,
        "type": incident.type,
        "severity": incident.severity,
        "state": incident.state,
        "path": incident.path,
        "clocks": clocks,
        "duties_open": list(incident.duties_open),
        "tests_open": list(incident.tests_open),
    }


def _due(item: DueItem) -> dict[str, Any]:
    return {
        "day": item.day.isoformat(),
        "kind": item.kind,
        "system": item.system or None,
        "title": item.title,
        "who": list(item.who),
        "is_person": item.is_person,
        "what": item.what,
        "location": location_data(item.location),
        "finding": item.finding or None,
    }


def _policy_impact(report: Report) -> dict[str, Any] | None:
    """What a change of the policies would do to the systems; the systems that nothing happens to are only counted."""
    if report.policy_impact is None:
        return None
    from policy_gate.report.policy_impact import MOST_IN_REPORT, impact_data  # noqa: PLC0415 - few changes have it

    return impact_data(report.policy_impact, MOST_IN_REPORT)


def problem_data(problem: Problem) -> dict[str, Any]:
    """One problem as every JSON answer gives it."""
    return {
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
        "hint": problem.hint,
    }


def _trust(trust: Trust) -> dict[str, Any]:
    return {
        "mode": trust.mode,
        "enforcing": trust.enforcing,
        "base": _ref(trust.base),
        "head": _ref(trust.head),
        "result": {"tree": trust.result_tree, "from": trust.result_from},
        "policies": {
            "source": trust.policies_source,
            "digest": trust.policies_digest,
            "trusted": trust.policies_trusted,
        },
        "approvals": {"sources": list(trust.approval_sources), "complete": trust.approvals_complete},
        "notes": list(trust.notes),
        "reproduce": trust.reproduce or None,
    }


def _ref(ref: Ref) -> dict[str, Any]:
    return {"ref": ref.ref, "commit": ref.commit}


def _summary(report: Report) -> dict[str, Any]:
    return {
        "systems": len(report.systems),
        "findings": {state: report.count(state) for state in STATES},
        "introduced": report.blamed("introduced"),
        "inherited": report.blamed("inherited"),
        "overdue": report.blamed("overdue"),
        "systems_known": max(report.system_count, len(report.systems)),
    }


def _system(system: SystemReport) -> dict[str, Any]:
    return {
        "id": system.id,
        "name": system.name,
        "manifest": system.manifest,
        "presence": system.presence,
        "stage": system.stage,
        "base_stage": system.base_stage,
        "score": system.score,
        "score_range": list(system.score_range),
        "score_tier": system.score_tier,
        "tier": system.tier,
        "effective_tier": system.effective_tier,
        "base_tier": system.base_tier,
        "tier_range": list(system.tier_range),
        "undeclared": list(system.undeclared),
        "law_class": list(system.law_class),
        "required_controls": list(system.required_controls),
        "subject_digest": system.subject_digest,
        "changes": [_change(change) for change in system.changes],
        "gates": [_gate(gate) for gate in system.gates],
        "law": [_law(law) for law in system.law],
        "verdict": system.verdict,
        "next_due": system.next_due and system.next_due.isoformat(),
        "next_due_title": system.next_due_title,
        "edits": [_edit(edit) for edit in system.edits],
        "card_gains": [{"kind": gain.kind, **_edit(gain)} for gain in system.card_gains],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "field": change.field,
        "before": change.before,
        "after": change.after,
        "weakening": change.weakening,
        "raising": change.raising,
        "files": list(change.files),
        "location": location_data(change.location),
        "base_location": location_data(change.base_location),
    }


def _edit(edit: Change) -> dict[str, Any]:
    return {
        "field": edit.field,
        "was": edit.before,
        "now": edit.after,
        "location": location_data(edit.location),
        "base_location": location_data(edit.base_location),
    }


def _gate(gate: GateReport) -> dict[str, Any]:
    return {
        "id": gate.id,
        "entered": gate.entered,
        "subject_digest": gate.subject_digest,
        "verdict": gate.verdict,
        "missing_artifacts": list(gate.missing_artifacts),
        "missing_approvals": list(gate.missing_approvals),
        "failed_tests": list(gate.failed_tests),
        "tests_not_run": list(gate.tests_not_run),
        "title": gate.title,
    }


def _law(policy: LawReport) -> dict[str, Any]:
    return {
        "regulation": policy.regulation,
        "applicable": policy.applicable,
        "met": policy.met,
        "gaps": policy.gaps,
        "unknown": policy.unknown,
        "upcoming": policy.upcoming,
        "evidence_complete": policy.evidence_complete,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": finding.id,
        "system": finding.system,
        "state": finding.state,
        "enforcement": finding.enforcement,
        "blame": finding.blame,
        "requirement": {"kind": finding.kind, "subject": finding.subject},
        "title": finding.title,
        "message": finding.message,
        "because": [_reason(reason) for reason in finding.because],
        "location": location_data(finding.location),
        "fix": finding.fix,
        "responsible": list(finding.responsible),
        "accountable": list(finding.accountable),
        "due": finding.due and finding.due.isoformat(),
        "waiver": finding.waiver,
    }
    if finding.for_ is not None:
        data |= {"for": finding.for_, "subject_digest": finding.subject_digest}
        data["claims"] = [_claim(claim) for claim in finding.claims]
        data["able"] = list(finding.able or ())
    return data | _particulars(finding)


def _particulars(finding: Finding) -> dict[str, Any]:
    return {
        "cause": finding.cause,
        "gate": finding.gate,
        "entered": finding.entered,
        "seen": finding.seen,
        "wanted": finding.wanted,
        "missing_facts": list(finding.missing_facts),
        "details": list(finding.details),
        "blocks": finding.blocks,
        "undecided": finding.undecided,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "kind": reason.kind,
        "rule": reason.rule,
        "title": reason.title,
        "citation": reason.citation,
        "why": reason.why,
        "enforcement": reason.enforcement,
    }


def _claim(claim: ClaimNote) -> dict[str, Any]:
    return {
        "who": claim.who,
        "counts": claim.counts,
        "why": claim.why,
        "when": claim.when and claim.when.isoformat(),
    }


def _plain(thing: Any) -> Any:
    """Values that a change or a fact may hold and JSON does not know."""
    if isinstance(thing, date):
        return thing.isoformat()
    return str(thing)

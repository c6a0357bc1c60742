"""Entries of the audit log as OSCAL assessment results: one result for each check, its events as observations.

What the log holds of a verdict is what is told: systems, what blocked, digests. The report itself holds more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from policy_gate.report.formats.json import dumped
from policy_gate.report.formats.oscal.findings import VERDICT
from policy_gate.report.formats.oscal.report import OSCAL_VERSION
from policy_gate.report.formats.oscal.terms import CHECK, Data, filled, line, prop, uid
from policy_gate.report.wording import plural
from policy_gate.schema.audit_entry import AuditEntry, LoggedEntry, Merged, VerdictRecord

_EPOCH = "1970-01-01T00:00:00Z"


def oscal_audit(entries: Sequence[LoggedEntry]) -> str:
    """The entries, from the oldest, as an OSCAL document in JSON; the same entries give the same bytes."""
    known = [one for one in entries if one.entry is not None]
    document = uid("audit", *(one.commit for one in known))
    newest = max((one.entry.recorded for one in known if one.entry), default=_EPOCH)
    plan = uid("audit-plan", document)
    digests = sorted({one.entry.inputs.policies for one in known if one.entry})
    objective = {
        "id": VERDICT,
        "name": "assessment-objective",
        "prose": "The change may be merged by its base's rules.",
    }
    data = {
        "uuid": document,
        "metadata": {
            "title": line(f"Audit log: {plural(len(known), 'entry', 'entries')}"),
            "last-modified": newest,
            "version": known[-1].commit if known else "empty",
            "oscal-version": OSCAL_VERSION,
        },
        "import-ap": {"href": f"#{plan}", "remarks": "The rules in force at each check are the plan."},
        "local-definitions": {"objectives-and-methods": [{"control-id": CHECK, "parts": [objective]}]},
        "results": list(_results(known)) or [_nothing(document)],
        "back-matter": {
            "resources": [
                {
                    "uuid": plan,
                    "title": "Rules in force",
                    "description": "The rules by which the checks of this log judged, by their digests.",
                }
                | filled(props=[one for digest in digests for one in prop("policies-digest", digest)])
            ]
        },
    }
    return dumped({"assessment-results": data})


def _results(entries: Iterable[LoggedEntry]) -> Iterator[Data]:
    for _, together in groupby(entries, key=lambda one: one.entry.inputs if one.entry else None):
        group = list(together)
        first = group[0].entry
        if first is not None:
            yield _result(group, first)


def _result(group: Sequence[LoggedEntry], first: AuditEntry) -> Data:
    inputs = first.inputs
    observed = [(one, one.entry) for one in group if one.entry is not None]
    seen = [_observation(one, entry) for one, entry in observed]
    verdicts = [(one, entry) for one, entry in observed if isinstance(entry.record, VerdictRecord)]
    said = ", ".join(entry.headline for _, entry in verdicts) or plural(len(group), "event")
    return {
        "uuid": uid("audit-result", group[0].commit),
        "title": line(f"{said}: {inputs.head.commit[:12]} against {inputs.base.ref or inputs.base.commit[:12]}"),
        "description": line(f"{plural(len(group), 'entry', 'entries')} recorded of one check."),
        "start": inputs.as_of,
        "end": inputs.as_of,
        "props": [
            *prop("repository", first.repository),
            *prop("mode", inputs.mode),
            *prop("base-commit", inputs.base.commit),
            *prop("head-commit", inputs.head.commit),
            *prop("result-tree", inputs.result_tree),
            *prop("policies-digest", inputs.policies),
            *prop("tool-version", first.version),
        ],
        "reviewed-controls": _REVIEWED,
        "observations": seen,
    } | filled(findings=[_finding(one, entry) for one, entry in verdicts])


def _observation(one: LoggedEntry, entry: AuditEntry) -> Data:
    return {
        "uuid": uid("audit-observation", one.commit),
        "title": line(f"{entry.kind}: {entry.headline}"),
        "description": line(f"Entry {entry.sequence} of the log, {' '.join(entry.systems) or 'the repository'}."),
        "props": [
            *prop("audit-commit", one.commit),
            *prop("audit-id", entry.id),
            *prop("audit-kind", entry.kind),
            *prop("sequence", entry.sequence),
            *prop("signature", one.signed.state if one.signature is not None else "unsigned"),
            *(prop("signature-kind", one.signature_kind) if one.signature is not None else ()),
            *prop("signed-by", one.signed.person),
            *(_merged(one.merged) if one.merged else ()),
            *(found for system in entry.systems for found in prop("system", system)),
            *(found for person in entry.people for found in prop("person", person)),
        ],
        "methods": ["EXAMINE"],
        "types": ["control-objective"],
        "collected": entry.recorded,
    }


def _merged(merged: Merged) -> Iterator[Data]:
    """Whether what was observed came to the branch."""
    yield from prop("merged", merged.state)
    yield from prop("merged-with", merged.commit)
    yield from prop("merged-at", merged.moment)


def _finding(one: LoggedEntry, entry: AuditEntry) -> Data:
    is_met = isinstance(entry.record, VerdictRecord) and entry.record.verdict != "block"
    status = {"state": "satisfied" if is_met else "not-satisfied", "reason": "pass" if is_met else "fail"}
    return {
        "uuid": uid("audit-finding", one.commit),
        "title": line(f"Verdict: {entry.headline}"),
        "description": line(f"The check answered {entry.headline}."),
        "target": {"type": "objective-id", "target-id": VERDICT, "status": status},
        "related-observations": [{"observation-uuid": uid("audit-observation", one.commit)}],
    }


def _nothing(document: str) -> Data:
    return {
        "uuid": uid("audit-result", document),
        "title": "No entry",
        "description": "No entry of the log was asked for.",
        "start": _EPOCH,
        "reviewed-controls": _REVIEWED,
    }


_REVIEWED: Data = {
    "control-selections": [{"include-controls": [{"control-id": CHECK}]}],
    "control-objective-selections": [{"include-objectives": [{"objective-id": VERDICT}]}],
}

"""Entries of the audit log as a table of comma-separated values, one line an entry, for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable

from policy_gate.report.registry_exports.csv import joined, table
from policy_gate.schema.audit_entry import (
    ApprovalGiven,
    Blocking,
    IncidentStep,
    LoggedEntry,
    Merged,
    VerdictRecord,
    WaiverStep,
)

_COLUMNS = (
    *("number", "recorded", "kind", "systems", "what", "people", "role", "for", "given", "lacks", "waived", "owner"),
    *("approver", "reason", "expires", "incident", "clock", "base", "head", "branch", "rules", "signature", "commit"),
    *("faults", "on_branch", "merged", "merged_at", "merged_how", "merged_by", "merged_unknown"),
)


def entries_csv(entries: Iterable[LoggedEntry]) -> str:
    """One line an entry in the order given, with a line of names first."""
    rows: list[dict[str, object]] = [{**dict.fromkeys(_COLUMNS), **_cells(one)} for one in entries]
    return table(rows or [dict.fromkeys(_COLUMNS)], empty=not rows)


def lacked(blocking: Iterable[Blocking]) -> str:
    """What a verdict found missing, each thing with the system that lacks it."""
    return joined(f"{it.kind} {it.subject}" + (f" of {it.system}" if it.system else "") for it in blocking)


def merged_in_words(merged: Merged | None) -> str:
    """Whether what an entry tells came to the branch, in a few words."""
    if merged is None:
        return ""
    into, on = f"into {merged.branch}", merged.moment[:10]
    return {
        "yes": f"merged {into} {on}".rstrip(),
        "edited": f"merged with edits {into} {on}",
        "superseded": f"a later head was merged {into} {on}",
        "no": f"not merged {into}",
        "unknown": "unknown whether merged",
    }[merged.state]


def _cells(one: LoggedEntry) -> dict[str, object]:
    entry, signed = one.entry, "unsigned" if one.signature is None else one.signature_kind
    cells: dict[str, object] = {"commit": one.commit, "signature": signed, "faults": joined(one.faults)}
    if entry is None:
        return cells
    cells |= {"number": entry.sequence, "recorded": entry.recorded, "kind": entry.kind, "what": entry.headline}
    cells |= {"systems": joined(entry.systems), "people": joined(it for it in entry.people if it)}
    cells |= {"base": entry.inputs.base.commit, "head": entry.inputs.head.commit, "branch": entry.inputs.branch}
    cells |= {"rules": entry.inputs.policies, "on_branch": "yes" if entry.inputs.head.on_branch else "no"}
    if one.merged is not None:
        cells |= {"merged": one.merged.state, "merged_at": one.merged.moment, "merged_how": one.merged.how}
        cells |= {"merged_by": one.merged.commit, "merged_unknown": one.merged.reason}
    record = entry.record
    if isinstance(record, VerdictRecord):
        cells["lacks"] = lacked(record.blocking)
    elif isinstance(record, ApprovalGiven):
        cells |= {"role": record.role, "for": record.for_, "given": record.given}
    elif isinstance(record, WaiverStep):
        cells |= {"waived": f"{record.rule}: {record.subject}".removesuffix(": "), "given": record.created}
        cells |= {it: getattr(record, it) for it in ("owner", "approver", "reason", "expires")}
    elif isinstance(record, IncidentStep):
        cells |= {"incident": record.incident, "clock": record.clock, "given": record.at}
    return cells

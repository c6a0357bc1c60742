"""The `registry list`, `show` and `history` views."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from policy_gate.report.formats.json import dumped
from policy_gate.report.registry_exports.csv import joined, table
from policy_gate.report.style import RenderOptions
from policy_gate.report.text_layout import Line, Span, hanging, line, printed
from policy_gate.report.wording import plural
from policy_gate.schema.registry_list import HistoryEntry, ListedSystem, SystemList
from policy_gate.schema.registry_record import RepositoryRecord

_HEADS = ("ID", "NAME", "TIER", "STAGE", "VERDICT", "DUE", "OWNER", "REPOSITORY")
_STYLES = {"block": "block", "undecided": "undecided", "pass": "pass", "critical": "block", "high": "block"}
_LABEL = 16


def system_list_text(found: SystemList, render: RenderOptions) -> str:
    """One line a system, and below it what could not be read."""
    rows = [
        (it.id, it.name, it.tier, it.stage, it.verdict, it.next_due or "", it.owner_team, it.repository)
        for it in found.systems
    ]
    widths = [max(len(row[place]) for row in (_HEADS, *rows)) for place in range(len(_HEADS))]
    lines = [_columns(_HEADS, widths, "faint")] if rows else []
    lines += [_columns(row, widths) for row in rows]
    more = f", of {found.total}" if found.total > len(found.systems) else ""
    lines.append(line(plural(len(found.systems), "system") + more))
    for name, error in found.unread:
        lines += hanging(line(Span(f"{name} could not be read: ", "conditions")), error, render)
    return printed(lines, render)


def _columns(row: Sequence[str], widths: Sequence[int], style: str = "") -> Line:
    last = len(row) - 1
    return tuple(
        Span(text if place == last else text.ljust(width + 2), style or _STYLES.get(text, ""))
        for place, (text, width) in enumerate(zip(row, widths, strict=True))
    )


def system_list_json(found: SystemList) -> str:
    """`{"systems": […], "total", "unread": […]}`."""
    unread = [{"repository": name, "error": error} for name, error in found.unread]
    return dumped({"systems": msgspec.to_builtins(found.systems), "total": found.total, "unread": unread})


def system_list_csv(found: SystemList) -> str:
    """One line a system with the fields of the JSON form; law classes are joined."""
    rows = [msgspec.structs.asdict(it) | {"laws": joined(it.laws)} for it in found.systems]
    heads: dict[str, object] = dict.fromkeys(ListedSystem.__struct_fields__)
    return table(rows or [heads], empty=not rows)


def system_text(records: Sequence[RepositoryRecord], render: RenderOptions) -> str:
    """All that is known of a system, in paragraphs."""
    lines: list[Line] = []
    for record in records:
        for label, text in _said(record):
            lines += hanging(line(Span(f"{label:<{_LABEL}}", "faint")), text, render) if text else []
    return printed(lines, render)


def _said(record: RepositoryRecord) -> Iterator[tuple[str, str]]:
    for it in record.systems:
        score = "" if it.score is None else f", {it.score} points"
        yield "system", f"{it.id} {it.name}"
        yield "about", it.description
        yield "owner", it.owner_team
        yield "incidents to", it.incident_contact
        yield "stage", it.stage + (f" since {it.stage_since}" if it.stage_since else "")
        yield "tier", (it.effective_tier or it.tier) + score
        yield "law", ", ".join(dict.fromkeys((*it.law_class, *it.regulatory_scope)))
        yield "verdict", it.verdict
        yield "next due", f"{it.next_due} {it.next_due_title}" if it.next_due else ""
        for gate in it.gates:
            yield "gate", f"{gate.title}: {gate.verdict}" + (f", lacks {', '.join(gate.missing)}" * bool(gate.missing))
    yield "repository", record.repository
    yield "source", record.source
    yield "commit", record.commit or ""
    yield "as of", record.as_of
    yield "last error", record.error
    for vendor in record.vendors:
        yield "vendor", ", ".join(filter(None, [vendor.vendor_name or vendor.id, vendor.product_name, vendor.risk]))
    for model in record.models:
        until = f", retires {model.retires}" if model.retires else ""
        yield "model", f"{model.name} ({model.origin}){until}"
    for finding in record.findings:
        until = f", due {finding.due}" if finding.due else ""
        yield finding.state, f"{finding.title}{until}"
    for row in record.law:
        yield "law row", f"{row.regulation} {row.row} {row.title}: {row.state}"
    for incident in record.incidents:
        yield "incident", f"{incident.id} {incident.severity} {incident.state}"
    for approval in record.approvals:
        yield "approval", f"{approval.purpose}: {approval.approver} as {approval.role} on {approval.approved_on}"
    for waiver in record.waivers:
        yield "waiver", f"{waiver.rule} until {waiver.expires}: {waiver.reason}"
    for due in record.due:
        yield "due", f"{due.day} {due.title}"


def system_json(records: Sequence[RepositoryRecord]) -> str:
    """The record of the repository with what is about the system."""
    data: list[Any] = msgspec.to_builtins(list(records))
    return dumped(data[0] if len(data) == 1 else data)


def history_text(entries: Sequence[HistoryEntry], render: RenderOptions) -> str:
    """A paragraph a state: its day and commit, and what it says otherwise."""
    lines: list[Line] = []
    for entry in entries:
        commit = f"  {entry.commit[:12]}" if entry.commit else ""
        lines.append(line(Span(entry.at, "name"), Span(commit, "faint")))
        for what, before, after in entry.changes:
            lines += hanging(line(f"  {what:<{_LABEL}}"), _change(before, after), render)
    return printed(lines, render)


def _change(before: str, after: str) -> str:
    if before and after:
        return f"{before} -> {after}"
    return f"no longer {before}" if before else after


def history_json(entries: Sequence[HistoryEntry]) -> str:
    """`{"history": [{"at", "commit", "changes": [{"what", "before", "after"}]}]}`."""
    return dumped({"history": [
        {"at": it.at, "commit": it.commit,
         "changes": [{"what": what, "before": before, "after": after} for what, before, after in it.changes]}
        for it in entries
    ]})  # fmt: skip

"""The `audit` views: entries of the log, what its verification came to, and their export."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from policy_gate.report.formats.json import dumped
from policy_gate.report.sanitise import json_text, terminal
from policy_gate.report.views.audit_table import lacked, merged_in_words
from policy_gate.report.wording import plural
from policy_gate.schema.audit_entry import (
    BranchCoverage,
    Fault,
    IncidentStep,
    LoggedEntry,
    Record,
    VerdictRecord,
    Verification,
    WaiverStep,
)

_SHOWN = 20
"""faults of each kind that text lists"""


def entry_data(one: LoggedEntry) -> dict[str, Any]:
    """One entry as plain data, as `log`, `query` and the JSON lines give it."""
    data: dict[str, Any] = {"commit": one.commit}
    if one.entry is not None:
        plain = msgspec.to_builtins(one.entry)
        data |= {key: plain[key] for key in ("sequence", "recorded", "id", "version", "repository")}
        data |= {"kind": one.entry.kind, "systems": list(one.entry.systems), "people": list(one.entry.people)}
        data |= {"record": plain["record"], "inputs": plain["inputs"], "previous": plain["previous"]}
    data["signature"] = _signature(one)
    data["faults"] = list(one.faults)
    if one.merged is not None:
        data["merged"] = msgspec.to_builtins(one.merged)
    if one.replay is not None:
        data["replay"] = {"state": one.replay.state, "reason": one.replay.reason}
    return data


def entries_json(entries: Sequence[LoggedEntry]) -> str:
    """`{"entries": […]}` in the order given."""
    return dumped({"entries": [entry_data(one) for one in entries]})


def entries_text(entries: Sequence[LoggedEntry], unshown: int = 0) -> str:
    """A line for each entry: number, when, kind, what, about which systems, signed by whom; below it why."""
    lines = [_line(one) for one in entries]
    if not entries:
        lines = ["no entry"]
    lines += _on_merged(entries)
    if unshown > 0:
        lines.append(f"{plural(unshown, 'older entry', 'older entries')} not shown: --limit 0 shows all")
    return "\n".join(lines)


def json_lines(entries: Iterable[LoggedEntry]) -> str:
    """One entry a line, with its statement byte for byte and its signature, for whoever verifies it elsewhere."""
    return "".join(_one_line(_whole(one)) for one in entries)


def statements(entries: Iterable[LoggedEntry]) -> str:
    """The in-toto statements, one a line, byte for byte as they were hashed and signed."""
    return "".join(one.statement.decode("utf-8", "replace") for one in entries)


def verification_json(found: Verification) -> str:
    """`{"entries", "ok", "first_broken", "signed", …}`, as the contract has it."""
    return dumped(
        {
            "entries": len(found.entries),
            "ok": found.ok,
            "first_broken": str(found.broken[0]) if found.broken else None,
            "signed": found.signed,
            "unsigned": sum(1 for one in found.entries if one.signed.state == "unsigned"),
            "head": found.head,
            "broken": [_fault(fault) for fault in found.broken],
            "untold": [_fault(fault) for fault in found.untold],
            "notes": [_fault(fault) for fault in found.notes],
            "replayed": found.replayed or None,
            "branch": _coverage(found.coverage) if found.coverage else None,
        }
    )


def verification_text(found: Verification) -> str:
    """The answer in one line, then what is wrong from the oldest on, then what could not be told."""
    lines = [_answer(found)]
    signed = f"{found.signed} signed by a key or an identity that was pinned"
    unsigned = sum(1 for one in found.entries if one.signed.state == "unsigned")
    lines.append(f"  {signed}, {unsigned} unsigned")
    if found.replayed:
        said = ("the same", "same"), ("different", "different"), ("cannot be told here", "untold")
        lines.append("  judged again: " + ", ".join(f"{found.replayed[key]} {words}" for words, key in said))
    if found.coverage:
        covered, newer = plural(found.coverage.recorded, "commit", "commits"), found.coverage.newer
        since = f", {newer} since the newest of them" if newer else ""
        lines.append(f"  of {terminal(found.coverage.branch or 'the branch')}: {covered} covered{since}")
    if found.entries:
        lines.append(f"  newest entry: {found.head}")
    for title, faults in (("broken", found.broken), ("cannot be told here", found.untold), ("note", found.notes)):
        lines += [f"{title}: {terminal(str(fault))}" for fault in faults[:_SHOWN]]
        lines += [f"{title}: {len(faults) - _SHOWN} more; --format json lists all"] if len(faults) > _SHOWN else []
    return "\n".join(lines)


def added_text(added: Sequence[LoggedEntry], known: int, where: str) -> str:
    """What `record` put into the log."""
    lines = [_line(one) for one in added]
    lines += [f"{plural(known, 'entry', 'entries')} recorded before: a rerun adds none again"] if known else []
    return "\n".join([f"{plural(len(added), 'entry', 'entries')} added {where}", *lines])


def _answer(found: Verification) -> str:
    count = plural(len(found.entries), "entry", "entries")
    if found.broken:
        return f"BROKEN  {count}; first: {terminal(str(found.broken[0]))}"
    if found.untold:
        return f"NOT VERIFIED  {count}: nothing is broken, but not everything can be told here"
    return f"OK  {count}"


def _line(one: LoggedEntry) -> str:
    entry = one.entry
    if entry is None:
        return terminal(f"     ?  {one.commit[:12]}  broken: {'; '.join(one.faults)}")
    about = " ".join(entry.systems)
    mark = {"good": f"signed by {one.signed.person}", "unread": "signed" if one.signature else "unsigned"}
    signed = mark.get(one.signed.state) or ("unsigned" if one.signature is None else f"signature {one.signed.state}")
    if isinstance(entry.record, VerdictRecord):
        about = f"{entry.inputs.base.commit[:8]}..{entry.inputs.head.commit[:8]}  {about}"
    parts = (entry.recorded, f"{entry.kind:<8}", entry.headline, about, f"({signed})", merged_in_words(one.merged))
    said = "  ".join([f"{entry.sequence:>6}", *(part for part in parts if part)])
    lines = [said + (f"  broken: {'; '.join(one.faults)}" if one.faults else ""), _detail(entry.record)]
    return "\n".join(terminal(line) for line in lines if line)


def _on_merged(entries: Sequence[LoggedEntry]) -> list[str]:
    """As which commit the branches were looked at, and why of some entries nothing can be told."""
    told = [one.merged for one in entries if one.merged is not None]
    tips = sorted({f"{it.branch} at {it.tip[:12]}" for it in told if it.tip})
    reasons = dict.fromkeys(it.reason for it in told if it.state == "unknown" and it.reason)
    lines = [f"what was merged is told by {', '.join(tips)}"] if tips else []
    lines += [f"unknown whether merged: {reason}" for reason in list(reasons)[:_SHOWN]]
    return [terminal(line) for line in lines]


def _detail(record: Record) -> str:
    """What else an auditor asks of an entry, as a line below it; empty where there is nothing."""
    if isinstance(record, VerdictRecord):
        said = f"lacks {lacked(record.blocking)}" if record.blocking else ""
    elif isinstance(record, WaiverStep):
        about = f"{record.subject}: " if record.subject else ""
        said = f"{about}{record.reason} (owner {record.owner}, approver {record.approver})"
    elif isinstance(record, IncidentStep):
        clock = f" for {record.clock}" if record.clock else ""
        said = "at " + record.at.replace("+00:00", "Z") + clock + (f", by {record.by}" if record.by else "")
    else:
        said = ""
    return said and f"{'':8}{said}"


def _signature(one: LoggedEntry) -> dict[str, Any]:
    if one.signature is None:
        return {"state": "unsigned"}
    return {
        "kind": one.signature_kind,
        "state": one.signed.state,
        "person": one.signed.person,
        "key": one.signed.key,
        "issuer": one.signed.issuer,
        "identity": one.signed.identity,
        "signed": one.signed.signed,
        "reason": one.signed.reason,
    }


def _whole(one: LoggedEntry) -> dict[str, Any]:
    statement = base64.b64encode(one.statement).decode("ascii")
    text = one.signature.decode("ascii", "replace") if one.signature is not None else None
    signatures = {
        "ssh_signature": text if one.signature_kind == "ssh" else None,
        "sigstore_bundle": text if one.signature_kind == "sigstore" else None,
    }
    return {**entry_data(one), "statement": statement, **signatures}


def _one_line(data: dict[str, Any]) -> str:
    return json_text(json.dumps(data, ensure_ascii=False)) + "\n"


def _coverage(found: BranchCoverage) -> dict[str, Any]:
    return {
        "name": found.branch,
        "tip": found.tip,
        "recorded": found.recorded,
        "newer": found.newer,
        "unrecorded": list(found.unrecorded),
        "left": [{"entry": one.number, "commit": one.commit, "in_this_clone": one.is_here} for one in found.left],
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {"entry": fault.number, "commit": fault.commit, "what": fault.what}

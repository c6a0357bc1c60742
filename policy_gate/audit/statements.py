"""An entry as an in-toto statement: the bytes that are hashed and signed, and their reading.

The bytes are the canonical form in ASCII and a line break, so that there is one way to write an entry and nothing
in it that a terminal would obey.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from policy_gate.schema.audit_entry import AuditEntry, Previous, VerdictRecord, entry_id
from policy_gate.schema.canonical import canonical
from policy_gate.schema.in_toto import AUDIT_EXTENSION, EVENT_TYPE, EXTENSION, POLICY, PREDICATE_TYPE, STATEMENT_TYPE

STATEMENT_FILE = "statement.json"
SIGNATURE_FILE = "statement.json.sig"


class Draft(Struct, frozen=True):
    """An entry before it has a place in the log: `about` is the statement without what the log adds."""

    entry: AuditEntry
    about: Mapping[str, Any]


def placed(draft: Draft, sequence: int, previous: Previous | None) -> tuple[AuditEntry, bytes]:
    """The entry at its place, and the bytes of its statement."""
    entry = replace(draft.entry, sequence=sequence, previous=previous)
    predicate = {**draft.about["predicate"], AUDIT_EXTENSION: msgspec.to_builtins(entry)}
    statement = {**draft.about, "_type": STATEMENT_TYPE, "predicate": predicate}
    return entry, written(statement)


def written(statement: Any) -> bytes:
    """The one spelling of a statement."""
    return (canonical(statement, ascii_only=True) + "\n").encode("ascii")


def digest_of_statement(statement: bytes) -> str:
    """`sha256:` and the hex digest of a statement's bytes."""
    return "sha256:" + hashlib.sha256(statement).hexdigest()


def draft_of(statement: bytes, entry: AuditEntry) -> Draft:
    """The draft that a statement was placed from, for placing it anew."""
    data = json.loads(statement)
    rest = {key: value for key, value in data["predicate"].items() if key != AUDIT_EXTENSION}
    return Draft(entry, {**data, "predicate": rest})


def message_of(entry: AuditEntry) -> str:
    """What the commit of an entry says: what happened, to which systems, and the entry's id."""
    systems = " ".join(entry.systems[:5]) + (" and others" if len(entry.systems) > 5 else "")
    first = f"{entry.kind}: {entry.headline}" + (f" ({systems})" if systems else "")
    plain = first.encode("ascii", "backslashreplace").decode("ascii")
    return f"{' '.join(plain.split())}\n\nEntry: {entry.id}\n"


def read_statement(statement: bytes) -> tuple[AuditEntry | None, tuple[str, ...]]:
    """The entry that a statement says, and what is wrong with it; None where it says none."""
    try:
        data = json.loads(statement)
        rest = data["predicate"]
        entry = msgspec.convert(rest[AUDIT_EXTENSION], AuditEntry)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        said = f"it has no {error}" if isinstance(error, KeyError) else str(error)
        return None, (f"its statement is not complete: {said[:200]}",)
    return entry, tuple(_faults(statement, data, rest, entry))


def _faults(statement: bytes, data: dict[str, Any], rest: dict[str, Any], entry: AuditEntry) -> list[str]:
    found = [] if is_moment(entry.recorded) else ["when it was recorded is no time in UTC"]
    plain = msgspec.to_builtins(entry)
    if canonical(rest[AUDIT_EXTENSION]) != canonical(plain) or written(data) != statement:
        found.append("its statement is not written as an entry is")
    if entry.id != entry_id(entry.inputs, entry.record, plain["record"]):
        found.append("its id is not that of what it says")
    if data.get("_type") != STATEMENT_TYPE or _digests(data) != _wanted_digests(entry):
        found.append("its statement is about something else than its inputs")
    if not isinstance(entry.record, VerdictRecord):
        return found if data.get("predicateType") == EVENT_TYPE else [*found, "it is of another type than it says"]
    check = rest.get(EXTENSION)
    if data.get("predicateType") != PREDICATE_TYPE or not isinstance(check, dict):
        return [*found, "it is of another type than it says"]
    result = "FAILED" if entry.record.verdict == "block" else "PASSED"
    policy = {"digest": {"sha256": entry.inputs.policies.removeprefix("sha256:")}, "uri": POLICY}
    said = (check.get("verdict"), rest.get("verificationResult"), rest.get("policy"))
    if said != (entry.record.verdict, result, policy):
        found.append("its summary says another verdict, or other rules, than its record")
    return found


def is_moment(text: str) -> bool:
    """Is it an instant as entries write it?"""
    try:
        return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") == text
    except (ValueError, OverflowError):
        return False


def _digests(data: dict[str, Any]) -> dict[str, Any]:
    subjects = data.get("subject")
    listed = subjects if isinstance(subjects, list) else []
    named = {str(one.get("name")): one.get("digest") for one in listed if isinstance(one, dict)}
    return {name: named.get(name) for name in ("result", "head")}


def _wanted_digests(entry: AuditEntry) -> dict[str, Any]:
    return {"result": {"gitTree": entry.inputs.result_tree}, "head": {"gitCommit": entry.inputs.head.commit}}

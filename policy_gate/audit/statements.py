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

from policy_gate.schema.audit_entry import AuditEntry, Inputs, Previous, VerdictRecord, entry_id
from policy_gate.schema.canonical import canonical
from policy_gate.schema.in_toto import (
    AUDIT_EXTENSION,
    EVENT_TYPE,
    EXTENSION,
    LEVELS,
    POLICY,
    PREDICATE_TYPE,
    REPORT_NAME,
    STATEMENT_TYPE,
)
from policy_gate.vcs.tree import is_object_id

MOST_BYTES = 4 * 1024 * 1024
"""of one statement; no entry that is larger is written or read"""
STATEMENT_FILE = "statement.json"
SIGNATURE_FILE = "statement.json.sig"
BUNDLE_FILE = "statement.json.sigstore.json"
"""An entry is signed in one way at most: by an SSH key, or with Sigstore."""


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
        return entry, tuple(_faults(statement, data, rest, entry))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        said = f"it has no {error}" if isinstance(error, KeyError) else str(error)
        return None, (f"its statement is not complete: {said[:200]}",)


def _faults(statement: bytes, data: dict[str, Any], rest: dict[str, Any], entry: AuditEntry) -> list[str]:
    found = [] if is_moment(entry.recorded) else ["when it was recorded is no time in UTC"]
    inputs = entry.inputs
    if not is_moment(inputs.as_of):
        found.append("the moment that it was judged at is no time in UTC")
    if not all(is_object_id(it) for it in (inputs.base.commit, inputs.head.commit, inputs.result_tree)):
        found.append("its inputs are no commits and no tree")
    plain = msgspec.to_builtins(entry)
    if canonical(rest[AUDIT_EXTENSION]) != canonical(plain) or written(data) != statement:
        found.append("its statement is not written as an entry is")
    if entry.id != entry_id(inputs, entry.record, plain["record"]):
        found.append("its id is not that of what it says")
    is_verdict = isinstance(entry.record, VerdictRecord)
    names = ["result", "head", *([REPORT_NAME] if is_verdict else [])]
    if data.get("_type") != STATEMENT_TYPE or not _is_about(data, names, inputs):
        found.append("its statement is about something else than its inputs")
    keys = (set(data), set(rest) if not is_verdict else {AUDIT_EXTENSION})
    if keys != ({"_type", "subject", "predicateType", "predicate"}, {AUDIT_EXTENSION}):
        found.append("its statement says more than an entry does")
    if data.get("predicateType") != (PREDICATE_TYPE if is_verdict else EVENT_TYPE):
        found.append("it is of another type than it says")
    elif isinstance(entry.record, VerdictRecord) and _summary(rest) != _wanted_summary(inputs, entry.record):
        found.append("its summary says another verdict, or other inputs, than its record")
    return found


def is_moment(text: str) -> bool:
    """Is it an instant as entries write it?"""
    try:
        return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") == text
    except (ValueError, OverflowError):
        return False


def _is_about(data: dict[str, Any], names: list[str], inputs: Inputs) -> bool:
    """Whether the subjects are those that an entry has, each once; of the report itself only its digest is known."""
    subjects = data.get("subject")
    if not isinstance(subjects, list) or [one.get("name") for one in subjects] != names:
        return False
    digests = [one.get("digest") for one in subjects[:2]]
    return digests == [{"gitTree": inputs.result_tree}, {"gitCommit": inputs.head.commit}]


def _summary(rest: dict[str, Any]) -> list[Any]:
    """What the part says that is for readers who know nothing of audit logs."""
    check = rest[EXTENSION]
    commits = [check["base"]["commit"], check["head"]["commit"], check["result"]["tree"]]
    systems = [[one[key] for key in ("stage", "tier", "verdict", "subject_digest")] for one in check["systems"]]
    rules = [rest["policy"], check["policies"]["digest"]]
    return [
        rest["verificationResult"],
        rest["verifiedLevels"],
        check["verdict"],
        check["mode"],
        commits,
        rules,
        systems,
    ]


def _wanted_summary(inputs: Inputs, record: VerdictRecord) -> list[Any]:
    policy = {"digest": {"sha256": inputs.policies.removeprefix("sha256:")}, "uri": POLICY}
    return [
        "FAILED" if record.verdict == "block" else "PASSED",
        LEVELS.get(record.verdict),
        record.verdict,
        inputs.mode,
        [inputs.base.commit, inputs.head.commit, inputs.result_tree],
        [policy, inputs.policies],
        [[one.stage, one.tier, one.verdict, one.subject_digest] for one in record.systems],
    ]

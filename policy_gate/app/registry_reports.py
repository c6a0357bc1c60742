"""Reports and records that jobs left, as records of the registry: what they do not say stays unknown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from policy_gate.app.registry_record import OPEN
from policy_gate.errors import DocumentError
from policy_gate.schema.registry_record import (
    SCHEMA,
    DueRecord,
    FindingRecord,
    GateStatus,
    IncidentRecord,
    RepositoryRecord,
    SystemRecord,
)
from policy_gate.schema.vocabulary import VERDICTS

MOST_BYTES: Final = 64 * 1024 * 1024
_REPORT_VERSION: Final = 1


def read_report(file: Path, name: str) -> tuple[RepositoryRecord, str]:
    """The record of a file, and the digest of its bytes. `name` is the repository's where it names none.

    DocumentError where the file is no record and no report of everything.
    """
    try:
        size = file.stat().st_size
        data = file.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        raise DocumentError(f"{name} cannot be read: {error.strerror}") from error
    if size > MOST_BYTES:
        raise DocumentError(f"{name} is too large (got {size} bytes, at most {MOST_BYTES} are read)")
    try:
        told = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DocumentError(f"{name} is no JSON") from error
    try:
        record = _record_of(told, name)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DocumentError(f"{name} is not as policy-gate writes it ({type(error).__name__})") from error
    return record, hashlib.sha256(data).hexdigest()


def _record_of(told: Any, name: str) -> RepositoryRecord:
    kind = told if isinstance(told, Mapping) else {}
    if kind.get("schema") == SCHEMA:
        record = msgspec.convert(told, RepositoryRecord)
        verdicts = {record.verdict, *(it.verdict for it in record.systems)}
        if not verdicts <= {*VERDICTS, ""} or not record.repository.strip():
            raise ValueError("a word that is no verdict, or no name")
        return record
    if kind.get("schema_version") == _REPORT_VERSION and kind.get("tool", {}).get("name") == "policy-gate":
        return _of_report(kind, name)
    raise DocumentError(
        f"{name} is no report of policy-gate", hint="leave one with policy-gate registry record -o FILE"
    )


def _of_report(told: Mapping[str, Any], name: str) -> RepositoryRecord:
    trust = told["trust"]
    if trust["mode"] != "all":
        hint = "leave one of everything: policy-gate check --all --format json=FILE"
        raise DocumentError(f"{name} is the report of a change, which tells only what that touches", hint=hint)
    if told["verdict"] not in VERDICTS:
        raise ValueError("no verdict")
    systems = tuple(_system(it) for it in told["systems"])
    findings = tuple(_finding(it) for it in told["findings"] if it["state"] in OPEN)
    record = RepositoryRecord(
        repository=name,
        source=f"{name}.json",
        commit=trust["head"]["commit"],
        branch=_branch(trust["base"]["ref"]),
        as_of=told["as_of"],
        tool_version=told["tool"]["version"],
        policies_digest=trust["policies"]["digest"],
        governed=bool(systems),
        verdict=told["verdict"],
        headline=told["headline"],
        systems=systems,
        findings=findings,
        incidents=tuple(_incident(it) for it in told["incidents"]),
        due=tuple(sorted(_due(told["findings"]), key=lambda it: (it.day, it.system, it.title))),
    )
    # Every value has to be of its own type, whoever wrote the file.
    return msgspec.convert(msgspec.to_builtins(record), RepositoryRecord)


def _branch(ref: str) -> str:
    for before in ("refs/heads/", "refs/remotes/origin/"):
        if ref.startswith(before):
            return ref.removeprefix(before)
    return ""


def _system(told: Mapping[str, Any]) -> SystemRecord:
    return SystemRecord(
        id=told["id"],
        name=told["name"],
        manifest=told["manifest"],
        stage=told["stage"],
        tier=told["tier"],
        effective_tier=told["effective_tier"],
        score=told["score"],
        score_range=tuple(told["score_range"]),
        law_class=tuple(told["law_class"]),
        regulatory_scope=tuple(it["regulation"] for it in told["law"]),
        required_controls=tuple(told["required_controls"]),
        verdict=told["verdict"],
        gates=tuple(_gate(it) for it in told["gates"]),
        next_due=told["next_due"],
        next_due_title=told["next_due_title"],
        subject_digest=told["subject_digest"],
    )


def _gate(told: Mapping[str, Any]) -> GateStatus:
    lists = ("missing_artifacts", "missing_approvals", "failed_tests", "tests_not_run")
    missing = dict.fromkeys(item for name in lists for item in told[name])
    return GateStatus(told["id"], told["title"], told["verdict"], tuple(missing))


def _finding(told: Mapping[str, Any]) -> FindingRecord:
    place = told["location"] or {}
    return FindingRecord(
        id=told["id"],
        system=told["system"] or "",
        state=told["state"],
        enforcement=told["enforcement"],
        blame=told["blame"] or "",
        kind=told["requirement"]["kind"],
        subject=told["requirement"]["subject"],
        title=told["title"],
        message=told["message"],
        due=told["due"],
        responsible=tuple(told["responsible"]),
        accountable=tuple(told["accountable"]),
        rules=tuple(it["rule"] for it in told["because"]),
        waiver=told["waiver"],
        path=place.get("path", ""),
        line=place.get("line") or 0,
    )


def _incident(told: Mapping[str, Any]) -> IncidentRecord:
    clocks = tuple((it["id"], it["state"], it["deadline"]) for it in told["clocks"])
    words = {name: told[name] for name in ("id", "system", "type", "severity", "state", "path")}
    return IncidentRecord(**words, clocks=clocks)


def _due(findings: list[Mapping[str, Any]]) -> Iterator[DueRecord]:
    for told in findings:
        if told["due"] and told["state"] not in ("waived", "not-applicable"):
            kind = "finding" if told["state"] in ("gap", "unknown", "deferred") else "review"
            yield DueRecord(told["system"] or "", kind, told["title"], told["due"])

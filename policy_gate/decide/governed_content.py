"""The governed content of a system, and what exactly an approval is for (D10, D11, D16).

Formatting of YAML, records, waivers and other systems never enter it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from policy_gate.schema.canonical import digest_of
from policy_gate.schema.documents import SystemEntry
from policy_gate.schema.facts import ArtifactFact, Facts, TestFact

EVIDENCE_LISTS = ("artifacts", "tests", "not_applicable")


def content_parts(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Each part of a system's governed content with its hash, for people to compare."""
    content = content_of(facts, None, None)
    vendors = digest_of(content["vendors"]) if content["vendors"] else None
    parts = {"entry": digest_of(content["entry"]), "vendors": vendors, "card": content["card"]}
    parts |= {f"numbers {path}": oid for path, oid in content["numbers"].items()}
    parts |= {f"artifact {name}": value for name, value in content["artifacts"].items()}
    for name, value in content["tests"].items():
        parts[f"test {name}"] = value if isinstance(value, str) else digest_of(value)
    return tuple((name, value) for name, value in parts.items() if value)


def content_of(
    facts: Facts,
    artifacts: Iterable[str] | None,
    tests: Iterable[str] | None,
    claims: Iterable[str] = (),
    *,
    with_card: bool = True,
) -> dict[str, Any]:
    """The entry, card, evidence and vendors; evidence restricted to the ids given, all where None.

    `claims` are the ids about which a `not_applicable` of the entry speaks, declared as evidence or not.
    """
    counted = facts.artifacts if artifacts is None else _pick(facts.artifacts, artifacts)
    results = facts.tests if tests is None else _pick(facts.tests, tests)
    return {
        "entry": _entry(facts, {*counted, *results, *claims}, artifacts is None),
        "card": facts.card.oid if facts.card and with_card else None,
        "numbers": dict(facts.card.bound) if facts.card and with_card else {},
        "artifacts": {name: _artifact(fact) for name, fact in sorted(counted.items())},
        "tests": {name: _result(fact) for name, fact in sorted(results.items())},
        "vendors": [vendor.model_dump(mode="json", exclude_defaults=True) for vendor in facts.declared.vendors],
    }


def _pick(known: Mapping[str, Any], wanted: Iterable[str]) -> dict[str, Any]:
    return {name: known[name] for name in sorted(set(wanted)) if name in known}


def _entry(facts: Facts, counted: set[str], whole: bool) -> dict[str, Any]:
    plain = _plain(facts.declared.entry)
    entry = dict(plain.rest)
    for name, items in plain.evidence.items():
        kept = [item for item in items if whole or item["id"] in counted]
        if kept:
            entry[name] = kept
    return entry


class _PlainEntry(NamedTuple):
    """An entry as plain data: its evidence apart and in order, as each gate counts other parts of it."""

    of: SystemEntry
    rest: dict[str, Any]
    evidence: dict[str, list[dict[str, Any]]]


_KEPT: Final = 128
_PLAIN: Final[dict[int, _PlainEntry]] = {}
"""by the id of the entry, which is kept beside, so that no other can get it"""
_spelt: Final = json.JSONEncoder(sort_keys=True).encode


def _plain(entry: SystemEntry) -> _PlainEntry:
    found = _PLAIN.get(id(entry))
    if found is None:
        if len(_PLAIN) >= _KEPT:
            _PLAIN.clear()
        rest = entry.model_dump(mode="json", exclude_defaults=True)
        evidence = {name: sorted(rest.pop(name, []), key=_spelt) for name in EVIDENCE_LISTS}
        found = _PLAIN[id(entry)] = _PlainEntry(entry, rest, evidence)
    return found


def _artifact(fact: ArtifactFact) -> str | None:
    return fact.oid or fact.attested


def _result(fact: TestFact) -> Any:
    """A committed result by its blob, a job's by its outcome: a rerun must not void approvals (D11)."""
    if fact.attested is not None:
        return fact.attested
    if fact.provenance == "committed":
        return fact.oid
    return {"suite": fact.suite, "version": fact.version, "outcome": [list(case) for case in fact.outcome]}

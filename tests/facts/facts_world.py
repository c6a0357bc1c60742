"""Small policies, snapshots in memory, and evidence, for the tests of this room."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from policy_gate.collect.policy_files import builtin_layer
from policy_gate.documents.globs import covers
from policy_gate.documents.yaml_reader import read_front_matter, read_json, read_yaml
from policy_gate.facts.changes_vendors import is_improved
from policy_gate.policy.load import load_policies
from policy_gate.schema.documents import Manifest
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.snapshot import CodeFile, DeclaredSystem, Evidence, Snapshot, SystemKey
from policy_gate.schema.source import Document
from policy_gate.schema.vendor_document import VENDOR_TERMS
from policy_gate.schema.vendor_terms import VendorTerms

PROFILE = {
    "decision_impact": "employment",
    "human_oversight": "partial",
    "data_sensitivity": "sensitive",
    "user_vulnerability": "general_public",
    "deployment_scale": "thousands",
    "decision_reversibility": "difficult_to_reverse",
}
_LAW: list[RuleSet] = []


def policy() -> RuleSet:
    """The built-in policies, read once."""
    if not _LAW:
        _LAW.append(load_policies([builtin_layer()]))
    return _LAW[0]


def entry(**fields: Any) -> dict[str, Any]:
    """One system of a manifest: SYS-001 of the lesson, with `fields` laid over; None leaves one out."""
    whole = {
        "id": "SYS-001",
        "name": "Hiring Resume Screener",
        "description": "AI ranks and filters job applicants based on resume content",
        "owner_team": "People Ops",
        "stage": "development",
        "paths": ["screener/**"],
        "risk_profile": dict(PROFILE),
        **fields,
    }
    return {name: value for name, value in whole.items() if value is not None}


def evidence(path: str, text: str, oid: str = "") -> Evidence:
    """A committed text file, parsed as collecting does."""
    oid = oid or hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    data: Any = None
    marks: Mapping[Any, Any] = {}
    line = 1
    if path.endswith((".yaml", ".yml")):
        data, marks = read_yaml(path, text.encode())
    elif path.endswith(".json"):
        data, marks = read_json(path, text.encode())
    elif path.endswith(".md"):
        data, marks, _, line = read_front_matter(path, text.encode())
    return Evidence(path, "file", oid, text, data, marks, line)


def snapshot(
    *entries: dict[str, Any],
    files: Mapping[str, str | Evidence] | None = None,
    code: Mapping[str, str] | None = None,
    manifest: str = "governance.yaml",
    vendors: list[dict[str, Any]] | None = None,
    **more: Any,
) -> Snapshot:
    """A tree with one manifest of these entries; `files` are evidence, `code` paths with their blobs."""
    found = {p: f if isinstance(f, Evidence) else evidence(p, f) for p, f in (files or {}).items()}
    raw = {"schema": "policy-gate/manifest/v1", "systems": list(entries), "vendors": vendors or []}
    if not entries and not vendors:
        raw["reason"] = "no AI here"
    content = Manifest.model_validate(raw)
    document = Document(manifest, "0" * 40, content, {})
    folder = manifest.rpartition("/")[0]
    systems = tuple(_declared(document, index, folder, code or {}) for index in range(len(content.systems)))
    return Snapshot(None, "tree", systems, (document,), found, **more)


def _declared(document: Document[Manifest], index: int, folder: str, code: Mapping[str, str]) -> DeclaredSystem:
    entry_ = document.content.systems[index]
    below = f"{folder}/" if folder else ""
    named = [item.path for item in entry_.artifacts if item.path] + [
        item.report for item in entry_.tests if item.report
    ]
    named += [entry_.model_card] if entry_.model_card else []
    claimed = [p for p in code if any(covers(below + glob, p) for glob in entry_.paths)]
    return DeclaredSystem(
        key=SystemKey(document.path, entry_.id),
        entry=entry_,
        manifest=document,
        index=index,
        vendors=tuple(vendor for vendor in document.content.vendors if vendor.id in entry_.vendors),
        files={path: below + path for path in named if not path.startswith("../")},
        code=tuple(CodeFile(path, "100644", code[path]) for path in sorted(claimed)),
    )


def improved_unassessed(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The fields of a vendor that read better than base's though nobody looked since."""
    sides = VendorTerms(was), VendorTerms(now)
    return sorted(name for name in VENDOR_TERMS if is_improved(name, *sides, None))

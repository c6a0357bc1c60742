"""A pack of law from outside, as another team writes it, and the entry of `policy-gate.yaml` that takes it in."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from world import to_yaml

REGULATION = {"id": "house-code", "title": "House code", "aliases": ["Our house code"]}
ROW: dict[str, Any] = {
    "id": "house/notice",
    "citation": "House code 1",
    "requirement": "Tell people that a machine ranks them.",
    "role": "any",
    "condition": "systems on the Union's market",
    "when": "system.eu_market",
    "applies": [{"from": "2026-01-01"}],
    "binding": "guidance",
    "evidence": ["dpia"],
    "mark": "memory",
}
PACK: dict[str, Any] = {
    "schema": "policy-gate/pack/v1",
    "id": "house",
    "title": "House code",
    "regulation": "house-code",
    "checked_on": "2026-11-01",
    "since": "2026-01-01",
    "rows": [ROW],
}


def pack_files(pack: Mapping[str, Any] = PACK, **sections: Any) -> dict[str, str]:
    """The documents of a pack by their path in it: the pack, and its regulation with more `sections`."""
    names = {"schema": "policy-gate/policy/v1", "regulations": [REGULATION], **sections}
    return {f"{pack['id']}.yaml": to_yaml(pack), "names.yaml": to_yaml(names)}


def digest_of(files: Mapping[str, str]) -> str:
    """What docs/law.md says: SHA-256 over path and bytes of each document by path, each after its length."""
    parts = [part for path in sorted(files) for part in (path.encode(), files[path].encode())]
    return "sha256:" + sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hexdigest()


def config(*packs: Any) -> str:
    """A `policy-gate.yaml` that asks for these packs."""
    return to_yaml({"schema": "policy-gate/config/v1", "repository": "example-org/screener", "packs": [*packs]})


def below(folder: str, files: Mapping[str, str]) -> dict[str, str]:
    """The files with the folder that they lie in."""
    return {f"{folder}/{path}": text for path, text in files.items()}

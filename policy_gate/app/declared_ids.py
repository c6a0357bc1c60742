"""The ids that manifests of the work tree declare, for a shell that completes them."""

from __future__ import annotations

from typing import Literal

from policy_gate.collect.inputs import load_inputs
from policy_gate.schema.check_inputs import Request

DeclaredKind = Literal["system", "vendor"]


def declared_ids(request: Request, kind: DeclaredKind) -> tuple[str, ...]:
    """Every system or vendor of the manifests that can be read, each id once, sorted."""
    with load_inputs(request) as inputs:
        manifests = [it.content for it in inputs.result.manifests]
    found = (it.systems if kind == "system" else it.vendors for it in manifests)
    return tuple(sorted({entry.id for entries in found for entry in entries}))

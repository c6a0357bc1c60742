"""Records of a registry for other programs: one module a format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from policy_gate.report.registry_exports.csv import systems_csv
from policy_gate.report.registry_exports.cyclonedx import bill_of_materials
from policy_gate.report.registry_exports.json import records_json
from policy_gate.report.registry_exports.minimum import minimum_csv, minimum_json
from policy_gate.schema.registry_record import RepositoryRecord

EXPORTS: Final[Mapping[str, Callable[[Sequence[RepositoryRecord]], str]]] = {
    "json": records_json,
    "csv": systems_csv,
    "cyclonedx": bill_of_materials,
    "minimum": minimum_csv,
    "minimum-json": minimum_json,
}

__all__ = ["EXPORTS"]

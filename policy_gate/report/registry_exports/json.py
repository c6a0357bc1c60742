"""Everything that a registry holds of repositories, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from policy_gate.report.formats.json import dumped
from policy_gate.schema.registry_record import RepositoryRecord

SCHEMA: Final = "policy-gate/registry-export/v1"


def records_json(records: Sequence[RepositoryRecord]) -> str:
    """`{"schema", "repositories": [record, …]}`."""
    return dumped({"schema": SCHEMA, "repositories": msgspec.to_builtins(list(records))})

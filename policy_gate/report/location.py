"""A place in a file as JSON values."""

from __future__ import annotations

from typing import Any

from policy_gate.schema.source import Location


def location_data(location: Location | None) -> dict[str, Any] | None:
    """`{"path", "line", "column"}`, or None."""
    if location is None:
        return None
    return {"path": location.path, "line": location.line, "column": location.column}

"""The registry in the browser."""

from __future__ import annotations

from collections.abc import Callable

from policy_gate.app.registry_database import open_registry
from policy_gate.report.sanitise import csv_cell, json_text


def serve_registry(database: str | None, host: str, port: int, *, with_sql: bool, say: Callable[[str], None]) -> None:
    """Serve a registry, read-only, until interrupted. UsageError where there is none that can be served."""
    with open_registry(database):
        from policy_gate.registry.server import Shown, serve  # noqa: PLC0415 - an extra, and slow
    serve(database, host, port, with_sql=with_sql, shown=Shown(page=json_text, cell=csv_cell), say=say)

"""The portfolio of a registry, for a page and a calendar."""

from __future__ import annotations

from datetime import date

from policy_gate import __version__
from policy_gate.app.registry_database import open_registry
from policy_gate.schema.portfolio import Portfolio


def portfolio(database: str | None, as_of: date) -> Portfolio:
    """All that a registry knew at the end of a day. UsageError where there is none to read."""
    with open_registry(database) as registry:
        from policy_gate.registry.portfolio import portfolio_of  # noqa: PLC0415 - an extra, and slow

        return portfolio_of(registry, as_of, __version__)

"""Run by Alembic for each upgrade, on the connection that `policy_gate/registry/upgrade.py` hands in."""

from __future__ import annotations

from alembic import context

from policy_gate.registry.tables import metadata
from policy_gate.registry.upgrade import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()

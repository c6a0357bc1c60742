"""The second schema: whose a waiver is, who agreed, and when it was written; empty for what was read before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from policy_gate.registry.migrations.views_1 import VIEWS

revision = "2"
down_revision = "1"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_OVER_WAIVERS = ("current_waivers", "known_waivers")


def upgrade() -> None:
    """Add the columns; views over all columns are made anew, as PostgreSQL keeps those that they began with."""
    for view in _OVER_WAIVERS:
        op.execute(f"DROP VIEW {view}")
    for name in ("owner", "approver", "created"):
        op.add_column("waivers", sa.Column(name, _TEXT, nullable=False, server_default=""))
    for view in _OVER_WAIVERS:
        op.execute(f"CREATE VIEW {view} AS {VIEWS[view]}")

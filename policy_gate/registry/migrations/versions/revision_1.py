"""The first schema: syncs, repositories, their states, the rows of a state, and views over them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from policy_gate.registry.migrations.views_1 import VIEWS

revision = "1"
down_revision = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
HOLDS = sa.text("ended_sync IS NULL")


def upgrade() -> None:
    """Make everything."""
    for make in MAKERS:
        make()
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query}")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=False, server_default="")


def _maybe(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT)


def _json(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=False, server_default="[]")


def _of_state(name: str, *rest: Any) -> None:
    op.create_table(
        name,
        sa.Column("state_id", sa.Integer, sa.ForeignKey("states.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        *rest,
    )


def _syncs() -> None:
    op.create_table(
        "syncs",
        sa.Column("id", sa.Integer, primary_key=True),
        _text("started_at"),
        _maybe("finished_at"),
        _text("tool_version"),
        sa.Column("repositories", sa.Integer, nullable=False, server_default="0"),
        sa.Column("changed", sa.Integer, nullable=False, server_default="0"),
        sa.Column("failed", sa.Integer, nullable=False, server_default="0"),
    )


def _repositories() -> None:
    op.create_table(
        "repositories",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", TEXT, nullable=False, unique=True),
        _text("source"),
        _text("asked_for"),
        _maybe("commit_id"),
        _text("as_of"),
        sa.Column("first_sync", sa.Integer, sa.ForeignKey("syncs.id"), nullable=False),
        sa.Column("last_sync", sa.Integer, sa.ForeignKey("syncs.id"), nullable=False),
        _text("error"),
        sa.Column("forgotten_sync", sa.Integer, sa.ForeignKey("syncs.id")),
    )


def _states() -> None:
    op.create_table(
        "states",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("repository_id", sa.Integer, sa.ForeignKey("repositories.id"), nullable=False),
        _text("digest"),
        _text("asked_for"),
        _maybe("commit_id"),
        _text("branch"),
        _text("as_of"),
        _text("tool_version"),
        _text("policies_digest"),
        sa.Column("governed", sa.Boolean, nullable=False, server_default=sa.false()),
        _text("verdict"),
        _text("headline"),
        sa.Column("first_sync", sa.Integer, sa.ForeignKey("syncs.id"), nullable=False),
        sa.Column("ended_sync", sa.Integer, sa.ForeignKey("syncs.id")),
    )
    op.create_index("ix_states_repository_id_first_sync", "states", ["repository_id", "first_sync"])
    op.create_index("ix_states_ended_sync", "states", ["ended_sync"])
    op.create_index(
        "uq_states_current", "states", ["repository_id"], unique=True, sqlite_where=HOLDS, postgresql_where=HOLDS
    )


def _systems() -> None:
    _of_state(
        "systems",
        _text("system"),
        _text("name"),
        _text("manifest"),
        _text("description"),
        _text("owner_team"),
        _text("incident_contact"),
        _text("stage"),
        _maybe("stage_since"),
        _text("deployment_date"),
        _maybe("enrolled"),
        _text("tier"),
        _text("effective_tier"),
        sa.Column("score", sa.Integer),
        sa.Column("score_low", sa.Integer, nullable=False, server_default="0"),
        sa.Column("score_high", sa.Integer, nullable=False, server_default="0"),
        _json("required_controls"),
        _text("verdict"),
        _maybe("next_due"),
        _text("next_due_title"),
        _text("subject_digest"),
        _json("paths"),
        _maybe("facts"),
        sa.Column("has_risk_profile", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_index("ix_systems_system", "systems", ["system"])
    op.create_index("ix_systems_owner_team", "systems", ["owner_team"])
    op.create_index("ix_systems_effective_tier", "systems", ["effective_tier"])
    op.create_index("ix_systems_stage", "systems", ["stage"])
    op.create_index("ix_systems_next_due", "systems", ["next_due"])


def _system_laws() -> None:
    _of_state(
        "system_laws",
        _text("system"),
        _text("kind"),
        _text("law"),
    )
    op.create_index("ix_system_laws_law", "system_laws", ["law"])


def _system_risks() -> None:
    _of_state(
        "system_risks",
        _text("system"),
        _text("dimension"),
        _text("level"),
    )
    op.create_index("ix_system_risks_dimension_level", "system_risks", ["dimension", "level"])


def _gates() -> None:
    _of_state(
        "gates",
        _text("system"),
        _text("gate"),
        _text("title"),
        _text("verdict"),
        _json("missing"),
    )
    op.create_index("ix_gates_gate", "gates", ["gate"])


def _findings() -> None:
    _of_state(
        "findings",
        _text("finding"),
        _text("system"),
        _text("state"),
        _text("enforcement"),
        _text("blame"),
        _text("kind"),
        _text("subject"),
        _text("title"),
        _text("message"),
        _maybe("due"),
        _json("responsible"),
        _json("accountable"),
        _json("rules"),
        _maybe("waiver"),
        _text("path"),
        sa.Column("line", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_index("ix_findings_finding", "findings", ["finding"])
    op.create_index("ix_findings_due", "findings", ["due"])


def _law_rows() -> None:
    _of_state(
        "law_rows",
        _text("system"),
        _text("regulation"),
        _text("law_row"),
        _text("title"),
        _text("state"),
        _maybe("applies_from"),
        _maybe("due"),
    )
    op.create_index("ix_law_rows_regulation", "law_rows", ["regulation"])


def _vendors() -> None:
    _of_state(
        "vendors",
        _text("system"),
        _text("vendor"),
        _text("vendor_name"),
        _text("product_name"),
        _text("access_type"),
        _text("data_sent"),
        sa.Column("sends_personal_data", sa.Boolean),
        sa.Column("has_dpa", sa.Boolean),
        _text("risk"),
        sa.Column("score", sa.Integer),
        _json("open"),
        _maybe("assessed_on"),
        _maybe("review_due"),
    )
    op.create_index("ix_vendors_vendor", "vendors", ["vendor"])


def _models() -> None:
    _of_state(
        "models",
        _text("system"),
        _text("model"),
        _text("vendor"),
        _text("origin"),
        sa.Column("pinned", sa.Boolean),
        _maybe("retires"),
        _text("path"),
    )
    op.create_index("ix_models_model", "models", ["model"])


def _incidents() -> None:
    _of_state(
        "incidents",
        _text("incident"),
        _text("system"),
        _text("type"),
        _text("severity"),
        _text("state"),
        _text("path"),
        _maybe("occurred_at"),
        _maybe("detected_at"),
        _maybe("resolved_at"),
    )
    op.create_index("ix_incidents_incident", "incidents", ["incident"])


def _clocks() -> None:
    _of_state(
        "clocks",
        sa.Column("incident_position", sa.Integer, nullable=False),
        _text("incident"),
        _text("system"),
        _text("clock"),
        _text("state"),
        _maybe("deadline"),
    )
    op.create_index("ix_clocks_deadline", "clocks", ["deadline"])


def _approvals() -> None:
    _of_state(
        "approvals",
        _text("system"),
        _text("purpose"),
        _text("role"),
        _text("approver"),
        _text("approved_on"),
        _maybe("expires"),
        _text("subject_digest"),
        sa.Column("verified", sa.Boolean),
        _text("path"),
    )
    op.create_index("ix_approvals_approver", "approvals", ["approver"])


def _waivers() -> None:
    _of_state(
        "waivers",
        _text("system"),
        _text("rule"),
        _text("reason"),
        _text("expires"),
        _text("state"),
        _text("ticket"),
    )
    op.create_index("ix_waivers_expires", "waivers", ["expires"])


def _due_dates() -> None:
    _of_state(
        "due_dates",
        _text("system"),
        _text("kind"),
        _text("title"),
        _text("day"),
        _text("owner"),
    )
    op.create_index("ix_due_dates_day", "due_dates", ["day"])


def _ai_uses() -> None:
    _of_state(
        "ai_uses",
        _text("path"),
        _text("ai_product"),
        _text("kind"),
        _text("system"),
    )
    op.create_index("ix_ai_uses_ai_product", "ai_uses", ["ai_product"])


MAKERS = (
    _syncs,
    _repositories,
    _states,
    _systems,
    _system_laws,
    _system_risks,
    _gates,
    _findings,
    _law_rows,
    _vendors,
    _models,
    _incidents,
    _clocks,
    _approvals,
    _waivers,
    _due_dates,
    _ai_uses,
)

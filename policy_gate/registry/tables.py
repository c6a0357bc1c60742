"""The tables of the registry. docs/registry.md draws them; the migrations make them.

A repository has states, a state has rows, and a row belongs to its state by `state_id` and has its place in it by
`position`. Nothing of a state is changed but the sync that ended it. Days and instants are ISO 8601 texts, which sort
as they are; lists that nobody filters by are JSON texts.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

TEXT: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text that sorts by code point in every database."""

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    }
)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=False, server_default="")


def _maybe(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT)


def _json(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=False, server_default="[]")


def _of_state(name: str, *rest: Any) -> sa.Table:
    """A table whose rows belong to a state."""
    return sa.Table(
        name,
        metadata,
        sa.Column("state_id", sa.Integer, sa.ForeignKey("states.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        *rest,
    )


syncs = sa.Table(
    "syncs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _text("started_at"),
    _maybe("finished_at"),
    _text("tool_version"),
    sa.Column("repositories", sa.Integer, nullable=False, server_default="0"),
    sa.Column("changed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("failed", sa.Integer, nullable=False, server_default="0"),
)
"""One row a sync; `finished_at` is empty while it runs, and for ever where it was stopped."""

repositories = sa.Table(
    "repositories",
    metadata,
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
"""One row a repository: what it was last read for, and why that failed, if it did; `forgotten_sync` where it is none
of ours any more.

`last_sync` is the last that read it; one that had nothing new to ask passed it by.
"""

states = sa.Table(
    "states",
    metadata,
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
    sa.Index("ix_states_repository_id_first_sync", "repository_id", "first_sync"),
    sa.Index("ix_states_ended_sync", "ended_sync"),
    sa.Index(
        "uq_states_current",
        "repository_id",
        unique=True,
        sqlite_where=sa.text("ended_sync IS NULL"),
        postgresql_where=sa.text("ended_sync IS NULL"),
    ),
)
"""One row for each content that a repository had; the one that holds has no `ended_sync`."""

systems = _of_state(
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
    sa.Index("ix_systems_system", "system"),
    sa.Index("ix_systems_owner_team", "owner_team"),
    sa.Index("ix_systems_effective_tier", "effective_tier"),
    sa.Index("ix_systems_stage", "stage"),
    sa.Index("ix_systems_next_due", "next_due"),
)

system_laws = _of_state(
    "system_laws",
    _text("system"),
    _text("kind"),
    _text("law"),
    sa.Index("ix_system_laws_law", "law"),
)
"""The laws of each system: `kind` is `class` for its class under one, `regulation` for one that it is in scope of."""

system_risks = _of_state(
    "system_risks",
    _text("system"),
    _text("dimension"),
    _text("level"),
    sa.Index("ix_system_risks_dimension_level", "dimension", "level"),
)
"""The risk profile of each system, one row a dimension."""

gates = _of_state(
    "gates",
    _text("system"),
    _text("gate"),
    _text("title"),
    _text("verdict"),
    _json("missing"),
    sa.Index("ix_gates_gate", "gate"),
)

findings = _of_state(
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
    sa.Index("ix_findings_finding", "finding"),
    sa.Index("ix_findings_due", "due"),
)

law_rows = _of_state(
    "law_rows",
    _text("system"),
    _text("regulation"),
    _text("law_row"),
    _text("title"),
    _text("state"),
    _maybe("applies_from"),
    _maybe("due"),
    sa.Index("ix_law_rows_regulation", "regulation"),
)

vendors = _of_state(
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
    sa.Index("ix_vendors_vendor", "vendor"),
)

models = _of_state(
    "models",
    _text("system"),
    _text("model"),
    _text("vendor"),
    _text("origin"),
    sa.Column("pinned", sa.Boolean),
    _maybe("retires"),
    _text("path"),
    sa.Index("ix_models_model", "model"),
)

incidents = _of_state(
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
    sa.Index("ix_incidents_incident", "incident"),
)

clocks = _of_state(
    "clocks",
    sa.Column("incident_position", sa.Integer, nullable=False),
    _text("incident"),
    _text("system"),
    _text("clock"),
    _text("state"),
    _maybe("deadline"),
    sa.Index("ix_clocks_deadline", "deadline"),
)
"""The legal clocks of incidents; `incident_position` is the place of the incident in its state."""

approvals = _of_state(
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
    sa.Index("ix_approvals_approver", "approver"),
)

waivers = _of_state(
    "waivers",
    _text("system"),
    _text("rule"),
    _text("reason"),
    _text("expires"),
    _text("state"),
    _text("ticket"),
    _text("owner"),
    _text("approver"),
    _text("created"),
    sa.Index("ix_waivers_expires", "expires"),
)

due_dates = _of_state(
    "due_dates",
    _text("system"),
    _text("kind"),
    _text("title"),
    _text("day"),
    _text("owner"),
    sa.Index("ix_due_dates_day", "day"),
)

ai_uses = _of_state(
    "ai_uses",
    _text("path"),
    _text("ai_product"),
    _text("kind"),
    _text("system"),
    sa.Index("ix_ai_uses_ai_product", "ai_product"),
)

OF_STATE: Final = tuple(table for table in metadata.sorted_tables if "position" in table.c)
"""Every table whose rows belong to a state."""

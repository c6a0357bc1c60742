"""The views of revision 1, named for what they answer; the same text for SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Final

_OF_STATE = (
    "systems",
    "system_laws",
    "system_risks",
    "gates",
    "findings",
    "law_rows",
    "vendors",
    "models",
    "incidents",
    "clocks",
    "approvals",
    "waivers",
    "due_dates",
    "ai_uses",
)
_TODAY = "CAST(CURRENT_DATE AS TEXT)"
_STATE = "JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id"
_TEAM = "LEFT JOIN current_systems y ON y.state_id = x.state_id AND y.system = x.system"


def _current(table: str) -> str:
    return f"SELECT r.name AS repository, x.* FROM {table} x {_STATE} WHERE s.ended_sync IS NULL"  # noqa: S608 - ours


def _known(table: str) -> str:
    return (
        "SELECT r.name AS repository, b.started_at AS known_from, e.started_at AS known_until, "  # noqa: S608 - ours
        f"s.commit_id AS commit_id, x.* FROM {table} x {_STATE} "
        "JOIN syncs b ON b.id = s.first_sync LEFT JOIN syncs e ON e.id = s.ended_sync"
    )


_REPOSITORIES = """
SELECT r.id AS repository_id, r.name AS repository, r.source, r.error, r.commit_id, r.as_of, s.id AS state_id, s.branch,
  s.commit_id AS state_commit_id, s.governed, s.verdict, s.headline, s.policies_digest, s.tool_version,
  b.started_at AS known_from, l.started_at AS last_read_at
FROM repositories r
LEFT JOIN states s ON s.repository_id = r.id AND s.ended_sync IS NULL
LEFT JOIN syncs b ON b.id = s.first_sync
JOIN syncs l ON l.id = r.last_sync
WHERE r.forgotten_sync IS NULL
"""
_DUE_CALENDAR = f"""
SELECT x.repository, x.system, x.kind, x.title, x.day, x.owner, COALESCE(y.owner_team, '') AS owner_team
FROM current_due_dates x {_TEAM}
UNION
SELECT x.repository, x.system, 'finding', x.title, x.due, '', COALESCE(y.owner_team, '')
FROM current_findings x {_TEAM}
WHERE x.due IS NOT NULL
"""  # noqa: S608 - ours
_OVERDUE = f"SELECT * FROM due_calendar WHERE day < {_TODAY}"  # noqa: S608 - ours
_OVERDUE_BY_TEAM = """
SELECT owner_team, COUNT(*) AS overdue, MIN(day) AS oldest FROM overdue GROUP BY owner_team
"""
_GAPS_BY_TEAM = f"""
SELECT COALESCE(y.owner_team, '') AS owner_team, x.enforcement, x.state, COUNT(*) AS findings,
  COUNT(DISTINCT x.repository || ' ' || x.system) AS systems
FROM current_findings x {_TEAM}
GROUP BY COALESCE(y.owner_team, ''), x.enforcement, x.state
"""  # noqa: S608 - ours
_BY_TIER_AND_STAGE = """
SELECT effective_tier AS tier, stage, COUNT(*) AS systems FROM current_systems GROUP BY effective_tier, stage
"""
_EMPLOYMENT = """
SELECT y.repository, y.system, y.name, y.owner_team, y.stage, y.effective_tier, y.verdict,
  CASE
    WHEN x.level = 'employment' THEN 'decision impact'
    WHEN y.facts LIKE '%"employment"%' THEN 'stated fact'
    ELSE 'unknown'
  END AS said_by
FROM current_systems y
LEFT JOIN system_risks x ON x.state_id = y.state_id AND x.system = y.system AND x.dimension = 'decision_impact'
WHERE x.level = 'employment' OR y.facts LIKE '%"employment"%' OR (x.level IS NULL AND y.facts IS NULL)
"""
_WITHOUT_AGREEMENT = f"""
SELECT x.repository, x.system, COALESCE(y.owner_team, '') AS owner_team, x.vendor, x.vendor_name, x.data_sent,
  x.sends_personal_data, x.has_dpa
FROM current_vendors x {_TEAM}
WHERE (x.sends_personal_data IS NULL OR x.sends_personal_data) AND (x.has_dpa IS NULL OR NOT x.has_dpa)
"""  # noqa: S608 - ours
_RETIRED = f"""
SELECT x.repository, x.system, COALESCE(y.owner_team, '') AS owner_team, y.stage, x.model, x.vendor, x.retires
FROM current_models x {_TEAM}
WHERE x.retires IS NOT NULL AND x.retires <= {_TODAY}
"""  # noqa: S608 - ours
_UNDECLARED = """
SELECT x.repository, COALESCE(s.governed, false) AS governed, x.path, x.ai_product, x.kind
FROM current_ai_uses x JOIN states s ON s.id = x.state_id
WHERE x.system = ''
"""
_LAW_EXPOSURE = f"""
SELECT x.repository, x.system, COALESCE(y.owner_team, '') AS owner_team, x.regulation, x.law_row, x.title, x.state,
  x.applies_from, x.due
FROM current_law_rows x {_TEAM}
"""  # noqa: S608 - ours
_TREND = """
SELECT c.id AS sync_id, c.started_at, y.effective_tier AS tier, COUNT(*) AS systems,
  SUM(CASE WHEN y.verdict = 'pass' THEN 1 ELSE 0 END) AS passing
FROM syncs c
JOIN states s ON s.first_sync <= c.id AND (s.ended_sync IS NULL OR s.ended_sync > c.id)
JOIN systems y ON y.state_id = s.id
GROUP BY c.id, c.started_at, y.effective_tier
"""

VIEWS: Final = {
    **{f"current_{table}": _current(table) for table in _OF_STATE},
    **{f"known_{table}": _known(table) for table in _OF_STATE},
    "current_repositories": _REPOSITORIES,
    "due_calendar": _DUE_CALENDAR,
    "overdue": _OVERDUE,
    "overdue_by_team": _OVERDUE_BY_TEAM,
    "gaps_by_team": _GAPS_BY_TEAM,
    "systems_by_tier_and_stage": _BY_TIER_AND_STAGE,
    "decides_about_employment": _EMPLOYMENT,
    "personal_data_without_agreement": _WITHOUT_AGREEMENT,
    "retired_models_in_use": _RETIRED,
    "undeclared_ai": _UNDECLARED,
    "law_exposure": _LAW_EXPOSURE,
    "systems_by_sync": _TREND,
}
"""By name, in the order in which they can be made: a later one may stand on an earlier."""

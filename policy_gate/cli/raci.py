"""`policy-gate raci`: who does, answers for, is asked about and is told of each activity."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from policy_gate.cli import options
from policy_gate.cli.output import as_json, tell
from policy_gate.cli.policies_here import policies_here
from policy_gate.documents.spelling import choices_hint, refuse_unknown
from policy_gate.schema.rule_set import RuleSet


@click.command(short_help="Show who does and who answers for what.")
@click.argument("activity", required=False)
@options.text_or_json
@options.policies
@options.directory
def raci(*, activity: str | None, formats: Any, policies: Path | None, directory: Path) -> int:
    """Show the RACI matrix, or one ACTIVITY of it.

    \b
    Examples:
      policy-gate raci
      policy-gate raci risk-tier-classification --format json
    """
    policy = policies_here(directory, policies)
    rows = _rows(policy, activity)
    tell(formats, {"text": lambda _: _text(rows, policy), "json": lambda _: as_json({"activities": rows})})
    return 0


def _rows(policy: RuleSet, activity: str | None) -> list[dict[str, Any]]:
    refuse_unknown("activity", () if activity is None else (activity,), policy.raci, choices_hint)
    return [
        {
            "id": spec.id,
            "title": spec.title,
            "responsible": list(spec.responsible),
            "accountable": spec.accountable,
            "consulted": list(spec.consulted),
            "informed": list(spec.informed),
        }
        for spec in policy.raci.values()
        if activity in (None, spec.id)
    ]


def _text(rows: list[dict[str, Any]], policy: RuleSet) -> str:
    def titles(roles: list[str]) -> str:
        return ", ".join(policy.roles[role].title if role in policy.roles else role for role in roles)

    blocks = []
    for row in rows:
        lines = [f"{row['title']}  ({row['id']})", f"  responsible  {titles(row['responsible'])}"]
        lines.append(f"  accountable  {titles([row['accountable']])}")
        lines += [f"  {word:<11}  {titles(row[word])}" for word in ("consulted", "informed") if row[word]]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)

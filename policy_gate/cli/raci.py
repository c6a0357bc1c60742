"""`policy-gate raci`: who does, answers for, is asked about and is told of each activity."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from policy_gate.cli import options
from policy_gate.cli.completing_rules import completing_rules
from policy_gate.cli.output import as_json, tell
from policy_gate.cli.policies_here import people_here, policies_here
from policy_gate.documents.spelling import choices_hint, refuse_unknown
from policy_gate.report.views.raci import raci_text
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.rule_set import RuleSet


@click.command(short_help="Show who does and who answers for what.")
@click.argument("activity", required=False, shell_complete=completing_rules("activity"))
@click.option("--held", is_flag=True, help="Show instead who held the roles of it on the branch, and since when.")
@options.base
@options.text_or_json
@options.policies
@options.directory
def raci(
    *, activity: str | None, held: bool, base: str | None, formats: Any, policies: Path | None, directory: Path
) -> int:
    """Show the RACI matrix, or one ACTIVITY of it, with the people whom policies/roles.yaml names.

    \b
    Examples:
      policy-gate raci
      policy-gate raci risk-tier-classification --format json
      policy-gate raci --held
      policy-gate raci risk-tier-classification --held
    """
    policy = policies_here(directory, policies)
    rows = _rows(policy, activity)
    if held:
        asked = {role for row in rows for role in _roles_of(row)} if activity else None
        _tell_held(options.request(directory, base=base), asked, policy, formats)
        return 0
    if base is not None:
        raise click.UsageError("--base says whose holders are shown, so it needs --held")
    people = people_here(directory)
    titles = {role: spec.title for role, spec in policy.roles.items()}
    views = {
        "text": lambda render: raci_text(rows, titles, people, render),
        "json": lambda _: as_json({"activities": [row | _named(row, people) for row in rows]}),
    }
    tell(formats, views)
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


def _roles_of(row: dict[str, Any]) -> tuple[str, ...]:
    return (*row["responsible"], row["accountable"], *row["consulted"], *row["informed"])


def _named(row: dict[str, Any], people: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """By role the people of one row; nothing where roles.yaml names nobody at all."""
    return {"people": {role: list(people[role]) for role in _roles_of(row) if role in people}} if people else {}


def _tell_held(request: Request, asked: set[str] | None, policy: RuleSet, formats: Any) -> None:
    from policy_gate.app.role_history import role_history  # noqa: PLC0415 - the matrix asks no git
    from policy_gate.report.views.role_history import role_history_json, role_history_text  # noqa: PLC0415

    found = role_history(request)
    if asked is not None:
        found = replace(found, tenures=tuple(it for it in found.tenures if it.role in asked))
    titles = {role: spec.title for role, spec in policy.roles.items()}
    views = {
        "text": lambda render: role_history_text(found, titles, render),
        "json": lambda _: role_history_json(found, titles),
    }
    tell(formats, views)

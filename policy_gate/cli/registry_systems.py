"""`policy-gate registry list`, `show`, `history` and `export`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from policy_gate.app.registry_systems import history_of_system, list_systems, records_to_export, show_system
from policy_gate.cli import options
from policy_gate.cli import registry_options as shared
from policy_gate.cli.output import one_line, say, tell
from policy_gate.report.registry_exports import EXPORTS
from policy_gate.report.views.registry_systems import (
    history_json,
    history_text,
    system_json,
    system_list_csv,
    system_list_json,
    system_list_text,
    system_text,
)

SORTS = ("repository", "id", "name", "tier", "score", "stage", "owner", "verdict", "due")
system = click.argument("system", metavar="ID", shell_complete=shared.completed_systems)


@click.command("list", short_help="List systems, by tier, law, owner, vendor and more.")
@shared.filters
@click.option("--sort", type=click.Choice(SORTS), default="repository", show_default=True, help="What to sort by.")
@click.option("--reverse", is_flag=True, help="The other way round.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="Only the first N.")
@shared.as_of
@options.formats(("text", "json", "csv"))
@shared.output
@shared.database
@options.directory
def list_(
    *, formats: Any, output: Path | None, database: str | None, directory: Path, as_of: date | None, **given: Any
) -> int:
    """List the systems of all repositories. Several values of one option mean any of them, several options all.

    Upper and lower case do not matter, and `*` stands for anything.

    \b
    Examples:
      policy-gate registry list --tier high --tier critical --sort due
      policy-gate registry list --overdue --owner 'People Ops'
      policy-gate registry list --model 'claude-*' --as-of 2027-01-31 --format json
      policy-gate registry list --tier high --format csv=high.csv

    Exit codes: 0 told, 2 there is no such registry, or it cannot be read.
    """
    found = list_systems(database, shared.asked_for(as_of, **given))
    for sentence in found.unmatched:
        say(one_line(sentence))
    views = {"text": lambda render: system_list_text(found, render), "json": lambda _: system_list_json(found)}
    views["csv"] = lambda _: system_list_csv(found)
    tell(shared.directed(formats, output, "text"), views)
    return 0


@click.command(short_help="Show all that is known of one system.")
@system
@shared.repository
@shared.as_of
@options.text_or_json
@shared.output
@shared.database
@options.directory
def show(
    *,
    system: str,
    repository: str | None,
    as_of: date | None,
    formats: Any,
    output: Path | None,
    database: str | None,
    directory: Path,
) -> int:
    """Show all that is known of a system: what it owes, who approved what, vendors, models, law, incidents, dates.

    \b
    Examples:
      policy-gate registry show SYS-001
      policy-gate registry show SYS-001 --repository acme/screener --as-of 2027-01-31

    Exit codes: 0 told, 2 there is no such system, or several repositories have one.
    """
    records = show_system(database, system, repository, as_of)
    views = {"text": lambda render: system_text(records, render), "json": lambda _: system_json(records)}
    tell(shared.directed(formats, output, "text"), views)
    return 0


@click.command(short_help="Show what changed in one system, and when.")
@system
@shared.repository
@options.text_or_json
@shared.output
@shared.database
@options.directory
def history(
    *, system: str, repository: str | None, formats: Any, output: Path | None, database: str | None, directory: Path
) -> int:
    """Show what changed in a system from sync to sync: stage, tier, the answers behind it, verdict, law, owner, whom to
    call, vendors, models, findings, incidents, waivers, approvals.

    \b
    Examples:
      policy-gate registry history SYS-001
      policy-gate registry history SYS-001 --repository acme/screener --format json

    Exit codes: 0 told, 2 there is no such system, or several repositories have one.
    """
    entries = history_of_system(database, system, repository)
    views = {"text": lambda render: history_text(entries, render), "json": lambda _: history_json(entries)}
    tell(shared.directed(formats, output, "text"), views)
    return 0


@click.command(short_help="Write systems for other programs: JSON, CSV, CycloneDX.")
@shared.filters
@shared.as_of
@options.formats(tuple(EXPORTS))
@shared.output
@shared.database
@options.directory
def export(
    *, formats: Any, output: Path | None, database: str | None, directory: Path, as_of: date | None, **given: Any
) -> int:
    """Write what the registry holds, or of the systems chosen: json (all of it), csv, cyclonedx, minimum(-json).

    cyclonedx is a bill of materials of CycloneDX 1.6; minimum is a table of what every register of AI systems has,
    and minimum-json the same as JSON.

    \b
    Examples:
      policy-gate registry export --format json -o registry.json
      policy-gate registry export --format cyclonedx=aibom.json --stage production
      policy-gate registry export --format minimum --tier high

    Exit codes: 0 written, 2 there is no such registry, or it cannot be read.
    """
    records = records_to_export(database, shared.asked_for(as_of, **given))

    def view(name: str) -> Any:
        return lambda _: EXPORTS[name](records)

    tell(shared.directed(formats, output, "json"), {name: view(name) for name in EXPORTS})
    return 0

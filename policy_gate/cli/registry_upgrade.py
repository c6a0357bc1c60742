"""`policy-gate registry upgrade`: bring a database to the schema of this version."""

from __future__ import annotations

from pathlib import Path

import click

from policy_gate.app.registry_database import upgrade_registry
from policy_gate.cli import options
from policy_gate.cli.output import show
from policy_gate.cli.registry_options import database


@click.command(short_help="Bring the database to the schema of this version.")
@database
@options.directory
def upgrade(*, database: str | None, directory: Path) -> int:
    """Bring the database to the schema of this version; no row is lost. `registry sync` does the same by itself.

    \b
    Examples:
      policy-gate registry upgrade
      policy-gate registry upgrade --db postgresql://registry@db.example/governance

    Exit codes: 0 it has the newest schema, 2 it cannot be used, or is newer than this version.
    """
    show(f"the registry has schema {upgrade_registry(database)}, the newest")
    return 0

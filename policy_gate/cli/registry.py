"""`policy-gate registry`: what many repositories hold, in one database."""

from __future__ import annotations

from typing import Final

import click

from policy_gate.cli.app import CONTEXT, LazyGroup

COMMANDS: Final = {
    "sync": "registry_sync:sync",
    "record": "registry_sync:record",
    "list": "registry_systems:list_",
    "show": "registry_systems:show",
    "history": "registry_systems:history",
    "export": "registry_systems:export",
    "forget": "registry_forget:forget",
    "upgrade": "registry_upgrade:upgrade",
    "ask": "registry_ask:ask",
    "report": "registry_report:report",
    "serve": "registry_serve:serve",
}


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    context_settings=CONTEXT,
    short_help="What all repositories hold, in one database.",
)
def registry() -> None:
    """Keep what many repositories say of their AI systems in one database, and ask it.

    It is a file of SQLite, registry.db of this folder, or a database of PostgreSQL. A password is best kept out of
    the command line: in ~/.pgpass, in PGPASSWORD, or with the whole URL in POLICY_GATE_REGISTRY.

    \b
    Examples:
      policy-gate registry sync ~/src
      policy-gate registry list --tier high --overdue
      policy-gate registry ask overdue-by-team
      policy-gate registry report --html portfolio.html
    """

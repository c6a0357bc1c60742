"""`policy-gate discover`: AI use in the code, and which system claims it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from policy_gate.app.discover import discover as discovered
from policy_gate.cli import options
from policy_gate.cli.output import tell
from policy_gate.report.views.discover import discovered_json, discovered_text


@click.command(short_help="Show AI use in the code, and what claims it.")
@click.option("--base", metavar="REF", help="Only what is new since this branch or commit.")
@options.text_or_json
@options.directory
def discover(*, base: str | None, formats: Any, directory: Path) -> int:
    """Show AI use in the code by file and line, and which system claims it.

    Reads the files as they are now: imports, calls, names of models, hosts, weights, prompts and
    dependencies. What could not be looked into is told, too. It judges nothing: `check` does.

    \b
    Examples:
      policy-gate discover
      policy-gate discover --base main
      policy-gate discover --format json

    Exit codes: 0 told.
    """
    asked = options.request(directory, base=base, worktree=True, everything=base is None)
    found = discovered(asked)
    told = (found.signals, found.claimed, found.unread, found.files)
    views = {
        "text": lambda render: discovered_text(*told, found.since, render),
        "json": lambda _: discovered_json(*told),
    }
    tell(formats, views)
    return 0

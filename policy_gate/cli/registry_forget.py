"""`policy-gate registry forget`: a repository that is none of ours any more."""

from __future__ import annotations

from pathlib import Path

import click

from policy_gate.app.registry_forget import forget_repositories
from policy_gate.cli import options
from policy_gate.cli.output import one_line, show
from policy_gate.cli.registry_options import database


@click.command(short_help="Take out a repository that is gone; its past is kept.")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@database
@options.directory
def forget(*, names: tuple[str, ...], database: str | None, directory: Path) -> int:
    """Take repositories that are gone out of what the registry says now; what was known of them is kept as the past.

    It is for one that was deleted or given away, and for a source that never was one. A sync that reads it again
    brings it back.

    \b
    Examples:
      policy-gate registry forget acme/old-screener
      policy-gate registry forget mistyped --db postgresql://db.example.org/registry

    Exit codes: 0 done, 2 there is no such repository, or the registry cannot be written.
    """
    at = options.now().isoformat().replace("+00:00", "Z")
    for name, was_known in forget_repositories(database, names, at):
        said = "what was known of it ends today, and is kept" if was_known else "nothing was known of it"
        show(one_line(f"forgotten: {name}; {said}"))
    return 0

"""`policy-gate registry serve`: the registry in the browser, read-only."""

from __future__ import annotations

from pathlib import Path

import click

from policy_gate.app.registry_server import serve_registry
from policy_gate.cli import options
from policy_gate.cli.output import say
from policy_gate.cli.registry_options import database


@click.command(short_help="Show the registry in the browser, read-only.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port to listen on. Default: a free one.")
@click.option("--sql", "with_sql", is_flag=True, help="Let visitors write SQL of their own; it can only read.")
@database
@options.directory
def serve(*, host: str, port: int, with_sql: bool, database: str | None, directory: Path) -> int:
    """Show the registry in the browser: its tables, and the named questions as queries with titles.

    It answers GET alone, reads the file and never writes it, and listens on this machine only unless --host says
    otherwise. It asks nobody who they are: put it behind something that does before others can reach it.

    \b
    Examples:
      policy-gate registry serve
      policy-gate registry serve --port 8001 --db governance.db

    Exit codes: 0 ended, 2 no registry to serve, or a port that cannot be had.
    """
    serve_registry(database, host, port, with_sql=with_sql, say=say)
    return 0

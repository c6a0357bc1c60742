"""Options that the commands of `policy-gate registry` share."""

from __future__ import annotations

from typing import Final

import click

DATABASE: Final = "POLICY_GATE_REGISTRY"

database = click.option(
    "--db",
    "database",
    envvar=DATABASE,
    metavar="URL",
    help=f"A file, or postgresql://HOST/NAME. Default: {DATABASE}, else registry.db here.",
)

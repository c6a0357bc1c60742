"""Asking before something is written: on a terminal, and never where nobody could answer."""

from __future__ import annotations

import sys

import click

from policy_gate.cli.output import one_line
from policy_gate.errors import UsageError


def confirm(yes: bool, query: str) -> None:
    """Go on only with `--yes` or an answer; UsageError where there is no terminal to ask on."""
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("nothing was written: there is no terminal to ask on", hint="look at it, then add --yes")
    click.confirm(one_line(query), abort=True)

"""`policy-gate registry report`: all systems on one page, and what falls due as a calendar."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from policy_gate.app.registry_portfolio import portfolio
from policy_gate.cli import options
from policy_gate.cli.output import write_file
from policy_gate.cli.registry_options import database
from policy_gate.errors import UsageError
from policy_gate.report.views.portfolio import portfolio_html, portfolio_ics


@click.command(short_help="Write all systems as one page, and what falls due as a calendar.")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="The page, which opens offline.")
@click.option("--ics", type=click.Path(path_type=Path), metavar="FILE", help="What falls due, for calendar programs.")
@click.option("--as-of", "--on", "as_of", callback=options.day, metavar="DATE", help="As of this day. Default: today.")
@database
@options.directory
def report(*, html: Path | None, ics: Path | None, as_of: date | None, database: str | None, directory: Path) -> int:
    """Write a page of all systems: tiers and stages, gaps by team, law with its days, what falls due, and the trend.

    Repositories with AI and no system, and those that could not be read, stand on it, too.

    \b
    Examples:
      policy-gate registry report --html portfolio.html
      policy-gate registry report --html june.html --as-of 2026-06-30
      policy-gate registry report --ics due.ics

    Exit codes: 0 written, 2 no registry to read, or a file that cannot be written.
    """
    if html is None and ics is None:
        raise UsageError("nothing to write", hint="give --html FILE, --ics FILE, or both")
    found = portfolio(database, as_of or options.today())
    if html is not None:
        write_file(html, portfolio_html(found))
    if ics is not None:
        write_file(ics, portfolio_ics(found))
    return 0

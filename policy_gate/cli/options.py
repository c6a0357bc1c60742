"""Options that several commands share, and the Request they make."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from policy_gate.cli.output import Format
from policy_gate.schema.dates import end_of_day
from policy_gate.schema.papers import Request

F = TypeVar("F", bound=Callable[..., Any])


class Day(click.ParamType):
    """A calendar date, YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f'"{value}" is no date (got {value}, expected YYYY-MM-DD)')


def _inherited(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path:
    """DIR of the command, relative to the DIR given before the command's name."""
    outer: Path = ctx.find_object(Path) or Path()
    inner = outer / value if value is not None else outer
    if not inner.is_dir():
        raise click.BadParameter(f'there is no folder "{inner}"', ctx, param)
    return inner


directory = click.option(
    "-C",
    "directory",
    type=click.Path(path_type=Path),
    callback=_inherited,
    metavar="DIR",
    help="Run as if started in DIR.",
)
base = click.option(
    "--base", metavar="REF", help="The branch merged into. Default: what CI names, else origin/HEAD, else main."
)
head = click.option("--head", default="HEAD", metavar="REF", show_default=True, help="The commit proposed.")
worktree = click.option("--worktree", is_flag=True, help="Judge the files as they are, uncommitted ones too.")
systems = click.option("--system", "systems", multiple=True, metavar="ID", help="Only this system; may be repeated.")
as_of = click.option("--as-of", type=Day(), metavar="DATE", help="Judge as on this date (a replay; does not bind).")
policies = click.option(
    "--policies",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="The organisation's layer of rules.",
)


def formats(known: Sequence[str]) -> Callable[[F], F]:
    """`--format NAME[=FILE]`, repeated."""
    return click.option(
        "--format",
        "formats",
        type=Format(known),
        multiple=True,
        metavar="NAME[=FILE]",
        help="How to tell it, and where to; may be repeated.",
    )


text_or_json = formats(("text", "json"))


def today() -> date:
    """The calendar date now, UTC."""
    return datetime.now(UTC).date()


def request(directory: Path, *, as_of: date | None = None, systems: tuple[str, ...] = (), **asked: Any) -> Request:
    """A Request from parsed options; the one place where the clock and the environment are read."""
    moment = end_of_day(as_of) if as_of else datetime.now(UTC).replace(microsecond=0)
    return Request(
        directory=directory.resolve(),
        as_of=moment,
        as_of_given=as_of is not None,
        systems=systems,
        environment=dict(os.environ),
        **asked,
    )


def view(directory: Path, policies: Path | None, as_of: date | None = None) -> Request:
    """The Request of a view: every system of the files as they are now."""
    organisation = policies.resolve() if policies else None
    return request(directory, as_of=as_of, worktree=True, everything=True, organisation_policies=organisation)

"""Options that the commands of `policy-gate registry` share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from policy_gate.cli import options
from policy_gate.errors import PolicyGateError, UsageError
from policy_gate.schema.registry_list import SystemFilter

F = TypeVar("F", bound=Callable[..., Any])
DATABASE: Final = "POLICY_GATE_REGISTRY"

database = click.option(
    "--db",
    "database",
    envvar=DATABASE,
    metavar="URL",
    help=f"A file, or postgresql://HOST/NAME. Default: {DATABASE}, else registry.db here.",
)
as_of = click.option("--as-of", callback=options.day, metavar="DATE", help="What was known at the end of this day.")
repository = click.option(
    "--repository", metavar="NAME", help="The repository, where several have a system of this id."
)
output = click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it to FILE, not to standard output."
)
_FILTERS: Final = (
    ("--tier", "tiers", "TIER", "Only systems of this risk tier; may be repeated."),
    ("--law", "laws", "LAW", "Only systems under this law, or of this class under one; may be repeated."),
    ("--stage", "stages", "STAGE", "Only systems in this stage; may be repeated."),
    ("--owner", "owners", "TEAM", "Only systems of this team; may be repeated."),
    ("--vendor", "vendors", "VENDOR", "Only systems that use this vendor; may be repeated."),
    ("--model", "models", "MODEL", "Only systems that run on this model; may be repeated."),
    ("--repository", "repositories", "NAME", "Only systems of this repository; may be repeated."),
)


def filters(function: F) -> F:
    """The options that choose systems."""
    function = click.option("--overdue", is_flag=True, help="Only systems with something past its day.")(function)
    for flag, name, metavar, text in reversed(_FILTERS):
        function = click.option(flag, name, multiple=True, metavar=metavar, help=text)(function)
    return function


def asked_for(as_of: date | None, **given: Any) -> SystemFilter:
    """The filter that the options are; overdue is meant of the day asked about, else of today."""
    return SystemFilter(day=as_of or options.today(), as_of=as_of, **given)


def directed(
    formats: Sequence[tuple[str, Path | None]], output: Path | None, default: str
) -> tuple[tuple[str, Path | None], ...]:
    """The formats with FILE of -o for the one that names no file; UsageError where none or several could be meant."""
    wanted = tuple(formats) or ((default, None),)
    if output is None:
        return wanted
    if sum(1 for _, file in wanted if file is None) != 1:
        raise UsageError("-o needs one format that names no file of its own", hint="leave out -o, or a file")
    return tuple((name, file or output) for name, file in wanted)


def completed_systems(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Ids of the registry for a shell; none where it cannot be read."""
    from policy_gate.app.registry_systems import system_ids  # noqa: PLC0415 - only for a shell that completes

    try:
        known = system_ids(ctx.params.get("database"))
    except PolicyGateError:
        return []
    return [id_ for id_ in known if id_.startswith(incomplete)]

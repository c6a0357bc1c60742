"""Options that several commands share, and the Request they make."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from policy_gate.errors import PolicyGateError
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.dates import end_of_day

if TYPE_CHECKING:
    from policy_gate.app.declared_ids import DeclaredKind

F = TypeVar("F", bound=Callable[..., Any])


def day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """A calendar date, YYYY-MM-DD."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f'"{value}" is no date (expected YYYY-MM-DD)', ctx, param) from None


def _format(text: str, known: Sequence[str]) -> tuple[str, Path | None]:
    """NAME or NAME=FILE; an unknown name is refused with the nearest one."""
    name, equals, file = text.partition("=")
    if name not in known:
        import difflib  # noqa: PLC0415 - only where something is misspelt

        near = difflib.get_close_matches(name, known, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        raise click.BadParameter(f'no format "{name}" ({", ".join(sorted(known))}){hint}')
    if equals and not file:
        raise click.BadParameter(f'"{text}" names no file; give {name}=FILE')
    return name, Path(file) if file else None


def _entered(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path:
    """Go to DIR before any other option is looked at, so that every path is meant from there."""
    try:
        if value is not None:
            os.chdir(value)
    except OSError:
        raise click.BadParameter(f'there is no folder "{value}"', ctx, param) from None
    return Path()


directory = click.option(
    "-C",
    "directory",
    type=click.Path(path_type=Path),
    callback=_entered,
    is_eager=True,
    metavar="DIR",
    help="Run as if started in DIR.",
)
base = click.option(
    "--base", metavar="REF", help="The branch merged into. Default: what CI names, else origin/HEAD, else main."
)
head = click.option("--head", default="HEAD", metavar="REF", show_default=True, help="The commit proposed.")
worktree = click.option("--worktree", is_flag=True, help="Judge the files as they are, uncommitted ones too.")


def offering(known: Callable[[], Iterable[str]]) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Completes these ids; those given already are left out, and none come where nothing can be read."""

    def ids(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        try:
            found = known()
        except PolicyGateError:
            return []
        given = ctx.params.get(param.name or "") if param.multiple or param.nargs == -1 else ()
        return [id_ for id_ in found if id_.startswith(incomplete) and id_ not in (given or ())]

    return ids


def completing(kind: DeclaredKind) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Completes ids of the files as they are."""

    def known() -> Iterable[str]:
        from policy_gate.app.declared_ids import declared_ids  # noqa: PLC0415 - only for a shell that completes

        return declared_ids(view(Path(), None), kind)

    return offering(known)


systems = click.option(
    "--system",
    "systems",
    multiple=True,
    metavar="ID",
    shell_complete=completing("system"),
    help="Only this system; may be repeated.",
)
as_of = click.option("--as-of", callback=day, metavar="DATE", help="Judge as on this date (a replay; does not bind).")
policies = click.option(
    "--policies",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="The organisation's layer of rules.",
)
evidence = click.option(
    "--evidence",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Files that this CI job produced, such as test results; may be repeated.",
)


def formats(known: Sequence[str]) -> Callable[[F], F]:
    """`--format NAME[=FILE]`, repeated."""
    return click.option(
        "--format",
        "formats",
        callback=lambda ctx, param, value: tuple(_format(text, known) for text in value),
        multiple=True,
        metavar="NAME[=FILE]",
        help="How to tell it, and where to; may be repeated.",
    )


text_or_json = formats(("text", "json"))


def now() -> datetime:
    """The instant now, UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def today() -> date:
    """The calendar date now, UTC."""
    return datetime.now(UTC).date()


def request(directory: Path, *, as_of: date | None = None, systems: tuple[str, ...] = (), **asked: Any) -> Request:
    """A Request from parsed options; the one place where the clock and the environment are read."""
    moment = end_of_day(as_of) if as_of else now()
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
    say_files_are_of_now(as_of)
    organisation = policies.resolve() if policies else None
    return request(directory, as_of=as_of, worktree=True, everything=True, organisation_policies=organisation)


def say_files_are_of_now(as_of: date | None) -> None:
    """Tell, of a day that is past, that only the date is of then: what was declared that day may have been other."""
    if as_of is not None and as_of < today():
        from policy_gate.cli.output import say  # noqa: PLC0415 - few ask about the past

        say(
            f"note: these are the files as they are now, judged for {as_of}; what was there on that day: "
            f"policy-gate registry ask known-on --on {as_of}, or a check-out of a commit of that day"
        )

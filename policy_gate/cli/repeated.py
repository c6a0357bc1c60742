"""Options that are given twice and take one value: refused, as the first would be dropped without a word."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import click


def refuse_repeated(
    command: click.Command, arguments: Sequence[str], name: str, parent: click.Context | None = None
) -> None:
    """UsageError where an option of a command, or of one below it, has two values and takes one.

    The same value twice says nothing else than once. Whatever else is wrong is left to click.
    """
    context = command.context_class(command, parent=parent, info_name=name, resilient_parsing=True)
    every = copy.copy(command)
    every.params = [_taking_all(it) for it in command.params]
    try:
        said, rest, _ = every.make_parser(context).parse_args(list(arguments))
    except click.UsageError:
        return
    for param in command.params:
        values = said.get(param.name or "", ())
        if _takes_one(param) and len(set(values)) > 1:
            raise click.UsageError(_told(param, values), context)
    below = command.get_command(context, rest[0]) if isinstance(command, click.Group) and rest else None
    if below is not None:
        refuse_repeated(below, rest[1:], rest[0], context)


def _takes_one(param: click.Parameter) -> bool:
    return isinstance(param, click.Option) and not param.multiple and not param.count and param.nargs == 1


def _taking_all(param: click.Parameter) -> click.Parameter:
    if not _takes_one(param):
        return param
    found = copy.copy(param)
    found.multiple = True
    return found


def _told(param: click.Parameter, values: Sequence[object]) -> str:
    if isinstance(param, click.Option) and param.secondary_opts:
        return f"both {param.opts[0]} and {param.secondary_opts[0]} are given"
    return f"{param.opts[-1]} takes one value, and is given {len(values)}: {', '.join(map(str, values))}"

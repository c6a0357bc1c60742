"""`policy-gate registry ask`: an auditor's questions by name, as of any day."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import click

from policy_gate.app.registry_ask import ask as answer_of
from policy_gate.app.registry_ask import named_questions
from policy_gate.cli import options
from policy_gate.cli.output import one_line, render_options, say, show, write_file
from policy_gate.cli.registry_options import database
from policy_gate.errors import UsageError
from policy_gate.report.style import RenderOptions
from policy_gate.report.views.registry_answer import (
    answer_csv,
    answer_json,
    answer_text,
    questions_json,
    questions_text,
)

_WIDEST_OFF_TERMINAL = 200
"""columns that a table may take in a file or a pipe"""


def _names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in named_questions() if name.startswith(incomplete)]


def _parameters(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    question = named_questions().get(ctx.params.get("name") or "")
    return [f"{it.name}=" for it in (question.parameters if question else ()) if it.name.startswith(incomplete)]


def _given(words: Sequence[str]) -> Mapping[str, str]:
    given: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise UsageError(f'"{word}" gives no parameter', hint="write --param NAME=VALUE")
        if name in given:
            raise UsageError(f'the parameter "{name}" is given twice')
        given[name] = value
    return given


@click.command(short_help="Answer a named question, such as what is overdue by team.")
@click.argument("name", required=False, shell_complete=_names)
@click.option(
    "--param",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    shell_complete=_parameters,
    help="What the question takes; may be repeated.",
)
@click.option(
    "--as-of", "--on", "as_of", callback=options.day, metavar="DATE", help="What was known on this day. Default: today."
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="How to tell it.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it to a file.")
@database
@options.directory
def ask(
    *,
    name: str | None,
    parameters: tuple[str, ...],
    as_of: date | None,
    format_: str,
    output: Path | None,
    database: str | None,
    directory: Path,
) -> int:
    """Answer a question by its name, as of any day; without one, list the questions.

    Each answer says which sync it speaks of and what it cannot know. What nobody read is unknown, which is not no.

    \b
    Examples:
      policy-gate registry ask
      policy-gate registry ask overdue-by-team
      policy-gate registry ask decides-about --param domain=credit --format csv -o credit.csv
      policy-gate registry ask known-on --on 2026-06-30
      policy-gate registry ask waivers-ending --param within=30 --format json

    Exit codes: 0 answered, 2 no such question, or no registry to ask.
    """
    if name is None:
        text = _listing(format_, render_options())
    else:
        given = _given(parameters)
        answer = answer_of(database, name, given, as_of or options.today())
        for sentence in answer.unmatched if format_ == "csv" or output is not None else ():
            say(one_line(sentence))
        look = render_options() if output is None else RenderOptions()
        widest = None if output is None and sys.stdout.isatty() else _WIDEST_OFF_TERMINAL
        told = {"text": lambda: answer_text(answer, look, widest), "json": lambda: answer_json(answer)}
        text = told.get(format_, lambda: answer_csv(answer))()
    if output is None:
        show(text)
    else:
        write_file(output, text)
    return 0


def _listing(format_: str, look: RenderOptions) -> str:
    if format_ == "csv":
        raise UsageError("the list of questions is text or json", hint="name a question for csv")
    found = named_questions().values()
    return questions_json(found) if format_ == "json" else questions_text(found, look)

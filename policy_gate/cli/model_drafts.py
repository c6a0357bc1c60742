"""How commands let a language model fill a template: what is shown of it, and what happens where none answers."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from policy_gate.cli.output import one_line, say, show_lines
from policy_gate.documents.writer import NewFile
from policy_gate.errors import UsageError
from policy_gate.schema.check_inputs import Request

if TYPE_CHECKING:
    from policy_gate.advise.prompt import Part


class ModelOptions(Struct, frozen=True):
    """Whether a model is asked, which, and whether what it would be asked is only shown."""

    is_asked: bool
    model: str
    is_shown: bool


def model_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--with-model`, `--model` and `--show-prompt`."""
    for option in (
        click.option("--show-prompt", is_flag=True, help="Print what a model would be sent; send and write nothing."),
        click.option("--model", metavar="NAME", help="The model to ask; else POLICY_GATE_MODEL, or claude-opus-4-6."),
        click.option("--with-model", is_flag=True, help="Let Claude write the first version (ANTHROPIC_API_KEY)."),
    ):
        command = option(command)
    return command


def asked(with_model: bool, model: str | None, show_prompt: bool) -> ModelOptions:
    """The options as one value. Naming a model asks none: only --with-model sends anything.

    UsageError for a model that is named and not asked.
    """
    from policy_gate.advise.claude import DEFAULT_MODEL  # noqa: PLC0415 - only drafts know of models

    is_asked = with_model or show_prompt
    if model is not None and not is_asked:
        raise UsageError("--model says which model to ask, and none is asked", hint="add --with-model or --show-prompt")
    return ModelOptions(is_asked, model or os.environ.get("POLICY_GATE_MODEL") or DEFAULT_MODEL, show_prompt)


def by_model(
    file: NewFile, purpose: str, request: Request, system: str, wanted: ModelOptions, more: Sequence[Part] = ()
) -> NewFile | None:
    """The file as a model filled it; as it is where none was asked or none answered; None where it is only shown.

    `more` is material beside what is known of the system, and comes first.
    Nothing that a model says is judged: what it filled says TODO until a person has read it.
    """
    if not wanted.is_asked:
        return file
    from policy_gate.advise.answer import filled  # noqa: PLC0415 - only where a model is asked
    from policy_gate.advise.claude import NoAnswerError, ask  # noqa: PLC0415
    from policy_gate.advise.prompt import prompt_of  # noqa: PLC0415
    from policy_gate.app.draft_material import material_of  # noqa: PLC0415

    material = material_of(request, system)
    prompt = prompt_of(file.text, purpose, (*more, *material.parts), material.people)
    if wanted.is_shown:
        show_lines(f"{prompt.rules}\n\n{prompt.request}")
        say(f"{file.path}: nothing was sent; {prompt.told}")
        return None
    say(f"{file.path}: asking {one_line(wanted.model)}; {prompt.told}")
    if prompt.cut:
        say(f"{file.path}: only the beginning is sent of {', '.join(prompt.cut)}")
    try:
        answer = ask(prompt, wanted.model, _progress)
    except NoAnswerError as error:
        hint = f" ({error.hint})" if error.hint else ""
        say(f"{file.path}: {one_line(error.message)}{hint}; the template is written as it is")
        return file
    finally:
        _end_progress()
    result = filled(file.text, answer.text, answer.model, request.as_of.date(), cut=answer.is_cut)
    left = f"; nothing for {', '.join(result.left_open)}" if result.left_open else ""
    said = f"{answer.tokens_in} tokens in, {answer.tokens_out} out"
    say(f"{file.path}: drafted by {one_line(answer.model)}, {said}{', cut short' if answer.is_cut else ''}{left}")
    return NewFile(file.path, result.text)


def _progress(characters: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{characters:,} characters")
        sys.stderr.flush()


def _end_progress() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")

"""`policy-gate card`: what a model card states, and what it lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import click

from policy_gate.app.card import add_sections, card_diff, check_card, converted, imported, read_document, write_new
from policy_gate.cards.card import NO_PLACE, WrittenCard
from policy_gate.cli import options
from policy_gate.cli.app import CONTEXT
from policy_gate.cli.output import say, show_lines, tell
from policy_gate.report.views.card import card_check_json, card_check_text, models_text
from policy_gate.report.views.card_diff import card_diff_json, card_diff_text
from policy_gate.report.views.card_html import card_html
from policy_gate.report.wording import plural
from policy_gate.schema.facts import ModelChoice
from policy_gate.schema.vocabulary import TIERS, Tier

_MODEL = click.option(
    "--model", metavar="NAME", help="Of a card of several models, the one to look at. Default: its system's."
)


@click.group(context_settings=CONTEXT, short_help="See what a model card states and lacks.")
def card() -> None:
    """See what a model card states and what it lacks, and bring it into another form."""


@card.command(short_help="Show each field of a card: stated, left open, or missing.")
@click.argument("file", required=False)
@click.option("--tier", type=click.Choice(TIERS), help="Ask for what this tier asks for. Default: its system's tier.")
@_MODEL
@click.option("--fix", is_flag=True, help="Add the missing sections to the card, marked TODO; nothing else changes.")
@options.text_or_json
@options.policies
@options.directory
def check(
    *,
    file: str | None,
    tier: str | None,
    model: str | None,
    fix: bool,
    formats: Any,
    policies: Path | None,
    directory: Path,
) -> int:
    """Show each field of FILE, or of the card that the manifest names: where it is stated, left open, or missing.

    \b
    Examples:
      policy-gate card check
      policy-gate card check README.md --tier critical
      policy-gate card check MODEL_CARD.md --fix

    Exit codes: 0 complete, 1 something is missing, 2 no such file.
    """
    request = options.view(directory, policies)
    found = check_card(request, file, cast("Tier | None", tier), model)
    if fix:
        found, added = add_sections(request, found)
        say(f"added {plural(len(added), 'section')} to {found.path}: {', '.join(added)}" if added else "nothing to add")
    tell(
        formats,
        {"text": lambda render: card_check_text(found, render), "json": lambda _: card_check_json(found)},
    )
    return 0 if found.is_complete else 1


@card.command(short_help="Show what a card says otherwise than it did.")
@click.argument("base")
@click.argument("head")
@options.text_or_json
@_MODEL
@options.policies
@options.directory
def diff(*, base: str, head: str, formats: Any, model: str | None, policies: Path | None, directory: Path) -> int:
    """Show what the card HEAD says otherwise than BASE: two files, or the cards of two commits.

    Meaning, not lines: what the use was and is, limits dropped and added, numbers up or down by how much and for
    whom, another base model or other data. A new title, order or form is no difference.

    \b
    Examples:
      policy-gate card diff main HEAD
      policy-gate card diff HEAD~1 HEAD
      policy-gate card diff old/MODEL_CARD.md MODEL_CARD.yaml --format json
    """
    changes = card_diff(options.view(directory, policies), base, head, model)
    tell(
        formats,
        {"text": lambda render: card_diff_text(changes, render), "json": lambda _: card_diff_json(changes)},
    )
    return 0


@card.command(short_help="Print a card for people: Markdown, HTML, or a Hub README.")
@click.argument("file", required=False)
@options.formats(("markdown", "html", "huggingface"))
@_MODEL
@options.policies
@options.directory
def render(*, file: str | None, formats: Any, model: str | None, policies: Path | None, directory: Path) -> int:
    """Print FILE, or the card that the manifest names, for people to read. What is not known stays "not provided".

    \b
    Examples:
      policy-gate card render --format html=card.html
      policy-gate card render MODEL_CARD.yaml --format huggingface=README.md
    """
    document, models = read_document(options.view(directory, policies), file, model)
    _say_choice(models)
    ways = formats or (("markdown", None),)
    written = {name: converted(document, name) for name, _ in ways if name != "html"}
    _say_losses(written)
    tell(ways, {"html": lambda _: card_html(document), **{name: _text_of(it) for name, it in written.items()}})
    return 0


@card.command(short_help="Print a card for tools: a CycloneDX bill, JSON or YAML.")
@click.argument("file", required=False)
@options.formats(("cyclonedx", "json", "yaml"))
@_MODEL
@options.policies
@options.directory
def export(*, file: str | None, formats: Any, model: str | None, policies: Path | None, directory: Path) -> int:
    """Print FILE, or the card that the manifest names, for other tools. What a format cannot hold is said.

    \b
    Examples:
      policy-gate card export --format cyclonedx=bom.json
      policy-gate card export MODEL_CARD.md --format json
    """
    document, models = read_document(options.view(directory, policies), file, model)
    _say_choice(models)
    ways = formats or (("json", None),)
    written = {name: converted(document, name) for name, _ in ways}
    _say_losses(written)
    tell(ways, {name: _text_of(it) for name, it in written.items()})
    return 0


@card.command("import", short_help="Make a card from a file of another tool.")
@click.argument("file")
@click.option("--tier", type=click.Choice(TIERS), default="high", show_default=True, help="Open the sections it wants.")
@click.option("-o", "output", default="MODEL_CARD.md", show_default=True, metavar="FILE", help="Where the card goes.")
@_MODEL
@options.policies
@options.directory
def import_(*, file: str, tier: str, output: str, model: str | None, policies: Path | None, directory: Path) -> int:
    """Make a card of our own from FILE: a bill of materials, a README, a toolkit's JSON.

    What FILE tells is taken as it is; every other field that the tier asks for is a section marked TODO.

    \b
    Examples:
      policy-gate card import bom.json
      policy-gate card import README.md -o MODEL_CARD.yaml
    """
    format_ = "yaml" if output.endswith((".yaml", ".yml")) else "json" if output.endswith(".json") else "markdown"
    request = options.view(directory, policies)
    written, models = imported(request, file, format_, cast("Tier", tier), model)
    write_new(request, output, written.text)
    _say_choice(models)
    _say_losses({format_: written})
    show_lines(f"wrote {output}")
    say(f"name it in the manifest: `model_card: {output}`; policy-gate card check {output} says what is open")
    return 0


def _say_choice(models: ModelChoice) -> None:
    """Which of several models this is, where nobody named one."""
    if models.described and not models.is_named:
        say(models_text(models))


def _say_losses(written: Mapping[str, WrittenCard]) -> None:
    for name, told in written.items():
        keys = [loss.removesuffix(NO_PLACE) for loss in told.losses if loss.endswith(NO_PLACE)]
        for loss in told.losses:
            if not loss.endswith(NO_PLACE):
                say(f"{name}: {loss}")
        if keys:
            say(f"{name}: no place for what is no field's in {', '.join(keys)}")


def _text_of(written: WrittenCard) -> Callable[[Any], str]:
    return lambda _: written.text

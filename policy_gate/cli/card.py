"""`policy-gate card`: what a model card states, and what it lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import click

from policy_gate.app.card import add_sections, check_card
from policy_gate.cli import options
from policy_gate.cli.app import CONTEXT
from policy_gate.cli.output import say, tell
from policy_gate.report.views.card import card_check_json, card_check_text
from policy_gate.report.wording import plural
from policy_gate.schema.vocabulary import TIERS, Tier


@click.group(context_settings=CONTEXT, short_help="See what a model card states and lacks.")
def card() -> None:
    """See what a model card states and what it lacks."""


@card.command(short_help="Show each field of a card: stated, left open, or missing.")
@click.argument("file", required=False)
@click.option("--tier", type=click.Choice(TIERS), help="Ask for what this tier asks for. Default: its system's tier.")
@click.option("--fix", is_flag=True, help="Add the missing sections to the card, marked TODO; nothing else changes.")
@options.text_or_json
@options.policies
@options.directory
def check(
    *, file: str | None, tier: str | None, fix: bool, formats: Any, policies: Path | None, directory: Path
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
    found = check_card(request, file, cast("Tier | None", tier))
    if fix:
        found, added = add_sections(request, found)
        say(f"added {plural(len(added), 'section')} to {found.path}: {', '.join(added)}" if added else "nothing to add")
    tell(
        formats,
        {"text": lambda render: card_check_text(found, render), "json": lambda _: card_check_json(found)},
    )
    return 0 if found.is_complete else 1

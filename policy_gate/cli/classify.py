"""`policy-gate classify`: score, tier, law class and required controls, and why."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from policy_gate.app.views import facts_in
from policy_gate.cli import options
from policy_gate.cli.output import say_problems, tell
from policy_gate.documents.spelling import refuse_unknown
from policy_gate.errors import UngovernedError
from policy_gate.report.views.classify import classification_json, classification_text


@click.command(short_help="Show how risky each system is, and why.")
@options.systems
@click.option("--interview", is_flag=True, help="Ask for the facts that decide which rows of law apply.")
@options.text_or_json
@options.as_of
@options.policies
@options.directory
def classify(
    *,
    systems: tuple[str, ...],
    interview: bool,
    formats: Any,
    as_of: date | None,
    policies: Path | None,
    directory: Path,
) -> int:
    """Show how risky each system is, why, and what that asks for.

    Reads the files as they are now. A dimension left out gives a range of tiers, and says which facts
    decide it. What is wrong in an entry is not read, and said on standard error. With --interview the
    facts that lack are asked for, and shown as lines for the manifest.

    \b
    Examples:
      policy-gate classify
      policy-gate classify --system SYS-001 --format json
      policy-gate classify --system SYS-001 --interview

    Exit codes: 0 told, 1 a manifest cannot be read, 2 no such system, 3 no system is declared.
    """
    asked = options.view(directory, policies, as_of)
    policy, facts = facts_in(asked)
    if not facts:
        raise UngovernedError("no AI system is declared in these files", hint="policy-gate init")
    refuse_unknown("system", systems, [fact.id for fact in facts])
    chosen = tuple(fact for fact in facts if not systems or fact.id in systems)
    if interview:
        from policy_gate.cli.interview import interview as asking  # noqa: PLC0415 - most runs ask nothing

        chosen = tuple(asking(fact, policy, as_of or options.today()) for fact in chosen)
    views = {
        "text": lambda render: classification_text(chosen, policy, render),
        "json": lambda _: classification_json(chosen, policy),
    }
    tell(formats, views)
    say_problems([problem for fact in chosen for problem in fact.problems])
    return 0

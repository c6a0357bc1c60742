"""`policy-gate law`: which rows of which law apply to each system, will, or cannot be told, and why."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from policy_gate.app.views import law_in
from policy_gate.cli import options
from policy_gate.cli.output import say_problems, tell
from policy_gate.documents.spelling import refuse_unknown
from policy_gate.errors import UngovernedError
from policy_gate.report.views.law import law_json, law_text


@click.command(short_help="Show which rows of which law apply to each system, and why.")
@options.systems
@options.text_or_json
@options.as_of
@options.policies
@options.directory
def law(
    *,
    systems: tuple[str, ...],
    formats: Any,
    as_of: date | None,
    policies: Path | None,
    directory: Path,
) -> int:
    """Show which rows of which law apply to each system on a day, will, or cannot be told, and what each wants.

    Reads the files as they are now. A fact that nobody stated is never read as no: the row is unknown, and the fact to
    state is named. Evidence may be complete; whether a system is lawful is for people to say.

    \b
    Examples:
      policy-gate law
      policy-gate law --system SYS-001 --as-of 2027-12-02
      policy-gate law --format json=law.json

    Exit codes: 0 told, 1 a manifest cannot be read, 2 no such system, 3 no system is declared.
    """
    found = law_in(options.view(directory, policies, as_of))
    if not found:
        raise UngovernedError("no AI system is declared in these files", hint="policy-gate init")
    refuse_unknown("system", systems, [one.system for one in found])
    chosen = tuple(one for one in found if not systems or one.system in systems)
    today = as_of or options.today()
    views = {
        "text": lambda render: law_text(chosen, today, render),
        "json": lambda _: law_json(chosen, today),
    }
    tell(formats, views)
    say_problems([problem for one in chosen for problem in one.problems])
    return 0

"""`policy-gate explain`: any id of the law, in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from policy_gate import gate
from policy_gate.cli import options
from policy_gate.cli.law import law_here
from policy_gate.cli.output import tell
from policy_gate.report.explanation import explanation_json, explanation_text, subject_json, subject_text


@click.command(short_help="Say in words what any id means.")
@click.argument("name", metavar="ID")
@click.option("--system", metavar="ID", help="With `subject`: the system.")
@click.option("--for", "--gate", "for_", metavar="GATE-OR-ID", help="With `subject`: what the approval is for.")
@options.base
@options.head
@options.text_or_json
@options.policies
@options.evidence
@options.directory
def explain(
    *,
    name: str,
    system: str | None,
    for_: str | None,
    base: str | None,
    head: str,
    formats: Any,
    policies: Path | None,
    evidence: tuple[Path, ...],
    directory: Path,
) -> int:
    """Say what a rule, gate, control, artifact, test, role or change kind is, why, and how to satisfy it.

    Where an id is of two kinds, say which: `control:model-card`. `subject` lists what an approval is for.

    \b
    Examples:
      policy-gate explain red-team-report
      policy-gate explain control:model-card
      policy-gate explain subject --system SYS-001 --for pre-deployment-security-review
    """
    if name == "subject":
        if for_ is None:
            raise click.UsageError("`explain subject` needs --for GATE-OR-ID, and --system ID where it concerns one")
        beside = tuple(folder.resolve() for folder in evidence)
        asked = options.request(directory, base=base, head=head, organisation_policies=policies, evidence=beside)
        found = gate.subject(asked, system, for_)
        parts = (found.system, found.for_, found.digest, found.parts)
        views = {"text": lambda look: subject_text(*parts, look), "json": lambda _: subject_json(*parts)}
        tell(formats, views)
        return 0
    law = law_here(directory, policies)
    views = {"text": lambda look: explanation_text(law, name, look), "json": lambda _: explanation_json(law, name)}
    tell(formats, views)
    return 0

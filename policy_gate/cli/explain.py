"""`policy-gate explain`: any id of the policies, in words."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from policy_gate.app.declared_ids import DeclaredKind, declared_ids
from policy_gate.app.previews import approval_subjects
from policy_gate.cli import options
from policy_gate.cli.completing_rules import completing_rules
from policy_gate.cli.output import tell
from policy_gate.cli.policies_here import people_here, policies_here
from policy_gate.errors import PolicyGateError, UsageError
from policy_gate.policy.docs import every_doc
from policy_gate.report.views.explain import explanation, explanation_json, explanation_text
from policy_gate.report.views.subject import subject_text, subjects_json

_SHOWN_BY: tuple[tuple[DeclaredKind, str], ...] = (
    ("system", "policy-gate classify --system {0} says how it is rated, check --all --system {0} what it owes"),
    ("vendor", "policy-gate vendor assess {0}"),
)


def _of_this_repository(directory: Path, name: str) -> UsageError | None:
    """Where something that a manifest declares is called so, what shows it; None where nothing is."""
    with suppress(PolicyGateError):
        for kind, shown_by in _SHOWN_BY:
            if name in declared_ids(options.view(directory, None), kind):
                said = f"{name} is a {kind} of this repository, and no id of the rules"
                return UsageError(said, hint=shown_by.format(name))
    return None


@click.command(short_help="Say in words what any id means.")
@click.argument("name", metavar="ID", shell_complete=completing_rules("any"))
@click.option("--system", shell_complete=options.completing("system"), metavar="ID", help="With `subject`: the system.")
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
      policy-gate explain subject --system SYS-001
      policy-gate explain subject --system SYS-001 --for pre-deployment-security-review
    """
    if name == "subject":
        if for_ is None and system is None:
            raise click.UsageError("`explain subject` needs --system ID, or --for GATE-OR-ID where it concerns none")
        beside = tuple(folder.resolve() for folder in evidence)
        asked = options.request(directory, base=base, head=head, organisation_policies=policies, evidence=beside)
        found = approval_subjects(asked, system, for_)
        views = {
            "text": lambda render: "\n".join(subject_text(subject, render) for subject in found),
            "json": lambda _: subjects_json(found, alone=for_ is not None),
        }
        tell(formats, views)
        return 0
    docs, people = every_doc(policies_here(directory, policies)), people_here(directory)
    try:
        explanation(docs, name)
    except UsageError as error:
        raise _of_this_repository(directory, name) or error from None
    views = {
        "text": lambda render: explanation_text(docs, name, render, people),
        "json": lambda _: explanation_json(docs, name),
    }
    tell(formats, views)
    return 0

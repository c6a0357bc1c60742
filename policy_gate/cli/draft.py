"""`policy-gate draft`: start a missing document from the catalogue and the manifest."""

from __future__ import annotations

from pathlib import Path

import click

from policy_gate.app.views import facts_in
from policy_gate.cli import options
from policy_gate.cli.output import say, show
from policy_gate.documents import writer
from policy_gate.documents.spelling import did_you_mean
from policy_gate.errors import UsageError
from policy_gate.vcs.repository import Repository
from policy_gate.write import document_draft as drafting


@click.command(short_help="Start a missing document.")
@click.argument("artifact")
@click.option("--system", required=True, metavar="ID", help="The system that owes it.")
@options.policies
@options.directory
def draft(*, artifact: str, system: str, policies: Path | None, directory: Path) -> int:
    """Write a first draft of ARTIFACT beside the manifest: headings, what is known, and what to say.

    A draft never counts as evidence: every section says TODO until somebody has written it.

    \b
    Examples:
      policy-gate draft red-team-report --system SYS-001
      policy-gate draft model-card --system SYS-001
    """
    asked = options.view(directory, policies)
    policy, facts = facts_in(asked)
    found = next((fact for fact in facts if fact.id == system), None)
    if found is None:
        raise UsageError(f'no system "{system}"', hint=did_you_mean(system, [fact.id for fact in facts]))
    if artifact not in policy.artifacts:
        raise UsageError(f'no artifact "{artifact}"', hint=did_you_mean(artifact, policy.artifacts))
    entry = found.declared.entry
    root = Repository.open(directory).root
    manifest = found.key.manifest
    file, line = drafting.draft(artifact, entry, found.tier, manifest, policy, lambda path: (root / path).exists())
    writer.create(root, [file])
    spec = policy.artifacts[artifact]
    show(f"wrote {file.path}")
    where = "to the entry" if artifact == policy.model_card else "under the artifacts"
    at = found.declared.at("artifacts") if entry.artifacts else found.declared.at()
    show(f"{at}  add {where} of {system}:\n  {line}")
    ending = "" if artifact == policy.model_card else ", and set status: final and completed: DATE"
    say(f"then write it ({', '.join(spec.responsible)}){ending}")
    return 0

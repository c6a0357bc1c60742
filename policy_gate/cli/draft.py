"""`policy-gate draft`: start a missing document from the catalogue and the manifest."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path, PurePosixPath

import click
from msgspec.structs import replace

from policy_gate.app.card import add_sections, check_card
from policy_gate.app.views import facts_in
from policy_gate.cli import options
from policy_gate.cli.output import say, show
from policy_gate.documents import writer
from policy_gate.documents.spelling import did_you_mean
from policy_gate.errors import UsageError
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.facts import Facts
from policy_gate.schema.vocabulary import Tier
from policy_gate.vcs.repository import Repository
from policy_gate.write import document_draft as drafting

_HEAD = 10
"""lines in which a draft says whose it is"""


@click.command(short_help="Start a missing document.")
@click.argument("artifact")
@click.option("--system", required=True, metavar="ID", help="The system that owes it.")
@options.policies
@options.directory
def draft(*, artifact: str, system: str, policies: Path | None, directory: Path) -> int:
    """Write a first draft of ARTIFACT beside the manifest: headings, what is known, and what to say.

    A draft never counts as evidence: every section says TODO until somebody has written it. A model card that is
    there already gets the sections that it lacks, and nothing else in it changes.

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
    spec = policy.artifacts[artifact]
    for path in _named_by(found, artifact if artifact != policy.model_card else None):
        if artifact == policy.model_card and (root / path).is_file():
            return _card_goes_on(asked, root, path, found.tier)
        if (root / path).exists():
            raise UsageError(
                f"{path} is already there as the {spec.title[:1].lower()}{spec.title[1:]} of {system}",
                hint="go on in it: policy-gate check --worktree says what it lacks, "
                f"policy-gate explain {artifact} what it should hold",
            )
    is_of_another = partial(_is_of_another, root, [item for item in facts if item.id != system])
    file, line = drafting.draft(artifact, entry, found.tier, manifest, policy, is_of_another)
    where = "to the entry" if artifact == policy.model_card else "under the artifacts"
    at = found.declared.at("artifacts") if entry.artifacts else found.declared.at()
    if (root / file.path).exists():
        raise UsageError(
            f"{file.path} is already there and stays as it is",
            hint=f"name it: at {at} add {where} of {system}: `{line}`; or move it away for a new draft",
        )
    writer.create(root, [file])
    show(f"wrote {file.path}")
    show(f"{at}  add {where} of {system}:\n  {line}")
    ending = "" if artifact == policy.model_card else ", and set status: final and completed: DATE"
    say(f"then write it ({', '.join(spec.responsible)}){ending}")
    return 0


def _card_goes_on(request: Request, root: Path, path: str, tier: Tier) -> int:
    """Add the sections that the card of a system lacks."""
    here = replace(request, directory=root)
    _, added = add_sections(here, check_card(here, path, tier))
    if not added:
        raise UsageError(
            f"{path} is already there and has a section for each field that tier {tier} asks for",
            hint=f"policy-gate card check {path} says what is still open in it",
        )
    show(f"added to {path}: {', '.join(added)}")
    say("then write them: each says TODO until somebody has")
    return 0


def _is_of_another(root: Path, others: Sequence[Facts], path: str) -> bool:
    """Whether the file at a path of the work tree is a document of another system: named by it, or drafted for it."""
    try:
        head = (root / path).read_text(encoding="utf-8", errors="replace").splitlines()[:_HEAD]
    except OSError:
        head = []
    named = (_named_by(item, artifact) for item in others for artifact in (None, *_artifacts_of(item)))
    return any(path in paths for paths in named) or any(drafting.says_system(head, item.id) for item in others)


def _artifacts_of(facts: Facts) -> list[str]:
    return [item.id for item in facts.declared.entry.artifacts]


def _named_by(facts: Facts, artifact: str | None) -> set[str]:
    """The paths under which an entry names an artifact; None for its model card."""
    entry, folder = facts.declared.entry, PurePosixPath(facts.key.manifest).parent
    named = [item.path for item in entry.artifacts if item.id == artifact] if artifact else [entry.model_card]
    return {(folder / name).as_posix() for name in named if name}

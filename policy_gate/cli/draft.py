"""`policy-gate draft`: start a missing document from the catalogue and the manifest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import click
from msgspec.structs import replace

from policy_gate.app.card import add_sections, check_card
from policy_gate.app.drafts import Lacking, lacking
from policy_gate.app.views import facts_in
from policy_gate.cli import options
from policy_gate.cli.completing_rules import completing_rules
from policy_gate.cli.model_drafts import ModelOptions, by_model, model_options
from policy_gate.cli.model_drafts import asked as asked_of_model
from policy_gate.cli.output import say, show_lines
from policy_gate.documents import writer
from policy_gate.documents.cache import DocumentCache
from policy_gate.documents.spelling import refuse_unknown
from policy_gate.errors import DocumentError, UngovernedError, UsageError
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.documents import Manifest, SystemEntry
from policy_gate.schema.facts import Facts
from policy_gate.schema.rule_set import Artifact, RuleSet
from policy_gate.schema.source import Document
from policy_gate.schema.vocabulary import Tier
from policy_gate.vcs.discovery import find_repository
from policy_gate.vcs.memory_tree import MemoryTree
from policy_gate.write import document_draft as drafting
from policy_gate.write.manifest_lines import with_documents

_HEAD = 10
"""lines in which a draft says whose it is"""


@click.command(short_help="Start a missing document.")
@click.argument("artifacts", metavar="[ARTIFACT]...", nargs=-1, shell_complete=completing_rules("document"))
@click.option(
    "--system",
    shell_complete=options.completing("system"),
    metavar="ID",
    help="The system that owes it; with --all or --gate only this one.",
)
@click.option("--all", "everything", is_flag=True, help="Every document that is missing, named in the manifest, too.")
@click.option("--gate", metavar="ID", help="What is missing to enter this gate, likewise.")
@model_options
@options.policies
@options.directory
def draft(
    *,
    artifacts: tuple[str, ...],
    system: str | None,
    everything: bool,
    gate: str | None,
    with_model: bool,
    model: str | None,
    show_prompt: bool,
    policies: Path | None,
    directory: Path,
) -> int:
    """Write a first draft of ARTIFACT beside the manifest: headings, what is known, and what to say.

    A draft never counts as evidence: every section says TODO until somebody has written it. A model card that is
    there already gets the sections that it lacks, and nothing else in it changes. With --all or --gate the drafts lie
    in a folder for each system, and the manifest names them.

    With --with-model Claude writes the first version from what the repository says of the system; without a key, or
    where no answer comes, the draft is the same as without it. Personal data and secrets are masked by their form.

    \b
    Examples:
      policy-gate draft red-team-report --system SYS-001
      policy-gate draft model-card --system SYS-001
      policy-gate draft --all
      policy-gate draft red-team-report --system SYS-001 --show-prompt
      policy-gate draft red-team-report --system SYS-001 --with-model
    """
    wanted = asked_of_model(with_model, model, show_prompt)
    if everything or gate is not None:
        if artifacts:
            raise UsageError("ARTIFACT and --all do not go together", hint="policy-gate draft --help")
        return _all(options.view(directory, policies), directory, system, gate, wanted)
    if not artifacts or system is None:
        raise UsageError(
            "say what to draft and for which system", hint="policy-gate draft ARTIFACT --system ID, or --all"
        )
    wanted_artifacts = tuple(dict.fromkeys(artifacts))
    _known(options.view(directory, policies), wanted_artifacts, system)
    written: list[_Written] = []
    try:
        for artifact in wanted_artifacts:
            written += _one(options.view(directory, policies), directory, artifact, system, wanted)
    finally:
        _say_how_to_go_on(written, system)
    return 0


class _Written(NamedTuple):
    """A draft that was written: where the entry takes its line, and who goes on."""

    place: str
    line: str
    responsible: Sequence[str]
    is_card: bool


def _say_how_to_go_on(written: Sequence[_Written], system: str) -> None:
    """The lines to add, in one piece for each place, then who writes what is to be written."""
    for place in dict.fromkeys(one.place for one in written):
        lines = "\n  ".join(one.line for one in written if one.place == place)
        show_lines(f"{place} of {system}:\n  {lines}")
    if not written:
        return
    roles = dict.fromkeys(role for one in written for role in one.responsible)
    ending = "" if all(one.is_card for one in written) else ", and set status: final and completed: DATE"
    say(f"then write {'it' if len(written) == 1 else 'them'} ({', '.join(roles)}){ending}")


def _known(asked: Request, artifacts: Sequence[str], system: str) -> None:
    """UsageError for a system or an artifact that is none, before the first draft is made."""
    policy, facts = facts_in(asked)
    refuse_unknown("system", (system,), [fact.id for fact in facts])
    for artifact in artifacts:
        _refuse_another_kind(policy, artifact)
    refuse_unknown("artifact", artifacts, policy.artifacts)


def _refuse_another_kind(policy: RuleSet, artifact: str) -> None:
    """UsageError for an id that is known, and is of no document."""
    if artifact in policy.artifacts:
        return
    if artifact in policy.gates:
        raise UsageError(
            f"{artifact} is a gate, and no document", hint=f"all of it: policy-gate draft --gate {artifact}"
        )
    kinds = {"test": policy.tests, "control": policy.controls, "role": policy.roles, "rule": policy.plain_rules}
    for kind, known in kinds.items():
        if artifact in known:
            raise UsageError(
                f"{artifact} is a {kind}, and no document", hint=f"policy-gate explain {artifact} says what it takes"
            )


def _one(asked: Request, directory: Path, artifact: str, system: str, wanted: ModelOptions) -> Iterator[_Written]:
    """Draft one document; nothing is yielded where none was written, or a card was gone on with."""
    policy, facts = facts_in(asked)
    found = next(fact for fact in facts if fact.id == system)
    entry = found.declared.entry
    root = find_repository(directory).root
    manifest = found.key.manifest
    spec = policy.artifacts[artifact]
    for path in _named_by(found, artifact if artifact != policy.model_card else None):
        if artifact == policy.model_card and (root / path).is_file():
            _card_goes_on(asked, root, path, found.tier, wanted)
            return
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
    written = by_model(file, _purpose(spec, entry), asked, system, wanted)
    if written is None:
        return
    writer.create(root, [written])
    show_lines(f"wrote {file.path}")
    yield _Written(f"{at}  add {where}", line, spec.responsible, artifact == policy.model_card)


def _purpose(spec: Artifact, entry: SystemEntry) -> str:
    """What a document is for, as a model is told."""
    return f"The document is the {spec.title} of {entry.name} ({entry.id}). {spec.about}"


def _card_goes_on(request: Request, root: Path, path: str, tier: Tier, wanted: ModelOptions) -> None:
    """Add the sections that the card of a system lacks."""
    if wanted.is_asked:
        say(f"{path}: a card that is there gets its missing sections without a model")
    if wanted.is_shown:
        return
    here = replace(request, directory=root)
    _, added = add_sections(here, check_card(here, path, tier))
    if not added:
        raise UsageError(
            f"{path} is already there and has a section for each field that tier {tier} asks for",
            hint=f"policy-gate card check {path} says what is still open in it",
        )
    show_lines(f"added to {path}: {', '.join(added)}")
    say("then write them: each says TODO until somebody has")


def _all(asked: Request, directory: Path, system: str | None, gate: str | None, wanted: ModelOptions) -> int:
    """Draft what is missing, and name it in the manifests."""
    policy, found = lacking(asked, gate)
    _, facts = facts_in(asked)
    if not facts:
        raise UngovernedError("no AI system is declared here: nothing tells what is missing", hint="policy-gate init")
    refuse_unknown("system", () if system is None else (system,), [it.id for it in facts])
    root = find_repository(directory).root
    for one in found:
        if system in (None, one.facts.id):
            _draft_of_system(one, policy, root, [it for it in facts if it.id != one.facts.id], asked, wanted)
    if not any(system in (None, it.facts.id) for it in found):
        show_lines("no document is missing")
    return 0


def _draft_of_system(
    one: Lacking, policy: RuleSet, root: Path, others: Sequence[Facts], asked: Request, wanted: ModelOptions
) -> None:
    entry, manifest = one.facts.declared.entry, one.facts.key.manifest
    is_of_another = partial(_is_of_another, root, others)
    card = ""
    items: list[str] = []
    for artifact in one.artifacts:
        file, line = drafting.draft(artifact, entry, one.facts.tier, manifest, policy, is_of_another, in_folder=True)
        # What the entry names and is not there is written where it is named.
        is_card = artifact == policy.model_card
        named = sorted(_named_by(one.facts, None if is_card else artifact))
        file = writer.NewFile(named[0], file.text) if named else file
        card, items = (card if named or not is_card else line), [*items, *([] if named or is_card else [line])]
        if (root / file.path).exists():
            show_lines(f"{file.path} is already there and stays as it is")
            continue
        written = by_model(file, _purpose(policy.artifacts[artifact], entry), asked, one.facts.id, wanted)
        if written is not None:
            writer.create(root, [written])
            show_lines(f"wrote {file.path}")
    if wanted.is_shown:
        return
    _name(root, one.facts, card, items)
    say(f"then write each TODO of {one.facts.id}, and set status: final and completed: DATE")


def _name(root: Path, facts: Facts, card: str, items: Sequence[str]) -> None:
    """Name documents in the manifest; where its lines do not take them, say what to add."""
    if not card and not items:
        return
    manifest = facts.key.manifest
    path = root / manifest
    text = path.read_text("utf-8")
    # As it stands now: another system of the same manifest may have been drafted for before.
    now = _read(manifest, text)
    index = next(at for at, it in enumerate(now.content.systems) if it.id == facts.id)
    new = with_documents(text, now, index, card, items)
    try:
        named = _read(manifest, new).content.systems[index]
        is_named = len(named.artifacts) == len(now.content.systems[index].artifacts) + len(items)
    except DocumentError:
        is_named = False
    if is_named:
        writer.update(root, writer.NewFile(manifest, new), text)
        show_lines(f"named in {manifest}")
    else:
        show_lines(f"{facts.declared.at()}  add to {facts.id}:\n  " + "\n  ".join([*([card] if card else []), *items]))


def _read(path: str, text: str) -> Document[Manifest]:
    tree = MemoryTree({path: text.encode("utf-8")})
    entry = tree.entry(path)
    assert entry is not None  # noqa: S101 - it was just put there
    return DocumentCache().document(Manifest, tree, entry)


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

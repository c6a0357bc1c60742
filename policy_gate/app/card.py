"""One model card by itself: what it states against what its tier asks for, and the sections that it lacks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from policy_gate.app.judge import policies_of_base
from policy_gate.app.views import facts_in
from policy_gate.cards.card import CardDocument, WrittenCard
from policy_gate.cards.field_names import CardVocabulary, vocabulary
from policy_gate.cards.formats import FORMATS, format_of
from policy_gate.cards.formats.cyclonedx import NO_CARD, read_component
from policy_gate.cards.markdown_outline import MAX_TEXT, outline
from policy_gate.cards.models_in_text import of_one_model
from policy_gate.cards.named_evidence import files_named
from policy_gate.cards.notebook_text import as_shown, is_notebook
from policy_gate.cards.reader import read_card
from policy_gate.cards.statements import ELSEWHERE
from policy_gate.cards.text_normal import visible
from policy_gate.collect.evidence import MAX_EVIDENCE, evidence_of
from policy_gate.collect.inputs import load_inputs
from policy_gate.collect.policy_files import builtin_layer_sealed, of_folder
from policy_gate.documents.scalars import BOM
from policy_gate.documents.writer import NewFile, create, put
from policy_gate.errors import DocumentError, UsageError
from policy_gate.evaluate.cards import is_stated, wanted_fields
from policy_gate.facts.changes_card import card_differences, card_gains, evidence_differences
from policy_gate.facts.facts import facts_of, names_of_models
from policy_gate.facts.metric_evidence import held_against_files
from policy_gate.policy.load import load_policies
from policy_gate.schema.card_check import CardCheck, CardDiff
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.facts import CardFact, Facts, ModelChoice
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.snapshot import Evidence
from policy_gate.schema.source import Location, Problem
from policy_gate.schema.vocabulary import TIERS, Tier
from policy_gate.vcs.discovery import find_repository
from policy_gate.vcs.repository import Repository
from policy_gate.write.card_sections import with_sections

IMPORT: Final = "if another tool wrote it, policy-gate card import {} makes a card of it"
_CALLED: Final = lazy_pattern(r"(?<![a-z])model[ _-]?card", re.IGNORECASE)
_OF_ANY_README: Final = frozenset({
    "model_name", "license", "authors", "organization", "incident_contact", "changelog_summary", "version",
    "release_date",
})  # fmt: skip
"""fields that a README of no model states, too"""
_SUFFIXES: Mapping[str, str] = {"markdown": ".md", "huggingface": ".md", "yaml": ".yaml", "json": ".json"}
USUAL = ("MODEL_CARD.md", "model_card.md", "MODEL_CARD.yaml", "model_card.yaml", "model_card.json")
"""where a card lies that no manifest names"""


def check_card(request: Request, path: str | None, tier: Tier | None, model: str | None = None) -> CardCheck:
    """The card at a path of the work tree, or the one card that the manifests name, against a tier.

    Without a tier it is that of the system that the card is of, else the highest; without a model, of a text that
    describes several, the one that the system's entry names. UsageError where there is no such file or model, or
    several cards and no path.
    """
    policy, facts = policies_and_facts(request)
    owners = _owners(request.directory, facts)
    named = path or _only(request.directory, owners)
    evidence = _evidence(request.directory, named)
    owner = owners.get((request.directory / named).resolve())
    asked = "as asked" if tier else f"of {owner.id}" if owner else "no system's card, so all that any tier asks for"
    names = [model] if model else names_of_models(owner.declared) if owner else ()
    found = _checked(evidence, tier or (owner.tier if owner else TIERS[-1]), asked, policy, names)
    _hold_to(model, found.card.models, named)
    if owner is not None and found.card.cause != "refused":
        found = replace(found, foreign="")
    is_same = owner is not None and owner.card is not None and found.card.models == owner.card.models
    if owner is not None and owner.card is not None and found.card.cause is None and is_same:
        return replace(found, card=replace(found.card, metrics=owner.card.metrics, bound=owner.card.bound))
    return replace(found, card=_with_files(found.card, evidence, request.directory))


def add_sections(request: Request, check: CardCheck) -> tuple[CardCheck, tuple[str, ...]]:
    """Write a section for each field that the card has none for, marked as to be written, and touch nothing else.

    The check of the card as it is now, and the titles of what was added. UsageError where the card cannot take them.
    """
    if check.foreign or check.card.cause == "refused":
        hint = IMPORT.format(check.path) if check.foreign else ""
        raise UsageError(f"{check.path} cannot be added to: {check.foreign or check.card.detail}", hint=hint)
    if is_notebook(check.path):
        raise UsageError(
            f"{check.path} is a notebook, and nothing was written", hint="write the sections in a cell of it"
        )
    if not check.absent:
        return check, ()
    policy, _ = policies_and_facts(request)
    evidence = _evidence(request.directory, check.path)
    text = with_sections(evidence, check.format, check.absent, vocabulary(policy.card_words))
    names = [check.card.models.judged] if check.card.models.judged else []
    now = _checked(evidence_of(check.path, "", text.encode()), check.tier, check.asked, policy, names)
    now = replace(now, card=replace(now.card, metrics=check.card.metrics, bound=check.card.bound))
    if not _is_added(check, now):
        raise UsageError(
            f"{check.path} cannot take another section at its end; nothing was written",
            hint="close the code, comment or HTML element that it ends in, or write them by hand",
        )
    _write_over(request.directory / check.path, evidence.text or "", text)
    return now, tuple(spec.title for spec in check.absent)


def _write_over(path: Path, known: str, text: str) -> None:
    """Put a text in the place of the one that was read from a file; UsageError where the file holds it no more."""
    place = path.absolute()
    held = place.read_bytes()
    mark = BOM if held.startswith(BOM) else b""
    if held != mark + known.encode():
        raise UsageError(f"{path.name} is not UTF-8, or not what it was; nothing was written", hint="save it as UTF-8")
    put(place.parent, place.name, mark + text.encode(), held)


def read_document(request: Request, path: str | None, model: str | None = None) -> tuple[CardDocument, ModelChoice]:
    """The card at a path, or the one that the manifests name, whole; of a text that describes several models, the one
    of this name, else the one that its system's entry names, else its first.

    UsageError or DocumentError where it is no card, or describes no such model.
    """
    policy, facts = policies_and_facts(request)
    owners = _owners(request.directory, facts)
    named = path or _only(request.directory, owners)
    owner = owners.get((request.directory / named).resolve())
    names = [model] if model else names_of_models(owner.declared) if owner else ()
    evidence = _evidence(request.directory, named)
    words = vocabulary(policy.card_words)
    card_fact = read_card(evidence, Location(named), words, names)
    why = _foreign(card_fact, format_of(evidence), tuple(_seen(evidence, words)))
    if why and (owner is None or card_fact.cause == "refused"):
        raise UsageError(f"{named} is no model card: {why}", hint=IMPORT.format(named))
    card, models = _document(evidence, policy, names)
    _hold_to(model, models, named)
    return card, models


def _hold_to(model: str | None, models: ModelChoice, path: str) -> None:
    """UsageError where a model was asked for that the text does not describe."""
    if model and not models.is_named:
        told = ", ".join(models.described) or "one model alone"
        raise UsageError(f"{path} describes {told}, and no {model}", hint="name one of them as it is headed there")


def card_diff(request: Request, base: str, head: str, model: str | None = None) -> tuple[CardDiff, ...]:
    """How the cards of a commit, or one file, differ from those of another, in meaning: losses first, then gains.

    Both are files, or both are revisions whose manifests name the cards. Of files that describe several models, what is
    said of the one of this name is compared.
    """
    files = [name for name in (base, head) if (request.directory / name).is_file()]
    if len(files) < 2:
        if model:
            raise UsageError(f"--model is for two files, and {base} or {head} is none", hint="leave it out")
        found = _diff_of_revisions(_of_revisions(request, base, head, files))
        if not found and not any(facts.card for facts in policies_and_facts(request)[1]):
            raise UsageError("no manifest here names a model card", hint="name two files to compare")
        return found
    words = vocabulary(policies_and_facts(request)[0].card_words)
    was, now = (_card_at(request.directory, path, words, model) for path in (base, head))
    for card in (was, now):
        if card.cause == "refused":
            problems = _problems(_evidence(request.directory, card.path), words)
            why = "" if problems else f": {card.detail}"
            raise DocumentError(f"{card.path} cannot be read{why}", problems=problems)
        if card.models.described:
            _hold_to(model, card.models, card.path)
    if model and not (was.models.described or now.models.described):
        _hold_to(model, now.models, now.path)
    return tuple(_diff(was, now, ""))


def _of_revisions(request: Request, base: str, head: str, files: Sequence[str]) -> Request:
    """The request about two commits; UsageError where one of the names is none."""
    with Repository.open(request.directory) as repository:
        found = {name: repository.resolve(name) for name in (base, head)}
        is_branch = bool(repository.refs_called(base))
    none = [name for name, commit in found.items() if commit is None and name not in files]
    if none or any(found[name] is None for name in files):
        why = f"{none[0]} is neither a file here nor a commit" if none else f"{files[0]} is a file and no commit"
        raise UsageError(why, hint="name two files, or two commits whose manifests name the cards")
    return replace(request, base=base if is_branch else found[base], head=head, worktree=False, everything=False)


def _card_at(directory: Path, path: str, words: CardVocabulary, model: str | None) -> CardFact:
    evidence = _evidence(directory, path)
    return _with_files(read_card(evidence, Location(path), words, [model] if model else ()), evidence, directory)


def _with_files(card: CardFact, evidence: Evidence, directory: Path) -> CardFact:
    """The card with its numbers held against the files that it names, where they lie in its own folder."""
    if not any(metric.claim for metric in card.metrics):
        return card
    home = (directory / evidence.path).resolve().parent
    files = {name: _beside(home, name) for name in files_named(evidence.data)}
    return replace(card, metrics=held_against_files(card.metrics, {k: it for k, it in files.items() if it is not None}))


def _beside(home: Path, name: str) -> Evidence | None:
    """What stands in a file of this folder; None where the name leads out of it."""
    place = (home / name).resolve()
    if not place.is_relative_to(home):
        return None
    try:
        data = place.read_bytes() if place.stat().st_size <= MAX_EVIDENCE else None
    except OSError:
        return Evidence(name, "absent")
    return Evidence(name, "too-large") if data is None else evidence_of(name, "", data)


def _diff_of_revisions(request: Request) -> tuple[CardDiff, ...]:
    with load_inputs(request) as inputs:
        policy = policies_of_base(inputs)
        before = {facts.id: facts.card for facts in facts_of(inputs.base, policy)}
        after = facts_of(inputs.result, policy)
    found = ((facts.id, before.get(facts.id), facts.card) for facts in after)
    return tuple(it for id_, was, now in found if was and now for it in _diff(was, now, id_))


def _diff(was: CardFact, now: CardFact, system: str) -> Iterator[CardDiff]:
    found = [*card_differences(was, now), *card_gains(was, now)]
    known = {told.field for told in found if told.evidence is not None}
    found += (told for told in evidence_differences(was, now) if told.field not in known)
    for told in found:
        yield replace(told, system=system)


def converted(card: CardDocument, format_: str) -> WrittenCard:
    """A card in another format, and what is lost on the way."""
    return FORMATS[format_].write(card)


def imported(
    request: Request, path: str, format_: str, tier: Tier, model: str | None = None
) -> tuple[WrittenCard, ModelChoice]:
    """A card made from a file of another tool: what it tells, and an open section for each other field of the tier.

    Of a text that describes several models, the one of this name, else its first.
    """
    policy, _ = policies_and_facts(request)
    evidence, words = _evidence(request.directory, path), vocabulary(policy.card_words)
    models = ModelChoice()
    try:
        card, models = _document(evidence, policy, [model] if model else ())
    except DocumentError as error:
        if error.message != NO_CARD:
            raise
        card = read_component(evidence, words)
    _hold_to(model, models, path)
    written = converted(card, format_)
    now = evidence_of(f"card{_SUFFIXES[format_]}", "", written.text.encode())
    lacking = _checked(now, tier, "", policy).absent
    return replace(written, text=with_sections(now, format_, lacking, words) if lacking else written.text), models


def write_new(request: Request, path: str, text: str) -> None:
    """A file that is not there yet; UsageError where it is."""
    target = (request.directory / path).absolute()
    create(target.parent, [NewFile(target.name, text)])


def _document(evidence: Evidence, policy: RuleSet, names: Collection[str] = ()) -> tuple[CardDocument, ModelChoice]:
    if evidence.problem is not None:
        raise DocumentError(f"{evidence.path} cannot be read", problems=[evidence.problem])
    words = vocabulary(policy.card_words)
    own, models = of_one_model(evidence, words, names)
    try:
        return FORMATS[format_of(evidence)].read(own, words), models
    except DocumentError as error:
        if error.problems or error.message == NO_CARD:
            raise
        hint = error.hint or "a card in YAML or JSON is a map whose keys are fields"
        raise DocumentError(f"{evidence.path}: {error.message}", hint=hint) from None


def policies_and_facts(request: Request) -> tuple[RuleSet, tuple[Facts, ...]]:
    """The policies in force here and the systems declared; outside a repository those of the package alone."""
    try:
        find_repository(request.directory)
    except UsageError:
        layers = [builtin_layer_sealed()]
        if request.organisation_policies is not None:
            layers.append(of_folder(request.organisation_policies, True))
        return load_policies(layers), ()
    return facts_in(request, of_all=False)


def _is_added(was: CardCheck, now: CardCheck) -> bool:
    """Whether the new sections are read as open ones, and every other field as it was."""
    added = {spec.id for spec in was.absent}
    kept = all(
        now.card.fields[name].state == field.state and now.card.fields[name].text == field.text
        for name, field in was.card.fields.items()
        if name not in added
    )
    return kept and all(now.card.fields[name].state == "placeholder" for name in added)


def _owners(directory: Path, facts: Sequence[Facts]) -> dict[Path, Facts]:
    """The systems by where their cards lie."""
    if not facts:
        return {}
    with Repository.open(directory) as repository:
        root = Path(repository.root)
    return {(root / fact.card.path).resolve(): fact for fact in facts if fact.card is not None}


def _only(directory: Path, owners: Mapping[Path, Facts]) -> str:
    """The card that is meant where no file is named."""
    if len(owners) > 1:
        names = ", ".join(f"{_shown(directory, path)} ({fact.id})" for path, fact in sorted(owners.items()))
        raise UsageError(f"there are {len(owners)} model cards: {names}", hint="name one of them")
    found = next(iter(owners), None) or next((directory / name for name in USUAL if (directory / name).is_file()), None)
    if found is None:
        raise UsageError("no manifest here names a model card", hint="name the file: policy-gate card check FILE")
    return _shown(directory, found)


def _shown(directory: Path, path: Path) -> str:
    place = path.absolute()
    home = directory.resolve()
    return place.relative_to(home).as_posix() if place.is_relative_to(home) else place.as_posix()


def _evidence(directory: Path, path: str) -> Evidence:
    try:
        data = (directory / path).read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    if len(data) > MAX_EVIDENCE:
        raise UsageError(f"{path} is larger than {MAX_EVIDENCE >> 20} MiB")
    evidence = evidence_of(path, "", data)
    if data.startswith(b"%PDF-"):
        raise UsageError(f"{path} is a PDF, and no card is read of one", hint="save what it says as Markdown")
    if evidence.state == "lfs-pointer":
        raise UsageError(f"{path} is a pointer of Git LFS", hint="git lfs pull fetches the file")
    if evidence.state != "file" or evidence.text is None:
        raise UsageError(f"{path} is no text file", hint="a card is Markdown, YAML or JSON in UTF-8")
    evidence = as_shown(evidence)
    if len(evidence.text or "") > MAX_TEXT:
        raise UsageError(f"{path} is larger than {MAX_TEXT >> 20} MiB of text, more than is read as a card")
    return evidence


def _checked(evidence: Evidence, tier: Tier, asked: str, policy: RuleSet, names: Collection[str] = ()) -> CardCheck:
    words = vocabulary(policy.card_words)
    card = read_card(evidence, Location(evidence.path), words, names)
    wanted = wanted_fields((), tier, policy)
    seen = tuple(_seen(evidence, words))
    problems = _problems(evidence, words) if card.cause == "refused" else ()
    if problems:
        readable = read_card(_readable(evidence), Location(evidence.path), words, names)
        told = {name: getattr(readable, name) for name in ("fields", "metrics", "groups", "models")}
        card = replace(card, **told)
    return CardCheck(
        path=evidence.path,
        format=format_of(evidence),
        tier=tier,
        asked=asked,
        card=card,
        wanted=wanted,
        gaps=tuple(spec for spec in wanted if not is_stated(spec, card)),
        accepted={known.id: known.headings for known in policy.card_words},
        seen=seen,
        ends_at=len((evidence.text or "").splitlines()),
        foreign=_foreign(card, format_of(evidence), seen),
        problems=problems,
    )


def _problems(evidence: Evidence, words: CardVocabulary) -> tuple[Problem, ...]:
    """Every place that keeps a card from being read."""
    if evidence.problem is not None:
        return (evidence.problem,)
    try:
        FORMATS[format_of(evidence)].read(evidence, words)
    except DocumentError as error:
        return error.problems
    return ()


def _readable(evidence: Evidence) -> Evidence:
    """The same card without what it is refused for: its schema, or front matter that is no YAML."""
    if isinstance(evidence.data, Mapping):
        return replace(evidence, data={key: value for key, value in evidence.data.items() if key != "schema"})
    lines = (evidence.text or "").split("\n")
    closing = next((at for at, line in enumerate(lines) if at and line.strip() == "---"), 0)
    return replace(evidence, problem=None, body_line=closing + 2)


def _seen(evidence: Evidence, words: CardVocabulary) -> Iterator[tuple[int | None, str, tuple[str, ...]]]:
    """The headings and labels of a text, and the keys of data, front matter among them."""
    if isinstance(evidence.data, Mapping):
        for key in (key for key in evidence.data if key != "schema" and not str(key).startswith("@")):
            mark = evidence.marks.get((key,))
            yield mark.line if mark else None, str(key), words.fields_named(str(key))
    if evidence.path.lower().endswith((".yaml", ".yml", ".json")):
        return
    lines = (evidence.text or "").split("\n")[max(evidence.body_line - 1, 0) :]
    for piece in outline(visible("\n".join(lines)), evidence.body_line):
        if piece.kind == "heading":
            yield piece.line, piece.text, words.fields_headed(piece.text)


def _foreign(card: CardFact, format_: str, seen: Sequence[tuple[int | None, str, tuple[str, ...]]]) -> str:
    """Why a file is another tool's, or no card at all: what any README has makes none."""
    if card.cause == "refused" and NO_CARD in card.detail:
        return card.detail
    told = {name for name, field in card.fields.items() if field.state != "absent" and ELSEWHERE not in field.standing}
    named = {name for _, _, fields in seen for name in fields}
    told |= named
    is_called_so = _CALLED.search(" ".join([card.path.rpartition("/")[2], *(text for _, text, _ in seen[:1])]))
    ordinary = _OF_ANY_README if format_ == "markdown" else {"model_name"} - named
    if card.cause not in (None, "template") or is_called_so or told - ordinary or card.metrics:
        return ""
    if told <= {"model_name"}:
        return "no heading, label or key of it is one of a model card"
    return (
        f"it has {' and '.join(sorted(name.replace('_', ' ') for name in told - {'model_name'}))}, "
        "as any README may, and no more"
    )

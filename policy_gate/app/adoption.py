"""What `init` proposes: systems from what a repository shows, alone or beside those it declares."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from policy_gate.app.views import builtin_policies
from policy_gate.collect.layout import Layout
from policy_gate.collect.systems import Codes
from policy_gate.discover import scan
from policy_gate.discover.about import Seen, readable_name
from policy_gate.discover.scan import AiSignals, Candidate
from policy_gate.discover.standing import OwnerRule, deployed, owner_of, owner_rules
from policy_gate.documents.cache import DocumentCache
from policy_gate.documents.writer import scalar
from policy_gate.errors import DocumentError, UndecidedError, UsageError
from policy_gate.schema.documents import Manifest
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.source import Document
from policy_gate.vcs.tree import Tree
from policy_gate.write.adoption_files import PlannedModel, PlannedVendor, SystemPlan, entry, vendor_lines
from policy_gate.write.git_identity import identity, recent_authors, release_tag, remote_url, repository_name

_LARGEST = 200_000
_RELEASED = lazy_pattern(r"[1-9]")
_SHOWN = 3


class Shown(Struct, frozen=True):
    """What a repository shows: signs, whose files are whose, who works on it, and whether it is in use."""

    seen: AiSignals
    owners: tuple[OwnerRule, ...]
    authors: tuple[str, ...]
    account: str
    """of the remote, or empty"""
    repository: str
    me: str
    """the name that git would commit under here, or empty"""
    stage: Seen | None

    @property
    def is_sure(self) -> bool:
        """Whether a sign outside of tests says plainly that AI is used."""
        kinds = ("sdk", "host", "weights", "training", "dependency")
        return any(it.confidence == "high" and it.kind in kinds for it in self.seen.signals)

    @property
    def people(self) -> tuple[str, ...]:
        """Who may be asked to fill a role, in words: proposed, never assigned."""
        lines = [f"{' '.join(rule.owners)}, {rule.place}" for rule in reversed(self.owners)]
        return (*dict.fromkeys(lines[:_SHOWN]), *self.authors)


def shown(tree: Tree, root: Path, *, is_beside: bool = False) -> Shown:
    """Look at a work tree and at the history that it stands in; `is_beside` where systems are declared already."""
    remote, name, me = remote_url(root), repository_name(root), identity(root)
    seen = scan.scan(tree, remote, is_beside=is_beside)
    read = _reader(tree)
    account = name.partition("/")[0] if "/" in name else ""
    tag = release_tag(root)
    stage = deployed(seen.paths, read) or (Seen("production", f"the tag {tag}") if tag else None)
    return Shown(
        seen,
        owner_rules(read),
        recent_authors(root, builtin_policies().assurance.agents),
        account,
        name,
        me.name if me else "",
        stage,
    )


def _reader(tree: Tree) -> Callable[[str], str | None]:
    def read(path: str) -> str | None:
        found = tree.entry(path)
        try:
            is_read = found is not None and found.kind == "file" and tree.size(found) <= _LARGEST
            return tree.read(found).decode("utf-8-sig", "replace") if found is not None and is_read else None
        except UndecidedError:
            return None

    return read


def plans(about: Shown, candidates: Sequence[Candidate], taken: Collection[str] = ()) -> list[SystemPlan]:
    """A system for each candidate, with ids that are not taken yet."""
    free = (f"SYS-{number:03}" for number in range(1, 10_000))
    ids = (id_ for id_ in free if id_ not in taken)
    return [_plan(id_, candidate, about) for id_, candidate in zip(ids, candidates, strict=False)]


def _plan(id_: str, candidate: Candidate, about: Shown) -> SystemPlan:
    rule = owner_of(sorted(candidate.files), about.owners)
    team, team_at = about.me or "unassigned", ""
    if rule is not None:
        team, team_at = rule.owners[0].removeprefix("@"), rule.place
    elif about.account:
        team, team_at = about.account, "the account of origin"
    name = candidate.name or readable_name(about.repository) or "AI system"
    version = candidate.version if candidate.version and _RELEASED.match(candidate.version.value) else None
    stage = about.stage or version
    seen = {
        "name": candidate.name_at or ("" if candidate.name else "the repository's name"),
        "description": candidate.description.place if candidate.description else "",
        "owner_team": team_at,
        "stage": stage.place if stage else "",
    }
    # What is in the repository already is taken to be in use, which is the honest guess until told otherwise.
    return SystemPlan(
        id=id_,
        name=name,
        owner_team=team,
        stage="production",
        paths=candidate.paths,
        description=candidate.description.value if candidate.description else "",
        card=candidate.card,
        signs=candidate.signs,
        vendors=tuple(PlannedVendor(it.value, title, it.place) for title, it in candidate.vendors),
        models=tuple(PlannedModel(it.value, vendor, it.place) for vendor, it in candidate.models),
        parts=candidate.parts,
        model_lists=candidate.model_lists,
        people="; ".join(name.partition(" (")[0] for name in about.authors),
        seen={field: place for field, place in seen.items() if place},
        guessed=("id", "stage", "paths"),
    )


class Additions(Struct, frozen=True):
    """What a manifest lacks of what the code shows: candidates for new systems, and cards of declared ones by id.

    `missed` are files that show AI beside those of a declared system and that none claims.
    """

    candidates: tuple[Candidate, ...]
    cards: Mapping[str, str]
    missed: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not self.candidates and not self.cards


def additions(about: Shown, document: Document[Manifest], layout: Layout) -> Additions:
    """What to add to a manifest of the root."""
    codes = [(it.id, codes_of) for it in document.content.systems for codes_of in (Codes(layout).of(document, it),)]
    claimed = {path for path in about.seen.paths if any(code.holds(path) for _, code in codes)}
    named = {it.model_card for it in document.content.systems if it.model_card}
    fresh, missed = [], []
    for candidate in about.seen.candidates:
        files = candidate.files or {candidate.card or ""}
        if candidate.card in named and not candidate.files:
            continue
        if claimed.isdisjoint(files):
            fresh.append(candidate)
        else:
            missed += sorted(path for path in files - claimed if _is_code(path, about))
    cards: dict[str, str] = {}
    for card in about.seen.cards:
        holders = [it for it, code in codes if code.holds(card)]
        without = [it.id for it in document.content.systems if not it.model_card]
        homes = holders or ([codes[0][0]] if len(codes) == 1 else [])
        is_new = any(candidate.card == card for candidate in fresh)
        if card not in named and not is_new and homes and homes[0] in without:
            cards.setdefault(homes[0], card)
    return Additions(tuple(fresh), cards, tuple(missed))


def _is_code(path: str, about: Shown) -> bool:
    return any(it.path == path and it.kind != "dependency" and it.confidence == "high" for it in about.seen.signals)


def with_additions(
    text: str, document: Document[Manifest], systems: Sequence[SystemPlan], cards: Mapping[str, str], today: date
) -> str:
    """The manifest's text with these entries after its last one, and a line for each card.

    UsageError where it is written in a way that lines cannot be added to: then the entries are for people to paste.
    """
    lines = text.rstrip("\n").split("\n")
    known = [it.id for it in document.content.vendors]
    has_vendors = any(line.startswith("vendors:") for line in lines)
    for index in reversed(range(len(document.content.systems))):
        card = cards.get(document.content.systems[index].id)
        if card is not None:
            at = document.at("systems", index, "id").line or 1
            before = lines[at - 1]
            indent = len(before) - len(before.lstrip(" -"))
            lines.insert(at, f"{' ' * indent}model_card: {scalar(card)}")
    end = _end_of_systems(lines)
    added = [line for system in systems for line in entry(system, today)]
    lines[end:end] = _indented(added, lines)
    lines += [] if has_vendors else vendor_lines(systems, known)
    new = "\n".join(lines) + "\n"
    wanted = len(document.content.systems) + len(systems)
    if _count(new) != wanted:
        raise UsageError(
            "the manifest is written so that nothing can be added to it by itself",
            hint="paste this under `systems`:\n" + "\n".join(added),
        )
    return new


def _end_of_systems(lines: Sequence[str]) -> int:
    """Where the block of systems ends: before the next key of the top, or at the end of the text."""
    begin = next((number for number, line in enumerate(lines) if re.match(r"systems:\s*(?:#.*)?$", line)), None)
    if begin is None:
        return len(lines)
    rest = range(begin + 1, len(lines))
    return next((number for number in rest if re.match(r"[A-Za-z_]", lines[number])), len(lines))


def _indented(added: Iterable[str], lines: Sequence[str]) -> Iterator[str]:
    """The entries, indented as those that are there."""
    first = next((line for line in lines if re.match(r"\s*- ", line)), "  - ")
    indent = " " * (len(first) - len(first.lstrip(" ")))
    return (f"{indent}{line[2:]}" for line in added)


def _count(text: str) -> int:
    from policy_gate.vcs.memory_tree import MemoryTree  # noqa: PLC0415 - only to read what was written

    tree = MemoryTree({"governance.yaml": text.encode("utf-8")})
    found = tree.entry("governance.yaml")
    try:
        return len(DocumentCache().document(Manifest, tree, found).content.systems) if found else -1
    except DocumentError:
        return -1

"""What a repository shows of AI: model cards, code that imports an AI library, dependencies on one.

Enough to propose systems to a person; never a verdict. Which names and files are signs stands in `signs.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from msgspec import Struct

from policy_gate.discover.about import About, Seen, about, readable_name
from policy_gate.discover.about import of_card as about_card
from policy_gate.discover.encodings import utf8_of
from policy_gate.discover.imports import own_imports
from policy_gate.discover.look import signs_of
from policy_gate.discover.models_of_product import models_of_product
from policy_gate.discover.namesakes import without_namesakes
from policy_gate.discover.places import is_foreign, language_of
from policy_gate.discover.products import Part, products
from policy_gate.discover.signs import Signs, shipped_signs
from policy_gate.discover.signs_at_place import of_unclaimed
from policy_gate.errors import UndecidedError
from policy_gate.schema.observed import Signal
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.source import Problem
from policy_gate.vcs.tree import Tree, TreeEntry

_LARGEST = 200_000
"""bytes of a file that is read for what it says of the product"""
_OF_VENDOR = lazy_pattern(r"(?:A model of|The API of|Models at|Inference at) (.+)|(.+) client\Z")
MOST_FILES = 50_000
"""files of a tree that are looked at"""


class Candidate(Struct, frozen=True):
    """One product that looks like an AI system, what it is called, and the signs that say so.

    `vendors` (with the vendor's name) and `models` (with the vendor, or none) stand with the first place of each.
    `parts` are its folders, where it is put together of so many that they may be products of their own.
    """

    folder: str
    name: str
    paths: tuple[str, ...]
    card: str | None
    signs: tuple[str, ...]
    name_at: str = ""
    description: Seen | None = None
    version: Seen | None = None
    vendors: tuple[tuple[str, Seen], ...] = ()
    models: tuple[tuple[str, Seen], ...] = ()
    files: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()
    model_lists: tuple[str, ...] = ()
    """files that offer models to choose from, as sentences: none of these is taken to be in use"""


class AiSignals(Struct, frozen=True):
    """Candidates and signals in path order, and which forges' CI the repository uses.

    `unread` are files, and parts of files, that were not looked into: what they show is not known. `cards` are model
    cards, of products or not.
    """

    candidates: tuple[Candidate, ...]
    platforms: tuple[str, ...]
    signals: tuple[Signal, ...] = ()
    unread: tuple[Problem, ...] = ()
    cards: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


def scan(tree: Tree, remote: str = "", signs: Signs | None = None, *, is_beside: bool = False) -> AiSignals:
    """Look through a tree; `remote` is the URL of origin, which may name the forge.

    A tree's only product has the tree's name, unless it `is_beside` others that are declared already.
    """
    return _Scan(tree, signs or shipped_signs()).look(remote, is_beside=is_beside)


def of_card(tree: Tree, path: str) -> Candidate | None:
    """The candidate that a model card speaks of, or None where there is no such file."""
    entry = tree.entry(path)
    if entry is None or entry.kind != "file":
        return None
    folder = path.rpartition("/")[0]
    text = tree.read(entry).decode("utf-8", "replace") if tree.size(entry) <= _LARGEST else ""
    said = about_card(path, text)
    name = said.name or Seen(_named(folder), "")
    paths = (f"{folder}/**" if folder else "**",)
    return Candidate(folder, name.value, paths, path, (f"{path} is a card",), name.place, said.description)


class _Scan:
    """One walk over a tree: what was seen so far, and what could not be looked into."""

    def __init__(self, tree: Tree, signs: Signs) -> None:
        self._tree = tree
        self._signs = signs
        self._is_card = {sign.spec.what for sign in signs.files if sign.spec.card}
        self._entries: dict[str, TreeEntry] = {}
        self._signals: list[Signal] = []
        self._unread: list[Problem] = []

    def look(self, remote: str, *, is_beside: bool) -> AiSignals:
        for entry in self._files():
            self._entries[entry.path] = entry
            seen = of_unclaimed(signs_of(self._tree, entry, self._signs), entry.path)
            self._signals += seen.signals
            self._unread += seen.unread
        cards = [it.path for it in self._signals if it.what in self._is_card]
        paths = tuple(self._entries)
        self._signals = list(without_namesakes(self._signals, paths, self._text, self._signs))
        shown = [it for it in self._signals if it.what not in self._is_card]
        found = products(paths, shown, cards, self._text, self._loaded)
        candidates = tuple(self._candidate(part, is_only=len(found) == 1 and not is_beside) for part in found)
        return AiSignals(
            candidates, _platforms(paths, remote), tuple(self._signals), tuple(self._unread), tuple(cards), paths
        )

    def _files(self) -> Iterator[TreeEntry]:
        count = 0
        for entry in self._tree.walk():
            if entry.kind != "file" or is_foreign(entry.path):
                continue
            if count == MOST_FILES:
                message = f"this and all after it: only {MOST_FILES} files are looked at"
                self._unread.append(Problem(entry.path, message))
                return
            count += 1
            yield entry

    def _loaded(self, path: str) -> Iterator[str]:
        try:
            yield from (it.entry.path for it in own_imports(self._tree, self._entries[path]))
        except UndecidedError:
            return  # what cannot be read joins nothing

    def _text(self, path: str) -> str | None:
        entry = self._entries.get(path)
        try:
            if entry is None or self._tree.size(entry) > _LARGEST:
                return None
            return utf8_of(self._tree.read(entry)).decode("utf-8", "replace").replace("\r\n", "\n")
        except UndecidedError:
            return None

    def _candidate(self, part: Part, *, is_only: bool) -> Candidate:
        card = about_card(part.card, self._text(part.card) or "") if part.card else About()
        # What the repository says of itself is said of its only product.
        own = about("" if is_only else part.folder, self._text)
        if is_only and part.folder and own.name is None:
            own = about(part.folder, self._text)
        # A folder's name says what is meant only beside other products.
        name = own.name or card.name or Seen("" if is_only else _named(part.folder), "")
        signs = [f"{part.card} is a model card"] if part.card else []
        used = models_of_product(part.signals)
        return Candidate(
            part.folder,
            name.value,
            part.paths,
            part.card,
            (*signs, *(f"{it.path}:{it.line} {_said(it)}" for it in _told(part.signals))),
            name.place,
            own.description or card.description,
            own.version,
            _vendors(part.signals),
            used.models,
            frozenset(it.path for it in part.signals),
            part.parts,
            used.lists,
        )


def _told(signals: Sequence[Signal]) -> list[Signal]:
    """One sign of each kind of thing first, the plain ones before the others."""
    order = ("high", "medium", "low")
    first: dict[tuple[str, str], Signal] = {}
    ranked = sorted(signals, key=lambda it: (order.index(it.confidence), it.kind == "dependency"))
    for signal in ranked:
        first.setdefault((signal.kind, signal.what), signal)
    # What is only depended on, and what runs in CI, says least.
    best = sorted(first.values(), key=lambda it: (it.kind == "dependency", it.path.startswith(".github/")))
    return [*best, *(it for it in ranked if it not in best)]


def _said(signal: Signal) -> str:
    if signal.kind == "dependency":
        return f"depends on {_short(signal.found)}"
    return signal.what if signal.found in (signal.path, "") else f"{signal.what} ({_short(signal.found)})"


def _vendors(signals: Sequence[Signal]) -> tuple[tuple[str, Seen], ...]:
    """Whose products the code names, each with its first place; of dependencies where no code says more."""
    code = [it for it in signals if it.vendor and it.kind != "dependency"]
    first: dict[str, Seen] = {}
    titles: dict[str, str] = {}
    for signal in code or [it for it in signals if it.vendor]:
        first.setdefault(signal.vendor, Seen(signal.vendor, f"{signal.path}:{signal.line}"))
        if said := _OF_VENDOR.match(signal.what):
            titles.setdefault(signal.vendor, said[1] or said[2])
    return tuple((titles.get(name, readable_name(name)), first[name]) for name in sorted(first))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _named(folder: str) -> str:
    return readable_name(PurePosixPath(folder).stem if language_of(folder) else folder) or "AI system"


def _platforms(paths: Sequence[str], remote: str) -> tuple[str, ...]:
    github = "github" in remote or any(path.startswith(".github/") for path in paths)
    gitlab = "gitlab" in remote or ".gitlab-ci.yml" in paths
    return tuple(name for name, there in (("github", github), ("gitlab", gitlab)) if there)

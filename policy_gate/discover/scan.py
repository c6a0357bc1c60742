"""What a repository shows of AI: model cards, code that imports an AI library, dependencies on one.

Enough to propose systems to a person; never a verdict. Which names and files are signs stands in `signs.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from msgspec import Struct

from policy_gate.discover.look import look_at, of_unclaimed
from policy_gate.discover.places import LANGUAGES, is_foreign, is_test, language_of
from policy_gate.discover.signs import Signs, shipped_signs
from policy_gate.schema.observed import FileSigns, Signal
from policy_gate.schema.source import Problem
from policy_gate.vcs.tree import Tree, TreeEntry

_LARGEST = 200_000
MOST_FILES = 50_000
"""files of a tree that are looked at"""
_LONGEST_LINE = 2_000
_PROGRAMS = frozenset(LANGUAGES.values()) - {"configuration"}
_TITLE = re.compile(
    r"^#[ \t]+(?:model card[:\s]*(?:for)?[ \t]*)?(.+?)[ \t]*#*$",
    re.MULTILINE | re.IGNORECASE,
)
_NOT_PRODUCT = frozenset({"test", "tests", "docs", "doc", "examples", "node_modules", "vendor", ".github", ".gitlab"})
_PASSED_THROUGH = frozenset({"src", "lib", "packages", "apps", "services", "models"})


class Candidate(Struct, frozen=True):
    """One folder (or single file) that looks like an AI system, and the signs that say so."""

    folder: str
    name: str
    paths: tuple[str, ...]
    card: str | None
    signs: tuple[str, ...]


class AiSignals(Struct, frozen=True):
    """Candidates and signals in path order, and which forges' CI the repository uses.

    `unread` are files, and parts of files, that were not looked into: what they show is not known.
    """

    candidates: tuple[Candidate, ...]
    platforms: tuple[str, ...]
    signals: tuple[Signal, ...] = ()
    unread: tuple[Problem, ...] = ()


def scan(tree: Tree, remote: str = "", signs: Signs | None = None) -> AiSignals:
    """Look through a tree; `remote` is the URL of origin, which may name the forge."""
    return _Scan(tree, signs or shipped_signs()).look(remote)


def of_card(tree: Tree, path: str) -> Candidate | None:
    """The candidate that a model card speaks of, or None where there is no such file."""
    entry = tree.entry(path)
    if entry is None or entry.kind != "file":
        return None
    folder = _parent(path)
    text = tree.read(entry).decode("utf-8", "replace") if tree.size(entry) <= _LARGEST else ""
    return Candidate(folder, _title(text) or _named(folder), (_glob(folder),), path, (f"{path} is a card",))


class _Scan:
    """One walk over a tree: what was seen so far, and what could not be looked into."""

    def __init__(self, tree: Tree, signs: Signs) -> None:
        self._tree = tree
        self._signs = signs
        self._is_card = {sign.spec.what for sign in signs.files if sign.spec.card}
        self._cards: dict[str, str] = {}
        self._homes: dict[str, list[str]] = {}
        self._needs: list[str] = []
        self._signals: list[Signal] = []
        self._unread: list[Problem] = []

    def look(self, remote: str) -> AiSignals:
        entries = []
        for entry in self._files():
            entries.append(entry)
            seen = of_unclaimed(signs_of(self._tree, entry, self._signs), entry.path)
            self._signals += seen.signals
            self._unread += seen.unread
            self._place(entry.path, seen)
        if not self._homes and not self._cards and self._needs:
            # To depend on something is a sign where nothing better is.
            self._homes[""] = self._needs
        candidates = tuple(_candidates(self._cards, self._homes))
        return AiSignals(candidates, _platforms(entries, remote), tuple(self._signals), tuple(self._unread))

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

    def _place(self, path: str, seen: FileSigns) -> None:
        """Note the card, or the folder of code that imports something."""
        for signal in seen.signals:
            if signal.what in self._is_card and not _is_no_product(path):
                self._cards.setdefault(_parent(path), path)
            elif signal.kind == "sdk" and path.startswith(".github/") and language_of(path) == "configuration":
                self._homes.setdefault(path, []).append(f"{path} shows {signal.what} ({_short(signal.found)})")
            elif _is_no_product(path) or signal.confidence == "low":
                continue
            elif signal.kind == "dependency":
                self._needs.append(f"{path} depends on {signal.found}")
            elif signal.kind != "model" or signal.value:
                is_import = signal.kind == "sdk" and language_of(path) in _PROGRAMS
                said = f"imports {signal.found}" if is_import else f"shows {signal.what} ({_short(signal.found)})"
                self._homes.setdefault(_home(path), []).append(f"{path} {said}")


def signs_of(tree: Tree, entry: TreeEntry, signs: Signs) -> FileSigns:
    """What one file of a tree shows."""
    if entry.kind != "file":
        return FileSigns()
    return look_at(entry.path, entry.oid, lambda: tree.size(entry), lambda: tree.read(entry), signs)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _is_no_product(path: str) -> bool:
    return is_test(path) or not _NOT_PRODUCT.isdisjoint(_folders(path))


def _candidates(cards: Mapping[str, str], homes_of: Mapping[str, list[str]]) -> Iterator[Candidate]:
    # A card at the root speaks for the code; beside cards in folders it is one system more.
    root_card = cards.get("")
    homes = sorted(set(homes_of) | {folder for folder in cards if folder})
    if not homes and root_card:
        homes = [""]
    for home in homes:
        card = cards.get(home) or (root_card if len(homes) == 1 else None)
        told = [*([f"{card} is a model card"] if card else []), *homes_of.get(home, ())]
        yield Candidate(home, _named(home), (_glob(home),), card, tuple(told))


def _home(path: str) -> str:
    """The folder that a code file belongs to: the first below names such as src, or the file at the root."""
    folders = _folders(path)
    if not folders:
        return path
    depth = 2 if folders[0] in _PASSED_THROUGH and len(folders) > 1 else 1
    return "/".join(folders[:depth])


def _folders(path: str) -> tuple[str, ...]:
    return PurePosixPath(path).parts[:-1]


def _parent(path: str) -> str:
    return "/".join(_folders(path))


def _glob(folder: str) -> str:
    if not folder:
        return "**"
    return folder if language_of(folder) else f"{folder}/**"


def _named(folder: str) -> str:
    words = re.split(r"[-_.\s]+", PurePosixPath(folder).stem or "AI system")
    return " ".join(word for word in words if word).capitalize() or "AI system"


def _title(text: str) -> str:
    found = _TITLE.search("\n".join(line[:_LONGEST_LINE] for line in text.split("\n")))
    return found[1][:200] if found else ""


def _platforms(entries: list[TreeEntry], remote: str) -> tuple[str, ...]:
    paths = [entry.path for entry in entries]
    github = "github" in remote or any(path.startswith(".github/") for path in paths)
    gitlab = "gitlab" in remote or ".gitlab-ci.yml" in paths
    return tuple(name for name, there in (("github", github), ("gitlab", gitlab)) if there)

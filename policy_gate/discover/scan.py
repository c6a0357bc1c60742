"""What a repository shows of AI: model cards, code that imports an AI library, dependencies on one.

Enough to propose systems to a person; never a verdict. Which names and files are signs stands in `signs.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from msgspec import Struct

from policy_gate.discover.signs import FileSign, Signs, normal_name, shipped_signs
from policy_gate.documents.globs import matches
from policy_gate.schema.sign_document import SignSpec
from policy_gate.schema.source import Problem
from policy_gate.vcs.tree import Tree, TreeEntry

_LARGEST = 200_000
_MOST_FILES = 5_000
_LONGEST_LINE = 2_000
"""characters of a line in which an expression is looked for"""
_SCRIPTS = frozenset({".js", ".mjs", ".ts", ".tsx", ".jsx"})
_CODE = _SCRIPTS | {".py"}
_REQUIREMENTS = re.compile(r"^[ \t]*([A-Za-z0-9][A-Za-z0-9._-]*)", re.MULTILINE)
_QUOTED = re.compile(r"""["']([A-Za-z0-9][A-Za-z0-9._-]*)(?=[\s"'\[<>=!~;@,])""")
_NPM = re.compile(r'"(@?[a-z0-9][a-z0-9._/-]*)"[ \t]*:')
_TITLE = re.compile(
    r"^#[ \t]+(?:model card[:\s]*(?:for)?[ \t]*)?(.+?)[ \t]*#*$",
    re.MULTILINE | re.IGNORECASE,
)
_NOT_PRODUCT = frozenset({"test", "tests", "docs", "doc", "examples", "node_modules", "vendor", ".github", ".gitlab"})
_PASSED_THROUGH = frozenset({"src", "lib", "packages", "apps", "services", "models"})


class Signal(Struct, frozen=True):
    """One sign seen at one place; `found` is the name or line that was seen."""

    path: str
    line: int
    kind: str
    what: str
    confidence: str
    found: str


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
        self._python = _imports_of(r"^[ \t]*(?:import|from)[ \t]+({})\b", signs.python)
        self._script = _imports_of(r"""(?:from|require\(|import)\s*["']({})["']""", signs.javascript)
        self._cards: dict[str, str] = {}
        self._homes: dict[str, list[str]] = {}
        self._signals: list[Signal] = []
        self._unread: list[Problem] = []

    def look(self, remote: str) -> AiSignals:
        entries = list(self._files())
        for entry in entries:
            text = _Text(self._tree, entry)
            self._signals += (*self._by_file(text), *self._by_import(text), *self._by_dependency(text))
            self._unread += text.unread
        candidates = tuple(_candidates(self._cards, self._homes))
        return AiSignals(candidates, _platforms(entries, remote), tuple(self._signals), tuple(self._unread))

    def _files(self) -> Iterator[TreeEntry]:
        count = 0
        for entry in self._tree.walk():
            if entry.kind != "file" or (_NOT_PRODUCT - {".github", ".gitlab"}) & set(_folders(entry.path)):
                continue
            if count == _MOST_FILES:
                self._unread.append(
                    Problem(entry.path, f"this and all after it: only {_MOST_FILES} files are looked at")
                )
                return
            count += 1
            yield entry

    def _by_file(self, text: _Text) -> Iterator[Signal]:
        for sign in self._signs.files:
            if not _is_named(sign.spec, text.path):
                continue
            seen = (1, text.path) if sign.text is None else text.line_with(sign)
            if seen is None:
                continue
            if sign.spec.card:
                self._cards.setdefault(_parent(text.path), text.path)
            yield _signal(sign.spec, text.path, *seen)

    def _by_import(self, text: _Text) -> Iterator[Signal]:
        suffix = PurePosixPath(text.path).suffix
        if suffix not in _CODE or _NOT_PRODUCT & set(_folders(text.path)):
            return
        pattern, specs = (
            (self._script, self._signs.javascript) if suffix in _SCRIPTS else (self._python, self._signs.python)
        )
        for name, line in _first_lines(pattern, text.whole):
            self._homes.setdefault(_home(text.path), []).append(f"{text.path} imports {name}")
            yield _signal(specs[name], text.path, line, name)

    def _by_dependency(self, text: _Text) -> Iterator[Signal]:
        name = PurePosixPath(text.path).name
        if name == "package.json":
            found, known = _first_lines(_NPM, text.whole), self._signs.npm
        elif name == "pyproject.toml" or (name.startswith("requirements") and name.endswith((".txt", ".in"))):
            pattern = _QUOTED if name == "pyproject.toml" else _REQUIREMENTS
            named = _first_lines(pattern, text.whole)
            found, known = ((normal_name(package), line) for package, line in named), self._signs.pypi
        else:
            return
        for package, line in found:
            if package in known:
                yield _signal(known[package], text.path, line, package, kind="dependency")


class _Text:
    """A file's text, read when a sign asks for it; what is too long is noted and not looked into."""

    def __init__(self, tree: Tree, entry: TreeEntry) -> None:
        self._tree = tree
        self._entry = entry
        self._whole: str | None = None
        self.path = entry.path
        self.unread: list[Problem] = []

    @property
    def whole(self) -> str:
        """The text, with a sign of its own for bytes that are no UTF-8; empty where the file is too large."""
        if self._whole is None:
            self._whole = ""
            if (size := self._tree.size(self._entry)) > _LARGEST:
                self.unread.append(Problem(self.path, f"the file is too large (got {size} bytes, at most {_LARGEST})"))
            else:
                self._whole = self._tree.read(self._entry).decode("utf-8", "replace")
        return self._whole

    def line_with(self, sign: FileSign) -> tuple[int, str] | None:
        """The first line that holds the sign's expression, with its number from 1."""
        text = _front_matter(self.whole) if sign.spec.within == "front-matter" else self.whole
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) > _LONGEST_LINE:
                message = f"the line is too long (only its first {_LONGEST_LINE} characters are looked at)"
                self.unread.append(Problem(self.path, message, number))
            if sign.text and sign.text.search(line[:_LONGEST_LINE]):
                return number, line[:_LONGEST_LINE].strip()
        return None


def _imports_of(pattern: str, names: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(pattern.format("|".join(map(re.escape, longest_first)) or r"(?!)"), re.MULTILINE)


def _first_lines(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, int]]:
    """Each name that the pattern finds, once, with the line where it is first seen."""
    seen: set[str] = set()
    line = at = 0
    for found in pattern.finditer(text):
        if found[1] not in seen:
            seen.add(found[1])
            line, at = line + text.count("\n", at, found.start(1)), found.start(1)
            yield found[1], line + 1


def _signal(spec: SignSpec, path: str, line: int, found: str, kind: str = "") -> Signal:
    return Signal(path, line, kind or spec.kind, spec.what, spec.confidence, found)


def _is_named(spec: SignSpec, path: str) -> bool:
    if spec.any_case:
        return any(matches(glob.lower(), path.lower()) for glob in spec.files)
    return any(matches(glob, path) for glob in spec.files)


def _front_matter(text: str) -> str:
    return text.split("\n---", 1)[0] if text.startswith("---\n") else ""


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
    return folder if PurePosixPath(folder).suffix in _CODE else f"{folder}/**"


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

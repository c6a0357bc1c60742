"""Signs joined to products: by the packages of a tree, by what loads what, and by model cards beside code.

A proposal for people, never a verdict: one product is one system to declare, not one folder each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from policy_gate.discover.packages import format_of
from policy_gate.discover.places import LANGUAGES, is_foreign, is_test, is_text, language_of
from policy_gate.discover.standing import owner_rules
from policy_gate.documents.globs import has_wildcard
from policy_gate.schema.observed import IN_CODE, Signal
from policy_gate.schema.patterns import lazy_pattern

_PROGRAMS: Final = frozenset(LANGUAGES.values()) - {"configuration"}
_PACKAGE_FILES: Final[Mapping[str, str]] = {
    "package.json": r'"name"\s*:\s*"([^"\n]{1,200})"',
    "pyproject.toml": r"""^name\s*=\s*["']([^"'\n]{1,200})""",
    "setup.py": r"""\bname\s*=\s*["']([^"'\n]{1,200})""",
    "setup.cfg": r"^name\s*=\s*([^\s]{1,200})",
    "Cargo.toml": r"""^name\s*=\s*["']([^"'\n]{1,200})""",
    "go.mod": r"^module\s+([^\s]{1,200})",
    "composer.json": r'"name"\s*:\s*"([^"\n]{1,200})"',
    "pom.xml": r"<artifactId>([^<\n]{1,200})",
    "build.gradle": r"()",
    "build.gradle.kts": r"()",
    "Gemfile": r"()",
}
"""Files that make a folder a package, and where its name stands"""
_PASSED_THROUGH: Final = frozenset({"src", "lib", "packages", "apps", "services", "models", "projects", "crates"})
_OF_MANY: Final = frozenset({"packages", "apps", "services", "projects", "crates", "modules", "plugins", "functions"})
"""folders whose packages are products of their own"""
_OF_PARTS: Final = frozenset(
    {
        *("backend", "frontend", "server", "client", "web", "ui", "api", "core", "common", "shared", "data", "etc"),
        *("infra", "infrastructure", "terraform", "cdk", "deploy", "deployment", "helm", "charts", "docker", "scripts"),
        *("train", "training", "inference", "serving", "evaluation", "experimentation", "experiments", "notebooks"),
        *("notebook", "pipelines", "pipeline", "dags", "benchmark", "benchmarks", "convert", "tools", "router"),
        *("ml_service", "cpp", "python", "bindings", "utils", "config", "database", "environment_setup"),
    }
)
"""names of folders that hold a part of a product, and no product of their own"""
_VARIANT: Final = lazy_pattern(
    r"[-_.](?:go|golang|python|py|ruby|rust|typescript|ts|javascript|js|node|java|kotlin|csharp|dotnet|php|swift|[0-9]{1,2})$"
)
_UNCERTAIN: Final = "Model Context Protocol SDK"
"""who offers tools to a model need not use one"""
_MOST_PARTS: Final = 6
"""products of one tree; more are taken for the parts of one"""
_MOST_GLOBS: Final = 12
_MANY_ALIKE: Final = 4
"""files beside each other that are covered by their ending"""
_MOST_READ: Final = 4_000
"""programs that are asked what they load"""
_SHARE: Final = 0.4
_WHOLE: Final = 0.75
"""of a folder's programs that belong to the product, for the folder to belong to it as a whole; the larger one where
a folder in it has none of them"""

Read = Callable[[str], str | None]
Loaded = Callable[[str], Iterable[str]]


class Part(Struct, frozen=True):
    """The files of one product: where it lies, the globs that cover it, its signs and its model card.

    `parts` are the folders that it was put together of, where they could as well be products of their own.
    """

    folder: str
    paths: tuple[str, ...]
    card: str | None
    signals: tuple[Signal, ...]
    parts: tuple[str, ...] = ()


def products(
    paths: Sequence[str], signals: Sequence[Signal], cards: Iterable[str], read: Read, loaded: Loaded
) -> tuple[Part, ...]:
    """The products of a tree, by its paths, the signs and the model cards in it.

    `read` gives a file's text, `loaded` the paths of the tree that it imports.
    """
    return tuple(sorted(_Joiner(paths, signals, tuple(cards), read, loaded).parts(), key=lambda it: it.folder))


def is_of_product(path: str) -> bool:
    """Whether a file is neither a test, nor somebody else's, nor there to explain."""
    return not (is_test(path) or is_text(path) or is_foreign(path))


def _is_for_tools(path: str) -> bool:
    """Does it lie in a folder for the tools of who works here, such as `.github`, `.agents` or `.vscode`?"""
    return path.startswith(".") and "/" in path


class _Group(Struct):
    """Files with signs that belong together: the folder they lie in, and whether that is a package."""

    folder: str
    files: set[str]
    is_package: bool
    folders: list[str]


class _Joiner:
    def __init__(
        self, paths: Sequence[str], signals: Sequence[Signal], cards: tuple[str, ...], read: Read, loaded: Loaded
    ) -> None:
        self._all = frozenset(paths)
        self._read = read
        self._loaded = loaded
        self._cards = [card for card in cards if not is_test(card)]
        # What a package says of itself, and what it asks for, may be called like a model.
        shown = [
            it
            for it in signals
            if it.confidence != "low" and (it.kind != "model" or (it.value and not format_of(it.path)))
        ]
        own = [it for it in shown if is_of_product(it.path)]
        # A name or a text alone is no use of AI.
        uses = {it.kind for it in own if it.what != IN_CODE} - {"model"}
        own = own if uses else []
        # What runs in CI or serves the tools of who works here, what explains, and what is only depended on counts
        # where nothing better is seen.
        code = [it for it in own if it.kind != "dependency" and not _is_for_tools(it.path)]
        tools = [it for it in own if it.kind != "dependency" and _is_for_tools(it.path)]
        ci = [it for it in tools if it.kind == "sdk"]
        needs = [it for it in own if it.kind == "dependency"]
        told = [it for it in shown if not is_test(it.path) and not is_foreign(it.path) and it.kind == "sdk"]
        self._counted = next((some for some in (code, ci, needs, told, tools) if some), [])
        self._is_only_needed = bool(needs) and self._counted is needs
        self._own = own
        self._shown = shown

    def parts(self) -> Iterator[Part]:
        """The products."""
        groups = self._grouped()
        groups = self._without_uncertain(self._joined(groups))
        groups = self._by_team(groups) if len(groups) > _MOST_PARTS else groups
        cards = self._placed_cards(groups)
        for group in groups:
            yield self._part(group, cards.pop(group.folder, None), is_only=len(groups) == 1)
        # A card beside several products, or where there is no code, speaks of one of its own.
        for folder, card in sorted(cards.items()) if len(groups) > 1 or len(cards) == 1 else ():
            if not groups or folder:
                yield Part(folder, (f"{folder}/**" if folder else "**",), card, ())

    # groups

    def _grouped(self) -> list[_Group]:
        if self._is_only_needed:
            return [_Group("", {it.path for it in self._counted}, True, [""])]
        found: dict[str, _Group] = {}
        for signal in self._counted:
            folder, is_package = self._home(signal.path)
            group = found.setdefault(folder, _Group(folder, set(), is_package, [folder]))
            group.files.add(signal.path)
        return [found[folder] for folder in sorted(found)]

    def _home(self, path: str) -> tuple[str, bool]:
        """The card's folder, the package or else the folder that a file belongs to."""
        above = _above(path)
        for folder in above:
            if folder in self._card_folders and (len(self._card_folders) > 1 or self._named.isdisjoint(above)):
                return folder, True
            if folder in self._named or (folder in self._of_teams and _name_of(_parent(folder)) in _OF_MANY):
                return folder, True
        folders = above[-2::-1] if len(above) > 1 else []
        if not folders:
            return "", False
        depth = 1 if PurePosixPath(folders[0]).name in _PASSED_THROUGH and len(folders) > 1 else 0
        return folders[depth], False

    @cached_property
    def _card_folders(self) -> frozenset[str]:
        """Folders with a card beside code or weights."""
        coded = {folder for it in self._counted for folder in _above(it.path)}
        return frozenset(_parent(card) for card in self._cards if _parent(card) in coded and _parent(card))

    @cached_property
    def packages(self) -> Mapping[str, tuple[str, str]]:
        """Folder to the file that makes it a package, and the package's name."""
        found: dict[str, tuple[str, str]] = {}
        for path in sorted(self._all):
            name = path.rpartition("/")[2]
            if name in _PACKAGE_FILES and is_of_product(path) and (text := self._read(path)) is not None:
                said = re.search(_PACKAGE_FILES[name], text, re.MULTILINE)
                if said and (_parent(path) not in found or said[1]):
                    found[_parent(path)] = (path, said[1])
        return found

    @cached_property
    def _named(self) -> frozenset[str]:
        """Packages that are one product; the root of a workspace holds many."""
        text = self._read("package.json") or ""
        many = '"workspaces"' in text or not self._all.isdisjoint({"pnpm-workspace.yaml", "lerna.json", "go.work"})
        return frozenset(folder for folder in self.packages if folder or not many)

    @cached_property
    def _of_teams(self) -> Mapping[str, str]:
        """Folders of which CODEOWNERS says that each is another team's; empty where one team has them all."""
        said = [(rule.pattern.removesuffix("/**"), rule.owners[0]) for rule in owner_rules(self._read)]
        found = {folder: owner for folder, owner in said if "/" in owner and folder and not has_wildcard(folder)}
        coded = {folder for it in self._counted for folder in _above(it.path)}
        held = {folder: owner for folder, owner in found.items() if folder in coded}
        return held if len(set(held.values())) > 1 else {}

    def _team(self, group: _Group) -> str:
        return next((self._of_teams[it] for it in (group.folder, *_above(group.folder)) if it in self._of_teams), "")

    # joining

    def _by_team(self, groups: list[_Group]) -> list[_Group]:
        """Many products stay apart where they are other teams'; what is one team's, or nobody's, becomes one."""
        teams: dict[str, list[_Group]] = {}
        for group in groups:
            teams.setdefault(self._team(group), []).append(group)
        parts = (_as_one(its, len(teams) == 1) if len(its) > _MOST_PARTS else its for its in teams.values())
        return sorted((part for some in parts for part in some), key=lambda it: it.folder)

    def _joined(self, groups: list[_Group]) -> list[_Group]:
        rules = (self._is_beside, self._is_below, self._loads, self._is_variant, self._is_weights, self._is_part)
        for rule in rules:
            groups = self._by(rule, groups)
        return groups

    def _by(self, rule: Callable[[_Group, _Group, list[_Group]], bool], groups: list[_Group]) -> list[_Group]:
        joined = True
        while joined and len(groups) > 1:
            joined = False
            for one, other in combinations(groups, 2):
                if rule(one, other, groups) or rule(other, one, groups):
                    groups = [it for it in groups if it is not one and it is not other]
                    groups.append(_merged(one, other))
                    groups.sort(key=lambda it: it.folder)
                    joined = True
                    break
        return groups

    def _is_beside(self, one: _Group, other: _Group, _: list[_Group]) -> bool:
        """Programs at the top of what is no package speak for the folders beside them."""
        is_top = any("/" not in path and language_of(path) in _PROGRAMS for path in one.files)
        return is_top and not one.folder and not other.is_package

    def _is_below(self, one: _Group, other: _Group, _: list[_Group]) -> bool:
        """A package inside of another, such as the front end of a service."""
        if not one.is_package or other.folder in self._card_folders:
            return False
        inner = other.folder.removeprefix(f"{one.folder}/" if one.folder else "")
        is_inside = one.folder != other.folder and (not one.folder or inner != other.folder)
        return is_inside and inner.split("/")[0] not in _OF_MANY

    def _loads(self, one: _Group, other: _Group, groups: list[_Group]) -> bool:
        """What only one product loads is a part of it."""
        users = [it for it in groups if it is not other and self._uses(it, other)]
        return len(users) == 1 and users[0] is one

    def _uses(self, one: _Group, other: _Group) -> bool:
        name = self.packages.get(other.folder, ("", ""))[1] if other.is_package else ""
        own = self.packages.get(one.folder)
        if name and own and re.search(rf"""["'/ ]{re.escape(name)}["' @>=]""", self._read(own[0]) or ""):
            return True
        inside = {path for path in self._graph if _is_in(path, other) and not _is_in(path, one)}
        return any(self._graph[path] & inside for path in self._graph if _is_in(path, one))

    def _is_variant(self, one: _Group, other: _Group, _: list[_Group]) -> bool:
        """The same thing in several languages, as in a folder of samples."""
        stems = {_VARIANT.sub("", it) for group in (one, other) for it in group.folders}
        return len(stems) == 1 and one.folder != other.folder and all(_VARIANT.search(it) for it in one.folders)

    def _is_weights(self, one: _Group, other: _Group, groups: list[_Group]) -> bool:
        """Weights and settings run nothing by themselves."""
        if any(language_of(path) in _PROGRAMS for path in other.files) or other.folder in self._card_folders:
            return False
        programs = [it for it in groups if any(language_of(path) in _PROGRAMS for path in it.files)]
        return one is (programs or groups)[0] and one is not other

    def _is_part(self, one: _Group, other: _Group, groups: list[_Group]) -> bool:
        """A folder for a part, or of notebooks alone, belongs to the first product that is no such; cards part them."""
        host = next((it for it in groups if not self._is_of_parts(it)), groups[0])
        return one is host and self._is_of_parts(other) and not self._card_folders

    def _is_of_parts(self, group: _Group) -> bool:
        if self._team(group) or _name_of(_parent(group.folder)) in _OF_MANY:
            return False
        name = _name_of(group.folder).lower()
        is_read = all(path.endswith(".ipynb") or language_of(path) not in _PROGRAMS for path in group.files)
        return bool(name) and (name in _OF_PARTS or (is_read and not group.is_package))

    def _without_uncertain(self, groups: list[_Group]) -> list[_Group]:
        what = {it.path: it.what for it in self._counted}
        sure = [it for it in groups if any(what[path] != _UNCERTAIN for path in it.files)]
        return sure or groups

    # files

    @cached_property
    def _programs(self) -> frozenset[str]:
        found = [path for path in sorted(self._all) if is_of_product(path) and language_of(path) in _PROGRAMS]
        return frozenset(found[:_MOST_READ])

    @cached_property
    def _graph(self) -> Mapping[str, set[str]]:
        return {path: {it for it in self._loaded(path) if it in self._programs} for path in self._programs}

    def _part(self, group: _Group, card: str | None, *, is_only: bool) -> Part:
        if self._is_only_needed:
            globs: tuple[str, ...] = ("**",)
        else:
            globs = tuple(sorted({glob for folder in group.folders for glob in self._globs(folder, group)}))
        if len(globs) > _MOST_GLOBS:
            globs = tuple(sorted({_glob_of_top(glob) for glob in globs}))
        globs = tuple(it for it in globs if not any(it != wide and _covers(wide, it) for wide in globs))
        signals = [it for it in self._shown if it.path in group.files or self._belongs(it.path, group, is_only=is_only)]
        parts = tuple(it for it in group.folders if it) if len(group.folders) > _MOST_PARTS else ()
        return Part(group.folder, globs, card, tuple(signals), parts)

    def _belongs(self, path: str, group: _Group, *, is_only: bool) -> bool:
        """A dependency that the product may be told to have."""
        return (
            is_of_product(path)
            and not _is_for_tools(path)
            and (is_only or (bool(group.folder) and _is_in(path, group)))
        )

    def _globs(self, folder: str, group: _Group) -> Iterator[str]:
        if folder:
            yield f"{folder}/**"
            return
        held = {path for path in group.files if not any(it and path.startswith(f"{it}/") for it in group.folders)}
        near = {it for path in held for it in self._graph.get(path, ())}
        near |= {path for path, loaded in self._graph.items() if loaded & held}
        yield from _cover("", held | near, self._programs | held, self._all)

    def _placed_cards(self, groups: list[_Group]) -> dict[str, str]:
        """By folder: each product's card, and the cards of no product."""
        found: dict[str, str] = {}
        for card in sorted(self._cards, key=lambda it: it.count("/")):
            homes = [it for it in groups if it.folder == _parent(card)]
            inside = [it for it in groups if it.folder and _is_in(card, it)]
            home = homes or inside or (groups if len(groups) == 1 else [])
            found.setdefault(home[0].folder if home else _parent(card), card)
        return found


def _as_one(groups: Sequence[_Group], is_all: bool) -> list[_Group]:
    first = groups[0]
    files = set[str]().union(*(it.files for it in groups))
    return [_Group("" if is_all else first.folder, files, first.is_package, [it.folder for it in groups])]


def _merged(one: _Group, other: _Group) -> _Group:
    outer, inner = sorted((one, other), key=lambda it: (it.folder.count("/") + bool(it.folder), it.folder))
    folders = list(dict.fromkeys([*outer.folders, *inner.folders]))
    return _Group(outer.folder, one.files | other.files, outer.is_package, folders)


def _cover(folder: str, wanted: set[str], every: Iterable[str], there: Collection[str]) -> Iterator[str]:
    """The fewest globs that hold these files and, of folders that are only partly theirs, not much else."""
    below: dict[str, list[str]] = {}
    beside: list[str] = []
    for path in every:
        head, slash, _ = path[len(folder) + 1 if folder else 0 :].partition("/")
        at = f"{folder}/{head}" if folder else head
        if slash:
            below.setdefault(at, []).append(path)
        elif path in wanted:
            beside.append(path)
    yield from _by_ending(beside, there)
    for at, paths in sorted(below.items()):
        own = [path for path in paths if path in wanted]
        share = len(own) / len(paths)
        if own and (share >= _WHOLE or at.count("/") >= 3 or (share >= _SHARE and not _holds_others(at, own, paths))):
            yield f"{at}/**"
        elif own:
            yield from _cover(at, wanted, paths, there)


def _holds_others(folder: str, own: Iterable[str], every: Iterable[str]) -> bool:
    """Whether a folder in it holds nothing of the product."""

    def inner(paths: Iterable[str]) -> set[str]:
        return {head for path in paths for head, slash, _ in (path[len(folder) + 1 :].partition("/"),) if slash}

    return bool(inner(every) - inner(own))


def _by_ending(files: Sequence[str], there: Collection[str]) -> Iterator[str]:
    """Files of one folder; many of one ending, and most of them, by that ending."""
    by_ending: dict[str, list[str]] = {}
    for path in files:
        stem, dot, ending = path.rpartition(".")
        by_ending.setdefault(f"{_parent(path)}/*.{ending}".lstrip("/") if dot and stem else path, []).append(path)
    for glob, paths in by_ending.items():
        like = [it for it in there if _parent(it) == _parent(paths[0]) and it.endswith(glob.rpartition("*")[2])]
        yield from [glob] if len(paths) >= _MANY_ALIKE and len(paths) >= len(like) / 2 else paths


def _glob_of_top(glob: str) -> str:
    head, slash, _ = glob.partition("/")
    return f"{head}/**" if slash else glob


def _covers(wide: str, glob: str) -> bool:
    return wide.endswith("/**") and glob.startswith(wide[:-2])


def _is_in(path: str, group: _Group) -> bool:
    return path in group.files or any(path.startswith(f"{it}/") if it else "/" not in path for it in group.folders)


def _above(path: str) -> list[str]:
    """The folders of a file, the innermost first, and the root last."""
    parts = PurePosixPath(path).parts[:-1]
    return ["/".join(parts[:end]) for end in range(len(parts), -1, -1)]


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _name_of(path: str) -> str:
    return path.rpartition("/")[2]

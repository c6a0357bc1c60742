"""Where symbolic links among a system's code lead: what runs is what they point at (D58)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from policy_gate.collect.layout import Layout
from policy_gate.documents.globs import literal_folder
from policy_gate.schema.snapshot import CodeFile
from policy_gate.vcs.tree import Tree, TreeEntry
from policy_gate.vcs.trees import name_text

LINK: Final = "120000"
"""the mode of a symbolic link"""
_MOST_HOPS = 40
_LONGEST = 4096
_MOST_FILES = 10_000


class Followed(NamedTuple):
    """What links lead to: files of the tree, sorted, and the links that lead out of it or to more than is followed."""

    files: tuple[CodeFile, ...] = ()
    leaving: tuple[CodeFile, ...] = ()


def followed(tree: Tree, code: Iterable[CodeFile], patterns: Iterable[str], layout: Layout) -> Followed:
    """Follow every link among the code, and every link on the way to a pattern; links that are passed are of the files.

    What leads nowhere yet is in neither list: once something stands there, it is among the files.
    """
    own = {file.path: file for file in code}
    on_the_way = [file for file in _on_the_way(tree, patterns) if file.path not in own]
    queue = deque([*(file for file in own.values() if file.mode == LINK), *on_the_way])
    if not queue:
        return Followed()
    found: dict[str, CodeFile] = {file.path: file for file in on_the_way}
    leaving: list[CodeFile] = []
    seen = {file.path for file in queue}
    while queue:
        link = queue.popleft()
        passed, target = way_of(tree, link.path)
        inside = None if target is None else _at(tree, target, layout)
        if inside is None:
            leaving.append(link)
            continue
        found |= {it.path: CodeFile(it.path, it.mode, it.oid) for it in passed if it.path not in own}
        found |= {file.path: file for file in inside if file.path not in own}
        further = [file for file in inside if file.mode == LINK and file.path not in seen]
        seen.update(file.path for file in further)
        queue.extend(further)
    return Followed(tuple(found[path] for path in sorted(found)), tuple(sorted(leaving)))


def led_to(tree: Tree, link: TreeEntry, layout: Layout) -> Sequence[TreeEntry] | None:
    """The files that one link means, those of a folder together; None where it leaves the tree or they are too many."""
    target = _target(tree, link.path)
    inside = None if target is None else _at(tree, target, layout)
    if inside is None:
        return None
    found = (tree.entry(file.path) for file in inside)
    return [entry for entry in found if entry is not None and entry.kind == "file"]


def _on_the_way(tree: Tree, patterns: Iterable[str]) -> Iterator[CodeFile]:
    """The first link among the folders that a pattern names, its last included: nothing is found below one."""
    for folder in sorted({literal_folder(pattern) for pattern in patterns}):
        parts = folder.split("/")
        for length in range(1, len(parts) + 1):
            entry = tree.entry("/".join(parts[:length]))
            if entry is not None and entry.kind == "symlink":
                yield CodeFile(entry.path, entry.mode, entry.oid)
                break


def _target(tree: Tree, link: str) -> str | None:
    """The path that a link means in the end, there or not; None where it leaves the tree or has no end."""
    return way_of(tree, link)[1]


def way_of(tree: Tree, link: str) -> tuple[list[TreeEntry], str | None]:
    """The links that are passed from one on, itself included, and `_target` of it."""
    at: list[str] = []
    passed: list[TreeEntry] = []
    rest = deque(link.split("/"))
    hops = 0
    while rest:
        part = rest.popleft()
        if part in ("", "."):
            continue
        if part == "..":
            if not at:
                return passed, None
            at.pop()
            continue
        entry = tree.entry("/".join((*at, part)))
        if entry is None or entry.kind != "symlink":
            at.append(part)
            continue
        hops += 1
        text = _text(tree, entry)
        if hops > _MOST_HOPS or not text or text.startswith("/"):
            return passed, None
        passed.append(entry)
        rest.extendleft(reversed(text.split("/")))
    return passed, "/".join(at)


def _text(tree: Tree, link: TreeEntry) -> str:
    """What a link says; empty for one that no system would follow."""
    if tree.size(link) > _LONGEST:
        return ""
    raw = tree.read(link)
    return "" if b"\\" in raw or b"\0" in raw else name_text(raw)


def _at(tree: Tree, path: str, layout: Layout) -> list[CodeFile] | None:
    """The files at or below a path, less governed ones; None where they are more than is followed."""
    entry = tree.entry(path) if path else None
    if path and entry is None:
        return []
    entries = tree.walk(path) if entry is None or entry.kind == "folder" else iter((entry,))
    found: list[CodeFile] = []
    for it in entries:
        if len(found) == _MOST_FILES:
            return None
        if not (layout.is_manifest(it.path) or layout.is_policy(it.path) or layout.is_record(it.path)):
            found.append(CodeFile(it.path, it.mode, it.oid))
    return found

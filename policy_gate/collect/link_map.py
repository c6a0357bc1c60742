"""Which symbolic links of a whole tree lead to which paths: a change there is one of the code behind them (D58)."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator

from policy_gate.collect.links import way_of
from policy_gate.documents.globs import paths_below
from policy_gate.errors import UndecidedError
from policy_gate.vcs.tree import Tree, TreeEntry
from policy_gate.vcs.trees import FolderTree, GitTree, kind_of

MOST_LINKS = 10_000
"""of one tree that are followed"""
_MOST_FOLDERS = 500_000


class LinkMap:
    """The links of one tree, and what each leads to. What leads out of the tree or nowhere is not in it."""

    def __init__(self, tree: Tree, links: Iterable[str]) -> None:
        entries = [entry for entry in map(tree.entry, sorted(links)) if entry is not None and entry.kind == "symlink"]
        if isinstance(tree, GitTree):
            tree.expect(entries)
        self._ways = {entry.path: places for entry in entries if (places := _places(tree, entry))}
        self._ordered = sorted(self._ways)
        self._from: dict[str, list[str]] = defaultdict(list)
        for link, places in self._ways.items():
            for place in places:
                self._from[place].append(link)

    def leading_to(self, paths: Iterable[str]) -> frozenset[str]:
        """The links that lead to one of these paths, or to a folder above it, by whatever other links."""
        found: set[str] = set()
        seen: set[str] = set()
        queue = deque(paths if self._ways else ())
        while queue:
            place = queue.popleft()
            while place not in seen:
                seen.add(place)
                new = [link for link in self._from.get(place, ()) if link not in found]
                found.update(new)
                queue.extend(new)
                place = place.rpartition("/")[0]
        return frozenset(found)

    def reached_from(self, links: Iterable[str], paths: Iterable[str]) -> Iterator[str]:
        """Of these paths, those that the links lead to, or to a folder above them, by whatever other links."""
        places: set[str] = set()
        seen = set(links)
        queue = deque(seen)
        while queue:
            for place in self._ways.get(queue.popleft(), ()):
                if place in places:
                    continue
                places.add(place)
                inside = [link for link in paths_below(self._ordered, place) if link not in seen]
                seen.update(inside)
                queue.extend(inside)
        return (path for path in paths if places and not places.isdisjoint(_and_above(path)))


def link_maps(base: FolderTree, result: Tree, changed: Collection[str]) -> tuple[LinkMap, LinkMap] | None:
    """The links of both trees, found by one walk of base; None where they are more than are followed."""
    links = set(links_in(base))
    if len(links | set(changed)) > MOST_LINKS:
        links |= {path for path in changed if _is_link(result, path)}
    else:
        links |= set(changed)
    return None if len(links) > MOST_LINKS else (LinkMap(base, links), LinkMap(result, links))


def _is_link(tree: Tree, path: str) -> bool:
    entry = tree.entry(path)
    return entry is not None and entry.kind == "symlink"


def links_in(tree: FolderTree) -> Iterator[str]:
    """Every link of a tree; UndecidedError where it has more folders than any checkout."""
    level, folders = [""], 0
    while level:
        folders += len(level)
        if folders > _MOST_FOLDERS:
            raise UndecidedError(f"base has more than {_MOST_FOLDERS} folders")
        below: list[TreeEntry] = []
        for folder in level:
            prefix = f"{folder}/" if folder else ""
            for name, (mode, oid) in tree.rows(folder).items():
                kind = kind_of(mode)
                if kind == "symlink":
                    yield prefix + name
                elif kind == "folder":
                    below.append(TreeEntry(prefix + name, "040000", oid.hex(), "folder"))
        tree.expect(below)
        level = [entry.path for entry in below]


def _places(tree: Tree, link: TreeEntry) -> tuple[str, ...]:
    """The links that one passes on its way, and where it ends."""
    passed, target = way_of(tree, link.path)
    return () if target is None else tuple(dict.fromkeys((*(it.path for it in passed if it.path != link.path), target)))


def _and_above(path: str) -> Iterator[str]:
    yield path
    while path:
        path = path.rpartition("/")[0]
        yield path

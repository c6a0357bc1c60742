"""Code that base's last changes took out of a system's claims, and that this one brings where nobody claims it (D51).

The reverse of a copy that was merged before the original went: here the original went first. What is looked through is
bounded as there, and it is nothing where a change brings no code outside all claims.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import NamedTuple

from policy_gate.collect.layout import Layout
from policy_gate.collect.link_map import MOST_LINKS, links_in
from policy_gate.collect.links import LINK, way_of
from policy_gate.collect.manifests import Selection, claimed_below, manifests_above
from policy_gate.collect.moved_lines import (
    ENOUGH,
    FEW,
    HALF,
    MOST_EARLIER,
    MOST_SHAPES,
    NEARLY_ALL,
    Gains,
    Lines,
    MovedLines,
    lines_of,
    read_text,
    rows_of,
    shapes_of,
    texts_at,
)
from policy_gate.discover.places import is_unknown_kind, language_of, may_hold_code
from policy_gate.documents.cache import DocumentCache
from policy_gate.errors import UndecidedError
from policy_gate.schema.snapshot import CodeFile
from policy_gate.vcs.tree import Tree, TreeEntry
from policy_gate.vcs.trees import GitTree

_MOST_READ = 2 * MOST_EARLIER
"""of text that base's earlier trees hold in several versions"""


class _Lost(NamedTuple):
    """What one path held and holds no more, and how much it held: lines, and shapes of a program."""

    lines: Lines
    held_lines: int
    shapes: Lines
    held_shapes: int


class ReturnedCode:
    """What of the code that one change brings stood in base's earlier trees, at places where it is gone."""

    def __init__(self, moved: MovedLines, layout: Layout, cache: DocumentCache) -> None:
        self.moved = moved
        self._layout, self._cache = layout, cache

    def with_former_claimants(self, selection: Selection) -> Selection:
        """The selection, and the manifests above the places whose code may come back with this change."""
        lost = {*self._lost, *self._binaries}
        lost |= {link for path in lost for link in self._links_to(path)}
        return selection._replace(inner=selection.inner | manifests_above(self.moved.tree, lost, self._layout))

    def of(self, claims: Callable[[str], bool], own: Sequence[CodeFile]) -> list[CodeFile]:
        """The files of nobody to which the change brings what is gone from places that a system `claims`.

        A place where a link leads, or led, that it claims is one, too (D58).
        """
        paths, kept = {file.path for file in own}, {file.oid for file in own}
        found: set[str] = set()
        for path, lost in self._lost.items():
            if any(map(claims, (path, *self._links_to(path)))):
                found.update(self._lines_back(lost, paths) or self._shapes_back(lost, paths))
        for path, (oid, places) in self._binaries.items():
            if oid not in kept and any(map(claims, (path, *self._links_to(path)))):
                found.update(places)
        entries = (self.moved.tree.entry(path) for path in sorted(found - paths))
        return [CodeFile(it.path, it.mode, it.oid) for it in entries if it is not None]

    def anything_gone(self) -> bool:
        """Whether base's last changes took much of a claimed file out, so that a next one may bring it elsewhere."""
        before = self.moved.before
        gone = (not before.entry(path) for path in self._claimed(filter(is_unknown_kind, self._versions)))
        return any(gone) or any(
            _lines_lost(was, read_text(before, path), bool(language_of(path)))[1] for path, was in self._largest()
        )

    def _lines_back(self, lost: _Lost, own: Collection[str]) -> list[str]:
        gains = self.moved.steps
        back, new = self._back(lost.lines, self._brought, gains, own)
        return self._places(new, gains) if back.total() >= max(ENOUGH, HALF * lost.held_lines) else []

    def _shapes_back(self, lost: _Lost, own: Collection[str]) -> list[str]:
        """Half of a program has to be in one file, or nearly all in several, as other code has come since."""
        if not lost.shapes:
            return []
        gains = self.moved.shape_steps
        back, new = self._back(lost.shapes, self._brought_shapes, gains, own)
        places = self._places(new, gains)
        most = max(((back & gains.by_path[path]).total() for path in places), default=0)
        is_much = most >= HALF * lost.held_shapes or back.total() >= NEARLY_ALL * lost.held_shapes
        return places if is_much and back.total() >= ENOUGH else []

    def _back(self, lost: Lines, brought: Lines, gains: Gains, own: Collection[str]) -> tuple[Lines, Lines]:
        """Of what is gone, what stands outside all claims since, and of that what only this change puts there."""
        alike = [path for path, gained in gains.by_path.items() if not lost.keys().isdisjoint(gained)]
        others = [path for path in alike if path not in own and path not in self.moved.edited]
        kept = gains.inside((*(path for path in alike if path in own), *self._claimed(others)))
        back = gains.elsewhere(lost - kept, kept)
        new = back - gains.elsewhere(back, kept + brought)
        return (back, new) if new.total() >= FEW else (Counter(), Counter())

    def _places(self, new: Lines, gains: Gains) -> list[str]:
        return [path for path in self._outside if not new.keys().isdisjoint(gains.by_path.get(path, ()))]

    def _claimed(self, paths: Iterable[str]) -> set[str]:
        return claimed_below(self.moved.before, paths, self._layout, self._cache)

    def _links_to(self, path: str) -> list[str]:
        """The links of base, or of a tree before it, that lead or led to a path or to a folder above it."""
        return [link for link, end in self._ends if path == end or path.startswith(f"{end}/")]

    @cached_property
    def _ends(self) -> list[tuple[str, str]]:
        """Each such link, and where it leads, be something there or not."""
        before = self.moved.before
        earlier = {(path, tree) for path, trees in self.moved.since[1].items() for tree in trees}
        links = {(path, tree) for path, tree in earlier if _is_link(tree.entry(path))}
        links |= {(path, before) for path in links_in(before)}  # type: ignore[arg-type]
        found = {(path, way_of(tree, path)[1]) for path, tree in sorted(links, key=lambda it: it[0])[:MOST_LINKS]}
        return sorted((link, end) for link, end in found if end)

    @cached_property
    def _outside(self) -> list[str]:
        """The paths of code that the change touches, and that no system claims after it."""
        code = [path for path in self.moved.changed if may_hold_code(path) and not self._layout.is_policy(path)]
        claimed = claimed_below(self.moved.tree, code, self._layout, self._cache)
        return [path for path in code if path not in claimed]

    @cached_property
    def _brought(self) -> Lines:
        return self._brought_by(lines_of, self._outside, MOST_EARLIER)

    @cached_property
    def _brought_shapes(self) -> Lines:
        return self._brought_by(shapes_of, list(filter(language_of, self._outside)), MOST_SHAPES)

    def _brought_by(self, of: Callable[[bytes], Lines], paths: Sequence[str], most: int) -> Lines:
        """What stands outside all claims more often than before the change; what only moves there does not."""
        before, tree = self.moved.before, self.moved.tree
        found: Lines = Counter()
        for _, was, now in texts_at(tree, lambda _: before, paths, most, []):
            found.update(of(now))
            found.subtract(of(was))
        for _, _, was in texts_at(before, lambda _: tree, [it for it in paths if tree.entry(it) is None], most, []):
            found.subtract(of(was))
        return +found

    @cached_property
    def _lost(self) -> Mapping[str, _Lost]:
        """By claimed path, what base's last changes took out, as far as this change may bring it elsewhere."""
        if self._brought.total() < FEW:
            return {}
        return {path: lost for path, was in self._largest() if (lost := self._lost_at(path, was)) is not None}

    def _lost_at(self, path: str, was: bytes) -> _Lost | None:
        now, is_program = read_text(self.moved.tree, path), bool(language_of(path))
        held, lost = _lines_lost(was, now, is_program)
        if not lost:
            return None
        shapes = shapes_of(was) if is_program and len(was) <= MOST_SHAPES else Counter[int]()
        gone = shapes - shapes_of(now) if shapes else shapes
        if (gone & self._brought_shapes).total() < ENOUGH:
            gone = Counter()
        is_brought = gone or (lost & self._brought).total() >= FEW
        return _Lost(lost, held, gone, shapes.total()) if is_brought else None

    def _largest(self) -> Iterator[tuple[str, bytes]]:
        """The largest text that base's earlier trees hold at each claimed path of code."""
        before, read = self.moved.before, 0
        code = [path for path in self._versions if not is_unknown_kind(path)]
        own = self._claimed(code)
        led_to = {path: self._links_to(path) for path in code if path not in own}
        links = self._claimed({link for some in led_to.values() for link in some})
        claimed = sorted(own | {path for path, some in led_to.items() if not links.isdisjoint(some)})
        if isinstance(before, GitTree):
            before.expect(entry for path in claimed for entry in self._versions[path])
        for path in claimed:
            texts = [b""]
            for entry, tree in self._versions[path].items():
                with suppress(UndecidedError):
                    size = tree.size(entry)
                    read += size
                    texts += [tree.read(entry)] if size <= MOST_EARLIER else []
            if read > _MOST_READ:
                return
            yield path, max(texts, key=len)

    @cached_property
    def _versions(self) -> Mapping[str, Mapping[TreeEntry, Tree]]:
        """By path of code, its files in base's earlier trees, each with a tree that holds it."""
        found: dict[str, dict[TreeEntry, Tree]] = {}
        for path, trees in self.moved.since[1].items():
            if may_hold_code(path):
                entries = ((tree.entry(path), tree) for tree in trees)
                found[path] = {it: tree for it, tree in entries if it is not None and it.kind == "file"}
        return {path: entries for path, entries in found.items() if entries}

    @cached_property
    def _binaries(self) -> Mapping[str, tuple[str, list[str]]]:
        """By path, the id of a file of no known kind that is gone from it, and where the change brings the same."""
        before, tree = self.moved.before, self.moved.tree
        new = [path for path in self._outside if is_unknown_kind(path) and before.entry(path) is None]
        brought: dict[str, list[str]] = defaultdict(list)
        for entry in filter(None, map(tree.entry, new)):
            brought[entry.oid].append(entry.path)
        versions = self._versions if brought else {}
        back = {it.oid: path for path, found in versions.items() for it in found if it.oid in brought}
        stays = {it.oid for it in before.walk() if it.oid in back} if back else set()
        return {path: (oid, brought[oid]) for oid, path in back.items() if oid not in stays}


def _is_link(entry: TreeEntry | None) -> bool:
    return entry is not None and entry.mode == LINK


def _lines_lost(was: bytes, now: bytes, is_program: bool) -> tuple[int, Lines]:
    """How many lines a file held, and those that it holds no more, where they are at least half of it."""
    if (Counter(rows_of(was)) - Counter(rows_of(now))).total() < ENOUGH:
        return 0, Counter()
    held = lines_of(was, is_program=is_program)
    lost = held - lines_of(now, is_program=is_program)
    return held.total(), lost if lost.total() >= max(ENOUGH, HALF * held.total()) else Counter()

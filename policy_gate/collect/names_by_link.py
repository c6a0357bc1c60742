"""What a file behind a link shows by the name that the link gives it: a text in `prompts`, weights, a program (D58)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from policy_gate.collect.links import LINK, way_of
from policy_gate.collect.looker import Looker
from policy_gate.collect.touched_files import TouchedFile
from policy_gate.discover.places import is_apart
from policy_gate.documents.globs import paths_below
from policy_gate.schema.observed import FileSigns, Signal
from policy_gate.schema.snapshot import DeclaredSystem
from policy_gate.vcs.tree import Tree


def by_their_links(
    system: DeclaredSystem, changed: Iterable[str], trees: tuple[Tree, Tree], looker: Looker, known: Iterable[str]
) -> Iterator[TouchedFile]:
    """Changed files that a link of the system's leads to, with what only the link's name lets one see of them.

    `known` are paths of which more was seen already.
    """
    linked = {file.path for file in system.linked}
    ordered = sorted({path for path in changed if path in linked}.difference(known))
    links = [file.path for file in (*system.code, *system.linked) if file.mode == LINK] if ordered else []
    for link in links:
        _, target = way_of(trees[1], link)
        if target is None:
            continue
        for path in ordered if not target else paths_below(ordered, target):
            called = link + path[len(target) :] if target else f"{link}/{path}"
            if is_apart(called):
                continue
            before, after = (shown_as(tree, path, called, looker) for tree in trees)
            was_there, is_there = (tree.entry(path) is not None for tree in trees)
            if before != after:
                yield TouchedFile(path, before, after, was_there, is_there)


def shown_as(tree: Tree, path: str, called: str, looker: Looker) -> FileSigns:
    """What a file shows by another name and does not by its own, told where it lies."""
    entry = tree.entry(path)
    if entry is None or entry.kind != "file":
        return FileSigns()
    own, other = looker.at(tree, entry), looker.at(tree, entry._replace(path=called))
    known = {_sort(signal) for signal in (*own.signals, *own.beside, *own.opaque)}

    def more(signals: tuple[Signal, ...]) -> tuple[Signal, ...]:
        return tuple(replace(it, path=path) for it in signals if _sort(it) not in known)

    return FileSigns(more(other.signals) + more(other.opaque), more(other.beside))


def _sort(signal: Signal) -> tuple[str, str]:
    return signal.kind, signal.value

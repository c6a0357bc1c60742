"""Weights that touched files name by their paths: where one lies in the repository, its bytes say which it is."""

from __future__ import annotations

from msgspec.structs import replace

from policy_gate.collect.touched_files import TouchedFile
from policy_gate.schema.observed import WEIGHTS_NAMED, FileSigns
from policy_gate.vcs.tree import Tree


def with_weights(item: TouchedFile, trees: tuple[Tree, Tree]) -> TouchedFile:
    """The file with the blobs of those that it names on one side alone: another name of the same bytes is no change."""
    was, now = _named(item.before), _named(item.after)
    if was == now:
        return item
    before, after = _read(item.before, was - now, trees[0]), _read(item.after, now - was, trees[1])
    return replace(item, before=before, after=after)


def _named(side: FileSigns) -> set[str]:
    return {signal.value for signal in side.beside if signal.kind == WEIGHTS_NAMED}


def _read(side: FileSigns, names: set[str], tree: Tree) -> FileSigns:
    """One side, in which the names that lead to one blob of the tree are that blob."""
    blobs: dict[str, set[str]] = {}
    for entry in tree.walk() if names else ():
        name = entry.path.rpartition("/")[2].lower()
        if name in names:
            blobs.setdefault(name, set()).add(entry.oid)
    found = {name: next(iter(oids)) for name, oids in blobs.items() if len(oids) == 1}
    beside = tuple(
        replace(it, value=found[it.value]) if it.kind == WEIGHTS_NAMED and it.value in found else it
        for it in side.beside
    )
    return replace(side, beside=beside)

"""Weights that touched files name by their paths: where a file or folder lies in the repository, its bytes tell."""

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
    """One side, in which the names that lead to one file or folder of the tree are its object."""
    blobs: dict[str, set[str]] = {}
    folders: set[str] = set()
    for entry in tree.walk() if names else ():
        folder, _, name = entry.path.rpartition("/")
        if name.lower() in names:
            blobs.setdefault(name.lower(), set()).add(entry.oid)
        while folder and folder not in folders:
            folders.add(folder)
            name = folder.rpartition("/")[2].lower()
            if name in names and (held := tree.entry(folder)) is not None:
                blobs.setdefault(name, set()).add(held.oid)
            folder = folder.rpartition("/")[0]
    found = {name: next(iter(oids)) for name, oids in blobs.items() if len(oids) == 1}
    beside = tuple(
        replace(it, value=found[it.value]) if it.kind == WEIGHTS_NAMED and it.value in found else it
        for it in side.beside
    )
    return replace(side, beside=beside)

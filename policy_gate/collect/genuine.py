"""Whether a merge that git works out rests on objects that are what their names say.

Git does not hash again what it reads from a clone's object database, and whoever can write there can put other bytes
under a name. What this program reads itself is checked as it is read; here is what git alone would read for a merge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations

from policy_gate.collect.git_tree import FolderTree, difference
from policy_gate.schema.tree import Entry

TreeOf = Callable[[str], FolderTree]
"""The tree of a commit; its folders and files are checked against their names as they are read."""


def check_merge(one: str, other: str, bases_of: Callable[[str, str], tuple[str, ...]], tree_of: TreeOf) -> None:
    """Read what git reads to merge two commits: every folder that differs, every file that both sides changed.

    `bases_of` gives the merge bases of two commits, of which git merges several into one first. UndecidedError
    where an object is missing or is not what its name says.
    """
    bases = bases_of(one, other)
    for base in bases:
        _check_contents(tree_of(base), tree_of(one), tree_of(other))
    for pair in combinations(bases, 2):
        check_merge(*pair, bases_of, tree_of)


def _check_contents(base: FolderTree, one: FolderTree, other: FolderTree) -> None:
    by_one, by_other = difference(base, one), difference(base, other)
    both = by_one & by_other
    suspects: Iterable[str] = both
    if any(tree.entry(path) is None for path in both for tree in (one, other)):
        # One side may have moved what the other side edited, so that contents are merged under another name.
        suspects = by_one | by_other
    for path in sorted(suspects):
        for tree in (base, one, other):
            entry = tree.entry(path)
            if entry is not None and _has_bytes(entry):
                tree.read(entry)


def _has_bytes(entry: Entry) -> bool:
    return entry.kind in ("file", "symlink")

"""D01, D46: what a merge of a branch gives, and whether a rebase of it would give something else that is governed.

What both sides hold is compared file by file: where both change one file in other ways, they conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import Any

from d24_facts import Tree, papers_of, systems

Key = tuple[str, str]
"""A part of a tree, and the path or name in it."""
SHARED = "common/"
OF_FILES = ("manifests", "texts", "own", "incidents")


def pieces(tree: Tree) -> dict[Key, Any]:
    """What stands in a file of its own."""
    rest = {(name, ""): part for name, part in tree.items() if name not in (*OF_FILES, "written")}
    return rest | {
        (name, path): said
        for name in OF_FILES for path, said in tree[name].items()
        if name != "manifests" or said["systems"] or said.get("vendors")
    }  # fmt: skip


def patch(before: Tree, after: Tree) -> dict[Key, tuple[Any, Any]]:
    was, now = pieces(before), pieces(after)
    return {key: (was.get(key), now.get(key)) for key in sorted({*was, *now}) if was.get(key) != now.get(key)}


def is_other_by_rebase(
    base: Tree, result: Tree, line: Sequence[Tree], in_base: Iterable[tuple[Tree, Tree]]
) -> bool:  # fmt: skip
    """D46: replay a branch, `line` from its fork on, commit by commit; with those that base has already and without.

    What the merge leaves as base has it and the commits end so, too, gives that or conflicts, and brings in nothing.
    """
    if line[0] is base or len(line) < 3:
        return False
    steps, theirs = [patch(*pair) for pair in pairwise(line)], [patch(*pair) for pair in in_base]
    was, merged, found = pieces(base), pieces(result), set[Key]()
    ends = {key: after for step in steps for key, (_, after) in step.items() if was.get(key) == merged.get(key)}
    for way in (steps, [step for step in steps if step not in theirs]):
        now, stuck = dict(was), dict[Key, Any]()
        for key, (before, after) in (edit for step in way for edit in step.items()):
            if now.get(key) in (before, after):
                now[key] = after
            else:
                stuck.setdefault(key, (now.get(key), after))
        found |= {key for key in {*now, *merged} - {*stuck} if now.get(key) != merged.get(key)}
        found |= {
            key for key in stuck
            if any(None in pair for pair in stuck.values())
            or key not in ends or not was.get(key) == ends[key] is not None
            or any(key in step for step in steps if step in theirs)
        }  # fmt: skip
    return any(_is_governed(key, base, result) for key in found)


def _is_governed(key: Key, *trees: Tree) -> bool:
    """D04, D46: all but other texts, and texts that no system names or claims and that not all may claim."""
    entries = [entry for tree in trees for _, entry in systems(tree).values()]
    return (
        key[0] not in ("texts", "readme")
        or key[1].startswith(SHARED)
        or any(
            key[1] in papers_of(entry) or any(fnmatchcase(key[1], glob) for glob in entry["paths"]) for entry in entries
        )
    )

"""Which files named like tests, or like a library's, are the product's own: those that it refers to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from policy_gate.collect.layout import Layout
from policy_gate.discover.look import MOST_BYTES
from policy_gate.discover.places import is_test, language_of
from policy_gate.discover.references import is_start, may_refer, referred
from policy_gate.errors import UndecidedError
from policy_gate.vcs.tree import Tree
from policy_gate.vcs.trees import GitTree

MOST_READ: Final = 20_000
"""files that are asked what they refer to"""


def referred_by_product(
    asked: Iterable[str], code: Callable[[Tree], Iterable[str]], trees: Iterable[Tree], layout: Layout
) -> set[str] | None:
    """Those of the files, named like tests or like a library's, that the product refers to in any of the trees.

    `code` gives the paths of a tree that may refer to them; what a repository starts its programs by is looked at, too.
    None where that cannot be told, or only with great effort.
    """
    wanted = set(asked)
    found: set[str] = set()
    try:
        for tree in trees:
            found |= _in_tree(wanted - found, tree, tuple(code(tree)), layout)
    except (_CannotTellError, UndecidedError):
        return None
    return found


class _CannotTellError(Exception):
    """So many or so large files that what they refer to is not looked for."""


def _in_tree(wanted: set[str], tree: Tree, claimed: Sequence[str], layout: Layout) -> set[str]:
    if not any(tree.entry(path) for path in wanted):
        return set()
    starts = (entry.path for entry in tree.walk() if is_start(entry.path))
    paths = [path for path in dict.fromkeys((*claimed, *starts)) if may_refer(path) and path not in wanted]
    # Helpers of helpers lead on, so every claimed test may be asked what it refers to.
    helpers = sorted(wanted | {path for path in claimed if is_test(path) and language_of(path)})
    if len(paths) + len(helpers) > MOST_READ:
        raise _CannotTellError
    return referred(dict(_texts(tree, helpers, layout)), _texts(tree, paths, layout)) & wanted


def _texts(tree: Tree, paths: Sequence[str], layout: Layout) -> Iterator[tuple[str, str]]:
    found = (tree.entry(path) for path in paths)
    # What a link holds is the path that it leads to.
    entries = [entry for entry in found if entry is not None and entry.kind in ("file", "symlink")]
    if isinstance(tree, GitTree):
        tree.expect(entries)
    for entry in entries:
        if layout.is_manifest(entry.path) or layout.is_policy(entry.path) or layout.is_enforcement(entry.path):
            continue
        if tree.size(entry) <= MOST_BYTES:
            yield entry.path, tree.read(entry).decode("utf-8-sig", "replace")
        elif language_of(entry.path) != "configuration":
            raise _CannotTellError

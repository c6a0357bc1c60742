"""Tests, examples and libraries of nobody that a change leaves as they are and begins to start or to load (D50).

What lies there is no use of AI while the product refers to none of it: the change that makes it refer brings the use.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from policy_gate.collect.layout import Layout
from policy_gate.collect.looker import Looker, is_for_the_gate
from policy_gate.collect.product_code import named_anew, text_of
from policy_gate.discover.places import is_apart, is_foreign, language_of, names_place_apart
from policy_gate.discover.references import may_refer, said_by
from policy_gate.schema.observed import FileSigns
from policy_gate.vcs.tree import Tree

_MOST_NEAR = 2_000
"""files that are asked whether what is new speaks of them; those whose own name stands there come first"""


def begun_to_use(
    changed: Collection[str], trees: tuple[Tree, Tree], looker: Looker, layout: Layout
) -> Iterator[tuple[str, FileSigns]]:
    """Path and signs of each such file that the changed files refer to in the second tree and not in the first."""
    after = trees[1]
    code = [path for path in sorted(changed) if may_refer(path) and _is_product(after, path, layout)]
    new = "\n".join(_new_lines(path, trees) for path in code).lower()
    if not code or not names_place_apart(new):
        return
    asked = [
        it.path
        for it in after.walk()
        if it.kind == "file" and it.path not in changed and language_of(it.path) and _lies_apart(it.path)
    ]
    asked.sort(key=lambda path: PurePosixPath(path).stem.lower() not in new)
    for path in sorted(named_anew(asked[:_MOST_NEAR], code, trees)):
        from policy_gate.discover.signs_at_place import of_product  # noqa: PLC0415 - seldom asked

        yield path, of_product(looker.at(after, after.entry(path)), path)


def _lies_apart(path: str) -> bool:
    return is_apart(path) or is_foreign(path)


def _is_product(tree: Tree, path: str, layout: Layout) -> bool:
    entry = tree.entry(path)
    return (
        entry is not None and entry.kind == "file" and not is_foreign(path) and not is_for_the_gate(tree, entry, layout)
    )


def _new_lines(path: str, trees: tuple[Tree, Tree]) -> str:
    """What a file says to the machine that it did not say."""
    was, now = (said_by(path, text_of(tree, path)).split("\n") for tree in trees)
    known = set(was)
    return "\n".join(line for line in now if line not in known)

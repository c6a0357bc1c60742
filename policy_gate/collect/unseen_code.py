"""Code of systems that nobody here can look into: submodules, whose files lie elsewhere, and compiled programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from policy_gate.discover.places import is_compiled
from policy_gate.documents.spelling import listed
from policy_gate.vcs.tree import Tree

MOST_TOLD: Final = 3
"""of one kind, before the rest is counted"""


def unseen_code(
    changed: Iterable[str], claims: Callable[[set[str]], Mapping[str, set[str]]], trees: tuple[Tree, Tree]
) -> Mapping[str, str]:
    """By path, in order, a sentence for each of them that a system claims and the change brings or makes another.

    `claims` gives by path the systems that claim it; trees of base and of the result.
    """
    said = {}
    for path in sorted(changed):
        was, now = (tree.entry(path) for tree in trees)
        if now is None or now == was:
            continue
        if now.kind == "submodule":
            before = f" in place of {was.oid[:12]}" if was is not None and was.kind == "submodule" else ""
            said[path] = f"is a submodule at {now.oid[:12]}{before}: nobody looked into its files"
        elif now.kind == "file" and is_compiled(path):
            said[path] = (
                f"is a compiled program, {'a new one' if was is None else 'another one'}: nobody looked into it"
            )
    owners = claims(set(said)) if said else {}
    return {path: f"{path} of {listed(sorted(owners[path]))} {it}" for path, it in said.items() if path in owners}


def told_first(notes: Sequence[str]) -> tuple[str, ...]:
    """The first of these sentences, and how many more there are."""
    more = len(notes) - MOST_TOLD
    return (*notes[:MOST_TOLD], *([f"{more} more submodules or programs were not looked into"] if more > 0 else []))

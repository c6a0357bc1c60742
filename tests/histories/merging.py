"""What a forge leaves of a branch that it lets in, file by file as git does where nothing conflicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from d24_facts import ROOT
from d46_merging import OF_FILES, patch, pieces

WAYS = ("merge", "merge", "squash", "rebase")
Tree = Mapping[str, Any]


def merged(fork: Tree, base: Tree, head: Tree) -> Tree | None:
    """What merging `head` into `base` gives, which began at `fork`; None where both changed one file in other ways.

    Nor where both declare one id in two manifests, or one a manifest that the other's settings do not find, which git
    would merge.
    """
    if fork is base:
        return head
    there, tree = pieces(base), _copied(base)
    for (name, path), (before, after) in patch(fork, head).items():
        now = there.get((name, path))
        if now not in (before, after):
            return None
        if name not in OF_FILES:
            tree[name] = after
        elif after is None and name == "manifests":
            tree[name][path] = {"systems": {}}
        elif after is None:
            tree[name].pop(path, None)
        else:
            tree[name][path] = after
    tree["written"] = max(base["written"], head["written"])
    if base["config"] and any(it["systems"] for path, it in tree["manifests"].items() if path != ROOT):
        return None
    ids = [id_ for manifest in tree["manifests"].values() for id_ in manifest["systems"]]
    return tree if len(ids) == len(set(ids)) else None


def _copied(tree: Tree) -> dict[str, Any]:
    return {name: dict(part) if name in OF_FILES else part for name, part in tree.items()}

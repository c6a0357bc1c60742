"""What single files show of AI: each path and blob is looked at once, and a link is what it leads to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from policy_gate.collect.layout import CONFIG_FILE, Layout
from policy_gate.collect.links import led_to
from policy_gate.collect.policy_files import is_ours
from policy_gate.documents.cache import DocumentCache
from policy_gate.documents.scalars import MAX_BYTES
from policy_gate.schema.observed import FileSigns
from policy_gate.schema.source import Problem
from policy_gate.vcs.tree import Tree, TreeEntry

_MOST_BEHIND: Final = 500
"""files behind one link that are looked at"""
USES: Final = ("sdk", "host", "weights", "training", "dependency")
"""kinds of sign that say by themselves that AI is used"""


def is_for_the_gate(tree: Tree, entry: TreeEntry, layout: Layout) -> bool:
    """Whether a file is a manifest, a record, or a policy of ours: YAML of others beside these is settings like any."""
    path = entry.path
    if layout.is_manifest(path) or layout.is_record(path):
        return True
    if not layout.is_policy(path) or path == CONFIG_FILE or entry.kind != "file":
        return layout.is_policy(path)
    return tree.size(entry) > MAX_BYTES or is_ours(tree.read(entry))


def gate_files(paths: Iterable[str], trees: tuple[Tree, Tree], layout: Layout) -> set[str]:
    """Those of the paths at which the result, else base, holds a file for the gate."""
    found = set()
    for path in paths:
        tree = trees[1] if trees[1].entry(path) is not None else trees[0]
        entry = tree.entry(path)
        if entry is not None and is_for_the_gate(tree, entry, layout):
            found.add(path)
    return found


class Looker:
    """Looks at files, each path and blob once in a session."""

    def __init__(self, cache: DocumentCache, layout: Layout) -> None:
        self._cache = cache
        self._layout = layout

    def at(self, tree: Tree, entry: TreeEntry | None) -> FileSigns:
        """What a file shows, and a link the files that it means; nothing where there is none, or it is a submodule."""
        if entry is not None and entry.kind == "symlink":
            return self._behind(tree, entry)
        if entry is not None and entry.kind == "submodule":
            message = f"is a submodule ({entry.oid[:12]}): its files were not looked into"
            return FileSigns(unread=(Problem(entry.path, message),))
        if entry is None or entry.kind != "file":
            return FileSigns()
        return self._cache.once(("signs", entry.path, entry.oid), lambda: _look(tree, entry))

    def _behind(self, tree: Tree, link: TreeEntry) -> FileSigns:
        files = led_to(tree, link, self._layout)
        if files is None or len(files) > _MOST_BEHIND:
            message = "what stands behind this link was not looked into"
            return FileSigns(unread=(Problem(link.path, message),), left_out=True)
        seen = [self.at(tree, entry) for entry in files]
        return FileSigns(
            tuple(signal for file in seen for signal in file.signals),
            tuple(signal for file in seen for signal in file.beside),
            tuple(problem for file in seen for problem in file.unread),
            any(file.left_out for file in seen),
            tuple(signal for file in seen for signal in file.opaque),
        )


def _look(tree: Tree, entry: TreeEntry) -> FileSigns:
    from policy_gate.discover.look import signs_of  # noqa: PLC0415 - where nothing is looked at they are not loaded
    from policy_gate.discover.signs import shipped_signs  # noqa: PLC0415

    return signs_of(tree, entry, shipped_signs())

"""What single files show of AI: each path and blob is looked at once, and a link is what it leads to."""

from __future__ import annotations

from typing import Final

from policy_gate.collect.layout import Layout
from policy_gate.collect.links import led_to
from policy_gate.documents.cache import DocumentCache
from policy_gate.schema.observed import FileSigns
from policy_gate.schema.source import Problem
from policy_gate.vcs.tree import Tree, TreeEntry

_MOST_BEHIND: Final = 500
"""files behind one link that are looked at"""
USES: Final = ("sdk", "host", "weights", "training", "dependency")
"""kinds of sign that say by themselves that AI is used"""


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
        )


def _look(tree: Tree, entry: TreeEntry) -> FileSigns:
    from policy_gate.discover.look import signs_of  # noqa: PLC0415 - where nothing is looked at they are not loaded
    from policy_gate.discover.signs import shipped_signs  # noqa: PLC0415

    return signs_of(tree, entry, shipped_signs())

"""The code that a system is: files under its `paths`, less what is paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policy_gate.collect.layout import Layout
from policy_gate.documents.globs import covers, literal_folder
from policy_gate.schema.snapshot import CodeFile
from policy_gate.vcs.tree import Tree, TreeEntry

PAPER_ENDINGS = (
    *(".md", ".markdown", ".txt", ".rst", ".adoc", ".html", ".pdf", ".docx", ".odt"),
    *(".yaml", ".yml", ".json", ".xml", ".csv", ".xlsx", ".png", ".svg"),
)
"""A file that a manifest names as evidence is paper only with such an ending: a program stays code."""


class CodeOf:
    """The code under some patterns in any tree; `papers` are the paths that one manifest names."""

    def __init__(self, layout: Layout, patterns: Iterable[str], inputs: Iterable[str]) -> None:
        self._layout = layout
        self.patterns = tuple(patterns)
        self._papers = frozenset(path for path in inputs if path.lower().endswith(PAPER_ENDINGS))

    def holds(self, path: str) -> bool:
        """Is this path code of the system?"""
        return self._is_code(path) and any(covers(pattern, path) for pattern in self.patterns)

    def is_touched_by(self, changed: Iterable[str]) -> bool:
        """Does a change of these paths touch code other than CI files (D27)?"""
        return any(self.holds(path) and not self._layout.is_enforcement(path) for path in changed)

    def exists_in(self, tree: Tree) -> bool:
        """Does the tree hold any of it? Stops at the first file."""
        return next(self._found(tree), None) is not None

    def files(self, tree: Tree) -> tuple[CodeFile, ...]:
        """All of it, sorted by path; links and submodules are in it with their own mode and id."""
        found = {entry.path: CodeFile(entry.path, entry.mode, entry.oid) for entry in self._found(tree)}
        return tuple(found[path] for path in sorted(found))

    def papers_inside(self, tree: Tree) -> tuple[CodeFile, ...]:
        """The papers that lie under the patterns, sorted by path: a program may read them all the same."""
        inside = sorted(path for path in self._papers if any(covers(pattern, path) for pattern in self.patterns))
        found = (tree.entry(path) for path in inside)
        return tuple(CodeFile(entry.path, entry.mode, entry.oid) for entry in found if entry is not None)

    def _is_code(self, path: str) -> bool:
        layout = self._layout
        paper = path in self._papers or layout.is_manifest(path) or layout.is_policy(path) or layout.is_record(path)
        return not paper

    def _found(self, tree: Tree) -> Iterator[TreeEntry]:
        for pattern in self.patterns:
            for entry in at_or_below(tree, literal_folder(pattern)):
                if covers(pattern, entry.path) and self._is_code(entry.path):
                    yield entry


def at_or_below(tree: Tree, folder: str) -> Iterator[TreeEntry]:
    """The entries at or below the deepest literal folder of a pattern; no other folder is opened."""
    entry = tree.entry(folder) if folder else None
    if entry is not None and entry.kind != "folder":
        yield entry
    else:
        yield from tree.walk(folder)

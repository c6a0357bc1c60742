"""The code that a system is: files under its `paths`, less what is paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from policy_gate.collect.layout import Layout
from policy_gate.documents.globs import covers, literal_folder, paths_below
from policy_gate.schema.snapshot import CodeFile
from policy_gate.vcs.tree import Tree, TreeEntry

PAPER_ENDINGS = (
    *(".md", ".markdown", ".txt", ".rst", ".adoc", ".html", ".pdf", ".docx", ".odt"),
    *(".yaml", ".yml", ".json", ".xml", ".csv", ".xlsx", ".png", ".svg"),
)
"""A file that a manifest names as evidence is paper only with such an ending: a program stays code."""


def may_be_paper(path: str) -> bool:
    """Has a file that a manifest names as evidence the ending of one?"""
    return path.lower().endswith(PAPER_ENDINGS)


class Papers:
    """The files that one manifest names as evidence, as far as their endings are those of paper."""

    def __init__(self, named: Iterable[str]) -> None:
        self._paths = frozenset(filter(may_be_paper, named))
        self._ordered = sorted(self._paths)

    def __contains__(self, path: str) -> bool:
        return path in self._paths

    def inside(self, patterns: Iterable[str]) -> list[str]:
        """Those that the patterns cover, sorted."""
        return sorted({path for pattern in patterns for path in covered(pattern, self._ordered)})


class CodeOf:
    """The code under some patterns in any tree; `papers` are those of one manifest."""

    def __init__(self, layout: Layout, patterns: Iterable[str], inputs: Papers) -> None:
        self._layout = layout
        self.patterns = tuple(patterns)
        self._papers = inputs

    def holds(self, path: str) -> bool:
        """Is this path code of the system?"""
        return any(covers(pattern, path) for pattern in self.patterns) and self._is_code(path)

    def is_touched_by(self, changed: Sequence[str]) -> bool:
        """Does a change of these sorted paths touch code other than CI files (D27)?"""
        found = (path for pattern in self.patterns for path in covered(pattern, changed))
        return any(self._is_code(path) and not self._layout.is_enforcement(path) for path in found)

    def exists_in(self, tree: Tree) -> bool:
        """Does the tree hold any of it? Stops at the first file."""
        return next(self._found(tree), None) is not None

    def files(self, tree: Tree) -> tuple[CodeFile, ...]:
        """All of it, sorted by path; links and submodules are in it with their own mode and id."""
        found = {entry.path: CodeFile(entry.path, entry.mode, entry.oid) for entry in self._found(tree)}
        return tuple(found[path] for path in sorted(found))

    def papers_inside(self, tree: Tree) -> tuple[CodeFile, ...]:
        """The papers that lie under the patterns, sorted by path: a program may read them all the same."""
        found = (tree.entry(path) for path in self._papers.inside(self.patterns))
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


def covered(pattern: str, ordered: Sequence[str]) -> Iterator[str]:
    """Of sorted paths, those that a pattern covers."""
    return (path for path in paths_below(ordered, literal_folder(pattern)) if covers(pattern, path))


def at_or_below(tree: Tree, folder: str) -> Iterator[TreeEntry]:
    """The entries at or below the deepest literal folder of a pattern; no other folder is opened."""
    entry = tree.entry(folder) if folder else None
    if entry is not None and entry.kind != "folder":
        yield entry
    else:
        yield from tree.walk(folder)

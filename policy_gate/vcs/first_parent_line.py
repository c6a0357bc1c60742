"""The line of a commit's first parents: who stands on it, what each one changed, and what stood at a path then.

What is asked of one commit after the other is kept: the next one's line is the last one's and a few commits more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from policy_gate.errors import DocumentError, ObjectMissingError, UndecidedError
from policy_gate.vcs.difference import difference
from policy_gate.vcs.history import Ancestry
from policy_gate.vcs.objects import FETCH_IT
from policy_gate.vcs.process import Run
from policy_gate.vcs.tree import TreeEntry
from policy_gate.vcs.trees import GitTree, name_text

_STEPS = 32
"""commits of a line that are looked at here; of more git is asked, in one process"""
_MOST_KNOWN = 500_000


class FirstParentLine:
    """Answers of git about first parents, kept by commit; `tree` gives the tree of a commit."""

    def __init__(self, run: Run, tell: Run, ancestry: Ancestry, tree: Callable[[str], GitTree]) -> None:
        self._run = run
        self._tell = tell
        self._ancestry = ancestry
        self._tree = tree
        self._line: list[str] = []
        self._limit = 0
        self._edits: dict[str, frozenset[TreeEntry]] = {}
        self._paths: dict[str, frozenset[str]] = {}
        self._blobs: dict[tuple[str, str], str | None] = {}

    def trim(self) -> None:
        """Let go of what is kept where it has become much."""
        for known in (self._edits, self._paths, self._blobs):
            if len(known) > _MOST_KNOWN:
                known.clear()

    def of(self, commit: str, limit: int) -> list[str]:
        """The first parent, its first parent and so on, at most `limit`; ends where the clone ends."""
        whole = [commit]
        for parent in self._ancestry.first_parents(commit, _STEPS if self._line else 0):
            whole.append(parent)
            if self._line[0] == parent:
                break
        if self._line[:1] == whole[-1:]:
            self._line, self._limit = [*whole[:-1], *self._line], self._limit + len(whole) - 1
        if self._line[:1] != [commit] or limit > self._limit:
            self._line, self._limit = [commit, *self._ancestry.first_parent_line(commit, limit)], limit
        return self._line[1 : limit + 1]

    def edits(self, commit: str, limit: int) -> set[TreeEntry]:
        """The files that a commit and at most `limit` first parents before it put in or took away, each once."""
        line = [commit, *self.of(commit, limit)]
        missing = [it for it in line if it not in self._edits]
        if len(missing) > _STEPS or not all(self._is_compared(it) for it in missing):
            self._ask_edits(commit, len(line))
        return set[TreeEntry]().union(*(self._edits[it] for it in line if it in self._edits))

    def blobs_at(self, places: Iterable[tuple[str, str]]) -> list[str | None]:
        """For each commit and path the id of the file there, None where none is; those of a line the newest first.

        Git is asked, in one process, only where that path became what it is, as far as that is known.
        """
        wanted = [(commit, path if path.isprintable() else name_text(_bytes(path))) for commit, path in places]
        same: dict[tuple[str, str], tuple[str, str]] = {}
        below = dict(zip(self._line, self._line[1:], strict=False))
        for commit, path in reversed(list(dict.fromkeys(wanted))):
            before = (below.get(commit, ""), path)
            is_kept = commit in self._paths and path not in self._paths[commit]
            if is_kept and (before in self._blobs or before in same):
                same[commit, path] = same.get(before, before)
        asked = [it for it in dict.fromkeys(wanted) if it not in self._blobs and it not in same]
        is_odd = any("%" in path for _, path in asked)  # git does not know the text of an odd name
        found = self._looked_up(asked) if is_odd or len(asked) <= _STEPS else None
        self._blobs.update(zip(asked, self._ask_blobs(asked) if found is None else found, strict=True))
        self._blobs.update({it: self._blobs[first] for it, first in same.items()})
        return [self._blobs[it] for it in wanted]

    def _is_compared(self, commit: str) -> bool:
        """Compare a commit with its first parent here; False where only git can."""
        parents = self._ancestry.first_parents(commit, 1)
        if not parents:
            return False
        try:
            before, after = self._tree(parents[0]), self._tree(commit)
            paths = difference(before, after)
            entries = (tree.entry(path) for path in paths for tree in (before, after))
            found = frozenset(
                TreeEntry(it.path, it.mode, it.oid, "file") for it in entries if it and it.mode.startswith("100")
            )
        except (DocumentError, UndecidedError):
            return False
        self._edits[commit], self._paths[commit] = found, paths
        return True

    def _looked_up(self, places: Sequence[tuple[str, str]]) -> list[str | None] | None:
        """As `_ask_blobs` without a process; None where a tree is malformed or not here."""
        try:
            entries = [self._tree(commit).entry(path) for commit, path in places]
        except (DocumentError, UndecidedError):
            return None
        return [it.oid if it and it.kind in ("file", "symlink") else None for it in entries]

    def _ask_edits(self, commit: str, count: int) -> None:
        words = ("--first-parent", "-m", "--root", "--no-renames", "--raw", "--no-abbrev", "--format=%H", "-z")
        told = self._run("log", *words, f"--max-count={count}", "--end-of-options", commit)
        if told.status:
            raise ObjectMissingError("git cannot list what earlier commits changed", hint=FETCH_IT)
        for oid, entries in _edits_of(told.out):
            self._paths[oid] = frozenset(it.path for it in entries)
            self._edits[oid] = frozenset(it for it in entries if it.mode.startswith("100"))

    def _ask_blobs(self, places: Sequence[tuple[str, str]]) -> list[str | None]:
        asked = [f"{commit}:{path}" for commit, path in places]
        if not asked:
            return []
        told = "".join(f"{'' if chr(10) in it else it}\n" for it in asked).encode("utf-8", "surrogateescape")
        answer = self._tell(told, "cat-file", "--batch-check=%(objecttype) %(objectname)")
        found = [line.split(" ") for line in answer.out.decode("utf-8", "replace").split("\n")[: len(asked)]]
        if answer.status or len(found) < len(asked):
            raise ObjectMissingError("git stopped looking up files of earlier commits", hint=FETCH_IT)
        return [words[1] if words[0] == "blob" and len(words) == 2 else None for words in found]


def _bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def _edits_of(told: bytes) -> Iterator[tuple[str, list[TreeEntry]]]:
    """Each commit of a raw log with what stood before and after at each path that it touches."""
    parts = iter(told.split(b"\0"))
    oid, entries = "", list[TreeEntry]()
    for part in parts:
        words = part.decode("ascii").strip("\n").split(" ")
        if words[0].startswith(":"):
            path = name_text(next(parts, b""))
            rows = zip((words[0][1:], words[1]), words[2:4], strict=True)
            entries += [TreeEntry(path, mode, it, "file") for mode, it in rows]
        elif words[0]:
            if oid:
                yield oid, entries
            oid, entries = words[0], []
    if oid:
        yield oid, entries

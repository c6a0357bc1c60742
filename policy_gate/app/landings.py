"""Where on a branch something that was judged came in: as a commit, by a merge, a squash or a rebase; by git alone.

What nobody can tell here is unknown, and never taken for merged or for not merged.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from policy_gate.app.replay import TOGETHER, merge_of, moment_of
from policy_gate.collect.base_ref import is_on, tip_of_branch
from policy_gate.errors import MergeConflictError, PolicyGateError, UndecidedError
from policy_gate.schema.audit_entry import Inputs, Merged, MergedState
from policy_gate.vcs.repository import Repository

_LONGEST_LINE = 1_000_000
_MOST_COMMITS = 500
"""of a branch that are looked at one by one; of a longer one, a rebase that takes back what it did is not seen"""
_MOST_MERGES = 50
"""that are made to find the squash of one head"""
_FETCH_ALL = "this clone is shallow: git fetch --unshallow"


class Landing(Struct, frozen=True):
    """How something came to the branch, and from which commit of its line to which."""

    merged: Merged
    start: str = ""
    end: str = ""


class BranchLandings:
    """The line of first parents of one branch, asked where what was judged came in; answers are kept.

    Where no branch of that name is here, as it was renamed or none was named, the default branch is asked: what is on
    it came in, and of all else nothing can be told.
    """

    def __init__(self, repository: Repository, branch: str, remote: str = "") -> None:
        self._repository = repository
        self.branch, self._absent_branch = branch, ""
        self.tip = _tip(repository, branch, remote)
        if not self.tip:
            self._absent_branch = f"its branch {branch} is not in this clone" if branch else "it names no branch"
            self.branch = repository.default_branch
            self.tip = _tip(repository, self.branch, remote)
        self._known: dict[tuple[str, str, str], Landing] = {}
        self._touched: dict[int, frozenset[str] | None] = {}

    def of(self, inputs: Inputs) -> Landing:
        """Where the head of a check came in, or the tree that it judged."""
        key = (inputs.base.commit, inputs.head.commit, inputs.result_tree)
        if key not in self._known:
            try:
                self._known[key] = self._found(inputs)
            except PolicyGateError as error:
                self._known[key] = self._unknown(error.message)
        return self._known[key]

    def _found(self, inputs: Inputs) -> Landing:
        if not self.tip:
            return self._unknown(self._absent_branch)
        base, head = inputs.base.commit, inputs.head.commit
        if head in self._places:
            start = base if base in self._places else self._before(self._places[head])
            return self._landed("commit", start, head)
        if head in self._brought:
            return self._by_merge(self._brought[head])
        if self._repository.shallow:
            return self._unknown(_FETCH_ALL)
        if head in self._history:
            place = self._first_with(head)
            return self._landed("merge", self._before(place), self._line[place], "superseded")
        return self._by_content(base, head, inputs.result_tree) or self._absent(inputs)

    def _by_merge(self, place: int) -> Landing:
        commit = self._line[place]
        is_plain = merge_of(self._repository, commit).kind == "merge"
        if not is_plain and self._repository.shallow:
            return self._unknown(_FETCH_ALL)
        return self._landed("merge", self._before(place), commit, "yes" if is_plain else "edited")

    def _by_content(self, base: str, head: str, tree: str) -> Landing | None:
        """A squash or a rebase: the tree that was judged, or the one that merging the head there gives."""
        repository, line = self._repository, self._line
        if base in self._places and repository.tree_oid(base) != tree:
            first = self._places[base] + 1
            for end in range(first, min(first + TOGETHER, len(line))):
                if repository.tree_oid(line[end]) == tree:
                    return self._landed("squash" if end == first else "rebase", base, line[end])
        if not repository.holds_commit(head):
            return None
        fork, beyond = self._departure(head)
        changed = self._path_set(fork, head)
        if not changed:
            return None
        touched = changed.union(*(self._path_set(parent, it) for it in beyond for parent in repository.parents(it)[:1]))
        merges = 0
        for start, end in self._runs(self._first_with(fork) + 1, touched):
            if self._path_set(line[start], line[end]) != changed:
                continue
            is_it = self._is_taken_over(changed, fork, line[start], head, line[end])
            if is_it is None:
                merges += 1
                if merges > _MOST_MERGES:
                    raise UndecidedError(f"too much of {self.branch} changes what {head[:12]} changes to tell here")
                is_it = self._merges_to(line[start], head, line[end])
            if is_it:
                return self._landed("squash" if end == start + 1 else "rebase", line[start], line[end])
        return None

    def _departure(self, head: str) -> tuple[str, list[str]]:
        """Where a head that is not on the branch left it, and its commits since; of many none, and git says where."""
        beyond, left, seen = [head], set[str](), {head}
        for commit in beyond:
            for parent in self._repository.parents(commit):
                if parent in self._history:
                    left.add(parent)
                elif parent not in seen:
                    seen.add(parent)
                    beyond.append(parent)
            if len(beyond) > _MOST_COMMITS:
                return self._repository.fork(self.tip, head), []
        return left.pop() if len(left) == 1 else self._repository.fork(self.tip, head), beyond

    def _runs(self, first: int, touched: frozenset[str]) -> Iterator[tuple[int, int]]:
        """Runs of plain commits from `first` on that touch nothing else: before which each begins, and its end."""
        for end in range(first, len(self._line)):
            for start in range(end - 1, max(first - 2, end - 1 - TOGETHER), -1):
                paths = self._touched_at(start + 1)
                if paths is None or not paths <= touched:
                    break
                yield start, end

    def _touched_at(self, place: int) -> frozenset[str] | None:
        """The paths that a plain commit of the line touches; None for a merge."""
        if place not in self._touched:
            commit = self._line[place]
            is_plain = len(self._repository.parents(commit)) == 1
            self._touched[place] = self._path_set(self._line[place - 1], commit) if is_plain else None
        return self._touched[place]

    def _path_set(self, one: str, other: str) -> frozenset[str]:
        return self._repository.changed(self._repository.tree_oid(one), self._repository.tree_oid(other))

    def _is_taken_over(self, paths: frozenset[str], fork: str, onto: str, head: str, end: str) -> bool | None:
        """Whether these paths, all that `end` changed, stand there as merging head leaves them.

        None where both sides changed one and every line that head brought is there: only a merge can tell.
        """
        trees = [self._repository.merged_already(self._repository.tree_oid(it)) for it in (fork, onto, head, end)]
        is_told = True
        for path in paths:
            was, base, ours, left = (it and (it.mode, it.oid) for it in (tree.entry(path) for tree in trees))
            if was == base:
                if left != ours:
                    return False
            elif ours is None or left is None or not self._lines(was) | self._lines(left) >= self._lines(ours):
                return False
            else:
                is_told = False
        return True if is_told else None

    def _lines(self, file: tuple[str, str] | None) -> frozenset[bytes]:
        if file is None:
            return frozenset()
        return frozenset(self._repository.blob(file[1]).split(b"\n"))

    def _merges_to(self, base: str, head: str, commit: str) -> bool:
        try:
            return self._repository.merged_tree(base, head) == self._repository.tree_oid(commit)
        except MergeConflictError:
            return False

    def _absent(self, inputs: Inputs) -> Landing:
        repository, base, head = self._repository, inputs.base.commit, inputs.head.commit
        if self._absent_branch:
            return self._unknown(self._absent_branch)
        if not repository.holds_commit(head):
            return self._unknown(f"its head {head[:12]} is not in this clone, and no squash of it is on {self.branch}")
        if inputs.head.on_branch:
            return self._unknown(f"{head[:12]} was on {self.branch} when it was recorded, and is not on it here")
        if base not in self._history:
            return self._unknown(f"its base {base[:12]} is not on {self.branch} here: git fetch")
        return Landing(Merged("no", self.branch, self.tip))

    def _landed(self, how: str, start: str, end: str, state: MergedState = "yes") -> Landing:
        moment = moment_of(self._repository.time(end))
        return Landing(Merged(state, self.branch, self.tip, how, end, moment), start, end)

    def _unknown(self, reason: str) -> Landing:
        return Landing(Merged("unknown", self.branch, self.tip, reason=reason))

    def _before(self, place: int) -> str:
        return self._line[place - 1] if place else ""

    def _first_with(self, commit: str) -> int:
        """The first place of the line that holds a commit."""
        if commit in self._places:
            return self._places[commit]
        low, high = 0, len(self._line) - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if is_on(self._repository, self._line[middle], commit) else (middle + 1, high)
        return low

    @cached_property
    def _line(self) -> list[str]:
        line = [self.tip, *self._repository.first_parent_line(self.tip, _LONGEST_LINE)][::-1]
        self._repository.expect(line)
        return line

    @cached_property
    def _history(self) -> frozenset[str]:
        """All commits of the branch."""
        return frozenset([self._line[0], *self._repository.ids_beyond(self._line[0], self.tip)])

    @cached_property
    def _places(self) -> dict[str, int]:
        return {commit: place for place, commit in enumerate(self._line)}

    @cached_property
    def _brought(self) -> dict[str, int]:
        """Of each merged head the first place that merged it."""
        found: dict[str, int] = {}
        for place, commit in enumerate(self._line):
            for head in self._repository.parents(commit)[1:]:
                found.setdefault(head, place)
        return found


def _tip(repository: Repository, branch: str, remote: str) -> str:
    """The newest commit of a branch at this remote, else wherever it is known; empty where it is not."""
    followed = repository.refs([f"refs/remotes/{remote}/{branch}"]) if remote and branch else {}
    return next((ref.oid for ref in followed.values()), "") or tip_of_branch(repository, branch)

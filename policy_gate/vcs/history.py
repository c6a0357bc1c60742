"""Which commits come before which, and whether this clone's history reaches far enough to tell."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from policy_gate.errors import BaseError, UndecidedError
from policy_gate.vcs.objects import Links
from policy_gate.vcs.process import Run

_NEAR = 256
"""commits that are looked through before git is asked"""
_SLOP = 5
"""commits that are looked at beyond the last that seems to matter, as git does: dates may be wrong"""
_BASE, _HEAD, _BOTH = 1, 2, 3
_NEVER = 1 << 64


class _Walk(NamedTuple):
    """Whether base was reached from head, and the commits that head has and base has not, newest first."""

    is_reached: bool
    beyond: list[str]


class Ancestry:
    """The history of one clone: `links` reads those of a commit, `shallow` are the commits at which it is cut off."""

    def __init__(self, run: Run, links: Callable[[str], Links], shallow: frozenset[str]) -> None:
        self._run = run
        self._links = links
        self._shallow = shallow

    def is_ancestor(self, base: str, head: str) -> bool:
        """Is `base` an ancestor of `head`, or the same? BaseError where the clone ends before that is told."""
        walk = self._walk(base, head)
        if walk is not None and (walk.is_reached or not self._shallow):
            return walk.is_reached
        answer = self._run("merge-base", "--is-ancestor", base, head)
        if answer.status not in (0, 1):
            raise self._cut_off(answer.err)
        if answer.status == 1 and self._shallow:
            self.listed(f"{base}...{head}")
        return answer.status == 0

    def beyond(self, base: str, head: str) -> list[str]:
        """The commits that head has and base has not, newest first; BaseError where the clone lacks part of them."""
        walk = None if self._shallow else self._walk(base, head)
        return self.listed(f"{base}..{head}") if walk is None else walk.beyond

    def listed(self, commits: str) -> list[str]:
        """The ids of a range of two ids, newest first; BaseError where the clone lacks part of them."""
        answer = self._run("rev-list", "--end-of-options", commits)
        found = answer.out.decode("ascii").split()
        if answer.status or not self._shallow.isdisjoint(found):
            raise self._cut_off(answer.err)
        return found

    def fork(self, base: str, commit: str) -> str:
        """Where a line of work left base; BaseError without a common history, or where the clone ends before it."""
        answer = self._run("merge-base", base, commit)
        if self._shallow:
            self.listed(f"{base}...{commit}")
        if answer.status:
            raise BaseError("it has no common history with base", hint="ask for a new review")
        return answer.out.decode("ascii").split()[0]

    def recent(self, commit: str, limit: int) -> list[str]:
        """The newest of a commit and what came before it, at most `limit`; ends where the clone ends."""
        answer = self._run("rev-list", f"--max-count={limit}", "--no-merges", "--end-of-options", commit)
        return [oid for oid in answer.out.decode("ascii").split() if oid not in self._shallow]

    def first_parents(self, commit: str, limit: int) -> list[str]:
        """First parent, its first parent and so on, at most `limit`; ends where the clone ends."""
        line: list[str] = []
        while len(line) < limit and (parents := self._parents(commit)):
            commit = parents[0]
            line.append(commit)
        return line

    def first_parent_line(self, commit: str, limit: int) -> list[str]:
        """As `first_parents`, in one process of git, for long lines."""
        answer = self._run("rev-list", "--first-parent", f"--max-count={limit + 1}", "--end-of-options", commit)
        return answer.out.decode("ascii").split()[1:]

    def _parents(self, commit: str) -> tuple[str, ...]:
        return () if commit in self._shallow else self._links(commit).parents

    def _walk(self, base: str, head: str) -> _Walk | None:
        """Paint what base has and what head has, newest first, until nothing is left that only head may have.

        None where that takes more than a few commits, or one of them is missing: git can tell, and why it cannot.
        """
        paint, queue = {base: _BASE}, list[tuple[int, int, str]]()
        paint[head] = paint.get(head, 0) | _HEAD
        beyond: dict[str, int] = {}
        slop = _SLOP
        try:
            for oid in paint:
                heapq.heappush(queue, (-self._links(oid).time, len(paint), oid))
            while queue and len(paint) <= _NEAR:
                may_matter = any(paint[oid] == _HEAD for *_, oid in queue)
                slop = _SLOP if may_matter or -queue[0][0] >= min(beyond.values(), default=_NEVER) else slop - 1
                if slop == 0:
                    break
                newest, _, oid = heapq.heappop(queue)
                if paint[oid] == _HEAD:
                    beyond.setdefault(oid, -newest)
                for parent in self._parents(oid):
                    if paint[oid] | paint.get(parent, 0) != paint.get(parent):
                        paint[parent] = paint[oid] | paint.get(parent, 0)
                        heapq.heappush(queue, (-self._links(parent).time, len(paint), parent))
        except UndecidedError:
            return None
        if len(paint) > _NEAR:
            return None
        return _Walk(paint[base] == _BOTH, [oid for oid in beyond if paint[oid] == _HEAD])

    def _cut_off(self, reason: str) -> BaseError:
        if self._shallow:
            return BaseError(
                "this clone is shallow: its history ends before base and head meet",
                hint="git fetch --unshallow (GitHub: fetch-depth: 0; GitLab: GIT_DEPTH: 0), then run this again",
            )
        said = (reason.strip().splitlines() or ["git said nothing"])[-1]
        return BaseError(f"the history between base and head cannot be read: {said}", hint="run git fsck")


def shallow_commits(common_dir: Path) -> frozenset[str]:
    """The commits at which a clone's history is cut off; empty for a whole clone."""
    marks = common_dir / "shallow"
    return frozenset(marks.read_text("ascii").split()) if marks.is_file() else frozenset()

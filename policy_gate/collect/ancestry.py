"""Which commits come before which, and whether this clone's history reaches far enough to tell."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection

from policy_gate.collect.authors import RawCommit
from policy_gate.collect.merge import Run
from policy_gate.errors import BaseError, UndecidedError

_NEAR = 64
"""commits that are looked through for an ancestor before git is asked"""
_FAR = 50_000
"""commits behind a merge base that are looked through for where other work left"""


class Ancestry:
    """The history of one clone; `shallow` are the commits at which it is cut off."""

    def __init__(self, run: Run, commit: Callable[[str], RawCommit], shallow: frozenset[str]) -> None:
        self._run = run
        self._commit = commit
        self._shallow = shallow
        self._bases: dict[tuple[str, str], tuple[str, ...]] = {}

    def is_ancestor(self, base: str, head: str) -> bool:
        """Is `base` an ancestor of `head`, or the same? BaseError where the clone ends before that is told."""
        if self._is_near(base, head):
            return True
        answer = self._run("merge-base", "--is-ancestor", base, head)
        if answer.status not in (0, 1):
            raise self._cut_off(answer.err)
        if answer.status == 1 and self._shallow:
            self.listed(f"{base}...{head}")
        return answer.status == 0 and self.merge_bases(base, head) == (base,)

    def merge_bases(self, one: str, other: str) -> tuple[str, ...]:
        """Where two lines of work meet, as git tells it and as the commits themselves say.

        UndecidedError where the two differ: git believes whatever lies in the object database, and a commit that
        is not what its name says could hide others from it.
        """
        if (one, other) not in self._bases:
            answer = self._run("rev-list", "--end-of-options", f"{one}...{other}")
            if answer.status:
                raise self._cut_off(answer.err)
            between = frozenset(answer.out.decode("ascii").split())
            told = tuple(self._run("merge-base", "--all", one, other).out.decode("ascii").split())
            ends = [self._ends(tip, between) for tip in (one, other)]
            if not ends[0] & ends[1] >= {*told} or not self._are_before(told, (ends[0] | ends[1]) - {*told}):
                raise UndecidedError(
                    f"the history of {one[:12]} and {other[:12]} is not what git makes of it", hint="run git fsck"
                )
            self._bases[one, other] = told
        return self._bases[one, other]

    def listed(self, commits: str) -> list[str]:
        """The ids of a range of two ids, newest first; BaseError where the clone lacks part of them."""
        answer = self._run("rev-list", "--end-of-options", commits)
        found = answer.out.decode("ascii").split()
        if answer.status or not self._shallow.isdisjoint(found):
            raise self._cut_off(answer.err)
        return found

    def fork(self, base: str, commit: str) -> str:
        """Where a line of work left base; BaseError without a common history, or where the clone ends before it."""
        if self._shallow:
            self.listed(f"{base}...{commit}")
        bases = self.merge_bases(base, commit)
        if not bases:
            raise BaseError("it has no common history with base", hint="ask for a new review")
        return bases[0]

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

    def _parents(self, commit: str) -> tuple[str, ...]:
        return () if commit in self._shallow else self._commit(commit).parents

    def _ends(self, tip: str, between: frozenset[str]) -> frozenset[str]:
        """The first commits outside of `between` that one comes to from a tip."""
        queue, seen = [tip], {tip}
        ends = set()
        while queue:
            oid = queue.pop()
            if oid not in between:
                ends.add(oid)
                continue
            new = [parent for parent in self._parents(oid) if parent not in seen]
            queue += new
            seen.update(new)
        return frozenset(ends)

    def _are_before(self, tips: Collection[str], wanted: frozenset[str]) -> bool:
        """Are all of these among what came before the tips?"""
        queue, seen = deque(tips), set(tips)
        while queue and len(seen) < _FAR and not wanted <= seen:
            new = [parent for parent in self._parents(queue.popleft()) if parent not in seen]
            queue += new
            seen.update(new)
        return wanted <= seen

    def _is_near(self, base: str, head: str) -> bool:
        queue, seen = [head], {head}
        while queue and base not in seen and len(seen) < _NEAR:
            new = [parent for parent in self._parents(queue.pop(0)) if parent not in seen]
            queue += new
            seen.update(new)
        return base in seen

    def _cut_off(self, reason: str) -> BaseError:
        if self._shallow:
            return BaseError(
                "this clone is shallow: its history ends before base and head meet",
                hint="git fetch --unshallow (GitHub: fetch-depth: 0; GitLab: GIT_DEPTH: 0), then run this again",
            )
        said = (reason.strip().splitlines() or ["git said nothing"])[-1]
        return BaseError(f"the history between base and head cannot be read: {said}", hint="run git fsck")

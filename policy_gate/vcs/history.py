"""Which commits come before which, and whether this clone's history reaches far enough to tell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from policy_gate.errors import BaseError
from policy_gate.vcs.process import Run

_NEAR = 64
"""commits that are looked through for an ancestor before git is asked"""


class Ancestry:
    """The history of one clone: `parents` reads those of a commit, `shallow` are the commits at which it is cut off."""

    def __init__(self, run: Run, parents: Callable[[str], tuple[str, ...]], shallow: frozenset[str]) -> None:
        self._run = run
        self._read_parents = parents
        self._shallow = shallow

    def is_ancestor(self, base: str, head: str) -> bool:
        """Is `base` an ancestor of `head`, or the same? BaseError where the clone ends before that is told."""
        if self._is_near(base, head):
            return True
        answer = self._run("merge-base", "--is-ancestor", base, head)
        if answer.status not in (0, 1):
            raise self._cut_off(answer.err)
        if answer.status == 1 and self._shallow:
            self.listed(f"{base}...{head}")
        return answer.status == 0

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

    def _parents(self, commit: str) -> tuple[str, ...]:
        return () if commit in self._shallow else self._read_parents(commit)

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


def shallow_commits(common_dir: Path) -> frozenset[str]:
    """The commits at which a clone's history is cut off; empty for a whole clone."""
    marks = common_dir / "shallow"
    return frozenset(marks.read_text("ascii").split()) if marks.is_file() else frozenset()

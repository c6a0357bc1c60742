"""The trees that base had before its tip, by its first parents."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from policy_gate.vcs.repository import Repository
from policy_gate.vcs.trees import GitTree

STEPS_LIMIT = 50
"""How many of base's first-parent ancestors are looked through for code that left, or went, in steps (D51)."""


class EarlierTrees:
    """Called, the trees of a commit's first parents, the newest first, at most `limit` of them."""

    def __init__(self, repository: Repository, commit: str, limit: int) -> None:
        self._repository = repository
        self._commit = commit
        self._limit = limit

    @cached_property
    def _line(self) -> list[str]:
        return self._repository.first_parents(self._commit, self._limit) if self._commit else []

    @property
    def is_cut_off(self) -> bool:
        """Whether this clone's history ends before that many, though there are more."""
        last = self._line[-1] if self._line else self._commit
        return len(self._line) < self._limit and last in self._repository.shallow

    def __call__(self) -> Iterator[GitTree]:
        """Each tree when it is asked for."""
        return (self._repository.merged_already(self._repository.tree_oid(commit)) for commit in self._line)

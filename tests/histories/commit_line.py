"""The gate in memory over a line of commits: several people's, on any day, with base's history behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple
from unittest.mock import patch

import gate_in_memory
from d01_step import Forge
from forge import is_on_gitlab
from gate_in_memory import Gate, MemoryRepository
from github_in_memory import reviews_of
from gitlab_in_memory import approvals_of
from world import email_of

from policy_gate.app import check
from policy_gate.approvals import people
from policy_gate.approvals.source import ApprovalQuery, SourceAnswer
from policy_gate.cards import reader
from policy_gate.collect import policy_files
from policy_gate.errors import PolicyError
from policy_gate.policy.load import load_policies
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.people import Author, Commit
from policy_gate.schema.report import Report
from policy_gate.schema.rule_set import RuleSet
from policy_gate.vcs.commits import RawCommit
from policy_gate.vcs.difference import difference
from policy_gate.vcs.memory_tree import MemoryTree
from policy_gate.vcs.objects import object_id
from policy_gate.vcs.rebase import Edit, RebaseOutcome, Step, content_at, ending_at_base, replayed
from policy_gate.vcs.repository import Repository

Files = Mapping[str, str]
Made = tuple[Sequence[str], Files]
"""Who made a commit, the first as its author, and the files it gives."""
_MERGED_DATE = 10**6


class Branch(NamedTuple):
    """A branch that began so many commits of base's first-parent line before base, and what merging it gives.

    `patches` are those that base got meanwhile, as files before and after.
    """

    behind: int
    merged: Files
    patches: Sequence[tuple[Files, Files]]


class LineRepository(MemoryRepository):
    """Base, and one commit upon the other on top of it or of what base was before."""

    def __init__(
        self,
        base: MemoryTree,
        made: Sequence[tuple[Sequence[str], MemoryTree]],
        history: Sequence[MemoryTree],
        branch: Branch | None = None,
    ):
        super().__init__(base, made[-1][1], history)
        ids = [object_id("commit", f"{tree.id} {who} {n}".encode()) for n, (who, tree) in enumerate(made[:-1])]
        self._made = list(zip([*ids, self._head], made, strict=True))
        self._trees |= {oid: tree for oid, (_, tree) in self._made}
        self._fork, self._merged = self._line[branch.behind if branch else 0], None
        if branch is not None:
            self._merged = gate_in_memory._tree(branch.merged)
            self._trees["merged"] = self._merged
            self._patches = {
                frozenset(_edits(gate_in_memory._tree(was), gate_in_memory._tree(now))) for was, now in branch.patches
            }
        self._by_id |= {tree.id: tree for tree in self._trees.values()}

    def commits(self, base: str, head: str) -> tuple[Commit, ...]:
        found, parent = [], self._fork
        for oid, (who, tree) in self._made if head not in self._line else ():
            authors = tuple(Author(name, email_of(name)) for name in who)
            found.append(
                Commit(oid, authors, difference(self._trees[parent], tree), parents=(parent,), co_authors=authors[1:])
            )
            parent = oid
            if oid == head:
                break
        return tuple(reversed(found))

    def resolve(self, name: str) -> str | None:
        return name if name in self._trees else super().resolve(name)

    def fork(self, base: str, commit: str) -> str:
        return self._fork

    def commits_beyond(self, base: str, head: str) -> list[RawCommit]:
        found, parent = [], self._fork
        for oid, (who, tree) in self._made:
            authors = tuple(Author(name, email_of(name)) for name in who)
            found.append(RawCommit(tree.id, (parent,), authors))
            parent = oid
        return list(reversed(found))

    def merge_base_is(self, base: str, head: str) -> bool:
        return self._merged is None or self._line.index(base) >= self._line.index(self._fork)

    def merged_tree(self, base: str, head: str, base_ref: str = "") -> str:
        return self._merged.id if self._merged else self.tree_oid(head)

    def governed_by_rebase(
        self, base: str, head: str, merged: Any, changed: Any, governed: Any = None
    ) -> RebaseOutcome:
        """What the product finds of a branch behind base, where files that both sides changed conflict."""
        if self._merged is None or len(self._made) < 2:
            return RebaseOutcome([], [])
        trees = [self._trees[self._fork], *(tree for _, (_, tree) in self._made)]
        edits = [tuple(_edits(*pair)) for pair in pairwise(trees)]
        steps = [
            Step(oid, one, frozenset(one) in self._patches) for (oid, _), one in zip(self._made, edits, strict=True)
        ]
        ending = ending_at_base(steps, self._trees[base]).difference(changed)
        found, stopping = set[str](), set[str]()
        for way in (steps, [step for step in steps if not step.is_in_base]):
            told = replayed(way, self._trees[base], merged, changed)
            stops = frozenset[str]() if told.is_moved else told.unsure & ending
            found.update(governed((told.unsure | told.differing) - stops))
            stopping.update(governed(stops))
        return RebaseOutcome(sorted(found), sorted(stopping))


def _edits(before: MemoryTree, after: MemoryTree) -> Iterator[Edit]:
    for path in sorted(difference(before, after)):
        yield Edit(path, content_at(before, path), content_at(after, path))


class Histories(Gate):
    """The gate for histories: patched once for many checks."""

    _forge: Forge | None = None

    def __init__(self, builtin: LayerSource | None = None) -> None:
        super().__init__(builtin)
        self._refused: dict[Any, PolicyError] = {}

    def of(
        self,
        base: Files,
        made: Sequence[Made],
        history: Iterable[Files],
        today: date,
        branch: Branch | None = None,
        forge: Forge | None = None,
    ) -> Report:
        """The report on these commits; PolicyGateError where there is none. Within `at_work` alone."""
        tree, self._forge = gate_in_memory._tree, forge
        self._repository = LineRepository(
            tree(base), [(who, tree(files)) for who, files in made], [tree(it) for it in history], branch
        )
        return self.checked(today)

    def _asked_forge(self, query: ApprovalQuery) -> SourceAnswer | None:
        if self._forge is None:
            return None
        return (approvals_of if is_on_gitlab(self._forge) else reviews_of)(self._forge, query)

    def _loaded(self, layers: Sequence[LayerSource], packs: Sequence[str]) -> RuleSet:
        """The rule set; what has faults, which a session reads anew each time, is read once."""
        key = *(document.oid for layer in layers for document in layer.documents), *packs
        if key in self._refused:
            raise self._refused[key]
        try:
            return load_policies(layers, packs)
        except PolicyError as error:
            self._refused[key] = error
            raise

    @contextmanager
    def at_work(self) -> Iterator[Histories]:
        """While the product reads from memory."""
        with ExitStack() as stack:
            for patched in (
                patch.object(Repository, "open", lambda _: self._repository),
                patch.object(policy_files, "builtin_layer_sealed", lambda: self._builtin),
                patch.object(reader, "read_card", gate_in_memory._read_card),
                patch.object(check, "load_policies", self._loaded),
                patch.object(people, "SOURCES", (*people.SOURCES, self._asked_forge)),
            ):
                stack.enter_context(patched)
            yield self

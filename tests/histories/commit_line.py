"""The gate in memory over a line of commits: several people's, on any day, with base's history behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from unittest.mock import patch

import gate_in_memory
from gate_in_memory import Gate, MemoryRepository
from world import email_of

from policy_gate.cards import reader
from policy_gate.collect import policy_files
from policy_gate.schema.people import Author, Commit
from policy_gate.schema.report import Report
from policy_gate.vcs.commits import RawCommit
from policy_gate.vcs.difference import difference
from policy_gate.vcs.memory_tree import MemoryTree
from policy_gate.vcs.objects import object_id
from policy_gate.vcs.repository import Repository

Files = Mapping[str, str]
Made = tuple[Sequence[str], Files]
"""Who made a commit, the first as its author, and the files it gives."""
_MERGED_DATE = 10**6


class LineRepository(MemoryRepository):
    """Base, and one commit upon the other on top of it."""

    def __init__(
        self, base: MemoryTree, made: Sequence[tuple[Sequence[str], MemoryTree]], history: Sequence[MemoryTree]
    ):
        super().__init__(base, made[-1][1], history)
        ids = [object_id("commit", f"{tree.id} {who} {n}".encode()) for n, (who, tree) in enumerate(made[:-1])]
        self._made = list(zip([*ids, self._head], made, strict=True))
        self._trees |= {oid: tree for oid, (_, tree) in self._made}
        self._by_id |= {tree.id: tree for _, (_, tree) in self._made}

    def commits(self, base: str, head: str) -> tuple[Commit, ...]:
        found, parent = [], base
        for oid, (who, tree) in self._made:
            authors = tuple(Author(name, email_of(name)) for name in who)
            found.append(
                Commit(oid, authors, difference(self._trees[parent], tree), parents=(parent,), co_authors=authors[1:])
            )
            parent = oid
        return tuple(reversed(found))

    def commits_beyond(self, base: str, head: str) -> list[RawCommit]:
        found, parent = [], base
        for oid, (who, tree) in self._made:
            authors = tuple(Author(name, email_of(name)) for name in who)
            found.append(RawCommit(tree.id, (parent,), authors))
            parent = oid
        return list(reversed(found))


class Histories(Gate):
    """The gate for histories: patched once for many checks."""

    def of(self, base: Files, made: Sequence[Made], history: Iterable[Files], today: date) -> Report:
        """The report on these commits; PolicyGateError where there is none. Within `at_work` alone."""
        tree = gate_in_memory._tree
        self._repository = LineRepository(
            tree(base), [(who, tree(files)) for who, files in made], [tree(it) for it in history]
        )
        return self.checked(today)

    @contextmanager
    def at_work(self) -> Iterator[Histories]:
        """While the product reads from memory."""
        with ExitStack() as stack:
            for patched in (
                patch.object(Repository, "open", lambda _: self._repository),
                patch.object(policy_files, "builtin_layer_sealed", lambda: self._builtin),
                patch.object(reader, "read_card", gate_in_memory._read_card),
            ):
                stack.enter_context(patched)
            yield self

"""What a source of approvals is asked about: one change, as its trees and commits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from policy_gate.collect.library import Library
from policy_gate.schema.people import Commit
from policy_gate.schema.tree import Tree


@dataclass(frozen=True, slots=True)
class Question:
    """The trees that are compared, the commits of base..head, and what base was earlier, newest first."""

    base: Tree
    result: Tree
    commits: tuple[Commit, ...] = ()
    library: Library = field(default_factory=Library)
    earlier: Iterable[Tree] = ()

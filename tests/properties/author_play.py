"""An author who plays against the gate alone: one change after another, each merged where it passes.

Accounts are people: the author commits as the author. What they may type into a file is anything, records of
other people's approvals included.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from author_moves import ALL, Files, result_of
from gate_in_memory import Gate
from guarded import losses
from world import ROLE_HOLDERS, days_ago, email_of, to_yaml

from policy_gate.errors import PolicyGateError
from policy_gate.schema.finding import Finding

TARGETS: tuple[tuple[str, ...], ...] = (("promote",), ("the work of the gate", "nothing applies", "promote"))
"""What must not pass, whatever merged before it: to enter the gate bare, and with all that one can do alone."""


class Change(NamedTuple):
    """Moves made together. `typed` adds records of approvals in the names of those who hold the roles:
    `with` the change that they are for, or `ahead` of it, in a change that holds nothing else."""

    moves: tuple[str, ...]
    typed: Literal["", "with", "ahead"] = ""

    def __str__(self) -> str:
        return " + ".join(self.moves) + (f", records typed {self.typed}" if self.typed else "")


@dataclass
class Play:
    """A game in progress: what base holds, and what it held before."""

    gate: Gate
    start: Files
    base: Files = field(default_factory=dict)
    earlier: tuple[Files, ...] = ()
    merged: tuple[Change, ...] = ()

    def __post_init__(self) -> None:
        self.base = self.base or self.start

    def make(self, change: Change) -> bool:
        """Make a change, and merge it where the gate lets it pass; whether base is another now."""
        result = self.result(change)
        if result == self.base or not self.gate.passes(self.base, result, self.earlier):
            return False
        self.earlier = (self.base, *self.earlier)
        self.base = result
        self.merged += (change,)
        return True

    def lost(self) -> list[str]:
        """What the author has got without anybody: what base has lost, and targets that pass now."""
        return losses(self.start, self.base) + [f"{' + '.join(moves)} passes" for moves in TARGETS if self._hits(moves)]

    def _hits(self, moves: Iterable[str]) -> bool:
        result = self.result(Change(tuple(moves)))
        return result != self.base and self.gate.passes(self.base, result, self.earlier)

    def result(self, change: Change) -> Files:
        """The files that a change would give."""
        result = result_of(self.base, [ALL[name] for name in change.moves])
        if not change.typed:
            return result
        records = self._records(result)
        return {**(self.base if change.typed == "ahead" else result), **records}

    def with_records(self, result: Files) -> Files:
        """These files with a record typed for each approval that they lack."""
        return {**result, **self._records(result)}

    def _records(self, result: Files) -> dict[str, str]:
        """A record for each approval that the change lacks, in the name of whoever could give it."""
        try:
            findings = self.gate.report(self.base, result, self.earlier).findings
        except PolicyGateError:
            return {}
        wanted = [(finding, role) for finding in findings if finding.subject_digest for role in _roles(finding)]
        return {
            f"governance/approvals/{finding.for_}-{finding.system}-{role}-{str(finding.subject_digest)[-8:]}.yaml": (
                record_text(finding, role)
            )
            for finding, role in wanted
        }


def _roles(finding: Finding) -> Sequence[str]:
    return (finding.subject,) if finding.kind == "approval" else finding.accountable


def record_text(finding: Finding, role: str) -> str:
    """A record as `approve` writes it, by the holder of the role."""
    holder = ROLE_HOLDERS[role]
    said = {
        "schema": "policy-gate/approval/v1",
        "system": finding.system,
        "for": finding.for_,
        "role": role,
        "approver": {"name": holder, "email": email_of(holder)},
        "approved_on": days_ago(0),
        "expires": days_ago(-80),
        "subject_digest": finding.subject_digest,
        "target_branch": "main",
        "statement": "I have read it.",
    }
    return to_yaml({name: value for name, value in said.items() if value is not None})


def witness(gate: Gate, start: Files, sequences: Iterable[Sequence[Change]]) -> str:
    """The first sequence by which an author alone gets something, and what; empty where none does."""
    for sequence in sequences:
        play = Play(gate, start)
        for change in sequence:
            if play.make(change) and (lost := play.lost()):
                return f"{' | '.join(map(str, play.merged))}: {lost[0]}"
    return ""

"""A history played through the product and through the model, and where the two differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import rendered
from commit_line import Histories, Made
from d10_approvals import Yes
from d21_verdict import Answer, Step, judge
from d24_facts import Tree
from edits import POLICIES, edited
from history import START_DAY, History, Proposal
from world import email_of, to_yaml

from policy_gate.errors import PolicyGateError
from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report

Reason = tuple[str, str, str, str]
VERDICTS = {0: "passes", 1: "block", 3: "undecided"}


@dataclass(frozen=True)
class Disagreement:
    """Where the two differ: the change, counted from 1, and what each says."""

    change: int
    product: tuple[str, frozenset[Reason]]
    model: tuple[str, frozenset[Reason]]

    def __str__(self) -> str:
        only = [f"  only {who}: {' '.join(filter(None, reason))}" for who, one, other in (
            ("the product", self.product[1], self.model[1]), ("the model", self.model[1], self.product[1]),
        ) for reason in sorted(one - other)]  # fmt: skip
        return "\n".join([f"change {self.change}: product {self.product[0]}, model {self.model[0]}", *only])


@dataclass
class Played:
    """What a history came to: how many answers were compared, the first disagreement, all reports and merges."""

    checks: int = 0
    disagreement: Disagreement | None = None
    merged: list[tuple[Tree, Tree, Step, Answer, Report | None]] = field(default_factory=list)
    seen: list[tuple[Step, Report | None]] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)


@dataclass
class Turn:
    """One change as git holds it: base's files, who made which commit, the day of the last check, whether it merged."""

    base: dict[str, str]
    made: list[Made]
    today: date
    code: int
    merged: bool


_FILES: dict[int, tuple[Tree, dict[str, str]]] = {}


def files_of(tree: Tree) -> dict[str, str]:
    """The files of a tree, rendered once while the tree is in use."""
    if id(tree) not in _FILES:
        _FILES[id(tree)] = tree, rendered.files_of(tree)
    return _FILES[id(tree)][1]


def play(history: History, gate: Histories) -> Played:
    """Play a history until the two differ. Within `gate.at_work`."""
    played = Played()
    _FILES.clear()
    base, today = history.tree(), START_DAY
    earlier: tuple[Tree, ...] = ()
    records: dict[str, str] = {}
    earlier_records: tuple[dict[str, str], ...] = ()
    spent: set[Yes] = set()
    for number, proposal in enumerate(history.proposals, 1):
        today += timedelta(days=proposal.days)
        turn = _Turn(gate, played, number, base, earlier, records, earlier_records, proposal, today)
        turn.spent = spent
        result = turn.take()
        today = turn.today
        spent |= set(turn.said) if result is not None else set()
        played.turns.append(Turn(turn.before, turn.made, turn.today, turn.code, result is not None))
        if played.disagreement:
            return played
        if result is not None:
            earlier, base = (base, *earlier), result
            earlier_records, records = (records, *earlier_records), turn.records
    return played


class _Turn:
    """One proposal: judged bare, then with approvals, then with what is edited after them."""

    def __init__(
        self, gate: Histories, played: Played, number: int, base: Tree, earlier: tuple[Tree, ...],
        records: dict[str, str], earlier_records: tuple[dict[str, str], ...], proposal: Proposal, today: date,
    ) -> None:  # fmt: skip
        self.gate, self.played, self.number, self.base, self.earlier = gate, played, number, base, earlier
        self.base_records, self.records = records, dict(records)
        self.earlier_records, self.proposal, self.today = earlier_records, proposal, today
        self.before, self.code = files_of(base) | records, 0
        self.by_law: frozenset[Reason] = frozenset()
        self.commits: list[tuple[frozenset[str], Tree]] = []
        self.made: list[Made] = []
        self.said: list[Yes] = []
        self.spent: set[Yes] = set()

    def take(self) -> Tree | None:
        """The tree that merges; None where none does."""
        tree = self.base
        if self.proposal.beside:
            tree = self._commit(tree, self.proposal.beside, self.proposal.beside_edits)
        tree = self._commit(tree, self.proposal.people, self.proposal.edits)
        answer, report = self._compared()
        if self.played.disagreement:
            return None
        if answer.verdict != "passes" and self.proposal.approvals != "nobody" and report is not None:
            self._approve(answer, report.findings)
            if self.proposal.approvals == "everybody, later":
                self.today += timedelta(days=95)
            if self.proposal.after:
                tree = self._commit(tree, self.proposal.people, self.proposal.after)
            answer, report = self._compared()
        if self.played.disagreement or answer.verdict != "passes" or self.by_law:
            return None
        self.played.merged.append((self.base, tree, self._step(), answer, report))
        return tree

    def _commit(self, tree: Tree, people: Sequence[str], edits: Any) -> Tree:
        tree = edited(tree, edits, self.today)
        self.commits.append((frozenset(people), tree))
        self.made.append((people, files_of(tree) | self.records))
        return tree

    def _approve(self, answer: Answer, findings: Iterable[Finding]) -> None:
        """Whoever holds a role says yes to what the report asks, each in a commit of their own."""
        tree = self.commits[-1][1]
        open_ = [it for it in findings if it.subject_digest and it.state in ("gap", "unknown")]
        asked = [(it, role) for it in open_ for role in _asked_of(it)]
        if self.proposal.approvals == "all but one":
            asked = asked[:-1]
        for finding, role in asked:
            for who in self.base["roles"].get(role, ())[:1]:
                system, for_ = finding.system or "", str(finding.for_)
                said = record_of(finding, role, who, self.today)
                self.records[f"governance/approvals/{self.number}-{for_}-{system}-{role}.yaml"] = said
                self.made.append(((who,), files_of(tree) | self.records))
                self.commits.append((frozenset(), tree))
                self.said.append(Yes(who, role, for_, system, answer.subjects.get((system, for_)), self.today))

    def _step(self) -> Step:
        return Step(
            self.base,
            tuple(self.commits),
            self.today,
            self.earlier,
            tuple(it for it in self.said if it not in self.spent),
        )

    def _compared(self) -> tuple[Answer, Report | None]:
        answer = judge(self._step(), POLICIES)
        history = [files_of(tree) | records for tree, records in zip(self.earlier, self.earlier_records, strict=True)]
        report: Report | None = None
        try:
            report = self.gate.of(self.before, self.made, history, self.today)
            self.code = report.exit_code
            seen = VERDICTS[self.code], blocking(report)
        except PolicyGateError as error:
            self.code = error.exit_code
            seen = VERDICTS.get(self.code, str(error)), frozenset()
        self.played.checks += 1
        self.played.seen.append((self._step(), report))
        told = answer.verdict, answer.blocking
        self.by_law = frozenset(blocking(report, by_law=True)) - told[1] if report else frozenset()
        if self.by_law:  # rows of law are not in the model: what they ask besides is left out
            kept = seen[1] - self.by_law
            seen = ("block" if kept else told[0] if not told[1] else "passes"), kept
        if seen != told:
            self.played.disagreement = Disagreement(self.number, seen, told)
        return answer, report


def blocking(report: Report, *, by_law: bool = False) -> frozenset[Reason]:
    """Why a report blocks: system, kind and subject of each reason, and what an approval would be for.

    With `by_law` only what a row of law is among the reasons for.
    """
    found = {
        (it.system or "", it.kind, it.subject, str(it.for_ or "") if it.kind == "approval" else "")
        for it in report.findings
        if it.blocks and (not by_law or any(reason.kind == "law" for reason in it.because))
    }
    if by_law:
        return frozenset(found)
    return frozenset(found | {("", "problem", it.path, "") for it in report.problems if report.verdict == "block"})


def _asked_of(finding: Finding) -> Sequence[str]:
    named = finding.kind == "approval" and finding.subject != "accountable"
    return (finding.subject,) if named else finding.accountable


def record_of(finding: Finding, role: str, who: str, today: date) -> str:
    said = {
        "schema": "policy-gate/approval/v1",
        "system": finding.system,
        "for": finding.for_,
        "role": role,
        "approver": {"name": who, "email": email_of(who)},
        "approved_on": today.isoformat(),
        "expires": (today + timedelta(days=90)).isoformat(),
        "subject_digest": finding.subject_digest,
        "target_branch": "main",
        "statement": "I have read it.",
    }
    return to_yaml({name: value for name, value in said.items() if value is not None})


def shrunk(history: History, gate: Histories) -> History:
    """The smallest history nearby in which the two still differ."""
    found = play(history, gate).disagreement
    assert found
    history = History(history.start, history.proposals[: found.change])
    smaller = True
    while smaller:
        smaller = False
        for candidate in history.smaller():
            try:
                differs = play(candidate, gate).disagreement is not None
            except (KeyError, ValueError):
                continue
            if differs:
                history, smaller = candidate, True
                break
    return history


def clear() -> None:
    """Forget what was read, so that a long run does not keep it all."""
    import gate_in_memory

    gate_in_memory._TREES.clear()
    gate_in_memory._ENTRIES.clear()
    gate_in_memory._CARDS.clear()

"""A history played through the product and through the model, and where the two differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import rendered
from commit_line import Branch, Histories, Made
from d01_step import Forge, Review, Step, Yes
from d21_verdict import Answer, judge
from d24_facts import ROOT, Tree, systems
from edits import POLICIES, edited
from forge import ELSEWHERE, GROUPS, RETARGETED, TEAMS, OnForge, holders, is_team
from history import START_DAY, History, Proposal
from merging import merged
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
    is_compared: bool = True
    """whether the model has an opinion: of what code shows it has none, and the invariants alone are held"""
    disagreement: Disagreement | None = None
    merged: list[tuple[Tree, Tree, Step, Answer, Report | None]] = field(default_factory=list)
    seen: list[tuple[Step, Report | None]] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)


@dataclass
class Turn:
    """One change as git holds it: base's files, who made which commit, the day of the last check, whether it merged.

    The branch began `behind` commits of base's first-parent line before base, with the files of `fork`. Of its commits
    the first `kept` are those of the branch of the change before, if it goes on with that one.
    """

    base: dict[str, str]
    made: list[Made]
    today: date
    code: int
    merged: bool
    way: str
    behind: int
    kept: int
    fork: dict[str, str]
    result: dict[str, str]
    forge: Forge | None


class Landed(NamedTuple):
    """A commit of base's first-parent line: its tree, its records, and the patches that came with it."""

    tree: Tree
    records: Mapping[str, str]
    patches: tuple[tuple[Tree, Tree], ...] = ()


_FILES: dict[int, tuple[Tree, dict[str, str]]] = {}


def files_of(tree: Tree) -> dict[str, str]:
    """The files of a tree, rendered once while the tree is in use."""
    if id(tree) not in _FILES:
        _FILES[id(tree)] = tree, rendered.files_of(tree)
    return _FILES[id(tree)][1]


def play(history: History, gate: Histories) -> Played:
    """Play a history until the two differ. Within `gate.at_work`."""
    played = Played(is_compared=not history.shows_ai)
    _FILES.clear()
    today, line = START_DAY, [Landed(history.tree(), {})]
    spent: set[Yes] = set()
    last: _Turn | None = None
    for number, proposal in enumerate(history.proposals, 1):
        today += timedelta(days=proposal.days)
        turn = _Turn(gate, played, number, line, proposal, today, spent)
        turn.begin(last)
        result = turn.take()
        today = turn.today
        spent |= set(turn.said) if result is not None else set()
        played.turns.append(turn.told(is_merged=result is not None))
        if played.disagreement:
            return played
        if result is not None:
            line = [*turn.landed(result), *line]
        # What was merged by a merge commit is in base, and its branch is done.
        is_done = result is not None and proposal.way == "merge"
        last = None if is_done else turn
    return played


class _Turn:
    """One proposal: judged bare, then with approvals, then with what is edited after them."""

    def __init__(
        self, gate: Histories, played: Played, number: int, line: list[Landed], proposal: Proposal, today: date,
        spent: set[Yes],
    ) -> None:  # fmt: skip
        self.gate, self.played, self.number, self.line = gate, played, number, line
        self.proposal, self.today, self.spent = proposal, today, spent
        self.base, self.base_records, _ = line[0]
        self.before, self.code = files_of(self.base) | self.base_records, 0
        self.by_law: frozenset[Reason] = frozenset()
        self.commits: list[tuple[frozenset[str], Tree]] = []
        self.made: list[Made] = []
        self.said: list[Yes] = []
        self.behind, self.kept = 0, 0
        self.fork, self.records = self.base, dict(self.base_records)
        self.merged_of: tuple[Tree, Tree | None] | None = None
        self.pushers: list[str] = []
        self.reviews: list[Review] = []
        self.opener = proposal.forge.opener if proposal.forge else ""
        self.is_merged = False

    def begin(self, last: _Turn | None) -> None:
        """Begin at base, before it, or with the branch of the change before; where that conflicts, at base again."""
        if self.proposal.goes_on and last:
            self.behind = next(n for n, it in enumerate(self.line) if it is last.line[last.behind])
            self.commits, self.made, self.said = list(last.commits), list(last.made), list(last.said)
            self.kept = len(self.made)
            self.records = dict(last.records)
            self.pushers = list(last.pushers)
            if not last.is_merged:  # it is the same request
                self.reviews, self.opener = list(last.reviews), last.opener or self.opener
        else:
            self.behind = min(self.proposal.behind, len(self.line) - 1)
            self.records = dict(self.line[self.behind].records)
        self.fork = self.line[self.behind].tree
        if self.behind == 0:
            return
        tree = self.commits[-1][1] if self.commits else self.fork
        ahead = edited(edited(tree, self.proposal.beside_edits, self.today), self.proposal.edits, self.today)
        if self.fork is self.base or merged(self.fork, self.base, ahead) is None:
            self.kept, self.behind, self.fork, self.records = 0, 0, self.base, dict(self.base_records)
            self.commits, self.made, self.said = [], [], []
            self.pushers, self.reviews = [], []

    def take(self) -> Tree | None:
        """The tree that merges; None where none does."""
        if self.proposal.undoes and self.behind and not self.kept:
            for tree in (self.base, self.fork):
                self._commit_as(self.proposal.people, {**tree})
        if self.proposal.beside:
            self._commit(self.proposal.beside, self.proposal.beside_edits)
        self._commit(self.proposal.people, self.proposal.edits)
        answer, report = self._compared()
        if self.played.disagreement:
            return None
        if answer.verdict != "passes" and self.proposal.approvals != "nobody" and report is not None:
            self._approve(answer, report.findings)
            if self.proposal.approvals == "everybody, later":
                self.today += timedelta(days=95)
            if self.proposal.after:
                self._commit(self.proposal.people, self.proposal.after)
            if self.result() is None:
                return None
            answer, report = self._compared()
        if self.played.disagreement or answer.verdict != "passes" or self.by_law:
            return None
        step = self._step()
        self.is_merged = True
        self.played.merged.append((self.base, step.result, step, answer, report))
        return step.result

    def told(self, *, is_merged: bool) -> Turn:
        fork = files_of(self.fork) | self.line[self.behind].records
        how = (self.proposal.way, self.behind, self.kept, fork, self.files_of_result())
        return Turn(self.before, self.made, self.today, self.code, is_merged, *how, self.forge())

    def forge(self) -> Forge | None:
        """What the forge tells as things stand."""
        it = self.proposal.forge
        if it is None:
            return None
        teams = GROUPS if it.is_gitlab else TEAMS
        return Forge(self.opener, tuple(self.pushers), tuple(self.reviews), teams, it.is_silent)

    def result(self) -> Tree | None:
        """What merging gives; None where it conflicts."""
        head = self.commits[-1][1]
        if self.merged_of is None or self.merged_of[0] is not head:
            self.merged_of = head, merged(self.fork, self.base, head)
        return self.merged_of[1]

    def files_of_result(self) -> dict[str, str]:
        tree = self.result()
        return files_of(tree) | self.base_records | self.records if tree is not None else {}

    def landed(self, result: Tree) -> list[Landed]:
        """What the forge leaves on base's first-parent line, the newest first."""
        records = {**self.base_records, **self.records}
        if self.proposal.way != "rebase":
            trees = [self.fork, *(tree for _, tree in self.commits)]
            patches = ((self.base, result),) if self.proposal.way == "squash" else tuple(pairwise(trees))
            return [Landed(result, records, patches)]
        line = [Landed(self.base, self.base_records)]
        for (_, files), (_, tree) in zip(self.made, self.commits, strict=True):
            said = {**self.base_records, **{path: text for path, text in files.items() if path in records}}
            now = result if tree is self.commits[-1][1] else merged(self.fork, self.base, tree)
            if now is not None and (now, said) != line[-1][:2]:
                line.append(Landed(now, said, ((line[-1].tree, now),)))
        return line[:0:-1]

    def _commit(self, people: Sequence[str], edits: Any) -> None:
        self._commit_as(people, edited(self.commits[-1][1] if self.commits else self.fork, edits, self.today))

    def _commit_as(self, people: Sequence[str], tree: Tree) -> None:
        self.commits.append((frozenset(people), tree))
        self.made.append((people, files_of(tree) | self.records))
        self.pushers.append((self.proposal.forge and self.proposal.forge.pusher) or people[0])

    def _patches_of_base(self) -> tuple[tuple[dict[str, str], dict[str, str]], ...]:
        """The patches that base got since the branch began, as files."""
        landed = self.line[: self.behind]
        return tuple((files_of(was), files_of(now)) for it in landed for was, now in it.patches)

    def _approve(self, answer: Answer, findings: Iterable[Finding]) -> None:
        """Whoever holds a role says yes to what the report asks, each in a commit of their own."""
        tree = self.commits[-1][1]
        open_ = [it for it in findings if it.subject_digest and it.state in ("gap", "unknown")]
        asked = [(it, role) for it in open_ for role in _asked_of(it)]
        if self.proposal.approvals == "all but one":
            asked = asked[:-1]
        if self.proposal.forge and self.proposal.forge.by == "reviews":
            self._review([role for _, role in asked], self.proposal.forge)
            return
        named = (tree if self.proposal.approvals == "as proposed" else self.base)["roles"]
        for finding, role in asked:
            for who in [name for name in named.get(role, ()) if not is_team(name)][:1]:
                system, for_ = finding.system or "", str(finding.for_)
                said = record_of(finding, role, who, self.today)
                self.records[f"governance/approvals/{self.number}-{for_}-{system}-{role}.yaml"] = said
                self.made.append(((who,), files_of(tree) | self.records))
                self.commits.append((frozenset(), tree))
                self.pushers.append(who)
                about = answer.subjects.get((system, for_), finding.subject_digest)
                self.said.append(Yes(who, role, for_, system, about, self.today))

    def _review(self, roles: Sequence[str], how: OnForge) -> None:
        """Somebody of each role approves the newest commit, once; what the last of them said may be taken back."""
        held = [holders(self.base["roles"].get(role, ())) for role in roles]
        people = dict.fromkeys(them[how.nth % len(them)] for them in held if them)
        head = None if how.then == "gone" else len(self.commits) - 1
        self.reviews += [Review(who, head, self.today, "approved") for who in people]
        if self.reviews and how.then in ("dismissed", "asks for changes"):
            self.reviews.append(self.reviews[-1]._replace(says=how.then))
        elif self.reviews and how.then == "again":
            who = self.reviews[-1].who
            self.reviews[-1:] = [Review(who, head, self.today, says) for says in ("asks for changes", "approved")]
        elif how.then in RETARGETED:
            given = [it for it in self.reviews if it.says == "approved"]
            self.reviews = [it._replace(says=ELSEWHERE) if it in given else it for it in self.reviews]
            again = given[-how.nth :] if how.then != RETARGETED[0] else []
            self.reviews += [Review(it.who, head, self.today, "approved") for it in again]

    def _step(self) -> Step:
        result = self.result()
        assert result is not None
        said = tuple(it for it in self.said if it not in self.spent)
        since = tuple(patch for landed in self.line[: self.behind] for patch in landed.patches)
        earlier = tuple(it.tree for it in self.line[1:])
        return Step(self.base, tuple(self.commits), self.today, earlier, said, self.fork, result, since, self.forge())

    def _compared(self) -> tuple[Answer, Report | None]:
        step = self._step()
        answer = judge(step, POLICIES) if self.played.is_compared else Answer("undecided")
        history = [files_of(it.tree) | it.records for it in self.line[1:]]
        report: Report | None = None
        branch = Branch(self.behind, self.files_of_result(), self._patches_of_base()) if self.behind else None
        try:
            report = self.gate.of(self.before, self.made, history, self.today, branch, step.forge)
            self.code = report.exit_code
            seen = VERDICTS[self.code], blocking(report) - _inherited(self.base, step.result)
        except PolicyGateError as error:
            self.code = error.exit_code
            seen = VERDICTS.get(self.code, str(error)), frozenset()
        self.played.checks += 1
        self.played.seen.append((step, report))
        if not self.played.is_compared:
            return Answer(*seen), report
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


def _inherited(base: Tree, result: Tree) -> frozenset[Reason]:
    """Problems that base has, which are shown beside others: incidents of a system that has left, and manifests.

    A manifest that the change breaks in another way is its own problem.
    """
    lost = {path for path in result["manifests"] if result["config"] and path != ROOT}
    left = [name for name, said in base["incidents"].items() if said["system"] not in systems(base)]
    paths = [f"governance/incidents/{name}.yaml" for name in left]
    now = {path: manifest.get("broken") for path, manifest in result["manifests"].items()}
    paths += [
        path for path, manifest in base["manifests"].items()
        if manifest.get("broken") and path not in lost and now.get(path) in (None, manifest["broken"])
    ]  # fmt: skip
    return frozenset(("", "problem", path, "") for path in paths)


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

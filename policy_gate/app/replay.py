"""The merges of a period, each judged by the rules of its time through one session.

The line is the first parents of the branch. Base is a commit's first parent, head what it brought in, and the day that
of its committer date, which is all that a clone tells of when it was merged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal

from msgspec import Struct, field

from policy_gate.app.check import CheckSession, checked, report_undecided
from policy_gate.app.judge import PolicyLoader
from policy_gate.app.replayed_merge import JudgedMerge, Merge, judged, record_of, unjudged
from policy_gate.collect.base_ref import resolve_base
from policy_gate.collect.inputs import OpenInputs
from policy_gate.decide.trust import weakening_options
from policy_gate.errors import DocumentError, MergeConflictError, ObjectMissingError, UndecidedError
from policy_gate.schema.check_inputs import MergedChange, Request
from policy_gate.schema.dates import end_of_day
from policy_gate.schema.evidence_pack import MergeRecord, RecordedVerdict
from policy_gate.schema.report import Ref, Report
from policy_gate.vcs.repository import Repository

TOGETHER = 20
"""commits pushed at once that are judged as one change, too"""

Recorded = Callable[[Merge, str], RecordedVerdict | None]
"""What an audit log holds of a merge that left this tree."""


class ForgeSetting(Struct, frozen=True):
    """The environment in which a forge is asked about one merge; `untold` says why it is not, where it is not."""

    environment: Mapping[str, str] = field(default_factory=dict)
    untold: str = ""


ForgeJob = Callable[[str, str, str], AbstractContextManager[ForgeSetting]]
"""How the forge is asked about base, head and branch."""


class Period(Struct, frozen=True):
    """The days from `first` to `last`, both in it, in UTC; `limit` merges at most, the newest."""

    first: date
    last: date
    limit: int | None = None

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


class Replayed(Struct, frozen=True):
    """One merge, and the report on it; None where there is nothing that it could be compared with."""

    record: MergeRecord
    report: Report | None


class Line(Struct, frozen=True):
    """The branch as a period sees it: its commits in the period, oldest first, and what stands between them.

    `tip` is the newest commit of the branch that is not dated after the period; empty where there is none.
    """

    branch: Ref
    commits: tuple[tuple[str, date], ...]
    outside: tuple[str, ...]
    tip: str
    more: int = 0


class Replay:
    """One repository and one branch of it, read by one session; close it, or use it in a `with`."""

    def __init__(
        self,
        directory: Path,
        branch: str | None = None,
        organisation_policies: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """UsageError where the directory is in no repository, BaseError where the branch is not to be had."""
        self.directory = directory
        self.organisation_policies = organisation_policies
        self.environment = dict(environment or {})
        self.session = CheckSession(directory)
        try:
            asked = Request(directory, end_of_day(date.max), base=branch)
            self.branch = resolve_base(self.repository, asked)
        except BaseException:
            self.close()
            raise

    @property
    def repository(self) -> Repository:
        return self.session.repository

    def close(self) -> None:
        self.session.close()

    def __enter__(self) -> Replay:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def branch_name(self) -> str:
        """The short name of the branch; of a bare commit its id."""
        name = self.branch.ref
        for start in ("refs/heads/", "refs/remotes/"):
            if name.startswith(start):
                name = name.removeprefix(start)
                return name.partition("/")[2] if start == "refs/remotes/" else name
        return name

    def line(self, period: Period) -> Line:
        """The commits of the period. UndecidedError where this clone's history is cut off."""
        if self.repository.shallow:
            raise UndecidedError(
                "this clone is shallow: which merges there were in the period cannot be told",
                hint="git fetch --unshallow (GitHub: fetch-depth: 0; GitLab: GIT_DEPTH: 0), then run this again",
            )
        dated = [(oid, day_of(time)) for oid, time in self.repository.dated_line(self.branch.commit or "")]
        inside = [number for number, (_, day) in enumerate(dated) if period.holds(day)]
        between = dated[inside[0] : inside[-1]] if inside else []
        outside = tuple(oid for oid, day in between if not period.holds(day))
        tip = next((oid for oid, day in dated if day <= period.last), "")
        kept = inside if period.limit is None else inside[: period.limit]
        commits = tuple(dated[number] for number in reversed(kept))
        return Line(self.branch, commits, outside, tip, len(inside) - len(kept))

    def merges(self, line: Line) -> list[Merge]:
        """What each commit of the line brought in, and into what."""
        repository = self.repository
        parents = {oid: repository.parents(oid) for oid, _ in line.commits}
        repository.expect_merges((it[0], it[1]) for it in parents.values() if len(it) == 2)
        return [merge_of(repository, oid) for oid, _ in line.commits]

    def replayed(
        self, merge: Merge, system: str, forge: ForgeJob | None = None, recorded: Recorded | None = None
    ) -> Replayed:
        """The merge by the rules that its base held, with what it did to the system.

        ObjectMissingError where this clone lacks files of it: a whole one would tell.
        """
        known = recorded(merge, self.repository.tree_oid(merge.commit)) if recorded else None
        if not merge.base:
            return Replayed(unjudged(merge, known), None)
        job = forge(merge.base, merge.head, self.branch_name) if forge else nullcontext(ForgeSetting())
        with job as asked:
            merged = MergedChange(merge.commit, self.branch_name, asked.untold) if forge else None
            request = self._request(merge.base, merge.head, merge.day, asked.environment, merged)
            try:
                found = self.session.judge(
                    request, lambda inputs, load: self._judged(merge, request, inputs, load, system)
                )
            except ObjectMissingError:
                raise
            except UndecidedError as error:
                found = JudgedMerge(report_undecided(request, error), touches="unknown")
            except DocumentError as error:
                undecided = UndecidedError(_told(error), hint=error.hint, problems=error.problems)
                found = JudgedMerge(report_undecided(request, undecided), touches="unknown")
        record = record_of(
            merge, found, system, known, is_forge_asked=forge is not None, unsaid=weakening_options(request)
        )
        return Replayed(record, found.report)

    def _judged(
        self, merge: Merge, request: Request, inputs: OpenInputs, load: PolicyLoader, system: str
    ) -> JudgedMerge:
        is_merged = merge.head == merge.commit
        report = checked(request, inputs, load, documented=False, is_merged=is_merged)
        return judged(report, inputs, load, system)

    def passes_together(self, base: str, head: str, day: date) -> bool:
        """Whether commits that were pushed at once pass as one change."""
        request = self._request(base, head, day, {})
        try:
            return self.session.check(request, documented=False).exit_code == 0
        except (UndecidedError, DocumentError):
            return False

    def _request(
        self, base: str, head: str, day: date, environment: Mapping[str, str], merged: MergedChange | None = None
    ) -> Request:
        return Request(
            self.directory,
            end_of_day(day),
            base=base,
            head=head,
            into=self.branch_name,
            as_of_given=True,
            organisation_policies=self.organisation_policies,
            environment={**self.environment, **environment},
            merged=merged,
        )


def merge_of(repository: Repository, oid: str) -> Merge:
    """What one commit of a line brought in, and into what."""
    parents = repository.parents(oid)
    kind: Literal["merge", "commit", "octopus", "edited-merge"] = "commit"
    head = oid
    if len(parents) > 2:
        kind = "octopus"
    elif len(parents) == 2:
        kind = "merge" if _is_of_git(repository, oid, parents) else "edited-merge"
        head = parents[1] if kind == "merge" else oid
    time = repository.time(oid)
    is_before = bool(parents) and time < repository.time(parents[0])
    who = repository.author_of(oid)
    return Merge(
        oid, parents[0] if parents else "", head, len(parents), kind, repository.title(oid), who.name,
        moment_of(time), day_of(max(time, 0)), is_before,
    )  # fmt: skip


def _is_of_git(repository: Repository, oid: str, parents: Sequence[str]) -> bool:
    """Whether the merge holds just what git makes of its parents; else somebody edited it."""
    try:
        return repository.merged_tree(parents[0], parents[1]) == repository.tree_oid(oid)
    except ObjectMissingError:
        raise
    except (MergeConflictError, UndecidedError):
        return False


def pushed_at_once(merges: Sequence[Merge]) -> Iterator[Sequence[Merge]]:
    """The runs of plain commits that one committer's date puts together, as a rebase by a forge leaves them."""
    run: list[Merge] = []
    for merge in (*merges, None):
        is_next = merge is not None and merge.kind == "commit" and bool(merge.base)
        if run and not (is_next and merge and merge.base == run[-1].commit and merge.moment == run[-1].moment):
            if 1 < len(run) <= TOGETHER:
                yield run
            run = []
        if is_next and merge:
            run.append(merge)


def day_of(seconds: int) -> date:
    """The UTC day of a commit's time."""
    return datetime.fromtimestamp(seconds, UTC).date()


def moment_of(seconds: int) -> str:
    """A commit's time in ISO 8601."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def _told(error: DocumentError) -> str:
    return error.message or next((str(problem.message) for problem in error.problems), "a document cannot be read")

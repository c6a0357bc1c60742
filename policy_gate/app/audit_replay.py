"""The verdicts of the log judged anew, from the inputs that each entry names, and compared.

What cannot be judged here (a commit that is not in the clone, rules of another version, reviews that only a forge
can tell) is said, and never taken for the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from policy_gate import __version__
from policy_gate.app.audit import records_of
from policy_gate.app.check import CheckSession
from policy_gate.collect.inputs import OpenInputs
from policy_gate.errors import PolicyGateError
from policy_gate.schema.audit_entry import (
    AuditEntry,
    Fault,
    Inputs,
    LoggedEntry,
    Record,
    ReplayResult,
    VerdictRecord,
    Verification,
)
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.report import Report

FORGE_SOURCES = ("github-reviews", "gitlab-approvals")
"""Approvals that are in no commit: who judges again without the forge does not see them."""
_GOOD = ("pass", "conditions")
_KEPT = ("PATH", "HOME", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
_MANY = 400
"""judgements from which on several processes are worth their start"""
_AT_ONCE = 50


class _Judged(Struct, frozen=True):
    """What came out, or why nothing did."""

    records: tuple[Record, ...] = ()
    tree: str = ""
    policies: str = ""
    problem: str = ""


class Replayer:
    """Judges what entries name, in one session. Close it, or use it in a `with`."""

    def __init__(self, directory: Path, organisation: Path | None, environment: Mapping[str, str]) -> None:
        self._directory = directory
        self._organisation = organisation
        self._environment = environment
        self._session = CheckSession(directory)
        self._repository = self._session.repository

    def __enter__(self) -> Replayer:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def replays(self, entries: Sequence[AuditEntry]) -> Iterator[ReplayResult]:
        """One answer for each entry, in order; entries of one check follow each other and are judged once."""
        pairs = [(it.inputs.base.commit, it.inputs.head.commit) for it in entries]
        self._repository.expect(commit for pair in pairs for commit in pair)
        self._session.expect(pairs)
        for inputs, group in groupby(entries, key=lambda entry: entry.inputs):
            judged = self._judge(inputs)
            for entry in group:
                yield self._compared(entry, judged)

    def _judge(self, inputs: Inputs, *, is_deferred: bool = False) -> _Judged:
        lacking = [it for it in (inputs.base.commit, inputs.head.commit) if not self._repository.holds_commit(it)]
        if lacking:
            return _Judged(problem=f"commit {lacking[0][:12]} is not in this clone")
        if inputs.organisation and self._organisation is None:
            return _Judged(problem="a layer of rules was given to the check: give the same with --policies")
        try:
            request = self._request(inputs, is_deferred=is_deferred)
            return self._session.check_with(request, _judged_of)
        except (PolicyGateError, ValueError, ArithmeticError) as error:
            return _Judged(problem=f"it cannot be judged here: {error}")

    def _request(self, inputs: Inputs, *, is_deferred: bool) -> Request:
        return Request(
            self._directory,
            datetime.fromisoformat(inputs.as_of),
            base=inputs.base.commit,
            into=inputs.branch,
            head=inputs.head.commit,
            everything=inputs.mode == "all",
            as_of_given=True,
            organisation_policies=self._organisation if inputs.organisation else None,
            defer_approval=is_deferred,
            require_governed_base=inputs.require_governed_base,
            require_stage=inputs.require_stage or None,
            environment=self._environment,
        )

    def _compared(self, entry: AuditEntry, judged: _Judged) -> ReplayResult:
        inputs = entry.inputs
        if judged.problem:
            return ReplayResult("untold", judged.problem)
        if judged.tree != inputs.result_tree:
            return ReplayResult(
                "different", f"the result is tree {judged.tree[:12]}, recorded is {inputs.result_tree[:12]}"
            )
        if judged.policies != inputs.policies:
            if entry.version == __version__ and not inputs.organisation:
                return ReplayResult("different", "base holds other rules than those recorded")
            return ReplayResult("untold", f"it was judged by other rules than are here (version {entry.version})")
        if entry.record in judged.records:
            return ReplayResult("same")
        said = _said_instead(entry, judged)
        if inputs.evidence:
            return ReplayResult("untold", f"{said}; files were given to the check that are in no commit")
        if any(source in FORGE_SOURCES for source in inputs.approval_sources):
            return self._but_for_reviews(entry, said)
        return ReplayResult("different", said)

    def _but_for_reviews(self, entry: AuditEntry, said: str) -> ReplayResult:
        """Where reviews on a forge counted: does all else come out, with approvals left for later?"""
        if not isinstance(entry.record, VerdictRecord):
            is_approval = entry.kind == "approval"
            return ReplayResult(
                "untold" if is_approval else "different", f"{said}; a forge's reviews are not asked here"
            )
        deferred = self._judge(entry.inputs, is_deferred=True)
        verdict = next((one for one in deferred.records if isinstance(one, VerdictRecord)), None)
        is_good = entry.record.verdict in _GOOD
        if verdict is None or (is_good and (verdict.verdict not in _GOOD or not _alike(entry.record, verdict))):
            return ReplayResult("different", said)
        return ReplayResult("untold", "all but the approvals comes out the same; those were reviews on the forge")


def replayed(
    found: Verification,
    directory: Path,
    organisation: Path | None,
    environment: Mapping[str, str],
    workers: int = 1,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Verification:
    """The verification with each entry judged anew; several processes do it where that is worth their start."""
    environment = {name: environment[name] for name in _KEPT if name in environment}
    sound = [one.entry for one in found.entries if one.entry is not None and not one.faults]
    pieces = list(_pieces(sound))
    answers: list[ReplayResult] = []
    if workers > 1 and len(sound) >= _MANY:
        with ProcessPoolExecutor(workers, get_context("spawn"), _start, (directory, organisation, environment)) as pool:
            for some in pool.map(_replay_piece, pieces):
                answers += some
                progress(len(answers), len(sound))
    else:
        with Replayer(directory, organisation, environment) as replayer:
            for piece in pieces:
                answers += replayer.replays(piece)
                progress(len(answers), len(sound))
    return _with_replays(found, iter(answers))


_HERE: list[Replayer] = []


def _start(directory: Path, organisation: Path | None, environment: Mapping[str, str]) -> None:
    _HERE.append(Replayer(directory, organisation, environment))


def _replay_piece(piece: Sequence[AuditEntry]) -> list[ReplayResult]:
    return list(_HERE[0].replays(piece))


def _pieces(entries: Sequence[AuditEntry]) -> Iterator[list[AuditEntry]]:
    """Some at a time, those of one check together."""
    piece: list[AuditEntry] = []
    for entry in entries:
        if len(piece) >= _AT_ONCE and entry.inputs != piece[-1].inputs:
            yield piece
            piece = []
        piece.append(entry)
    if piece:
        yield piece


def _with_replays(found: Verification, answers: Iterable[ReplayResult]) -> Verification:
    entries: list[LoggedEntry] = []
    broken, untold = list(found.broken), list(found.untold)
    counts = {"same": 0, "different": 0, "untold": 0}
    told = iter(answers)
    for one in found.entries:
        if one.entry is None or one.faults:
            entries.append(one)
            continue
        answer = next(told)
        counts[answer.state] += 1
        entries.append(replace(one, replay=answer))
        if answer.state != "same":
            what = f"judged again, it is different: {answer.reason}" if answer.state == "different" else answer.reason
            (broken if answer.state == "different" else untold).append(Fault(one.entry.sequence, one.commit, what))
    order = {one.commit: place for place, one in enumerate(entries)}
    broken.sort(key=lambda fault: order.get(fault.commit, -1))
    return replace(found, entries=tuple(entries), broken=tuple(broken), untold=tuple(untold), replayed=counts)


def _judged_of(report: Report, inputs: OpenInputs) -> _Judged:
    return _Judged(tuple(records_of(report, inputs)), report.trust.result_tree, report.trust.policies_digest)


def _said_instead(entry: AuditEntry, judged: _Judged) -> str:
    if not isinstance(entry.record, VerdictRecord):
        return f"nothing like {entry.kind} {entry.headline!a} comes out of its commits"
    verdict = next(one for one in judged.records if isinstance(one, VerdictRecord))
    if verdict.verdict != entry.record.verdict:
        return f"the verdict is {verdict.verdict}, recorded is {entry.record.verdict}"
    systems = {one.id: one for one in verdict.systems}
    other = next((one.id for one in entry.record.systems if systems.get(one.id) != one), "")
    if other:
        return f"system {other} comes out in another way than recorded"
    return "what blocks is another than recorded" if verdict.blocking != entry.record.blocking else "its systems differ"


def _alike(one: VerdictRecord, other: VerdictRecord) -> bool:
    """Whether two verdicts saw the same systems; what each came to may hang on approvals."""
    return [(it.id, it.stage, it.tier, it.subject_digest) for it in one.systems] == [
        (it.id, it.stage, it.tier, it.subject_digest) for it in other.systems
    ]

"""What the entries of the log say of the branch: its commits that none covers, and commits that are on it no more.

An entry covers what it judged: all that lies on the line of first parents between its base and its head, and the merge
that brought its head or left its tree there. What no entry covers before the first or after the newest recorded
commit is no gap: a branch may begin to record late, and a job may be under way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from policy_gate.app.recorded_verdicts import recorded_in, verdicts_on_changes
from policy_gate.app.replay import merge_of
from policy_gate.collect.base_ref import is_on, resolve_base, target_branch, tip_of_branch
from policy_gate.errors import PolicyGateError
from policy_gate.schema.audit_entry import BranchCoverage, Fault, Inputs, LeftCommit, VerdictRecord, Verification
from policy_gate.schema.check_inputs import Request
from policy_gate.vcs.repository import Repository

_LONGEST_LINE = 1_000_000
_SHOWN = 5


def with_branch(
    found: Verification, repository: Repository, request: Request, *, is_required: bool = False
) -> Verification:
    """The same, told what the entries say of the branch merged into: as notes, or as broken where it is required."""
    if not found.entries and not is_required:
        return found
    try:
        base = resolve_base(repository, request)
        branch = target_branch(request, base)
        tip = tip_of_branch(repository, branch) or base.commit or ""
        if repository.shallow:
            return _untold(found, "this clone is shallow", is_required)
        coverage = _coverage(found, repository, branch, tip)
    except PolicyGateError as error:
        return _untold(found, error.message, is_required)
    faults = tuple(_faults(found, coverage))
    if is_required:
        return replace(found, coverage=coverage, broken=(*found.broken, *faults))
    return replace(found, coverage=coverage, notes=(*found.notes, *faults))


def _untold(found: Verification, why: str, is_required: bool) -> Verification:
    fault = Fault(None, "", f"which commits of the branch no entry covers cannot be told: {why}")
    if is_required:
        return replace(found, untold=(*found.untold, fault))
    return replace(found, notes=(*found.notes, fault))


def _coverage(found: Verification, repository: Repository, branch: str, tip: str) -> BranchCoverage:
    line = [tip, *repository.first_parent_line(tip, _LONGEST_LINE)][::-1]
    repository.expect(line)
    covered, ends = _covered(found, repository, line)
    newest = max(ends, default=len(line) - 1)
    oldest = min(ends, default=newest)
    gaps = tuple(line[place] for place in range(oldest + 1, newest) if place not in covered)
    left = tuple(_left(found, repository, branch, tip, set(line)))
    return BranchCoverage(branch, tip, len(covered), len(line) - 1 - newest, gaps, left)


def _covered(found: Verification, repository: Repository, line: Sequence[str]) -> tuple[set[int], set[int]]:
    """Which places of a line an entry covers, and at which some entry begins or ends."""
    places = {commit: place for place, commit in enumerate(line)}
    covered: set[int] = set()
    ends: set[int] = set()
    elsewhere: set[str] = set()
    for _, entry, _ in verdicts_on_changes(found.entries):
        inputs = entry.inputs
        last = places.get(inputs.head.commit)
        if last is None:
            elsewhere |= {inputs.head.commit, inputs.result_tree}
            continue
        first = _after(repository, line, places, inputs, last)
        covered.update(range(first, last + 1))
        ends.add(last)
    merged = set(_merged(found, repository, line, covered, elsewhere)) if elsewhere else set()
    return covered | merged, ends | covered | merged


def _after(repository: Repository, line: Sequence[str], places: dict[str, int], inputs: Inputs, last: int) -> int:
    """The first place of a line that the base of an entry did not hold; the last where nothing is known of base."""
    base = inputs.base.commit
    if base in places:
        return places[base] + 1
    if not repository.holds_commit(base):
        return last
    low, high = 0, last
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if is_on(repository, base, line[middle]) else (low, middle)
    return low


def _merged(
    found: Verification, repository: Repository, line: Sequence[str], covered: set[int], wanted: set[str]
) -> Iterator[int]:
    """The places at which something came in that was judged before: by its head, or by the tree that it left."""
    recorded = recorded_in(repository, found.entries)
    inputs = [entry.inputs for _, entry, _ in verdicts_on_changes(found.entries)]
    left_by = {(one.base.commit, one.result_tree) for one in inputs}
    for place, commit in enumerate(line):
        if place in covered:
            continue
        tree = repository.tree_oid(commit)
        if tree not in wanted and wanted.isdisjoint(repository.parents(commit)[1:]):
            continue
        merge = merge_of(repository, commit)
        if recorded(merge, tree) is not None:
            yield place
        else:
            yield from _rebased(repository, line, place, left_by)


def _rebased(repository: Repository, line: Sequence[str], place: int, left_by: set[tuple[str, str]]) -> Iterator[int]:
    """The places of a branch that was judged as one change and rebased by a forge: plain commits of one moment."""
    tree, moment = repository.tree_oid(line[place]), repository.time(line[place])
    first = place
    while first > 0 and len(repository.parents(line[first])) == 1 and repository.time(line[first]) == moment:
        first -= 1
        if (line[first], tree) in left_by:
            yield from range(first + 1, place + 1)
            return


def _left(found: Verification, repository: Repository, branch: str, tip: str, line: set[str]) -> Iterator[LeftCommit]:
    seen = set(line)
    for logged in found.entries:
        entry = logged.entry
        if entry is None or logged.faults or not isinstance(entry.record, VerdictRecord):
            continue
        if not branch or entry.inputs.branch != branch:
            continue
        for side in (entry.inputs.base, entry.inputs.head):
            if not side.on_branch or side.commit in seen:
                continue
            seen.add(side.commit)
            if not is_on(repository, tip, side.commit):
                yield LeftCommit(entry.sequence, side.commit, repository.holds_commit(side.commit))


def _faults(found: Verification, coverage: BranchCoverage) -> Iterator[Fault]:
    branch = coverage.branch or "the branch"
    commits = {one.entry.sequence: one.commit for one in found.entries if one.entry is not None}
    for is_here in (True, False):
        left = [one for one in coverage.left if one.is_here is is_here]
        if left:
            first = left[0]
            more = f"; so it is with {len(left)} commits" if len(left) > 1 else ""
            what = (
                f"{first.commit[:12]} was on {branch}, and is on it no more: it was moved back, or written anew"
                if is_here
                else f"{first.commit[:12]} was on {branch}, and is not in this clone: fetch {branch}, and where that "
                "does not bring it, the branch was moved back, or written anew"
            )
            yield Fault(first.number, commits.get(first.number, ""), what + more)
    if coverage.unrecorded:
        gaps = coverage.unrecorded
        more = f" and {len(gaps) - _SHOWN} more" if len(gaps) > _SHOWN else ""
        listed = ", ".join(commit[:12] for commit in gaps[:_SHOWN]) + more
        yield Fault(None, "", f"no entry covers what came to {branch} with {listed}, between commits that are recorded")

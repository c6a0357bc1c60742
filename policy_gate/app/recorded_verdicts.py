"""What the audit log says of merges, by what was merged; the log is read here, and verified by `audit verify`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct

from policy_gate.app.replay import Recorded
from policy_gate.app.replayed_merge import Merge
from policy_gate.audit.log import read_log
from policy_gate.errors import PolicyGateError
from policy_gate.schema.audit_entry import REF, AuditEntry, LoggedEntry, VerdictRecord
from policy_gate.schema.evidence_pack import RecordedVerdict
from policy_gate.vcs.repository import Repository


class Judged(Struct, frozen=True):
    """A verdict of the log, and the commit that it was judged against."""

    base: str
    verdict: RecordedVerdict


def recorded_verdicts(repository: Repository) -> tuple[str, Recorded | None]:
    """What to call the log, and how it is asked about a merge; empty and None where there is no log."""
    ref = repository.refs([REF]).get(REF)
    if ref is None:
        return "", None
    log = read_log(repository, ref.oid)
    said = f"{REF} at {ref.oid[:12]}, {len(log.entries)} entries"
    unsound = sum(1 for logged in log.entries if logged.entry is None or logged.faults)
    if unsound:
        said += f", {unsound} of them not sound"
    if log.cut_off:
        said += ", older ones are not in this clone"
    return said, recorded_in(repository, log.entries)


def verdicts_on_changes(entries: Iterable[LoggedEntry]) -> Iterator[tuple[LoggedEntry, AuditEntry, VerdictRecord]]:
    """The sound verdicts of a log that judged what a change brings; a nightly check of the whole says nothing of it."""
    for logged in entries:
        entry = logged.entry
        if entry is None or logged.faults or entry.inputs.mode == "all":
            continue
        if isinstance(entry.record, VerdictRecord):
            yield logged, entry, entry.record


def recorded_in(repository: Repository, entries: Iterable[LoggedEntry]) -> Recorded:
    """How these entries are asked about a merge."""
    by_head: defaultdict[str, list[Judged]] = defaultdict(list)
    by_tree: defaultdict[str, list[Judged]] = defaultdict(list)
    for logged, entry, record in verdicts_on_changes(entries):
        found = Judged(entry.inputs.base.commit, RecordedVerdict(record.verdict, logged.commit, entry.recorded))
        by_head[entry.inputs.head.commit].append(found)
        by_tree[entry.inputs.result_tree].append(found)

    def recorded(merge: Merge, tree: str) -> RecordedVerdict | None:
        of_head = [*by_head.get(merge.head, ()), *by_head.get(merge.commit, ())]
        of_tree = [it for it in by_tree.get(tree, ()) if it.base == merge.base]
        exact = [it for it in of_head if it.base == merge.base] + of_tree
        # A branch may have been judged while base stood further back, and never against what base did not hold.
        return at_merge(exact or [it for it in of_head if _holds(repository, merge.base, it.base)], merge.moment)

    return recorded


def at_merge(judged: Iterable[Judged], moment: str) -> RecordedVerdict | None:
    """What was known when it was merged: the last verdict until then, else the first one after.

    So a yes that came later hides no merge against a block.
    """
    found = sorted((it.verdict for it in judged), key=lambda it: it.at)
    before = [it for it in found if it.at <= moment]
    return before[-1] if before else next(iter(found), None)


def _holds(repository: Repository, base: str, commit: str) -> bool:
    try:
        return bool(base) and repository.merge_base_is(commit, base)
    except PolicyGateError:
        return False

"""What the audit log says of merges, by what was merged; the log is read here, and verified by `audit verify`."""

from __future__ import annotations

from policy_gate.app.replay import Recorded
from policy_gate.audit.log import read_log
from policy_gate.schema.audit_entry import REF, VerdictRecord
from policy_gate.schema.evidence_pack import RecordedVerdict
from policy_gate.vcs.repository import Repository


def recorded_verdicts(repository: Repository) -> tuple[str, Recorded | None]:
    """What to call the log, and how it is asked about a merge; empty and None where there is no log."""
    ref = repository.refs([REF]).get(REF)
    if ref is None:
        return "", None
    log = read_log(repository, ref.oid)
    by_head: dict[str, RecordedVerdict] = {}
    by_tree: dict[str, RecordedVerdict] = {}
    unsound = 0
    for logged in log.entries:
        entry = logged.entry
        if entry is None or logged.faults:
            unsound += 1
        elif isinstance(entry.record, VerdictRecord) and entry.inputs.mode != "all":
            found = RecordedVerdict(entry.record.verdict, logged.commit, entry.recorded)
            by_head.setdefault(entry.inputs.head.commit, found)
            by_tree.setdefault(entry.inputs.result_tree, found)

    def recorded(commit: str, head: str, tree: str) -> RecordedVerdict | None:
        return by_head.get(head) or by_head.get(commit) or by_tree.get(tree)

    said = f"{REF} at {ref.oid[:12]}, {len(log.entries)} entries"
    if unsound:
        said += f", {unsound} of them not sound"
    if log.cut_off:
        said += ", older ones are not in this clone"
    return said, recorded

"""Whether what entries of the log tell came to the branch, read from git each time: no entry says it of itself.

A verdict came in with the head that it judged. A waiver, a stage and a step of an incident came in where the branch
shows them: with that head, or with another that was judged against the same base, as the id of two of them hangs on
base alone. An approval is for content: it came in with its own check, or with another of its system that it counted in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from policy_gate.app.audit import brings, records_of
from policy_gate.app.audit_replay import FORGE_SOURCES
from policy_gate.app.check import CheckSession
from policy_gate.app.landings import BranchLandings, Landing
from policy_gate.collect.base_ref import is_on
from policy_gate.errors import PolicyGateError
from policy_gate.schema.audit_entry import (
    ApprovalGiven,
    AuditEntry,
    LoggedEntry,
    Merged,
    MergedState,
    Record,
    StageChange,
    VerdictRecord,
)
from policy_gate.schema.check_inputs import Request

_CAME_IN = ("yes", "edited", "superseded")


class MergedEntries:
    """One log asked what of it was merged; `whole` gives all its entries. Close it, or use it in a `with`."""

    def __init__(
        self,
        directory: Path,
        whole: Callable[[], Iterable[LoggedEntry]],
        environment: Mapping[str, str],
        remote: str = "",
    ) -> None:
        self._directory = directory
        self._whole = whole
        self._environment = {name: environment[name] for name in ("PATH", "HOME") if name in environment}
        self._remote = remote
        self._session = CheckSession(directory)
        self._branches: dict[str, BranchLandings] = {}
        self._sound: list[AuditEntry] | None = None
        self._counted: dict[tuple[str, str], frozenset[Record]] = {}

    def __enter__(self) -> MergedEntries:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def told(self, entries: Sequence[LoggedEntry]) -> tuple[LoggedEntry, ...]:
        """The same entries, each that can be read with whether what it tells was merged."""
        return tuple(one if one.entry is None else replace(one, merged=self._of(one, one.entry)) for one in entries)

    def _of(self, one: LoggedEntry, entry: AuditEntry) -> Merged:
        if one.faults:
            return Merged("unknown", entry.inputs.branch, "", reason="the entry is broken: policy-gate audit verify")
        own = self._landing(entry)
        if isinstance(entry.record, VerdictRecord) or entry.inputs.mode == "all":
            return own.merged
        try:
            if isinstance(entry.record, ApprovalGiven):
                return own.merged if own.merged.state == "yes" else self._where_counted(entry, own)
            return self._where_shown(entry, own)
        except PolicyGateError as error:
            return replace(_nowhere(own.merged, "unknown"), reason=error.message)

    def _landing(self, entry: AuditEntry) -> Landing:
        branch = entry.inputs.branch
        if branch not in self._branches:
            self._branches[branch] = BranchLandings(self._session.repository, branch, self._remote)
        return self._branches[branch].of(entry.inputs)

    def _where_shown(self, entry: AuditEntry, own: Landing) -> Merged:
        """Where the branch shows what an entry tells; unknown where it does and nothing of the log tells by what."""
        shown, unknown = self._with_a_check(entry, own)
        if shown is not None:
            return shown
        if self._shows(entry, self._since_base(entry)):
            if not isinstance(entry.record, StageChange):  # who, when and why: it is itself, whatever brought it
                return _nowhere(own.merged, "yes")
            again = (it for it in self._entries() if it.record == entry.record and it.id != entry.id)
            if not any(self._with_a_check(it, self._landing(it))[0] for it in again):
                reason = f"{own.merged.branch} shows it, by a change or an edited squash that is not in the log"
                return replace(_nowhere(own.merged, "unknown"), reason=reason)
        if unknown is not None:
            return unknown
        is_in = own.merged.state in _CAME_IN
        reason = f"what was merged with {own.end[:12]} does not bring it" if is_in else own.merged.reason
        return replace(_nowhere(own.merged, "no"), reason=reason)

    def _with_a_check(self, entry: AuditEntry, own: Landing) -> tuple[Merged | None, Merged | None]:
        """What brought it: its own head, or another judged against its base; else of what that cannot be told."""
        unknown = own.merged if own.merged.state == "unknown" else None
        about = (entry.inputs.base.commit, entry.inputs.branch)
        others = (self._landing(it) for it in self._verdicts() if (it.inputs.base.commit, it.inputs.branch) == about)
        for landing in (own, *others):
            if landing.merged.state in _CAME_IN and self._shows(entry, landing):
                return replace(landing.merged, state="yes"), None
            if landing.merged.state == "unknown":
                unknown = unknown or landing.merged
        return None, unknown

    def _since_base(self, entry: AuditEntry) -> Landing:
        """All that came to the branch since the base of an entry, in one step."""
        landings, base = self._branches[entry.inputs.branch], entry.inputs.base.commit
        is_known = is_on(self._session.repository, landings.tip, base)
        return Landing(Merged("unknown", landings.branch, landings.tip), base if is_known else "", landings.tip)

    def _where_counted(self, entry: AuditEntry, own: Landing) -> Merged:
        """Where a yes counted that was not merged with the check which it was recorded with."""
        unknown = own if own.merged.state == "unknown" else None
        for check in self._verdicts():
            if not set(entry.systems) <= set(check.systems) or check.inputs.branch != entry.inputs.branch:
                continue
            landing = self._landing(check)
            if landing.merged.state not in ("yes", "edited"):
                continue
            if entry.record in self._counting_at(check, landing):
                return landing.merged
            if any(source in FORGE_SOURCES for source in check.inputs.approval_sources):
                reason = f"whether it counted for {landing.end[:12]}, which was merged, only the forge knows"
                unknown = unknown or Landing(replace(_nowhere(own.merged, "unknown"), reason=reason))
        return unknown.merged if unknown is not None else own.merged

    def _entries(self) -> list[AuditEntry]:
        if self._sound is None:
            self._sound = [one.entry for one in self._whole() if one.entry is not None and not one.faults]
        return self._sound

    def _verdicts(self) -> Iterator[AuditEntry]:
        """The checks of changes; a nightly check of the whole brings nothing."""
        return (it for it in self._entries() if isinstance(it.record, VerdictRecord) and it.inputs.mode != "all")

    def _shows(self, entry: AuditEntry, landing: Landing) -> bool:
        request = self._request(entry, landing)
        return bool(landing.start) and self._session.judge(request, lambda inputs, _: brings(entry.record, inputs))

    def _counting_at(self, check: AuditEntry, landing: Landing) -> frozenset[Record]:
        key = (landing.start, landing.end)
        if landing.start and key not in self._counted:
            request = self._request(check, landing)
            found = self._session.check_with(request, lambda report, inputs: frozenset(records_of(report, inputs)))
            self._counted[key] = found
        return self._counted.get(key, frozenset())

    def _request(self, entry: AuditEntry, landing: Landing) -> Request:
        return Request(
            self._directory,
            datetime.fromisoformat(entry.inputs.as_of),
            base=landing.start,
            head=landing.end,
            into=entry.inputs.branch,
            as_of_given=True,
            environment=self._environment,
        )


def _nowhere(merged: Merged, state: MergedState) -> Merged:
    """The same branch and tip, and no commit that brought it."""
    return Merged(state, merged.branch, merged.tip)

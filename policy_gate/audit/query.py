"""Picking entries: by system, kind, verdict, role, person and time."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from policy_gate.schema.audit_entry import ApprovalGiven, AuditEntry, LoggedEntry, VerdictRecord


class Query(Struct, frozen=True):
    """What entries must be; what is empty asks for nothing. Several values of one kind are alternatives.

    `first` and `last` are days in UTC, both of them meant.
    """

    systems: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None

    def takes(self, one: LoggedEntry) -> bool:
        """Whether an entry is wanted; one that cannot be read is not."""
        entry = one.entry
        return entry is not None and self._is_about(entry, one) and self._is_when(entry)

    def _is_about(self, entry: AuditEntry, one: LoggedEntry) -> bool:
        record = entry.record
        verdict = record.verdict if isinstance(record, VerdictRecord) else ""
        role = record.role if isinstance(record, ApprovalGiven) else ""
        return (
            (not self.systems or not set(self.systems).isdisjoint(entry.systems))
            and (not self.kinds or entry.kind in self.kinds)
            and (not self.verdicts or verdict in self.verdicts)
            and (not self.roles or role in self.roles)
            and (not self.people or any(_is_named(wanted, entry, one) for wanted in self.people))
        )

    def _is_when(self, entry: AuditEntry) -> bool:
        day = entry.recorded[:10]
        is_begun = self.first is None or day >= self.first.isoformat()
        return is_begun and (self.last is None or day <= self.last.isoformat())


def _is_named(wanted: str, entry: AuditEntry, one: LoggedEntry) -> bool:
    """A part of a name is enough; who signed an entry is one of its people."""
    return any(wanted.casefold() in name.casefold() for name in (*entry.people, one.signed.person))

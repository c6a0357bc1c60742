"""Picking entries: by system, kind, verdict, role, person, commit and time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from policy_gate.documents.spelling import spelling_hint
from policy_gate.schema.audit_entry import ApprovalGiven, AuditEntry, LoggedEntry, VerdictRecord


class Query(Struct, frozen=True):
    """What entries must be; what is empty asks for nothing. Several values of one kind are alternatives.

    `commits` are ids, or their beginnings, of what was judged or of what brought it to the branch. `first` and `last`
    are days in UTC, both of them meant.
    """

    systems: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None

    def takes(self, one: LoggedEntry) -> bool:
        """Whether an entry is wanted; one that cannot be read is not."""
        entry = one.entry
        return entry is not None and self._is_about(entry, one) and self._is_when(entry)

    def unmatched(self, entries: Sequence[LoggedEntry]) -> Iterator[str]:
        """What is asked for by name and no entry of the log names, as sentences: a slip reads like an answer."""
        read = [one for one in entries if one.entry is not None]
        systems = {system for one in read if one.entry for system in one.entry.systems}
        roles = {one.entry.record.role for one in read if one.entry and isinstance(one.entry.record, ApprovalGiven)}
        people = {name for one in read if one.entry for name in (*one.entry.people, one.signed.person) if name}
        heads = {commit for one in read for commit in _commits(one)}
        for kind, wanted, known in (("system", self.systems, systems), ("role", self.roles, roles)):
            for word in wanted:
                if word not in known:
                    yield f'no entry is about {kind} "{word}"; {spelling_hint(word, known, none="none is named")}'
        for word in self.people:
            if not any(word.casefold() in name.casefold() for name in people):
                yield f'no entry names "{word}"; {spelling_hint(word, people, none="nobody is named")}'
        for word in self.commits:
            if not any(head.startswith(word.lower()) for head in heads):
                yield f"no entry is about a check of commit {word}"

    def _is_about(self, entry: AuditEntry, one: LoggedEntry) -> bool:
        record = entry.record
        verdict = record.verdict if isinstance(record, VerdictRecord) else ""
        role = record.role if isinstance(record, ApprovalGiven) else ""
        return (
            (not self.systems or not set(self.systems).isdisjoint(entry.systems))
            and (not self.kinds or entry.kind in self.kinds)
            and (not self.verdicts or verdict in self.verdicts)
            and (not self.roles or role in self.roles)
            and (not self.commits or any(it.startswith(tuple(map(str.lower, self.commits))) for it in _commits(one)))
            and (not self.people or any(_is_named(wanted, entry, one) for wanted in self.people))
        )

    def _is_when(self, entry: AuditEntry) -> bool:
        day = entry.recorded[:10]
        is_begun = self.first is None or day >= self.first.isoformat()
        return is_begun and (self.last is None or day <= self.last.isoformat())


def _commits(one: LoggedEntry) -> Iterator[str]:
    """The commit that was judged, and the one that brought it where that was told."""
    if one.entry is not None:
        yield one.entry.inputs.head.commit
    if one.merged is not None and one.merged.commit:
        yield one.merged.commit


def _is_named(wanted: str, entry: AuditEntry, one: LoggedEntry) -> bool:
    """A part of a name is enough; who signed an entry is one of its people."""
    return any(wanted.casefold() in name.casefold() for name in (*entry.people, one.signed.person))

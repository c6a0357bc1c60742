"""Adding to the log: entries that are put after the newest one, wherever that is by then, and never lost.

A writer stores its entry first and moves the ref only from where it saw it. Where another was quicker, the entry is
put after that one's (its statement names another previous entry, and is signed anew) and the step is tried again. A
log at a remote is only ever moved on by a plain push.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from random import SystemRandom

from msgspec import Struct

from policy_gate.audit.log import first_lost, known_ids, read_entry
from policy_gate.audit.statements import (
    SIGNATURE_FILE,
    STATEMENT_FILE,
    Draft,
    digest_of_statement,
    draft_of,
    message_of,
    placed,
)
from policy_gate.errors import UndecidedError, UsageError
from policy_gate.schema.audit_entry import REF, LoggedEntry, Previous
from policy_gate.signing.pinned_keys import fingerprint
from policy_gate.signing.sign import SigningKey, sign
from policy_gate.signing.sshsig import AUDIT_NAMESPACE, MalformedSignatureError, parse
from policy_gate.vcs.process import GitFailedError
from policy_gate.vcs.ref_remote import RefRemote, RemoteBusyError
from policy_gate.vcs.ref_writer import RefWriter
from policy_gate.vcs.repository import Repository

SEEN = "refs/policy-gate/audit-seen/"
"""Where this clone remembers the newest entry that it saw: `here`, and one for each remote."""
HERE = "here"
ATTEMPTS = 60
"""How often a writer that others are quicker than tries again."""
BUSY = 6
"""How often a remote may fail to answer before that is the answer."""
_FIRST_WAIT, _LONGEST_WAIT = 0.05, 60.0
_DICE = SystemRandom()


class Appended(Struct, frozen=True):
    """What was added, as commit ids from the oldest, and how many entries were there already."""

    head: str
    added: tuple[LoggedEntry, ...]
    known: int


class LogWriter(Struct, frozen=True):
    """A repository that the log is written in; `key` signs what this run adds."""

    repository: Repository
    writer: RefWriter
    key: SigningKey | None = None

    def append(
        self,
        drafts: Sequence[Draft],
        remote: RefRemote | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> Appended:
        """Add these entries, those left out that the log holds already, here and at the remote.

        UndecidedError where the log that was seen before is not in it any more, or it cannot be written. What was
        added here before a remote failed stays, and goes with the next run.
        """
        added: set[str] = set()
        busy = 0
        for attempt in range(ATTEMPTS):
            begun = time.monotonic()
            try:
                head = self._tried(drafts, remote, added)
            except RemoteBusyError:
                busy += 1
                if busy >= BUSY:
                    raise
                head = None
            if head is not None:
                return self._told(head, drafts, added)
            wait(_pause(attempt, time.monotonic() - begun))
        where = f"at {remote.name}" if remote else "here"
        raise UndecidedError(
            f"the entry is not recorded {where}: others wrote to the log each of {ATTEMPTS} times",
            hint="run it again; nothing was lost",
        )

    def _tried(self, drafts: Sequence[Draft], remote: RefRemote | None, added: set[str]) -> str | None:
        """Add them once; the newest entry, or None where another was quicker. `added` gets the ids of what is new."""
        tip, pending, theirs, local = self._tip(remote)
        moved = [self._moved(one) for one in pending]
        wanted = _each_once(drafts)
        ids = known_ids(self.repository, tip, [it.entry.id for it in (*wanted, *(one for one, _ in moved))])
        kept = [(draft, key) for draft, key in moved if draft.entry.id not in ids]
        ids |= {draft.entry.id for draft, _ in kept}
        new = [draft for draft in wanted if draft.entry.id not in ids]
        head = tip
        for draft, key in (*kept, *((draft, self.key) for draft in new)):
            head = self._written(draft, head, key)
        added |= {draft.entry.id for draft in new}
        is_here = head == local or self.writer.move(REF, head, local)
        if is_here:
            self.remember(head, HERE)
        if not is_here or (remote is not None and head not in ("", theirs) and not remote.push(head, REF)):
            return None
        self.remember(head, *((remote.name,) if remote else ()))
        return head

    def remember(self, head: str, *names: str) -> None:
        """Let this clone know again that it saw this head; a repository that cannot be written stays as it is."""
        for name in names:
            ref = SEEN + memory_name(name)
            before = self.writer.at(ref)
            if head and before != head:
                with suppress(GitFailedError):
                    self.writer.move(ref, head, before)

    def remembered(self, name: str) -> str:
        """The newest entry that this clone saw here or at a remote; empty where it saw none."""
        return self.writer.at(SEEN + memory_name(name))

    def check_remembered(self, name: str, head: str, seen: str) -> None:
        """UndecidedError where an entry that was seen before is not in the log that ends in `head`."""
        lost = first_lost(self.repository, seen, head) if seen else None
        if lost is not None:
            raise UndecidedError(rewritten(name, lost), hint=how_to_accept(name))

    def _tip(self, remote: RefRemote | None) -> tuple[str, list[LoggedEntry], str, str]:
        """What to add to, the entries of this clone that are to be put after it, and both ends as they stand."""
        seen = self.remembered(HERE)  # before the ref itself: another writer moves them the other way round
        local = self.writer.at(REF)
        self.check_remembered(HERE, local, seen)
        if local and not self.repository.holds_commit(local):
            raise UndecidedError(f"the newest entry {local[:12]} of the log is not in this clone", hint="run git fsck")
        if remote is None:
            return local, [], "", local
        seen = self.remembered(remote.name)
        theirs = remote.head(REF)
        if theirs and not self.repository.holds_commit(theirs):
            remote.fetch(REF)
        self.check_remembered(remote.name, theirs, seen)
        pending = list(self._beyond(theirs, local)) if local else []
        is_behind = bool(pending) and (not theirs or self.repository.merge_base_is(theirs, local))
        return (local if is_behind or not theirs else theirs), ([] if is_behind else pending), theirs, local

    def _beyond(self, theirs: str, local: str) -> Iterator[LoggedEntry]:
        """The entries of this clone that the remote's log lacks, from the oldest."""
        if not theirs:
            commits = [local, *self.repository.first_parent_line(local, 10_000_000)]
        else:
            commits = self.repository.ids_beyond(theirs, local)
        for commit in reversed(commits):
            yield read_entry(self.repository, commit)

    def _moved(self, one: LoggedEntry) -> tuple[Draft, SigningKey | None]:
        """An entry to be put elsewhere, and the key to sign it with again."""
        if one.entry is None or one.faults:
            why = "; ".join(one.faults)
            raise UndecidedError(f"entry {one.commit[:12]} of this clone's log is broken: {why}", hint="audit verify")
        if one.signature is None:
            return draft_of(one.statement, one.entry), None
        try:
            by = parse(one.signature).key
        except MalformedSignatureError as error:
            raise UndecidedError(f"the signature of entry {one.commit[:12]} is malformed: {error}") from error
        if self.key is None or self.key.blob != by:
            raise UsageError(
                f"entry {one.commit[:12]} of this clone is signed, and others wrote to the log meanwhile: it must be "
                "signed again at its new place",
                hint=f"give the key {fingerprint(by)} with --key",
            )
        return draft_of(one.statement, one.entry), self.key

    def _written(self, draft: Draft, after: str, key: SigningKey | None) -> str:
        """Store an entry after another; its commit. No ref is moved."""
        before = read_entry(self.repository, after) if after else None
        if before is not None and before.entry is None:
            why = "; ".join(before.faults)
            raise UndecidedError(f"the newest entry {after[:12]} of the log is broken: {why}", hint="audit verify")
        previous = Previous(after, digest_of_statement(before.statement)) if before else None
        sequence = before.entry.sequence + 1 if before and before.entry else 0
        entry, statement = placed(draft, sequence, previous)
        files = {STATEMENT_FILE: self.writer.blob(statement)}
        if key is not None:
            files[SIGNATURE_FILE] = self.writer.blob(sign(key, statement, AUDIT_NAMESPACE).encode("ascii"))
        moment = datetime.fromisoformat(entry.recorded)
        return self.writer.commit(self.writer.folder(files), after, message_of(entry), moment)

    def _told(self, head: str, drafts: Sequence[Draft], added: set[str]) -> Appended:
        wanted = {draft.entry.id for draft in drafts} & added
        found: list[LoggedEntry] = []
        commit = head
        while commit and wanted:
            one = read_entry(self.repository, commit)
            if one.entry is not None and one.entry.id in wanted:
                wanted.discard(one.entry.id)
                found.append(one)
            commit = one.parents[0] if one.parents else ""
        return Appended(head, tuple(reversed(found)), len({draft.entry.id for draft in drafts}) - len(found))


def memory_name(name: str) -> str:
    """A remote's name or address as the last part of a ref."""
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "-" for letter in name)
    return plain.strip("-") or "remote"


def rewritten(name: str, lost: LoggedEntry) -> str:
    """The sentence for a log that does not hold what this clone saw in it."""
    where = "here" if name == HERE else f"at {name}"
    which = f"entry {lost.entry.sequence} ({lost.commit[:12]}), {lost.entry.kind}," if lost.entry else lost.commit[:12]
    return f"the log {where} was rewritten, truncated or replaced: {which} was in it when this clone last looked"


def how_to_accept(name: str) -> str:
    """What to do about a log that was rewritten."""
    return (
        "find out who did it, and push the old entries back: the clone still holds them. To accept the log as it is: "
        f"git update-ref -d {SEEN}{memory_name(name)}"
    )


def _each_once(drafts: Sequence[Draft]) -> list[Draft]:
    return list({draft.entry.id: draft for draft in drafts}.values())


def _pause(attempt: int, took: float) -> float:
    """Seconds to wait after an attempt that took so long: more after each, and not the same for any two writers.

    Where attempts take long, many are at it: the wait grows with them, so that fewer are and one gets through.
    """
    return _DICE.uniform(0, min(_LONGEST_WAIT, max(_FIRST_WAIT, took) * 2 ** min(attempt, 8)))

"""Adding to the log: entries that are put after the newest one, wherever that is by then, and never lost.

A writer stores its entry first and moves the ref only from where it saw it. Where another was quicker, the entry is
put after that one's (its statement names another previous entry, and is signed anew) and the step is tried again. A
log at a remote is only ever moved on by a plain push, and the one here follows it: a push that others were quicker
than leaves nothing behind. Where the remote cannot be had, the entry is added here alone, for the next run to push.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from random import SystemRandom

from msgspec import Struct

from policy_gate.audit.log import first_lost, known_ids, read_entry
from policy_gate.audit.signers import EntrySigner, must_sign_again
from policy_gate.audit.statements import (
    MOST_BYTES,
    STATEMENT_FILE,
    Draft,
    digest_of_statement,
    draft_of,
    message_of,
    placed,
    read_statement,
)
from policy_gate.errors import UndecidedError
from policy_gate.schema.audit_entry import REF, LoggedEntry, Previous
from policy_gate.vcs.process import GitFailedError
from policy_gate.vcs.ref_remote import RefRemote, RemoteBusyError, RemoteError
from policy_gate.vcs.ref_writer import RefWriter
from policy_gate.vcs.repository import Repository

SEEN = "refs/policy-gate/audit-seen/"
"""Where this clone remembers the newest entry that it saw: `here`, and one for each remote."""
HERE = "here"
ATTEMPTS = 100
SECONDS, SECONDS_HERE = 1200.0, 300.0
"""How often, and for how long at a remote and here, a writer that others are quicker than tries again."""
BUSY = 6
"""How often a remote may fail to answer before that is the answer."""
_FIRST_WAIT, _LONGEST_WAIT = 0.05, 90.0
_DICE = SystemRandom()
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")
_LOCKED = (
    "run it again; nothing was lost. Where nobody else writes, a git that was killed may have left a file that ends in "
    ".lock under refs/policy-gate: remove it"
)


class Appended(Struct, frozen=True):
    """What was added, as commit ids from the oldest, and how many entries were there already."""

    head: str
    added: tuple[LoggedEntry, ...]
    known: int


class _Placing(Struct, frozen=True):
    """A draft on its way into the log: what signs it, and the entry that it was before, at another place."""

    draft: Draft
    signer: EntrySigner | None = None
    before: LoggedEntry | None = None


class LogWriter(Struct, frozen=True):
    """A repository that the log is written in; `signer` signs what this run adds."""

    repository: Repository
    writer: RefWriter
    signer: EntrySigner | None = None

    def append(
        self,
        drafts: Sequence[Draft],
        remote: RefRemote | None = None,
        *,
        is_kept: bool = True,
        wait: Callable[[float], None] = time.sleep,
    ) -> Appended:
        """Add these entries, those left out that the log holds already, here and at the remote.

        UndecidedError where the log that was seen before is not in it any more, or it cannot be written. Where the
        remote cannot be had, they are added here, unless this clone is not `is_kept`, and the error says so.
        """
        try:
            return self._appended(drafts, remote, wait)
        except RemoteError as error:
            if not is_kept:
                raise
            here = self._appended(drafts, None, wait)
            what = "1 entry is" if len(here.added) == 1 else f"{len(here.added)} entries are"
            raise UndecidedError(
                f"{error.message}; {what} added in this clone, and not pushed",
                hint=f"run it again with --remote, which pushes what is here; {error.hint}",
            ) from error

    def _appended(self, drafts: Sequence[Draft], remote: RefRemote | None, wait: Callable[[float], None]) -> Appended:
        added: set[str] = set()
        busy = 0
        first = time.monotonic()
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
            now = time.monotonic()
            pause = _pause(attempt, now - begun)
            if now + pause - first > (SECONDS_HERE if remote is None else SECONDS):
                break
            wait(pause)
        often = f"others wrote to the log each of {attempt + 1} times"
        if remote is not None:
            raise RemoteError(f"the entry is not recorded at {remote.name}: {often}", hint="nothing was lost")
        raise UndecidedError(f"the entry is not recorded here: {often}", hint=_LOCKED)

    def _tried(self, drafts: Sequence[Draft], remote: RefRemote | None, added: set[str]) -> str | None:
        """Add them once; the newest entry, or None where another was quicker. `added` gets the ids of what is new."""
        tip, pending, theirs, local = self._tip(remote)
        moved = [self._moved(one) for one in pending]
        wanted = _each_once(drafts)
        ids = known_ids(self.repository, tip, [it.entry.id for it in (*wanted, *(one.draft for one in moved))])
        kept = [one for one in moved if one.draft.entry.id not in ids]
        ids |= {one.draft.entry.id for one in kept}
        new = [draft for draft in wanted if draft.entry.id not in ids]
        head = tip
        for one in (*kept, *(_Placing(draft, self.signer) for draft in new)):
            head = self._written(one, head)
        if remote is not None and head not in ("", theirs) and not remote.push(head, REF):
            return None
        added |= {draft.entry.id for draft in new}
        names = (HERE, *((remote.name,) if remote else ()))
        if head == local:
            for name in names:
                self.remember(head, name, self.remembered(name))
            return head
        # Seen and moved in one step: whoever is killed in between has done both or neither.
        return head if self.writer.move(REF, head, local, {memory_ref(name): head for name in names}) else None

    def remember(self, head: str, name: str, before: str) -> None:
        """Let this clone know again that it saw this head, unless another saw more since `before` was remembered.

        A repository that cannot be written stays as it is.
        """
        if head and before != head:
            with suppress(GitFailedError):
                self.writer.move(memory_ref(name), head, before)

    def remembered(self, name: str) -> str:
        """The newest entry that this clone saw here or at a remote; empty where it saw none."""
        return self.writer.at(memory_ref(name))

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
            raise no_entry_at(self.repository, local)
        if remote is None:
            return local, [], "", local
        seen = self.remembered(remote.name)
        theirs = remote.head(REF)
        if theirs and not self.repository.holds_commit(theirs):
            remote.fetch(REF)
        if theirs and not self.repository.holds_commit(theirs):
            raise no_entry_at(self.repository, theirs)
        self.check_remembered(remote.name, theirs, seen)
        if local and (not theirs or self.repository.merge_base_is(theirs, local)):
            return local, [], theirs, local
        return theirs, list(self._beyond(theirs, local)) if local else [], theirs, local

    def _beyond(self, theirs: str, local: str) -> Iterator[LoggedEntry]:
        """The entries of this clone that the remote's log lacks, from the oldest."""
        for commit in reversed(self.repository.ids_beyond(theirs, local)):
            yield read_entry(self.repository, commit)

    def _moved(self, one: LoggedEntry) -> _Placing:
        """An entry to be put elsewhere, and what signs it again."""
        if one.entry is None or one.faults:
            why = "; ".join(one.faults)
            raise UndecidedError(f"entry {one.commit[:12]} of this clone's log is broken: {why}", hint="audit verify")
        draft = draft_of(one.statement, one.entry)
        if one.signature is None:
            return _Placing(draft)
        if self.signer is None:
            raise must_sign_again(one)
        self.signer.check_again(one)
        return _Placing(draft, self.signer, one)

    def _written(self, placing: _Placing, after: str) -> str:
        """Store an entry after another; its commit. No ref is moved."""
        before = read_entry(self.repository, after) if after else None
        if before is not None and before.entry is None:
            why = "; ".join(before.faults)
            raise UndecidedError(f"the newest entry {after[:12]} of the log is broken: {why}", hint="audit verify")
        previous = Previous(after, digest_of_statement(before.statement)) if before else None
        sequence = before.entry.sequence + 1 if before and before.entry else 0
        entry, statement = placed(placing.draft, sequence, previous)
        if len(statement) > MOST_BYTES:
            raise UndecidedError(
                f"the entry for {entry.kind} would take {len(statement)} bytes, more than {MOST_BYTES}"
            )
        if faults := read_statement(statement)[1]:  # what the log holds is for ever
            raise UndecidedError(f"the entry for {entry.kind} is not recorded: {'; '.join(faults)}")
        files = {STATEMENT_FILE: self.writer.blob(statement)}
        moment = datetime.fromisoformat(entry.recorded)
        if placing.signer is not None:
            signature = placing.signer.sign(statement, moment, placing.before)
            files[placing.signer.file] = self.writer.blob(signature)
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


def memory_ref(name: str) -> str:
    """The ref that remembers what was seen here or at a remote, by its name or address; no two share one."""
    plain = "".join(letter if letter in _PLAIN else "-" for letter in name).strip("-")
    return SEEN + (plain if plain == name else f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:12]}".strip("-"))


def no_entry_at(repository: Repository, head: str) -> UndecidedError:
    """What to say of a log whose ref stands at what is no commit of this clone."""
    kind = repository.kind(head)
    if kind:
        return UndecidedError(f"the log ends in {head[:12]}, a {kind} and no entry", hint=f"git show {REF}")
    return UndecidedError(f"the newest entry {head[:12]} of the log is not in this clone", hint="run git fsck")


def rewritten(name: str, lost: LoggedEntry) -> str:
    """The sentence for a log that does not hold what this clone saw in it."""
    where = "here" if name == HERE else f"at {name}"
    which = f"entry {lost.entry.sequence} ({lost.commit[:12]}), {lost.entry.kind}," if lost.entry else lost.commit[:12]
    return f"the log {where} was rewritten, truncated or replaced: {which} was in it when this clone last looked"


def how_to_accept(name: str) -> str:
    """What to do about a log that was rewritten."""
    return (
        "find out who did it, and push the old entries back: the clone still holds them. To accept the log as it is: "
        f"git update-ref -d {memory_ref(name)}"
    )


def _each_once(drafts: Sequence[Draft]) -> list[Draft]:
    return list({draft.entry.id: draft for draft in drafts}.values())


def _pause(attempt: int, took: float) -> float:
    """Seconds to wait after an attempt that took so long: more after each, and not the same for any two writers.

    Where attempts take long, many are at it: the wait grows with them, so that fewer are and one gets through.
    """
    return _DICE.uniform(0, min(_LONGEST_WAIT, max(_FIRST_WAIT, took) * 2 ** min(attempt, 8)))

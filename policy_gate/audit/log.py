"""The log of one repository, read from its newest entry to its oldest, many objects at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from policy_gate.audit.statements import (
    BUNDLE_FILE,
    MOST_BYTES,
    SIGNATURE_FILE,
    STATEMENT_FILE,
    message_of,
    read_statement,
)
from policy_gate.errors import DocumentError, UndecidedError
from policy_gate.schema.audit_entry import LoggedEntry, SignatureKind
from policy_gate.signing import sigstore_bundle, sshsig
from policy_gate.vcs.objects import Links, links_of
from policy_gate.vcs.repository import Repository
from policy_gate.vcs.tree import is_object_id
from policy_gate.vcs.trees import Row

_AT_ONCE = 500
"""entries whose objects are asked for together"""
_MOST_OF_COMMIT, _MOST_OF_FOLDER = 1024 * 1024, 4096
_LONGEST = 10_000_000
_PLAIN_FILE = b"100644"
_SIGNATURES: dict[str, SignatureKind] = {SIGNATURE_FILE: "ssh", BUNDLE_FILE: "sigstore"}
_MOST = {STATEMENT_FILE: MOST_BYTES, SIGNATURE_FILE: sshsig.MAX_BYTES, BUNDLE_FILE: sigstore_bundle.MAX_BYTES}


class ReadLog(Struct, frozen=True):
    """The entries from the newest; `cut_off` is the commit that should follow and is not here, or empty."""

    head: str
    entries: tuple[LoggedEntry, ...]
    cut_off: str = ""
    is_shallow: bool = False


def read_log(repository: Repository, head: str, limit: int | None = None) -> ReadLog:
    """The log that ends in `head`, at most `limit` entries of it; an entry that cannot be read has faults."""
    entries: list[LoggedEntry] = []
    commit = head
    for commits in _in_pieces(_line(repository, head, limit or _LONGEST)):
        _expect(repository, commits)
        for expected in commits:
            if limit is not None and len(entries) >= limit:
                return ReadLog(head, tuple(entries))
            if expected != commit:
                break
            if not repository.holds_commit(commit) or len(entries) >= _LONGEST:
                return ReadLog(head, tuple(entries), commit, bool(repository.shallow))
            found = read_entry(repository, commit)
            entries.append(found)
            if not found.parents:
                return ReadLog(head, tuple(entries))
            commit = found.parents[0]
        repository.trim()
    return ReadLog(head, tuple(entries), commit, bool(repository.shallow))


def read_entry(repository: Repository, commit: str) -> LoggedEntry:
    """The entry that a commit of this clone holds."""
    try:
        raw = _commit(repository, commit)
    except UndecidedError:
        return LoggedEntry(commit, None, b"", faults=("its commit is damaged",))
    except DocumentError as error:
        return LoggedEntry(commit, None, b"", faults=(error.message,))
    links = links_of(raw)
    try:
        statement, signature, kind = _files(repository, links)
    except (UndecidedError, DocumentError) as error:
        return LoggedEntry(commit, None, b"", faults=(error.message,), parents=links.parents)
    entry, faults = read_statement(statement)
    if len(links.parents) > 1:
        faults = (*faults, f"it follows {len(links.parents)} entries")
    if entry is not None and _message(raw) != message_of(entry).rstrip("\n"):
        faults = (*faults, "its commit says something else than its statement")
    return LoggedEntry(commit, entry, statement, signature, kind, faults, links.parents)


def known_ids(repository: Repository, head: str, ids: Sequence[str]) -> set[str]:
    """Of these ids, those of sound entries up to `head`: what a commit only says is not believed."""
    if not head or not ids:
        return set()
    commits = repository.commits_saying(head, [f"Entry: {one}" for one in ids])
    found = (read_entry(repository, commit) for commit in commits)
    return {one.entry.id for one in found if one.entry is not None and not one.faults}


def first_lost(repository: Repository, remembered: str, head: str) -> LoggedEntry | None:
    """The oldest entry that was remembered and is not in the log that ends in `head`; None where none is lost.

    One that was only put after another (see `append`) is not lost: the same thing, recorded at the same time,
    signed in the way it was signed.
    """
    if head and repository.holds_commit(head) and _is_ancestor(repository, remembered, head):
        return None
    now = {_mark(one) for one in read_log(repository, head).entries if one.entry} if head else set()
    before = read_log(repository, remembered)
    for one in reversed(before.entries):
        if one.entry is None or _mark(one) not in now:
            return one
    return None if before.entries else LoggedEntry(remembered, None, b"", faults=("it is not in this clone",))


def _mark(one: LoggedEntry) -> tuple[str, str, str]:
    said = (one.entry.id, one.entry.recorded) if one.entry is not None else ("", "")
    return *said, one.signature_kind if one.signature is not None else ""


def _is_ancestor(repository: Repository, one: str, other: str) -> bool:
    if not repository.holds_commit(one):
        return False
    try:
        return repository.merge_base_is(one, other)
    except UndecidedError:
        return False


def _line(repository: Repository, head: str, limit: int) -> Iterator[str]:
    """What git thinks the line of first parents is; each step is checked against the commits by who reads them."""
    yield head
    yield from repository.first_parent_line(head, limit) if repository.holds_commit(head) else ()


def _in_pieces(line: Iterator[str]) -> Iterator[list[str]]:
    piece: list[str] = []
    for commit in line:
        piece.append(commit)
        if len(piece) == _AT_ONCE:
            yield piece
            piece = []
    if piece:
        yield piece


def _expect(repository: Repository, commits: list[str]) -> None:
    """Have the commits, then their trees, then the files: three questions in place of three for each entry."""
    repository.expect(commits)
    trees = []
    for commit in commits:
        try:
            trees.append(links_of(_commit(repository, commit)).tree)
        except (UndecidedError, DocumentError):
            continue
    repository.expect(trees)
    files = []
    for tree in trees:
        try:
            files += [row[1].hex() for row in _rows(repository, tree).values()]
        except (UndecidedError, DocumentError):
            continue
    repository.expect(files)


def _files(repository: Repository, links: Links) -> tuple[bytes, bytes | None, SignatureKind]:
    rows = _rows(repository, links.tree)
    if set(rows) - set(_MOST) or STATEMENT_FILE not in rows:
        raise DocumentError("it is no entry: its commit does not hold a statement and a signature alone")
    if any(mode != _PLAIN_FILE for mode, _ in rows.values()):
        raise DocumentError("it is no entry: its statement or signature is no plain file")
    files = {name: oid.hex() for name, (_, oid) in rows.items()}
    if any(repository.size(oid) > _MOST[name] for name, oid in files.items()):
        raise DocumentError("its statement or signature is too large to be one")
    signed = [name for name in _SIGNATURES if name in files]
    if len(signed) > 1:
        raise DocumentError("it is no entry: it is signed in two ways, and one is all that an entry has")
    statement = repository.blob(files[STATEMENT_FILE])
    if not signed:
        return statement, None, "ssh"
    return statement, repository.blob(files[signed[0]]), _SIGNATURES[signed[0]]


def _commit(repository: Repository, commit: str) -> bytes:
    """The bytes of a commit; one that is too large to be an entry's is not read."""
    if repository.size(commit) > _MOST_OF_COMMIT:
        raise DocumentError("it is no entry: its commit is too large to be one")
    return repository.raw_commit(commit)


def _rows(repository: Repository, tree: str) -> Mapping[str, Row]:
    if not is_object_id(tree) or repository.size(tree) > _MOST_OF_FOLDER:
        raise DocumentError("it is no entry: its commit does not hold a statement and a signature alone")
    return repository.tree(tree).rows("")


def _message(raw: bytes) -> str:
    return raw.partition(b"\n\n")[2].decode("utf-8", "replace").rstrip("\n")

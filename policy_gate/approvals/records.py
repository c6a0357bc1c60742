"""Approval records of a tree: finding them, what each one says, and which are spent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from policy_gate.collect.layout import APPROVALS, is_yaml
from policy_gate.documents.cache import DocumentCache
from policy_gate.errors import BaseError, DocumentError
from policy_gate.schema.canonical import digest_of
from policy_gate.schema.documents import ApprovalRecord
from policy_gate.schema.people import Author, Claim, Commit
from policy_gate.schema.source import Document
from policy_gate.vcs.tree import Tree, TreeEntry

SIGNATURE = ".sig"


class Record(NamedTuple):
    """One readable record of the result, and the detached signature beside it."""

    entry: TreeEntry
    document: Document[ApprovalRecord]
    signature: TreeEntry | None
    is_spent: bool
    doubt: str | None = None
    """why it cannot be told whether base held it once"""

    @property
    def is_signed(self) -> bool:
        """Must it be verified? A spent record is not, whatever lies beside it."""
        return self.signature is not None and not self.is_spent


def find(base: Tree, result: Tree, earlier: Iterable[Tree], cache: DocumentCache) -> tuple[Record, ...]:
    """The readable records of the result, in path order; a malformed one is a problem of the snapshot.

    `earlier` is what base was before, newest first; it may end in a BaseError.
    """
    entries = tuple(_records(result))
    held, doubt = _held(entries, base, earlier)
    found = []
    for entry in entries:
        try:
            document = cache.document(ApprovalRecord, result, entry)
        except DocumentError:
            continue
        is_spent = entry.oid in held
        signature = result.entry(entry.path + SIGNATURE)
        found.append(Record(entry, document, signature, is_spent, None if is_spent else doubt))
    return tuple(found)


def claim_of(record: Record, commits: Sequence[Commit]) -> Claim:
    """What a record says, as something that anybody could have typed: nothing here is verified."""
    said = record.document.content
    touching = [commit for commit in commits if record.entry.path in commit.paths]
    return Claim(
        source="records",
        proof=None,
        approver=Author(said.approver.name, said.approver.email),
        role=said.role,
        for_=said.for_,
        system=said.system,
        digest=said.subject_digest,
        approved_on=said.approved_on,
        expires=said.expires,
        target_branch=said.target_branch,
        spent=record.is_spent,
        added_by=_added_by(touching),
        touched_by=tuple(dict.fromkeys(author for commit in touching for author in commit.authors)),
        path=record.entry.path,
        problem=_contradiction(said),
        unchecked=record.doubt,
        parts=tuple(sorted(said.content.items())),
    )


def _contradiction(said: ApprovalRecord) -> str | None:
    if said.content and digest_of(dict(said.content)) != said.subject_digest:
        return "its `content` is not what its subject_digest is over"
    return None


def _held(records: Sequence[TreeEntry], base: Tree, earlier: Iterable[Tree]) -> tuple[set[str], str | None]:
    """The records that base holds, or held before somebody took them out: they are spent (D15).

    With them why there may be more, where that cannot be told.
    """
    held = {entry.oid for entry in _records(base)}
    folder = base.entry(APPROVALS)
    seen = {folder.oid if folder else None}
    if all(entry.oid in held for entry in records):
        return held, None
    try:
        for tree in earlier:
            folder = tree.entry(APPROVALS)
            if folder is not None and folder.oid not in seen:
                seen.add(folder.oid)
                held |= {entry.oid for entry in _records(tree)}
    except BaseError as error:
        return held, f"{error.message} ({error.hint})"
    return held, None


def _records(tree: Tree) -> Iterator[TreeEntry]:
    return (entry for entry in tree.walk(APPROVALS) if is_yaml(entry.path))


def _added_by(commits: Sequence[Commit]) -> tuple[Author, ...]:
    """Whose address every commit that touches the record carries: what others edit is no longer said by them.

    A co-author is a name that somebody else typed into a message.
    """
    authorship = [[author for author in commit.authors if author not in commit.co_authors] for commit in commits]
    addresses = [{author.email.casefold() for author in authors} for authors in authorship]
    everywhere = set.intersection(*addresses) if addresses else set()
    found = (author for authors in authorship for author in authors if author.email.casefold() in everywhere)
    return tuple(dict.fromkeys(found))

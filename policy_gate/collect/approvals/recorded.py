"""Approval records in the repository: `governance/approvals/*.yaml` of the result.

Anybody can type a name, so a claim from here is only `recorded`; whether that counts, and whether the
commit that adds it carries the approver's own address (D14), is judged in `govern`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_gate.collect.approvals.question import Heard, Question
from policy_gate.collect.layout import APPROVALS, YAML_ENDINGS
from policy_gate.errors import DocumentError
from policy_gate.schema.documents import ApprovalRecord
from policy_gate.schema.people import Author, Claim, Commit
from policy_gate.schema.source import Document
from policy_gate.schema.tree import Entry, Tree


def hear(question: Question) -> Heard:
    """The claim of each readable record, in path order; a malformed record is a problem of the snapshot."""
    return Heard("records", tuple(_claims(question)))


def _claims(question: Question) -> Iterator[Claim]:
    records = tuple(_records(question.result))
    held = _held(records, question)
    for entry in records:
        try:
            record = question.library.document(ApprovalRecord, question.result, entry)
        except DocumentError:
            continue
        yield _claim(record, entry, entry.oid in held, question)


def _held(records: Sequence[Entry], question: Question) -> set[str]:
    """The records that base holds, or held before somebody took them out: they are spent (D15)."""
    held = {entry.oid for entry in _records(question.base)}
    folder = question.base.entry(APPROVALS)
    seen = {folder.oid if folder else None}
    if all(entry.oid in held for entry in records):
        return held
    for tree in question.earlier:
        folder = tree.entry(APPROVALS)
        if folder is not None and folder.oid not in seen:
            seen.add(folder.oid)
            held |= {entry.oid for entry in _records(tree)}
    return held


def _records(tree: Tree) -> Iterator[Entry]:
    return (entry for entry in tree.walk(APPROVALS) if entry.path.endswith(YAML_ENDINGS))


def _claim(record: Document[ApprovalRecord], entry: Entry, is_spent: bool, question: Question) -> Claim:
    said = record.content
    commits = [commit for commit in question.commits if entry.path in commit.paths]
    return Claim(
        source="records",
        assurance="recorded",
        approver=Author(said.approver.name, said.approver.email),
        role=said.role,
        for_=said.for_,
        system=said.system,
        digest=said.subject_digest,
        approved_on=said.approved_on,
        expires=said.expires,
        target_branch=said.target_branch,
        spent=is_spent,
        added_by=_added_by(commits),
        touched_by=tuple(dict.fromkeys(author for commit in commits for author in commit.authors)),
        path=entry.path,
        parts=tuple(sorted(said.content.items())),
    )


def _added_by(commits: Sequence[Commit]) -> tuple[Author, ...]:
    """Whose address every commit that touches the record carries: what others edit is no longer said by them.

    A co-author is a name that somebody else typed into a message.
    """
    makers = [[author for author in commit.authors if author not in commit.co_authors] for commit in commits]
    addresses = [{author.email.casefold() for author in authors} for authors in makers]
    everywhere = set.intersection(*addresses) if addresses else set()
    found = (author for authors in makers for author in authors if author.email.casefold() in everywhere)
    return tuple(dict.fromkeys(found))

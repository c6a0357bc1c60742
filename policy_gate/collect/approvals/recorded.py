"""Approval records in the repository: `governance/approvals/*.yaml` of the result.

Anybody can type a name, so a claim from here is only `recorded`; whether that counts, and whether the
commit that adds it carries the approver's own address (D14), is judged in `govern`.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_gate.collect.approvals.question import Question
from policy_gate.collect.layout import APPROVALS, YAML_ENDINGS
from policy_gate.errors import DocumentError
from policy_gate.schema.documents import ApprovalRecord
from policy_gate.schema.people import Author, Claim
from policy_gate.schema.source import Document
from policy_gate.schema.tree import Entry, Tree


def claims(question: Question) -> tuple[Claim, ...]:
    """The claim of each readable record, in path order; a malformed record is a problem of the snapshot."""
    held = {entry.oid for entry in _records(question.base)}
    found = []
    for entry in _records(question.result):
        try:
            record = question.library.document(ApprovalRecord, question.result, entry)
        except DocumentError:
            continue
        found.append(_claim(record, entry, entry.oid in held, question))
    return tuple(found)


def _records(tree: Tree) -> Iterator[Entry]:
    return (entry for entry in tree.walk(APPROVALS) if entry.path.endswith(YAML_ENDINGS))


def _claim(record: Document[ApprovalRecord], entry: Entry, is_spent: bool, question: Question) -> Claim:
    said = record.content
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
        added_by=_added_by(entry.path, question),
        path=entry.path,
    )


def _added_by(path: str, question: Question) -> tuple[Author, ...]:
    """The authors of the commits of this change that touch the record, each once."""
    authors = (author for commit in question.commits if path in commit.paths for author in commit.authors)
    return tuple(dict.fromkeys(authors))

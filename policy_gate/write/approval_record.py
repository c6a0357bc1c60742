"""An approval record: somebody says yes to exact content, in a role."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from policy_gate.documents.writer import NewFile, yaml_text
from policy_gate.schema.dates import Period
from policy_gate.schema.documents import Approver

FOLDER = "governance/approvals"


def record(
    *,
    system: str | None,
    for_: str,
    role: str,
    approver: Approver,
    subject_digest: str,
    target_branch: str,
    today: date,
    valid_for: Period,
    content: Mapping[str, str],
    statement: str = "",
) -> str:
    """The record as YAML; valid from `today` for the period that the policies allow (D15).

    The same content can be approved again on the same day, so each record is told from all others.
    `content` are the named parts that the digest is over: what was seen, for comparing later.
    """
    what = f"{for_} of {system}" if system else for_
    said = {
        "schema": "policy-gate/approval/v1",
        "system": system,
        "for": for_,
        "role": role,
        "approver": {"name": approver.name, "email": approver.email},
        "approved_on": today,
        "expires": valid_for.after(today),
        "subject_digest": subject_digest,
        "target_branch": target_branch,
        "statement": statement or f"I have read what this digest covers and approve {what} as {role}.",
        # A letter in front, as 1234e567 would be a number to whatever writes the record anew.
        "id": f"r{secrets.token_hex(8)}",
        "content": dict(content),
    }
    return yaml_text({key: value for key, value in said.items() if value is not None})


def with_signature(file: NewFile, armoured: str) -> tuple[NewFile, NewFile]:
    """The record and the signature over its bytes, which stands beside it."""
    return file, NewFile(f"{file.path}.sig", armoured)


def new_record(root: Path, text: str, *, system: str | None, for_: str, role: str, today: date) -> NewFile:
    """The record as a file of its own; a second one of the same day gets a number."""
    stem = "-".join(part for part in (today.isoformat(), for_, system, role) if part)
    taken = {path.name for path in (root / FOLDER).glob(f"{stem}*.yaml")}
    names = [f"{stem}.yaml", *(f"{stem}-{number}.yaml" for number in range(2, len(taken) + 3))]
    return NewFile(f"{FOLDER}/{next(name for name in names if name not in taken)}", text)

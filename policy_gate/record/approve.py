"""An approval record: somebody says yes to exact content, in a role."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from policy_gate.record.write import NewFile, yaml_text
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
    statement: str = "",
) -> str:
    """The record as YAML; valid from `today` for the period that the law allows (D15)."""
    what = f"{for_} of {system}" if system else for_
    content = {
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
    }
    return yaml_text({key: value for key, value in content.items() if value is not None})


def new_record(root: Path, text: str, *, system: str | None, for_: str, role: str, today: date) -> NewFile:
    """The record as a file of its own; a second one of the same day gets a number."""
    stem = "-".join(part for part in (today.isoformat(), for_, system, role) if part)
    taken = {path.name for path in (root / FOLDER).glob(f"{stem}*.yaml")}
    names = [f"{stem}.yaml", *(f"{stem}-{number}.yaml" for number in range(2, len(taken) + 3))]
    return NewFile(f"{FOLDER}/{next(name for name in names if name not in taken)}", text)

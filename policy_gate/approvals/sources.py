"""Where approvals come from: one module or folder per source, each with `fetch(query) -> SourceAnswer`."""

from __future__ import annotations

from collections.abc import Callable

from policy_gate.approvals import signed_records, unsigned_records
from policy_gate.approvals.github import source as github
from policy_gate.approvals.gitlab import source as gitlab
from policy_gate.approvals.source import ApprovalQuery, SourceAnswer

SOURCES: tuple[Callable[[ApprovalQuery], SourceAnswer | None], ...] = (
    unsigned_records.fetch,
    signed_records.fetch,
    github.fetch,
    gitlab.fetch,
)
"""What asks each source; None where the source does not exist here, such as a forge outside its jobs."""

"""Where approvals come from: one file per source, all with the same shape."""

from __future__ import annotations

from collections.abc import Callable

from policy_gate.collect.approvals import recorded
from policy_gate.collect.approvals.question import Question
from policy_gate.schema.people import Claim

SOURCES: dict[str, Callable[[Question], tuple[Claim, ...]]] = {"records": recorded.claims}
"""Name, as a report shows it, to what asks the source."""

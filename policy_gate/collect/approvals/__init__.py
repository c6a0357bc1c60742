"""Where approvals come from: one file per source, all with the same shape."""

from __future__ import annotations

from collections.abc import Callable

from policy_gate.collect.approvals import github, gitlab, recorded, signed
from policy_gate.collect.approvals.question import Heard, Question

SOURCES: tuple[Callable[[Question], Heard | None], ...] = (recorded.hear, signed.hear, github.hear, gitlab.hear)
"""What asks each source; None where the source does not exist here, such as a forge outside its jobs."""

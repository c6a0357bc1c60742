"""The report of a check that could not be made."""

from __future__ import annotations

from policy_gate.errors import UndecidedError
from policy_gate.schema.papers import Request
from policy_gate.schema.report import Ref, Report, Trust


def no_answer(request: Request, error: UndecidedError, version: str) -> Report:
    """The report of a check that could not be made: undecided, with what stood in its way."""
    trust = Trust(
        mode="all" if request.everything else "change",
        enforcing=True,
        base=Ref(request.base or "", None),
        head=Ref(request.head, None),
        result_tree="",
        result_from="worktree" if request.worktree else "head",
        policies_source="",
        policies_digest="",
        policies_trusted=False,
        notes=(error.message,),
    )
    day = request.as_of.date()
    return Report(version, "undecided", day, trust, (), (), error.problems, headline=error.message, hint=error.hint)

"""Since when a pull request is for the branch that it is for.

What a reviewer saw before that is what it would have brought to another branch, which may have held the change already.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from policy_gate.approvals.github.reviews import Review, approving
from policy_gate.forges import github_answers as answers
from policy_gate.forges.errors import ForgeError
from policy_gate.forges.github import GitHub

_RETARGETED = frozenset({"base_ref_changed", "automatic_base_change_succeeded"})
"""By hand, or by GitHub as the branch was deleted; its documentation has both among the events of issues alone."""
_A_LOOK = timedelta(seconds=1)


class Aim(Struct, frozen=True):
    """Since when a pull request is for its branch, None for ever; or why GitHub does not tell."""

    number: int
    since: datetime | None = None
    untold: str | None = None

    def against(self, review: Review) -> str | None:
        """Why a review is not for what would be merged: it was given while it was for another branch."""
        if self.since is None or review.at >= self.since + _A_LOOK:
            return None
        changed = self.since.isoformat().replace("+00:00", "Z")
        return f"given while pull request {self.number} was for another branch (changed {changed}): ask again"


def aim_of(github: GitHub, number: int, reviews: Sequence[Review], merged: datetime | None = None) -> Aim:
    """The aim of a pull request, or that which it was merged with; asked for only where somebody approves it."""
    if not approving(reviews):
        return Aim(number)
    what = f"whether pull request {number} was for another branch"
    try:
        events = github.all(answers.IssueEvent, f"{github.repository}/issues/{number}/events", "id", what)
    except ForgeError as error:
        return Aim(number, untold=error.sentence)
    changes = [event.created_at for event in events if event.event in _RETARGETED]
    return Aim(number, max((at for at in changes if merged is None or at <= merged), default=None))

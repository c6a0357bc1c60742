"""Since when a pull request is for the branch that it is for.

What a reviewer saw before that is what it would have brought to another branch, which may have held the change already.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from policy_gate.approvals.github.reviews import Review, approving
from policy_gate.forges import github_answers as answers
from policy_gate.forges.errors import AbsentError, ForgeError
from policy_gate.forges.github import GitHub

_RETARGETED = frozenset({"base_ref_changed", "automatic_base_change_succeeded"})
"""By hand, or by GitHub as the branch was deleted; its documentation has both among the events of issues alone."""
_QUERY = """
query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      timelineItems(last: 100, itemTypes: [BASE_REF_CHANGED_EVENT, AUTOMATIC_BASE_CHANGE_SUCCEEDED_EVENT]) {
        nodes { ... on BaseRefChangedEvent { createdAt } ... on AutomaticBaseChangeSucceededEvent { createdAt } }
      }
    }
  }
}
"""
_A_LOOK = timedelta(seconds=1)


class Aim(Struct, frozen=True):
    """Since when a pull request is for its branch, None for ever; or why GitHub does not tell.

    `note` is for a forge that has nothing of the kind, where reviews count as they stand.
    """

    number: int
    since: datetime | None = None
    untold: str | None = None
    note: str | None = None

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
        changes = _changes(github, number, what)
    except ForgeError as error:
        return Aim(number, untold=error.sentence)
    if changes is None:
        return Aim(number, note=f"{what} is not known: this forge keeps no events of it (404)")
    return Aim(number, max((at for at in changes if merged is None or at <= merged), default=None))


def _changes(github: GitHub, number: int, what: str) -> list[datetime] | None:
    """When it came to be for another branch; None where the forge has neither of the two places that would tell.

    GraphQL is asked where the API of issues does not tell: that one may be gone with the issues of a repository (410).
    Whoever may read reviews may read both, so that GitHub itself never says that both are not there.
    """
    try:
        return _listed(github, number, what)
    except ForgeError as error:
        untold = error
    try:
        return _queried(github, number, what)
    except ForgeError as error:
        if isinstance(untold, AbsentError) and isinstance(error, AbsentError):
            return None
        raise untold from None


def _listed(github: GitHub, number: int, what: str) -> list[datetime]:
    events = github.all(answers.IssueEvent, f"{github.repository}/issues/{number}/events", "id", what)
    return [event.created_at for event in events if event.event in _RETARGETED]


def _queried(github: GitHub, number: int, what: str) -> list[datetime]:
    owner, name = github.repository.split("/")[-2:]
    variables = {"owner": owner, "name": name, "number": number}
    told = github.query(answers.BaseChangesAnswer, _QUERY, variables, what)
    return [change.at for change in told.data.repository.pull.changes.nodes]

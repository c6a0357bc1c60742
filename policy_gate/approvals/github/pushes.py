"""Who pushed the commits of a pull request, from the activity of the branch it comes from.

The event of a job names a pusher only where the job was started by a push; whoever pushed and reviewed
later would be forgotten by the job that the review starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from policy_gate.approvals.github.reviews import Pull, account_of, instant_of
from policy_gate.approvals.pushers import Pushed, Pushers, pushers_of
from policy_gate.approvals.source import ApprovalQuery
from policy_gate.forges.errors import ForgeError
from policy_gate.forges.github_event import commit_at, text_at, value_at

if TYPE_CHECKING:
    from policy_gate.forges.github import Api

PUSHES = frozenset({"push", "force_push", "branch_creation"})


def pushed(api: Api, pull: Pull, query: ApprovalQuery) -> Pushed:
    """A hand for each account that pushed commits of a pull request to its branch.

    Every push since the pull request was opened is read, and as many before as it takes.
    """
    search = pushers_of(pull.head, query)
    what = f"who pushed to pull request {pull.number}"
    if not pull.source or not pull.branch:
        return Pushed(note=f"{what} is not known: the branch it comes from is gone")
    try:
        for item in api.newest(f"/repos/{pull.source}/activity", {"ref": f"refs/heads/{pull.branch}"}, what):
            _take(item, search)
            if not search.missing and instant_of(item, "timestamp", what) < pull.opened:
                break
    except ForgeError as error:
        if error.status not in (403, 404, 422):
            raise
        return Pushed(note=f"{what} is not known: the activity of {pull.source} may not be read ({error.status})")
    # Of a pull request whose commits this clone does not hold nothing is whole, and its reviews say so.
    is_lacking = bool(search.missing) and query.commits_to(pull.head) is not None
    note = f"{what} is not known for {search.missing} of its commits" if is_lacking else ""
    return Pushed(search.contributors(f"pushed to pull request {pull.number}"), not search.missing, note)


def _take(item: Mapping[str, Any], search: Pushers) -> None:
    actor, before = account_of(value_at(item, "actor")), commit_at(item, "before")
    if actor is not None and text_at(item, "activity_type") in PUSHES:
        search.take(actor, before if before.strip("0") else "", commit_at(item, "after"))

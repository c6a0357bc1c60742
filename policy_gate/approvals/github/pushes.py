"""Who pushed the commits of a pull request, from the activity of the branch it comes from.

The event of a job names a pusher only where the job was started by a push; whoever pushed and reviewed
later would be forgotten by the job that the review starts.
"""

from __future__ import annotations

from datetime import UTC, datetime

from policy_gate.approvals.github.accounts import account_of
from policy_gate.approvals.pushers import Pushed, Pushers, pushers_of
from policy_gate.approvals.source import ApprovalQuery
from policy_gate.forges import github_answers as answers
from policy_gate.forges.errors import AbsentError, ForbiddenError, ForgeError
from policy_gate.forges.github import GitHub
from policy_gate.vcs.tree import is_object_id

PUSHES = frozenset({"push", "force_push", "branch_creation"})
_EVER = datetime.min.replace(tzinfo=UTC)
_UNKNOWN_BRANCH = 422


def pushed(github: GitHub, pull: answers.PullRequest, query: ApprovalQuery) -> Pushed:
    """A hand for each account that pushed commits of a pull request to its branch.

    Every push since the pull request was opened is read, and as many before as it takes.
    """
    search = pushers_of(pull.head.sha, query)
    what = f"who pushed to pull request {pull.number}"
    if pull.head.repo is None or not pull.head.ref:
        return Pushed(note=f"{what} is not known: the branch it comes from is gone")
    source, opened = pull.head.repo.full_name, pull.created_at or _EVER
    branch = {"ref": f"refs/heads/{pull.head.ref}"}
    try:
        for item in github.newest(answers.Activity, f"/repos/{source}/activity", branch, what):
            _take(item, search)
            if not search.missing and item.timestamp < opened:
                break
    except ForgeError as error:
        if not isinstance(error, AbsentError | ForbiddenError) and error.status != _UNKNOWN_BRANCH:
            raise
        return Pushed(note=f"{what} is not known: the activity of {source} may not be read ({error.status})")
    # Of a pull request whose commits this clone does not hold nothing is whole, and its reviews say so.
    is_lacking = bool(search.missing) and query.commits_to(pull.head.sha) is not None
    note = f"{what} is not known for {search.missing} of its commits" if is_lacking else None
    return Pushed(search.contributors(f"pushed to pull request {pull.number}"), not search.missing, note)


def _take(item: answers.Activity, search: Pushers) -> None:
    if item.actor is None or item.activity_type not in PUSHES:
        return
    before, after = (oid if is_object_id(oid) else "" for oid in (item.before, item.after))
    search.take(account_of(item.actor), before if before.strip("0") else "", after)

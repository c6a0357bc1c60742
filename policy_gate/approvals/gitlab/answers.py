"""All that GitLab tells of one merge request: approvals, opener, pushers, accounts behind commits, members of groups.

What cannot be told of one part leaves the others standing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from policy_gate.approvals.gitlab.accounts import Accounts, accounts
from policy_gate.approvals.gitlab.merge_requests import MergeRequest, claims_of, merge_request
from policy_gate.approvals.gitlab.pushes import pushes
from policy_gate.approvals.gitlab.source import SOURCE
from policy_gate.approvals.gitlab.teams import membership
from policy_gate.approvals.pushers import Pushed
from policy_gate.approvals.source import ApprovalQuery, SourceAnswer
from policy_gate.approvals.team_members import Teams
from policy_gate.forges.errors import ForgeError
from policy_gate.forges.gitlab import GitlabApi, opened
from policy_gate.schema.people import Claim, ForgeContributor

_Told = TypeVar("_Told")


def told(address: str, token: str, project: str, number: str, query: ApprovalQuery) -> SourceAnswer:
    """Ask the GitLab at `address` about a project's merge request; ForgeError where it tells nothing."""
    with opened(address, token) as api:
        return _told_of(merge_request(api, project, number), api, query)


def _told_of(request: MergeRequest, api: GitlabApi, query: ApprovalQuery) -> SourceAnswer:
    other = _of_another(request, query)
    missing = [other] if other else []
    nobody: tuple[Claim, ...] = ()
    claims = _or(nobody, missing, lambda: claims_of(api, request, query.as_of))
    pushed = _or(Pushed(), missing, lambda: pushes(api, request, query))
    known = _or(Accounts(), missing, lambda: accounts(api, request, query))
    claims = tuple(replace(claim, unchecked=other) for claim in claims) if other else claims
    approvers = [claim.approver for claim in claims if not claim.bot and not claim.problem]
    teams = _or(Teams(), missing, lambda: membership(api, query.roles, approvers))
    is_train = query.environment.get("CI_MERGE_REQUEST_EVENT_TYPE") == "merge_train"
    # In a train the result holds other merge requests too, which this one's opener did not open.
    own = query.commits_to(request.head) if is_train else None
    train = f"of the merge requests in this merge train, only the approvals of !{request.number} were looked up"
    return SourceAnswer(
        SOURCE,
        claims=claims,
        contributors=(ForgeContributor(request.opener.author, f"opened {request.name}", own), *pushed.contributors),
        missing=(*missing, *teams.missing),
        notes=tuple(note for note in (pushed.note, known.note, train if is_train else "") if note),
        accounts=known.known,
        members=teams.members,
        tells_hands=pushed.is_whole and not is_train,
    )


def _of_another(request: MergeRequest, query: ApprovalQuery) -> str:
    """A sentence where what is judged is not what the merge request is about: its number is only a variable."""
    weighed = {query.head, *(commit.oid for commit in query.commits)}
    if query.head is None or request.head in weighed:
        return ""
    return (
        f"{request.name} is about commit {request.head[:12]}, which is not in what is judged here: "
        "run the newest pipeline of the merge request"
    )


def _or(otherwise: _Told, missing: list[str], ask: Callable[[], _Told]) -> _Told:
    """What a part of the answer comes to, or `otherwise` with a sentence more in `missing`."""
    try:
        return ask()
    except ForgeError as error:
        missing.append(error.sentence)
        return otherwise

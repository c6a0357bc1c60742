"""All that GitLab tells of one merge request: approvals, opener, pushers, accounts behind commits, members of groups.

What cannot be told of one part leaves the others standing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from policy_gate.collect.approvals.gitlab import SOURCE
from policy_gate.collect.approvals.gitlab.accounts import Accounts, accounts
from policy_gate.collect.approvals.gitlab.api import GitlabApi, opened
from policy_gate.collect.approvals.gitlab.groups import membership
from policy_gate.collect.approvals.gitlab.pushes import pushes
from policy_gate.collect.approvals.gitlab.request import MergeRequest, claims_of, merge_request
from policy_gate.collect.approvals.pushers import Pushed
from policy_gate.collect.approvals.question import Heard, Question
from policy_gate.collect.approvals.teams import Teams
from policy_gate.collect.approvals.untold import UntoldError
from policy_gate.schema.people import Claim, Hand

_Told = TypeVar("_Told")


def told(address: str, token: str, project: str, number: str, question: Question) -> Heard:
    """Ask the GitLab at `address` about a project's merge request; UntoldError where it tells nothing."""
    with opened(address, token) as api:
        return _told_of(merge_request(api, project, number), api, question)


def _told_of(request: MergeRequest, api: GitlabApi, question: Question) -> Heard:
    other = _of_another(request, question)
    missing = [other] if other else []
    nobody: tuple[Claim, ...] = ()
    claims = _or(nobody, missing, lambda: claims_of(api, request, question.as_of))
    pushed = _or(Pushed(), missing, lambda: pushes(api, request, question))
    known = _or(Accounts(), missing, lambda: accounts(api, request, question))
    claims = tuple(replace(claim, unchecked=other) for claim in claims) if other else claims
    approvers = [claim.approver for claim in claims if not claim.bot and not claim.problem]
    teams = _or(Teams(), missing, lambda: membership(api, question.roles, approvers))
    is_train = question.environment.get("CI_MERGE_REQUEST_EVENT_TYPE") == "merge_train"
    # In a train the result holds other merge requests too, which this one's opener did not open.
    own = question.commits_to(request.head) if is_train else None
    train = f"of the merge requests in this merge train, only the approvals of !{request.number} were looked up"
    return Heard(
        SOURCE,
        claims=claims,
        hands=(Hand(request.opener.author, f"opened {request.name}", own), *pushed.hands),
        missing=(*missing, *teams.missing),
        notes=tuple(note for note in (pushed.note, known.note, train if is_train else "") if note),
        accounts=known.known,
        members=teams.members,
        tells_hands=pushed.is_whole and not is_train,
    )


def _of_another(request: MergeRequest, question: Question) -> str:
    """A sentence where what is judged is not what the merge request is about: its number is only a variable."""
    judged = {question.head, *(commit.oid for commit in question.commits)}
    if question.head is None or request.head in judged:
        return ""
    return (
        f"{request.name} is about commit {request.head[:12]}, which is not in what is judged here: "
        "run the newest pipeline of the merge request"
    )


def _or(otherwise: _Told, missing: list[str], ask: Callable[[], _Told]) -> _Told:
    """What a part of the answer comes to, or `otherwise` with a sentence more in `missing`."""
    try:
        return ask()
    except UntoldError as error:
        missing.append(error.sentence)
        return otherwise

"""All that GitLab tells of one merge request: approvals, opener, pushers, accounts behind commits, members of groups.

What cannot be told of one part leaves the others standing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from msgspec.structs import replace

from policy_gate.approvals.gitlab.accounts import Accounts, accounts
from policy_gate.approvals.gitlab.pushes import pushed
from policy_gate.approvals.gitlab.reviews import Request, author_of, claims_of
from policy_gate.approvals.gitlab.source import SOURCE
from policy_gate.approvals.gitlab.teams import teams_of
from policy_gate.approvals.pushers import Pushed
from policy_gate.approvals.source import ApprovalQuery, SourceAnswer
from policy_gate.approvals.team_members import Teams
from policy_gate.forges import gitlab_answers as answers
from policy_gate.forges.errors import ForgeError, MalformedError, NotAskedError
from policy_gate.forges.gitlab import GitLab
from policy_gate.schema.people import Claim, ForgeContributor

_Part = TypeVar("_Part")


def fetch_approvals(gitlab: GitLab, project: str, number: str, query: ApprovalQuery) -> SourceAnswer:
    """What GitLab tells about a project's merge request; ForgeError where it tells nothing."""
    request = _request(gitlab, project, number)
    other = _of_another(request, query)
    missing = [other] if other else []
    nobody: tuple[Claim, ...] = ()
    claims = _or(nobody, missing, lambda: claims_of(gitlab, request, query.as_of))
    pushers = _or(Pushed(), missing, lambda: pushed(gitlab, request, query))
    known = _or(Accounts(), missing, lambda: accounts(gitlab, request, query))
    claims = tuple(replace(claim, unchecked=other) for claim in claims) if other else claims
    approvers = [claim.approver for claim in claims if not claim.bot and not claim.problem]
    teams = _or(Teams(), missing, lambda: teams_of(gitlab, query.roles, approvers))
    is_train = query.environment.get("CI_MERGE_REQUEST_EVENT_TYPE") == "merge_train"
    # In a train the result holds other merge requests too, which this one's opener did not open.
    own = query.commits_to(request.told.sha) if is_train else None
    train = f"of the merge requests in this merge train, only the approvals of !{number} were looked up"
    return SourceAnswer(
        SOURCE,
        claims=claims,
        contributors=(
            ForgeContributor(author_of(request.told.author), f"opened {request.name}", own),
            *pushers.contributors,
        ),
        missing=(*missing, *teams.missing),
        notes=tuple(note for note in (pushers.note, known.note, train if is_train else None) if note is not None),
        accounts=known.known,
        members=teams.members,
        tells_hands=pushers.is_whole and not is_train,
    )


def _request(gitlab: GitLab, project: str, number: str) -> Request:
    """The merge request of a project by its number in it."""
    name, path = f"merge request !{number}", f"/projects/{project}/merge_requests/{number}"
    told = gitlab.one(answers.MergeRequest, path, name)
    if str(told.iid) != number:
        raise MalformedError(gitlab.not_available("GET", name, "the answer is about another one"))
    return Request(path, name, told)


def _of_another(request: Request, query: ApprovalQuery) -> str | None:
    """A sentence where what is judged is not what the merge request is about: its number is only a variable."""
    weighed, head = {query.head, *(commit.oid for commit in query.commits)}, request.told.sha
    if query.head is None or head in weighed:
        return None
    return (
        f"{request.name} is about commit {head[:12]}, which is not in what is judged here: "
        "run the newest pipeline of the merge request"
    )


def _or(otherwise: _Part, missing: list[str], ask: Callable[[], _Part]) -> _Part:
    """What a part of the answer comes to, or `otherwise` with a sentence more in `missing`.

    What was not asked for any more adds none: why the server is asked no longer is among them already.
    """
    try:
        return ask()
    except NotAskedError as error:
        missing += [] if missing else [error.sentence]
    except ForgeError as error:
        missing.append(error.sentence)
    return otherwise

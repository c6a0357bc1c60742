"""All that GitLab tells of one merge request: approvals, opener, pushers, accounts behind commits, members of groups.

What cannot be told of one part leaves the others standing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeVar

from msgspec.structs import replace

from policy_gate.approvals.gitlab.accounts import Accounts, accounts
from policy_gate.approvals.gitlab.merged_by import FoundRequest, commits_of, request_of
from policy_gate.approvals.gitlab.pushes import pushed
from policy_gate.approvals.gitlab.reviews import Cutoff, Request, author_of, claims_of, is_bot
from policy_gate.approvals.gitlab.teams import teams_of
from policy_gate.approvals.pushers import Pushed
from policy_gate.approvals.source import GITLAB_APPROVALS, ApprovalQuery, SourceAnswer
from policy_gate.approvals.team_members import Teams
from policy_gate.forges import gitlab_answers as answers
from policy_gate.forges.errors import ForgeError, MalformedError, NotAskedError
from policy_gate.forges.gitlab import GitLab
from policy_gate.schema.check_inputs import MergedChange
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.people import Author, Claim, Commit, ForgeContributor

_Part = TypeVar("_Part")
_OF = "gitlab:"
_EVENT, _TRAIN = "CI_MERGE_REQUEST_EVENT_TYPE", "merge_train"
_TARGET = "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"
_GHOST = lazy_pattern(r"ghost[0-9]*\Z")


def fetch_approvals(gitlab: GitLab, project: str, number: str, query: ApprovalQuery) -> SourceAnswer:
    """What GitLab tells about a project's merge request; ForgeError where it tells nothing."""
    request = _request(gitlab, project, number)
    return _answer(gitlab, request, query, _of_another(request, query) or _of_nobody(request))


def fetch_merged(gitlab: GitLab, project: str, merged: MergedChange, query: ApprovalQuery) -> SourceAnswer:
    """What GitLab tells about the merge request by which a commit came, as it stood when it was merged."""
    found = request_of(gitlab, project, merged)
    if not isinstance(found, FoundRequest):
        return SourceAnswer(GITLAB_APPROVALS, missing=(found.reason,))
    request = found.request
    # Of a squash or a part of a fast-forward the last commit is not among what is judged.
    other = _of_another(request, query) if found.holds_last else None
    answer = _answer(gitlab, request, query, other, Cutoff(request.told.merged_at))
    answer = replace(answer, notes=(*answer.notes, f"asked about {request.name}: this commit is {found.how}"))
    return _of_squash(gitlab, request, query, answer) if found.is_squashed else answer


def _of_squash(gitlab: GitLab, request: Request, query: ApprovalQuery, answer: SourceAnswer) -> SourceAnswer:
    """The answer about a merge request whose commits became one.

    Whoever made one of them had a hand in it, which the one no longer tells. GitLab makes it of the last version, so
    who approved that one saw it.
    """
    try:
        made = commits_of(gitlab, request)
    except ForgeError as error:
        claims = tuple(replace(claim, unchecked=claim.unchecked or error.message) for claim in answer.claims)
        return replace(answer, claims=claims, missing=(*answer.missing, error.sentence))
    hands = [author for it in made for author in _authors(it)]
    is_of_head = query.head is not None and query.head == request.told.squash_commit_sha
    seen = tuple(
        replace(claim, commit=query.head or "") if is_of_head and claim.commit == request.told.sha else claim
        for claim in answer.claims
    )
    wrote = tuple(ForgeContributor(it, f"made a commit of {request.name}") for it in dict.fromkeys(hands))
    return replace(answer, claims=seen, contributors=(*answer.contributors, *wrote), tells_hands=False)


def _authors(commit: answers.RequestCommit) -> tuple[Author, Author]:
    return (
        Author(commit.author_name, commit.author_email),
        Author(commit.committer_name, commit.committer_email),
    )


def _answer(
    gitlab: GitLab, request: Request, query: ApprovalQuery, other: str | None, cutoff: Cutoff | None = None
) -> SourceAnswer:
    """What GitLab tells about a merge request; `other` says why it is about something else, if it is."""
    missing = [other] if other else []
    nobody: tuple[Claim, ...] = ()
    claims = _or(nobody, missing, lambda: claims_of(gitlab, request, query.as_of, cutoff))
    told = len(missing)
    pushers = _or(Pushed(), missing, lambda: pushed(gitlab, request, query))
    known = _or(Accounts(), missing, lambda: accounts(gitlab, request, query))
    is_train = query.environment.get(_EVENT) == _TRAIN
    own = query.commits_to(request.told.sha) if is_train else None
    # In a train the result may hold other merge requests too, which this one's opener did not open.
    is_shared = is_train and _oids(own) != _oids(query.commits)
    opened = ForgeContributor(author_of(request.told.author), f"opened {request.name}", own)
    hands = (opened, *pushers.contributors)
    hands = _or(hands, missing, lambda: _with_bots(gitlab, hands)) if claims else hands
    # Somebody whom only a push or an account gives away as an author may be among those who approved.
    doubt = other or next(iter(missing[told:]), None)
    claims = tuple(replace(claim, unchecked=doubt) for claim in claims) if doubt else claims
    approvers = [claim.approver for claim in claims if not claim.bot and not claim.problem]
    teams = _or(Teams(), missing, lambda: teams_of(gitlab, query.roles, approvers))
    train = f"of the merge requests in this merge train, only the approvals of !{request.told.iid} were looked up"
    return SourceAnswer(
        GITLAB_APPROVALS,
        claims=claims,
        contributors=hands,
        missing=(*missing, *teams.missing),
        notes=tuple(note for note in (pushers.note, known.note, train if is_shared else None) if note is not None),
        accounts=known.known,
        members=teams.members,
        tells_hands=pushers.is_whole and not is_shared,
    )


def _oids(commits: tuple[Commit, ...] | None) -> frozenset[str]:
    return frozenset(commit.oid for commit in commits or ())


def _with_bots(gitlab: GitLab, hands: tuple[ForgeContributor, ...]) -> tuple[ForgeContributor, ...]:
    """The hands, each with whether its account is a program's: who told it to do that is then not known."""

    @cache
    def told(account: str, number: str) -> bool:
        return is_bot(gitlab, int(number.removeprefix(_OF)), account.removeprefix(_OF))

    return tuple(replace(hand, bot=told(hand.author.account, hand.author.account_id)) for hand in hands)


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
    if query.head is not None and head not in weighed:
        said = f"is about commit {head[:12]}, which is not in what is judged here"
    elif (branch := query.environment.get(_TARGET)) and request.told.target_branch not in ("", branch):
        said = f"is for the branch {request.told.target_branch} by now, and this job for {branch}"
    else:
        return None
    return f"{request.name} {said}: run the newest pipeline of the merge request"


def _of_nobody(request: Request) -> str | None:
    """A sentence where the account that opened it was deleted: GitLab names the same one in place of each of them."""
    author = request.told.author
    if author.name != "Ghost User" or not _GHOST.match(author.username):
        return None
    return (
        f"who opened {request.name} is not known any more, as the account is gone: "
        "close it and open another one of its branch"
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

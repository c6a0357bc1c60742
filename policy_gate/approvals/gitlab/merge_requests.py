"""One GitLab merge request: who opened it, its versions, and who approves it now and since when.

GitLab ties an approval to no commit, only to a moment. What somebody saw is the version of the merge
request that was current then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from policy_gate.approvals.gitlab.source import SOURCE
from policy_gate.forges.errors import ForgeError
from policy_gate.forges.gitlab import Answered, GitlabApi, not_known
from policy_gate.schema.people import Author, Claim

_GAVE = "approved this merge request"
_TOOK_BACK = "unapproved this merge request"
_BOT_NAME = re.compile(r"(project|group)_[0-9]+_bot")
_A_LOOK = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Account:
    """A user as GitLab names them. `is_bot` is None where it does not say."""

    id: int
    username: str
    name: str
    is_bot: bool | None = None

    @classmethod
    def of(cls, told: Answered) -> Account:
        bot = told.truth("bot") if told.has("bot") else None
        name = told.text("name") if told.has("name") else ""
        username = told.username()
        return cls(told.number("id"), username, name.strip() or username, bot or _is_bots(username) or bot)

    @property
    def author(self) -> Author:
        return Author(self.name, "", f"gitlab:{self.username}", f"gitlab:{self.id}")


@dataclass(frozen=True, slots=True)
class MergeRequest:
    """A merge request as it is now. `id` is its number in all of GitLab, `number` the one in its project,
    `path` where the API has it."""

    id: int
    number: str
    path: str
    name: str
    opener: Account
    head: str
    source_project: int
    source_branch: str
    opened: datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody approves now; `given` is None where GitLab does not say when."""

    account: Account
    given: datetime | None


def merge_request(api: GitlabApi, project: str, number: str) -> MergeRequest:
    """The merge request of a project by its number in it."""
    name, path = f"merge request !{number}", f"/projects/{project}/merge_requests/{number}"
    told = api.one(path, name)
    if str(told.number("iid")) != number:
        raise not_known(name, "the answer is about another one")
    return MergeRequest(
        told.number("id"),
        number,
        path,
        name,
        Account.of(told.part("author")),
        told.oid("sha"),
        # Null where a fork was deleted after the merge request was opened.
        told.number("source_project_id") if told.has("source_project_id") else 0,
        told.text("source_branch"),
        told.instant("created_at"),
    )


def claims_of(api: GitlabApi, request: MergeRequest, as_of: datetime) -> tuple[Claim, ...]:
    """One claim for each person who approves the merge request now; ForgeError where that is not told."""
    approvals = _approvals(api, request)
    if not approvals:
        return ()
    versions = api.all(f"{request.path}/versions", f"the versions of {request.name}")
    moments = None
    if any(approval.given is None for approval in approvals):
        moments = _moments(api, request)
    return tuple(_claim(api, approval, versions, moments, request, as_of) for approval in approvals)


def _approvals(api: GitlabApi, request: MergeRequest) -> tuple[Approval, ...]:
    """Everybody who approves now, in the order told, each once."""
    told = api.one(f"{request.path}/approvals", f"the approvals of {request.name}")
    found = [_approval(item) for item in told.parts("approved_by")]
    known = {approval.account.id for approval in found}
    for account in _approvers_by_rule(api, request):
        if account.id not in known:
            known.add(account.id)
            found.append(Approval(account, None))
    return tuple(found)


def _approval(told: Answered) -> Approval:
    given = told.instant("approved_at") if told.has("approved_at") else None
    return Approval(Account.of(told.part("user")), given)


def _approvers_by_rule(api: GitlabApi, request: MergeRequest) -> list[Account]:
    """Those whom approval rules count; editions without rules answer 403 or 404, which says nothing."""
    try:
        told = api.one(f"{request.path}/approval_state", f"the approval rules of {request.name}")
    except ForgeError as error:
        if error.status in (403, 404):
            return []
        raise
    rules = told.parts("rules")
    return [Account.of(user) for rule in rules if rule.has("approved_by") for user in rule.parts("approved_by")]


def _moments(api: GitlabApi, request: MergeRequest) -> dict[int, tuple[datetime, bool]] | None:
    """By account, when it last approved (true) or took that back (false); None where notes may not be read."""
    found: dict[int, tuple[datetime, bool]] = {}
    try:
        notes = api.all(f"{request.path}/notes", f"the notes of {request.name}")
    except ForgeError as error:
        if error.status in (403, 404):
            return None
        raise
    for note in notes:
        # Anybody can write these words in a comment; only GitLab writes system notes.
        if note.truth("system") and note.text("body") in (_GAVE, _TOOK_BACK):
            account = note.part("author").number("id")
            moment = (note.instant("created_at"), note.text("body") == _GAVE)
            found[account] = max(found.get(account, moment), moment, key=_later)
    return found


def _later(moment: tuple[datetime, bool]) -> tuple[datetime, bool]:
    """Order of two moments; of two in the same instant, the one that takes back is the later."""
    return moment[0], not moment[1]


def _claim(
    api: GitlabApi,
    approval: Approval,
    versions: Sequence[Answered],
    moments: dict[int, tuple[datetime, bool]] | None,
    request: MergeRequest,
    as_of: datetime,
) -> Claim:
    account, given, problem, unchecked, commit = approval.account, approval.given, "", "", ""
    if given is None and moments is not None and account.id in moments:
        given, stands = moments[account.id]
        problem = "" if stands else f"took the approval of {request.name} back"
    if given is None:
        unchecked = f"GitLab does not tell when this approval of {request.name} was given, so not for what content"
    elif not problem:
        commit = _seen(versions, given, request)
        problem = "" if commit else f"given before there was anything to see in {request.name}"
    return Claim(
        source=SOURCE,
        assurance="verified",
        approver=account.author,
        role=None,
        for_=None,
        system=None,
        digest=None,
        approved_on=(given or as_of.astimezone(UTC)).date(),
        bot=_is_bot(api, account),
        problem=problem,
        unchecked=unchecked,
        commit=commit,
    )


def _seen(versions: Sequence[Answered], given: datetime, request: MergeRequest) -> str:
    """The head of the newest version that was there when the approval was given; empty where none was.

    A version that came within the second before is taken for unseen: instants are told to the second by
    some editions, the note about an approval is written a moment after it, and nobody reads that fast.
    So where the order cannot be told, the older content is what was approved.
    """
    if not versions:
        raise not_known(f"the versions of {request.name}", "it lists none although there are approvals")
    found = [(told.instant("created_at"), told.number("id"), told.oid("head_commit_sha")) for told in versions]
    earlier = [version for version in found if version[0] + _A_LOOK <= given]
    return max(earlier)[2] if earlier else ""


def _is_bot(api: GitlabApi, account: Account) -> bool:
    """Whether the account is a program's; where GitLab hides who it is, its name alone can tell."""
    if account.is_bot is not None:
        return account.is_bot
    try:
        return bool(Account.of(api.one(f"/users/{account.id}", f"who {account.username} is")).is_bot)
    except ForgeError as error:
        if error.status in (403, 404):
            return False
        raise


def _is_bots(username: str) -> bool:
    return _BOT_NAME.match(username) is not None

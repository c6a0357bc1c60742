"""Who approves a GitLab merge request now and since when.

GitLab ties an approval to no commit, only to a moment. What somebody saw is the version of the merge
request that was current then, beside the branch that it was for then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from policy_gate.approvals.source import GITLAB_APPROVALS
from policy_gate.forges import gitlab_answers as answers
from policy_gate.forges.errors import AbsentError, ForbiddenError, MalformedError
from policy_gate.forges.gitlab import GitLab
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.people import Author, Claim, Verified

_GAVE = "approved this merge request"
_TOOK_BACK = "unapproved this merge request"
_RETARGETED = lazy_pattern(r"changed target branch\b|deleted the .* branch\. This merge request now targets\b")
"""How GitLab notes that a merge request is for another branch, by hand or because the branch was deleted."""
_BOT_NAME = lazy_pattern(
    r"(project|group)_[0-9]+_bot|service_account_((group|project)_[0-9]+_)?[0-9a-f]{16}|GitLabDuo\Z"
)
_A_LOOK = timedelta(seconds=1)


class Request(Struct, frozen=True):
    """A merge request: where the API has it, what it is called, and what GitLab tells of it now."""

    path: str
    name: str
    told: answers.MergeRequest


class Cutoff(Struct, frozen=True):
    """When a merge request was merged: what was given later counts for nothing. None where GitLab does not tell."""

    at: datetime | None


class Noted(Struct, frozen=True):
    """What GitLab's own notes tell: by account, when it last approved (true) or took that back (false); and when the
    merge request came to be for the branch that it is for."""

    moments: Mapping[int, tuple[datetime, bool]]
    retargeted: datetime | None = None


def account_of(number: int, username: str, name: str | None) -> Author:
    """A GitLab account as an author without an address."""
    return Author((name or "").strip() or username, "", f"gitlab:{username}", f"gitlab:{number}")


def author_of(user: answers.User) -> Author:
    """A user of GitLab's answers as an author."""
    return account_of(user.id, user.username, user.name)


def claims_of(gitlab: GitLab, request: Request, as_of: datetime, cutoff: Cutoff | None = None) -> tuple[Claim, ...]:
    """One claim for each person who approves the merge request now; ForgeError where that is not told.

    With a cutoff, an approval counts only where it is known to have been given by then.
    """
    approvals = _approvals(gitlab, request)
    if not approvals:
        return ()
    versions = gitlab.all(answers.Version, f"{request.path}/versions", f"the versions of {request.name}")
    noted = _noted(gitlab, request)
    return tuple(_claim(gitlab, approval, versions, noted, request, as_of, cutoff) for approval in approvals)


def _approvals(gitlab: GitLab, request: Request) -> tuple[answers.Approval, ...]:
    """Everybody who approves now, in the order told, each once."""
    told = gitlab.one(answers.Approvals, f"{request.path}/approvals", f"the approvals of {request.name}")
    found = list(told.approved_by)
    known = {approval.user.id for approval in found}
    for user in _approvers_by_rule(gitlab, request):
        if user.id not in known:
            known.add(user.id)
            found.append(answers.Approval(user=user))
    return tuple(found)


def _approvers_by_rule(gitlab: GitLab, request: Request) -> list[answers.User]:
    """Those whom approval rules count; editions without rules answer 403 or 404, which says nothing."""
    what = f"the approval rules of {request.name}"
    try:
        told = gitlab.one(answers.ApprovalState, f"{request.path}/approval_state", what)
    except (AbsentError, ForbiddenError):
        return []
    return [user for rule in told.rules for user in rule.approved_by or ()]


def _noted(gitlab: GitLab, request: Request) -> Noted | None:
    """What the notes of a merge request tell; None where they may not be read. A forge that has none tells nothing.

    Whoever may read approvals may see that there are notes, so that GitLab itself never says that they are not there.
    """
    found: dict[int, tuple[datetime, bool]] = {}
    try:
        notes = gitlab.all(answers.Note, f"{request.path}/notes", f"the notes of {request.name}")
    except AbsentError:
        return Noted({})
    except ForbiddenError:
        return None
    # Anybody can write these words in a comment; only GitLab writes system notes.
    told = [note for note in notes if note.system]
    for note in told:
        if note.body in (_GAVE, _TOOK_BACK):
            moment = (note.created_at, note.body == _GAVE)
            found[note.author.id] = max(found.get(note.author.id, moment), moment, key=_later)
    moved = [note.created_at for note in told if _RETARGETED.match(note.body)]
    return Noted(found, max(moved, default=None))


def _later(moment: tuple[datetime, bool]) -> tuple[datetime, bool]:
    """Order of two moments; of two in the same instant, the one that takes back is the later."""
    return moment[0], not moment[1]


def _claim(
    gitlab: GitLab,
    approval: answers.Approval,
    versions: Sequence[answers.Version],
    noted: Noted | None,
    request: Request,
    as_of: datetime,
    cutoff: Cutoff | None,
) -> Claim:
    user, given, commit = approval.user, approval.approved_at, ""
    problem: str | None = None
    unchecked: str | None = None
    if given is None and noted is not None and user.id in noted.moments:
        given, stands = noted.moments[user.id]
        problem = None if stands else f"took the approval of {request.name} back"
    if given is None:
        unchecked = f"GitLab does not tell when this approval of {request.name} was given, so not for what content"
    elif cutoff is not None and cutoff.at is not None and given > cutoff.at:
        problem = f"given after the merge ({_moment(given)}, merged {_moment(cutoff.at)})"
    elif noted is not None and noted.retargeted is not None and given < noted.retargeted + _A_LOOK:
        problem = f"given while {request.name} was for another branch (changed {_moment(noted.retargeted)})"
    elif problem is None:
        if noted is None:
            unchecked = f"GitLab does not tell whether {request.name} was for another branch when this was given"
        if cutoff is not None and cutoff.at is None:
            unchecked = f"GitLab does not tell when {request.name} was merged, so not whether this came before it"
        commit = _seen(gitlab, versions, given, request)
        problem = None if commit else f"given before there was anything to see in {request.name}"
    return Claim(
        source=GITLAB_APPROVALS,
        proof=Verified("forge"),
        approver=author_of(user),
        role=None,
        for_=None,
        system=None,
        digest=None,
        approved_on=(given or as_of.astimezone(UTC)).date(),
        bot=is_bot(gitlab, user.id, user.username, user.bot),
        problem=problem,
        unchecked=unchecked,
        commit=commit,
    )


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _seen(gitlab: GitLab, versions: Sequence[answers.Version], given: datetime, request: Request) -> str:
    """The head of the newest version that was there when the approval was given; empty where none was.

    A version that came within the second before is taken for unseen: instants are told to the second by
    some editions, the note about an approval is written a moment after it, and nobody reads that fast.
    So where the order cannot be told, the older content is what was approved.
    """
    if not versions:
        what = f"the versions of {request.name}"
        raise MalformedError(gitlab.not_available("GET", what, "it lists none although there are approvals"))
    found = [(version.created_at, version.id, version.head_commit_sha) for version in versions]
    earlier = [version for version in found if version[0] + _A_LOOK <= given]
    return max(earlier)[2] if earlier else ""


def is_bot(gitlab: GitLab, number: int, username: str, told: bool | None = None) -> bool:
    """Whether the account is a program's; where GitLab hides who it is, its name alone can tell."""
    if _BOT_NAME.match(username) or told is not None:
        return bool(told) or _BOT_NAME.match(username) is not None
    try:
        profile = gitlab.one(answers.User, f"/users/{number}", f"who {username} is")
    except (AbsentError, ForbiddenError):
        return False
    return bool(profile.bot) or _BOT_NAME.match(profile.username) is not None

"""GitHub's reviews and commits as claims and accounts; reads answers, asks nothing.

A ForgeError is raised where an answer lacks what it must have: half of a listing could hide that somebody took an
approval back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.approvals.github.accounts import account_of
from policy_gate.approvals.source import GITHUB_REVIEWS
from policy_gate.forges import github_answers as answers
from policy_gate.forges.errors import MalformedError
from policy_gate.schema.people import Author, Claim, Verified
from policy_gate.vcs.tree import is_object_id

UNDECIDED = ("COMMENTED", "PENDING")
DECIDED = ("APPROVED", "CHANGES_REQUESTED", "DISMISSED")
STRANGERS = ("NONE", "FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR")


class Review(Struct, frozen=True):
    """A review that decides something. `account` is None where the account is gone."""

    id: int
    state: str
    account: Author | None
    is_bot: bool
    commit: str
    at: datetime
    is_strangers: bool
    """GitHub knows the account as no member, collaborator or contributor"""


def deciding(items: Iterable[answers.Review], what: str) -> tuple[Review, ...]:
    """The reviews that decide something, in the order in which they were submitted."""
    found = [_review(item, what) for item in items if item.state.upper() not in UNDECIDED]
    return tuple(sorted(found, key=lambda review: (review.at, review.id)))


def _review(item: answers.Review, what: str) -> Review:
    state, user = item.state.upper(), item.user
    if state not in DECIDED or item.submitted_at is None:
        raise MalformedError(f"{what} could not be read: GitHub does not tell the state or the time of one")
    commit = item.commit_id or ""
    return Review(
        item.id,
        state,
        account_of(user) if user else None,
        user is not None and (user.type == "Bot" or user.login.endswith("[bot]")),
        commit if is_object_id(commit) else "",
        item.submitted_at,
        item.author_association in STRANGERS,
    )


def split_at(reviews: Sequence[Review], merged: datetime | None) -> tuple[list[Review], list[Review]]:
    """The reviews up to a merge, and those after it; without its instant, all of them and none."""
    before = [review for review in reviews if merged is None or review.at <= merged]
    return before, [review for review in reviews if review not in before]


def too_late(before: Sequence[Review], after: Sequence[Review], merged: datetime) -> tuple[Claim, ...]:
    """A claim that does not count for each account which approved only after the merge."""
    known = {review.account.account_id for review in before if review.account and review.state == "APPROVED"}
    late = [it for it in after if it.state == "APPROVED" and it.account and it.account.account_id not in known]
    return tuple(
        replace(claim, problem=f"given after the merge (merged {merged.isoformat().replace('+00:00', 'Z')})")
        for claim in claims_of(late)
    )


def claims_of(reviews: Sequence[Review], against: Callable[[Review], str | None] = lambda _: None) -> tuple[Claim, ...]:
    """One claim for each account that approved at some time: its latest deciding review is what it says.

    `against` is why an approval does not count although it stands.
    """
    said: dict[str, list[Review]] = {}
    for review in reviews:
        said.setdefault(review.account.account_id if review.account else f"gone:{review.id}", []).append(review)
    return tuple(claim for of_one in said.values() for claim in _claim_of_one(of_one, against))


def approving(reviews: Sequence[Review]) -> tuple[Review, ...]:
    """The reviews by which accounts approve as things stand now."""
    latest = {review.account.account_id: review for review in reviews if review.account}
    return tuple(review for review in latest.values() if review.state == "APPROVED" and not review.is_bot)


def _claim_of_one(reviews: Sequence[Review], against: Callable[[Review], str | None]) -> Iterator[Claim]:
    latest = reviews[-1]
    approval = next((review for review in reversed(reviews) if review.state == "APPROVED"), None)
    about = approval or latest
    if approval is None and latest.state != "DISMISSED":
        return
    yield Claim(
        source=GITHUB_REVIEWS,
        proof=Verified("forge"),
        approver=about.account or Author("a deleted account", ""),
        role=None,
        for_=None,
        system=None,
        digest=None,
        approved_on=about.at.date(),
        bot=about.is_bot,
        problem=_problem(latest, about) or against(about),
        commit=about.commit,
    )


def _problem(latest: Review, about: Review) -> str | None:
    if latest.state == "CHANGES_REQUESTED":
        return "asked for changes later"
    if latest.state == "DISMISSED":
        return "the review was dismissed" if latest is about else "a later review of theirs was dismissed"
    if about.account is None:
        return "the account that gave this review is gone"
    return None if about.commit else "the review names no commit that it was given on"


def addresses_of(items: Iterable[answers.Commit]) -> dict[tuple[str, str], Author]:
    """(commit id, e-mail in lower case) to the account that GitHub knows the address by."""
    found = {}
    for item in items:
        parts = ((item.commit.committer, item.committer), (item.commit.author, item.author))
        for identity, user in parts:
            if identity and identity.email and user is not None and is_object_id(item.sha):
                found[item.sha, identity.email.casefold()] = account_of(user)
    return found

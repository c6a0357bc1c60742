"""GitHub's pull requests, reviews and commits as claims and accounts; reads answers, asks nothing.

Every function raises ForgeError where an answer lacks what it must have: half of a listing could hide
that somebody took an approval back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from policy_gate.forges.errors import ForgeError
from policy_gate.forges.github_event import commit_at, text_at, value_at
from policy_gate.schema.people import Author, Claim
from policy_gate.vcs.objects import is_object_id

SOURCE = "github-reviews"
UNDECIDED = ("COMMENTED", "PENDING")
DECIDED = ("APPROVED", "CHANGES_REQUESTED", "DISMISSED")
EVER = datetime.min.replace(tzinfo=UTC)
STRANGERS = ("NONE", "FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR")


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request as GitHub describes it; `commit_count` only where it was asked for by its number."""

    number: int
    opener: Author
    head: str
    base: str
    is_dropped: bool
    """closed and never merged"""
    commit_count: int | None = None
    source: str = ""
    """owner/name of the repository that its branch is in; empty where that is gone"""
    branch: str = ""
    opened: datetime = EVER
    """when it was opened; the beginning of time where GitHub does not tell"""


@dataclass(frozen=True, slots=True)
class Review:
    """A review that decides something. `account` is None where the account is gone."""

    id: int
    state: str
    account: Author | None
    is_bot: bool
    commit: str
    at: datetime
    is_strangers: bool
    """GitHub knows the account as no member, collaborator or contributor"""


def account_of(user: Any) -> Author | None:
    """A GitHub account as an author without an address; None where `user` describes none."""
    login, number = text_at(user, "login"), value_at(user, "id")
    if not login or not isinstance(number, int) or isinstance(number, bool):
        return None
    return Author(login, "", f"github:{login}", f"github:{number}")


def instant_of(item: Any, name: str, what: str) -> datetime:
    """An instant out of GitHub's answer, in UTC."""
    try:
        at = datetime.fromisoformat(text_at(item, name))
    except ValueError:
        raise ForgeError(f"{what} could not be read: GitHub does not tell {name}") from None
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)


def pull_of(item: Any, what: str) -> Pull:
    """A pull request out of GitHub's answer, or out of an event."""
    number, count = value_at(item, "number"), value_at(item, "commits")
    opener, head, base = (
        account_of(value_at(item, "user")),
        commit_at(item, "head", "sha"),
        text_at(item, "base", "ref"),
    )
    if not isinstance(number, int) or opener is None or not head or not base:
        raise ForgeError(f"{what} could not be read: GitHub does not tell its opener, head or base")
    is_dropped = text_at(item, "state") == "closed" and not text_at(item, "merged_at")
    return Pull(
        number,
        opener,
        head,
        base,
        is_dropped,
        count if isinstance(count, int) else None,
        text_at(item, "head", "repo", "full_name"),
        text_at(item, "head", "ref"),
        instant_of(item, "created_at", what) if text_at(item, "created_at") else EVER,
    )


def reviews_of(items: Iterable[Mapping[str, Any]], what: str) -> tuple[Review, ...]:
    """The reviews that decide something, in the order in which they were submitted."""
    found = [_review(item, what) for item in items if text_at(item, "state").upper() not in UNDECIDED]
    return tuple(sorted(found, key=lambda review: (review.at, review.id)))


def _review(item: Mapping[str, Any], what: str) -> Review:
    state, number, user = text_at(item, "state").upper(), item.get("id"), item.get("user")
    account = account_of(user)
    if state not in DECIDED or not isinstance(number, int) or (user is not None and account is None):
        raise ForgeError(f"{what} could not be read: GitHub does not tell the state or the account of one")
    at = instant_of(item, "submitted_at", what)
    return Review(
        number,
        state,
        account,
        text_at(user, "type") == "Bot" or text_at(user, "login").endswith("[bot]"),
        commit_at(item, "commit_id"),
        at,
        text_at(item, "author_association") in STRANGERS,
    )


def claims_of(reviews: Sequence[Review]) -> tuple[Claim, ...]:
    """One claim for each account that approved at some time: its latest deciding review is what it says."""
    said: dict[str, list[Review]] = {}
    for review in reviews:
        said.setdefault(review.account.account_id if review.account else f"gone:{review.id}", []).append(review)
    return tuple(claim for of_one in said.values() for claim in _claim_of_one(of_one))


def approving(reviews: Sequence[Review]) -> tuple[Review, ...]:
    """The reviews by which accounts approve as things stand now."""
    latest = {review.account.account_id: review for review in reviews if review.account}
    return tuple(review for review in latest.values() if review.state == "APPROVED" and not review.is_bot)


def _claim_of_one(reviews: Sequence[Review]) -> Iterator[Claim]:
    latest = reviews[-1]
    approval = next((review for review in reversed(reviews) if review.state == "APPROVED"), None)
    about = approval or latest
    if approval is None and latest.state != "DISMISSED":
        return
    yield Claim(
        source=SOURCE,
        assurance="verified",
        approver=about.account or Author("a deleted account", ""),
        role=None,
        for_=None,
        system=None,
        digest=None,
        approved_on=about.at.date(),
        bot=about.is_bot,
        problem=_problem(latest, about),
        commit=about.commit,
    )


def _problem(latest: Review, about: Review) -> str:
    if latest.state == "CHANGES_REQUESTED":
        return "asked for changes later"
    if latest.state == "DISMISSED":
        return "the review was dismissed" if latest is about else "a later review of theirs was dismissed"
    if about.account is None:
        return "the account that gave this review is gone"
    return "" if about.commit else "the review names no commit that it was given on"


def addresses_of(items: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Author]:
    """(commit id, e-mail in lower case) to the account that GitHub knows the address by."""
    found = {}
    for item in items:
        for part in ("committer", "author"):
            oid, email = text_at(item, "sha"), text_at(item, "commit", part, "email")
            account = account_of(value_at(item, part))
            if is_object_id(oid) and email and account is not None:
                found[oid, email.casefold()] = account
    return found

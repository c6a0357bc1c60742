"""Claims: whether somebody who said yes counts, in a role, for exact content; and if not, why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from policy_gate.govern.standing import Standing
from policy_gate.schema.documents import Person
from policy_gate.schema.finding import ClaimNote
from policy_gate.schema.law import RuleSet
from policy_gate.schema.papers import Terms
from policy_gate.schema.people import Author, Claim, Commit, People
from policy_gate.schema.subject import Subject

NOREPLY = "users.noreply.github.com"


@dataclass(frozen=True, slots=True)
class Hearing:
    """Everything needed to hear the claims for one subject in one role."""

    subject: Subject
    role: str
    count: int
    standing: Standing | None
    authors: tuple[tuple[Author, str], ...]
    """who had a hand in the content, and in which commit"""
    law: RuleSet
    people: People
    terms: Terms


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether enough people agreed. `self_approved` where the only agreement is an author's own."""

    approved: bool
    notes: tuple[ClaimNote, ...]
    self_approved: bool = False
    recorded: bool = False


def hear(hearing: Hearing) -> Answer:
    """Hear every claim about this subject; one person counts once (T06, T07 and their kind)."""
    notes: list[ClaimNote] = []
    counted: set[str] = set()
    by_themselves = recorded = False
    for claim in _about(hearing):
        person, why = _judge(claim, hearing)
        notes.append(ClaimNote(claim.approver.name or claim.approver.email, not why, why, claim.approved_on))
        if not why and person is not None:
            counted.add(_identity(person))
            by_themselves = by_themselves or _wrote(person, claim, hearing) is not None
            recorded = recorded or claim.assurance == "recorded"
    return Answer(len(counted) >= hearing.count, tuple(notes), by_themselves, recorded)


def _about(hearing: Hearing) -> Sequence[Claim]:
    """The claims that speak of this subject; forge reviews name neither gate nor system."""
    subject = hearing.subject
    return [
        claim
        for claim in hearing.people.claims
        if claim.for_ in (None, subject.for_)
        and (claim.for_ is None or claim.system == subject.system)
        and (claim.role in (None, hearing.role) or claim.digest == subject.digest)
    ]


def _judge(claim: Claim, hearing: Hearing) -> tuple[Person | None, str]:
    """The person behind a claim, and why it does not count; an empty reason means it counts."""
    if claim.problem:
        return None, claim.problem
    if claim.bot:
        return None, "a bot cannot approve"
    if claim.role not in (None, hearing.role):
        return None, f"approved as {claim.role}, not {hearing.role}"
    person = _holder(claim, hearing)
    if person is None:
        return None, f"does not hold {hearing.role} in base's policies/roles.yaml"
    why = _time(claim, hearing) or _content(claim, hearing) or _separation(person, claim, hearing)
    return person, why or _assurance(claim, hearing)


def _time(claim: Claim, hearing: Hearing) -> str:
    today = hearing.terms.as_of.date()
    last = hearing.law.assurance.valid_for.after(claim.approved_on)
    if claim.spent:
        return "base already holds this record: it is spent"
    if claim.approved_on - today > timedelta(days=1):
        return f"dated {claim.approved_on}, which is in the future"
    expires = min(last, claim.expires) if claim.expires else last
    if expires < today:
        return f"expired on {expires}"
    return ""


def _content(claim: Claim, hearing: Hearing) -> str:
    if claim.target_branch and claim.target_branch != hearing.terms.target_branch:
        return f"for the branch {claim.target_branch}, not {hearing.terms.target_branch}"
    if claim.digest != hearing.subject.digest:
        return "for another content than what would be merged now"
    return ""


def _separation(person: Person, claim: Claim, hearing: Hearing) -> str:
    wrote = _wrote(person, claim, hearing)
    if wrote is None:
        unnamed = next((commit for author, commit in hearing.authors if not author.email), None)
        return f"commit {unnamed[:7]} has an author who cannot be told" if unnamed else ""
    tier = hearing.standing.now.tier if hearing.standing else None
    if tier in hearing.law.assurance.self_approval and tier in ("low", "medium"):
        return ""
    return f"wrote commit {wrote[:7]} in this change" if wrote else "opened or last pushed this change"


def _wrote(person: Person, claim: Claim, hearing: Hearing) -> str | None:
    for author, commit in hearing.authors:
        if is_same(person, author) or _same_address(author.email, claim.approver.email):
            return commit
    return None


def _assurance(claim: Claim, hearing: Hearing) -> str:
    wanted = hearing.law.assurance.governed_changes
    if hearing.standing is not None:
        wanted = hearing.law.assurance.approvals[hearing.standing.now.tier]
    if claim.assurance == "recorded" and wanted == "verified":
        return "recorded, not verified: base's policies ask for a forge review or a signature here"
    if claim.assurance == "recorded" and not any(
        _same_address(author.email, claim.approver.email) for author in claim.added_by
    ):
        others = {author.name for author in claim.touched_by if not _same_address(author.email, claim.approver.email)}
        return f"the record was committed by {', '.join(sorted(others)) or 'nobody in this change'}"
    return ""


def _holder(claim: Claim, hearing: Hearing) -> Person | None:
    return next((person for person in hearing.people.holders(hearing.role) if is_same(person, claim.approver)), None)


def is_same(person: Person, author: Author) -> bool:
    """Whether somebody of base's roles is this author: by address or by forge account."""
    if _same_address(person.email or "", author.email):
        return True
    account = author.account or _account_of(author.email)
    known = {f"github:{person.github}".casefold(), f"gitlab:{person.gitlab}".casefold()}
    return bool(account) and account.casefold() in known


def _account_of(email: str) -> str:
    """The GitHub login in one of its no-reply addresses, which commits made in its web editor carry."""
    local, _, host = email.partition("@")
    return f"github:{local.rpartition('+')[2]}" if host.casefold() == NOREPLY else ""


def _same_address(one: str, other: str) -> bool:
    return bool(one) and one.casefold() == other.casefold()


def _identity(person: Person) -> str:
    return (person.email or person.github or person.gitlab or person.name).casefold()


def authors_of(
    commits: Sequence[Commit], paths: frozenset[str], system: str | None = None
) -> tuple[tuple[Author, str], ...]:
    """Who made the commits that touch any of these files (D13); git's own merges make nobody an author.

    A manifest counts for `system` only where the commit changes its entry.
    """
    return tuple(
        (author, commit.oid)
        for commit in commits
        if any(system in commit.entries.get(path, (system,)) for path in commit.paths & paths)
        and not commit.merge_of_git
        for author in commit.authors
    )

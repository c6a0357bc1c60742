"""Who holds which role, who wrote what, and who says to have approved; asked only where it matters (D04)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from policy_gate.approvals.commit_systems import CommitContext, with_systems
from policy_gate.approvals.gitlab.source import unread_in_branch
from policy_gate.approvals.role_holders import members_of, role_notes, unread_teams
from policy_gate.approvals.source import ApprovalQuery, SourceAnswer
from policy_gate.approvals.sources import SOURCES
from policy_gate.collect.inputs import OpenInputs
from policy_gate.collect.layout import APPROVALS, Layout
from policy_gate.collect.policies_of_tree import DEFAULT_CONFIG
from policy_gate.collect.revisions import Revisions, revisions_of
from policy_gate.documents.cache import DocumentCache
from policy_gate.errors import BaseError, UndecidedError
from policy_gate.people.identity import joined
from policy_gate.schema.check_inputs import CheckInputs, Request
from policy_gate.schema.people import Author, Commit, ForgeContributor, People
from policy_gate.schema.roles import Person
from policy_gate.signing.commit_signatures import with_signers
from policy_gate.signing.verify import Verifier
from policy_gate.vcs.repository import Repository
from policy_gate.vcs.tree import Tree

RECENT = 100
"""How many of the newest commits say who usually writes here."""

EARLIER_RECORDS = 2000
"""How many of base's first-parent ancestors are looked through for records that were taken out again."""


def load_people(request: Request, inputs: CheckInputs, signed_authors: bool = False) -> People:
    """Everything known about people for this change: roles of base, authors, claims of every source.

    With `signed_authors` it is looked who signed each commit, which costs a process for each.
    """
    if isinstance(inputs, OpenInputs) and inputs.repository and inputs.revisions:
        return _people_of(request, inputs, inputs.repository, inputs.revisions, signed_authors)
    with Repository.open(request.directory) as repository:
        return _people_of(request, inputs, repository, revisions_of(repository, request), signed_authors)


def usual_authors(repository: Repository) -> tuple[Author, ...]:
    """Those who had a hand in at least a tenth of the newest commits here; nobody while there are only a few.

    A commit of approval records makes nobody an author.
    """
    head = repository.resolve("HEAD")
    commits = repository.recent_authors(head, RECENT, beside=APPROVALS) if head else []
    times = Counter(author for authors in commits for author in dict.fromkeys(authors))
    return tuple(author for author, count in times.items() if len(commits) >= 10 and count * 10 >= len(commits))


def _people_of(
    request: Request, inputs: CheckInputs, repository: Repository, revisions: Revisions, signed_authors: bool
) -> People:
    commits, attributed, notes = _commits(repository, revisions)
    if signed_authors:
        roles = inputs.roles.content if inputs.roles else None
        verifier = Verifier(roles, request.as_of.date(), request.environment)
        commits, unchecked = with_signers(commits, repository.raw_commit, verifier)
        notes = (*notes, *unchecked)
    unread = unread_in_branch(request.environment)
    notes = (*notes, unread) if unread else notes
    query = _query(request, inputs, repository, revisions, commits)
    answers = [answer for answer in (fetch(query) for fetch in SOURCES) if answer is not None]
    return _merged(inputs, query.commits, answers, attributed, notes)


def _query(
    request: Request, inputs: CheckInputs, repository: Repository, revisions: Revisions, commits: tuple[Commit, ...]
) -> ApprovalQuery:
    """What every source is asked about this change."""
    cache = inputs.cache if isinstance(inputs, OpenInputs) else DocumentCache()
    layout = Layout(inputs.base.config.content if inputs.base.config else DEFAULT_CONFIG)
    context = CommitContext(repository, layout, cache, (*inputs.base.systems, *inputs.result.systems))

    def commits_to(oid: str) -> tuple[Commit, ...] | None:
        return _commits_to(oid, revisions, context)

    return ApprovalQuery(
        revisions.base,
        revisions.result,
        with_systems(commits, context),
        cache,
        _earlier(repository, revisions),
        inputs.roles.content if inputs.roles else None,
        request.as_of,
        revisions.head_commit,
        request.environment,
        commits_to,
        request.merged,
    )


def _merged(
    inputs: CheckInputs,
    commits: tuple[Commit, ...],
    answers: Sequence[SourceAnswer],
    attributed: bool,
    notes: tuple[str, ...],
) -> People:
    """What all sources answered, as one."""
    return People(
        roles=inputs.roles,
        roles_file=inputs.roles_file,
        roles_untold=inputs.roles_untold,
        unread_teams=frozenset(unread_teams(inputs.roles, answers)),
        commits=tuple(_with_accounts(commit, answers) for commit in commits),
        claims=tuple(claim for answer in answers for claim in answer.claims),
        contributors=tuple(
            _with_address(contributor, answers) for answer in answers for contributor in answer.contributors
        ),
        sources=tuple(answer.source for answer in answers),
        missing=tuple(sentence for answer in answers for sentence in answer.missing),
        is_forge_known=any(answer.tells_hands for answer in answers),
        attributed=attributed,
        target_branch=inputs.target_branch,
        notes=(*notes, *role_notes(inputs.roles, answers), *(note for answer in answers for note in answer.notes)),
        members=joined(_with_teams(members_of(inputs.roles), answers)),
        unheld=tuple(oid for answer in answers for oid in answer.unheld),
    )


def _with_accounts(commit: Commit, answers: Sequence[SourceAnswer]) -> Commit:
    """The commit with the forge accounts behind its authors' addresses, where a forge names them."""

    def known(author: Author) -> Author:
        key = (commit.oid, author.email.casefold())
        found = next((answer.accounts[key] for answer in answers if key in answer.accounts), None)
        return author._replace(account=found.account, account_id=found.account_id) if found else author

    authors, named = (tuple(known(author) for author in them) for them in (commit.authors, commit.co_authors))
    return replace(commit, authors=authors, co_authors=named)


def _with_address(contributor: ForgeContributor, answers: Sequence[SourceAnswer]) -> ForgeContributor:
    """The hand with an address that the forge knows to be its account's, so that others can be told from it."""
    known = [(address, author) for answer in answers for (_, address), author in answer.accounts.items()]
    for address, author in known:
        if (
            contributor.author.account_id
            and author.account_id == contributor.author.account_id
            and not contributor.author.email
        ):
            return replace(contributor, author=contributor.author._replace(email=address))
    return contributor


def _with_teams(
    members: Mapping[str, tuple[Person, ...]], answers: Sequence[SourceAnswer]
) -> Mapping[str, tuple[Person, ...]]:
    found = dict(members)
    for answer in answers:
        for role, people_of_team in answer.members.items():
            known = found.get(role, ())
            found[role] = (*known, *(person for person in people_of_team if person not in known))
    return found


def _commits_to(oid: str, revisions: Revisions, context: CommitContext) -> tuple[Commit, ...] | None:
    """The commits that base lacks and this commit has; None where this clone does not hold them."""
    base = revisions.base_ref.commit
    if base is None or not context.repository.holds_commit(oid):
        return None
    try:
        return with_systems(context.repository.commits(base, oid), context)
    except UndecidedError:
        return None


def _earlier(repository: Repository, revisions: Revisions) -> Iterator[Tree]:
    """What base was before, newest first; BaseError at the end of a clone that is cut off there."""
    base = revisions.base_ref.commit or ""
    line = repository.first_parents(base, EARLIER_RECORDS)
    for commit in line:
        yield repository.merged_already(repository.tree_oid(commit))
    if [base, *line][-1] in repository.shallow:
        raise BaseError(
            "this clone is shallow: whether base held this record before cannot be told",
            hint="git fetch --unshallow (GitHub: fetch-depth: 0; GitLab: GIT_DEPTH: 0), then run this again",
        )


def _commits(repository: Repository, revisions: Revisions) -> tuple[tuple[Commit, ...], bool, tuple[str, ...]]:
    """The commits of the change, whether all could be listed, and what to say of it."""
    base, head = revisions.base_ref.commit, revisions.head_commit
    if base is None or head is None:
        return (), False, ("there is no commit yet, so nobody is known to be an author",)
    try:
        commits = repository.commits(base, head)
    except UndecidedError as error:
        return (), False, (f"the authors of this change are not known: {error.message} ({error.hint})",)
    notes = ("what is not committed has no author yet",) if revisions.source == "worktree" else ()
    return commits, True, notes

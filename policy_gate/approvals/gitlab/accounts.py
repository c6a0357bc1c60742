"""GitLab's accounts as authors, and which of them are behind the addresses of a merge request's commits.

REST answers tell addresses only; the GraphQL API names the account that has confirmed an address, of the author of a
commit and of nobody else. Whose an address is that only committers and co-authors have, as of a suggestion that was
applied, an older commit by that address tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from policy_gate.approvals.gitlab.reviews import Request, account_of
from policy_gate.approvals.source import ApprovalQuery
from policy_gate.forges import gitlab_answers as answers
from policy_gate.forges.errors import AbsentError, EndlessError, ForbiddenError, MalformedError
from policy_gate.forges.gitlab import MOST_PAGES, GitLab
from policy_gate.people.mailbox import NOREPLY
from policy_gate.schema.people import Author

_QUERY = """
query ($id: MergeRequestID!, $after: String) {
  mergeRequest(id: $id) {
    commits(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { authorEmail author { id username name } }
    }
  }
}
"""


_OF_COMMIT = """
query ($id: MergeRequestID!, $ref: String!) {
  mergeRequest(id: $id) {
    targetProject { repository { tree(ref: $ref) { lastCommit { authorEmail author { id username name } } } } }
  }
}
"""
MOST_OTHERS = 50
"""How many addresses are asked about that are no author's."""


class Accounts(Struct, frozen=True):
    """The account behind (commit id, address in lower case); `note` says what is not known, if anything."""

    known: Mapping[tuple[str, str], Author] = field(default_factory=dict)
    note: str | None = None


def accounts(gitlab: GitLab, request: Request, query: ApprovalQuery) -> Accounts:
    """The accounts behind the addresses in the change's commits, wherever GitLab knows one."""
    what = f"whose addresses are in the commits of {request.name}"
    try:
        told = dict(_named(gitlab, request, what))
        told |= _others(gitlab, request, query, told)
    except (AbsentError, ForbiddenError) as error:
        # Some editions lack the query, some tokens the right: then only addresses can be compared.
        return Accounts(note=error.message)
    known = {
        (commit.oid, author.email.casefold()): account
        for commit in query.commits
        for author in commit.authors
        if (account := told.get(author.email.casefold())) is not None
    }
    return Accounts(known)


def _others(
    gitlab: GitLab, request: Request, query: ApprovalQuery, told: Mapping[str, Author | None]
) -> dict[str, Author | None]:
    """The accounts behind addresses that no author has; those that say their account themselves are not asked about."""
    addresses = dict.fromkeys(author.email.casefold() for commit in query.commits for author in commit.authors)
    asked = [it for it in addresses if it and it not in told and not NOREPLY.match(it)]
    found: dict[str, Author | None] = {}
    for address in asked[:MOST_OTHERS]:
        try:
            found[address] = _author_of(gitlab, request, address)
        except (AbsentError, ForbiddenError):
            continue
    return found


def _author_of(gitlab: GitLab, request: Request, address: str) -> Author | None:
    """The account behind the newest commit of the default branch that is by this address, if there is one."""
    what = f"who {address} is"
    path = f"{request.path.partition('/merge_requests/')[0]}/repository/commits"
    page = next(gitlab.pages(answers.RequestCommit, path, what, author=address), ())
    own = next((commit.id for commit in page if commit.author_email.casefold() == address), None)
    if own is None:
        return None
    variables = {"id": _global_id(request), "ref": own}
    answer = gitlab.query(answers.OldCommitAnswer, _OF_COMMIT, variables, what)
    node = answer.commit
    if node is None or node.author is None or (node.authorEmail or "").casefold() != address:
        return None
    return account_of(node.author.number, node.author.username, node.author.name)


def _global_id(request: Request) -> str:
    return f"gid://gitlab/MergeRequest/{request.told.id}"


def _named(gitlab: GitLab, request: Request, what: str) -> Iterator[tuple[str, Author | None]]:
    after = None
    for _ in range(MOST_PAGES):
        variables = {"id": _global_id(request), "after": after}
        commits = _commits(gitlab, variables, what)
        for node in commits.nodes:
            if node.authorEmail is not None:
                author = node.author
                account = account_of(author.number, author.username, author.name) if author else None
                yield node.authorEmail.casefold(), account
        if not commits.pageInfo.hasNextPage:
            return
        after = commits.pageInfo.endCursor
    raise EndlessError(gitlab.not_available("POST", what, "there are too many"))


def _commits(gitlab: GitLab, variables: Mapping[str, object], what: str) -> answers.Commits:
    answer = gitlab.query(answers.CommitsAnswer, _QUERY, variables, what)
    if answer.errors is not None:
        raise AbsentError(gitlab.not_available("POST", what, "this GitLab does not answer that question"), status=404)
    if answer.data is None:
        raise MalformedError(gitlab.not_available("POST", what, "the answer has neither data nor errors"))
    if answer.data.mergeRequest is None:
        raise AbsentError(gitlab.not_available("POST", what, "the token may not see it"), status=404)
    return answer.data.mergeRequest.commits

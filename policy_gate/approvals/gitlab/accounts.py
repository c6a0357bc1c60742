"""GitLab's accounts as authors, and which of them are behind the addresses of a merge request's commits.

REST answers tell addresses only; the GraphQL API names the account that has confirmed an address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from policy_gate.approvals.gitlab.reviews import Request, account_of
from policy_gate.approvals.source import ApprovalQuery
from policy_gate.forges import gitlab_answers as answers
from policy_gate.forges.errors import AbsentError, EndlessError, ForbiddenError, MalformedError
from policy_gate.forges.gitlab import MOST_PAGES, GitLab
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


class Accounts(Struct, frozen=True):
    """The account behind (commit id, address in lower case); `note` says what is not known, if anything."""

    known: Mapping[tuple[str, str], Author] = field(default_factory=dict)
    note: str | None = None


def accounts(gitlab: GitLab, request: Request, query: ApprovalQuery) -> Accounts:
    """The accounts behind the addresses in the change's commits, wherever GitLab knows one."""
    what = f"whose addresses are in the commits of {request.name}"
    try:
        by_address = {address: account for address, account in _named(gitlab, request, what) if account is not None}
    except (AbsentError, ForbiddenError) as error:
        # Some editions lack the query, some tokens the right: then only addresses can be compared.
        return Accounts(note=error.message)
    known = {
        (commit.oid, author.email.casefold()): by_address[author.email.casefold()]
        for commit in query.commits
        for author in commit.authors
        if author.email.casefold() in by_address
    }
    return Accounts(known)


def _named(gitlab: GitLab, request: Request, what: str) -> Iterator[tuple[str, Author | None]]:
    after = None
    for _ in range(MOST_PAGES):
        variables = {"id": f"gid://gitlab/MergeRequest/{request.told.id}", "after": after}
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

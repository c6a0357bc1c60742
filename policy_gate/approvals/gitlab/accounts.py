"""Which GitLab accounts are behind the addresses of a merge request's commits.

REST answers tell addresses only; the GraphQL API names the account that has confirmed an address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from policy_gate.approvals.gitlab.merge_requests import Account, MergeRequest
from policy_gate.approvals.source import ApprovalQuery
from policy_gate.forges.errors import ForgeError
from policy_gate.forges.gitlab import MOST_PAGES, Answered, EndlessError, GitlabApi, not_known
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
_GLOBAL = "gid://gitlab/User/"


@dataclass(frozen=True, slots=True)
class Accounts:
    """The account behind (commit id, address in lower case); `note` says what is not known, or is empty."""

    known: Mapping[tuple[str, str], Author] = field(default_factory=dict)
    note: str = ""


def accounts(api: GitlabApi, request: MergeRequest, query: ApprovalQuery) -> Accounts:
    """The accounts behind the addresses in the change's commits, wherever GitLab knows one."""
    what = f"whose addresses are in the commits of {request.name}"
    try:
        by_address = {address: account for address, account in _named(api, request, what) if account is not None}
    except ForgeError as error:
        # Some editions lack the query, some tokens the right: then only addresses can be compared.
        if error.status in (403, 404):
            return Accounts(note=error.message)
        raise
    known = {
        (commit.oid, author.email.casefold()): by_address[author.email.casefold()]
        for commit in query.commits
        for author in commit.authors
        if author.email.casefold() in by_address
    }
    return Accounts(known)


def _named(api: GitlabApi, request: MergeRequest, what: str) -> Iterator[tuple[str, Author | None]]:
    after = None
    for _ in range(MOST_PAGES):
        variables = {"id": f"gid://gitlab/MergeRequest/{request.id}", "after": after}
        answer = api.query(_QUERY, variables, what)
        if not answer.has("mergeRequest"):
            raise not_known(what, "the token may not see it", status=404)
        commits = answer.part("mergeRequest").part("commits")
        yield from (_of(node) for node in commits.parts("nodes") if node.has("authorEmail"))
        page = commits.part("pageInfo")
        if not page.truth("hasNextPage"):
            return
        after = page.text("endCursor")
    raise EndlessError(f"GitLab did not tell {what}: there are too many")


def _of(node: Answered) -> tuple[str, Author | None]:
    address = node.text("authorEmail").casefold()
    if not node.has("author"):
        return address, None
    told = node.part("author")
    number = told.text("id").removeprefix(_GLOBAL)
    if not number.isascii() or not number.isdigit():
        raise not_known(told.what, "the answer is not what GitLab documents (id is no user's)")
    return address, Account(int(number), told.username(), told.text("name").strip() or told.username()).author

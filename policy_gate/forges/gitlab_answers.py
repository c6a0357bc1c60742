"""What GitLab's API answers, as far as it is read here: field names and types are GitLab's own."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from policy_gate.forges.answers import Answer, Instant, ObjectId

Number = Annotated[int, Field(ge=1)]
Username = Annotated[str, Field(pattern=r"\A[A-Za-z0-9_.-]{1,255}\z")]


class User(Answer):
    """An account; `bot` is None where GitLab does not say."""

    id: Number
    username: Username
    name: str | None = None
    bot: bool | None = None


class MergeRequest(Answer):
    """A merge request; `id` is its number in all of GitLab, `iid` the one in its project.

    `source_project_id` is None where a fork was deleted after the merge request was opened. A fast-forward merge has
    neither a merge commit nor, unless it squashes, a squash commit.
    """

    id: Number
    iid: Number
    author: User
    sha: ObjectId
    source_branch: str
    created_at: Instant
    source_project_id: Number | None = None
    state: str = ""
    target_branch: str = ""
    target_project_id: Number | None = None
    merge_commit_sha: ObjectId | None = None
    squash_commit_sha: ObjectId | None = None
    merged_at: Instant | None = None


class Project(Answer):
    """A project, of which only its number is read."""

    id: Number


class RequestCommit(Answer):
    """A commit of a merge request, with the names and addresses that git has of it."""

    id: ObjectId
    author_name: str
    author_email: str
    committer_name: str
    committer_email: str


class Approval(Answer):
    user: User
    approved_at: Instant | None = None


class Approvals(Answer):
    approved_by: list[Approval]


class ApprovalRule(Answer):
    approved_by: list[User] | None = None


class ApprovalState(Answer):
    rules: list[ApprovalRule]


class Version(Answer):
    """A version of a merge request: a head that it had, and since when."""

    id: Number
    head_commit_sha: ObjectId
    created_at: Instant


class NoteAuthor(Answer):
    id: Number
    username: Username | None = None
    name: str | None = None


class Note(Answer):
    """A comment, or what GitLab itself notes (`system`)."""

    system: bool
    body: str
    author: NoteAuthor
    created_at: Instant


class PushData(Answer):
    """What a push brought; one to many branches at once names none, and none of its commits."""

    ref_type: str | None = None
    ref: str | None = None
    commit_from: ObjectId | None = None
    commit_to: ObjectId | None = None


class Event(Answer):
    created_at: Instant
    author: User | None = None
    push_data: PushData | None = None


class Member(Answer):
    id: Number
    state: str
    membership_state: str | None = None


class Group(Answer):
    """A group that the token sees; nothing more is read of it."""


class CommitAuthor(Answer):
    """An account in GraphQL, whose `id` is an address such as `gid://gitlab/User/7`."""

    id: Annotated[str, Field(pattern=r"\A(gid://gitlab/User/)?[0-9]+\z")]
    username: Username
    name: str

    @property
    def number(self) -> int:
        return int(self.id.rpartition("/")[2])


class CommitNode(Answer):
    authorEmail: str | None = None  # noqa: N815 - GraphQL's name
    author: CommitAuthor | None = None


class PageInfo(Answer):
    hasNextPage: bool  # noqa: N815 - GraphQL's name
    endCursor: str | None = None  # noqa: N815 - GraphQL's name


class Commits(Answer):
    pageInfo: PageInfo  # noqa: N815 - GraphQL's name
    nodes: list[CommitNode]


class MergeRequestCommits(Answer):
    commits: Commits


class CommitsData(Answer):
    mergeRequest: MergeRequestCommits | None = None  # noqa: N815 - GraphQL's name


class CommitsAnswer(Answer):
    """The answer to the query for a merge request's commits; with `errors` it is none."""

    data: CommitsData | None = None
    errors: list[object] | None = None


class _Tree(Answer):
    lastCommit: CommitNode | None = None  # noqa: N815 - GraphQL's name


class _Repository(Answer):
    tree: _Tree | None = None


class _ProjectOfRequest(Answer):
    repository: _Repository | None = None


class _RequestWithProject(Answer):
    targetProject: _ProjectOfRequest | None = None  # noqa: N815 - GraphQL's name


class _OldCommitData(Answer):
    mergeRequest: _RequestWithProject | None = None  # noqa: N815 - GraphQL's name


class OldCommitAnswer(Answer):
    """The answer to the query for one commit of the project; with `errors`, or without one of its parts, it is none."""

    data: _OldCommitData | None = None
    errors: list[object] | None = None

    @property
    def commit(self) -> CommitNode | None:
        """The commit, where it was told."""
        request = self.data.mergeRequest if self.data else None
        project = request.targetProject if request else None
        repository = project.repository if project else None
        tree = repository.tree if repository else None
        return tree.lastCommit if tree else None

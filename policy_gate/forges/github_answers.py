"""What GitHub's REST API answers, as far as it is read here: field names and types are GitHub's own."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from policy_gate.forges.answers import Answer, Instant, ObjectId, Shaped


class User(Answer):
    """An account: `id` outlives its `login`."""

    login: Annotated[str, Field(min_length=1)]
    id: int
    type: str = ""


class HeadRepository(Answer):
    full_name: str


class Head(Answer):
    """Where a pull request comes from; `repo` is None where that is gone."""

    sha: ObjectId
    ref: str = ""
    repo: HeadRepository | None = None


class Base(Answer):
    ref: Annotated[str, Field(min_length=1)]


class PullRequest(Answer):
    """A pull request; `user` is None where the account is gone, `commits` only where asked for by its number."""

    number: int
    user: User | None
    head: Head
    base: Base
    state: str = ""
    merged_at: Instant | None = None
    commits: int | None = None
    created_at: Instant | None = None


class Review(Answer):
    """A review; `user` is None where the account is gone, `submitted_at` while it is pending."""

    id: int
    state: str
    user: User | None = None
    commit_id: str | None = None
    submitted_at: Instant | None = None
    author_association: str = ""


class IssueEvent(Answer):
    """Something that happened to a pull request, such as `base_ref_changed`."""

    id: int
    event: str
    created_at: Instant


class Identity(Answer):
    """An author or committer as git has it."""

    name: str | None = None
    email: str | None = None


class GitCommit(Answer):
    author: Identity | None = None
    committer: Identity | None = None
    message: str = ""


class Commit(Answer):
    """A commit, with the accounts behind its author and committer where GitHub knows them; it may say `{}`."""

    sha: str
    commit: GitCommit
    author: Shaped[User] = None
    committer: Shaped[User] = None


class Activity(Answer):
    """Something that happened to a branch, such as a push."""

    id: int
    activity_type: str
    timestamp: Instant
    actor: Shaped[User] = None
    before: str = ""
    after: str = ""


class Membership(Answer):
    state: str


class Team(Answer):
    id: int


class Comment(Answer):
    id: int
    user: User | None = None
    body: str | None = None


class Issue(Comment):
    """An issue, or a pull request, which GitHub lists among them with a field `pull_request`."""

    number: int
    state: str = ""
    pull_request: object = None


class Written(Answer):
    """What was written, with its id."""

    id: int
    number: int = 0


class Numbered(Answer):
    number: int


class WorkflowRun(Answer):
    id: int
    workflow_id: int | None = None
    event: str = ""
    head_sha: str = ""
    status: str | None = None
    conclusion: str | None = None
    pull_requests: list[Shaped[Numbered]] | None = None


class WorkflowRuns(Answer):
    workflow_runs: list[Shaped[WorkflowRun]]


class Release(Answer):
    tag_name: str


class Target(Answer):
    """What a pull request asks to be merged into, and where it stands."""

    base: Base


class Tip(Answer):
    sha: ObjectId


class Proposed(Answer):
    """The newest commit of a pull request."""

    head: Tip


class OpenPull(Proposed):
    """One of a listing of pull requests."""

    number: int


class Login(Answer):
    login: Annotated[str, Field(min_length=1)]


class Viewer(Answer):
    viewer: Login


class ViewerAnswer(Answer):
    data: Viewer


class BaseChange(Answer):
    """That a pull request came to be for another branch."""

    at: Annotated[Instant, Field(alias="createdAt")]


class BaseChanges(Answer):
    nodes: list[BaseChange]


class ChangedPull(Answer):
    changes: Annotated[BaseChanges, Field(alias="timelineItems")]


class PullHolder(Answer):
    pull: Annotated[ChangedPull, Field(alias="pullRequest")]


class RepositoryHolder(Answer):
    repository: PullHolder


class BaseChangesAnswer(Answer):
    """What GraphQL tells of the changes of a pull request's base; with errors beside it, it is no answer."""

    data: RepositoryHolder
    errors: None = None

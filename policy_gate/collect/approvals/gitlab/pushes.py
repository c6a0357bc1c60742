"""Who pushed the commits of a GitLab merge request, from the push events of its source project.

`GITLAB_USER_LOGIN` is not looked at: it names who started the pipeline, and somebody who starts it again
has pushed nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from policy_gate.collect.approvals.gitlab.api import Answered, EndlessError, GitlabApi
from policy_gate.collect.approvals.gitlab.request import Account, MergeRequest
from policy_gate.collect.approvals.question import Question
from policy_gate.collect.approvals.untold import UntoldError
from policy_gate.schema.people import Author, Commit, Hand


@dataclass
class Pushed:
    """Whose pushes brought which commits, as far as told; `note` says what is not known, or is empty."""

    hands: tuple[Hand, ...] = ()
    is_whole: bool = False
    note: str = ""


@dataclass
class _Search:
    """The commits whose pusher is looked for, and those found so far by author."""

    commits_to: Callable[[str], tuple[Commit, ...] | None]
    wanted: frozenset[str]
    found: dict[Author, dict[str, Commit]] = field(default_factory=dict)

    @property
    def missing(self) -> int:
        return len(self.wanted.difference(*self.found.values()))

    def take(self, event: Answered) -> None:
        """Give the author of a push the commits that it brought. Of a force push that replaced commits
        which are gone, all that it left count: which of them it brought anew cannot be told."""
        data = event.part("push_data")
        brought = self.commits_to(data.oid("commit_to")) if data.has("commit_to") else None
        before = self.commits_to(data.oid("commit_from")) if data.has("commit_from") else None
        if not brought or not event.has("author"):
            return
        known = {commit.oid for commit in before or ()}
        commits = self.found.setdefault(Account.of(event.part("author")).author, {})
        commits.update({commit.oid: commit for commit in brought if commit.oid not in known})


def pushes(api: GitlabApi, request: MergeRequest, question: Question) -> Pushed:
    """A hand for each account that pushed commits of this change to the merge request's branch."""
    # One push begins where the one before it ended.
    commits_to = cache(question.commits_to)
    proposed = commits_to(request.head)
    commits = question.commits if proposed is None else proposed
    search = _Search(commits_to, frozenset(commit.oid for commit in commits if not commit.merge_of_git))
    unknown = f"who pushed to {request.name} is not known"
    if not request.source_project:
        return Pushed(note=f"{unknown}: its source project is gone")
    note = ""
    try:
        for event in _events(api, request, search):
            search.take(event)
    except EndlessError:
        note = f"{unknown} beyond the newest pushes: its source project has too many to read"
    except UntoldError as error:
        if error.status not in (403, 404):
            raise
        return Pushed(note=f"{unknown}: the events of its source project may not be read ({error.status})")
    if search.missing and not note:
        note = f"{unknown} for {search.missing} of its commits: no push event names them"
    return Pushed(tuple(_hands(search, request)), bool(search.wanted) and not note, note)


def _events(api: GitlabApi, request: MergeRequest, search: _Search) -> Iterator[Answered]:
    """Pushes to the source branch, newest first: all since the merge request was opened, and as many
    before that as it takes, since most branches are pushed before anything is opened."""
    path = f"/projects/{request.source_project}/events"
    for page in api.pages(path, f"who pushed to {request.name}", action="pushed", sort="desc"):
        for event in page:
            if _is_to(request.source_branch, event):
                yield event
            if not search.missing and event.instant("created_at") < request.opened:
                return


def _is_to(branch: str, event: Answered) -> bool:
    """Whether a push was to this branch. One to many branches at once names none, and none of its commits."""
    if not event.has("push_data"):
        return False
    fields = event.part("push_data").fields
    return fields.get("ref_type") == "branch" and fields.get("ref") == branch


def _hands(search: _Search, request: MergeRequest) -> Iterator[Hand]:
    """A merge as git makes it is nobody's work, so who pushed only such merges had no hand in the change."""
    for author, commits in search.found.items():
        own = tuple(commit for commit in commits.values() if not commit.merge_of_git)
        if own:
            yield Hand(author, f"pushed to {request.name}", own)

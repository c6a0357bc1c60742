"""Who pushed the commits of a GitLab merge request, from the push events of its source project.

`GITLAB_USER_LOGIN` is not looked at: it names who started the pipeline, and somebody who starts it again
has pushed nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_gate.approvals.gitlab.reviews import Request, author_of
from policy_gate.approvals.pushers import Pushed, Pushers, proposed, pushers_of
from policy_gate.approvals.source import ApprovalQuery
from policy_gate.forges import gitlab_answers as answers
from policy_gate.forges.errors import AbsentError, EndlessError, ForbiddenError
from policy_gate.forges.gitlab import GitLab
from policy_gate.schema.people import Author, ForgeContributor


def pushed(gitlab: GitLab, request: Request, query: ApprovalQuery) -> Pushed:
    """A hand for each account that pushed commits of this change to the merge request's branch.

    Of a push to many branches at once GitLab tells no more than whose it was: it may have brought what no other did.
    """
    search = pushers_of(request.told.sha, query)
    unknown = f"who pushed to {request.name} is not known"
    if request.told.source_project_id is None:
        return Pushed(note=f"{unknown}: its source project is gone")
    note = None
    at_once: dict[Author, None] = {}
    try:
        for event in _events(gitlab, request, search):
            if _is_to(request.told.source_branch, event):
                _take(event, search)
            elif _is_of_many(event) and event.author is not None:
                at_once[author_of(event.author)] = None
    except EndlessError:
        note = f"{unknown} beyond the newest pushes: its source project has too many to read"
    except (AbsentError, ForbiddenError) as error:
        return Pushed(note=f"{unknown}: the events of its source project may not be read ({error.status})")
    if search.missing and note is None:
        note = f"{unknown} for {search.missing} of its commits: no push event names them"
    hands = search.contributors(f"pushed to {request.name}")
    unnamed = tuple(commit for commit in proposed(request.told.sha, query) if commit.oid in search.unnamed)
    if unnamed:
        part = f"pushed many branches at once, perhaps that of {request.name} (amend it, and push it by itself)"
        hands += tuple(ForgeContributor(who, part, unnamed) for who in at_once)
    return Pushed(hands, bool(search.wanted) and note is None, note)


def _events(gitlab: GitLab, request: Request, search: Pushers) -> Iterator[answers.Event]:
    """Pushes, newest first: all since the merge request was opened, and as many before that as it takes, since most
    branches are pushed before anything is opened."""
    path = f"/projects/{request.told.source_project_id}/events"
    what = f"who pushed to {request.name}"
    for page in gitlab.pages(answers.Event, path, what, action="pushed", sort="desc"):
        for event in page:
            yield event
            if not search.missing and event.created_at < request.told.created_at:
                return


def _is_to(branch: str, event: answers.Event) -> bool:
    """Whether a push was to this branch."""
    data = event.push_data
    return data is not None and data.ref_type == "branch" and data.ref == branch


def _is_of_many(event: answers.Event) -> bool:
    """Whether a push was to so many branches at once that GitLab names none of them, and none of its commits."""
    data = event.push_data
    return data is not None and data.ref_type == "branch" and data.ref is None


def _take(event: answers.Event, search: Pushers) -> None:
    data = event.push_data
    if data is not None and event.author is not None:
        search.take(author_of(event.author), data.commit_from or "", data.commit_to or "")

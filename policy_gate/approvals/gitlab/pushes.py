"""Who pushed the commits of a GitLab merge request, from the push events of its source project.

`GITLAB_USER_LOGIN` is not looked at: it names who started the pipeline, and somebody who starts it again
has pushed nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_gate.approvals.gitlab.merge_requests import Account, MergeRequest
from policy_gate.approvals.pushers import Pushed, Pushers, pushers_of
from policy_gate.approvals.source import ApprovalQuery
from policy_gate.forges.errors import ForgeError
from policy_gate.forges.gitlab import Answered, EndlessError, GitlabApi


def pushes(api: GitlabApi, request: MergeRequest, query: ApprovalQuery) -> Pushed:
    """A hand for each account that pushed commits of this change to the merge request's branch."""
    search = pushers_of(request.head, query)
    unknown = f"who pushed to {request.name} is not known"
    if not request.source_project:
        return Pushed(note=f"{unknown}: its source project is gone")
    note = ""
    try:
        for event in _events(api, request, search):
            _take(event, search)
    except EndlessError:
        note = f"{unknown} beyond the newest pushes: its source project has too many to read"
    except ForgeError as error:
        if error.status not in (403, 404):
            raise
        return Pushed(note=f"{unknown}: the events of its source project may not be read ({error.status})")
    if search.missing and not note:
        note = f"{unknown} for {search.missing} of its commits: no push event names them"
    return Pushed(search.contributors(f"pushed to {request.name}"), bool(search.wanted) and not note, note)


def _events(api: GitlabApi, request: MergeRequest, search: Pushers) -> Iterator[Answered]:
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


def _take(event: Answered, search: Pushers) -> None:
    data = event.part("push_data")
    before, after = (data.oid(name) if data.has(name) else "" for name in ("commit_from", "commit_to"))
    if event.has("author"):
        search.take(Account.of(event.part("author")).author, before, after)

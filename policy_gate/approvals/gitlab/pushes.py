"""Who pushed the commits of a GitLab merge request, from the push events of its source project and from its notes.

`GITLAB_USER_LOGIN` is not looked at: it names who started the pipeline, and somebody who starts it again
has pushed nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_gate.approvals.gitlab.reviews import Request, account_of, author_of
from policy_gate.approvals.pushers import Pushed, Pushers, proposed, pushers_of
from policy_gate.approvals.source import ApprovalQuery
from policy_gate.forges import gitlab_answers as answers
from policy_gate.forges.errors import AbsentError, EndlessError, ForbiddenError
from policy_gate.forges.gitlab import GitLab
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.people import Author, Commit, ForgeContributor

_ADDED = lazy_pattern(r"added [0-9]+ commits?\b")
_LISTED = lazy_pattern(r"<li>([0-9a-f]{8,64}) - ")
"""how the note about a push lists a commit that is new"""


def pushed(gitlab: GitLab, request: Request, query: ApprovalQuery) -> Pushed:
    """A hand for each account that pushed commits of this change to the merge request's branch.

    What no push event names the merge request's own notes may tell, which say of each push since it was opened what it
    brought. Of a push to many branches at once events tell no more than whose it was: it may have brought the rest.
    """
    search = pushers_of(request.told.sha, query)
    at_once: dict[Author, None] = {}
    trouble = _search(gitlab, request, search, at_once)
    unnamed = tuple(commit for commit in proposed(request.told.sha, query) if commit.oid in search.unnamed)
    noted = _noted(gitlab, request, unnamed) if unnamed else {}
    told = {commit.oid for brought in noted.values() for commit in brought}
    left = tuple(commit for commit in unnamed if commit.oid not in told)
    hands = search.contributors(f"pushed to {request.name}")
    hands += tuple(ForgeContributor(who, f"pushed to {request.name}", brought) for who, brought in noted.items())
    if left:
        part = f"pushed many branches at once, perhaps that of {request.name} (amend it, and push it by itself)"
        hands += tuple(ForgeContributor(who, part, left) for who in at_once)
        trouble = trouble or f" for {len(left)} of its commits: no push event names them"
    note = f"who pushed to {request.name} is not known{trouble}" if trouble and (left or not unnamed) else None
    return Pushed(hands, bool(search.wanted) and note is None, note)


def _search(gitlab: GitLab, request: Request, search: Pushers, at_once: dict[Author, None]) -> str:
    """Feed the search with push events, and gather who pushed many branches `at_once`; what kept it from its end."""
    if request.told.source_project_id is None:
        return ": its source project is gone"
    try:
        for event in _events(gitlab, request, search):
            if _is_to(request.told.source_branch, event):
                _take(event, search)
            elif _is_of_many(event) and event.author is not None:
                at_once[author_of(event.author)] = None
    except EndlessError:
        return " beyond the newest pushes: its source project has too many to read"
    except (AbsentError, ForbiddenError) as error:
        return f": the events of its source project may not be read ({error.status})"
    return ""


def _noted(gitlab: GitLab, request: Request, commits: tuple[Commit, ...]) -> dict[Author, tuple[Commit, ...]]:
    """Which of these commits GitLab's own notes say somebody's push added to the merge request."""
    try:
        notes = gitlab.all(answers.Note, f"{request.path}/notes", f"the notes of {request.name}")
    except (AbsentError, ForbiddenError):
        return {}
    found: dict[Author, tuple[str, ...]] = {}
    for note in notes:
        # Anybody can write these words in a comment; only GitLab writes system notes.
        if not note.system or note.author.username is None or not _ADDED.match(note.body):
            continue
        who = account_of(note.author.id, note.author.username, note.author.name)
        found[who] = (*found.get(who, ()), *_LISTED.findall(note.body))
    brought = {who: tuple(it for it in commits if it.oid.startswith(listed)) for who, listed in found.items()}
    return {who: those for who, those in brought.items() if those}


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

"""GitHub's event file: what started a job, as GitHub wrote it, read once into a typed value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from policy_gate.errors import BaseError
from policy_gate.vcs.tree import is_object_id

PULL_EVENTS: Final = ("pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment")
GROUP_EVENT: Final = "merge_group"
"""Names of the events that are about a pull request, or about a merge group."""
_EVENT_LIMIT = 32 * 1024 * 1024


class EventAccount(Struct, frozen=True):
    """An account that an event names: `id` outlives its `login`."""

    login: str
    id: int


class GithubEvent(Struct, frozen=True):
    """What is read of an event. A text is empty, and anything else None, where the event does not tell it.

    Commits are full ids. `ref`, `before`, `after` and `is_deletion` are a push's; `before` and `after` also those of
    a push to a pull request.
    """

    action: str = ""
    ref: str = ""
    before: str = ""
    after: str = ""
    is_deletion: bool = False
    default_branch: str = ""
    sender: EventAccount | None = None
    number: int | None = None
    opener: EventAccount | None = None
    pull_head: str = ""
    pull_base: str = ""
    pull_base_commit: str = ""
    group_head: str = ""
    group_head_ref: str = ""
    group_base_ref: str = ""
    group_base: str = ""


def read_event(environment: Mapping[str, str]) -> GithubEvent:
    """The event of this job; BaseError where the file that GITHUB_EVENT_PATH names cannot be read."""
    path = environment.get("GITHUB_EVENT_PATH", "")
    try:
        with Path(path).open("rb") as file:
            return _event_of(json.loads(file.read(_EVENT_LIMIT)))
    except (OSError, ValueError, RecursionError) as error:
        raise BaseError(
            f"the event file that GITHUB_EVENT_PATH names cannot be read ({type(error).__name__})",
            hint="name the base with --base",
        ) from error


def _event_of(data: Any) -> GithubEvent:
    number = _value(data, "pull_request", "number")
    return GithubEvent(
        action=_text(data, "action"),
        ref=_text(data, "ref"),
        before=_commit(data, "before"),
        after=_pushed(data),
        is_deletion=_value(data, "deleted") is True and not _text(data, "after").strip("0"),
        default_branch=_text(data, "repository", "default_branch"),
        sender=_account(_value(data, "sender")),
        number=number if isinstance(number, int) and not isinstance(number, bool) else None,
        opener=_account(_value(data, "pull_request", "user")),
        pull_head=_commit(data, "pull_request", "head", "sha"),
        pull_base=_text(data, "pull_request", "base", "ref"),
        pull_base_commit=_commit(data, "pull_request", "base", "sha"),
        group_head=_commit(data, "merge_group", "head_sha"),
        group_head_ref=_text(data, "merge_group", "head_ref"),
        group_base_ref=_text(data, "merge_group", "base_ref"),
        group_base=_commit(data, "merge_group", "base_sha"),
    )


def _value(data: Any, *way: str) -> Any:
    for key in way:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _text(data: Any, *way: str) -> str:
    found = _value(data, *way)
    return found if isinstance(found, str) else ""


def _commit(data: Any, *way: str) -> str:
    found = _text(data, *way)
    return found if is_object_id(found) else ""


def _pushed(data: Any) -> str:
    """The commit that a push ends in: of an annotated tag, `after` is the tag itself, and `head_commit` its commit."""
    is_tag = _text(data, "ref").startswith("refs/tags/")
    return (is_tag and _commit(data, "head_commit", "id")) or _commit(data, "after")


def _account(user: Any) -> EventAccount | None:
    login, number = _text(user, "login"), _value(user, "id")
    if not login or not isinstance(number, int) or isinstance(number, bool):
        return None
    return EventAccount(login, number)

"""One comment on a pull request, written when there is something to tell, and kept up to date from then on."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from policy_gate.ci.github.own_comments import is_same, marker_of, ours, without
from policy_gate.forges.errors import AbsentError, ForgeError
from policy_gate.forges.github import GitHub
from policy_gate.forges.github_answers import Comment, Proposed

PERMISSION: Final = "pull-requests: write"


def keep_comment(environment: Mapping[str, str], number: int, text: str, is_needed: bool, head: str = "") -> str:
    """Write, update or leave our comment on this pull request; a sentence for the log on what was done, or why not.

    The first line of `text` is the marker that the comment is found by. Where none of ours is there, one is
    written only if it `is_needed`. `head` is the commit that the text is about: where the pull request has another
    one by now, a later job speaks for it, and this one, slow or run again, is silent. Nothing that GitHub does
    raises anything here.
    """
    marker = marker_of(text)
    try:
        with GitHub.of_job(environment, PERMISSION) as github:
            if head and _head_of(github, number) != head:
                return f"comment on pull request {number}: left as it is, the pull request has another commit by now"
            return f"comment on pull request {number}: {_keep(github, number, marker, text, is_needed)}"
    except ForgeError as error:
        return without(error, f"no comment was kept on pull request {number}")


def _head_of(github: GitHub, number: int) -> str:
    return github.one(Proposed, f"{github.repository}/pulls/{number}", "the pull request").head.sha


def _keep(github: GitHub, number: int, marker: str, text: str, is_needed: bool) -> str:
    account = github.account()
    mine = _ours(github, number, account, marker)
    if mine:
        return _settled(github, mine, text)
    if not is_needed:
        return "there is nothing to tell, so there is none"
    github.write("POST", f"{github.repository}/issues/{number}/comments", "writing it", {"body": text})
    return _after_writing(github, number, account, marker, text)


def _ours(github: GitHub, number: int, account: str, marker: str) -> list[Comment]:
    """Our comments, oldest first; refused where there are too many of others' to know that none is ours."""
    items, is_whole = github.first(Comment, f"{github.repository}/issues/{number}/comments", {})
    found = ours(items, account, marker)
    if not found and not is_whole:
        raise ForgeError(f"it has more than {len(items)} comments, and none of the first is ours")
    return found


def _after_writing(github: GitHub, number: int, account: str, marker: str, text: str) -> str:
    """Look again: a job that ran beside this one may have written its own in the meantime."""
    try:
        mine = _ours(github, number, account, marker)
    except ForgeError:
        return "written"
    return "written" if len(mine) < 2 else f"written; {_settled(github, mine, text)}"


def _settled(github: GitHub, mine: list[Comment], text: str) -> str:
    """The oldest says this text, and the others are gone."""
    first, *others = mine
    said = "up to date"
    if not is_same(first, text):
        github.write("PATCH", _address(github, first), "updating it", {"body": text})
        said = "updated"
    for other in others:
        _delete(github, other)
    return said + (f", and {len(others)} more of ours deleted" if others else "")


def _delete(github: GitHub, comment: Comment) -> None:
    with suppress(AbsentError):  # another job was quicker
        github.ask("DELETE", _address(github, comment), "deleting one that is there twice")


def _address(github: GitHub, comment: Comment) -> str:
    return f"{github.repository}/issues/comments/{comment.id}"

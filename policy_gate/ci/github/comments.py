"""One comment on a pull request, written when there is something to tell, and kept up to date from then on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from policy_gate.ci.github.forge import Forge, ForgeRefusedError
from policy_gate.ci.github.own_comments import is_same, marker_of, ours, without

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
        with Forge(environment, PERMISSION) as forge:
            if head and _head_of(forge, number) != head:
                return f"comment on pull request {number}: left as it is, the pull request has another commit by now"
            return f"comment on pull request {number}: {_keep(forge, number, marker, text, is_needed)}"
    except ForgeRefusedError as refused:
        return without(refused, f"no comment was kept on pull request {number}")


def _head_of(forge: Forge, number: int) -> str:
    pull = forge.ask("GET", f"{forge.repository}/pulls/{number}", "the pull request")
    head = pull.get("head") if isinstance(pull, dict) else None
    commit = head.get("sha") if isinstance(head, dict) else None
    if not isinstance(commit, str):
        raise ForgeRefusedError("the pull request could not be read: GitHub's answer names no head")
    return commit


def _keep(forge: Forge, number: int, marker: str, text: str, is_needed: bool) -> str:
    account = forge.account()
    mine = _ours(forge, number, account, marker)
    if mine:
        return _settled(forge, mine, text)
    if not is_needed:
        return "there is nothing to tell, so there is none"
    forge.ask("POST", f"{forge.repository}/issues/{number}/comments", "writing it", body={"body": text})
    return _after_writing(forge, number, account, marker, text)


def _ours(forge: Forge, number: int, account: str, marker: str) -> list[Mapping[str, Any]]:
    """Our comments, oldest first; refused where there are too many of others' to know that none is ours."""
    items, is_whole = forge.listed(f"{forge.repository}/issues/{number}/comments", {})
    found = ours(items, account, marker)
    if not found and not is_whole:
        raise ForgeRefusedError(f"it has more than {len(items)} comments, and none of the first is ours")
    return found


def _after_writing(forge: Forge, number: int, account: str, marker: str, text: str) -> str:
    """Look again: a job that ran beside this one may have written its own in the meantime."""
    try:
        mine = _ours(forge, number, account, marker)
    except ForgeRefusedError:
        return "written"
    return "written" if len(mine) < 2 else f"written; {_settled(forge, mine, text)}"


def _settled(forge: Forge, mine: list[Mapping[str, Any]], text: str) -> str:
    """The oldest says this text, and the others are gone."""
    first, *others = mine
    said = "up to date"
    if not is_same(first, text):
        forge.ask("PATCH", _address(forge, first), "updating it", body={"body": text})
        said = "updated"
    for other in others:
        _delete(forge, other)
    return said + (f", and {len(others)} more of ours deleted" if others else "")


def _delete(forge: Forge, comment: Mapping[str, Any]) -> None:
    try:
        forge.ask("DELETE", _address(forge, comment), "deleting one that is there twice")
    except ForgeRefusedError as refused:
        if refused.status != 404:  # another job was quicker
            raise


def _address(forge: Forge, comment: Mapping[str, Any]) -> str:
    return f"{forge.repository}/issues/comments/{int(comment['id'])}"

"""One issue that lists a repository's debt: opened when there is some, closed when there is none, and reopened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from policy_gate.ci.github.forge import Forge, ForgeRefusedError
from policy_gate.ci.github.own_comments import is_same, marker_of, ours, without

PERMISSION: Final = "issues: write"
TITLE: Final = "AI governance debt"
"""Given when the issue is opened; people may change it."""


def keep_dashboard(environment: Mapping[str, str], text: str, has_debt: bool) -> str:
    """Open, update, close or reopen our issue; a sentence for the log on what was done, or why not.

    The first line of `text` is the marker that the issue is found by. Nothing that GitHub does raises anything here.
    """
    marker = marker_of(text)
    try:
        with Forge(environment, PERMISSION) as forge:
            return f"dashboard: {_keep(forge, marker, text, has_debt)}"
    except ForgeRefusedError as refused:
        return without(refused, "no dashboard was kept")


def _keep(forge: Forge, marker: str, text: str, has_debt: bool) -> str:
    account = forge.account()
    mine = _ours(forge, account, marker)
    if mine:
        return _settled(forge, mine, text, has_debt)
    if not has_debt:
        return "nothing is owed, so there is none"
    body = {"title": TITLE, "body": text}
    opened = forge.ask("POST", f"{forge.repository}/issues", "opening it", body=body)
    try:
        mine = _ours(forge, account, marker)
    except ForgeRefusedError:
        mine = []
    more = f"; {_settled(forge, mine, text, has_debt)}" if len(mine) > 1 else ""
    return f"issue {_number(opened)} opened{more}"


def _ours(forge: Forge, account: str, marker: str) -> list[Mapping[str, Any]]:
    """Our issues, open and closed, oldest first.

    The account's own are asked for. Where that gives none, the newest of all are looked at too: a server that
    does not know an app as a creator must not make us open one more issue every night.
    """
    path = f"{forge.repository}/issues"
    query = {"state": "all", "sort": "created", "direction": "asc"}
    items, is_whole = forge.listed(path, {**query, "creator": account})
    found = _issues(items, account, marker)
    if not found and not is_whole:
        raise ForgeRefusedError(f"this account has opened more than {len(items)} issues, and none of the first is ours")
    if not found:
        newest, _ = forge.listed(path, {**query, "direction": "desc"}, most_pages=1)
        found = _issues(newest, account, marker)
    return found


def _issues(items: list[Any], account: str, marker: str) -> list[Mapping[str, Any]]:
    issues = [item for item in items if "pull_request" not in item and isinstance(item.get("number"), int)]
    return ours(issues, account, marker)


def _settled(forge: Forge, mine: list[Mapping[str, Any]], text: str, has_debt: bool) -> str:
    """The oldest says this text and is open or closed as it should be; the others are closed."""
    first, *others = mine
    wanted = "open" if has_debt else "closed"
    said = f"issue {_number(first)} is up to date"
    if not is_same(first, text) or first.get("state") != wanted:
        forge.ask("PATCH", _address(forge, first), "updating it", body=_body(text, wanted))
        said = f"issue {_number(first)} {_done(first, wanted)}"
    twins = [other for other in others if other.get("state") == "open"]
    for twin in twins:
        body = {"state": "closed", "state_reason": "not_planned"}
        forge.ask("PATCH", _address(forge, twin), "closing one that is there twice", body=body)
    return said + (f", and {len(twins)} more of ours closed" if twins else "")


def _body(text: str, state: str) -> dict[str, str]:
    return {"body": text, "state": state, **({"state_reason": "completed"} if state == "closed" else {})}


def _done(issue: Mapping[str, Any], wanted: str) -> str:
    if issue.get("state") == wanted:
        return "updated"
    return "reopened" if wanted == "open" else "closed: nothing is owed"


def _address(forge: Forge, issue: Mapping[str, Any]) -> str:
    return f"{forge.repository}/issues/{_number(issue)}"


def _number(issue: Any) -> int:
    number = issue.get("number") if isinstance(issue, dict) else None
    return number if isinstance(number, int) else 0

"""One issue that lists a repository's debt: opened when there is some, closed when there is none, and reopened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from policy_gate.ci.github.own_comments import is_same, marker_of, ours, without
from policy_gate.forges.errors import ForgeError
from policy_gate.forges.github import GitHub
from policy_gate.forges.github_answers import Issue

PERMISSION: Final = "issues: write"
TITLE: Final = "AI governance debt"
"""Given when the issue is opened; people may change it."""


def keep_dashboard(environment: Mapping[str, str], text: str, has_debt: bool) -> str:
    """Open, update, close or reopen our issue; a sentence for the log on what was done, or why not.

    The first line of `text` is the marker that the issue is found by. Nothing that GitHub does raises anything here.
    """
    marker = marker_of(text)
    try:
        with GitHub.of_job(environment, PERMISSION) as github:
            return f"dashboard: {_keep(github, marker, text, has_debt)}"
    except ForgeError as error:
        return without(error, "no dashboard was kept")


def _keep(github: GitHub, marker: str, text: str, has_debt: bool) -> str:
    account = github.account()
    mine = _ours(github, account, marker)
    if mine:
        return _settled(github, mine, text, has_debt)
    if not has_debt:
        return "nothing is owed, so there is none"
    body = {"title": TITLE, "body": text}
    opened = github.write("POST", f"{github.repository}/issues", "opening it", body)
    try:
        mine = _ours(github, account, marker)
    except ForgeError:
        mine = []
    more = f"; {_settled(github, mine, text, has_debt)}" if len(mine) > 1 else ""
    return f"issue {opened.number} opened{more}"


def _ours(github: GitHub, account: str, marker: str) -> list[Issue]:
    """Our issues, open and closed, oldest first.

    The account's own are asked for. Where that gives none, the newest of all are looked at too: a server that
    does not know an app as a creator must not make us open one more issue every night.
    """
    path = f"{github.repository}/issues"
    query = {"state": "all", "sort": "created", "direction": "asc"}
    items, is_whole = github.first(Issue, path, {**query, "creator": account})
    found = _issues(items, account, marker)
    if not found and not is_whole:
        raise ForgeError(f"this account has opened more than {len(items)} issues, and none of the first is ours")
    if not found:
        newest, _ = github.first(Issue, path, {**query, "direction": "desc"}, most_pages=1)
        found = _issues(newest, account, marker)
    return found


def _issues(items: list[Issue], account: str, marker: str) -> list[Issue]:
    return ours([item for item in items if item.pull_request is None], account, marker)


def _settled(github: GitHub, mine: list[Issue], text: str, has_debt: bool) -> str:
    """The oldest says this text and is open or closed as it should be; the others are closed."""
    first, *others = mine
    wanted = "open" if has_debt else "closed"
    said = f"issue {first.number} is up to date"
    if not is_same(first, text) or first.state != wanted:
        github.write("PATCH", _address(github, first), "updating it", _body(text, wanted))
        said = f"issue {first.number} {_done(first, wanted)}"
    twins = [other for other in others if other.state == "open"]
    for twin in twins:
        body = {"state": "closed", "state_reason": "not_planned"}
        github.write("PATCH", _address(github, twin), "closing one that is there twice", body)
    return said + (f", and {len(twins)} more of ours closed" if twins else "")


def _body(text: str, state: str) -> dict[str, str]:
    return {"body": text, "state": state, **({"state_reason": "completed"} if state == "closed" else {})}


def _done(issue: Issue, wanted: str) -> str:
    if issue.state == wanted:
        return "updated"
    return "reopened" if wanted == "open" else "closed: nothing is owed"


def _address(github: GitHub, issue: Issue) -> str:
    return f"{github.repository}/issues/{issue.number}"

"""GitHub's REST API as far as approvals need it: GET only, and whole listings or none.

Whoever imports this needs PyGithub. The token is given to the client and to nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote

from github import Auth, Github, GithubException
from requests import exceptions

from policy_gate.forges.errors import ForgeError
from policy_gate.forges.http import TIMEOUT, TRIED_AGAIN, Waiting, bounded_retry

PER_PAGE = 100
MOST_PAGES = 50
"""What nobody needs more of; a listing that is longer counts as not told."""
_CURSOR = re.compile(r'[?&]after=([^&>]+)[^>]*>;\s*rel="next"')
_LAST_PAGE = re.compile(r'[?&]page=(\d+)[^>]*>;\s*rel="last"')
_PERMISSIONS = "give the job `permissions: {contents: read, pull-requests: read}`"


class Api:
    """One conversation with GitHub. Every method raises ForgeError where the answer is not to be had.

    After tries enough without an answer nothing more is asked: each question would wait as long again.
    """

    def __init__(self, url: str, token: str, waiting: Waiting | None = None) -> None:
        self._client = Github(
            auth=Auth.Token(token),
            base_url=url.rstrip("/"),
            timeout=TIMEOUT,
            retry=bounded_retry(waiting),
            user_agent="policy-gate",
            seconds_between_requests=None,
            seconds_between_writes=None,
        )
        self._broken = ""

    def one(self, path: str, what: str) -> Mapping[str, Any]:
        """The object at a path; `what` names it in the sentence that says why it could not be read."""
        _, data = self._get(path, {}, what)
        if not isinstance(data, dict):
            raise ForgeError(f"{what} could not be read: GitHub's answer is no object")
        return data

    def all(self, path: str, key: str, what: str) -> tuple[Mapping[str, Any], ...]:
        """Every item of a listing, told apart by `key`; pages that end early or overlap are no listing."""
        found: dict[Any, Mapping[str, Any]] = {}
        last = 1
        for page in range(1, MOST_PAGES + 1):
            headers, items = self._get(path, {"per_page": PER_PAGE, "page": page}, what)
            before = len(found)
            found |= {item[key]: item for item in _items(items, key, what)}
            if len(found) - before != len(items) or (page > 1 and not items):
                raise ForgeError(f"{what} could not be read: the listing changed meanwhile, or a page is cut short")
            link = headers.get("link") or ""
            told = _LAST_PAGE.search(link)
            last = max(last, int(told[1])) if told else last
            if 'rel="next"' not in link:
                if page < last:
                    raise ForgeError(f"{what} could not be read: {last} pages were promised, {page} came")
                return tuple(found.values())
        raise ForgeError(f"{what} could not be read: more than {MOST_PAGES * PER_PAGE} of them")

    def newest(self, path: str, query: Mapping[str, Any], what: str) -> Iterator[Mapping[str, Any]]:
        """The items of a listing that goes on by cursor, newest first, for as long as somebody reads."""
        asked = {"per_page": PER_PAGE, **query}
        for _ in range(MOST_PAGES):
            headers, items = self._get(path, asked, what)
            yield from _items(items, "id", what)
            told = _CURSOR.search(headers.get("link") or "")
            if told is None:
                return
            asked["after"] = unquote(told[1])

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _get(self, path: str, parameters: Mapping[str, Any], what: str) -> tuple[Mapping[str, Any], Any]:
        if self._broken:
            raise ForgeError(f"{what} was not asked for: {self._broken}")
        try:
            return self._client.requester.requestJsonAndCheck("GET", path, parameters=dict(parameters))
        except GithubException as error:
            why, hint = _refusal(error)
            self._broken = why if error.status in TRIED_AGAIN else ""
            raise ForgeError(f"{what} could not be read: {why}", hint=hint, status=error.status) from error
        except Exception as error:
            # The client meets foreign bytes here, and raises what it happens to raise.
            is_silent = isinstance(error, exceptions.ConnectionError | exceptions.Timeout)
            self._broken = "GitHub could not be reached" if is_silent else "no answer that can be read"
            self._broken += f" ({type(error).__name__})"
            raise ForgeError(f"{what} could not be read: {self._broken}", hint="run the job again") from error


def _items(items: Any, key: str, what: str) -> list[Mapping[str, Any]]:
    if not isinstance(items, list):
        raise ForgeError(f"{what} could not be read: GitHub's answer is no list")
    if not all(isinstance(item, dict) and isinstance(item.get(key), int | str) for item in items):
        raise ForgeError(f"{what} could not be read: an item of GitHub's answer has no {key}")
    return items


def _refusal(error: GithubException) -> tuple[str, str]:
    """Why GitHub did not tell, and what to do."""
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    if error.status in (403, 429) and headers.get("x-ratelimit-remaining") == "0":
        return f"the rate limit of this token is used up until {_instant(headers)}", "run the job again after that"
    if error.status == 429 or (error.status == 403 and "retry-after" in headers):
        return f"GitHub asks for fewer requests ({error.status})", "run the job again later"
    if error.status == 401:
        return "GitHub does not accept the token (401)", "pass a valid one as GITHUB_TOKEN"
    if error.status == 403:
        return "the token may not read it (403)", _PERMISSIONS
    if error.status == 404:
        return "it is not there, or hidden from the token (404)", _PERMISSIONS
    return f"GitHub answered {error.status}", "run the job again when GitHub is well"


def _instant(headers: Mapping[str, Any]) -> str:
    try:
        return datetime.fromtimestamp(float(headers.get("x-ratelimit-reset", "")), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return "a time that GitHub does not tell"

"""GitHub's REST API as far as a job writes to it: few requests, bounded waiting, nothing sent twice.

Only a GET is tried again. What a POST came to is not known when its answer is lost, so it is left at that: the
next run finds what is there. The token goes to the address in GITHUB_API_URL and to no other.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from policy_gate.errors import PolicyGateError

if TYPE_CHECKING:
    from github import GithubException

TIMEOUT = 15
"""Seconds that one request may wait for the server's next byte."""
TRIES = 3
PAUSE = 1.0
"""Seconds before a GET is tried again, growing by as much each time."""
PER_PAGE = 100
MOST_PAGES = 30
"""A listing is read up to here: three thousand items."""
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")
_AGAIN = "run the job again when GitHub is well"


class ForgeRefusedError(PolicyGateError):
    """GitHub did not do what it was asked; `status` is 0 where no answer came that can be read."""

    def __init__(self, message: str, *, hint: str = "", status: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.status = status

    @property
    def sentence(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class Forge:
    """One conversation about one repository. Every method raises RefusedError where GitHub does not oblige.

    `permission` is what a job must be given for what it wants here, such as `pull-requests: write`. After a
    request that got no answer nothing more is asked: each would wait as long again.
    """

    def __init__(self, environment: Mapping[str, str], permission: str) -> None:
        url, token = environment.get("GITHUB_API_URL", ""), environment.get("GITHUB_TOKEN", "")
        repository = environment.get("GITHUB_REPOSITORY", "")
        if not token:
            raise ForgeRefusedError("there is no token", hint=f"pass one, and give the job `permissions: {permission}`")
        if not urlsplit(url).hostname or not _REPOSITORY.fullmatch(repository):
            raise ForgeRefusedError("GITHUB_API_URL and GITHUB_REPOSITORY do not say where to write")
        self.repository = f"/repos/{repository}"
        self._permission = permission
        self._silent = ""
        self._client = _client(url, token)

    def account(self) -> str:
        """The login that this token writes as: a person's, `github-actions[bot]` or another app's.

        GraphQL tells every sort of token who it is; `GET /user` only a person's.
        """
        try:
            login = self._viewer()
        except ForgeRefusedError:
            login = _login_of(self.ask("GET", "/user", "the account that the token writes as"))
        if not login:
            raise ForgeRefusedError("GitHub does not tell which account the token writes as")
        return login

    def listed(self, path: str, query: Mapping[str, Any], most_pages: int = MOST_PAGES) -> tuple[list[Any], bool]:
        """The items of a listing in order, each once, and whether that is all of them."""
        found: dict[int, Any] = {}
        for page in range(1, most_pages + 1):
            items = self.ask("GET", path, "the listing", query={**query, "per_page": PER_PAGE, "page": page})
            if not isinstance(items, list):
                raise ForgeRefusedError("the listing could not be read: GitHub's answer is no list")
            found |= {item["id"]: item for item in items if isinstance(item, dict) and isinstance(item.get("id"), int)}
            if len(items) < PER_PAGE:
                return list(found.values()), True
        return list(found.values()), False

    def ask(
        self,
        verb: str,
        path: str,
        what: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        """What GitHub answers, as JSON; a GET is tried again where GitHub is not well.

        Where a `body` is sent, the answer is the thing that was written, with its number.
        """
        for number in range(1, TRIES + 1):
            try:
                return self._once(verb, path, what, query, body)
            except ForgeRefusedError as refused:
                if verb != "GET" or number == TRIES or not (refused.status == 0 or refused.status >= 500):
                    raise
                time.sleep(PAUSE * number)
        raise ForgeRefusedError(f"{what}: not asked")

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _viewer(self) -> str:
        try:
            _, answer = self._client.requester.graphql_query("query { viewer { login } }", {})
            return _login_of(answer["data"]["viewer"])
        except Exception as error:
            # Many servers and proxies know no GraphQL, and the client raises what it happens to raise.
            raise ForgeRefusedError("GraphQL does not tell which account the token writes as") from error

    def _once(
        self, verb: str, path: str, what: str, query: Mapping[str, Any] | None, body: Mapping[str, Any] | None
    ) -> Any:
        from github import GithubException  # noqa: PLC0415 - slow to import, and few runs need it

        if self._silent:
            raise ForgeRefusedError(f"{what}: {self._silent}", hint=_AGAIN)
        try:
            _, answer = self._client.requester.requestJsonAndCheck(
                verb, path, parameters=dict(query or {}), input=None if body is None else dict(body)
            )
        except GithubException as error:
            why, hint = self._refusal(error)
            raise ForgeRefusedError(f"{what}: {why}", hint=hint, status=error.status) from error
        except Exception as error:
            # The client meets foreign bytes here, and raises what it happens to raise.
            why = f"no answer that can be read ({type(error).__name__})"
            self._silent = "" if verb == "GET" else why
            raise ForgeRefusedError(f"{what}: {why}", hint=_AGAIN) from error
        if body is not None and not (isinstance(answer, dict) and isinstance(answer.get("id"), int)):
            raise ForgeRefusedError(f"{what}: no answer that can be read", hint=_AGAIN)
        return answer

    def _refusal(self, error: GithubException) -> tuple[str, str]:
        """Why GitHub refused, and what to do. Its own words are looked at, never shown."""
        status, said = error.status, _message_of(error)
        headers = {name.lower(): value for name, value in (error.headers or {}).items()}
        wanted = f"give the job `permissions: {self._permission}` (a fork's pull request has a token that only reads)"
        if status == 429 or (status == 403 and (headers.get("x-ratelimit-remaining") == "0" or "rate limit" in said)):
            return f"GitHub asks for fewer requests ({status})", "run the job again later"
        if status == 401:
            return "GitHub does not accept the token (401)", "pass a valid one"
        if status == 403 and "is locked" in said:
            return "the conversation is locked (403)", "unlock it, or do without"
        if status == 403:
            return "the token may not (403)", wanted
        if status == 404:
            return "it is not there, or hidden from the token (404)", wanted
        if status == 410:
            return "it is switched off in this repository, or deleted (410)", "switch it on in the settings"
        return f"GitHub answered {status}", _AGAIN if status >= 500 else ""


def _client(url: str, token: str) -> Any:
    from github import Auth, Github  # noqa: PLC0415 - slow to import, and few runs need it

    return Github(
        auth=Auth.Token(token),
        base_url=url.rstrip("/"),
        timeout=TIMEOUT,
        retry=0,
        user_agent="policy-gate",
        seconds_between_requests=None,
        seconds_between_writes=None,
    )


def _login_of(thing: Any) -> str:
    login = thing.get("login") if isinstance(thing, dict) else None
    return login if isinstance(login, str) else ""


def _message_of(error: GithubException) -> str:
    said = error.data.get("message") if isinstance(error.data, dict) else ""
    return said.casefold() if isinstance(said, str) else ""

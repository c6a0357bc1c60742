"""GitLab's API, only read: one answer, all pages of a list, or a query; checked for shape, refusals in words.

Nothing here knows what approvals are. No message carries the token or text of the server's errors.
Whoever imports this needs python-gitlab.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from gitlab import Gitlab
from gitlab.exceptions import GitlabError
from requests import Session, exceptions
from requests.adapters import HTTPAdapter

from policy_gate.forges.errors import ForgeError
from policy_gate.forges.http import TIMEOUT, bounded_retry
from policy_gate.vcs.objects import is_object_id

PAGE = 100
"""Items asked for at once: the most that GitLab gives."""
MOST_PAGES = 50
"""Pages of one list that are read; a longer list is not told."""
_USERNAME = re.compile(r"[A-Za-z0-9_.-]{1,255}\Z")
_RIGHTS = "give a project access token with the scope read_api and the role Reporter"
_LATER = "run the job again later"
_REFUSED = {
    401: ("the token is not accepted (401)", _RIGHTS),
    403: ("the token may not read it (403)", _RIGHTS),
    404: ("it is not there, or the token may not see it (404)", _RIGHTS),
    429: ("there were too many requests (429)", _LATER),
}


class EndlessError(ForgeError):
    """A list is longer than what is read of one."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One JSON object of an answer, read field by field; ForgeError where a field is not as documented."""

    what: str
    fields: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, what: str, value: object) -> Answered:
        if not isinstance(value, dict):
            raise _garbled(what, "an object was expected")
        return cls(what, value)

    def part(self, name: str) -> Answered:
        """The object in a field."""
        return Answered.of(self.what, self.fields.get(name))

    def parts(self, name: str) -> tuple[Answered, ...]:
        """The objects of the list in a field."""
        value = self.fields.get(name)
        if not isinstance(value, list):
            raise _garbled(self.what, f"{name} is no list")
        return tuple(Answered.of(self.what, item) for item in value)

    def has(self, name: str) -> bool:
        return self.fields.get(name) is not None

    def number(self, name: str) -> int:
        value = self.fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise _garbled(self.what, f"{name} is no number")
        return value

    def truth(self, name: str) -> bool:
        value = self.fields.get(name)
        if not isinstance(value, bool):
            raise _garbled(self.what, f"{name} is neither true nor false")
        return value

    def text(self, name: str) -> str:
        value = self.fields.get(name)
        # A lone surrogate is valid JSON, but no text that could ever be written down.
        if not isinstance(value, str) or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise _garbled(self.what, f"{name} is no text")
        return value

    def username(self, name: str = "username") -> str:
        text = self.text(name)
        if not _USERNAME.match(text):
            raise _garbled(self.what, f"{name} is no user name")
        return text

    def oid(self, name: str) -> str:
        text = self.text(name)
        if not is_object_id(text):
            raise _garbled(self.what, f"{name} is no commit id")
        return text

    def instant(self, name: str) -> datetime:
        text = self.text(name)
        try:
            found = datetime.fromisoformat(text)
            if found.tzinfo is not None:
                return found.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise _garbled(self.what, f"{name} is no instant")


class GitlabApi:
    """The answers of one GitLab. Made by `opened`."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def one(self, path: str, what: str) -> Answered:
        """The object at a path; ForgeError where there is none."""
        return Answered.of(what, _json(self._get(path, {}, what), what))

    def pages(self, path: str, what: str, **query: str) -> Iterator[tuple[Answered, ...]]:
        """A list, page by page, to its end; ForgeError where a page is missing, EndlessError where no end comes."""
        for number in range(1, MOST_PAGES + 1):
            response = self._get(path, query | {"page": number, "per_page": PAGE}, what)
            items = _json(response, what)
            if not isinstance(items, list):
                raise _garbled(what, "a list was expected")
            yield tuple(Answered.of(what, item) for item in items)
            if not _has_next(response, number, len(items), what):
                return
        raise EndlessError(f"GitLab did not tell {what}: there are more than {MOST_PAGES * PAGE}")

    def all(self, path: str, what: str) -> tuple[Answered, ...]:
        """A whole list."""
        return tuple(item for page in self.pages(path, what) for item in page)

    def query(self, text: str, variables: Mapping[str, object], what: str) -> Answered:
        """What a GraphQL query gives; ForgeError with status 404 where this GitLab does not know the query."""
        body = {"query": text, "variables": dict(variables)}
        answer = Answered.of(what, _json(self._ask("post", f"{self._client.url}/api/graphql", what, body=body), what))
        if answer.has("errors"):
            raise not_known(what, "this GitLab does not answer that question", status=404)
        return answer.part("data")

    def _get(self, path: str, query: Mapping[str, object], what: str) -> Any:
        return self._ask("get", path, what, query)

    def _ask(
        self,
        method: str,
        path: str,
        what: str,
        query: Mapping[str, object] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Any:
        try:
            # Patience is the adapter's; this client's own would come on top of it.
            return self._client.http_request(
                method, path, query_data=dict(query or {}), post_data=body, obey_rate_limit=False
            )
        except GitlabError as error:
            status = error.response_code or 0
            why, hint = _REFUSED.get(status, (f"the server failed ({status})", _LATER))
            raise not_known(what, why, hint, status) from error
        except exceptions.RequestException as error:
            raise not_known(what, *_fault(error)) from error


@contextmanager
def opened(address: str, token: str) -> Iterator[GitlabApi]:
    """A client of the GitLab at an address (without `/api/v4`), closed at the end."""
    with Session() as session:
        adapter = HTTPAdapter(max_retries=bounded_retry())
        for scheme in ("http://", "https://"):
            session.mount(scheme, adapter)
        # A redirect would carry the token to wherever it points.
        session.max_redirects = 0
        yield GitlabApi(Gitlab(address, private_token=token, session=session, timeout=TIMEOUT))


def not_known(what: str, why: str, hint: str = "", status: int = 0) -> ForgeError:
    """The error for something that GitLab did not tell."""
    return ForgeError(f"GitLab did not tell {what}: {why}", hint=hint, status=status)


def _json(response: Any, what: str) -> object:
    try:
        return response.json()
    except (ValueError, RecursionError) as error:
        raise _garbled(what, "it is no JSON") from error


def _has_next(response: Any, number: int, count: int, what: str) -> bool:
    """Whether a page follows. Pages may be short, because GitLab leaves out what the reader may not see."""
    told = response.headers.get("X-Next-Page")
    if told is None:
        return "next" in response.links or count >= PAGE
    if told not in ("", str(number + 1)):
        raise _garbled(what, "the number of the next page is no such number")
    return bool(told)


def _fault(error: Exception) -> tuple[str, str]:
    """What went wrong between here and the server, by its kind alone: messages may quote what was sent."""
    kinds = (
        (exceptions.TooManyRedirects, "it answers with a redirect, which is not followed", "check CI_API_V4_URL"),
        (exceptions.SSLError, "its certificate is not trusted here", "set REQUESTS_CA_BUNDLE to its authority's file"),
        (exceptions.Timeout, "it did not answer in time", _LATER),
        (exceptions.RetryError, "it asks to wait longer than a job can", _LATER),
        (exceptions.ChunkedEncodingError, "the answer broke off", _LATER),
        (exceptions.ConnectionError, "the server could not be reached", _LATER),
    )
    found = ((why, hint) for kind, why, hint in kinds if isinstance(error, kind))
    return next(found, ("the request could not be made", "check CI_API_V4_URL and the token"))


def _garbled(what: str, why: str) -> ForgeError:
    return not_known(what, f"the answer is not what GitLab documents ({why})", _LATER)

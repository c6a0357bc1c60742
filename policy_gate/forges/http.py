"""One client for every forge: asks, follows nobody elsewhere, and tells refusals apart.

The token goes to the address that the client was given and to no other. A server that gave no answer after tries
enough is asked for nothing more in this conversation: each question would wait as long again.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from importlib.util import find_spec
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from policy_gate.forges.errors import (
    AbsentError,
    ForbiddenError,
    ForgeError,
    NotAskedError,
    RateLimitedError,
    TokenError,
    UnreachableError,
)

if TYPE_CHECKING:
    from requests import Session

_MOST_REDIRECTS = 3


class Response(Struct, frozen=True):
    """What came back: header names in lower case, the body as it was sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def is_client_installed() -> bool:
    """Whether `requests` is there, which the extras `github`, `gitlab` and `forges` bring."""
    return find_spec("requests") is not None


def kind_of(status: int) -> type[ForgeError]:
    """Which refusal a status is."""
    if status >= 500:
        return UnreachableError
    kinds: Mapping[int, type[ForgeError]] = {
        401: TokenError,
        403: ForbiddenError,
        404: AbsentError,
        429: RateLimitedError,
    }
    return kinds.get(status, ForgeError)


class ForgeClient(ABC):
    """One conversation with one server. Every method raises a ForgeError where the answer is not to be had."""

    server = "the server"
    """What it is called where it cannot be reached."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self.url = url.rstrip("/")
        self._headers = headers
        self._opened: Session | None = None
        self._silent: str | None = None

    def ask(
        self,
        method: str,
        path: str,
        what: str,
        query: Mapping[str, object] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Response:
        """What the server answers for a path, or for an address of its own; a GET is tried again.

        What a request that writes came to is not known when its answer is lost, so it is made once.
        """
        if self._silent is not None:
            raise NotAskedError(self.not_asked(what, self._silent))
        address = path if "://" in path else f"{self.url}{path}"
        response = self._send(method, address, what, query, body)
        for _ in range(_MOST_REDIRECTS):
            elsewhere = self._moved(method, response, address)
            if elsewhere is None:
                break
            address = elsewhere
            response = self._send(method, address, what)
        if 200 <= response.status < 300:
            return response
        kind, why, hint = self.refusal(method, response)
        if method == "GET" and kind in (RateLimitedError, UnreachableError):
            self._silent = why
        raise kind(self.not_available(method, what, why), hint=hint, status=response.status)

    @abstractmethod
    def not_available(self, method: str, what: str, why: str) -> str:
        """The sentence for something that was asked for and did not come."""

    def not_asked(self, what: str, why: str) -> str:
        """The sentence for something that was not asked for any more."""
        return f"{what} was not asked for: {why}"

    @abstractmethod
    def refusal(self, method: str, response: Response) -> tuple[type[ForgeError], str, str]:
        """The kind of a refusal, why, and what to do."""

    def close(self) -> None:
        """Close the connections that are open."""
        if self._opened is not None:
            self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _send(
        self,
        method: str,
        address: str,
        what: str,
        query: Mapping[str, object] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Response:
        from policy_gate.forges import session as transport  # noqa: PLC0415 - slow, and most runs ask no forge

        self._opened = self._opened or transport.open_session(self._headers, self.url)
        parameters = {name: str(value) for name, value in (query or {}).items()}
        try:
            answer = self._opened.request(
                method, address, params=parameters, json=body, timeout=transport.TIMEOUT, allow_redirects=False
            )
        except Exception as error:
            # The library meets foreign bytes here, and raises what it happens to raise.
            kind, why, hint = transport.fault_of(error, self.server)
            self._silent = why
            raise kind(self.not_available(method, what, why), hint=hint) from error
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Response(answer.status_code, headers, answer.content)

    def _moved(self, method: str, response: Response, address: str) -> str | None:
        """Where a GET is to be made instead, if that is on the same server; None where it is not."""
        if method != "GET" or response.status not in (301, 302, 307, 308):
            return None
        target = urljoin(address, response.headers.get("location", ""))
        here, there = urlsplit(self.url), urlsplit(target)
        return target if (here.scheme, here.netloc) == (there.scheme, there.netloc) and target != address else None

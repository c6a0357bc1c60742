"""The connection to a forge and how patiently it is asked: few tries, bounded waiting. Importing this loads requests.

One policy serves all: a `GET` that meets 429, a 5xx or a connection that fails is tried again, nothing else is.
What a server demands beyond the bound is not waited for; its answer is handed on as it came.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from requests import PreparedRequest, Session, exceptions
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3 import Retry
from urllib3.exceptions import InvalidHeader, MaxRetryError, ResponseError

from policy_gate.forges.errors import ForgeError, UnreachableError
from policy_gate.vcs.authorities import authorities_for

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

TRIES = 3
"""How often one request is made at most."""
TIMEOUT = 15
"""Seconds that one try may wait for the server's next byte."""
LONGEST_WAITING = 30.0
"""Seconds slept between tries, over all requests that share one policy."""
TRIED_AGAIN = frozenset({429, *range(500, 600)})
FIRST_PAUSE = 0.5
"""Seconds, doubled with each pause."""
_LATER = "run the job again later"


class Waiting:
    """What is left of the seconds that may be slept; shared by all requests of one source."""

    def __init__(self, seconds: float = LONGEST_WAITING, sleep: Callable[[float], None] = time.sleep) -> None:
        self.left = seconds
        self._sleep = sleep

    def allows(self, seconds: float) -> bool:
        return seconds <= self.left

    def wait(self, seconds: float) -> None:
        if seconds > 0:
            self.left -= seconds
            self._sleep(seconds)


class BoundedRetry(Retry):
    """urllib3's policy with `Waiting`'s bound; a longer `Retry-After` ends the trying at once."""

    RETRY_AFTER_STATUS_CODES = frozenset()  # by itself a Retry-After makes nothing worth another try
    waiting: Waiting

    def new(self, **kw: Any) -> BoundedRetry:
        made = super().new(**kw)
        made.waiting = self.waiting
        return made

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: TracebackType | None = None,
    ) -> BoundedRetry:
        """The policy for the next try; MaxRetryError where there is none."""
        made = super().increment(method, url, response, error, _pool, _stacktrace)
        if not self.waiting.allows(made.pause(response)):
            raise MaxRetryError(_pool, url or "", error or ResponseError("asked to wait for too long"))
        return made

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        self.waiting.wait(self.pause(response))

    def pause(self, response: BaseHTTPResponse | None) -> float:
        """Seconds before the next try: as the server says, else growing."""
        try:
            told = self.get_retry_after(response) if response is not None else None
        except InvalidHeader:
            told = None
        return self.get_backoff_time() if told is None else told


def bounded_retry(waiting: Waiting | None = None) -> BoundedRetry:
    """The policy to give to a client as its urllib3 `Retry`."""
    made = BoundedRetry(
        total=TRIES - 1,
        allowed_methods=frozenset({"GET"}),
        status_forcelist=TRIED_AGAIN,
        backoff_factor=FIRST_PAUSE,
        raise_on_status=False,
    )
    made.waiting = waiting or Waiting()
    return made


class _Headers(AuthBase):
    """The headers that carry the token. As `auth`, so that no ~/.netrc of the machine takes their place."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = headers

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers.update(self._headers)
        return request


def open_session(headers: Mapping[str, str], url: str) -> Session:
    """A session that sends these headers, has the one retry policy and trusts whom this machine names for `url`."""
    session = Session()
    session.verify = authorities_for(url, os.environ) or True
    adapter = HTTPAdapter(max_retries=bounded_retry())
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter)
    session.headers["User-Agent"] = "policy-gate"
    session.auth = _Headers(headers)
    return session


def fault_of(error: Exception, server: str) -> tuple[type[ForgeError], str, str]:
    """What went wrong between here and the server, by its kind alone: messages may quote what was sent."""
    kinds = (
        (exceptions.SSLError, "its certificate is not trusted here", "set REQUESTS_CA_BUNDLE to its authority's file"),
        (exceptions.Timeout, "it did not answer in time", _LATER),
        (exceptions.RetryError, "it asks to wait longer than a job can", _LATER),
        (exceptions.ChunkedEncodingError, "the answer broke off", _LATER),
        (exceptions.ConnectionError, f"{server} could not be reached", _LATER),
    )
    for kind, why, hint in kinds:
        if isinstance(error, kind):
            return UnreachableError, why, hint
    return ForgeError, "the request could not be made", "check the address of the API and the token"

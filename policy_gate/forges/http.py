"""How patiently a forge is asked: few tries, bounded waiting; whoever imports this needs urllib3.

Both clients of forges speak through urllib3, so one policy serves them: a `GET` that meets 429, a 5xx or
a connection that fails is tried again, nothing else is. What a server demands beyond the bound is not
waited for; its answer is handed on as it came.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any

from urllib3 import Retry
from urllib3.exceptions import InvalidHeader, MaxRetryError, ResponseError

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

TRIES = 3
"""How often one request is made at most."""
TIMEOUT = 15
"""Seconds that one try may wait for the server's next byte."""
LONGEST_WAITING = 30.0
"""Seconds slept between tries, over all requests that share one policy."""
TRIED_AGAIN = frozenset({429, *range(500, 600)})
_FIRST_PAUSE = 0.5


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
        backoff_factor=_FIRST_PAUSE,
        raise_on_status=False,
    )
    made.waiting = waiting or Waiting()
    return made

"""A loopback HTTP server that fakes of forges stand on: it records requests and can be told to fail.

No forge is in here. A fake subclasses `ForgeServer` and answers in `respond`; what its answers are checked
against is said there.

    class FakeForge(ForgeServer):
        def respond(self, request: Asked) -> Answer:
            return Answer(200, {"path": request.path})

    with FakeForge() as forge:
        forge.fail("/reviews", Answer(503), times=2)        # then answers as ever
        ...  # a client asks forge.url
        assert forge.requests[0].path == "/"
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request as it came; header names in lower case, the first value of each query parameter."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """What is sent back: `body` as JSON, or as it is where it is bytes.

    `cut` sends that many bytes fewer than the length that the header promises.
    """

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int = 0

    def payload(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode("utf-8")


@dataclass
class _Failure:
    part: str
    answer: Answer
    times: int
    query: Mapping[str, str]

    def meets(self, request: Asked) -> bool:
        asked = all(request.query.get(name) == value for name, value in self.query.items())
        return self.times > 0 and self.part in request.path and asked


class ForgeServer:
    """Serves `respond` on a free port of 127.0.0.1, in a thread, until it is closed."""

    def __init__(self) -> None:
        self.requests: list[Asked] = []
        self._failures: list[_Failure] = []
        self._lock = threading.Lock()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def respond(self, request: Asked) -> Answer:
        """What the forge says; a fake's own."""
        return Answer(404, {"message": f"nothing at {request.path}"})

    def fail(self, part: str, answer: Answer, times: int = 1_000_000, **query: str) -> None:
        """Give this answer to the next requests whose path holds `part` and whose query has these values."""
        with self._lock:
            self._failures.append(_Failure(part, answer, times, query))

    def asked(self, part: str) -> list[Asked]:
        """The requests so far whose path holds `part`."""
        return [request for request in self.requests if part in request.path]

    def answer(self, request: Asked) -> Answer:
        """Record the request, then fail as told or respond."""
        with self._lock:
            self.requests.append(request)
            for failure in self._failures:
                if failure.meets(request):
                    failure.times -= 1
                    return failure.answer
            return self.respond(request)

    def close(self) -> None:
        """Stop, and wait until the thread has ended and the port is free."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def closed_port() -> int:
    """A port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self, forge: ForgeServer) -> None:
        self.forge = forge
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"
    timeout = 30
    server: _Server

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def do_PATCH(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on stderr; `requests` has it all."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.forge.answer(Asked(str(self.command), parts.path, query, headers, body))
        payload = answer.payload()
        self.send_response(answer.status)
        sent = {"Content-Type": "application/json", "Content-Length": str(len(payload)), **answer.headers}
        for name, value in sent.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload[: len(payload) - answer.cut] if answer.cut else payload)

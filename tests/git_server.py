"""Real git over HTTP on loopback: `git http-backend` behind a small server, as a forge serves its repositories.

    with GitServer(tmp_path / "served") as server:
        url = server.host(scratch.path, "example-org/screener")    # a bare copy, served at url
        ...  # git clone, fetch and push url

With `token`, reading and writing need that token as the password of HTTP Basic, as GitHub and GitLab want it.
Any commit can be asked for by its id, as forges allow.
"""

from __future__ import annotations

import base64
import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


class _Server(ThreadingHTTPServer):
    request_queue_size = 512
    daemon_threads = True


class GitServer:
    """Serves the bare repositories of one folder; `asked` lists the paths requested, with the user or empty."""

    def __init__(self, folder: Path, token: str = "") -> None:
        self.folder = folder
        self.token = token
        self.asked: list[tuple[str, str]] = []
        self.is_down = False
        folder.mkdir(parents=True, exist_ok=True)
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"home": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def host(self, source: Path, name: str) -> str:
        """Serve a bare copy of a repository as `name`.git; its address without the ending, as forges give it."""
        bare = self.folder / f"{name}.git"
        _git("clone", "-q", "--bare", str(source), str(bare))
        for key in ("uploadpack.allowAnySHA1InWant", "uploadpack.allowFilter", "http.receivepack"):
            _git("-C", str(bare), "config", key, "true")
        _git("-C", str(bare), "symbolic-ref", "HEAD", "refs/heads/main")
        return f"{self.url}/{name}"

    def take(self, source: Path, name: str, *refspecs: str) -> None:
        """Bring refs of a repository into the one served as `name`, such as `work:refs/pull/7/head`."""
        bare = self.folder / f"{name}.git"
        _git("-C", str(bare), "fetch", "-q", "--force", str(source), *(f"+{refspec}" for refspec in refspecs))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _git(*args: str) -> None:
    environment = {"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(["git", *args], check=True, env=environment, capture_output=True)


class _Handler(BaseHTTPRequestHandler):
    home: GitServer

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        if self.home.is_down:
            self.send_error(503)
            return
        user, word = self._login()
        self.home.asked.append((self.path, user))
        if self.home.token and word != self.home.token:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self._answer(user)

    def _login(self) -> tuple[str, str]:
        kind, _, told = self.headers.get("Authorization", "").partition(" ")
        if kind.casefold() != "basic":
            return "", ""
        user, _, word = base64.b64decode(told).decode("utf-8", "replace").partition(":")
        return user, word

    def _answer(self, user: str) -> None:
        place = urlsplit(self.path)
        name, _, rest = place.path.lstrip("/").partition("/info/refs")
        service = "/info/refs"
        if not rest and "/git-" in place.path:
            name, _, tail = place.path.lstrip("/").rpartition("/git-")
            service = f"/git-{tail}"
        bare = self.home.folder / f"{name.removesuffix('.git')}.git"
        length = int(self.headers.get("Content-Length") or 0)
        body = self._chunks() if self.headers.get("Transfer-Encoding") == "chunked" else self.rfile.read(length)
        done = subprocess.run(
            ["git", "http-backend"],
            input=body,
            capture_output=True,
            check=False,
            env={
                "PATH": os.environ["PATH"],
                "GIT_CONFIG_NOSYSTEM": "1",
                "GIT_CONFIG_GLOBAL": os.devnull,
                "GIT_PROJECT_ROOT": str(bare),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": service,
                "QUERY_STRING": place.query,
                "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "CONTENT_LENGTH": str(len(body)),
                "REMOTE_USER": user or "somebody",
                "REMOTE_ADDR": "127.0.0.1",
            },
        )
        head, _, payload = done.stdout.partition(b"\r\n\r\n")
        fields = [line.partition(": ")[::2] for line in head.decode("latin-1").split("\r\n") if line]
        status = next((value for key, value in fields if key == "Status"), "200 OK")
        self.send_response(int(status.split()[0]))
        for key, value in fields:
            if key != "Status":
                self.send_header(key, value)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def _chunks(self) -> bytes:
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: a test reads `asked`."""

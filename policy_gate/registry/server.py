"""The registry in the browser: Datasette on its SQLite file, read-only, with the named questions as queries.

Only GET is answered. Datasette's pages about itself, which name paths and versions of this machine, are not; nor are
its files of other formats, save JSON and CSV. Nothing of the working folder or of other packages is loaded into it.
"""

from __future__ import annotations

import csv
import io
import os
import socket
from collections.abc import Awaitable, Callable
from typing import Any, Final

from msgspec import Struct

from policy_gate.errors import UsageError
from policy_gate.registry.location import location_of
from policy_gate.registry.questions import complete_sql, names_bound, questions, replaced_binds
from policy_gate.schema.registry_answer import Question

_NAME: Final = "registry"
_ABOUT_ITSELF: Final = ("/-/", "/_internal", "/_memory")
_OURS: Final = "/-/static/"
_DAY: Final = "date('now')"

Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]


class Shown(Struct, frozen=True):
    """How text of an answer is made harmless: of a page, and of a cell of CSV."""

    page: Callable[[str], str]
    cell: Callable[[str], str]


def serve(
    database: str | None, host: str, port: int, *, with_sql: bool, shown: Shown, say: Callable[[str], None]
) -> None:
    """Answer until interrupted. UsageError where it is no SQLite file, the extra lacks, or the port is taken."""
    place = location_of(database)
    if place.file is None:
        hint = "ask it with `policy-gate registry ask`, or sync into a file: policy-gate registry sync SOURCE --db FILE"
        raise UsageError("the browser view reads a file of SQLite, and this registry is PostgreSQL", hint=hint)
    # Nothing that is merely installed beside us may answer requests.
    os.environ["DATASETTE_LOAD_PLUGINS"] = ""
    try:
        import uvicorn  # noqa: PLC0415 - an extra, and slow
        from datasette.app import Datasette  # noqa: PLC0415 - an extra, and slow
        from datasette.database import Database  # noqa: PLC0415 - an extra, and slow
    except ModuleNotFoundError as error:
        hint = 'run pip install "ai-policy-gate[serve]"'
        raise UsageError(f"{error.name} is not installed, which the browser view needs", hint=hint) from None
    _keep_quiet()
    door = _listening(host, port)
    view = Datasette(files=[], metadata=_metadata(with_sql), settings=_settings(with_sql), memory=False)
    for name in [name for name in view.databases if name != "_internal"]:
        view.remove_database(name)
    view.add_database(Database(view, path=str(place.file.absolute()), is_mutable=True), name=_NAME)
    address, used = door.getsockname()[:2]
    where = f"[{address}]" if ":" in address else address
    say(f"the registry at http://{where}:{used}/ (read-only; Ctrl-C ends it)")
    config = uvicorn.Config(
        _guarded(view.app(), shown), log_level="warning", access_log=False, lifespan="on", server_header=False
    )
    try:
        uvicorn.Server(config).run(sockets=[door])
    except KeyboardInterrupt:
        pass
    finally:
        door.close()


def _keep_quiet() -> None:
    """What a visitor got wrong is told to the visitor; it is not printed here, with all that was in memory."""
    # Datasette registers this module while it loads, which must not begin with it.
    from datasette import handle_exception  # noqa: PLC0415 - an extra, and slow

    handle_exception.rich = None


def _listening(host: str, port: int) -> socket.socket:
    """A socket on that host; port 0 takes a free one."""
    door: socket.socket | None = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        door = socket.socket(family, kind, protocol)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
        door.listen(100)
    except (OSError, OverflowError) as error:
        if door is not None:
            door.close()
        said = getattr(error, "strerror", None) or str(error)
        hint = "give another --port or --host"
        raise UsageError(f"cannot listen on {host}, port {port}: {said}", hint=hint) from None
    return door


def _settings(with_sql: bool) -> dict[str, Any]:
    return {
        "default_allow_sql": with_sql,
        "allow_download": False,
        "allow_csv_stream": False,
        "allow_signed_tokens": False,
        "sql_time_limit_ms": 5000,
        "max_returned_rows": 5000,
        "suggest_facets": False,
        "template_debug": False,
        "trace_debug": False,
    }


def _metadata(with_sql: bool) -> dict[str, Any]:
    # The setting alone does not reach the conditions that a visitor may put into the address of a table.
    return {
        "allow_sql": with_sql,
        "title": "Registry of AI systems",
        "description": "Read-only. What nobody stated is unknown, which is not no.",
        "databases": {
            _NAME: {
                "description": "What all repositories say of their AI systems, and what auditors ask of it.",
                "queries": {name: _query(one) for name, one in questions().items()},
            }
        },
    }


def _query(question: Question) -> dict[str, Any]:
    takes = "; ".join(f"{it.name}: {it.about}" for it in question.parameters)
    said = f"{question.about} It cannot know: {question.cannot}"
    return {
        "sql": _for_forms(question),
        "title": question.title,
        "description": f"{said} {takes}".strip(),
        "hide_sql": True,
        "params": [*(it.name for it in question.parameters), "as_of"],
    }


def _for_forms(question: Question) -> str:
    """The statement as a form fills it in: what is left empty is the default of the parameter."""
    day = f"coalesce(nullif(:as_of, ''), {_DAY})"
    terms = {"as_of": day}
    for it in question.parameters:
        given = f"nullif(:{it.name}, '')"
        if it.type == "days":
            terms[it.name] = f"date({day}, '+' || cast(coalesce({given}, '{it.default}') as integer) || ' days')"
        else:
            terms[it.name] = f"coalesce({given}, '{it.default}')"
    sql = complete_sql(question)
    return replaced_binds(sql, {name: terms[name] for name in names_bound(sql)})


def _guarded(inner: Callable[..., Awaitable[None]], shown: Shown) -> Callable[..., Awaitable[None]]:
    """The application behind what it must never answer, its texts made harmless."""

    async def guarded(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await inner(scope, receive, send)
            return
        path = scope["path"]
        if scope["method"] != "GET":
            await _refused(send, 405, "only GET is answered here", [(b"allow", b"GET")])
        elif path.startswith(_ABOUT_ITSELF) and not path.startswith(_OURS):
            await _refused(send, 404, "there is no such page")
        else:
            await inner(scope, receive, _Rewritten(send, shown).send)

    return guarded


async def _refused(send: Send, status: int, said: str, more: list[tuple[bytes, bytes]] | None = None) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *(more or [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{said}\n".encode()})


class _Rewritten:
    """Holds an answer back until it is whole, and sends it with its texts made harmless."""

    def __init__(self, send: Send, shown: Shown) -> None:
        self._send = send
        self._shown = shown
        self._start: Message = {}
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        headers = {name.lower(): value for name, value in self._start["headers"]}
        kind = headers.get(b"content-type", b"").decode("latin-1").partition(";")[0]
        body = self._harmless(kind, self._body)
        headers[b"content-length"] = str(len(body)).encode()
        headers[b"x-content-type-options"] = b"nosniff"
        headers[b"x-frame-options"] = b"DENY"
        headers[b"referrer-policy"] = b"no-referrer"
        await self._send(self._start | {"headers": list(headers.items())})
        await self._send({"type": "http.response.body", "body": body})

    def _harmless(self, kind: str, body: bytes) -> bytes:
        if kind in ("text/html", "application/json"):
            return self._shown.page(body.decode("utf-8", "replace")).encode()
        if kind in ("text/csv", "text/plain"):
            return self._csv(body.decode("utf-8", "replace")).encode()
        return body

    def _csv(self, text: str) -> str:
        paper = io.StringIO()
        rows = csv.reader(io.StringIO(text, newline=""))
        csv.writer(paper, lineterminator="\r\n").writerows([self._shown.cell(cell) for cell in row] for row in rows)
        return paper.getvalue()

"""The registry in the browser: a real server on a free port, which only reads, and answers nothing else."""

from __future__ import annotations

import csv
import io
import json
import re
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from filled_registry import fill

from policy_gate.app.registry_server import serve_registry
from policy_gate.errors import UsageError
from policy_gate.registry.questions import questions

COMMAND = [sys.executable, "-P", "-m", "policy_gate", "registry", "serve"]


class Served:
    """A running server, and where it is."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "--db", "registry.db", *words], cwd=folder, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stderr is not None
        self.told = self.process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/", self.told)
        assert found, self.told
        self.url = found[0]

    def ask(self, path: str, method: str = "GET") -> tuple[int, str]:
        request = urllib.request.Request(self.url + path, method=method, data=b"" if method == "POST" else None)  # noqa: S310 - ours
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - ours
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        _, rest = self.process.communicate(timeout=30)
        assert rest == ""
        return self.process.returncode


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("served")
    fill(made / "registry.db", with_hostile=True)
    for name in ("templates", "plugins", "static"):
        (made / name).mkdir()
    (made / "templates" / "index.html").write_text("FROM THE WORKING FOLDER")
    (made / "plugins" / "bad.py").write_text("raise SystemExit('a plugin of the working folder ran')")
    (made / "metadata.json").write_text(json.dumps({"title": "FROM THE WORKING FOLDER"}))
    return made


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Served]:
    server = Served(folder)
    yield server
    server.process.kill()
    server.process.communicate()


def test_every_question_is_a_page_with_its_title(served: Served) -> None:
    code, page = served.ask("registry")
    assert code == 200
    for name, one in questions().items():
        assert f"/registry/{name}" in page
        code, answer = served.ask(f"registry/{name}")
        assert (code, one.title.replace("'", "&#39;") in answer) == (200, True), name
        code, answer = served.ask(f"registry/{name}.json?_shape=array&as_of=2026-11-29")
        assert (code, json.loads(answer) is not None) == (200, True), answer


def test_questions_are_answered_with_their_defaults_and_with_what_is_given(served: Served) -> None:
    found = json.loads(served.ask("registry/decides-about.json?_shape=array")[1])
    assert found[0]["repository"] == "acme/hiring"
    found = json.loads(served.ask("registry/waivers-ending.json?_shape=array&as_of=2026-11-29&within=5")[1])
    assert found == []
    found = json.loads(served.ask("registry/waivers-ending.json?_shape=array&as_of=2026-11-29&within=60")[1])
    assert [it["rule"] for it in found] == ["red-team-report"]


def test_no_question_hides_a_table(folder: Path) -> None:
    with sqlite3.connect(folder / "registry.db") as connection:
        tables = {name for (name,) in connection.execute("select name from sqlite_master")}
    connection.close()
    assert tables & set(questions()) == set()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
def test_only_get_is_answered(served: Served, method: str) -> None:
    assert served.ask("registry", method)[0] == 405


def test_nothing_is_written_and_no_sql_of_a_visitor_is_run(served: Served, folder: Path) -> None:
    before = (folder / "registry.db").read_bytes()
    assert served.ask(f"registry?sql={quote('select 1')}")[0] == 403
    assert served.ask("registry.json?sql=delete+from+systems")[0] in (400, 403)
    assert served.ask(f"registry/systems?_where={quote('1=1')}")[0] in (400, 403)
    assert served.ask("registry.db")[0] in (403, 404)
    assert (folder / "registry.db").read_bytes() == before
    with sqlite3.connect(folder / "registry.db") as connection:
        assert connection.execute("select count(*) from systems").fetchone()[0] == 4
    connection.close()


@pytest.mark.parametrize(
    "path", ["-/databases.json", "-/plugins", "-/versions.json", "-/metadata", "_internal", "-/threads"]
)
def test_pages_about_the_machine_are_not_there(served: Served, path: str) -> None:
    assert served.ask(path)[0] == 404


def test_nothing_of_the_working_folder_is_loaded_or_told(served: Served, folder: Path) -> None:
    for path in ("", "registry", "registry/systems", "-/static/app.css", "../registry.db"):
        page = served.ask(path)[1]
        assert "FROM THE WORKING FOLDER" not in page
        assert str(folder) not in page


@pytest.mark.parametrize("path", ["registry/systems", "registry/findings", "registry/vendors", "registry/lacking"])
def test_texts_of_repositories_are_texts_on_every_page(served: Served, path: str) -> None:
    code, page = served.ask(path)
    assert code == 200
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u202a-\u202e]", page)
    code, text = served.ask(f"{path}.csv")
    assert code == 200
    assert not [cell for row in csv.reader(io.StringIO(text)) for cell in row if cell.startswith(("=", "+", "@"))]


def test_an_interrupt_ends_it_cleanly_and_sql_is_there_when_wanted(folder: Path) -> None:
    server = Served(folder, "--sql")
    try:
        assert server.ask(f"registry?sql={quote('select 41 + 1 as answer')}")[0] == 200
        assert server.ask("registry.json?sql=delete+from+systems")[0] == 400
    finally:
        code = server.end()
    assert code == 0


def test_what_cannot_be_served_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    with pytest.raises(UsageError, match="there is no registry"):
        serve_registry(str(tmp_path / "none.db"), "127.0.0.1", 0, with_sql=False, say=said.append)
    from policy_gate.registry import server
    from policy_gate.registry.server import Shown, serve

    shown = Shown(page=str, cell=str)
    with pytest.raises(UsageError, match="reads a file of SQLite"):
        serve("postgresql://db.example/x", "127.0.0.1", 0, with_sql=False, shown=shown, say=said.append)
    file = str(fill(tmp_path / "registry.db"))
    with server._listening("127.0.0.1", 0) as door:
        door.listen()
        port = door.getsockname()[1]
        with pytest.raises(UsageError, match="cannot listen on 127"):
            serve(file, "127.0.0.1", port, with_sql=False, shown=shown, say=said.append)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(UsageError) as caught:
        serve(file, "127.0.0.1", 0, with_sql=False, shown=shown, say=said.append)
    assert caught.value.hint == 'run pip install "ai-policy-gate[serve]"'
    assert said == []

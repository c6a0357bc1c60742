"""The commands of the registry as a user runs them, and each format of the export as it was looked at."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from parts import PARTS, ROOT
from registry_world import Registry, record, synced, system
from scratch import Scratch

from policy_gate.cli.registry import COMMANDS
from policy_gate.errors import UsageError

GOLDENS = Path(__file__).parent / "goldens"
ODD = "=cmd|' /C calc'!A0\n::error::\x1b[31m<script>"
VALIDATE = """
import sys
from pathlib import Path
try:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator
except ImportError:
    sys.exit(3)
fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(Path(sys.argv[1]).read_text("utf-8"))
if fault is not None:
    sys.exit(str(fault))
"""


@pytest.fixture
def filled(scratch: Scratch) -> Scratch:
    """A folder with a registry of three systems in two repositories, one of them with odd names."""
    odd = record("acme/odd", system(name=ODD, owner_team=ODD, description=ODD), system("SYS-003", tier="low"))
    with Registry.open(scratch.path / "registry.db", for_writing=True) as registry:
        synced(registry, "2026-11-01", [record(), odd])
    return scratch


@pytest.mark.parametrize(("name", "suffix"), [("json", "json"), ("csv", "csv"), ("cyclonedx", "cdx.json"), ("minimum", "minimum.csv"), ("minimum-json", "minimum.json")])  # fmt: skip # noqa: E501
def test_each_format_is_as_it_was_looked_at(filled: Scratch, name: str, suffix: str) -> None:
    done = filled.run("registry", "export", "--format", name, "-o", f"out.{suffix}")
    assert (done.code, done.out, done.err) == (0, "", "")
    text = (filled.path / f"out.{suffix}").read_bytes().decode("utf-8")
    golden = GOLDENS / f"registry.{suffix}"
    if os.environ.get("POLICY_GATE_WRITE_GOLDENS"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(text.encode("utf-8"))
    from policy_gate import __version__

    assert text.replace(f'"{__version__}"', '"VERSION"') == golden.read_bytes().decode("utf-8").replace(
        f'"{__version__}"', '"VERSION"'
    )
    assert "\x1b" not in text
    assert str(filled.path) not in text


def test_no_cell_is_a_formula(filled: Scratch) -> None:
    for name in ("csv", "minimum"):
        rows = list(csv.reader(io.StringIO(filled.run("registry", "export", "--format", name).out)))
        assert len(rows) == 4
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.real_runner
def test_the_bill_of_materials_passes_the_strict_validator(filled: Scratch) -> None:
    python = PARTS / "bin" / "python"
    if not python.exists():
        pytest.skip("the parts of the tests are not installed here; .ci/run installs them")
    filled.run("registry", "export", "--format", "cyclonedx", "-o", "bom.json")
    bill = filled.path / "bom.json"
    command = [str(python), "-c", VALIDATE, str(bill)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    if done.returncode == 3:
        pytest.skip("the validator of CycloneDX is not installed here; .ci/run installs it")
    assert (done.returncode, done.stderr) == (0, "")
    bill.write_text(json.dumps(json.loads(bill.read_text("utf-8")) | {"components": [{"type": "nothing"}]}), "utf-8")
    assert subprocess.run(command, check=False, capture_output=True, timeout=120).returncode == 1


def test_a_list_is_filtered_and_says_what_nothing_has(filled: Scratch) -> None:
    done = filled.run("registry", "list", "--owner", "people ops", "--sort", "due")
    assert done.code == 0
    assert "SYS-001" in done.out
    assert "2 systems" in done.out
    told = filled.run("registry", "list", "--tier", "hihg", "--format", "json")
    assert json.loads(told.out)["systems"] == []
    assert told.err.strip() == 'no tier "hihg" in the registry; did you mean "high"?'


def test_a_list_as_a_table_of_values(filled: Scratch) -> None:
    rows = list(csv.reader(io.StringIO(filled.run("registry", "list", "--format", "csv", "--sort", "id").out)))
    assert rows[0][:4] == ["repository", "id", "name", "owner_team"]
    assert [row[1] for row in rows[1:]] == ["SYS-001", "SYS-001", "SYS-003"]
    assert {row[rows[0].index("laws")] for row in rows[1:]} == {"eu-ai-act:high-risk"}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    none = filled.run("registry", "list", "--tier", "low", "--owner", "nobody", "--format", "csv")
    assert none.out.splitlines() == [",".join(rows[0])]


DATABASE_COMMANDS = (
    ("list",), ("show", "SYS-001"), ("history", "SYS-001"), ("export",), ("ask", "all-systems"),
    ("report", "--html", "page.html"), ("serve",), ("sync", "."), ("upgrade",), ("forget", "acme/odd"),
)  # fmt: skip


def test_every_command_of_the_group_is_asked_below() -> None:
    assert {call[0] for call in DATABASE_COMMANDS} == set(COMMANDS) - {"record"}


MISSING = (("sqlalchemy", "registry", "registry.db"), ("psycopg", "postgres", "postgresql://127.0.0.1:1/none"))
LACKING = [
    pytest.param(call, *it, id=f"{call[0]} without {it[0]}")
    for it in MISSING
    for call in DATABASE_COMMANDS
    # What serves reads files of SQLite alone.
    if (call[0], it[0]) != ("serve", "psycopg")
]


@pytest.mark.parametrize(("call", "missing", "extra", "database"), LACKING)
def test_each_command_names_the_library_that_is_missing(
    filled: Scratch, tmp_path: Path, call: tuple[str, ...], missing: str, extra: str, database: str
) -> None:
    shadow = tmp_path / "shadow" / missing / "__init__.py"
    shadow.parent.mkdir(parents=True)
    shadow.write_text(f"raise ModuleNotFoundError('no module', name={missing!r})\n")
    path = os.pathsep.join((str(tmp_path / "shadow"), str(ROOT)))
    done = filled.run("registry", *call, "--db", database, PYTHONPATH=path)
    assert (done.code, done.out) == (2, "")
    assert f"{missing} is not installed" in done.err
    assert f'pip install "ai-policy-gate[{extra}]"' in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("call", DATABASE_COMMANDS, ids=" ".join)
def test_each_command_refuses_a_database_of_a_newer_version(filled: Scratch, call: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(filled.path / "registry.db")) as connection:
        connection.execute("UPDATE registry_schema SET version_num = '99'")
        connection.commit()
    done = filled.run("registry", *call)
    assert (done.code, done.out) == (2, "")
    assert "the registry has schema 99; this version of policy-gate knows none above" in done.err
    assert "hint: upgrade policy-gate" in done.err


@contextmanager
def nobody() -> Iterator[None]:
    """As a user whom permissions bind, which they do not do for root."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(was)


def test_a_folder_where_nobody_may_write_is_read_and_told_to_who_would_write(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="registry-") as name:
        folder = Path(name)
        file = folder / "registry.db"
        with Registry.open(file, for_writing=True) as registry:
            synced(registry, "2026-11-01", [record()])
        file.chmod(0o444)
        folder.chmod(0o555)
        with nobody():
            with Registry.open(file) as registry:
                assert registry.known_repositories() == ["acme/screener"]
            for unwritable in (file, folder / "other.db"):
                with pytest.raises(UsageError, match="cannot be used") as told:
                    Registry.open(unwritable, for_writing=True)
                assert told.value.hint == "name a file that you may write with --db, in a folder that you may write"
        assert [it.name for it in folder.iterdir() if it != file and it.suffix != ".lock"] == []
        folder.chmod(0o755)


def test_what_stands_in_names_does_nothing_to_a_terminal(filled: Scratch) -> None:
    for call in (("list",), ("show", "SYS-001", "--repository", "acme/odd"), ("history", "SYS-003")):
        done = filled.run("registry", *call)
        assert done.code == 0
        assert "\x1b" not in done.out
        assert not [line for line in done.out.splitlines() if line.lstrip().startswith("::")]


def test_show_and_history(filled: Scratch) -> None:
    two = filled.run("registry", "show", "SYS-001")
    assert two.code == 2
    assert "stands in 2 repositories: acme/odd and acme/screener" in two.err
    one = filled.run("registry", "show", "SYS-001", "--repository", "acme/screener", "--format", "json")
    assert json.loads(one.out)["approvals"][0]["approver"] == "Ann"
    past = filled.run("registry", "history", "SYS-003", "--format", "json")
    assert json.loads(past.out)["history"][0]["changes"][0] == {"what": "system", "before": "", "after": "declared"}
    assert 'did you mean "SYS-003"?' in filled.run("registry", "show", "SYS003").err


def test_a_repository_is_forgotten_by_its_name(filled: Scratch) -> None:
    wrong = filled.run("registry", "forget", "acme/screener", "acme/od")
    assert (wrong.code, wrong.out) == (2, "")
    assert 'no repository "acme/od" in the registry' in wrong.err
    assert 'did you mean "acme/odd"?' in wrong.err
    done = filled.run("registry", "forget", "acme/odd")
    assert (done.code, done.out) == (0, "forgotten: acme/odd; what was known of it ends today, and is kept\n")
    assert [it["repository"] for it in json.loads(filled.run("registry", "list", "--format", "json").out)["systems"]] == ["acme/screener"]  # fmt: skip # noqa: E501
    assert filled.run("registry", "forget", "acme/odd").code == 2


def test_ids_are_completed(filled: Scratch) -> None:
    line = {"COMP_WORDS": "policy-gate registry show SYS", "COMP_CWORD": "3"}
    done = filled.run(_POLICY_GATE_COMPLETE="bash_complete", **line)
    assert [text.partition(",")[2] for text in done.out.splitlines()] == ["SYS-001", "SYS-003"]


def test_without_a_registry_the_command_says_how_to_fill_one(scratch: Scratch) -> None:
    done = scratch.run("registry", "list")
    assert done.code == 2
    assert "hint: fill it with: policy-gate registry sync SOURCE" in done.err
    assert not (scratch.path / "registry.db").exists()


@pytest.mark.parametrize("missing", ["sqlalchemy", "alembic"])
def test_a_missing_library_is_named_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    import sys

    from policy_gate.app.registry_database import open_registry

    for name in [it for it in sys.modules if it.startswith("policy_gate.registry")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(UsageError, match=f"{missing}.* is not installed") as told:
        open_registry(str(tmp_path / "registry.db"), for_writing=True)
    assert told.value.hint == 'run pip install "ai-policy-gate[registry]"'

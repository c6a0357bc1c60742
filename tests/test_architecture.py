"""The walls of the house: who may import whom, which library lives where, and how long things get.

Standard library only: it must hold even where nothing else is installed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "policy_gate"
ROOMS = ("cli", "collect", "enact", "derive", "evaluate", "govern", "report", "record", "host", "respond", "advise")
PURE = ("derive", "evaluate", "govern", "report")
LIBRARIES = {
    "git": ("collect/git.py", "record/"),
    "gitdb": ("collect/", "record/"),
    "cel_expr_python": ("enact/",),
    "yaml": ("collect/reader.py", "record/write.py"),
    "click": ("cli/",),
    "pydantic": ("schema/",),
    "pydantic_core": ("schema/",),
    "markdown_it": ("derive/",),
    "rich": ("report/",),
    "jinja2": ("report/",),
    "defusedxml": ("derive/junit.py",),
    "anthropic": ("advise/",),
    "github": ("collect/approvals/", "host/github/"),
    "gitlab": ("collect/approvals/",),
    "requests": ("collect/approvals/", "host/github/"),
    "urllib3": ("collect/approvals/",),
}
IMPURE = ("os", "subprocess", "socket", "urllib.request", "http", "time", "random", "tempfile", "shutil")
_IMPURE_PREFIXES = tuple(f"{name}." for name in IMPURE)
BANNED_NAMES = ("utils", "helpers", "common", "core", "manager", "misc")
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)


def place(path: Path) -> str:
    """A module's path inside the package, such as `collect/git.py`."""
    return path.relative_to(PACKAGE).as_posix()


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that a file imports, at any depth, with its line; `from a import b` gives `a` and `a.b`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{place(path)}:{node.lineno} imports relatively"
            yield str(node.module), node.lineno
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def room_of(module: str) -> str | None:
    """`policy_gate.collect.git` -> `collect`; None for what is no room of ours."""
    parts = module.split(".")
    return parts[1] if parts[0] == "policy_gate" and len(parts) > 1 and parts[1] in ROOMS else None


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_there_is_a_house() -> None:
    assert len(MODULES) > 40
    assert {place(path).split("/")[0] for path in MODULES} >= set(ROOMS) - {"respond", "advise"}


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_rooms_import_no_other_room(path: Path) -> None:
    own = place(path).split("/")[0]
    if own in ("cli", "gate.py", "__main__.py"):
        return
    seen = [f"line {line}: {module}" for module, line in imports(path) if room_of(module) not in (None, own)]
    assert not seen, f"{place(path)} enters another room: {seen}"


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_only_cli_knows_the_hallway(path: Path) -> None:
    if place(path).startswith("cli/"):
        return
    assert not [module for module, _ in imports(path) if module.startswith("policy_gate.gate")], place(path)


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_nobody_but_the_door_imports_cli(path: Path) -> None:
    if place(path).startswith("cli/") or place(path) == "__main__.py":
        return
    assert not [module for module, _ in imports(path) if room_of(module) == "cli"], place(path)


@pytest.mark.parametrize("path", [path for path in MODULES if place(path).startswith("schema/")], ids=place)
def test_nouns_import_nothing_of_ours(path: Path) -> None:
    allowed = ("policy_gate.schema", "policy_gate.errors")
    ours = [module for module, _ in imports(path) if module.startswith("policy_gate")]
    assert not [module for module in ours if not module.startswith(allowed)]


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_each_library_lives_in_its_room(path: Path) -> None:
    for module, line in imports(path):
        homes = LIBRARIES.get(module.split(".")[0])
        assert homes is None or place(path).startswith(homes), f"{place(path)}:{line} imports {module}"


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_the_decision_reads_no_clock_network_or_environment(path: Path) -> None:
    if place(path).split("/")[0] not in PURE:
        return
    impure = [f"line {line}: {module}" for module, line in imports(path) if f"{module}.".startswith(_IMPURE_PREFIXES)]
    assert not impure, f"{place(path)} is not pure: {impure}"
    calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    clocks = {f"{ast.unparse(call)}" for call in calls if isinstance(call, ast.Attribute)}
    assert not clocks & {"datetime.now", "datetime.utcnow", "date.today", "datetime.today"}, place(path)


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_modules_are_below_300_lines(path: Path) -> None:
    if place(path) == "schema/policy_document.py":
        pytest.skip("a list of documents' fields, one line each")
    assert len(path.read_text("utf-8").splitlines()) < 300


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_functions_are_at_most_60_lines(path: Path) -> None:
    long = [f"{node.name} {node.end_lineno - node.lineno + 1}" for node in functions(path) if node.end_lineno]
    assert not [entry for entry in long if int(entry.split()[1]) > 60], place(path)


def test_functions_are_short_on_the_whole() -> None:
    lengths = sorted(
        node.end_lineno - node.lineno + 1 for path in MODULES for node in functions(path) if node.end_lineno
    )
    assert lengths[len(lengths) // 2] <= 12
    assert lengths[len(lengths) * 9 // 10] < 40


def test_nothing_is_called_a_drawer() -> None:
    drawers = [place(path) for path in MODULES if path.stem in BANNED_NAMES or path.parent.name in BANNED_NAMES]
    assert not drawers


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_nothing_is_left_half_done(path: Path) -> None:
    names = {node.id for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Name)}
    assert "NotImplementedError" not in names
    assert "print" not in names or place(path).startswith("cli/"), f"{place(path)} prints"


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_every_module_says_what_lives_in_it(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), f"{place(path)} has no docstring"

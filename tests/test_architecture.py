"""The walls of the house. Who may import whom stands in pyproject.toml; here is what import-linter cannot say."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "policy_gate"
PURE = ("policy", "facts", "evaluate", "decide", "report", "cards", "people", "vendors", "respond", "schema")
CLOCKS = {"datetime.now", "datetime.utcnow", "date.today", "datetime.today"}
BANNED_NAMES = {"utils", "helpers", "common", "core", "manager", "misc"}


@cache
def modules() -> dict[str, ast.Module]:
    """Parsed by the first test that asks: collecting does not wait for it."""
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text("utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
        if "__pycache__" not in path.parts
    }


def nodes(kind: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    return ((place, node) for place, tree in modules().items() for node in ast.walk(tree) if isinstance(node, kind))


def lengths() -> dict[str, int]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = {}
    for kind in kinds:
        for place, node in nodes(kind):
            found[f"{place}:{node.lineno} {node.name}"] = node.end_lineno - node.lineno + 1  # type: ignore[attr-defined]
    return found


def test_the_contracts_of_imports_are_kept() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_imports_are_absolute() -> None:
    relative = [f"{place}:{node.lineno}" for place, node in nodes(ast.ImportFrom) if node.level]  # type: ignore[attr-defined]
    assert not relative


def test_the_decision_asks_no_clock() -> None:
    seen = [
        f"{place}:{node.lineno}"  # type: ignore[attr-defined]
        for place, node in nodes(ast.Call)
        if place.split("/")[0] in PURE and ast.unparse(node.func) in CLOCKS  # type: ignore[attr-defined]
    ]
    assert not seen


def test_modules_hold_one_thing() -> None:
    long = {place: len((PACKAGE / place).read_text("utf-8").splitlines()) for place in modules()}
    assert not {place: lines for place, lines in long.items() if lines > 450}


def test_functions_are_short() -> None:
    found = lengths()
    assert not {name: lines for name, lines in found.items() if lines > 60}
    ordered = sorted(found.values())
    assert ordered[len(ordered) // 2] <= 12
    assert ordered[len(ordered) * 9 // 10] < 40


def test_nothing_is_called_a_drawer() -> None:
    assert not [place for place in modules() if set(Path(place).with_suffix("").parts) & BANNED_NAMES]


def test_nothing_is_left_half_done() -> None:
    seen = [(place, node.id) for place, node in nodes(ast.Name)]  # type: ignore[attr-defined]
    assert not [place for place, name in seen if name == "NotImplementedError"]
    assert not [place for place, name in seen if name == "print" and not place.startswith("cli/")]


def test_every_module_says_what_lives_in_it() -> None:
    assert not [place for place, tree in modules().items() if not ast.get_docstring(tree)]

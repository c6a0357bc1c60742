"""H34: old files with names that no text is, or with control characters, are in nobody's way."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from scratch import Result, Scratch
from world import ROLE_HOLDERS, high_system

NAMES = (
    b"docs/caf\xe9.txt",
    b"Icon\r",
    b"screener/Icon\r",
    b"screener/caf\xe9.py",
    b"docs/a\nb.md",
    b"d\xe9p\xf4t/a\tb/x.py",
)
GATE = "pre-deployment-security-review"


def put(repo: Scratch, name: bytes, text: str | None) -> None:
    """A file of any name, written and told git, or taken away."""
    path = os.fsencode(repo.path) + b"/" + name
    if text is None:
        Path(os.fsdecode(path)).unlink()
    else:
        Path(os.fsdecode(path)).parent.mkdir(parents=True, exist_ok=True)
        Path(os.fsdecode(path)).write_text(text, "utf-8")
    subprocess.run(["git", "add", "-A"], cwd=repo.path, env=repo.environment(), check=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """A governed repository that has held such files since before it was governed."""
    repo = Scratch(tmp_path_factory.mktemp("odd"))
    for name in NAMES:
        put(repo, name, "x = 1\n")
    repo.adopt(high_system("development"))
    return repo


@pytest.fixture
def repo(made: Scratch) -> Iterator[Scratch]:
    made.branch("work")
    yield made
    made.git("checkout", "-q", "-f", "main")
    made.git("clean", "-fdq")


def told(result: Result) -> tuple[int, str]:
    return result.code, result.verdict


@pytest.mark.parametrize("path", ["README.md", "docs/more.txt", "screener/more.py", "d\udce9p\udcf4t/more.py"])
def test_h34_work_beside_an_old_name_passes(repo: Scratch, path: str) -> None:
    put(repo, os.fsencode(path), "# A typo\n")
    assert told(repo.check("--worktree")) == (0, "pass")
    repo.commit("A typo")
    assert told(repo.check()) == (0, "pass")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", [None, "x = 2\n"], ids=["taken out", "edited"])
def test_h34_what_has_such_a_name_may_be_edited_and_go(repo: Scratch, name: bytes, text: str | None) -> None:
    put(repo, name, text)
    for found in (repo.check("--worktree"), (repo.commit("It"), repo.check())[1]):
        assert told(found) == (0, "pass"), found


def test_h34_one_that_went_is_in_the_way_of_nobody_who_works_there(repo: Scratch) -> None:
    for name in NAMES:
        put(repo, name, None)
    repo.commit("Names that all can write")
    repo.branch("next", at="work")
    code = "def more(rows):\n    return [row for row in rows if row]\n"
    repo.commit("Code", files={"screener/more.py": code, "docs/more.py": code})
    assert told(repo.check("--base", "work")) == (0, "pass")


def test_h34_a_promotion_with_its_approvals_passes(repo: Scratch) -> None:
    repo.declare(high_system("pre_deployment"))
    repo.commit("Promote")
    for role in ("ciso", "legal", "product-owner"):
        repo.approve(role, GATE)
    assert told(repo.check()) == (0, "pass")
    put(repo, b"screener/caf\xe9.py", "x = 2\n")
    repo.commit("Other code than what was approved")
    found = repo.check()
    assert (found.code, found.blocking()) == (1, [f"approval:{it}" for it in ("ciso", "legal", "product-owner")])


@pytest.mark.parametrize(
    "words",
    [
        ("check", "--all"),
        ("classify",),
        ("discover",),
        ("discover", "--base", "main"),
        ("audit", "record"),
        ("raci", "--held"),
        ("registry", "record"),
        ("init", "--yes"),
        ("evidence", "--system", "SYS-001", "--from", "2020-01-01", "--to", "2099-01-01", "-o", "pack.zip"),
    ],
)
def test_h34_no_command_ends_at_such_a_name(repo: Scratch, words: tuple[str, ...]) -> None:
    repo.iam(ROLE_HOLDERS["ciso"])
    found = repo.run(*words)
    assert found.code == (2 if words[0] == "init" else 0), found
    assert "is not UTF-8" not in found.err
    assert "control character" not in found.err


def test_h34_a_repository_with_such_names_can_be_adopted(scratch: Scratch) -> None:
    for name in NAMES:
        put(scratch, name, "import openai\n\nopenai.chat.completions.create(model='gpt-4o')\n")
    scratch.commit("Years ago")
    scratch.branch("adopt")
    done = scratch.run("init", "--yes")
    assert done.code == 0, done
    scratch.commit("Adopt")
    assert told(scratch.check()) == (0, "conditions"), scratch.check()

"""Every `$ command` of the documentation runs, ends as the page says, and prints what the page shows."""

from __future__ import annotations

import re
import shlex
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from doc_pages import PAGES, WORLDS, Block, blocks
from scratch import Scratch

RUNNABLE = ("policy-gate", "git", "sed")
_EXIT = re.compile(r"\s+# exit (\d+)$")


@dataclass
class Step:
    """One command of a page, the exit code it promises, and the lines shown below it."""

    arguments: list[str]
    code: int = 0
    shown: list[str] = field(default_factory=list)


def steps(block: Block) -> list[Step]:
    found: list[Step] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            ending = _EXIT.search(line)
            command = _EXIT.sub("", line[2:])
            found.append(Step(shlex.split(command), int(ending[1]) if ending else 0))
        elif line.strip():
            assert found, f"{block.name}: output without a command"
            found[-1].shown.append(line)
    return found


def plain(line: str) -> str:
    """A line without what differs from run to run: dates, commits, blanks."""
    line = re.sub(r"\b\d{4}-\d{2}-\d{2}\b", "DATE", line)
    return " ".join(re.sub(r"\b[0-9a-f]{7,64}\b", "HEX", line).split())


def is_shown(shown: list[str], output: str) -> bool:
    """Whether the shown lines are in the output, in order; the first is the first unless `…` stands there."""
    lines = [plain(line) for line in output.splitlines() if line.strip()]
    if shown and plain(shown[0]) != "…" and lines[:1] != [plain(shown[0])]:
        return False
    rest = iter(lines)
    return all(line in rest for line in map(plain, shown) if line != "…")


def run(scratch: Scratch, arguments: list[str]) -> tuple[int, str]:
    assert arguments[0] in RUNNABLE, f"a page may run {RUNNABLE}, not {arguments[0]}"
    home = f"{scratch.home}/"
    arguments = [home + word.removeprefix("~/") if word.startswith("~/") else word for word in arguments]
    if arguments[0] == "policy-gate":
        done = scratch.run(*arguments[1:])
        return done.code, done.out + done.err
    result = subprocess.run(
        arguments, cwd=scratch.path, env=scratch.environment(), capture_output=True, text=True, check=False
    )
    return result.returncode, result.stdout + result.stderr


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "console")], ids=lambda page: page.name)
def test_commands_of_the_page_do_what_it_says(page: Path, tmp_path: Path) -> None:
    scratch: Scratch | None = None
    for number, block in enumerate(blocks(page, "console", "yaml", "csv")):
        world = block.value("world")
        if world is not None or (scratch is None and block.language == "console"):
            scratch = Scratch(tmp_path / str(number))
            WORLDS[world or "governed"](scratch)
        file = block.value("file")
        if file is not None:
            assert scratch is not None, f"{block.name}: no console block before it makes a repository"
            scratch.write({file: block.text})
        if block.language != "console":
            continue
        assert scratch is not None
        assert steps(block), f"{block.name}: no command"
        for step in steps(block):
            code, output = run(scratch, step.arguments)
            said = f"{block.name}: {shlex.join(step.arguments)}\nexit {code}\n{output}"
            assert code == step.code, said
            assert is_shown(step.shown, output), said


def test_a_line_that_is_not_printed_is_noticed() -> None:
    output = "base main 1234567\n\nPASS  all\n  1  A thing\n"
    assert is_shown(["…", "PASS all", "1  A thing"], output)
    assert is_shown(["base main 7654321"], output)
    assert not is_shown(["PASS  all"], output)
    assert not is_shown(["…", "1  A thing", "PASS  all"], output)
    assert not is_shown(["…", "BLOCKED"], output)

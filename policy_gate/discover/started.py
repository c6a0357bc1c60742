"""Which files the commands of a CI file, a script or an image start, and in which folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy_gate.schema.patterns import lazy_pattern

_CI: Final = lazy_pattern(
    r"(?:\.github/(?:workflows|actions)/.*|\.gitlab-ci.*|(?:.*/)?\.gitlab/.*|\.circleci/.*|azure-pipelines.*"
    r"|bitbucket-pipelines.*|\.woodpecker.*|\.drone.*|\.buildkite/.*)\.ya?ml"
)
_RUNS_TESTS: Final = lazy_pattern(
    r"\b(?:pytest|py\.test|unittest|tox|nox|nose2?|jest|vitest|mocha|karma|ava|cypress|playwright|rspec|phpunit|ctest"
    r"|gtest|go test|cargo test|dotnet test|swift test|mvn|gradlew?|coverage|behave|robot|bats|ruff|mypy|flake8|black"
    r"|pylint|eslint|prettier|tsc|zip|tar|cp|rm|mv|cat|diff|git)\b|--test\b"
    r"|(?:npm|yarn|pnpm|bun|make)[ \t]+(?:run[ \t]+)?\S{0,20}test"
)
"""commands that look at tests and examples, or move them about, and are no use of what stands in them"""
_STARTS: Final = lazy_pattern(
    r"(?:^|[\s\"'\[(;&|/])(?:python[\d.]*|pypy[\d.]*|node|deno|bun|tsx|ts-node|ruby|php|Rscript|julia|bash|sh|zsh|pwsh"
    r"|java|dotnet|swift|perl|exec|source|uv run|poetry run|pipenv run|conda run|uvicorn|gunicorn|streamlit run|flask"
    r"|celery|modal run|torchrun|accelerate launch|nohup|go run|npx)\b[^\n]{0,400}|(?:^|[\s\"'])\./[\w./-]{1,200}"
)
"""what starts a program that is named behind it"""
_FOLDER: Final = lazy_pattern(
    r"\b(?:(?:working-directory|workdir|chdir|cwd)[ \t]{0,4}[:=]?|cd|pushd|WORKDIR)"
    r"""[ \t]{1,4}["']?([\w./-]{1,200})"""
)
_PROGRAM: Final = lazy_pattern(r"(?<![\w./-])(?:\./)?([\w-][\w./-]{0,200})")
_JOINTS: Final = lazy_pattern(r"&&|\|\|?|;|\$\(")
_FIRST_FILE: Final = lazy_pattern(r"[^\s\"'=:]*(?:/|\.(?:py|[cm]?[jt]sx?|rb|sh|php|[rR]|jl)\b)[^\s\"']*")
_MOST: Final = 50


def is_ci(path: str) -> bool:
    """Is it a file by which a forge runs commands?"""
    return _CI.fullmatch(path) is not None


def started_in_ci(text: str) -> str:
    """Of a CI file the commands that start a program, other than for tests; comments are none."""
    lines = (line.partition(" #")[0] for line in text.split("\n") if not line.lstrip().startswith("#"))
    commands = (command for line in lines for command in _JOINTS.split(line) if not _is_for_tests(command))
    found = [it[0] for command in commands for it in _STARTS.finditer(command)]
    return "\n".join([*found, *_in_folders(text, found)])


def _is_for_tests(command: str) -> bool:
    """Whether a command is, or starts, one that runs tests: by what stands before the first file that it names."""
    first = _FIRST_FILE.search(command)
    if first is None:
        return _RUNS_TESTS.search(command) is not None
    name = first[0].rpartition("/")[2]
    return _RUNS_TESTS.search(f"{command[: first.start()]} {name if '.' not in name else ''}") is not None


def in_folders(text: str) -> str:
    """What the commands of a script start, from the folders that it goes to."""
    return "\n".join(_in_folders(text, [it[0] for it in _STARTS.finditer(text)])) if _FOLDER.search(text) else ""


def _in_folders(text: str, commands: list[str]) -> Iterator[str]:
    folders = list(dict.fromkeys(it[1].removeprefix("./").strip("/") for it in _FOLDER.finditer(text)))[:_MOST]
    for folder in folders:
        for command in commands[:_MOST]:
            for program in list(_PROGRAM.finditer(command))[:8]:
                yield f'"{folder}/{program[1]}"'

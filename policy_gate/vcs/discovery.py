"""Where a repository keeps its things, found by looking: no git is started and no settings are obeyed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from policy_gate.errors import UsageError

_SHA256 = re.compile(r'^\s*objectformat\s*=\s*"?sha256', re.IGNORECASE | re.MULTILINE)


class RepositoryLocation(NamedTuple):
    """`root` is the work tree (or the bare repository itself), `common_dir` holds objects and refs."""

    root: Path
    git_dir: Path
    common_dir: Path
    algorithm: str
    """`sha1` or `sha256`"""
    is_bare: bool


def find_repository(directory: Path) -> RepositoryLocation:
    """The repository that a directory is in; UsageError where there is none.

    A bare repository is taken only where the directory itself is one: one that lies inside a checkout
    was put there by somebody else.
    """
    start = directory.resolve()
    for root in (start, *start.parents):
        git_dir = _git_dir(root / ".git")
        if git_dir is not None:
            return _places(root, git_dir, is_bare=False)
    if _is_repository(start):
        return _places(start, start, is_bare=True)
    raise UsageError(f"{directory} is not in a git repository", hint="run git init there, or name another with -C DIR")


def _git_dir(dot_git: Path) -> Path | None:
    if dot_git.is_dir():
        return dot_git.resolve() if _is_repository(dot_git) else None
    if not dot_git.is_file():
        return None
    text = dot_git.read_text("utf-8", "surrogateescape")[:4096]
    target = (dot_git.parent / text.removeprefix("gitdir:").strip()).resolve()
    if not text.startswith("gitdir:") or not _is_repository(target):
        raise UsageError(f"{dot_git} does not name a git repository", hint="run git worktree repair, or clone again")
    return target


def _is_repository(folder: Path) -> bool:
    common = _common_dir(folder)
    return (folder / "HEAD").exists() and (common / "objects").is_dir() and (common / "refs").is_dir()


def _common_dir(git_dir: Path) -> Path:
    pointer = git_dir / "commondir"
    if not pointer.is_file():
        return git_dir
    return (git_dir / pointer.read_text("utf-8", "surrogateescape").strip()).resolve()


def _places(root: Path, git_dir: Path, *, is_bare: bool) -> RepositoryLocation:
    common = _common_dir(git_dir)
    config = common / "config"
    text = config.read_text("utf-8", "replace") if config.is_file() else ""
    return RepositoryLocation(root, git_dir, common, "sha256" if _SHA256.search(text) else "sha1", is_bare)

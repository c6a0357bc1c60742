"""Where a repository keeps its things, and what its refs name.

A check finds it by looking: no git is started and no settings are obeyed. A hook is told by the git that runs it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from policy_gate.errors import UsageError
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.vcs.process import NEEDED, GitFailedError, Run, ask, failed, run_git

_SHA256 = lazy_pattern(r'^\s*objectformat\s*=\s*"?sha256', re.IGNORECASE | re.MULTILINE)


class RepositoryLocation(NamedTuple):
    """`root` is the work tree (or the bare repository itself), `common_dir` holds objects and refs."""

    root: Path
    git_dir: Path
    common_dir: Path
    algorithm: str
    """`sha1` or `sha256`"""
    is_bare: bool


class Here(NamedTuple):
    """The repository that git runs a hook for.

    `common_dir` holds its objects, `memory` what we remember of it, `root` is its work tree or None.
    """

    git_dir: Path
    common_dir: Path
    root: Path | None
    algorithm: str
    """`sha1` or `sha256`"""
    memory: Path


class FoundRef(NamedTuple):
    """A ref by its full name; `points_to` is the full name of the ref behind a symbolic one, or empty."""

    oid: str
    points_to: str


def here(directory: Path | None = None) -> Here:
    """The repository that this process is started for, by GIT_DIR or by a folder; GitFailedError where there is none.

    Git sets GIT_DIR for its hooks in a linked work tree, and a user may keep the folder anywhere.
    """
    wanted = ("--absolute-git-dir", "--path-format=absolute", "--git-common-dir", "--show-object-format")
    answer = run_git("rev-parse", *wanted, environment=os.environ, cwd=directory)
    if answer.status:
        raise failed("no repository can be opened here", answer)
    lines = os.fsdecode(answer.out).rstrip("\n").split("\n")
    if len(lines) != 3 or lines[2] not in ("sha1", "sha256"):
        raise GitFailedError("git does not say where its folder is, and is older than 2.38", hint=NEEDED)
    root = ask("rev-parse", "--path-format=absolute", "--show-toplevel", cwd=directory)
    common = Path(lines[1])
    return Here(Path(lines[0]), common, Path(root) if root else None, lines[2], common / "policy-gate")


def refs_of(run: Run, names: Collection[str]) -> Mapping[str, FoundRef]:
    """Of these full ref names, those that exist; nothing is guessed or completed. UndecidedError if git cannot tell."""
    return {name: ref for name, ref in _listed(run, names).items() if name in names}


def refs_called(run: Run, branch: str) -> Mapping[str, FoundRef]:
    """What has this short name, by full ref name.

    The local branch, the ref below `refs/remotes/` of just that name, and what this clone last saw of the branch at
    each of its remotes. UndecidedError as `refs_of`.
    """
    own = (f"refs/heads/{branch}", f"refs/remotes/{branch}")
    found = _listed(run, (*own, f"refs/remotes/*/{branch}"))
    return {name: ref for name, ref in found.items() if name in own or name.split("/", 3)[3:] == [branch]}


def knows_a_remote(run: Run) -> bool:
    """Has this clone seen any branch of a remote? UndecidedError as `refs_of`."""
    return bool(_listed(run, ("refs/remotes/",), "--count=1"))


def knows_one_remote_branch(run: Run) -> bool:
    """Has this clone seen one branch of its remotes, as a clone of a single branch? UndecidedError as `refs_of`."""
    return len(_listed(run, ("refs/remotes/",), "--count=2")) == 1


def newest_branches(run: Run, most: int) -> list[str]:
    """The short names of the branches of this clone, last worked on first. UndecidedError as `refs_of`."""
    options = (f"--count={most}", "--sort=-committerdate")
    return [name.removeprefix("refs/heads/") for name in _listed(run, ("refs/heads/",), *options)]


def _listed(run: Run, patterns: Collection[str], *options: str) -> Mapping[str, FoundRef]:
    form = "--format=%(refname) %(objectname) %(symref)"
    answer = run("for-each-ref", form, *options, "--end-of-options", *patterns)
    if answer.status:
        raise failed("git cannot read the refs", answer)
    rows = (line.split(" ") for line in answer.out.decode("utf-8", "surrogateescape").splitlines())
    return {row[0]: FoundRef(row[1], row[2]) for row in rows}


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
    raise UsageError(f"{start} is not in a git repository", hint="run git init there, or name another with -C DIR")


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

"""Git by subprocess alone, for a hook that must start at once: no library, none of the repository's settings.

Objects are read in a repository of our own that borrows them, so that hooks, attributes, replacements,
grafts and lazy fetching have no say. The real one is asked where it is, and for a few refs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from policy_gate.vcs.bare_repository import FOLDERS, files_of
from policy_gate.vcs.hardened_git import ENVIRONMENT, SETTINGS


class GitFailedError(Exception):
    """Git is missing, or did not answer what it should; the text is for people."""


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


class Tip(NamedTuple):
    """A ref's commit; `points_to` is the full name of the ref behind a symbolic one, or empty."""

    oid: str
    points_to: str


def ask(*words: str, cwd: Path | None = None) -> str | None:
    """What git answers as the user's own git would, by its settings and variables; None where it says no."""
    try:
        done = subprocess.run(["git", *words], cwd=cwd, capture_output=True, check=False)
    except OSError:
        raise GitFailedError("no git was found on the PATH") from None
    return os.fsdecode(done.stdout).rstrip("\n") if done.returncode == 0 else None


def scrubbed(**more: str) -> dict[str, str]:
    """This process's environment without what git would obey, and `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("GIT_")}
    return {**kept, **ENVIRONMENT, **more}


def command(*words: str) -> list[str]:
    """A git command line that obeys no hook and no monitor."""
    return ["git", "--no-pager", *(part for setting in SETTINGS for part in ("-c", setting)), *words]


def answer(git_dir: Path, *words: str, **more: str) -> tuple[int, bytes]:
    """Exit code and output of a hardened git on one repository; `more` are variables for it."""
    environment = scrubbed(GIT_DIR=str(git_dir), **more)
    done = subprocess.run(command(*words), env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return done.returncode, done.stdout


def here(directory: Path | None = None) -> Here:
    """The repository that this process is started for, by GIT_DIR or by a folder; GitFailedError where there is none.

    Git sets GIT_DIR for its hooks in a linked work tree, and a user may keep the folder anywhere.
    """
    wanted = ("--absolute-git-dir", "--path-format=absolute", "--git-common-dir", "--show-object-format")
    told = ask("rev-parse", *wanted, cwd=directory)
    lines = (told or "").split("\n")
    if len(lines) != 3 or lines[2] not in ("sha1", "sha256"):
        raise GitFailedError("this is not a git repository, or git is older than 2.38")
    root = ask("rev-parse", "--path-format=absolute", "--show-toplevel", cwd=directory)
    common = Path(lines[1])
    return Here(Path(lines[0]), common, Path(root) if root else None, lines[2], common / "policy-gate")


def tips(place: Here, names: Iterable[str]) -> Mapping[str, Tip]:
    """Of these full ref names, those that exist; nothing is guessed or completed."""
    wanted = sorted(set(names))
    code, out = answer(place.git_dir, "for-each-ref", "--format=%(refname) %(objectname) %(symref)", *wanted)
    if code:
        raise GitFailedError("git cannot read the refs of this repository")
    rows = (line.split(" ") for line in os.fsdecode(out).splitlines())
    return {row[0]: Tip(row[1], row[2]) for row in rows if row[0] in wanted}


class Borrowed:
    """A repository of our own with the objects of the real one, and the refs that it is given.

    It is the `.git` of the new folder `root`, so that nobody who starts there finds another repository around it.
    """

    def __init__(self, place: Here, refs: Mapping[str, str]) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="policy-gate-"))
        self.path = self.root / ".git"
        for name in FOLDERS:
            (self.path / name).mkdir(parents=True)
        for name, data in files_of(place.common_dir / "objects", place.algorithm, is_bare=False).items():
            (self.path / name).write_bytes(data)
        packed = "".join(f"{refs[name]} {name}\n" for name in sorted(refs))
        (self.path / "packed-refs").write_bytes(os.fsencode(packed))
        if (place.common_dir / "shallow").is_file():
            shutil.copyfile(place.common_dir / "shallow", self.path / "shallow")

    def __enter__(self) -> Borrowed:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        shutil.rmtree(self.root, ignore_errors=True)

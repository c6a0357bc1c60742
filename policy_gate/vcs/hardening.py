"""How git is run when nothing of the machine's or the repository's settings may have a say.

Objects are read in a repository of our own that borrows them from the real one, so that settings, attributes,
hooks, replacements, grafts and lazy fetching have no say (D01). The real one is asked for refs and for the list of
its work tree's files only.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from policy_gate.vcs.process import Answer, GitProcess, run_git, start_git

SETTINGS = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    f"core.attributesFile={os.devnull}",
    f"core.excludesFile={os.devnull}",
    "core.commitGraph=false",
    "core.warnAmbiguousRefs=false",
    "core.quotePath=false",
)
"""For `git -c`, before any command."""

ENVIRONMENT = {
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
}
"""Beside a process's own variables, of which none that begins with GIT_ is kept."""

_OPTIONS = ("--no-pager", "--literal-pathspecs", *(part for setting in SETTINGS for part in ("-c", setting)))


class HardenedGit:
    """Git on one repository, `work_tree` being None where none is to be looked at."""

    def __init__(self, git_dir: Path, work_tree: Path | None = None) -> None:
        self.git_dir = git_dir
        self._where = {"GIT_DIR": str(git_dir)}
        if work_tree is not None:
            self._where["GIT_WORK_TREE"] = str(work_tree)

    def run(self, *words: str, **more: str) -> Answer:
        """Run one command to its end; `more` are variables for it. GitFailedError where there is no git."""
        return run_git(*_OPTIONS, *words, environment=self._environment(more))

    def tell(self, told: bytes, *words: str) -> Answer:
        """Run one command to its end that reads this from its standard input; GitFailedError where there is no git."""
        return run_git(*_OPTIONS, *words, environment=self._environment({}), told=told)

    def start(self, *words: str) -> GitProcess:
        """Start a command that is talked to through its pipes; GitFailedError where there is no git."""
        return start_git(*_OPTIONS, *words, environment=self._environment({}))

    def start_batch(self) -> GitProcess:
        """Start the process that answers each object id with the object."""
        return self.start("cat-file", "--batch")

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("GIT_")}
        return {**kept, **ENVIRONMENT, **self._where, **more}


def lay_out_repository(git_dir: Path, common_dir: Path, algorithm: str, *, is_bare: bool = True) -> None:
    """Lay out a repository in an empty folder that borrows the objects of `common_dir`, and has nothing of its own.

    The list of shallow commits is taken along: it says where that clone's history ends. `algorithm` is
    `sha1` or `sha256`. https://git-scm.com/docs/gitrepository-layout
    """
    version, extension = (1, "[extensions]\n\tobjectFormat = sha256\n") if algorithm == "sha256" else (0, "")
    bare = "true" if is_bare else "false"
    config = f"[core]\n\trepositoryformatversion = {version}\n\tbare = {bare}\n{extension}"
    for name in ("objects/info", "refs"):
        (git_dir / name).mkdir(parents=True)
    (git_dir / "HEAD").write_bytes(b"ref: refs/heads/none\n")
    (git_dir / "config").write_bytes(config.encode("ascii"))
    (git_dir / "objects/info/alternates").write_bytes(alternate(common_dir / "objects"))
    if (common_dir / "shallow").is_file():
        shutil.copyfile(common_dir / "shallow", git_dir / "shallow")


def alternate(objects: Path) -> bytes:
    """The line of `objects/info/alternates` that names a folder of objects, quoted where it must be."""
    raw = os.fsencode(objects)
    if b"\n" not in raw and not raw.startswith(b'"'):
        return raw + b"\n"
    quoted = raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + quoted + b'"\n'


class Borrowed:
    """A repository of our own with the objects of a real one, and the refs that it is given.

    It is the `.git` of the new folder `root`, so that nobody who starts there finds another repository around it.
    """

    def __init__(self, common_dir: Path, algorithm: str, refs: Mapping[str, str]) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="policy-gate-"))
        self.path = self.root / ".git"
        lay_out_repository(self.path, common_dir, algorithm, is_bare=False)
        packed = "".join(f"{refs[name]} {name}\n" for name in sorted(refs))
        (self.path / "packed-refs").write_bytes(os.fsencode(packed))

    def __enter__(self) -> Borrowed:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        shutil.rmtree(self.root, ignore_errors=True)

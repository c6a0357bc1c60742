"""The files of another repository at one revision: fetched shallow into an empty repository that goes again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from policy_gate.errors import UndecidedError
from policy_gate.vcs.clone import Address, Clone, Want
from policy_gate.vcs.process import run_git
from policy_gate.vcs.repository import Repository
from policy_gate.vcs.trees import GitTree

PROTOCOLS = ("https", "http", "ssh", "file")
_KEPT_AS = "refs/policy-gate/fetched"


@contextmanager
def fetched_tree(url: str, ref: str = "") -> Iterator[GitTree]:
    """The tree of a branch, tag or commit of the repository at `url`, of its default branch without one.

    Neither settings nor credential helpers of the user are obeyed, nor any settings of the repository. UndecidedError
    where it cannot be had.
    """
    with TemporaryDirectory(prefix="policy-gate-", ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        _begin(root)
        clone = Clone(root / ".git", Address(url, protocols=PROTOCOLS), lambda _: None, depth=1)
        failure = clone.fetch(Want(ref or "HEAD", _KEPT_AS))
        commit = "" if failure else clone.commit_of(_KEPT_AS)
        if not commit:
            raise UndecidedError(f"{url} cannot be fetched: {failure or f'{ref} is no commit'}")
        with Repository.open(root) as repository:
            yield repository.tree(repository.tree_oid(commit))


def _begin(root: Path) -> None:
    environment = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    environment |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    done = run_git("init", "--quiet", "--template=", str(root), environment=environment)
    if done.status:
        raise UndecidedError(f"no folder for a fetch can be made: {done.err.strip()}")

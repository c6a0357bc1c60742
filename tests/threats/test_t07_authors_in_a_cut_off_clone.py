"""T07: whoever wrote it approves it, judged in a clone whose history ends before that can be seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from keys import SignedScratch, needs_openssh, real_crypto
from scratch import Result

pytestmark = [pytest.mark.real_git, real_crypto, needs_openssh]


def _merged(folder: Path, author: str) -> SignedScratch:
    """A weakening by `author`, signed for by Rae Kim, and the merge of it that a forge would offer."""
    repo = SignedScratch(folder)
    repo.restart()
    repo.edit(paths=["screener/rank/**"])
    repo.commit("Narrow the screener", by=author)
    repo.sign_as("Rae Kim")
    repo.commit("A last word", by="Sam Lee")
    repo.checkout("main")
    repo.commit("Later", by="Sam Lee", files={"NOTES.md": "Notes.\n"})
    repo.branch("merged")
    repo.git("merge", "-q", "--no-ff", "-m", "Merge work", "work")
    return repo


def _in_a_clone(repo: SignedScratch, folder: Path, depth: int) -> Result:
    """The check of the merge against main, fetched to this depth; 0 for all."""
    limit = ("--depth", str(depth)) if depth else ()
    repo.git("clone", "-q", *limit, "--no-single-branch", "--branch", "merged", f"file://{repo.path}", str(folder))
    home, repo.path = repo.path, folder
    try:
        return repo.check("--base", "origin/main")
    finally:
        repo.path = home


@pytest.mark.parametrize(("author", "code"), [("Rae Kim", 1), ("Bo Author", 0)])
def test_t07_a_cut_off_clone_never_passes_what_its_author_approved(tmp_path: Path, author: str, code: int) -> None:
    repo = _merged(tmp_path, author)
    assert _in_a_clone(repo, tmp_path / "whole", 0).code == code
    cut = _in_a_clone(repo, tmp_path / "cut", 3)
    assert (cut.code, cut.verdict) == (3, "undecided"), cut
    assert "the authors of this change could not be told" in cut.out
    assert "git fetch --unshallow" in cut.out

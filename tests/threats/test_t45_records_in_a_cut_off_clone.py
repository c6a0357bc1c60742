"""T45: a record that base held once, was taken out and is brought again, judged where history is cut off."""

from __future__ import annotations

from pathlib import Path

import pytest
from keys import SignedScratch, needs_openssh, real_crypto, signature_of
from scratch import Result

pytestmark = [pytest.mark.real_git, real_crypto, needs_openssh]


def _in_a_clone(repo: SignedScratch, folder: Path, depth: int) -> Result:
    """The check of `again` against main, where both are fetched to this depth; 0 for all."""
    limit = ("--depth", str(depth)) if depth else ()
    repo.git("clone", "-q", *limit, "--no-single-branch", "--branch", "again", f"file://{repo.path}", str(folder))
    home, repo.path = repo.path, folder
    try:
        return repo.check("--base", "origin/main")
    finally:
        repo.path = home


@pytest.fixture
def repo(tmp_path: Path) -> SignedScratch:
    """The weakening was approved and merged, undone, and the record cleared away; `again` brings all of it back."""
    repo = SignedScratch(tmp_path)
    repo.narrowed()
    record = repo.sign_as("Rae Kim")
    kept = {str(path.relative_to(repo.path)): path.read_bytes() for path in (record, signature_of(record))}
    repo.merge("work")
    repo.edit(paths=["screener/**"])
    repo.remove(*kept)
    repo.commit("Widen it again, and clear up")
    repo.commit("Later")
    repo.branch("again")
    repo.edit(paths=["screener/rank/**"])
    repo.commit("Narrow the screener again", files=kept)
    return repo


def test_t45_what_base_held_is_spent_and_a_cut_off_clone_cannot_tell(repo: SignedScratch, tmp_path: Path) -> None:
    whole = _in_a_clone(repo, tmp_path / "whole", 0)
    assert whole.code == 1, whole
    assert "it is spent" in str(whole.finding("weakening")["claims"])
    cut = _in_a_clone(repo, tmp_path / "cut", 2)
    assert (cut.code, cut.verdict) == (3, "undecided"), cut
    assert "whether base held this record before cannot be told" in str(cut.finding("weakening")["claims"])


def test_t45_control_a_change_without_records_needs_no_history(repo: SignedScratch, tmp_path: Path) -> None:
    repo.branch("again", at="main")
    repo.commit("Notes", files={"NOTES.md": "Notes.\n"})
    assert _in_a_clone(repo, tmp_path / "cut", 2).code == 0

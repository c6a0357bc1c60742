"""H25: a repository that this git is too old for, or with broken settings, is told as that, and not as one without it.

A newer git makes such repositories: reftable for refs, relative paths to linked work trees.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from scratch import Scratch
from world import high_system

from policy_gate.errors import UndecidedError
from policy_gate.vcs.repository import Repository

pytestmark = pytest.mark.real_git
NEWER = "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tnoSuchThing = true\n"
SHAPES = {
    "an extension": (NEWER, "nosuchthing", "newer git"),
    "a format to come": ("[core]\n\trepositoryformatversion = 99\n", "99", "newer git"),
    "a broken line": ("[core\n", "bad config line", "mend that line"),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("options", [(), ("--base", "main"), ("--all",), ("--worktree",)], ids=" ".join)
def test_h25_what_git_says_is_told_with_what_to_do(scratch: Scratch, shape: str, options: tuple[str, ...]) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch("work")
    control = scratch.check(*options)
    assert control.code in (0, 1), control
    settings, said, hint = SHAPES[shape]
    with (scratch.path / ".git" / "config").open("a", encoding="utf-8") as config:
        config.write(settings)
    done = scratch.check(*options)
    assert done.code == 3, done
    assert said in done.err
    assert hint in done.err
    assert "no commit" not in done.err


def test_h25_a_name_that_is_no_commit_is_still_only_that(scratch: Scratch, tmp_path: Path) -> None:
    scratch.commit("One", files={"a": "1\n"})
    with Repository.open(scratch.path) as repository:
        for name in ("nothing", "HEAD@{upstream}", "HEAD~9", ":/[", "HEAD:a", "HEAD^{tree}"):
            assert repository.resolve(name) is None, name
        (scratch.path / ".git" / "config").write_text(NEWER, "utf-8")
        with pytest.raises(UndecidedError, match="does not open"):
            repository.resolve("nothing")

"""Where git fails, what it said is told, and its version is the hint only where that is what lacks."""

from __future__ import annotations

import pytest

from policy_gate.vcs.process import NEEDED, Answer, failed


@pytest.mark.parametrize(
    ("said", "why", "hint"),
    [
        ("fatal: Unable to create '/r/.git/index.lock': File exists.", "Unable to create", "remove the lock"),
        ("warning: x\nerror: No space left on device", "No space left on device", "make room"),
        ("fatal: pathspec 'x' did not match any files", "pathspec 'x' did not match any files", "git fsck"),
        ("error: unknown option `write-tree'\nusage: git merge-tree", "unknown option `write-tree'", NEEDED),
        ("git: 'maintenance' is not a git command. See 'git --help'.", "'maintenance' is not a git", NEEDED),
        ("fatal: detected dubious ownership in repository", "dubious ownership", "safe.directory"),
        ("fatal: unknown repository extension found:\n\treftable\n", "found: reftable", "newer git"),
        ("fatal: bad config line 9 in file .git/config", "bad config line 9", "mend that line"),
        ("", "ended with 128 and said nothing", "git fsck"),
    ],
)
def test_a_failure_is_told_as_git_tells_it(said: str, why: str, hint: str) -> None:
    error = failed("git add failed", Answer(128, b"", said))
    assert error.message.startswith("git add failed: ")
    assert why in error.message
    assert hint in (error.hint or "")
    assert (error.hint == NEEDED) == (hint == NEEDED)

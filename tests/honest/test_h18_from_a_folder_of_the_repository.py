"""H18: commands that are run in a folder of the repository print commands that work there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from keys import SignedScratch
from scratch import Result

pytestmark = pytest.mark.real_git

COMMANDS = re.compile(r"^  ((?:cd \S+ && )?(?:git add|ssh-keygen|mkdir) .+)$", re.MULTILINE)


@pytest.fixture(params=["screener", "screener/it's deep", "."])
def inside(request: pytest.FixtureRequest, tmp_path: Path) -> SignedScratch:
    """On a branch that narrows the paths, in a folder of the repository."""
    repo = SignedScratch(tmp_path)
    repo.narrowed()
    repo.path = repo.path / request.param
    repo.path.mkdir(parents=True, exist_ok=True)
    return repo


def follow(repo: SignedScratch, told: Result) -> list[str]:
    """Run what was printed, each in a shell of its own in the folder."""
    assert told.code == 0, told
    found = COMMANDS.findall(told.err)
    for line in found:
        subprocess.run(["bash", "-ec", line], cwd=repo.path, env=repo.environment(), check=True, capture_output=True)
    return [re.sub(r"^cd \S+ && ", "", line).split()[0] for line in found]


def test_h18_an_approval_is_committed_verified_and_counts(inside: SignedScratch) -> None:
    key = str(inside.keys["Rae Kim"])
    said = inside.run(
        "approve", "--for", "weakening", "--system", "SYS-001", "--role", "ai-safety-lead", "--key", key, "--yes"
    )
    assert follow(inside, said) == ["git", "ssh-keygen"]
    found = inside.check()
    assert (found.code, found.verdict) == (0, "pass"), found


def test_h18_a_waiver_is_committed(inside: SignedScratch) -> None:
    why = "The red team is booked for the first week of January."
    rule = ("--rule", "pre-deployment-security-review", "--subject", "red-team-report")
    said = inside.run(
        "waive", "--system", "SYS-001", *rule, "--reason", why, "--expires", "P30D", "--approver", "Rae Kim", "--yes"
    )
    assert follow(inside, said) == ["git"]
    assert inside.git("status", "--porcelain") == ""

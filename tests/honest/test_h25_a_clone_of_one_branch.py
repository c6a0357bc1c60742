"""H25: a clone that holds one branch, as CI and `git clone --depth` make them, is told commands that lead on."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from scratch import Scratch
from world import high_system

pytestmark = pytest.mark.real_git

FETCHES = re.compile(r"git fetch[^,;(]*")
OTHERWISE = re.compile(r"called otherwise, (git .*?--auto)")


@pytest.fixture
def upstream(scratch: Scratch, tmp_path: Path) -> Path:
    """A bare repository with a governed `main` and a promotion on `work`."""
    scratch.adopt(high_system("development"))
    scratch.promote()
    origin = tmp_path / "origin.git"
    scratch.git("clone", "-q", "--bare", str(scratch.path), str(origin))
    scratch.git("-C", str(origin), "symbolic-ref", "HEAD", "refs/heads/main")
    return origin


def cloned(upstream: Path, scratch: Scratch, tmp_path: Path, *options: str) -> Scratch:
    """A clone of `work` with these options."""
    clone = Scratch(tmp_path / "clone")
    clone.path = tmp_path / "clone" / "work"
    scratch.git("clone", "-q", *options, "-b", "work", f"file://{upstream}", str(clone.path))
    return clone


def follow(clone: Scratch, told: str, command: re.Pattern[str]) -> None:
    """Run in a shell what a message says to run."""
    found = command.search(" ".join(told.split()))
    assert found is not None, told
    line = found[1] if command.groups else found[0]
    subprocess.run(["bash", "-ec", line], cwd=clone.path, env=clone.environment(), check=True, capture_output=True)


@pytest.mark.parametrize(
    "options", [("--single-branch",), ("--depth=1",), ("--depth=1", "--filter=blob:none")], ids=str
)
@pytest.mark.parametrize("args", [(), ("--base", "origin/main"), ("--base", "refs/heads/main")], ids=str)
def test_h25_what_is_told_leads_to_an_answer(
    upstream: Path, scratch: Scratch, tmp_path: Path, options: tuple[str, ...], args: tuple[str, ...]
) -> None:
    clone = cloned(upstream, scratch, tmp_path, *options)
    done = clone.check(*args)
    steps = 0
    while done.code == 3 and steps < 3:
        follow(clone, done.err, FETCHES)
        done, steps = clone.check(*args), steps + 1
    assert (done.code, done.blocking()[:1]) == (1, ["approval:ciso"]), done
    assert steps, "the base was not there at first"


def test_h25_a_default_branch_of_another_name_is_found_in_it(upstream: Path, scratch: Scratch, tmp_path: Path) -> None:
    scratch.git("-C", str(upstream), "branch", "-m", "main", "trunk")
    scratch.git("-C", str(upstream), "symbolic-ref", "HEAD", "refs/heads/trunk")
    clone = cloned(upstream, scratch, tmp_path, "--single-branch")
    follow(clone, clone.run("check").err, OTHERWISE)
    done = clone.check()
    assert done.report["trust"]["base"]["ref"] == "refs/remotes/origin/trunk"
    assert (done.code, done.report["trust"]["enforcing"]) == (1, True)


@pytest.mark.parametrize("name", ["v1.0", "HEAD"])
def test_h25_a_tag_or_head_as_base_is_told_its_commit(scratch: Scratch, name: str) -> None:
    scratch.adopt(high_system("development"))
    scratch.promote()
    scratch.git("tag", "-a", "-m", "Released", "v1.0", "main")
    told = scratch.run("check", "--base", name)
    found = re.search(r"--base \$\(git (rev-parse \S+)\)", " ".join(told.err.split()))
    assert (told.code, found is not None) == (3, True), told
    commit = scratch.git(*str(found and found[1]).replace("'", "").split())
    assert commit == scratch.git("rev-parse", "work" if name == "HEAD" else "main")
    assert scratch.check("--base", commit).code in (0, 1)

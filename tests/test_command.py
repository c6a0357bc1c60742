"""The quick start of the command is the true one: same codes, same bytes, and nothing stays behind for the next run."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from command import Starter
from scratch import Scratch
from world import high_system

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the quick start is for Linux")


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """A repository whose branch `work` lacks everything that production asks for."""
    repo = Scratch(tmp_path_factory.mktemp("command"))
    repo.adopt(high_system("development"))
    repo.branch()
    repo.declare_only(high_system("production", artifacts=[]))
    repo.commit("Straight to production")
    return repo


@pytest.fixture
def own() -> Starter:
    """Starts a fresh Python for each run."""
    starter = Starter()
    starter.is_own = True
    return starter


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Starter:
    """Starts by forking, whatever the environment of the tests says."""
    monkeypatch.delenv("POLICY_GATE_OWN_START", raising=False)
    return QUICK


QUICK = Starter()
RULE = """\
schema: policy-gate/policy/v1
rules:
  - id: ID
    title: No system has a description
    why: Nobody can judge what nobody described.
    when: system.tier == "high"
    enforcement: advise
    require:
      - artifact: stakeholder-impact-assessment
"""


@pytest.mark.parametrize(
    ("args", "stdin", "code"),
    [
        (["check"], "", 1),
        (["check", "--format", "json", "--as-of", "2030-01-01"], "", 1),
        (["check", "--base", "gone"], "", 3),
        (["check", "--formt", "json"], "", 2),
        (["-C", "policies", "check"], "", 1),
        (["-C", "nowhere", "check"], "", 2),
        (["-C"], "", 2),
        (["audit", "log"], "", 3),
        (["incident", "metrics"], "", 0),
        (["raci"], "", 0),
        (["classify"], "", 0),
        (["init"], "n\n" * 50_000, 2),
        (["policy", "schema", "policy"], "", 0),
        ([], "", 2),
    ],
)
def test_both_ways_say_the_same(
    repo: Scratch, own: Starter, quick: Starter, args: list[str], stdin: str, code: int
) -> None:
    ended = [way.run(args, repo.path, repo.environment(), stdin.encode()) for way in (own, quick)]
    assert ended[0] == ended[1]
    assert ended[0].code == code


def test_each_run_has_the_rules_of_its_own_policies(repo: Scratch, quick: Starter, tmp_path: Path) -> None:
    """Runs share the rule sets of the same layers, and only of those."""
    listed = ["policy", "list", "--policies", str(tmp_path)]
    for id_ in ("one-rule", "another-rule", "one-rule"):
        (tmp_path / "org.yaml").write_text(RULE.replace("ID", id_))
        out = quick.run(listed, repo.path, repo.environment()).out.decode()
        assert [name for name in ("one-rule", "another-rule") if name in out] == [id_]


def test_folder_and_variables_of_one_run_are_gone_in_the_next(repo: Scratch, quick: Starter, tmp_path: Path) -> None:
    there = quick.run(["check", "--format", "json"], repo.path, repo.environment())
    elsewhere = quick.run(["check"], tmp_path, repo.environment(GIT_CEILING_DIRECTORIES=str(tmp_path.parent)))
    again = quick.run(["check", "--format", "json"], repo.path, repo.environment())
    assert (there.code, elsewhere.code, again.code) == (1, 2, 1)
    completing = {"_POLICY_GATE_COMPLETE": "bash_complete", "COMP_WORDS": "policy-gate cl", "COMP_CWORD": "1"}
    assert b"classify" in quick.run([], repo.path, repo.environment(**completing)).out
    assert quick.run([], repo.path, repo.environment()).code == 2


@pytest.mark.parametrize(("umask", "mode"), [(0o077, 0o700), (0o022, 0o755)])
def test_folders_get_the_umask_of_the_moment(quick: Starter, tmp_path: Path, umask: int, mode: int) -> None:
    fresh = Scratch(tmp_path)
    fresh.commit("Start", files={"bot/main.py": "import anthropic\n"})
    before = os.umask(umask)
    try:
        done = quick.run(["init", "--yes"], fresh.path, fresh.environment())
    finally:
        os.umask(before)
    assert done.code == 0, done
    assert (fresh.path / "policies").stat().st_mode & 0o777 == mode


def test_what_python_takes_in_at_its_start_gets_a_fresh_one(repo: Scratch, quick: Starter, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import os\n\nos._exit(77)\n")
    assert quick.run(["check"], repo.path, repo.environment()).code == 1
    path = f"{tmp_path}{os.pathsep}{repo.environment()['PYTHONPATH']}"
    assert quick.run(["check"], repo.path, repo.environment(PYTHONPATH=path)).code == 77


def test_temporary_files_go_where_each_run_says(repo: Scratch, quick: Starter, tmp_path: Path) -> None:
    for name in ("one", "other"):
        folder = tmp_path / name
        folder.mkdir()
        os.utime(folder, ns=(0, 0))
        assert quick.run(["check", "--worktree"], repo.path, repo.environment(TMPDIR=str(folder))).code == 1
        assert folder.stat().st_mtime_ns > 0, "something was made in it"
        assert list(folder.iterdir()) == []

"""`hook pre-commit`: what is staged is judged, or the ref of a push that the framework tells in its variables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pushing import Pusher
from scratch import Result, Scratch
from world import high_system

pytestmark = pytest.mark.real_git
STAGED = "what is staged, judged against"


@pytest.fixture(scope="module")
def governed(tmp_path_factory: pytest.TempPathFactory) -> Pusher:
    """A governed clone with origin's main fetched, and no hook."""
    made = Pusher(tmp_path_factory.mktemp("governed"))
    made.git("fetch", "-q", "origin")
    return made


@pytest.fixture
def work(governed: Pusher) -> Iterator[Pusher]:
    """The shared clone on a branch of its own, clean before and after."""
    governed.branch("work")
    yield governed
    governed.clean()


def _hook(work: Scratch, *words: str, **env: str) -> Result:
    return work.run("hook", "pre-commit", *words, **env)


def test_only_what_is_staged_is_judged(work: Pusher) -> None:
    work.edit(stage="pre_deployment")
    unstaged = _hook(work)
    assert unstaged.code == 0, unstaged
    work.git("add", "-A")
    staged = _hook(work)
    assert staged.code == 1
    assert f"{STAGED} origin/main" in staged.err
    assert "BLOCKED  SYS-001" in staged.err
    assert "this hook is advisory" in staged.err
    work.edit(stage="development")
    assert _hook(work).code == 1, "the work tree is fine again, but that is not what would be committed"
    work.git("add", "-A")
    assert _hook(work).code == 0


def test_advisory_tells_and_holds_nobody(work: Pusher) -> None:
    work.edit(stage="pre_deployment")
    work.git("add", "-A")
    done = _hook(work, "--advisory")
    assert done.code == 0
    assert "BLOCKED" in done.err
    assert "Exit 0 instead of 1" in done.err


def test_it_leaves_the_index_and_the_repository_as_they_are(work: Pusher) -> None:
    work.edit(stage="pre_deployment")
    work.git("add", "-A")
    index = (work.path / ".git" / "index").read_bytes()
    before = (work.git("status", "--porcelain"), work.git("count-objects", "-v"), work.git("for-each-ref"))
    assert _hook(work).code == 1
    assert (work.path / ".git" / "index").read_bytes() == index
    assert (work.git("status", "--porcelain"), work.git("count-objects", "-v"), work.git("for-each-ref")) == before


def test_the_index_that_git_commits_from_is_the_one_that_counts(work: Pusher) -> None:
    work.edit(stage="pre_deployment")
    work.git("add", "-A")
    other = work.path / ".git" / "index of one file"
    work.git("read-tree", "HEAD", **_env(GIT_INDEX_FILE=str(other)))
    assert _hook(work, GIT_INDEX_FILE=str(other)).code == 0
    assert _hook(work).code == 1


def _env(**variables: str) -> dict[str, Any]:
    return dict(variables)


def test_what_a_merge_brings_in_is_part_of_it(work: Pusher) -> None:
    work.harmless("side", at="main")
    work.blocked("promoted", at="main")
    work.branch("work", "side")
    work.git("merge", "-q", "--no-commit", "--no-ff", "promoted")
    merged = _hook(work)
    assert merged.code == 1
    assert "BLOCKED" in merged.err


def test_unresolved_conflicts_are_no_pass(work: Pusher) -> None:
    work.harmless("ours", file="src/clash.py")
    work.harmless("theirs", file="src/clash.py")
    work.branch("work", "ours")
    work.git("merge", "-q", "theirs", ok=False)
    done = _hook(work)
    assert done.code == 3
    assert "resolve the conflicts" in done.err
    work.write({"src/clash.py": "NAME = 'both'\n"})
    work.git("add", "-A")
    assert _hook(work).code == 0


def test_a_merge_of_the_base_that_was_resolved_is_no_conflict_with_it(work: Pusher) -> None:
    work.harmless("ours", file="src/clash.py")
    work.harmless("moved-base", file="src/clash.py")
    work.branch("work", "ours")
    work.git("update-ref", "refs/remotes/origin/main", "moved-base")
    work.git("merge", "-q", "moved-base", ok=False)
    work.write({"src/clash.py": "NAME = 'both'\n"})
    work.git("add", "-A")
    resolved = _hook(work)
    work.git("commit", "-q", "-m", "Merge")
    work.git("reset", "-q", "--soft", "ours")
    squashed = _hook(work)
    work.git("update-ref", "refs/remotes/origin/main", "main")
    assert resolved.code == 0, resolved
    assert squashed.code == 3, "without its second parent the same content conflicts with the base"
    assert "conflict" in squashed.err


def test_the_first_commit_of_a_repository_has_nothing_to_merge_into(scratch: Scratch) -> None:
    scratch.declare(high_system("pre_deployment"))
    scratch.git("add", "-A")
    done = _hook(scratch)
    assert done.code == 0
    assert "not judged, this is the first commit" in done.err


def test_without_a_remote_the_local_main_stands_for_it_and_without_that_it_is_undecided(scratch: Scratch) -> None:
    scratch.adopt(high_system())
    scratch.branch("work")
    scratch.edit(stage="pre_deployment")
    scratch.git("add", "-A")
    done = _hook(scratch)
    assert done.code == 1
    assert f"{STAGED} main" in done.err
    scratch.git("branch", "-q", "-m", "main", "trunk")
    undecided = _hook(scratch)
    assert undecided.code == 3
    assert "git fetch origin" in undecided.err


def test_t32_in_the_stage_pre_push_it_judges_the_ref_that_the_framework_tells(work: Pusher) -> None:
    word = "s3cret"
    tip = work.blocked("told")
    work.checkout("main")
    push = {
        "PRE_COMMIT_TO_REF": tip,
        "PRE_COMMIT_FROM_REF": work.git("rev-parse", "main"),
        "PRE_COMMIT_REMOTE_NAME": "origin",
        "PRE_COMMIT_REMOTE_URL": f"https://bo:{word}@forge.example/x.git",
        "PRE_COMMIT_REMOTE_BRANCH": "refs/heads/told",
        "PRE_COMMIT_LOCAL_BRANCH": "refs/heads/told",
    }
    done = _hook(work, **push)
    assert done.code == 1
    assert "told -> origin told, judged against origin/main" in done.err
    by_hand = _hook(work, PRE_COMMIT_TO_REF=tip, PRE_COMMIT_FROM_REF="main")
    assert by_hand.code == 1
    tag = _hook(work, **push | {"PRE_COMMIT_REMOTE_BRANCH": "refs/tags/v1"})
    assert tag.code == 0
    assert "not judged, a tag is no branch" in tag.err
    address = push["PRE_COMMIT_REMOTE_URL"]
    stranger = _hook(work, **push | {"PRE_COMMIT_REMOTE_NAME": address})
    assert stranger.code == 1
    assert "origin's stands for it" in stranger.err
    for said in (done, by_hand, tag, stranger):
        assert word not in said.out + said.err
    fine = _hook(work, **push | {"PRE_COMMIT_TO_REF": work.harmless("fine")})
    assert fine.code == 0
    onto = {"PRE_COMMIT_TO_REF": work.harmless("onto", at="told"), "PRE_COMMIT_FROM_REF": tip}
    assert _hook(work, **push | onto).code == 1
    to_main = _hook(work, **push | onto | {"PRE_COMMIT_REMOTE_BRANCH": "refs/heads/main"})
    assert to_main.code == 0, "main itself is judged against what the remote holds now"

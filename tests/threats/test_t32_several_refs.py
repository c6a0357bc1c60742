"""T32, D36: whatever is pushed, in whatever number and way, every ref is judged, and the worst answer stops git."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from git_server import GitServer
from pushing import Pusher

pytestmark = pytest.mark.real_git
ZERO = "0" * 40


@pytest.fixture(scope="module")
def pusher(tmp_path_factory: pytest.TempPathFactory) -> Pusher:
    """One clone with one remote for all; every test pushes branches of its own."""
    made = Pusher(tmp_path_factory.mktemp("pusher"))
    made.ready()
    return made


@pytest.fixture(autouse=True)
def _only_main_is_left(pusher: Pusher) -> Iterator[None]:
    yield
    pusher.clean()


def test_t32_d36_several_refs_are_each_judged_and_one_blocked_stops_all(pusher: Pusher) -> None:
    pusher.harmless("several-1")
    pusher.blocked("several-2")
    pusher.harmless("several-3")
    done = pusher.push("origin", "several-1", "several-2", "several-3")
    assert done.code != 0, done
    assert "several-1 -> origin several-1" in done.err
    assert "several-2 -> origin several-2, judged against origin/main" in done.err
    assert "BLOCKED  SYS-001" in done.err
    assert "several-3 -> origin several-3: pass, nothing governed changed" in done.err
    assert "this hook is advisory" in done.err
    assert not pusher.remote_tip("refs/heads/several-1")
    control = pusher.push("origin", "several-1", "several-3")
    assert control.code == 0, control
    assert pusher.remote_tip("refs/heads/several-3")
    assert "advisory" not in control.err


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_t32_the_blocked_ref_counts_first_or_last(pusher: Pusher, order: tuple[int, int]) -> None:
    lines = [_line("first-good", pusher.harmless("first-good")), _line("bad", pusher.blocked("bad"))]
    assert _hook(pusher, "".join(lines[at] for at in order)) == 1


def test_d36_worst_of_4_1_3_0(pusher: Pusher) -> None:
    good, bad = pusher.harmless("worst-good"), pusher.blocked("worst-bad")
    pusher.git("checkout", "-q", "--orphan", "worst-unrelated")
    unrelated = pusher.commit("Another history")
    pusher.checkout("main")
    lines = {name: _line(name, oid) for name, oid in (("a", good), ("b", bad), ("c", unrelated))}
    assert _hook(pusher, lines["a"]) == 0
    assert _hook(pusher, lines["a"] + lines["c"]) == 3
    assert _hook(pusher, lines["c"] + lines["b"] + lines["a"]) == 1
    assert _hook(pusher, lines["c"] + lines["b"], "--advisory") == 0


def test_d36_deletions_and_tags_are_skipped_aloud(pusher: Pusher) -> None:
    pusher.harmless("doomed")
    pusher.blocked("tagged")
    pusher.git("tag", "v1")
    pusher.git("tag", "-a", "-m", "two", "v2")
    assert pusher.push("origin", "doomed").code == 0
    done = pusher.push("origin", ":doomed", "v1", "v2")
    assert done.code == 0, done
    assert "deletion -> origin doomed: not judged, a deletion brings nothing in" in done.err
    assert "refs/tags/v1: not judged, a tag is no branch to be merged" in done.err
    assert not pusher.remote_tip("refs/heads/doomed")
    control = pusher.push("origin", "v1^{commit}:refs/heads/from-tag")
    assert control.code != 0, "the same commit pushed to a branch is judged"
    assert "BLOCKED" in control.err


def test_t32_half_a_change_does_not_pass_because_the_other_half_is_on_the_feature_branch(pusher: Pusher) -> None:
    pusher.blocked("halves")
    assert pusher.push("--no-verify", "origin", "halves").code == 0
    pusher.harmless("halves", at="halves")
    done = pusher.push("origin", "halves")
    assert done.code != 0, "its base is the branch it merges into, not its own tip on the remote"
    assert "BLOCKED" in done.err


def test_d36_main_itself_is_judged_against_what_the_remote_holds_now(tmp_path: Path) -> None:
    pusher = Pusher(tmp_path)
    pusher.ready()
    pusher.checkout("main")
    pusher.commit("Harmless", files={"src/tool.py": "x = 1\n"})
    assert pusher.push("origin", "main").code == 0
    pusher.edit(stage="pre_deployment")
    pusher.commit("Promote on main")
    done = pusher.push("origin", "HEAD:main")
    assert done.code != 0
    assert "BLOCKED" in done.err
    assert pusher.push("--no-verify", "origin", "main").code == 0
    pusher.git("update-ref", "refs/remotes/origin/main", "HEAD~1")
    pusher.commit("Harmless again", files={"src/tool.py": "x = 2\n"})
    again = pusher.push("origin", "main")
    assert again.code == 0, "the stale remote-tracking ref is not what the remote holds"


def test_t32_force_push_detached_head_and_all(pusher: Pusher) -> None:
    pusher.harmless("forced")
    assert pusher.push("origin", "forced").code == 0
    pusher.blocked("forced")
    assert "BLOCKED" in pusher.push("--force", "origin", "forced").err
    pusher.git("checkout", "-q", "--detach", "forced")
    detached = pusher.push("origin", "HEAD:refs/heads/detached")
    assert detached.code != 0
    assert "HEAD -> origin detached" in detached.err
    pusher.checkout("main")
    everything = pusher.push("--all", "--force", "origin")
    assert everything.code != 0
    assert "forced -> origin forced" in everything.err


def test_an_empty_push_says_nothing(pusher: Pusher) -> None:
    pusher.harmless("empty")
    assert pusher.push("origin", "empty").code == 0
    done = pusher.push("origin", "empty")
    assert done.code == 0
    assert "policy-gate" not in done.err


def test_t21_a_branch_with_a_name_that_misleads_is_shown_by_its_letters(pusher: Pusher) -> None:
    pusher.blocked("evil\u202egpj")
    done = pusher.push("origin", "evil\u202egpj")
    told = [line for line in done.err.splitlines() if not line.startswith("error: ")]
    assert any("evil\\u202egpj -> origin evil\\u202egpj" in line for line in told)
    assert not [line for line in told if "\u202e" in line or "\x1b" in line]


def test_t21_a_branch_named_like_a_tag_is_told_as_the_branch_that_it_is(pusher: Pusher) -> None:
    pusher.blocked("like-a-tag")
    done = pusher.push("--dry-run", "origin", "like-a-tag:refs/heads/refs/tags/v1")
    assert done.code != 0, done
    assert "like-a-tag -> origin refs/heads/refs/tags/v1, judged against origin/main" in done.err


@pytest.mark.parametrize("line", ["refs/heads/x abc refs/heads/x def\n", "one two three\n", "\0\n"])
def test_a_line_that_git_would_not_write_is_no_pass(pusher: Pusher, line: str) -> None:
    assert _hook(pusher, line) == 2


def test_a_commit_that_is_not_here_is_no_pass(pusher: Pusher) -> None:
    assert _hook(pusher, _line("ghost", "1" * 40)) == 3


def test_an_unknown_remote_says_what_to_fetch(tmp_path: Path) -> None:
    pusher = Pusher(tmp_path)
    assert pusher.command("hook", "install").code == 0
    pusher.harmless("early")
    done = pusher.push("origin", "early")
    assert done.code != 0
    assert "UNDECIDED" in done.err
    assert "git fetch origin" in done.err
    pusher.git("fetch", "-q", "origin")
    assert pusher.push("origin", "early").code == 0, "the hint is the way out"


def test_another_remote_and_a_bare_address(pusher: Pusher, tmp_path: Path) -> None:
    fork = tmp_path / "fork.git"
    pusher.git("clone", "-q", "--bare", str(pusher.served), str(fork))
    pusher.git("remote", "add", "fork", str(fork))
    pusher.blocked("elsewhere")
    unseen = pusher.push("fork", "elsewhere")
    assert unseen.code != 0
    assert "this clone has not seen the default branch of fork; origin's stands for it" in unseen.err
    pusher.git("fetch", "-q", "fork")
    assert "judged against fork/main" in pusher.push("fork", "elsewhere").err
    assert "judged against fork/main" in pusher.push(str(fork), "elsewhere").err
    pusher.git("remote", "remove", "fork")
    nameless = pusher.push(str(fork), "elsewhere")
    assert nameless.code != 0
    assert str(fork) not in "".join(line for line in nameless.err.splitlines() if "policy-gate" in line)


def test_pushes_over_http_with_a_password_that_is_never_told(tmp_path: Path) -> None:
    word = "hunter2"
    with GitServer(tmp_path / "http", token=word) as server:
        pusher = Pusher(tmp_path, url="placeholder")
        address = server.host(pusher.path, "example-org/screener").replace("http://", f"http://bo:{word}@")
        pusher.git("remote", "set-url", "origin", address)
        pusher.ready()
        pusher.blocked("work")
        for where in ("origin", address):
            done = pusher.push(where, "work")
            assert done.code != 0
            assert "BLOCKED" in done.err
            told = "".join(line for line in done.err.splitlines() if not line.startswith("error: failed to push"))
            assert word not in told + done.out
        assert not [it for it in (pusher.path / ".git" / "policy-gate").rglob("*.json") if word in it.read_text()]
        pusher.harmless("fine")
        assert pusher.push("origin", "fine").code == 0


def test_from_a_linked_work_tree_a_subfolder_and_with_git_dir(pusher: Pusher, tmp_path: Path) -> None:
    pusher.blocked("places")
    pusher.checkout("main")
    linked = tmp_path / "linked tree"
    pusher.git("worktree", "add", "-q", str(linked), "places")
    (linked / "deep").mkdir()
    for where in (linked, linked / "deep", pusher.path / "policies"):
        done = pusher.push("origin", "places", cwd=where)
        assert done.code != 0, where
        assert "BLOCKED" in done.err
    aside = tmp_path / "aside"
    aside.mkdir()
    variables = {"GIT_DIR": str(pusher.path / ".git"), "GIT_WORK_TREE": str(aside)}
    assert "BLOCKED" in pusher.push("origin", "places", cwd=aside, **variables).err
    pusher.harmless("places-fine")
    control = pusher.push("origin", "places-fine", cwd=aside, **variables)
    assert control.code == 0, control
    pusher.git("worktree", "remove", "--force", str(linked))


def test_a_repository_kept_elsewhere_is_not_mistaken_for_the_one_around_it(pusher: Pusher, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    pusher.git("clone", "-q", "--no-checkout", str(pusher.served), str(outer))
    kept = outer / "kept.git"
    pusher.git("clone", "-q", "--bare", str(pusher.served), str(kept))
    own: dict[str, Any] = {"GIT_DIR": str(kept), "GIT_WORK_TREE": str(outer)}
    pusher.git("remote", "remove", "origin", **own)
    pusher.git("remote", "add", "origin", str(pusher.served), **own)
    pusher.git("fetch", "-q", "origin", **own)
    assert pusher.command("hook", "install", cwd=outer, **own).code == 0
    assert (kept / "hooks" / "pre-push").is_file()
    tip = pusher.blocked("kept")
    pusher.git("fetch", "-q", str(pusher.path), f"{tip}:refs/heads/kept", **own)
    done = pusher.push("origin", "kept", cwd=outer, **own)
    assert done.code != 0
    assert "BLOCKED" in done.err


def test_a_folder_for_temporary_files_inside_another_repository_is_no_trap(pusher: Pusher, tmp_path: Path) -> None:
    pusher.git("clone", "-q", str(pusher.served), str(tmp_path / "decoy"))
    pusher.git("-C", str(tmp_path / "decoy"), "branch", "trapped", "origin/main")
    pusher.blocked("trapped")
    done = pusher.push("origin", "trapped", TMPDIR=str(tmp_path / "decoy"))
    assert done.code != 0
    assert "BLOCKED" in done.err
    assert not list((tmp_path / "decoy").glob("policy-gate-*")), "nothing is left behind"


def test_while_a_rebase_is_going_on(pusher: Pusher) -> None:
    pusher.harmless("rebased", file="src/clash.py")
    pusher.harmless("other-side", file="src/clash.py")
    pusher.git("rebase", "rebased", ok=False)
    assert (pusher.path / ".git" / "rebase-merge").is_dir()
    try:
        assert pusher.push("origin", "rebased").code == 0
    finally:
        pusher.git("rebase", "--abort")


def test_t40_settings_in_the_environment_do_not_reach_the_check(pusher: Pusher, tmp_path: Path) -> None:
    pusher.blocked("settings")
    for folder in (tmp_path, pusher.path):
        (folder / "policy_gate").mkdir()
        (folder / "policy_gate" / "__init__.py").write_text("raise SystemExit(0)\n", "utf-8")
        (folder / "sitecustomize.py").write_text("raise SystemExit(0)\n", "utf-8")
    done = pusher.push(
        "origin",
        "settings",
        PYTHONPATH=str(tmp_path),
        GIT_CONFIG_COUNT="1",
        GIT_CONFIG_KEY_0="core.fsmonitor",
        GIT_CONFIG_VALUE_0="true",
        GIT_NAMESPACE="",
    )
    pusher.git("clean", "-q", "-f", "-d")
    assert done.code != 0
    assert "BLOCKED" in done.err


def test_t41_a_tag_and_a_branch_named_like_the_base_are_not_read(pusher: Pusher) -> None:
    tip = pusher.blocked("named")
    names = ("refs/tags/origin/main", "refs/heads/origin/main", "refs/tags/refs/remotes/origin/main")
    for name in names:
        pusher.git("update-ref", name, tip)
    done = pusher.push("origin", "named")
    for name in names:
        pusher.git("update-ref", "-d", name)
    assert done.code != 0
    assert f"judged against origin/main {pusher.git('rev-parse', 'main')[:7]}" in done.err
    assert "BLOCKED" in done.err
    pusher.git("update-ref", "refs/remotes/origin/main", tip)
    moved = pusher.push("origin", "named")
    pusher.git("fetch", "-q", "origin")
    assert moved.code == 0, "the remote-tracking ref is what is read"


def _line(name: str, oid: str) -> str:
    return f"refs/heads/{name} {oid} refs/heads/{name} {ZERO}\n"


def _hook(pusher: Pusher, lines: str, *options: str) -> int:
    """The exit code of the hook for these lines, as git would call it."""
    return pusher.run("hook", "pre-push", *options, "--", "origin", str(pusher.served), stdin=lines).code

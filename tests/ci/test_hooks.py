"""The pre-push hook as a file: written where git looks, never over another's, and removed without a trace."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from git_server import GitServer
from parts import part
from pushing import Pusher, is_executable, write_hook
from scratch import Result, Scratch

from policy_gate.ci import git_hooks

pytestmark = pytest.mark.real_git
ADVICE = "this hook is advisory"
KEPT = git_hooks.CHAINED
FOREIGN = '#!/bin/sh\n# ours since long\ncat >>.git/lines\necho "$@" >>.git/words\nexit 0\n'
LINE_BEFORE = "where nothing else reads standard input: "
PACKAGE = Path(git_hooks.__file__).resolve().parent.parent


def hook_of(scratch: Scratch) -> Path:
    return scratch.path / ".git" / "hooks" / git_hooks.NAME


@pytest.fixture(scope="module")
def pusher(tmp_path_factory: pytest.TempPathFactory) -> Pusher:
    """A clone in a folder whose name needs quoting, with origin's main fetched and no hook yet."""
    made = Pusher(tmp_path_factory.mktemp("it's a $HOME with; blanks"))
    made.git("fetch", "-q", "origin")
    return made


@pytest.fixture
def clone(pusher: Pusher) -> Iterator[Pusher]:
    """The shared clone, without hooks and branches before and after."""
    yield pusher
    for name in (git_hooks.NAME, KEPT):
        (pusher.path / ".git" / "hooks" / name).unlink(missing_ok=True)
    for name in ("lines", "words"):
        (pusher.path / ".git" / name).unlink(missing_ok=True)
    pusher.git("config", "--unset-all", "core.hooksPath", ok=False)
    pusher.clean()


# Written and removed


def test_install_twice_changes_nothing_and_uninstall_leaves_no_trace(scratch: Scratch) -> None:
    file = hook_of(scratch)
    before = sorted(file.parent.iterdir())
    first = scratch.run("hook", "install")
    assert first.code == 0, first
    assert f"wrote {file}" in first.err
    assert "it is advisory: it tells early, CI decides" in first.err
    assert is_executable(file)
    text, written = file.read_bytes(), file.stat().st_mtime_ns
    again = scratch.run("hook", "install")
    assert (again.code, again.err) == (0, f"already installed: {file}\n")
    assert (file.read_bytes(), file.stat().st_mtime_ns) == (text, written)
    other = scratch.run("hook", "install", "--advisory")
    assert f"updated {file}" in other.err
    assert b"--advisory" in file.read_bytes()
    assert scratch.run("hook", "uninstall").err == f"removed {file}\n"
    assert sorted(file.parent.iterdir()) == before
    nothing = scratch.run("hook", "uninstall")
    assert (nothing.code, nothing.err) == (0, f"nothing of ours is installed: {file} is not there\n")


def test_a_foreign_hook_is_refused_with_a_line_to_add_that_works(clone: Pusher) -> None:
    file = hook_of(clone)
    write_hook(file, "#!/bin/sh\necho theirs >&2\n")
    refused = clone.run("hook", "install")
    assert refused.code == 2
    assert file.read_text("utf-8") == "#!/bin/sh\necho theirs >&2\n", "it is left as it is"
    assert f"{file} is not ours and is left as it is" in refused.err
    assert "-echo theirs >&2" in refused.err, "the difference is shown"
    assert "--chain" in refused.err
    assert clone.run("hook", "uninstall").code == 0
    assert file.exists()
    write_hook(file, file.read_text("utf-8") + _line_to_add(refused) + "\n")
    clone.blocked("blocked")
    stopped = clone.push("origin", "blocked")
    assert stopped.code != 0
    assert "theirs" in stopped.err
    assert "BLOCKED  SYS-001" in stopped.err
    clone.harmless("fine")
    passed = clone.push("origin", "fine")
    assert passed.code == 0, passed
    write_hook(file, "#!/bin/sh\n" + _line_to_add(clone.run("hook", "install", "--advisory")) + "\n")
    told = clone.push("origin", "blocked")
    assert told.code == 0, "the line is for the hook that was asked for"
    assert "BLOCKED" in told.err


def _line_to_add(refused: Result) -> str:
    hint = " ".join(refused.err.partition("hint: ")[2].split("\n"))
    return hint.partition(LINE_BEFORE)[2].strip()


def test_chained_both_get_the_same_lines_and_words(clone: Pusher) -> None:
    file = hook_of(clone)
    write_hook(file, FOREIGN)
    done = clone.run("hook", "install", "--chain")
    assert done.code == 0, done
    assert f"kept the hook that was there as {file.with_name(KEPT)}; it runs first" in done.err
    clone.harmless("one")
    clone.harmless("two")
    tips = [clone.git("rev-parse", name) for name in ("one", "two")]
    pushed = clone.push("origin", "one", "two")
    assert pushed.code == 0, pushed
    lines = clone.read(".git/lines").splitlines()
    assert sorted(line.split(" ")[1] for line in lines) == sorted(tips)
    assert clone.read(".git/words") == f"origin {clone.served}\n"
    for name in ("one", "two"):
        assert f"policy-gate: {name} -> origin {name}" in pushed.err
    clone.blocked("three")
    assert "BLOCKED" in clone.push("origin", "three").err
    assert "already installed" in clone.run("hook", "install").err, "once chained, it stays so"


def test_chained_the_other_hook_can_stop_the_push_and_comes_back_on_uninstall(clone: Pusher) -> None:
    file = hook_of(clone)
    write_hook(file, "#!/bin/sh\necho no pushes today >&2\nexit 5\n")
    assert clone.run("hook", "install", "--chain").code == 0
    clone.harmless("today")
    stopped = clone.push("origin", "today")
    assert stopped.code != 0
    assert "no pushes today" in stopped.err
    assert "policy-gate" not in stopped.err, "what was stopped already is not judged"
    removed = clone.run("hook", "uninstall")
    assert "put back the hook that was there before" in removed.err
    assert file.read_text("utf-8") == "#!/bin/sh\necho no pushes today >&2\nexit 5\n"
    assert is_executable(file)
    assert not file.with_name(KEPT).exists()


def test_chaining_never_overwrites_what_was_kept_earlier(scratch: Scratch) -> None:
    file = hook_of(scratch)
    write_hook(file, "#!/bin/sh\nexit 0\n")
    write_hook(file.with_name(KEPT), "#!/bin/sh\n# precious\n")
    done = scratch.run("hook", "install", "--chain")
    assert done.code == 2
    assert "is in the way of the hook that would be kept" in done.err
    assert file.with_name(KEPT).read_text("utf-8") == "#!/bin/sh\n# precious\n"
    assert file.read_text("utf-8") == "#!/bin/sh\nexit 0\n"
    file.with_name(KEPT).unlink()
    assert scratch.run("hook", "install", "--chain").code == 0


def test_a_link_is_somebody_elses(scratch: Scratch) -> None:
    file = hook_of(scratch)
    file.parent.mkdir(exist_ok=True)
    file.symlink_to("nowhere")
    refused = scratch.run("hook", "install")
    assert refused.code == 2
    assert "a link to nowhere" in refused.err
    assert scratch.run("hook", "install", "--chain").code == 0
    assert not file.is_symlink()
    assert scratch.run("hook", "uninstall").code == 0
    assert file.is_symlink()
    assert str(file.readlink()) == "nowhere"


def test_an_edited_hook_is_neither_overwritten_nor_removed(scratch: Scratch) -> None:
    assert scratch.run("hook", "install").code == 0
    file = hook_of(scratch)
    ours = file.read_text("utf-8")
    file.write_text(ours + "make check\n", "utf-8")
    for words in (("install",), ("install", "--chain"), ("uninstall",)):
        done = scratch.run("hook", *words)
        assert done.code == 2, words
        assert "was edited since it was installed" in done.err
        assert file.read_text("utf-8") == ours + "make check\n"
        assert not file.with_name(KEPT).exists()
    assert "-make check" in scratch.run("hook", "install").err
    file.write_text(ours, "utf-8")
    assert scratch.run("hook", "uninstall").code == 0


@pytest.mark.parametrize("make", ["folder", "file in the way"])
def test_what_cannot_be_written_is_said_and_not_forced(scratch: Scratch, make: str) -> None:
    if make == "folder":
        hook_of(scratch).mkdir(parents=True)
        wanted = "is no file"
    else:
        (scratch.path / "taken").write_text("", "utf-8")
        scratch.git("config", "core.hooksPath", "taken")
        wanted = "cannot write"
    done = scratch.run("hook", "install")
    assert done.code == 2
    assert wanted in done.err
    assert "hint: " in done.err


def test_outside_a_repository_it_is_a_usage_error(scratch: Scratch, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    for words in (("install",), ("uninstall",)):
        done = scratch.run("hook", *words, "-C", str(nowhere))
        assert done.code == 2
        assert "not a git repository" in done.err


def test_t21_another_hooks_text_and_folder_cannot_write_to_the_terminal(scratch: Scratch) -> None:
    folder = scratch.path / "h\x1b]0;owned\x07 \u202ex"
    scratch.git("config", "core.hooksPath", str(folder))
    written = scratch.run("hook", "install")
    write_hook(folder / git_hooks.NAME, "#!/bin/sh\n\x1b[2J\x1b[1;1Hall is well \u202e\n::error::forged\n")
    refused = scratch.run("hook", "install")
    assert (written.code, refused.code) == (0, 2)
    for done in (written, refused):
        assert not [char for char in ("\x1b", "\x07", "\u202e") if char in done.err + done.out]
        assert not [line for line in done.err.splitlines() if line.startswith("::")]
    assert "all is well" in refused.err


# Where git looks


def test_hooks_path_relative_and_in_the_work_tree(scratch: Scratch) -> None:
    scratch.git("config", "core.hooksPath", ".hooks")
    (scratch.path / "deep").mkdir()
    done = scratch.run("hook", "install", "-C", "deep")
    assert done.code == 0, done
    assert is_executable(scratch.path / ".hooks" / "pre-push"), "git reads it from the top of the work tree"
    assert "core.hooksPath = .hooks (local)" in done.err
    assert "so do not commit it" in done.err
    scratch.git("config", "core.hooksPath", ".husky/_")
    assert "husky may write this folder anew" in scratch.run("hook", "install").err
    scratch.git("config", "--unset", "core.hooksPath")
    plain = scratch.run("hook", "install")
    assert "core.hooksPath" not in plain.err
    assert "do not commit" not in plain.err
    assert hook_of(scratch).exists()


def test_hooks_path_for_all_repositories_is_honoured_and_said(clone: Pusher) -> None:
    shared = clone.home / "all my hooks"
    clone.git("config", "--global", "core.hooksPath", "~/all my hooks")
    try:
        done = clone.run("hook", "install")
        assert done.code == 0, done
        assert is_executable(shared / "pre-push")
        assert not hook_of(clone).exists()
        assert "(global)" in done.err
        assert "that folder serves every repository of this account" in done.err
        clone.blocked("shared")
        assert "BLOCKED" in clone.push("origin", "shared").err
        assert clone.run("hook", "uninstall").err == f"removed {shared / 'pre-push'}\n"
        assert clone.push("origin", "shared").code == 0
    finally:
        clone.git("config", "--global", "--unset", "core.hooksPath")


def test_a_linked_work_tree_shares_the_hook_of_its_repository(clone: Pusher, tmp_path: Path) -> None:
    linked = tmp_path / "a linked tree"
    clone.git("worktree", "add", "-q", "-b", "linked", str(linked), "main")
    try:
        done = clone.run("hook", "install", "-C", str(linked))
        assert f"wrote {hook_of(clone)}" in done.err
        clone.blocked("from-linked")
        stopped = clone.push("origin", "from-linked", cwd=linked)
        assert stopped.code != 0, "git sets GIT_DIR for a hook in a linked work tree"
        assert "from-linked -> origin from-linked, judged against origin/main" in stopped.err
        assert "BLOCKED" in stopped.err
        assert clone.run("hook", "uninstall", "-C", str(linked)).err == f"removed {hook_of(clone)}\n"
    finally:
        clone.git("worktree", "remove", "--force", str(linked))


def test_a_bare_repository_has_a_hook_too(clone: Pusher, tmp_path: Path) -> None:
    bare = tmp_path / "bare one.git"
    clone.git("clone", "-q", "--bare", str(clone.served), str(bare))
    clone.git("-C", str(bare), "config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
    clone.git("-C", str(bare), "fetch", "-q", "origin")
    done = clone.run("hook", "install", "-C", str(bare))
    assert f"wrote {bare / 'hooks' / 'pre-push'}" in done.err
    clone.git("-C", str(bare), "fetch", "-q", str(clone.path), f"{clone.blocked('bare')}:refs/heads/bare")
    stopped = clone.push("origin", "bare", cwd=bare)
    assert stopped.code != 0
    assert "BLOCKED" in stopped.err
    clone.git("-C", str(bare), "fetch", "-q", str(clone.path), f"{clone.harmless('bare-fine')}:refs/heads/bare-fine")
    passed = clone.push("origin", "bare-fine", cwd=bare)
    assert passed.code == 0, passed


def test_git_dir_names_the_repository_that_is_meant(scratch: Scratch, tmp_path: Path) -> None:
    other = Scratch(tmp_path / "other")
    done = scratch.run("hook", "install", GIT_DIR=str(other.path / ".git"), GIT_WORK_TREE=str(other.path))
    assert f"wrote {hook_of(other)}" in done.err
    assert not hook_of(scratch).exists()


# When git runs it


def test_d36_advisory_tells_and_holds_nobody(clone: Pusher) -> None:
    clone.blocked("told")
    assert clone.run("hook", "install").code == 0
    assert clone.push("origin", "told").code != 0
    assert clone.run("hook", "install", "--advisory").code == 0
    done = clone.push("origin", "told")
    assert done.code == 0, done
    assert "BLOCKED  SYS-001" in done.err
    assert "Exit 0 instead of 1, as --advisory wants it" in done.err


def test_d30_it_says_that_it_is_advice_and_how_to_go_past_it(clone: Pusher) -> None:
    assert clone.run("hook", "install").code == 0
    clone.blocked("past")
    stopped = clone.push("origin", "past")
    assert ADVICE in stopped.err
    assert "git push --no-verify pushes all the same" in stopped.err
    assert not clone.remote_tip("refs/heads/past")
    assert clone.push("--no-verify", "origin", "past").code == 0
    assert clone.remote_tip("refs/heads/past")


def test_on_the_default_branch_it_says_that_nobody_can_approve_it_any_more(clone: Pusher) -> None:
    clone.command("hook", "install")
    clone.checkout("main")
    clone.edit(risk_profile={"human_oversight": "full"})
    clone.commit("On the wrong branch")
    said = "goes in without the approval"
    assert said not in clone.push("origin", "main:refs/heads/work").err
    done = clone.push("origin", "main")
    assert (done.code, said in done.err, "git switch -c NAME" in done.err) == (0, True, True), done


def test_when_the_interpreter_is_gone_it_says_so_and_stops(clone: Pusher, tmp_path: Path) -> None:
    place = tmp_path / "a place"
    shutil.copytree(PACKAGE, place / "policy_gate", ignore=shutil.ignore_patterns("__pycache__"))
    if not (PACKAGE / "policies").is_dir():
        shutil.copytree(PACKAGE.parent / "policies", place / "policies")
    installed = clone.command("hook", "install", PYTHONPATH=str(place))
    assert installed.code == 0, installed
    assert str(place) in hook_of(clone).read_text("utf-8")
    clone.harmless("fine")
    alone = _path_without_policy_gate(tmp_path)
    present = clone.push("origin", "fine", PATH=str(alone))
    assert present.code == 0, present
    place.rename(tmp_path / "moved")
    clone.harmless("later")
    gone = clone.push("origin", "later", PATH=str(alone))
    assert gone.code != 0
    assert "policy-gate is not where it was when this hook was installed, nor on the PATH" in gone.err
    assert "hint: " in gone.err
    assert not clone.remote_tip("refs/heads/later")
    write_hook(
        alone / "policy-gate",
        f"#!/bin/sh\nPYTHONPATH={shlex.quote(str(PACKAGE.parent))}\nexport PYTHONPATH\n"
        f'exec {shlex.quote(sys.executable)} -P -m policy_gate "$@"\n',
    )
    clone.blocked("worse")
    assert "BLOCKED" in clone.push("origin", "worse", PATH=str(alone)).err, "the one on the PATH stands in"


def test_when_the_interpreter_is_gone_an_advisory_hook_only_says_so(clone: Pusher, tmp_path: Path) -> None:
    text = git_hooks.script(chained=False, advisory=True).replace(PACKAGE.as_posix(), str(tmp_path / "gone"))
    write_hook(hook_of(clone), text)
    clone.blocked("unjudged")
    done = clone.push("origin", "unjudged", PATH=str(_path_without_policy_gate(tmp_path)))
    assert done.code == 0, done
    assert "not judged" in done.err
    assert clone.remote_tip("refs/heads/unjudged")


def _path_without_policy_gate(folder: Path) -> Path:
    """A folder with git alone, as the PATH."""
    alone = folder / "bin"
    alone.mkdir()
    for name in ("git", "cat"):
        (alone / name).symlink_to(shutil.which(name) or name)
    return alone


def test_during_a_rebase_a_push_is_judged_like_any_other(clone: Pusher) -> None:
    assert clone.run("hook", "install").code == 0
    clone.blocked("replayed")
    clone.harmless("under")
    clone.checkout("replayed")
    push = "git push -q origin HEAD:refs/heads/in-between"
    stopped = _git(clone, "rebase", "-q", "--exec", push, "under")
    try:
        assert stopped.code != 0
        assert "HEAD -> origin in-between, judged against origin/main" in stopped.err
        assert "BLOCKED" in stopped.err
    finally:
        clone.git("rebase", "--abort")
    clone.harmless("calm", file="src/calm.py")
    clone.git("commit", "-q", "--allow-empty", "-m", "More")
    passed = _git(clone, "rebase", "-q", "--exec", push, "under")
    assert passed.code == 0, passed
    assert clone.remote_tip("refs/heads/in-between") == clone.git("rev-parse", "calm")


def _git(clone: Pusher, *words: str) -> Result:
    done = subprocess.run(
        ["git", *words], cwd=clone.path, env=clone.environment(), capture_output=True, text=True, check=False
    )
    return Result(done.returncode, done.stdout, done.stderr)


def test_over_http_credentials_are_neither_printed_nor_kept(tmp_path: Path) -> None:
    word = "s3cret-t0ken"
    with GitServer(tmp_path / "http", token=word) as server:
        clone = Pusher(tmp_path, url="placeholder")
        address = server.host(clone.path, "example-org/screener").replace("http://", f"http://bo:{word}@")
        clone.git("remote", "set-url", "origin", address)
        installed = clone.run("hook", "install")
        clone.blocked("work")
        unknown = clone.push("origin", "work")
        assert "this clone knows no branch of origin" in unknown.err
        clone.git("remote", "rename", "origin", "upstream")
        nameless = clone.push(address.replace("screener", "screener.git/"), "work")
        assert "no branch of upstream" in nameless.err, "an address is known by its remote, logins aside"
        clone.git("fetch", "-q", "upstream")
        seen = clone.push(address, "work")
        assert "BLOCKED" in seen.err
        clone.git("remote", "remove", "upstream")
        stranger = clone.push(address, "work")
        assert "no branch of (an address)" in stranger.err
        for done in (installed, unknown, nameless, seen, stranger):
            assert word not in _own_words(done)
        kept = [hook_of(clone), *(file for file in (clone.path / ".git" / "policy-gate").rglob("*") if file.is_file())]
        assert not [file for file in kept if word in file.read_text("utf-8")]
        assert any(user == "bo" for _, user in server.asked), "git itself did log in"
        clone.git("remote", "add", "origin", address)
        clone.git("fetch", "-q", "origin")
        clone.harmless("fine")
        assert clone.push("origin", "fine").code == 0
        assert ("/example-org/screener/git-receive-pack", "bo") in server.asked


def _own_words(done: Result) -> str:
    """What was printed, without the line with which git itself names the address."""
    return done.out + "\n".join(line for line in done.err.splitlines() if not line.startswith("error: failed to push"))


# The file itself


@pytest.mark.real_runner
def test_the_written_hook_is_sound_shell(scratch: Scratch) -> None:
    shellcheck = part("shellcheck")
    for chained in (False, True):
        for options in ((), ("--advisory",)):
            if chained and not hook_of(scratch).with_name(KEPT).exists():
                scratch.run("hook", "uninstall")
                write_hook(hook_of(scratch), FOREIGN)
            done = scratch.run("hook", "install", *(("--chain",) if chained else ()), *options)
            assert done.code == 0, done
            said = _shellcheck(shellcheck, hook_of(scratch))
            assert said == "", said
    broken = scratch.path / "broken"
    broken.write_text(hook_of(scratch).read_text("utf-8").replace('"$@"', "$@"), "utf-8")
    assert "SC2068" in _shellcheck(shellcheck, broken)


def _shellcheck(program: Path, file: Path) -> str:
    words = [str(program), "--norc", "--severity=style", "--enable=quote-safe-variables", "--shell=sh", str(file)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def test_t40_it_runs_isolated_from_the_checkout_and_the_environment() -> None:
    text = git_hooks.script(chained=True, advisory=False)
    calls = [line for line in text.splitlines() if "hook pre-push" in line and sys.executable in line]
    assert len(calls) == 1
    assert f"{shlex.quote(Path(sys.executable).absolute().as_posix())} -I " in calls[0]
    assert "\r" not in text

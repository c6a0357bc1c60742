"""The clone of our own: what a checkout lacks is fetched from the forge, and nothing of the checkout is obeyed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from git_server import GitServer
from scratch import Scratch

from policy_gate.ci.fetch_history import Wanted, bring, bring_reviewed
from policy_gate.ci.job import borrow, lay_out_bare
from policy_gate.collect.earlier_trees import STEPS_LIMIT
from policy_gate.vcs.clone import Address, Clone
from policy_gate.vcs.repository import Repository

TOKEN = "ghs_" + "5" * 36
pytestmark = pytest.mark.real_git


class Forge:
    """A repository with a branch of many commits on a server, and checkouts of it as jobs make them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.scratch = Scratch(path)
        self.fork = self.scratch.commit("Start", files={"a.txt": "1\n"})
        self.scratch.git("fast-import", "--quiet", stdin=_commits(70))
        self.commits = self.scratch.git("rev-list", "--reverse", "main..work").splitlines()
        self.base = self.scratch.commit("Meanwhile", files={"c.txt": "1\n"})
        self.server = GitServer(path / "served", TOKEN)
        self.url = self.server.host(self.scratch.path, "org/repo")
        self.said: list[str] = []

    @property
    def head(self) -> str:
        return self.commits[-1]

    def checkout(self, *options: str, branch: str = "work") -> Path:
        """What a job's checkout step leaves: a clone with these options."""
        folder = self.path / f"checkout{len(list(self.path.iterdir()))}"
        source = f"file://{self.server.folder}/org/repo.git"
        self.scratch.git("clone", "-q", *options, "--branch", branch, source, str(folder))
        return folder

    def clone(self, checkout: Path, token: str = TOKEN) -> Clone:
        folder = self.path / f"own{len(list(self.path.iterdir()))}"
        folder.mkdir()
        lay_out_bare(checkout, folder)
        return Clone(folder, Address(self.url, "x-access-token", token), self.said.append)

    def wanted(self) -> Wanted:
        return Wanted(self.head, "refs/heads/work", "main")


def _commits(count: int) -> str:
    """That many commits on `work`, from `main`, each of which rewrites one file; for `git fast-import`."""
    who = "committer Bo Author <bo.author@example.com>"
    stream = []
    for number in range(count):
        before = "from refs/heads/main\n" if not number else ""
        text = f"{number}\n"
        stream.append(
            f"commit refs/heads/work\n{who} {1_700_000_000 + number} +0000\ndata 4\nWork\n{before}"
            f"M 100644 inline b.txt\ndata {len(text)}\n{text}\n"
        )
    return "".join(stream)


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[Forge]:
    made = Forge(tmp_path)
    yield made
    made.server.close()


def test_t20_a_checkout_of_depth_one_is_deepened_until_base_and_head_meet(forge: Forge) -> None:
    clone = forge.clone(forge.checkout("--depth=1", "--no-tags"))
    assert not clone.commit_of(forge.base)
    assert bring(clone, forge.wanted()) == ()
    assert clone.commit_of("refs/remotes/origin/main") == forge.base
    assert clone.meets(forge.base, forge.head)
    assert forge.said == ["fetching history (250 commits)"]
    with Repository.open(clone.folder) as repository:
        assert repository.fork(forge.base, forge.head) == forge.fork
        assert len(repository.commits(forge.base, forge.head)) == 70


def test_the_first_piece_of_history_holds_all_changes_that_a_check_looks_back_at(forge: Forge) -> None:
    clone = forge.clone(forge.checkout("--depth=1", "--no-tags"))
    wanted = Wanted(forge.head, "", "work")
    assert bring(clone, wanted) == ()
    with Repository.open(clone.folder) as repository:
        assert len(repository.first_parent_line(forge.head, STEPS_LIMIT)) == STEPS_LIMIT
        assert repository.shallow, "the control: there is more"


def test_t40_nothing_of_the_checkout_is_borrowed_while_the_forge_answers(forge: Forge) -> None:
    clone = forge.clone(forge.checkout())
    assert bring(clone, forge.wanted()) == ()
    assert not (clone.folder / "objects" / "info" / "alternates").exists()
    assert clone.commit_of("refs/remotes/origin/main") == forge.base
    assert clone.meets(forge.base, forge.head)


def test_history_is_asked_for_no_further_than_where_base_and_head_meet(forge: Forge) -> None:
    near = forge.commits[-1]
    forge.server.take(forge.scratch.path, "org/repo", f"{near}:refs/heads/work", f"{forge.commits[60]}:refs/heads/main")
    clone = forge.clone(forge.checkout())
    assert bring(clone, Wanted(near, "refs/heads/work", "main")) == ()
    assert forge.said == []
    assert clone.meets(forge.commits[60], near)


def test_base_that_moved_since_the_checkout_is_the_one_that_counts(forge: Forge) -> None:
    checkout = forge.checkout()
    later = forge.scratch.commit("Later", files={"d.txt": "1\n"})
    forge.server.take(forge.scratch.path, "org/repo", "main:refs/heads/main")
    clone = forge.clone(checkout)
    known = {"refs/remotes/origin/main": forge.base}
    assert bring(clone, Wanted(forge.head, "", "main", known=known)) == ()
    assert clone.commit_of("refs/remotes/origin/main") == later


def test_t24_a_server_that_is_down_leaves_what_the_checkout_holds_and_says_so(forge: Forge) -> None:
    checkout = forge.checkout()
    forge.server.is_down = True
    clone = forge.clone(checkout)
    wanted = Wanted(forge.head, "", "main", known={"refs/remotes/origin/main": forge.base})
    assert len(bring(clone, wanted)) == 2
    assert clone.commit_of("refs/remotes/origin/main") == ""
    assert borrow(checkout, clone.folder)
    (note,) = bring(clone, wanted)
    assert "main could not be fetched" in note
    assert "judged against the tip that the checkout holds" in note
    assert clone.commit_of("refs/remotes/origin/main") == forge.base


def test_a_commit_that_the_forge_does_not_have_is_borrowed_from_the_checkout(forge: Forge) -> None:
    checkout = forge.checkout()
    at = {"GIT_DIR": str(checkout / ".git"), "GIT_WORK_TREE": str(checkout)}
    forge.scratch.git("-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-q", "--allow-empty",
                      "-m", "Here alone", **at)  # fmt: skip
    head = forge.scratch.git("rev-parse", "HEAD", **at)
    clone = forge.clone(checkout)
    (note,) = bring(clone, Wanted(head, "", "main"))
    assert "could not be fetched" in note
    assert borrow(checkout, clone.folder)
    bring(clone, Wanted(head, "", "main"))
    assert clone.commit_of(head) == head
    assert clone.meets(forge.base, head)


def test_a_partial_checkout_lends_nothing(forge: Forge) -> None:
    checkout = forge.checkout("--filter=blob:none")
    clone = forge.clone(checkout)
    assert not borrow(checkout, clone.folder)
    assert bring(clone, forge.wanted()) == ()


def test_t24_without_base_anywhere_nothing_stands_for_it(forge: Forge) -> None:
    checkout = forge.checkout("--depth=1")
    clone = forge.clone(checkout, token="wrong" * 8)
    notes = " ".join(bring(clone, forge.wanted()))
    assert "main could not be fetched" in notes
    assert "wrong" not in notes
    assert clone.commit_of("refs/remotes/origin/main") == ""


def test_t40_settings_and_refs_of_the_checkout_have_no_say(forge: Forge, tmp_path: Path) -> None:
    checkout = forge.checkout()
    trap, hook = tmp_path / "trap", tmp_path / "hook.sh"
    hook.write_text(f"#!/bin/sh\ntouch '{trap}'\n")
    hook.chmod(0o755)
    hooks = checkout / ".git" / "hooks" / "reference-transaction"
    hooks.parent.mkdir(exist_ok=True)
    hooks.write_text(hook.read_text())
    hooks.chmod(0o755)
    at = {"GIT_DIR": str(checkout / ".git")}
    for key, value in (
        ("url.http://127.0.0.1:9/.insteadOf", forge.server.url + "/"),
        ("core.fsmonitor", str(hook)),
        ("core.alternateRefsCommand", str(hook)),
        ("core.sshCommand", str(hook)),
    ):
        forge.scratch.git("config", key, value, **at)
    forge.scratch.git("update-ref", "refs/remotes/origin/main", forge.head, **at)
    forge.scratch.git("update-ref", "refs/heads/main", forge.head, **at)
    trap.unlink(missing_ok=True)
    clone = forge.clone(checkout)
    assert bring(clone, forge.wanted()) == ()
    assert clone.commit_of("refs/remotes/origin/main") == forge.base
    assert clone.commit_of("refs/heads/main") == ""
    assert not trap.exists()


def test_t40_the_same_settings_would_have_had_their_say_in_the_checkout(forge: Forge) -> None:
    at = {"GIT_DIR": str(forge.checkout() / ".git")}
    forge.scratch.git("config", "url.http://127.0.0.1:9/.insteadOf", forge.server.url + "/", **at)
    assert forge.scratch.git("ls-remote", forge.url, ok=False, **at) == ""


def test_a_reviewed_commit_that_left_the_branch_is_fetched_with_its_history(forge: Forge) -> None:
    forge.scratch.checkout("work")
    gone = forge.commits[40]
    forge.scratch.git("reset", "-q", "--hard", forge.fork)
    head = forge.scratch.commit("Rebased", files={"b.txt": "new\n"})
    forge.server.take(forge.scratch.path, "org/repo", "work:refs/heads/work", f"{gone}:refs/pull/7/old")
    clone = forge.clone(forge.checkout("--depth=1"))
    assert bring(clone, Wanted(head, "", "main")) == ()
    assert not clone.commit_of(gone)
    assert bring_reviewed(clone, [gone, "0" * 40], "main")
    assert clone.commit_of(gone) == gone
    assert clone.meets(forge.base, gone)
    assert not bring_reviewed(clone, ["0" * 40], "main")


def test_the_token_is_in_no_file_and_no_argument(forge: Forge) -> None:
    clone = forge.clone(forge.checkout("--depth=1"))
    bring(clone, forge.wanted())
    texts = [path.read_bytes() for path in clone.folder.rglob("*") if path.is_file()]
    assert texts
    assert not [text for text in texts if TOKEN.encode() in text]
    assert {user for _, user in forge.server.asked} >= {"x-access-token"}


def test_the_default_branch_is_learnt_from_the_forge(forge: Forge) -> None:
    clone = forge.clone(forge.checkout("--depth=1"))
    assert clone.default_branch() == "main"
    bring(clone, forge.wanted())
    clone.point_default_at("main")
    with Repository.open(clone.folder) as repository:
        assert repository.refs(["refs/remotes/origin/HEAD"])["refs/remotes/origin/HEAD"].points_to.endswith("/main")


@pytest.mark.parametrize("url", ["ext::sh -c touch% pwned", "file:///etc", "ssh://x/y", "http://u:p@127.0.0.1/x", ""])
def test_only_an_address_of_a_forge_is_fetched_from(tmp_path: Path, url: str) -> None:
    clone = Clone(tmp_path, Address(url), lambda text: None)
    assert clone.fetch() == "the job tells no address to fetch from"
    assert list(tmp_path.iterdir()) == []

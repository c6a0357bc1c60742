"""Clones that are kept: only what is new is fetched, and no address is more than an address."""

from __future__ import annotations

from pathlib import Path

import pytest
from git_server import GitServer
from scratch import Scratch

from policy_gate.errors import BaseError, UndecidedError
from policy_gate.vcs.clone import Address
from policy_gate.vcs.kept_clone import KeptClone, address_of
from policy_gate.vcs.repository import Repository

pytestmark = pytest.mark.real_git
TOKEN = "t0ken-of-a-test"  # noqa: S105 - of the fake alone


@pytest.fixture
def served(scratch: Scratch, tmp_path: Path) -> tuple[GitServer, str]:
    scratch.commit(files={"old.bin": "old\n" * 1000})
    scratch.remove("old.bin")
    scratch.commit(files={"a/b.txt": "one\n", "c.txt": "same\n"})
    server = GitServer(tmp_path / "served", TOKEN)
    return server, server.host(scratch.path, "org/app")


def kept(folder: Path, url: str, token: str = TOKEN) -> KeptClone:
    return KeptClone(folder, Address(url, "x-access-token", token), 60)


def test_the_files_of_the_newest_commit_and_none_of_older_ones(
    scratch: Scratch, served: tuple[GitServer, str], tmp_path: Path
) -> None:
    server, url = served
    clone = kept(tmp_path / "clones", url)
    tip = clone.tip()
    assert tip == ("main", scratch.git("rev-parse", "main"))
    clone.bring(tip)
    old = scratch.git("rev-parse", "main~1:old.bin")
    with Repository.open(clone.path) as repository:
        tree = repository.tree(repository.tree_oid(tip.commit))
        read = {entry.path: tree.read(entry) for entry in tree.walk()}
        assert read == {"a/b.txt": b"one\n", "c.txt": b"same\n"}
        assert repository._store.kind(old) == ""
    assert TOKEN not in "".join(file.read_text("latin-1") for file in clone.path.rglob("*") if file.is_file())
    server.close()


def test_a_later_run_asks_for_the_tip_alone_and_fetches_what_is_new(
    scratch: Scratch, served: tuple[GitServer, str], tmp_path: Path
) -> None:
    server, url = served
    kept(tmp_path, url).bring(kept(tmp_path, url).tip())
    server.asked.clear()
    clone = kept(tmp_path, url)
    clone.bring(clone.tip())
    asked = [path for path, _ in server.asked if "git-upload-pack" in path]
    server.asked.clear()
    scratch.commit(files={"c.txt": "other\n"})
    server.take(scratch.path, "org/app", "main:main")
    clone.bring(tip := clone.tip())
    with Repository.open(clone.path) as repository:
        tree = repository.tree(repository.tree_oid(tip.commit))
        assert {entry.path: tree.read(entry) for entry in tree.walk()} == {"a/b.txt": b"one\n", "c.txt": b"other\n"}
    assert len(asked) <= 2
    server.close()


def test_a_refused_token_a_server_that_is_down_and_an_empty_repository(
    served: tuple[GitServer, str], tmp_path: Path
) -> None:
    server, url = served
    with pytest.raises(UndecidedError, match="cannot be fetched") as refused:
        kept(tmp_path, url, "wr0ng").tip()
    assert "wr0ng" not in refused.value.message
    server.is_down = True
    with pytest.raises(UndecidedError, match="cannot be fetched"):
        kept(tmp_path, url).tip()
    server.is_down = False
    empty = Scratch(tmp_path / "other")
    with pytest.raises(BaseError, match="no commit yet"):
        kept(tmp_path, server.host(empty.path, "org/empty")).tip()
    server.close()


def test_a_folder_that_holds_something_else_is_made_anew(served: tuple[GitServer, str], tmp_path: Path) -> None:
    server, url = served
    clone = kept(tmp_path, url)
    clone.tip()
    ran = tmp_path / "ran"
    config = clone.path / "config"
    config.write_text(f"[core]\n\tfsmonitor = touch {ran}\n\tsshCommand = touch {ran}\n")
    clone.bring(clone.tip())
    assert not ran.exists()
    assert "fsmonitor" not in config.read_text()
    server.close()


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("https://h.example/org/app.git", Address("https://h.example/org/app.git")),
        ("https://ada:s%40crt@h.example/a", Address("https://h.example/a", "ada", "s@crt")),
        ("https://t0k@h.example:8443/a", Address("https://h.example:8443/a", "x-access-token", "t0k")),
        ("git@h.example:org/app.git", Address("ssh://git@h.example/org/app.git")),
        ("ssh://git@h.example:2222/a", Address("ssh://git@h.example:2222/a")),
    ],
)
def test_what_is_an_address(told: str, meant: Address) -> None:
    found = address_of(told)
    assert found is not None
    assert (found.url, found.user, found.token) == (meant.url, meant.user, meant.token)
    assert found.is_usable


@pytest.mark.parametrize(
    "told",
    [
        "ext::sh -c 'touch /tmp/x'",
        "fd::7",
        "file:///srv/app.git",
        "git://h.example/a",
        "https://",
        "ssh://-oProxyCommand=touch/x",
        "-oProxyCommand=x@h:a",
        "https://h.example/a b",
        "https://h.example:port/a",
        "ssh://-x@h.example/a",
        "https://h\n.example/a",
    ],
)
def test_what_is_none(told: str) -> None:
    assert address_of(told) is None

"""The index as git writes it, in every version and form: what it says of each file on disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from scratch import Scratch

from policy_gate.vcs.index import Stamp, stamps_of

pytestmark = pytest.mark.real_git

LONG = "d" * 60 + "/" + "n" * 120
FILES = {"a": "1\n", "d/b": "2\n", "d/bc": "3\n", "d/e/c": "4\n", "caf\u00e9": "5\n", LONG: "6\n", f"{LONG}2": "7\n"}


def _expected(scratch: Scratch, *names: str) -> dict[bytes, Stamp]:
    found = {}
    for name in names:
        seen = (scratch.path / name).lstat()
        oid = scratch.git("hash-object", name)
        stamp = Stamp(oid, seen.st_mtime_ns, seen.st_ino & 0xFFFFFFFF, seen.st_size & 0xFFFFFFFF)
        found[name.encode()] = stamp
    return found


def _version(scratch: Scratch) -> int:
    return (scratch.path / ".git" / "index").read_bytes()[7]


def _stamps(scratch: Scratch, algorithm: str = "sha1") -> dict[bytes, Stamp]:
    return stamps_of(scratch.path / ".git", algorithm)


@pytest.fixture
def committed(scratch: Scratch) -> Scratch:
    scratch.commit("Files", files=FILES)
    return scratch


@pytest.mark.parametrize("version", [2, 4])
def test_each_version_is_read(committed: Scratch, version: int) -> None:
    committed.git("update-index", "--index-version", str(version))
    assert _version(committed) == version
    assert _stamps(committed) == _expected(committed, *FILES)


@pytest.mark.parametrize("version", [3, 4])
def test_flags_of_version_3_are_read(committed: Scratch, version: int) -> None:
    committed.write({"meant": "8\n"})
    committed.git("update-index", "--index-version", str(version))
    committed.git("update-index", "--skip-worktree", "d/b")
    committed.git("add", "--intent-to-add", "meant")
    assert _version(committed) == version
    assert _stamps(committed) == _expected(committed, *FILES), "what is only meant to be added has no blob of its own"


def test_an_index_with_a_table_of_its_places_is_read(committed: Scratch) -> None:
    files = {f"many/{number}": f"{number}\n" for number in range(3000)}
    committed.commit("Many", files=files)
    committed.git("-c", "index.threads=4", "update-index", "--index-version", "4")
    committed.git("-c", "index.threads=4", "add", "--all")
    stamps = _stamps(committed)
    assert len(stamps) == len(FILES) + len(files)
    assert stamps.items() >= _expected(committed, "a", "many/0", "many/1499", "many/2999", LONG).items()


@pytest.mark.parametrize("version", [2, 4])
def test_a_split_index_is_read_whole(committed: Scratch, version: int) -> None:
    committed.git("update-index", "--index-version", str(version))
    more = {f"many/{number}": f"{number}\n" for number in range(200)}
    committed.commit("Many", files=more)
    committed.git("config", "splitIndex.maxPercentChange", "100")
    committed.git("update-index", "--split-index")
    committed.write({"d/b": "replaced\n", "many/70": "replaced\n", "many/199": "replaced\n", "added": "added\n"})
    committed.git("rm", "-q", "d/e/c", "many/3")
    committed.git("add", "--all")
    names = {*FILES, *more, "added"} - {"d/e/c", "many/3"}
    assert list((committed.path / ".git").glob("sharedindex.*"))
    assert _stamps(committed) == _expected(committed, *names)


def test_a_repository_of_sha256_is_read(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "start")
    scratch.path = tmp_path / "sha256"
    scratch.path.mkdir()
    scratch.git("init", "-q", "--object-format=sha256")
    scratch.write(FILES)
    scratch.git("add", "--all")
    assert _stamps(scratch, "sha256") == _expected(scratch, *FILES)


def test_paths_in_conflict_have_no_stamp(committed: Scratch) -> None:
    committed.git("checkout", "-q", "-b", "other")
    committed.commit("Theirs", files={"a": "theirs\n"})
    committed.git("checkout", "-q", "main")
    committed.commit("Ours", files={"a": "ours\n"})
    committed.git("merge", "other", ok=False)
    assert _stamps(committed) == _expected(committed, *(FILES.keys() - {"a"}))


@pytest.mark.parametrize(
    "data", [b"", b"DIRC", b"DIRC" + b"\0\0\0\x05" + b"\0\0\0\1", b"DIRC\0\0\0\2\0\0\0\2" + b"x" * 90]
)
def test_what_is_no_index_says_nothing(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "index").write_bytes(data)
    assert stamps_of(tmp_path, "sha1") == {}


def test_no_index_says_nothing(tmp_path: Path) -> None:
    assert stamps_of(tmp_path, "sha1") == {}

"""Trees are read raw: what stands in them, what is refused, and how two of them differ."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from raw_objects import FILE, FOLDER, LINK, PROGRAM, SUBMODULE, all_of, write_blob, write_tree
from scratch import Scratch

from policy_gate.errors import DocumentError, UndecidedError
from policy_gate.vcs.memory_tree import MemoryTree
from policy_gate.vcs.repository import Repository

pytestmark = pytest.mark.real_git

FILES = {
    "README.md": "hello\n",
    "a/b/deep.txt": "deep\n",
    "a/b.txt": "beside the folder b\n",
    "a-b/x": "before the slash in order\n",
    "naïve name.txt": "UTF-8\n",
}


@pytest.fixture
def opened(scratch: Scratch) -> Iterator[Repository]:
    scratch.commit("Files", files=FILES)
    with Repository.open(scratch.path) as repository:
        yield repository


def test_walk_gives_every_file_in_path_order(scratch: Scratch, opened: Repository) -> None:
    tree = opened.tree(all_of(scratch))
    assert [entry.path for entry in tree.walk()] == sorted(FILES)
    assert [entry.path for entry in tree.walk("a")] == ["a/b.txt", "a/b/deep.txt"]
    assert list(tree.walk("a/b.txt")) == list(tree.walk("none")) == []


def test_names_are_those_directly_in_a_folder(scratch: Scratch, opened: Repository) -> None:
    tree = opened.tree(all_of(scratch))
    assert tree.names("") == ("README.md", "a", "a-b", "naïve name.txt")
    assert tree.names("a") == ("b", "b.txt")
    assert tree.names("a/none") == tree.names("README.md") == ()


def test_an_entry_is_found_by_its_exact_name_only(scratch: Scratch, opened: Repository) -> None:
    tree = opened.tree(all_of(scratch))
    found = tree.entry("a/b/deep.txt")
    assert found is not None
    assert tree.read(found) == b"deep\n"
    assert tree.size(found) == 5
    folder = tree.entry("a/b")
    assert folder is not None
    assert folder.kind == "folder"
    for other in ("readme.md", "/README.md", "a//b.txt", "./README.md", "a/../README.md", "README.md/", "", "../x"):
        assert tree.entry(other) is None, other


def test_git_and_memory_agree_on_every_entry(scratch: Scratch, opened: Repository) -> None:
    tree, memory = opened.tree(all_of(scratch)), MemoryTree(FILES)
    assert memory.id == tree.id
    assert list(memory.walk()) == list(tree.walk())
    assert memory.entry("a/b") == tree.entry("a/b")
    assert memory.names("a") == tree.names("a")


def test_only_the_folders_on_the_way_are_read(scratch: Scratch) -> None:
    """A folder that is damaged elsewhere does not matter to a file that is not in it."""
    blob = write_blob(scratch.path, "x")
    good = write_tree(scratch.path, (FILE, b"f", blob))
    root = write_tree(scratch.path, (FOLDER, b"bad", "1" * 40), (FOLDER, b"good", good))
    with Repository.open(scratch.path) as repository:
        tree = repository.tree(root)
        assert tree.entry("good/f") is not None
        with pytest.raises(UndecidedError, match="not in this clone"):
            tree.entry("bad/f")


def test_t13_links_and_submodules_are_told_apart_from_files(scratch: Scratch) -> None:
    blob = write_blob(scratch.path, "target/secret")
    inner = write_tree(scratch.path, (FILE, b"f", blob))
    root = write_tree(
        scratch.path,
        (FOLDER, b"dir", inner),
        (FILE, b"file", blob),
        (LINK, b"link", blob),
        (SUBMODULE, b"mod", "2" * 40),
        (PROGRAM, b"run", blob),
    )
    with Repository.open(scratch.path) as repository:
        tree = repository.tree(root)
        kinds = {name: (entry.kind, entry.mode) for name in tree.names("") if (entry := tree.entry(name))}
        assert kinds == {
            "dir": ("folder", "040000"),
            "file": ("file", "100644"),
            "link": ("symlink", "120000"),
            "mod": ("submodule", "160000"),
            "run": ("file", "100755"),
        }
        assert tree.entry("link/secret") is None
        assert tree.entry("mod/f") is None
        assert [entry.path for entry in tree.walk()] == ["dir/f", "file", "link", "mod", "run"]


def test_t13_a_name_in_another_case_or_unicode_form_is_another_name(scratch: Scratch) -> None:
    scratch.commit("One form", files={"Caf\u00e9.md": "x"})
    with Repository.open(scratch.path) as repository:
        tree = repository.tree(all_of(scratch))
        assert tree.entry("Caf\u00e9.md") is not None
        assert tree.entry("Cafe\u0301.md") is None
        assert tree.entry("caf\u00e9.md") is None
        assert tree.names("") == ("Caf\u00e9.md",)


@pytest.mark.parametrize(
    "names",
    [
        (b"report.md", b"report.md"),
        (b"..",),
        (b".",),
        (b"",),
        (b".git",),
        (b".GIT",),
        (b".git ",),
        (b".git.",),
        (b"git~1",),
        (b".g\xe2\x80\x8cit",),
        (b"a/b",),
        (b"a\nb",),
        (b"a\x1bb",),
        (b"a\xc2\x85b",),
        (b"caf\xe9",),
        (b"b", b"a"),
    ],
)
@pytest.mark.parametrize("folder", ["", "inner"])
def test_t14_a_malformed_folder_is_refused_by_name(scratch: Scratch, names: tuple[bytes, ...], folder: str) -> None:
    blob = write_blob(scratch.path, "x")
    tree_id = write_tree(scratch.path, *((FILE, name, blob) for name in names))
    if folder:
        tree_id = write_tree(scratch.path, (FOLDER, folder.encode(), tree_id))
    with Repository.open(scratch.path) as repository:
        tree = repository.tree(tree_id)
        for ask in (
            lambda: list(tree.walk()),
            lambda: tree.entry(f"{folder}/f".lstrip("/")),
            lambda: tree.names(folder),
        ):
            with pytest.raises(DocumentError) as caught:
                ask()
            assert [problem.path for problem in caught.value.problems] == [folder or "."]
            assert caught.value.hint


def test_t14_a_file_and_a_folder_of_one_name_are_refused(scratch: Scratch) -> None:
    blob = write_blob(scratch.path, "x")
    inner = write_tree(scratch.path, (FILE, b"f", blob))
    root = write_tree(scratch.path, (FILE, b"governance", blob), (FOLDER, b"governance", inner))
    with Repository.open(scratch.path) as repository, pytest.raises(DocumentError, match="two entries"):
        repository.tree(root).entry("governance/f")


@pytest.mark.parametrize("mode", [b"000000", b"020000", b"777777", b"10x644", b"-100644", b"9"])
def test_t14_a_mode_that_git_does_not_write_is_refused(scratch: Scratch, mode: bytes) -> None:
    root = write_tree(scratch.path, (mode, b"f", write_blob(scratch.path, "x")))
    with Repository.open(scratch.path) as repository, pytest.raises(DocumentError):
        repository.tree(root).entry("f")


def test_t30_folders_within_folders_end_somewhere(scratch: Scratch) -> None:
    before = write_tree(scratch.path)
    root = write_tree(scratch.path, (FILE, b"f", write_blob(scratch.path, "x")))
    for _ in range(1500):
        root = write_tree(scratch.path, (FOLDER, b"d", root))
    with Repository.open(scratch.path) as repository:
        tree = repository.tree(root)
        for ask in (
            lambda: list(tree.walk()),
            lambda: repository.changed(before, root),
            lambda: tree.entry("d/" * 1500 + "f"),
        ):
            with pytest.raises(DocumentError, match="within each other"):
                ask()
    with pytest.raises(DocumentError, match="within each other"):
        MemoryTree({"d/" * 1500 + "f": "x"}).names("d")


def test_t30_a_tree_that_names_itself_a_million_times_is_undecided(scratch: Scratch) -> None:
    before = write_tree(scratch.path)
    root = write_tree(
        scratch.path, *((FILE, b"f%03d" % number, write_blob(scratch.path, "x")) for number in range(100))
    )
    for _ in range(4):
        root = write_tree(scratch.path, *((FOLDER, b"d%03d" % number, root) for number in range(100)))
    with Repository.open(scratch.path) as repository, pytest.raises(UndecidedError, match="paths differ"):
        repository.changed(before, root)


def test_t14_well_formed_neighbours_of_the_refused_names_are_read(scratch: Scratch) -> None:
    names = (b"...", b".gitignore", b".gitx", b"git", b"git~10", b"\xce\xb1")
    blob = write_blob(scratch.path, "x")
    root = write_tree(scratch.path, *((FILE, name, blob) for name in names))
    with Repository.open(scratch.path) as repository:
        assert repository.tree(root).names("") == tuple(sorted(name.decode() for name in names))


def test_an_object_that_is_not_what_its_id_says_is_refused(scratch: Scratch) -> None:
    scratch.commit("One", files={"f": "true\n"})
    blob = scratch.git("rev-parse", "HEAD:f")
    other = write_blob(scratch.path, "forged\n")
    store = scratch.path / ".git" / "objects"
    real = store / blob[:2] / blob[2:]
    real.unlink()
    real.write_bytes((store / other[:2] / other[2:]).read_bytes())
    with Repository.open(scratch.path) as repository:
        tree = repository.tree(all_of(scratch))
        entry = tree.entry("f")
        assert entry is not None
        with pytest.raises(UndecidedError, match="not the blob"):
            tree.read(entry)


def test_changed_lists_content_mode_and_presence_and_knows_no_renames(scratch: Scratch) -> None:
    scratch.commit("One", files={"same": "s", "edit": "1", "old/name": "moved", "mode": "m", "kind": "k", "d/e/f": "x"})
    before = all_of(scratch)
    scratch.git("mv", "old", "new")
    scratch.remove("kind")
    scratch.write({"edit": "2", "kind/inside": "k", "d/e/g": "y"})
    (scratch.path / "mode").chmod(0o755)
    scratch.commit("Two")
    with Repository.open(scratch.path) as repository:
        changed = repository.changed(before, all_of(scratch))
        assert changed == {"edit", "mode", "kind", "kind/inside", "old/name", "new/name", "d/e/g"}
        assert repository.changed(all_of(scratch), before) == changed
        assert repository.changed(before, before) == frozenset()
        assert changed == set(
            scratch.git("diff-tree", "-r", "--no-renames", "--name-only", before, "HEAD").splitlines()
        )


def test_large_folders_are_read_whole(scratch: Scratch) -> None:
    files = {f"d{number:03}/f": str(number) for number in range(250)}
    scratch.commit("Many", files=files)
    with Repository.open(scratch.path) as repository:
        tree = repository.tree(all_of(scratch))
        entries = list(tree.walk())
        tree.expect(entries)
        assert {entry.path: tree.read(entry).decode() for entry in entries} == files


def test_a_large_file_has_a_size_and_bytes(scratch: Scratch) -> None:
    body = bytes(range(256)) * 20_000
    scratch.commit("Weights", files={"weights.bin": body, "z": "after"})
    with Repository.open(scratch.path) as repository:
        tree = repository.tree(all_of(scratch))
        weights, after = tree.entry("weights.bin"), tree.entry("z")
        assert weights is not None
        assert after is not None
        assert tree.size(weights) == len(body)
        assert tree.read(after) == b"after"
        assert tree.read(weights) == body


def test_memory_holds_links_and_submodules() -> None:
    tree = MemoryTree({"a/f": b"\x00"}, links={"a/l": "f"}, submodules={"m": "3" * 40})
    assert [(entry.path, entry.kind) for entry in tree.walk()] == [
        ("a/f", "file"),
        ("a/l", "symlink"),
        ("m", "submodule"),
    ]
    assert tree.entry("m/x") is None
    assert tree.entry("a/l/x") is None


def test_t14_memory_refuses_the_same_names() -> None:
    with pytest.raises(DocumentError):
        MemoryTree({"a/../b": "x"}).names("a")
    with pytest.raises(DocumentError):
        MemoryTree({".git/config": "x"}).names("")


def test_no_repository_is_a_usage_error(tmp_path: Path) -> None:
    from policy_gate.errors import UsageError

    with pytest.raises(UsageError, match="not in a git repository"):
        Repository.open(tmp_path)

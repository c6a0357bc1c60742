"""T14: tree objects of which a checkout writes something else than a checker reads."""

from __future__ import annotations

import subprocess

import pytest
from evidence import document
from promotion import Promotion
from raw_objects import FILE, FOLDER, write_blob, write_commit, write_tree

Row = tuple[bytes, bytes, str]
REPORT = b"red-team-report.md"
FORGED = "Nothing was attacked.\n"


def rows(repo: Promotion, treeish: str) -> list[Row]:
    """The entries of a tree, as they stand in it."""
    found = []
    for line in repo.git("ls-tree", treeish).splitlines():
        head, _, name = line.partition("\t")
        mode, _, oid = head.split()
        found.append((FOLDER if mode == "040000" else mode.encode(), name.encode(), oid))
    return found


def with_folder(repo: Promotion, *extra: Row) -> str:
    """A commit on `work` whose governance/ holds these entries too, each before its neighbours of the same name."""
    inner = sorted([*extra, *rows(repo, "work:governance")], key=lambda row: row[1])
    outer = [row for row in rows(repo, "work") if row[1] != b"governance"]
    outer.append((FOLDER, b"governance", write_tree(repo.path, *inner)))
    return write_commit(repo.path, write_tree(repo.path, *sorted(outer, key=_in_order)), repo.git("rev-parse", "work"))


def _in_order(row: Row) -> bytes:
    return row[1] + b"/" if row[0] == FOLDER else row[1]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (REPORT, "two entries have the name 'red-team-report.md'"),
        (b"..", "the name '..' is no file name"),
        (b".git", "the name '.git' stands for the repository's own folder"),
        (b"GIT~1", "stands for the repository's own folder"),
        (b"../screener/app.py", "holds a slash"),
        (b"a\nb", "holds a control character"),
        (b"caf\xe9", "is not UTF-8"),
    ],
)
def test_t14_a_malformed_folder_of_evidence_blocks(promotion: Promotion, name: bytes, said: str) -> None:
    promotion.restart()
    head = with_folder(promotion, (FILE, name, write_blob(promotion.path, FORGED)))
    result = promotion.check("--defer", "approval", "--head", head)
    assert (result.code, result.out) == (1, "")
    assert said in result.err
    assert "governance" in result.err
    assert "rewrite the commit that brought it in" in result.err


def test_t14_a_file_and_a_folder_of_one_name_block(promotion: Promotion) -> None:
    promotion.restart()
    inner = write_tree(promotion.path, (FILE, b"x.md", write_blob(promotion.path, FORGED)))
    result = promotion.check("--defer", "approval", "--head", with_folder(promotion, (FOLDER, REPORT, inner)))
    assert (result.code, "two entries have the name" in result.err) == (1, True)


def test_t14_the_same_folder_well_formed_goes_through(promotion: Promotion) -> None:
    promotion.restart()
    extra = (FILE, b"red-team-notes.md", write_blob(promotion.path, document("red-team-report")))
    result = promotion.check("--defer", "approval", "--head", with_folder(promotion, extra))
    assert (result.code, result.blocking()) == (0, [])


OLD, TWIN = b"caf\xe9", b"caf%E9"
BESIDE_OLD = {
    "another one": (FILE, b"caf\xe8", "is not UTF-8"),
    "one with a control character": (FILE, b"a\rb", "holds a control character"),
    "one that is told as the old one": (FILE, TWIN, "two entries have the name 'caf%E9'"),
}


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Promotion:
    """The promotion, on a base that has held a file of an odd name in governance/ from before."""
    repo = Promotion(tmp_path_factory.mktemp("old"))
    blob = write_blob(repo.path, "x\n")
    for branch in ("main", "work"):
        repo.git("update-ref", f"refs/heads/{branch}", _with(repo, branch, "governance", (FILE, OLD, blob)))
    return repo


def _with(repo: Promotion, branch: str, folder: str, *extra: Row) -> str:
    """A commit on a branch with these entries in one folder too, each in its place."""
    inner = sorted([*extra, *_rows(repo, f"{branch}:{folder}")], key=_in_order)
    outer = [row for row in _rows(repo, branch) if row[1] != folder.encode()]
    outer.append((FOLDER, folder.encode(), write_tree(repo.path, *inner)))
    tree = write_tree(repo.path, *sorted(outer, key=_in_order))
    return write_commit(repo.path, tree, repo.git("rev-parse", branch))


def _rows(repo: Promotion, treeish: str) -> list[Row]:
    found = subprocess.run(["git", "ls-tree", "-z", treeish], cwd=repo.path, capture_output=True, check=True).stdout
    parts = ((*line.partition(b"\t")[0].split(), line.partition(b"\t")[2]) for line in found.split(b"\0") if line)
    return [(mode.lstrip(b"0"), name, oid.decode()) for mode, _, oid, name in parts]


@pytest.mark.parametrize("extra", BESIDE_OLD.values(), ids=BESIDE_OLD)
def test_t14_an_odd_name_that_comes_is_refused_beside_an_old_one(
    old: Promotion, extra: tuple[bytes, bytes, str]
) -> None:
    mode, name, said = extra
    head = _with(old, "work", "governance", (mode, name, write_blob(old.path, FORGED)))
    result = old.check("--defer", "approval", "--head", head)
    assert (result.code, result.out, said in result.err) == (1, "", True), result
    elsewhere = _with(old, "work", "screener", (FILE, OLD, write_blob(old.path, FORGED)))
    result = old.check("--defer", "approval", "--head", elsewhere)
    assert (result.code, result.out, "is not UTF-8" in result.err) == (1, "", True), "the same name in another folder"


def test_t14_control_an_old_odd_name_is_read_as_what_it_is(old: Promotion) -> None:
    result = old.check("--defer", "approval")
    assert (result.code, result.blocking()) == (0, [])


def test_t14_what_has_an_old_odd_name_is_no_plain_file(old: Promotion) -> None:
    inner = write_tree(old.path, (FILE, b"x.md", write_blob(old.path, FORGED)))
    head = _with(old, "work", "governance", (FOLDER, TWIN, inner))
    result = old.check("--defer", "approval", "--head", head)
    assert (result.code, "two entries have the name" in result.err) == (1, True), result

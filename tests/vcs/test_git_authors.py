"""Who made the commits of a change, and what each of them touched."""

from __future__ import annotations

import pytest
from raw_objects import all_of, write_commit
from scratch import Scratch

from policy_gate.schema.people import Author, Commit
from policy_gate.vcs.commits import parse_commit
from policy_gate.vcs.repository import Repository

pytestmark = pytest.mark.real_git

LINES = "".join(f"line {number}\n" for number in range(12))


def _commits(repo: Scratch, base: str, head: str) -> dict[str, Commit]:
    with Repository.open(repo.path) as repository:
        return {item.oid: item for item in repository.commits(base, head)}


def _parse(lines: str, message: str = "Subject\n") -> tuple[Author, ...]:
    return parse_commit(f"tree {'1' * 40}\nparent {'2' * 40}\n{lines}\n{message}".encode()).authors


def test_commits_are_those_of_head_alone_newest_first(scratch: Scratch) -> None:
    base = scratch.commit("Base", files={"f": "0", "d/g": "0"})
    scratch.branch("work")
    one = scratch.commit("One", files={"f": "1"}, by="Ada Example")
    two = scratch.commit("Two", files={"d/g": "2", "h": "2"})
    with Repository.open(scratch.path) as repository:
        assert [item.oid for item in repository.commits(base, two)] == [two, one]
        assert [item.oid for item in repository.commits(base, two, ["f"])] == [one]
        assert repository.commits(base, two, []) == ()
        assert repository.commits(two, two) == ()
    found = _commits(scratch, base, two)
    assert found[one].paths == {"f"}
    assert found[two].paths == {"d/g", "h"}
    assert found[one].authors == (Author("Ada Example", "ada@example.com"),)


def test_the_first_commit_of_a_history_touches_all_it_holds(scratch: Scratch) -> None:
    first = scratch.commit("First", files={"a": "1", "d/b": "2"})
    second = scratch.commit("Second")
    other = scratch.git("commit-tree", "-m", "Other", all_of(scratch))
    found = _commits(scratch, other, second)
    assert found[first].paths == {"a", "d/b"}
    assert found[second].paths == frozenset()


def test_t07_author_committer_and_co_authors_all_count() -> None:
    lines = "author Ada <ada@example.com> 1700000000 +0000\ncommitter Bo <bo@example.com> 1700000001 +0100\n"
    message = (
        "Subject\n\nBody.\n\nCo-authored-by: Cy Third <cy@example.com>\n"
        "CO-AUTHORED-BY:Di <di@example.com>\r\nco-authored-by : Ed <ed@example.com>\n"
    )
    assert [author.email for author in _parse(lines, message)] == [
        "ada@example.com",
        "bo@example.com",
        "cy@example.com",
        "di@example.com",
        "ed@example.com",
    ]
    assert _parse(lines, message)[2] == Author("Cy Third", "cy@example.com")


def test_one_person_in_two_places_is_listed_once() -> None:
    lines = "author Ada <ada@example.com> 1700000000 +0000\ncommitter Ada <ada@example.com> 1700000001 +0000\n"
    assert _parse(lines) == (Author("Ada", "ada@example.com"),)


@pytest.mark.parametrize(
    "line",
    [
        "author Ada ada@example.com 1700000000 +0000",
        "author Ada <ada@example.com> <bo@example.com> 1700000000 +0000",
        "author Ada <ada@example.com",
        "author Ada <ada @example.com> 1700000000 +0000",
        "author Ada <ada@example.com> yesterday",
        "author ",
        "author Ada <> 1700000000 +0000",
    ],
)
def test_t07_an_identity_that_cannot_be_read_has_no_address(line: str) -> None:
    assert _parse(line + "\n")[0].email == ""


def test_t07_a_commit_without_any_identity_has_an_author_without_address() -> None:
    assert _parse("") == (Author("", ""),)


def test_t07_a_signature_in_the_header_is_no_identity() -> None:
    lines = (
        "author Ada <ada@example.com> 1 +0000\ncommitter Ada <ada@example.com> 1 +0000\n"
        "gpgsig -----BEGIN-----\n author Eve <eve@example.com> 1 +0000\n \n -----END-----\n"
    )
    assert _parse(lines) == (Author("Ada", "ada@example.com"),)


def test_t18_mailmap_does_not_rename_authors(scratch: Scratch) -> None:
    base = scratch.commit("Base")
    mailmap = "Ada Example <ada@example.com> <bo@example.com>\n"
    head = scratch.commit("Head", files={".mailmap": mailmap}, by="Bo Author")
    scratch.git("config", "log.mailmap", "true")
    assert scratch.git("log", "-1", "--format=%aE") == "ada@example.com", "the control: git renames"
    assert _commits(scratch, base, head)[head].authors == (Author("Bo Author", "bo@example.com"),)


def test_gits_own_merge_makes_nobody_an_author(scratch: Scratch) -> None:
    scratch.commit("Start", files={"f": LINES})
    scratch.branch("work")
    scratch.commit("Work", files={"f": LINES.replace("line 9\n", "nine\n")})
    scratch.checkout("main")
    base = scratch.commit("Main", files={"f": LINES.replace("line 1\n", "one\n"), "m": "1"})
    scratch.checkout("work")
    scratch.git("merge", "-q", "-m", "Update branch", "main")
    merge = scratch.git("rev-parse", "HEAD")
    found = _commits(scratch, base, merge)
    assert (found[merge].merge_of_git, found[merge].paths) == (True, frozenset())
    assert sum(not item.merge_of_git for item in found.values()) == 1


@pytest.mark.parametrize("strategy", [("-s", "ours"), ("-X", "ours")])
def test_t07_a_merge_that_drops_one_side_makes_its_maker_an_author(scratch: Scratch, strategy: tuple[str, str]) -> None:
    """With `-s ours` every file equals one parent's, so a combined diff shows nothing."""
    scratch.commit("Start", files={"policy": "old\n"})
    scratch.branch("work")
    scratch.commit("Work", files={"policy": "weak\n" if strategy[0] == "-X" else "old\n", "w": "1"})
    scratch.checkout("main")
    base = scratch.commit("Main", files={"policy": "strict\n"})
    scratch.checkout("work")
    scratch.git("merge", "-q", *strategy, "-m", "Merge", "main")
    merge = scratch.git("rev-parse", "HEAD")
    found = _commits(scratch, base, merge)
    assert (found[merge].merge_of_git, found[merge].paths) == (False, frozenset({"policy"}))


def test_t07_an_edit_hidden_in_a_merge_makes_its_maker_an_author(scratch: Scratch) -> None:
    scratch.commit("Start", files={"a": "0", "b": "0"})
    scratch.branch("work")
    scratch.commit("Work", files={"a": "1"})
    scratch.checkout("main")
    base = scratch.commit("Main", files={"b": "1"})
    scratch.checkout("work")
    scratch.git("merge", "-q", "--no-commit", "main")
    merge = scratch.commit("Merge", files={"hidden": "x"})
    assert _commits(scratch, base, merge)[merge].paths == {"hidden"}


def test_a_resolved_conflict_makes_its_maker_an_author(scratch: Scratch) -> None:
    scratch.commit("Start", files={"a": "0\n", "same": "0\n"})
    scratch.branch("work")
    scratch.commit("Work", files={"a": "work\n"})
    scratch.checkout("main")
    base = scratch.commit("Main", files={"a": "main\n", "same": "1\n"})
    scratch.checkout("work")
    scratch.git("merge", "-q", "main", ok=False)
    merge = scratch.commit("Merge", files={"a": "both\n"})
    found = _commits(scratch, base, merge)[merge]
    assert (found.merge_of_git, found.paths) == (False, frozenset({"a"}))


def test_a_merge_of_three_or_of_strangers_counts_for_all_that_differs(scratch: Scratch) -> None:
    base = scratch.commit("Base", files={"a": "0"})
    tree = scratch.git("mktree", stdin="")
    scratch.branch("one")
    scratch.commit("One", files={"b": "1"})
    scratch.branch("two")
    scratch.commit("Two", files={"c": "1"})
    scratch.checkout("one")
    scratch.git("merge", "-q", "--no-ff", "-m", "Both", "two", "main", ok=False)
    octopus = write_commit(
        scratch.path, all_of(scratch), *(scratch.git("rev-parse", name) for name in ("one", "two", "main"))
    )
    assert {"b", "c"} <= _commits(scratch, base, octopus)[octopus].paths
    stranger = write_commit(scratch.path, tree, message="stranger\n")
    odd = write_commit(scratch.path, all_of(scratch), base, stranger)
    assert not _commits(scratch, base, odd)[odd].merge_of_git
    assert {"a"} <= _commits(scratch, base, odd)[odd].paths

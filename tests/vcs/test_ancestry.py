"""Which commits come before which, told without git where both are near; git's own answer is the measure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_objects import write_object
from scratch import Scratch

from policy_gate.vcs import history
from policy_gate.vcs.process import Answer
from policy_gate.vcs.repository import Repository

pytestmark = pytest.mark.real_git
START = 1_700_000_000


class Made(NamedTuple):
    """A repository, its empty tree, and the repository as read."""

    path: Path
    tree: str
    repository: Repository


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    scratch = Scratch(tmp_path_factory.mktemp("ancestry"))
    tree = scratch.git("mktree", stdin="")
    with Repository.open(scratch.path) as repository:
        yield Made(scratch.path, tree, repository)


def commit(made: Made, parents: list[str], time: int, name: str) -> str:
    who = f"A <a@example.com> {time} +0000"
    lines = [f"tree {made.tree}", *(f"parent {it}" for it in parents), f"author {who}", f"committer {who}", "", name]
    return write_object(made.path, "commit", ("\n".join(lines) + "\n").encode())


# Each commit: how far back its parents are, and how much later than the one before it says that it was made.
HISTORY = st.lists(
    st.tuples(st.lists(st.integers(1, 6), min_size=1, max_size=2, unique=True), st.integers(0, 3)),
    min_size=2,
    max_size=25,
)


@settings(max_examples=60)
@given(HISTORY, st.data())
def test_what_is_told_without_git_is_what_git_tells(
    made: Made, steps: list[tuple[list[int], int]], data: st.DataObject
) -> None:
    line, time = [commit(made, [], START, "0")], START
    for number, (back, later) in enumerate(steps):
        time += later
        parents = list(dict.fromkeys(line[max(len(line) - step, 0)] for step in back))
        line.append(commit(made, parents, time, str(number)))
    base, head = data.draw(st.sampled_from(line)), data.draw(st.sampled_from(line))
    git = made.repository._private.run
    assert made.repository.merge_base_is(base, head) == (git("merge-base", "--is-ancestor", base, head).status == 0)
    listed = git("rev-list", f"{base}..{head}").text.split()
    assert [it.oid for it in made.repository.commits(base, head)] == listed


def test_dates_decide_nothing(made: Made) -> None:
    """Base made long before its own parents, and a head that says it is older than all of them."""
    root = commit(made, [], START, "root")
    late = commit(made, [root], START + 1000, "late")
    base = commit(made, [late], START - 1000, "base")
    head = commit(made, [base], START - 5000, "head")
    stray = commit(made, [root], START + 5000, "stray")
    told = made.repository
    assert told.merge_base_is(base, head)
    assert told.merge_base_is(root, head)
    assert not told.merge_base_is(head, base)
    assert not told.merge_base_is(stray, head)
    assert not told.merge_base_is(base, stray)
    assert [it.oid for it in told.commits(base, head)] == [head]


def test_near_answers_start_no_process(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def run(*words: str) -> Answer:
        asked.append(words[0])
        return Answer(1, b"", "")

    line = [commit(made, [], START, "root")]
    for number in range(60):
        line.append(commit(made, [line[-1]], START + number, f"line {number}"))
    work = commit(made, [line[30]], START + 100, "work")
    ancestry = history.Ancestry(run, made.repository._links, frozenset())
    assert ancestry.is_ancestor(line[0], line[-1])
    assert not ancestry.is_ancestor(line[-1], work)
    assert ancestry.beyond(line[-1], work) == [work]
    assert ancestry.beyond(line[-1], line[-1]) == []
    assert asked == []
    monkeypatch.setattr(history, "_NEAR", 10)
    assert not ancestry.is_ancestor(line[0], line[-1])
    assert asked == ["merge-base"]


def test_a_name_that_is_a_commit_id_starts_no_process(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    oid = commit(made, [], START, "named")
    monkeypatch.setattr(made.repository._real, "run", lambda *_: pytest.fail("git was asked"))
    assert made.repository.resolve(oid) == oid

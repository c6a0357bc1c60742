"""What is kept of one commit's first parents for the next one says what a repository opened anew says."""

from __future__ import annotations

import pytest
from scratch import Scratch

from policy_gate.vcs import first_parent_line
from policy_gate.vcs.repository import Repository

pytestmark = pytest.mark.real_git
PATHS = ("a.txt", "moved/a.txt", "a\x01b", "\u00fc/\U0001f600.txt", "link", "sub/x")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scratch, list[str]]:
    """A line with merges, odd names, a link and a folder that become files, and files that come back."""
    repo = Scratch(tmp_path_factory.mktemp("line"))
    line = [repo.commit("0", files={"a.txt": "0", "a\x01b": "x", "\u00fc/\U0001f600.txt": "1", "sub/x": "1"})]
    (repo.path / "link").symlink_to("a.txt")
    line.append(repo.commit("a link"))
    (repo.path / "link").unlink()
    line.append(repo.commit("a file", files={"link": "no link"}))
    for number in range(40):
        repo.branch("work")
        repo.commit("work", files={"a.txt": str(number % 3), f"other/{number}": "x"})
        repo.merge()
        line.append(repo._tip())
    repo.remove("a.txt", "sub/x")
    (repo.path / "sub").rmdir()
    line.append(repo.commit("taken away", files={"sub": "a file now", "moved/a.txt": "0", "a\x01b": "y"}))
    line.append(repo.commit("back", files={"a.txt": "2"}))
    return repo, line


def answers(repository: Repository, commit: str, limit: int) -> tuple[object, ...]:
    line = repository.first_parent_line(commit, limit)
    places = [(at, path) for path in PATHS for at in (commit, *line)]
    return line, repository.first_parent_edits(commit, len(line)), repository.blobs_at(places)


@pytest.mark.parametrize("limit", [3, 1000])
@pytest.mark.parametrize("order", ["forward", "backward", "shuffled"])
def test_each_commit_has_the_answers_of_a_repository_opened_for_it(
    made: tuple[Scratch, list[str]], limit: int, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo, line = made
    monkeypatch.setattr(first_parent_line, "_STEPS", 6)
    wanted = {"forward": line, "backward": line[::-1], "shuffled": [*line[::3], *line[1::3], *line[2::3]]}[order]
    with Repository.open(repo.path) as kept:
        for commit in wanted:
            with Repository.open(repo.path) as fresh:
                assert answers(kept, commit, limit) == answers(fresh, commit, limit)


def test_edits_and_blobs_are_those_of_git(made: tuple[Scratch, list[str]]) -> None:
    repo, line = made
    with Repository.open(repo.path) as repository:
        for commit in line:
            for path in PATHS:
                told = repo.git("rev-parse", "--verify", "-q", f"{commit}:{path}", ok=False)
                kind = repo.git("cat-file", "-t", told) if told else ""
                assert repository.blobs_at([(commit, path)]) == [told if kind == "blob" else None]
        edits = repository.first_parent_edits(line[-1], 0)
        assert {(it.path, it.mode) for it in edits} == {("a.txt", "100644")}
        assert len(repository.first_parent_edits(line[-1], 1000)) > 45


def test_what_is_much_is_let_go(made: tuple[Scratch, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    repo, line = made
    monkeypatch.setattr(first_parent_line, "_MOST_KNOWN", 3)
    with Repository.open(repo.path) as kept, Repository.open(repo.path) as fresh:
        answers(kept, line[-2], 1000)
        kept.trim()
        assert answers(kept, line[-1], 1000) == answers(fresh, line[-1], 1000)

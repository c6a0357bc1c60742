"""A replay that asks GitLab: which merge request a commit came by, and what was approved of it before the merge."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fakes.forge_server import Answer, closed_port
from fakes.gitlab import FORK, PATH, TOKEN, FakeGitlab, User
from scratch import Scratch
from world import high_system, roles, to_yaml

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]
PERIOD = ("--system", "SYS-001", "--from", "2000-01-01", "--to", "2099-12-31")
FORGE = ("--forge", f"gitlab:{PATH}")
RELATED = "/repository/commits/"


@pytest.fixture
def gitlab() -> Iterator[FakeGitlab]:
    with FakeGitlab() as fake:
        fake.user("bo", "Bo Author", email="bo@example.com")
        fake.user("rae-k", "Rae Kim", email="rae@example.com")
        yield fake


@pytest.fixture
def repo(scratch: Scratch, gitlab: FakeGitlab) -> Scratch:
    """A weakening on `work`, opened as merge request 7 by bo; Rae holds the role that must agree."""
    pinned = roles()
    rae = {"name": "Rae Kim", "email": "rae@example.com", "gitlab": "rae-k", "gitlab_id": gitlab.users[1].id}
    pinned["roles"]["ai-safety-lead"]["members"] = [rae]
    scratch.commit("Begin")
    scratch.adopt(high_system("development"), files={"policies/roles.yaml": to_yaml(pinned)})
    scratch.branch("work")
    scratch.edit(risk_profile={"human_oversight": "full"})
    gitlab.open(7, gitlab.users[0], scratch.commit("A person decides now"))
    gitlab.addresses[7] = ["bo@example.com"]
    return scratch


def rae(gitlab: FakeGitlab) -> User:
    return gitlab.users[1]


def env_of(gitlab: FakeGitlab) -> dict[str, str]:
    return {"POLICY_GATE_GITLAB_TOKEN": TOKEN, "CI_SERVER_URL": gitlab.url, "NO_PROXY": "127.0.0.1,localhost"}


def merged(repo: Scratch, gitlab: FakeGitlab, **more: Any) -> str:
    """Merge by a merge commit, as GitLab does; the commit."""
    repo.merge()
    commit = repo.git("rev-parse", "HEAD")
    gitlab.merge(7, commit, **more)
    return commit


def squashed(repo: Scratch, gitlab: FakeGitlab, *addresses: str) -> str:
    """Squash `work` into one commit on main, in a clone that no longer holds what was squashed."""
    head = repo.git("rev-parse", "work")
    repo.checkout("main")
    repo.git("merge", "-q", "--squash", "work")
    commit = repo.commit("A person decides now (squashed)", by="Bo Author")
    repo.git("branch", "-q", "-D", "work")
    gitlab.merge(7, None, commit, [(head, address) for address in addresses or ("bo@example.com",)])
    return commit


def last_merge(repo: Scratch, gitlab: FakeGitlab, **more: str) -> dict[str, Any]:
    done = repo.run("evidence", *PERIOD, *FORGE, "--format", "json", **(env_of(gitlab) | more))
    assert done.code == 0, done
    assert "Traceback" not in done.err
    assert done.report["head"]["forge"] == f"gitlab:{PATH}"
    found: dict[str, Any] = done.report["merges"][-1]
    return found


def counted(found: dict[str, Any]) -> list[tuple[str, bool]]:
    return [(it["who"], it["counts"]) for it in found["approvals"] if it["who"]]


def refused(repo: Scratch, gitlab: FakeGitlab, said: str, verdict: str = "undecided") -> dict[str, Any]:
    """The last merge, of which nothing counts and something is said, in the data and on the page."""
    found = last_merge(repo, gitlab)
    assert found["verdict"] == verdict, found
    assert not any(counts for _, counts in counted(found)), found
    assert said in str(found["notes"]) + str(found["approvals"]), found
    page = page_of(repo, gitlab)
    assert said.replace(">", "&gt;") in page
    return found


def page_of(repo: Scratch, gitlab: FakeGitlab) -> str:
    done = repo.run("evidence", *PERIOD, *FORGE, "-o", "evidence.zip", **env_of(gitlab))
    assert done.code == 0, done
    with zipfile.ZipFile(repo.path / "evidence.zip") as pack:
        return pack.read("index.html").decode("utf-8")


class TestTheMergeRequestOfACommit:
    def test_by_its_merge_commit(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        gitlab.approve(7, rae(gitlab))
        merged(repo, gitlab)
        found = last_merge(repo, gitlab)
        assert found["verdict"] in ("pass", "conditions"), found
        assert counted(found) == [("Rae Kim", True)]
        assert "this commit is its merge commit" in str(found["notes"])
        assert "--as-of" not in str(found["notes"]), "how a replay asks tells nothing of the merge"
        assert "merge request !7" in page_of(repo, gitlab)

    def test_by_its_squash_commit(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        gitlab.approve(7, rae(gitlab))
        squashed(repo, gitlab)
        found = last_merge(repo, gitlab)
        assert (found["kind"], counted(found)) == ("commit", [("Rae Kim", True)]), found

    def test_by_the_merge_of_its_squash_commit(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        gitlab.approve(7, rae(gitlab))
        head = repo.git("rev-parse", "work")
        repo.branch("squash")
        repo.git("merge", "-q", "--squash", "work")
        squash = repo.commit("A person decides now (squashed)", by="Bo Author")
        repo.git("branch", "-q", "-D", "work")
        repo.merge("squash")
        gitlab.merge(7, repo.git("rev-parse", "HEAD"), squash, [(head, "bo@example.com")])
        found = last_merge(repo, gitlab)
        assert (found["kind"], counted(found)) == ("merge", [("Rae Kim", True)]), found

    def test_by_a_fast_forward_after_a_rebase(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        repo.checkout("main")
        repo.commit("Meanwhile", files={"NOTES.md": "notes\n"})
        repo.checkout("work")
        repo.git("rebase", "-q", "main")
        first = repo.git("rev-parse", "HEAD")
        last = repo.commit("More notes", by="Bo Author", files={"NOTES.md": "more\n"})
        gitlab.push(7, gitlab.users[0], last)
        gitlab.approve(7, rae(gitlab))
        repo.checkout("main")
        repo.git("merge", "-q", "--ff-only", "work")
        gitlab.merge(7, commits=[(last, "bo@example.com"), (first, "bo@example.com")])
        done = repo.run("evidence", *PERIOD, *FORGE, "--format", "json", **env_of(gitlab))
        found = next(it for it in done.report["merges"] if it["commit"] == first)
        assert counted(found) == [("Rae Kim", True)], found
        assert "this commit is one of its commits" in str(found["notes"])

    def test_none(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        gitlab.approve(7, rae(gitlab))
        gitlab.merge_requests.clear()
        repo.merge()
        refused(repo, gitlab, "names no merge request by which")

    def test_several(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        gitlab.approve(7, rae(gitlab))
        commit = merged(repo, gitlab)
        gitlab.open(8, gitlab.users[0], gitlab.merge_requests[7].versions[-1][1])
        gitlab.merge(8, commit)
        refused(repo, gitlab, "several merge requests by which")

    @pytest.mark.parametrize("status", [403, 404])
    @pytest.mark.parametrize("part", [RELATED, "/approvals"])
    def test_not_told(self, repo: Scratch, gitlab: FakeGitlab, status: int, part: str) -> None:
        gitlab.approve(7, rae(gitlab))
        merged(repo, gitlab)
        gitlab.fail(part, Answer(status, {"message": "no"}))
        refused(repo, gitlab, f"({status})")

    def test_a_project_that_is_not_there(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        gitlab.approve(7, rae(gitlab))
        merged(repo, gitlab)
        gitlab.fail("/projects/example-org%2Fscreener", Answer(404, {"message": "404 Project Not Found"}))
        refused(repo, gitlab, "GitLab did not tell the number of the project example-org/screener")

    def test_no_network(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        gitlab.approve(7, rae(gitlab))
        merged(repo, gitlab)
        found = last_merge(repo, gitlab, CI_SERVER_URL=f"http://127.0.0.1:{closed_port()}")
        assert (found["verdict"], counted(found)) == ("undecided", [])
        assert "could not be reached" in str(found["notes"])

    def test_an_answer_that_is_none(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        merged(repo, gitlab)
        gitlab.fail(RELATED, Answer(200, {"merge": "\u001b[2J"}))
        refused(repo, gitlab, "not what GitLab documents")


class TestBeforeTheMerge:
    @pytest.mark.parametrize("dated", [True, False])
    def test_an_approval_after_it_does_not_count(self, repo: Scratch, gitlab: FakeGitlab, dated: bool) -> None:
        gitlab.dates_approvals = dated
        merged(repo, gitlab)
        gitlab.approve(7, rae(gitlab))
        refused(repo, gitlab, "given after the merge", "block")

    @pytest.mark.parametrize("dated", [True, False])
    def test_one_before_it_does(self, repo: Scratch, gitlab: FakeGitlab, dated: bool) -> None:
        gitlab.dates_approvals = dated
        gitlab.approve(7, rae(gitlab))
        merged(repo, gitlab)
        assert counted(last_merge(repo, gitlab)) == [("Rae Kim", True)]

    @pytest.mark.parametrize("again", [True, False])
    def test_one_taken_back_before_it_does_not(self, repo: Scratch, gitlab: FakeGitlab, again: bool) -> None:
        gitlab.approve(7, rae(gitlab))
        gitlab.unapprove(7, rae(gitlab))
        merged(repo, gitlab)
        if again:
            gitlab.approve(7, rae(gitlab))
        found = last_merge(repo, gitlab)
        assert (found["verdict"], counted(found)) == ("block", [("Rae Kim", False)] if again else [])

    def test_one_without_a_date_does_not(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        gitlab.dates_approvals = False
        gitlab.approve(7, rae(gitlab))
        gitlab.merge_requests[7].notes.clear()
        merged(repo, gitlab)
        refused(repo, gitlab, "does not tell when this approval")

    def test_nor_one_of_a_merge_without_a_date(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        gitlab.approve(7, rae(gitlab))
        merged(repo, gitlab, is_dated=False)
        refused(repo, gitlab, "does not tell when merge request !7 was merged")

    def test_to_the_instant(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        merged(repo, gitlab)
        at = gitlab.merge_requests[7].merged
        assert at is not None
        gitlab.approve(7, rae(gitlab), at + timedelta(milliseconds=1))
        assert counted(last_merge(repo, gitlab)) == [("Rae Kim", False)]
        gitlab.approve(7, rae(gitlab), at)
        assert counted(last_merge(repo, gitlab)) == [("Rae Kim", True)]


class TestAttacks:
    def test_the_openers_own(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        gitlab.merge_requests[7].author = rae(gitlab)
        gitlab.approve(7, rae(gitlab))
        merged(repo, gitlab)
        refused(repo, gitlab, "opened merge request !7", "block")

    def test_a_merge_request_into_another_project_that_claims_the_commit(
        self, repo: Scratch, gitlab: FakeGitlab
    ) -> None:
        gitlab.approve(7, rae(gitlab))
        merged(repo, gitlab)
        gitlab.merge_requests[7].target_project = FORK
        refused(repo, gitlab, "names no merge request by which")

    def test_one_that_was_merged_into_another_branch(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        gitlab.approve(7, rae(gitlab))
        merged(repo, gitlab)
        gitlab.merge_requests[7].target = "playground"
        refused(repo, gitlab, "names no merge request by which")

    def test_one_that_is_still_open_and_holds_the_commit(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        gitlab.approve(7, rae(gitlab))
        repo.merge()
        gitlab.merge_requests[7].merge_commit = repo.git("rev-parse", "HEAD")
        refused(repo, gitlab, "names no merge request by which")

    def test_one_that_was_merged_as_something_else(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        """Its commits were pushed to main beside it, and it became another commit."""
        gitlab.approve(7, rae(gitlab))
        repo.checkout("main")
        repo.git("merge", "-q", "--ff-only", "work")
        gitlab.merge(7, "e" * 40)
        refused(repo, gitlab, "which is not what became of it")

    def test_a_bots(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        gitlab.users[1] = replace(rae(gitlab), bot=True)
        gitlab.approve(7, rae(gitlab))
        merged(repo, gitlab)
        refused(repo, gitlab, "a bot cannot approve", "block")

    def test_that_of_who_made_a_commit_which_a_squash_hides(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        gitlab.approve(7, rae(gitlab))
        squashed(repo, gitlab, "bo@example.com", "rae@example.com")
        refused(repo, gitlab, "made a commit of merge request !7", "block")

    def test_a_squash_whose_commits_are_not_told(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        gitlab.approve(7, rae(gitlab))
        squashed(repo, gitlab)
        gitlab.fail("/merge_requests/7/commits", Answer(403, {"message": "403 Forbidden"}))
        refused(repo, gitlab, "the commits of merge request !7")

    def test_an_older_version_than_the_one_that_was_squashed(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        gitlab.merge_requests[7].versions.insert(0, (gitlab.now - timedelta(minutes=5), "d" * 40))
        gitlab.approve(7, rae(gitlab), gitlab.now - timedelta(minutes=3))
        squashed(repo, gitlab)
        found = last_merge(repo, gitlab)
        assert counted(found) == [("Rae Kim", False)], found

    def test_a_name_that_would_move_the_cursor(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        gitlab.users[1] = replace(rae(gitlab), name="Rae\u001b[2J <script>alert(1)</script>")
        gitlab.approve(7, gitlab.users[1])
        merged(repo, gitlab)
        done = repo.run("evidence", *PERIOD, *FORGE, "--format", "json", **env_of(gitlab))
        assert "\u001b" not in done.out + done.err
        page = page_of(repo, gitlab)
        assert "\u001b" not in page
        assert "<script>alert(1)" not in page

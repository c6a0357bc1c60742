"""H12: a merge queue with three pull requests, one of whose authors approved another: each judged by its own.

Three systems live in one repository; each pull request promotes one and touches nothing of the others. The
queue merges them on top of each other, and the group is judged as a whole. Git and the command are real;
GitHub is a fake on loopback.
"""

from __future__ import annotations

import pytest
from evidence import completed
from fakes.github import GitHub
from fakes.github_job import Hub, login_of
from scratch import Result, Scratch
from workplace import BY_GITHUB
from world import email_of, high_system

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]

AUTHORS = {"one": "Bo Author", "two": "Ada Example", "three": "Cy Young"}
"""Ada, who is the CISO, is also an author."""
DEPUTY = "Di Deputy"


class Queue(Hub):
    """Three pull requests, each on a branch of its own, and the queue that merges them one after the other."""

    def __init__(self, scratch: Scratch, github: GitHub) -> None:
        super().__init__(scratch, github)
        for name in (*AUTHORS.values(), DEPUTY):
            github.account(login_of(name), email_of(name))
        members = [self.person(name) for name in ("Ada Example", DEPUTY)]
        self.adopt(ciso={"members": members})
        for name in AUTHORS:
            self.declare(name, "development")
        scratch.commit("Three systems", by="Rae Kim")
        self.numbers: dict[str, int] = {}
        for name, author in AUTHORS.items():
            scratch.branch(name)
            self.declare(name, "pre_deployment")
            scratch.commit(f"Promote {name}", by=author)
            self.numbers[name] = self.open(name, by=author)

    def declare(self, name: str, stage: str) -> None:
        """Write a system into a folder of its own, with all that it owes."""
        entry, files = completed(high_system(stage, id=f"SYS-{name}", name=f"Screener {name}", paths=["code/**"]))
        self.scratch.write({f"{name}/{path}": text for path, text in files.items()})
        self.scratch.declare_only(entry, path=f"{name}/governance.yaml")

    def check_group(self) -> Result:
        """What the job of the merge group comes to."""
        self.scratch.branch("queue")
        for name, number in self.numbers.items():
            self.scratch.git("merge", "-q", "--no-ff", "-m", f"Merge pull request #{number}", name)
        head, base = self.scratch.git("rev-parse", "HEAD"), self.scratch.git("rev-parse", "main")
        return self.check(self.github.group_event(head, base, self.numbers["three"]))


@pytest.fixture
def queue(scratch: Scratch, github: GitHub) -> Queue:
    return Queue(scratch, github)


def test_h12_an_author_of_one_approves_another_of_the_same_queue(queue: Queue) -> None:
    queue.approve(queue.numbers["one"], "Ada Example", "Lin Park", "Pat Moss")
    queue.approve(queue.numbers["two"], DEPUTY, "Lin Park", "Pat Moss")
    queue.approve(queue.numbers["three"], "Ada Example", "Lin Park", "Pat Moss")
    done = queue.check_group()
    assert (done.code, done.verdict) == (0, "pass"), done


def test_h12_control_an_author_approves_their_own(queue: Queue) -> None:
    queue.approve(queue.numbers["one"], "Ada Example", "Lin Park", "Pat Moss")
    queue.approve(queue.numbers["two"], "Ada Example", "Lin Park", "Pat Moss")
    queue.approve(queue.numbers["three"], "Ada Example", "Lin Park", "Pat Moss")
    done = queue.check_group()
    assert done.code == 1, done
    assert done.blocking() == ["approval:ciso"]
    (gap,) = [item for item in done.findings("gap") if item["requirement"]["subject"] == "ciso"]
    assert gap["system"] == "SYS-two"
    assert "commit" in str(gap["claims"])


def test_h12_control_reviews_of_one_say_nothing_of_another(queue: Queue) -> None:
    queue.approve(queue.numbers["one"], DEPUTY, "Lin Park", "Pat Moss")
    queue.approve(queue.numbers["two"], DEPUTY, "Lin Park", "Pat Moss")
    done = queue.check_group()
    assert done.code == 1, done
    assert {item["system"] for item in done.findings("gap") if item["requirement"]["kind"] == "approval"} == {
        "SYS-three"
    }


def test_h12_control_each_alone_is_judged_the_same_way(queue: Queue) -> None:
    for name, approver, code in (("one", "Ada Example", 0), ("two", "Ada Example", 1)):
        number = queue.numbers[name]
        queue.approve(number, approver, "Lin Park", "Pat Moss")
        queue.scratch.checkout(name)
        done = queue.check(queue.github.event(number))
        assert done.code == code, done


def test_h12_a_commit_that_no_pull_request_brought_leaves_the_group_undecided(queue: Queue) -> None:
    for number in queue.numbers.values():
        queue.approve(number, DEPUTY, "Lin Park")
    assert queue.check_group().code == 1, "the product owner has not approved"
    queue.scratch.checkout("one")
    smuggled = queue.scratch.commit("Smuggled", files={"one/code/job.py": "x = 1\n"})
    done = queue.check_group()
    assert done.code == 3, done
    assert f"commit {smuggled[:7]} of the merge group belongs to no pull request" in str(done.report["trust"]["notes"])


def test_h12_commits_that_the_queue_rebases_are_those_of_their_pull_request(queue: Queue) -> None:
    """GitHub knows no pull request for its copies; what is missing is then an approval, and not an answer."""
    repo, number = queue.scratch, queue.numbers["three"]
    repo.checkout("three")
    repo.commit("Another ranking", by=AUTHORS["three"], files={"three/code/job.py": "x = 1\n"})
    queue.github.push(number, *queue.made("main..three")[-1:])
    queue.approve(number, "Ada Example", "Lin Park")
    repo.branch("queue", at="three")
    repo.git("rebase", "-q", "--force-rebase", "main", **BY_GITHUB)
    base = repo.git("rev-parse", "main")

    def judged() -> Result:
        return queue.check(queue.github.group_event(repo.git("rev-parse", "queue"), base, number))

    done = judged()
    assert (done.code, done.blocking()) == (1, ["approval:product-owner"]), done
    queue.approve(number, "Pat Moss")
    done = judged()
    assert (done.code, done.verdict) == (0, "pass"), done
    assert done.report["trust"]["approvals"]["complete"] is True
    repo.git("reset", "-q", "--hard", "HEAD~1")
    smuggled = repo.commit("Smuggled", files={"three/code/other.py": "y = 1\n"})
    repo.git("cherry-pick", "three", **BY_GITHUB)
    assert f"commit {smuggled[:7]} of the merge group belongs to no pull request" in str(judged().report["trust"])

"""A replay that asks GitHub: a review that was given on a pull request counts, and without asking it is said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fakes.github import GitHub, made
from scratch import Scratch
from world import high_system, roles, to_yaml

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]
PERIOD = ("--system", "SYS-001", "--from", "2000-01-01", "--to", "2099-12-31", "--format", "json")


@pytest.fixture
def repo(scratch: Scratch, github: GitHub) -> Scratch:
    """A merge of a weakening that Rae approved by a review of its pull request, and by nothing else."""
    pinned = roles()
    rae = {"name": "Rae Kim", "email": "rae@example.com", "github": "rae-k", "github_id": github.number_of("rae-k")}
    pinned["roles"]["ai-safety-lead"]["members"] = [rae]
    scratch.commit("Begin")
    scratch.adopt(high_system("development"), files={"policies/roles.yaml": to_yaml(pinned)})
    scratch.branch("work")
    scratch.edit(risk_profile={"human_oversight": "full"})
    head = scratch.commit("A person decides now")
    github.account("bo-author", "bo@example.com")
    number = github.pull("bo-author", [made(head, "bo@example.com")])
    github.review(number, "rae-k")
    scratch.merge()
    return scratch


def last_merge(repo: Scratch, *words: str, **env: str) -> tuple[dict[str, Any], dict[str, Any]]:
    done = repo.run("evidence", *PERIOD, *words, **env)
    assert done.code == 0, done
    return done.report["merges"][-1], done.report["head"]


def test_a_review_counts_where_the_forge_is_asked(repo: Scratch, github: GitHub) -> None:
    env = {"GITHUB_TOKEN": github.token, "GITHUB_API_URL": github.url, "NO_PROXY": "127.0.0.1,localhost"}
    found, head = last_merge(repo, "--forge", "github:example-org/screener", **env)
    assert found["verdict"] in ("pass", "conditions"), found
    assert [(it["who"], it["counts"]) for it in found["approvals"]] == [("rae-k", True)]
    assert head["forge"] == "github:example-org/screener"


def test_without_asking_it_is_said_that_a_forge_may_hold_it(repo: Scratch) -> None:
    found, head = last_merge(repo)
    assert (found["verdict"], found["lacks_only_approvals"], head["forge"]) == ("block", True, "not asked")


def test_a_forge_that_does_not_answer_leaves_it_open(repo: Scratch) -> None:
    env = {"GITHUB_TOKEN": "ghs_" + "1" * 36, "GITHUB_API_URL": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1"}
    found, _ = last_merge(repo, "--forge", "github:example-org/screener", **env)
    assert (found["verdict"], found["lacks_only_approvals"]) == ("undecided", False)


def test_a_review_after_the_merge_of_the_same_day_does_not_count(repo: Scratch, github: GitHub) -> None:
    (number,) = github.pulls
    review = github.pulls[number].reviews.pop()
    github.merged(number)
    github.pulls[number].reviews.append(review | {"submitted_at": later(github, number, seconds=1)})
    found, _ = last_merge(repo, "--forge", "github:example-org/screener", **env_of(github))
    assert found["verdict"] == "block", found
    assert [(it["who"], it["counts"]) for it in found["approvals"]] == [("rae-k", False)]
    assert "given after the merge" in found["approvals"][0]["why"]


@pytest.mark.parametrize("later_state", ["CHANGES_REQUESTED", "APPROVED"])
def test_what_is_said_after_the_merge_takes_nothing_back(repo: Scratch, github: GitHub, later_state: str) -> None:
    (number,) = github.pulls
    github.merged(number)
    github.review(number, "rae-k", later_state)
    found, _ = last_merge(repo, "--forge", "github:example-org/screener", **env_of(github))
    assert [(it["who"], it["counts"]) for it in found["approvals"]] == [("rae-k", True)]


def test_a_change_of_branch_takes_a_review_back_before_the_merge_and_not_after(repo: Scratch, github: GitHub) -> None:
    (number,) = github.pulls
    github.merged(number)
    github.happens(number, "automatic_base_change_succeeded")
    found, _ = last_merge(repo, "--forge", "github:example-org/screener", **env_of(github))
    assert [(it["who"], it["counts"]) for it in found["approvals"]] == [("rae-k", True)]
    github.merged(number)
    found, _ = last_merge(repo, "--forge", "github:example-org/screener", **env_of(github))
    assert [(it["who"], it["counts"]) for it in found["approvals"]] == [("rae-k", False)]
    assert "was for another branch" in found["approvals"][0]["why"]


def test_where_the_instant_of_the_merge_is_not_told_the_page_says_so(repo: Scratch, github: GitHub) -> None:
    found, _ = last_merge(repo, "--forge", "github:example-org/screener", **env_of(github))
    assert any("its reviews count by their day" in it for it in found["notes"])


def env_of(github: GitHub) -> dict[str, str]:
    return {"GITHUB_TOKEN": github.token, "GITHUB_API_URL": github.url, "NO_PROXY": "127.0.0.1,localhost"}


def later(github: GitHub, number: int, seconds: int) -> str:
    merged = github.pulls[number].merged_at
    assert merged is not None
    return (merged + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize(
    ("forge", "token", "said"),
    [
        ("github:example-org/screener", "", "--forge needs a token"),
        ("gitlab:7", "x", "names no forge that can be asked"),
        ("gitlab:acme/../x y", "x", "names no forge that can be asked"),
        ("gitea:acme/screener", "x", "gitlab:GROUP/PROJECT"),
        ("gitlab:acme/screener", "x", "set POLICY_GATE_GITLAB_TOKEN"),
    ],
)
def test_a_forge_that_cannot_be_asked_is_a_usage_error(scratch: Scratch, forge: str, token: str, said: str) -> None:
    scratch.adopt(high_system())
    done = scratch.run("evidence", *PERIOD, "--forge", forge, GITHUB_TOKEN=token)
    assert done.code == 2
    assert said in done.err

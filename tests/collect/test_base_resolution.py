"""Which commit a change is judged against: names are full, tags never count, doubt is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scratch import Scratch

from policy_gate.collect.base_ref import departure_from_event, resolve_base, target_branch
from policy_gate.errors import BaseError
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.report import Ref
from policy_gate.vcs.repository import Repository

pytestmark = pytest.mark.real_git

ORIGIN_MAIN = "refs/remotes/origin/main"
NOWHERE = "1" * 40


class Clone:
    """A clone whose origin/main is `strong`, with a commit `weak` that an author made."""

    def __init__(self, scratch: Scratch) -> None:
        self.scratch = scratch
        self.strong = scratch.commit("Strong", files={"law": "strong"})
        self.weak = scratch.commit("Weak", files={"law": "weak"})
        scratch.branch("work", self.weak)
        scratch.git("branch", "-D", "main")
        scratch.git("update-ref", ORIGIN_MAIN, self.strong)
        self.repository = Repository.open(scratch.path)

    def request(self, base: str | None = None, **environment: str) -> Request:
        return Request(self.scratch.path, datetime.now(UTC), base=base, environment=environment)

    def base(self, base: str | None = None, **environment: str) -> Ref:
        return resolve_base(self.repository, self.request(base, **environment))

    def event(self, content: object) -> str:
        path = self.scratch.path.parent / "event.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(path)


@pytest.fixture
def clone(scratch: Scratch) -> Iterator[Clone]:
    made = Clone(scratch)
    yield made
    made.repository.close()


@pytest.mark.parametrize("name", ["main", "origin/main", ORIGIN_MAIN])
def test_a_remote_branch_is_found_by_any_of_its_names(clone: Clone, name: str) -> None:
    assert clone.base(name) == Ref(ORIGIN_MAIN, clone.strong)


def test_a_local_branch_is_found(clone: Clone) -> None:
    assert clone.base("work") == clone.base("refs/heads/work") == Ref("refs/heads/work", clone.weak)


def test_a_full_commit_id_is_taken(clone: Clone) -> None:
    assert clone.base(clone.strong.upper()) == Ref(clone.strong, clone.strong)


def test_the_default_is_what_origin_head_points_to(clone: Clone) -> None:
    clone.scratch.git("update-ref", "refs/remotes/origin/trunk", clone.weak)
    clone.scratch.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    assert clone.base() == Ref("refs/remotes/origin/trunk", clone.weak)


def test_the_default_is_else_main(clone: Clone) -> None:
    assert clone.base() == Ref(ORIGIN_MAIN, clone.strong)
    clone.scratch.git("update-ref", "-d", ORIGIN_MAIN)
    clone.scratch.git("update-ref", "refs/heads/main", clone.weak)
    assert clone.base() == Ref("refs/heads/main", clone.weak)


def test_t41_the_default_is_never_a_local_branch_beside_the_remote_one(clone: Clone) -> None:
    clone.scratch.git("update-ref", "refs/heads/main", clone.weak)
    assert clone.base() == Ref(ORIGIN_MAIN, clone.strong)


@pytest.mark.parametrize(
    "tag", ["main", "origin/main", "refs/remotes/origin/main", "remotes/origin/main", "heads/main"]
)
@pytest.mark.parametrize("name", [None, "main", "origin/main", ORIGIN_MAIN])
def test_t41_a_tag_named_like_the_base_changes_nothing(clone: Clone, tag: str, name: str | None) -> None:
    clone.scratch.git("update-ref", f"refs/tags/{tag}", clone.weak)
    clone.scratch.git("update-ref", "refs/main", clone.weak)
    assert clone.base(name) == Ref(ORIGIN_MAIN, clone.strong)
    assert clone.base(name, GITHUB_BASE_REF="main").commit == clone.strong


def test_t41_a_tag_alone_is_no_base(clone: Clone) -> None:
    clone.scratch.git("tag", "release", clone.weak)
    clone.scratch.git("update-ref", "refs/tags/refs/heads/gone", clone.weak)
    for name in ("release", "refs/tags/release", "tags/release", "refs/heads/gone"):
        with pytest.raises(BaseError) as caught:
            clone.base(name)
        assert caught.value.exit_code == 3
        assert caught.value.hint


@pytest.mark.parametrize("branch", ["origin/main", "refs/heads/main"])
def test_t41_a_local_branch_named_like_the_base_is_refused_or_without_effect(clone: Clone, branch: str) -> None:
    clone.scratch.git("update-ref", f"refs/heads/{branch}", clone.weak)
    name = branch.removeprefix("refs/heads/")
    if branch != "refs/heads/main":
        with pytest.raises(BaseError, match="ambiguous") as caught:
            clone.base(name)
        assert f"refs/heads/{branch}" in caught.value.message
        assert ORIGIN_MAIN in caught.value.message
        assert caught.value.hint == f"give the full name: --base {ORIGIN_MAIN}"
    assert clone.base(ORIGIN_MAIN) == Ref(ORIGIN_MAIN, clone.strong)
    assert clone.base(None, GITHUB_BASE_REF="main") == Ref(ORIGIN_MAIN, clone.strong)
    assert clone.base(None, CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main") == Ref(ORIGIN_MAIN, clone.strong)
    assert clone.base() == Ref(ORIGIN_MAIN, clone.strong)


def test_a_branch_at_origin_goes_before_its_local_namesake_unless_that_is_named_in_full(clone: Clone) -> None:
    clone.scratch.git("update-ref", "refs/heads/main", clone.weak)
    assert clone.base("main").ref == "refs/remotes/origin/main"
    assert clone.base("refs/heads/main") == Ref("refs/heads/main", clone.weak)


def test_two_branches_of_one_name_at_one_commit_are_no_doubt(clone: Clone) -> None:
    clone.scratch.git("update-ref", "refs/heads/main", clone.strong)
    assert clone.base("main").commit == clone.strong


@pytest.mark.parametrize(
    "name",
    [
        "main^",
        "main~1",
        "main^{/Weak}",
        "main^{commit}",
        ":/Weak",
        "main:law",
        "@{u}",
        "work@{0}",
        "main..work",
        "HEAD",
        "@",
    ],
)
def test_t41_a_revision_expression_is_refused(clone: Clone, name: str) -> None:
    with pytest.raises(BaseError):
        clone.base(name)
    with pytest.raises(BaseError):
        clone.base(None, GITHUB_BASE_REF=name)


@pytest.mark.parametrize(
    "name",
    [
        "--output=x",
        "-h",
        "--all",
        "$(touch x)",
        "`touch x`",
        "a b",
        "main\n",
        "main\nwork",
        "ma\0in",
        "\u202emain",
        "",
        "*",
        "m?in",
        "refs/",
        "/",
    ],
)
def test_t19_a_name_that_is_an_option_or_a_command_is_refused(clone: Clone, name: str) -> None:
    before = sorted(clone.scratch.path.iterdir())
    with pytest.raises(BaseError) as caught:
        clone.base(name)
    assert "\n" not in caught.value.message
    assert "\u202e" not in caught.value.message
    assert sorted(clone.scratch.path.iterdir()) == before


def test_t19_a_branch_with_an_odd_name_is_a_branch(clone: Clone) -> None:
    for name in ("$(touch-x)", "a'b", 'a"b', "a;b", "a&b", "#1"):
        clone.scratch.git("update-ref", f"refs/heads/{name}", clone.strong)
        assert clone.base(name) == Ref(f"refs/heads/{name}", clone.strong)


def test_t20_a_missing_base_says_what_to_fetch(clone: Clone) -> None:
    for name in ("release", "origin/release", "refs/remotes/origin/release"):
        with pytest.raises(BaseError) as caught:
            clone.base(name)
        assert "git fetch origin release" in caught.value.hint
    with pytest.raises(BaseError, match="GITHUB_BASE_REF"):
        clone.base(None, GITHUB_BASE_REF="release")


def test_t20_a_missing_commit_and_an_id_of_something_else_are_undecided(clone: Clone) -> None:
    clone.scratch.git("tag", "-a", "-m", "Tag", "annotated", clone.strong)
    tag, tree = clone.scratch.git("rev-parse", "annotated"), clone.scratch.git("rev-parse", "work^{tree}")
    for oid in (NOWHERE, tag, tree):
        with pytest.raises(BaseError, match="not a commit"):
            clone.base(oid)
    with pytest.raises(BaseError):
        clone.base(clone.strong[:12])


def test_t20_a_shallow_clone_is_said(clone: Clone, tmp_path: Path) -> None:
    clone.scratch.git("clone", "-q", "--depth=1", f"file://{clone.scratch.path}", str(tmp_path / "shallow"))
    with Repository.open(tmp_path / "shallow") as repository, pytest.raises(BaseError, match="shallow"):
        resolve_base(repository, clone.request("release"))


def test_a_repository_without_any_base_is_undecided(scratch: Scratch) -> None:
    with Repository.open(scratch.path) as repository, pytest.raises(BaseError, match="no commit yet"):
        resolve_base(repository, Request(scratch.path, datetime.now(UTC)))
    scratch.commit("Work", files={"a.py": "x = 1\n"})
    scratch.git("branch", "-q", "-m", "trunk")
    with Repository.open(scratch.path) as repository, pytest.raises(BaseError) as caught:
        resolve_base(repository, Request(scratch.path, datetime.now(UTC)))
    assert "git fetch origin main" in caught.value.hint
    assert "set-head" not in caught.value.hint, "there is no remote whose default branch could be asked for"
    scratch.git("update-ref", "refs/remotes/origin/trunk", "HEAD")
    with Repository.open(scratch.path) as repository, pytest.raises(BaseError) as caught:
        resolve_base(repository, Request(scratch.path, datetime.now(UTC)))
    assert "git remote set-head origin --auto" in caught.value.hint


def test_a_github_pull_request_is_judged_against_its_target(clone: Clone) -> None:
    clone.scratch.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/other")
    clone.scratch.git("update-ref", "refs/remotes/origin/release", clone.weak)
    assert clone.base(None, GITHUB_BASE_REF="release") == Ref("refs/remotes/origin/release", clone.weak)


def test_a_github_pull_request_without_the_branch_takes_the_events_commit(clone: Clone) -> None:
    clone.scratch.git("update-ref", "-d", ORIGIN_MAIN)
    event = clone.event({"pull_request": {"base": {"sha": clone.strong}}})
    github = {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main", "GITHUB_EVENT_PATH": event}
    assert clone.base(None, **github) == Ref(ORIGIN_MAIN, clone.strong)
    clone.event({"pull_request": {"base": {"sha": "--output=x"}}})
    with pytest.raises(BaseError):
        clone.base(None, **github)


def test_a_github_merge_queue_is_judged_against_its_parent(clone: Clone) -> None:
    event = clone.event({"merge_group": {"base_sha": clone.weak, "base_ref": "refs/heads/main"}})
    request = clone.request(None, GITHUB_EVENT_NAME="merge_group", GITHUB_EVENT_PATH=event)
    base = resolve_base(clone.repository, request)
    assert (base.commit, target_branch(request, base)) == (clone.weak, "main")


def test_a_github_review_is_judged_against_the_branch_that_its_event_names(clone: Clone) -> None:
    clone.scratch.git("update-ref", "refs/remotes/origin/release", clone.weak)
    event = clone.event({"pull_request": {"base": {"ref": "release", "sha": clone.weak}}})
    request = clone.request(None, GITHUB_EVENT_NAME="pull_request_review", GITHUB_EVENT_PATH=event)
    base = resolve_base(clone.repository, request)
    assert (base.commit, target_branch(request, base)) == (clone.weak, "release")
    assert clone.base(None, GITHUB_EVENT_NAME="schedule", GITHUB_EVENT_PATH=event).commit == clone.strong


def _push(clone: Clone, ref: str, before: str) -> Mapping[str, str]:
    event = clone.event({"ref": ref, "before": before, "repository": {"default_branch": "main"}})
    return {"GITHUB_EVENT_NAME": "push", "GITHUB_EVENT_PATH": event}


def test_a_github_push_to_the_default_branch_is_judged_against_what_was_there(clone: Clone) -> None:
    assert clone.base(None, **_push(clone, "refs/heads/main", clone.weak)).commit == clone.weak
    with pytest.raises(BaseError, match="not a commit"):
        clone.base(None, **_push(clone, "refs/heads/main", NOWHERE))
    assert clone.base(None, **_push(clone, "refs/heads/main", "0" * 40)) == Ref(ORIGIN_MAIN, clone.strong)


def test_t29_a_second_push_to_a_branch_is_judged_whole(clone: Clone) -> None:
    """Judged against what the branch held before, the second push would hide what the first one did."""
    assert clone.base(None, **_push(clone, "refs/heads/work", clone.weak)) == Ref(ORIGIN_MAIN, clone.strong)


@pytest.mark.parametrize("content", ["{", "", "[" * 100_000, "\ud800"])
def test_t30_an_event_file_that_cannot_be_read_is_undecided(clone: Clone, content: str) -> None:
    path = clone.scratch.path.parent / "event.json"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    with pytest.raises(BaseError) as caught:
        clone.base(None, GITHUB_EVENT_NAME="merge_group", GITHUB_EVENT_PATH=str(path))
    assert "--base" in caught.value.hint


@pytest.mark.parametrize("content", ["[]", "null", '{"merge_group": []}', '{"merge_group": {"base_ref": 5}}'])
def test_t30_an_event_that_names_no_target_leaves_the_default(clone: Clone, content: str) -> None:
    github = {"GITHUB_EVENT_NAME": "merge_group", "GITHUB_EVENT_PATH": clone.event(content)}
    assert clone.base(None, **github) == Ref(ORIGIN_MAIN, clone.strong)


def test_a_gitlab_merge_request_is_judged_against_its_target(clone: Clone) -> None:
    gitlab = {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_MERGE_REQUEST_DIFF_BASE_SHA": clone.weak}
    assert clone.base(None, **gitlab) == Ref(ORIGIN_MAIN, clone.strong)
    clone.scratch.git("update-ref", "-d", ORIGIN_MAIN)
    assert clone.base(None, **gitlab, CI_MERGE_REQUEST_TARGET_BRANCH_SHA=clone.strong) == Ref(ORIGIN_MAIN, clone.strong)
    with pytest.raises(BaseError):
        clone.base(None, **gitlab)


def test_a_gitlab_push_is_judged_like_a_github_push(clone: Clone) -> None:
    gitlab = {"CI_DEFAULT_BRANCH": "main", "CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BEFORE_SHA": clone.weak}
    assert clone.base(None, **gitlab, CI_COMMIT_BRANCH="main").commit == clone.weak
    assert clone.base(None, **gitlab, CI_COMMIT_BRANCH="work") == Ref(ORIGIN_MAIN, clone.strong)


def test_the_target_branch_is_the_short_name(clone: Clone) -> None:
    request = clone.request(None, GITHUB_BASE_REF="main")
    assert target_branch(request, Ref("refs/heads/feature/x", "")) == "feature/x"
    assert target_branch(request, Ref("refs/remotes/origin/feature/x", "")) == "feature/x"
    assert target_branch(request, Ref(clone.strong, clone.strong)) == "main"
    assert target_branch(clone.request(), Ref(clone.strong, clone.strong)) == ""


def test_t42_a_base_other_than_the_events_is_said(clone: Clone) -> None:
    def departure(base: str | None, **environment: str) -> str:
        request = clone.request(base, **environment)
        return departure_from_event(clone.repository, request, resolve_base(clone.repository, request))

    assert ORIGIN_MAIN in departure("work", GITHUB_BASE_REF="main")
    assert departure(clone.strong, GITHUB_BASE_REF="main") == ""
    assert (
        departure("main", GITHUB_BASE_REF="main") == departure(None, GITHUB_BASE_REF="main") == departure("work") == ""
    )
    assert "not in this clone" in departure("work", GITHUB_BASE_REF="gone")

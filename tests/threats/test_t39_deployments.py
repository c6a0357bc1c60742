"""T39: a deployment that asks for a stage asks it of all that is deployed, also where a job proposes no change.

A tag is pushed, a release is published, main moves on meanwhile: nothing would be merged, and nothing is judged for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.github import GitHub
from scratch import Result, Scratch
from workplace import JobResult, Workplace
from world import high_system, low_system

pytestmark = pytest.mark.real_git
STAGE = "that:required-stage"


def deployed(repo: Scratch, stage: str, *args: str) -> Result:
    return repo.check("--require-stage", stage, *args)


@pytest.mark.parametrize(("stage", "blocking"), [("production", [STAGE]), ("pre_deployment", [])])
def test_t39_the_tip_of_base_itself(scratch: Scratch, stage: str, blocking: list[str]) -> None:
    scratch.adopt(high_system("pre_deployment"))
    done = deployed(scratch, stage)
    assert (done.code, done.blocking()) == (len(blocking), blocking), done


def test_t39_a_system_that_the_change_does_not_touch(scratch: Scratch) -> None:
    scratch.adopt(high_system("production"))
    scratch.declare(low_system("development", id="SYS-009", paths=["code/**"]), path="tools/governance.yaml")
    scratch.commit("Another system")
    scratch.branch("work")
    scratch.commit("A page", files={"docs/page.md": "How it works.\n"})
    assert scratch.check().code == 0
    done = deployed(scratch, "production")
    assert (done.code, done.blocking()) == (1, [STAGE]), done
    assert [it["system"] for it in done.findings("gap") if it["requirement"]["subject"] == "required-stage"] == [
        "SYS-009"
    ]


def test_t39_a_commit_from_before_the_promotion(scratch: Scratch) -> None:
    """Merging it gives what main holds, which is in production; what would be deployed is not."""
    scratch.adopt(high_system("development"))
    scratch.git("tag", "early")
    scratch.declare(high_system("production"))
    scratch.commit("In production")
    scratch.git("tag", "live")
    scratch.commit("A page", files={"docs/page.md": "How it works.\n"})
    done = deployed(scratch, "production", "--head", "early")
    assert (done.code, done.blocking()) == (1, [STAGE]), done
    said = done.finding("required-stage")["message"]
    assert "base says production, the result says production" in said
    assert said.endswith("says development; wanted: production in each")
    assert deployed(scratch, "production", "--head", "live").code == 0, "main has moved on, and it was in production"


def test_t39_a_commit_whose_manifest_cannot_be_read(scratch: Scratch) -> None:
    scratch.adopt(high_system("production"))
    kept = scratch.read("governance.yaml")
    scratch.commit("Broken", files={"governance.yaml": kept + "systems: []\n"})
    scratch.git("tag", "broken")
    scratch.commit("Mended", files={"governance.yaml": kept})
    done = deployed(scratch, "production", "--head", "broken")
    assert (done.code, done.verdict) == (3, "undecided"), done


@pytest.mark.parametrize("way", ["--all", "--base=main"])
def test_t39_another_branch_that_says_it_has_got_there(scratch: Scratch, way: str) -> None:
    scratch.adopt(high_system("pre_deployment"))
    scratch.branch("work")
    scratch.declare(high_system("production"))
    scratch.commit("In production, it says")
    done = deployed(scratch, "production", way)
    assert STAGE in done.blocking(), done
    scratch.merge("work")
    assert deployed(scratch, "production", "--all").code == 0, "the control: base says so, too"


def test_t39_a_clone_of_a_tag_that_does_not_hold_base(scratch: Scratch, tmp_path: Path) -> None:
    """Its own word is not enough; nothing else is at hand."""
    scratch.adopt(high_system("production"))
    scratch.git("tag", "v1")
    folder = tmp_path / "deployed"
    folder.mkdir()
    at = {"GIT_DIR": str(folder / ".git"), "GIT_WORK_TREE": str(folder)}
    scratch.git("init", "-q", "-b", "unborn", str(folder))
    scratch.git("remote", "add", "origin", f"file://{scratch.path}", **at)
    scratch.git("fetch", "-q", "--depth=1", "origin", "tag", "v1", **at)
    scratch.git("checkout", "-q", "--detach", "v1", **at)

    def asked(*args: str) -> Result:
        return scratch.run("-C", str(folder), "check", "--all", "--format", "json", *args)

    done = asked("--require-stage", "production")
    assert (done.code, done.verdict) == (3, "undecided"), done
    assert "git fetch" in done.out, "the way out is said"
    assert asked().code == 0, "the control: where nothing is deployed its own policies do, and that is said"
    scratch.git("fetch", "-q", "origin", "main:refs/remotes/origin/main", **at)
    assert asked("--require-stage", "production").code == 0


def test_h18_the_entry_of_a_switched_off_system_goes_and_the_others_are_deployed(scratch: Scratch) -> None:
    scratch.adopt(high_system("decommissioned"), low_system("production"))
    scratch.branch("work")
    scratch.rewrite(lambda data: data | {"systems": [it for it in data["systems"] if it["id"] != "SYS-001"]})
    scratch.commit("The entry goes")
    done = deployed(scratch, "production")
    assert (done.code, done.blocking()) == (0, []), done


@pytest.fixture
def place(tmp_path: Path, github: GitHub) -> Iterator[Workplace]:
    """main in pre_deployment, tagged, and a page later."""
    with Workplace(tmp_path, github) as made:
        made.hub.adopt(high_system("pre_deployment"))
        made.scratch.git("tag", "v1")
        made.publish("v1:refs/tags/v1")
        yield made


def started(place: Workplace, event: str, stage: str, ref: str = "refs/tags/v1", before: str = "0" * 40) -> JobResult:
    """The job that a tag starts, be it pushed or published as a release, or a push to a branch."""
    head = place.scratch.git("rev-parse", ref)
    told = {
        "ref": ref,
        "before": before,
        "after": head,
        "action": "published",
        "repository": {"full_name": place.github.repository, "default_branch": "main"},
    }
    more = {"GITHUB_REF": ref, "GITHUB_SHA": head}
    return place.job(event, told, place.checkout(head), require_stage=stage, **more)


@pytest.mark.contract_fake
@pytest.mark.parametrize("event", ["push", "release"])
@pytest.mark.parametrize("is_behind", [False, True])
def test_t39_a_tag_is_deployed(place: Workplace, event: str, is_behind: bool) -> None:
    if is_behind:
        place.scratch.commit("A page", files={"docs/page.md": "How it works.\n"})
        place.publish()
    done = started(place, event, "production")
    assert (done.code, done.outputs["verdict"]) == (1, "block"), done
    control = started(place, event, "pre_deployment")
    assert control.code == 0, control


@pytest.mark.contract_fake
def test_h18_the_push_that_promotes_is_told_to_start_anew_and_a_tag_of_it_is_deployed(place: Workplace) -> None:
    repo, before = place.scratch, place.scratch.git("rev-parse", "main")
    repo.declare(high_system("production"))
    repo.commit("In production, as agreed")
    repo.git("tag", "-f", "v1")
    place.publish("v1:refs/tags/v1")
    pushed = started(place, "push", "production", "refs/heads/main", before)
    assert pushed.code == 1, pushed
    assert "then start this job anew for what holds it" in " ".join(pushed.out.split())
    assert started(place, "push", "production").code == 0

"""The action's job as a command: fetched, judged and told, from a checkout of depth 1. GitHub's API is a fake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from workplace import JobResult, Workplace
from world import high_system

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]


def notes(done: JobResult) -> str:
    return " ".join(done.report["trust"]["notes"])


def test_a_checkout_of_depth_one_is_blocked_and_passes_once_it_is_approved(place: Workplace) -> None:
    number = place.propose()
    blocked = place.pull_job(number)
    assert blocked.code == 1, blocked
    assert blocked.outputs["verdict"] == "block"
    assert blocked.outputs["exit-code"] == "1"
    assert blocked.outputs["gaps"] == str(blocked.report["summary"]["findings"]["gap"])
    assert "BLOCKED  SYS-001" in blocked.out
    assert "\n::error " in blocked.out
    assert "policy-gate: BLOCKED" in blocked.summary
    assert json.loads(Path(blocked.outputs["sarif"]).read_text("utf-8"))["version"] == "2.1.0"
    place.approve(number)
    passed = place.pull_job(number)
    assert passed.code == 0, passed
    assert passed.outputs["verdict"] == "pass"
    statement = json.loads(Path(passed.outputs["attestation"]).read_text("utf-8"))
    assert statement["predicate"]["verificationResult"] == "PASSED"
    assert "github-reviews" in passed.report["trust"]["approvals"]["sources"]
    assert passed.report["trust"]["approvals"]["complete"] is True
    assert "::error" not in passed.out


def test_d01_the_head_is_judged_against_base_as_it_is_now(place: Workplace) -> None:
    number = place.propose()
    place.scratch.checkout("main")
    later = place.scratch.commit("Meanwhile", files={"README.md": "Hello.\n"})
    place.publish()
    trust = place.pull_job(number).report["trust"]
    assert trust["base"] == {"ref": "refs/remotes/origin/main", "commit": later}
    assert trust["result"]["from"] == "merge"
    assert trust["enforcing"] is True


def test_d12_a_review_of_a_commit_that_was_rebased_away_is_fetched_and_counts(place: Workplace) -> None:
    number = place.propose()
    place.approve(number)
    old = place.scratch.git("rev-parse", "work")
    place.scratch.git("checkout", "-q", "work")
    place.scratch.git("commit", "-q", "--amend", "-m", "Promote the screener, better said")
    place.push(number)
    place.publish(f"{old}:refs/pull/{number}/old")
    done = place.pull_job(number, "synchronize")
    assert done.code == 0, done
    assert done.report["lacking_commits"] == []


def test_d12_a_reviewed_commit_that_nobody_has_any_more_does_not_count(place: Workplace) -> None:
    number = place.propose()
    place.github.review(number, "ada-x", commit="c" * 40)
    done = place.pull_job(number)
    assert done.code == 1, done
    assert done.report["lacking_commits"] == ["c" * 40]


def test_d30_a_base_that_is_not_the_target_fails_the_job_unless_it_is_advisory(place: Workplace) -> None:
    place.scratch.git("branch", "weak", "work")
    number = place.propose()
    place.publish("weak:refs/heads/weak")
    weak = place.pull_job(number, base="weak")
    assert weak.code == 3, weak
    assert "does not bind" in weak.err
    assert weak.outputs["exit-code"] == str(weak.code)
    assert weak.report["trust"]["enforcing"] is False
    advisory = place.pull_job(number, base="weak", advisory="true")
    assert advisory.code == 0
    assert advisory.outputs["exit-code"] == "0"
    assert advisory.outputs["attestation"] == weak.outputs["attestation"] == ""
    control = place.pull_job(number, base="main")
    assert control.code == 1
    assert control.report["trust"]["enforcing"] is True


def test_d30_a_commit_given_as_base_does_not_bind(place: Workplace) -> None:
    number = place.propose()
    done = place.pull_job(number, base=place.scratch.git("rev-parse", "work"))
    assert done.code == 3, done
    assert done.report["trust"]["enforcing"] is False


def test_d30_a_head_that_is_not_the_one_proposed_fails_the_job(place: Workplace) -> None:
    number = place.propose()
    checkout = place.checkout(place.scratch.git("rev-parse", "main"))
    other = place.pull_job(number, checkout=checkout, head="HEAD")
    assert other.code == 3, other
    assert "the commit that the event names" in notes(other)


def test_t42_what_was_checked_out_does_not_matter(place: Workplace) -> None:
    number = place.propose()
    done = place.pull_job(number, checkout=place.checkout(place.scratch.git("rev-parse", "main")))
    assert done.code == 1, done
    assert done.report["trust"]["head"]["commit"] == place.scratch.git("rev-parse", "work")


def test_t29_after_a_retarget_the_verdict_is_for_the_new_base(place: Workplace) -> None:
    place.scratch.branch("release", "main")
    place.scratch.commit("A release", files={"CHANGES.md": "1\n"})
    number = place.propose()
    place.publish("release:refs/heads/release")
    place.github.pulls[number].base = "release"
    checkout = place.checkout(place.scratch.git("rev-parse", "work"))
    event = place.github.event(number, "edited")
    done = place.job("pull_request", event, checkout, GITHUB_BASE_REF="release")
    assert done.report["trust"]["base"]["ref"] == "refs/remotes/origin/release"
    assert done.report["trust"]["base"]["commit"] == place.scratch.git("rev-parse", "release")


def test_the_nightly_job_judges_all_and_names_the_debt(place: Workplace) -> None:
    place.publish()
    tip = place.scratch.git("rev-parse", "main")
    there = {"GITHUB_SHA": tip, "GITHUB_REF": "refs/heads/main"}
    done = place.job("schedule", {"schedule": "0 3 * * *"}, place.checkout(tip), **there)
    assert done.report["trust"]["mode"] == "all"
    assert done.report["trust"]["enforcing"] is True, notes(done)
    assert done.report["trust"]["base"]["commit"] == tip


def test_t29_a_run_started_by_hand_on_a_branch_says_no_less_than_the_pull_request(place: Workplace) -> None:
    """Its check lands on the same commit, under the same name."""
    place.scratch.checkout("work")
    place.scratch.edit(risk_profile={"human_oversight": "full"})
    head = place.scratch.commit("Lower it")
    number = place.propose()
    assert place.pull_job(number).code == 1
    place.publish("work:refs/heads/work")
    by_hand = {"GITHUB_SHA": head, "GITHUB_REF": "refs/heads/work"}
    done = place.job("workflow_dispatch", {}, place.checkout(head), **by_hand)
    assert done.code == 1, done
    assert done.report["trust"]["mode"] == "change"
    assert done.report["trust"]["base"]["ref"] == "refs/remotes/origin/main"
    tip = place.scratch.git("rev-parse", "main")
    there = {"GITHUB_SHA": tip, "GITHUB_REF": "refs/heads/main"}
    control = place.job("workflow_dispatch", {}, place.checkout(tip), **there)
    assert control.report["trust"]["mode"] == "all"


@pytest.mark.parametrize("name", ["release", "push"])
def test_a_release_is_judged_as_its_tag(place: Workplace, name: str) -> None:
    tip = place.scratch.git("rev-parse", "main")
    place.scratch.git("tag", "v1", tip)
    place.publish("refs/tags/v1:refs/tags/v1")
    event = {"repository": {"default_branch": "main", "full_name": place.github.repository}}
    event |= {"ref": "refs/tags/v1", "after": tip} if name == "push" else {"action": "published"}
    there = {"GITHUB_SHA": tip, "GITHUB_REF": "refs/tags/v1"}
    wanting = place.job(name, event, place.checkout(tip), require_stage="production", **there)
    assert (wanting.code, wanting.outputs["verdict"]) == (1, "block"), wanting
    done = place.job(name, event, place.checkout(tip), require_stage="development", **there)
    assert done.code == 0, done
    assert done.report["trust"]["head"]["commit"] == tip


def test_a_push_to_the_default_branch_is_judged_against_the_tip_before(place: Workplace) -> None:
    before = place.scratch.git("rev-parse", "main")
    place.scratch.merge("work")
    after = place.scratch.git("rev-parse", "main")
    place.publish()
    repository = {"default_branch": "main", "full_name": place.github.repository}
    event = {"ref": "refs/heads/main", "before": before, "after": after, "repository": repository}
    done = place.job("push", event, place.checkout(after), GITHUB_SHA=after, GITHUB_REF="refs/heads/main")
    assert done.report["trust"]["base"]["commit"] == before
    assert done.report["trust"]["head"]["commit"] == after


def test_a_merge_group_is_judged_as_its_request(place: Workplace) -> None:
    number = place.propose()
    base, head = (place.scratch.git("rev-parse", name) for name in ("main", "work"))
    place.publish(f"work:refs/heads/gh-readonly-queue/main/pr-{number}-{base}")
    event = place.github.group_event(head, base, number)
    before = place.job("merge_group", event, place.checkout(head))
    place.approve(number)
    after = place.job("merge_group", event, place.checkout(head))
    assert [(done.code, done.outputs["verdict"]) for done in (before, after)] == [(1, "block"), (0, "pass")], after
    assert after.report["trust"]["base"]["commit"] == base
    assert after.report["trust"]["enforcing"] is True


def test_a_first_adoption_is_undecided_where_the_organisation_wants_a_governed_base(place: Workplace) -> None:
    place.scratch.git("checkout", "-q", "--orphan", "bare")
    place.scratch.git("rm", "-rqf", ".")
    place.scratch.commit("Code", files={"README.md": "Hello\n"})
    place.scratch.git("branch", "-f", "main", "bare")
    place.scratch.branch("adopt")
    place.scratch.declare(high_system("development"))
    place.scratch.commit("Adopt")
    number = place.propose("adopt")
    held, free = (place.pull_job(number, require_governed_base=said) for said in ("true", "false"))
    assert (held.code, held.outputs["verdict"]) == (3, "undecided"), held
    assert (free.code, free.outputs["verdict"], free.report["trust"]["mode"]) == (0, "conditions", "adoption"), free


def test_h01_a_typo_from_a_fork_without_a_token_passes(place: Workplace) -> None:
    place.server.token = ""
    place.scratch.branch("typo")
    place.scratch.commit("Typo", files={"README.md": "Hello\n"})
    number = place.propose("typo")
    done = place.pull_job(number, github_token="", comment="true")
    assert done.code == 0, done
    assert done.outputs["verdict"] == "pass"
    assert "no comment was kept" in done.err


def test_t24_a_promotion_from_a_fork_without_a_token_says_what_could_not_be_verified(place: Workplace) -> None:
    place.server.token = ""
    number = place.propose()
    place.approve(number)
    done = place.pull_job(number, github_token="")
    assert done.code == 3, done
    assert "no token" in notes(done)


def test_an_organisations_layer_outside_the_checkout_is_trusted_and_inside_it_is_not(
    place: Workplace, tmp_path: Path
) -> None:
    layer = "schema: policy-gate/policy/v1\ndebt:\n  enrolment: {high: P30D}\n"
    number = place.propose()
    outside = tmp_path / "organisation"
    outside.mkdir()
    (outside / "rules.yaml").write_text(layer)
    trusted = place.pull_job(number, policies=str(outside))
    assert trusted.report["trust"]["policies"]["trusted"] is True
    checkout = place.checkout(place.scratch.git("rev-parse", "work"))
    (checkout / "org").mkdir()
    (checkout / "org" / "rules.yaml").write_text(layer)
    inside = place.pull_job(number, checkout=checkout, policies="org")
    assert inside.report["trust"]["policies"]["trusted"] is False
    assert "inside the judged checkout" in notes(inside)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"comment": "yes"}, "comment is 'yes' (true or false)"),
        ({"formats": "sarif, pdf"}, "formats names 'pdf'"),
        ({"working_directory": "nowhere"}, "there is no such folder"),
        ({"require_stage": "live"}, "require-stage is 'live'"),
        ({"head": "--output=x"}, "no commit of the checkout"),
    ],
)
def test_an_input_that_cannot_be_meant_is_one_clear_error(place: Workplace, given: dict[str, str], said: str) -> None:
    done = place.pull_job(place.propose(), **given)
    assert done.code == 2, done
    assert said in done.err
    assert "::error" in done.out
    assert done.outputs == {"exit-code": "2"}


def test_an_event_that_proposes_nothing_is_refused(place: Workplace) -> None:
    place.publish()
    done = place.job("issue_comment", {}, place.checkout(place.scratch.git("rev-parse", "main")))
    assert done.code == 2
    assert "proposes nothing" in done.err


def test_t24_a_forge_that_is_down_is_undecided_and_never_a_pass(place: Workplace) -> None:
    number = place.propose()
    checkout = place.checkout(place.scratch.git("rev-parse", "work"))
    place.server.is_down = True
    done = place.pull_job(number, checkout=checkout)
    assert done.code == 3, done
    assert done.outputs["verdict"] == "undecided"
    assert "could not be fetched" in notes(done)


def test_t22_a_hostile_name_forges_no_output(place: Workplace) -> None:
    place.scratch.checkout("work")
    place.scratch.edit(name="Screener")
    text = place.scratch.read("governance.yaml")
    hostile = 'name: "x\\nverdict=pass\\nverdict<<E\\npass\\nE\\n::set-output name=verdict::pass"'
    assert "name: Screener" in text
    place.scratch.commit("A name", files={"governance.yaml": text.replace("name: Screener", hostile)})
    done = place.pull_job(place.propose())
    assert done.outputs["verdict"] == "block", done
    assert set(done.outputs) == {"verdict", "exit-code", "gaps", "report", "sarif", "reports", "attestation"}
    assert not [line for line in done.out.splitlines() if line.lstrip().startswith("::set-output")]


def test_t40_what_only_the_checkout_holds_is_judged_and_does_not_bind(place: Workplace) -> None:
    """Whoever ran before us there could have written it; without the forge nobody can tell."""
    number = place.propose()
    place.approve(number)
    checkout = place.checkout(place.scratch.git("rev-parse", "work"), "--depth=100")
    at = {"GIT_DIR": str(checkout / ".git")}
    place.scratch.git("fetch", "-q", str(place.scratch.path), "main:refs/remotes/origin/main", **at)
    control = place.pull_job(number, checkout=checkout)
    assert control.code == 0, control
    place.server.is_down = True
    done = place.pull_job(number, checkout=checkout)
    assert done.code == 3, done
    assert done.report["verdict"] == "pass"
    assert done.report["trust"]["enforcing"] is False
    assert "the checkout is believed" in notes(done)
    assert done.outputs["attestation"] == ""

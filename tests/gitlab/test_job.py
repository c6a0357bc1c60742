"""`policy-gate ci gitlab`: each kind of pipeline, what is fetched, the reports, and the variables for later jobs."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.gitlab import TOKEN
from project import APPROVERS, JOB_TOKEN, PATH, REPORTS, Project, adopt_with_reviews
from scratch import Scratch
from world import high_system, low_system, to_yaml

from policy_gate.ci.gitlab.reports import dotenv, fresh_folder

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """SYS-001 in development on main, and on `work` its promotion with all papers; merge request 7 is of that."""
    with Project(tmp_path) as made:
        repo = made.scratch
        adopt_with_reviews(repo)
        for number in range(3):
            repo.commit(f"Earlier {number}", files={"README.md": f"# {number}\n"})
        repo.branch("work")
        repo.declare(high_system("pre_deployment"))
        repo.commit("Promote the screener")
        repo.commit("A word more", files={"NOTES.md": "x\n"})
        made.propose()
        yield made


def test_a_merge_request_is_judged_from_a_checkout_without_history(project: Project) -> None:
    before = project.merge_request_job()
    assert (before.code, before.verdict) == (1, "block"), before
    project.approve(*APPROVERS)
    after = project.merge_request_job()
    assert (after.code, after.verdict) == (0, "pass"), after
    assert after.report["trust"]["base"] == {"ref": "refs/remotes/origin/main", "commit": project.tip("main")}
    assert after.report["trust"]["head"]["commit"] == project.tip("work")
    assert after.report["trust"]["enforcing"] is True
    assert {user for _, user in project.server.asked} == {"gitlab-ci-token"}, "fetched with the token of the job"
    assert not any(token in after.out + after.err for token in (JOB_TOKEN, TOKEN))


def test_the_reports_are_artifacts_and_the_verdict_reaches_later_jobs(project: Project) -> None:
    checkout = project.checkout(project.tip("work"))
    done = project.merge_request_job(checkout=checkout, formats="sarif, markdown")
    files = {path.name: path.read_text("utf-8") for path in (checkout / REPORTS).iterdir()}
    wanted = {"report.json", "report.html", "junit.xml", "codequality.json", "verdict.env", "report.sarif", "report.md"}
    assert set(files) >= wanted
    assert done.variables == {
        "POLICY_GATE_VERDICT": "block",
        "POLICY_GATE_EXIT_CODE": "1",
        "POLICY_GATE_GAPS": str(sum(1 for item in done.report["findings"] if item["state"] == "gap")),
        "POLICY_GATE_REPORT": f"{REPORTS}/report.json",
    }
    entries = json.loads(files["codequality.json"])
    assert entries
    assert all(not entry["location"]["path"].startswith("/") for entry in entries)
    assert f"{project.server.url}/{PATH}/-/blob/{project.tip('work')}/governance.yaml" in files["report.html"]
    assert not any(token in text for token in (JOB_TOKEN, TOKEN) for text in files.values())


def test_without_a_token_approvals_are_unknown_and_what_needs_none_is_not_held_up(project: Project) -> None:
    project.approve(*APPROVERS)
    done = project.merge_request_job(token=False)
    assert (done.code, done.verdict) == (3, "undecided")
    assert "POLICY_GATE_GITLAB_TOKEN" in done.out
    project.scratch.branch("typo", "main")
    project.scratch.commit("Typo", files={"README.md": "# Screener\n"})
    project.publish("typo:refs/heads/typo", "typo:refs/merge-requests/7/head")
    typo = project.merge_request_job("typo", token=False)
    assert (typo.code, typo.verdict) == (0, "pass"), typo


def test_the_token_is_that_of_the_variable_which_the_inputs_name(project: Project) -> None:
    project.approve(*APPROVERS)
    named_so = {"token_variable": "OUR_TOKEN"}
    named = project.merge_request_job(token=False, **named_so, OUR_TOKEN=TOKEN)
    assert named.code == 0, named
    other = project.merge_request_job(**named_so, GITLAB_TOKEN=TOKEN)
    assert (other.code, other.verdict) == (3, "undecided"), "no other variable is taken in its place"
    wrong = project.merge_request_job(token_variable=TOKEN)
    assert wrong.code == 2
    assert wrong.variables == {"POLICY_GATE_EXIT_CODE": "2"}


def test_d01_a_merged_results_pipeline_judges_the_proposed_commit_against_base_as_it_is_now(project: Project) -> None:
    repo = project.scratch
    repo.git("checkout", "-q", "--detach", "main")
    repo.git("merge", "-q", "--no-ff", "-m", "GitLab's test merge", "work")
    test_merge = repo.git("rev-parse", "HEAD")
    repo.checkout("main")
    repo.commit("Meanwhile", files={"README.md": "# Moved on\n"})
    project.publish(f"{test_merge}:refs/merge-requests/7/merge")
    told = project.variables(7, test_merge) | {"CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": project.tip("work")}
    done = project.job(project.checkout(test_merge), told)
    assert done.report["trust"]["head"]["commit"] == project.tip("work")
    assert done.report["trust"]["base"]["commit"] == project.tip("main")
    assert done.report["trust"]["result"]["from"] == "merge"
    assert done.verdict == "block"


def test_d01_a_merge_train_judges_what_the_request_before_it_would_give(project: Project) -> None:
    """The one before declares another system; here only the screener is this request's own."""
    repo = project.scratch
    repo.branch("before", "main")
    repo.declare_only(low_system("conception"), path="tools/governance.yaml")
    parent = repo.commit("Another system")
    project.publish(f"{parent}:refs/merge-requests/6/train")
    told = project.variables(7, project.tip("work")) | {
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": project.tip("work"),
        "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": parent,
        "CI_MERGE_REQUEST_EVENT_TYPE": "merge_train",
    }
    train = project.job(project.checkout(project.tip("work")), told)
    assert train.report["trust"]["base"] == {"ref": "refs/remotes/origin/main", "commit": parent}, train
    assert [item["id"] for item in train.report["systems"]] == ["SYS-001"], "the other system is not this request's"
    alone = project.merge_request_job()
    assert alone.report["trust"]["base"]["commit"] == project.tip("main")


def test_a_schedule_judges_everything_on_the_default_branch(project: Project) -> None:
    nightly = project.branch_job("schedule")
    assert nightly.report["trust"]["mode"] == "all"
    assert nightly.report["trust"]["head"]["commit"] == project.tip("main")
    assert nightly.code == 0, nightly


def test_a_push_to_the_default_branch_is_judged_against_the_tip_before_it(project: Project) -> None:
    before = project.tip("main")
    project.scratch.merge("work")
    project.publish()
    done = project.branch_job("push", CI_COMMIT_BEFORE_SHA=before)
    assert done.report["trust"]["base"]["commit"] == before
    assert (done.code, done.verdict) == (1, "block"), "nobody approved"


def test_d30_a_base_other_than_the_target_fails_unless_advisory(project: Project) -> None:
    project.approve(*APPROVERS)
    control = project.merge_request_job(base="main")
    assert control.code == 0, control
    project.scratch.git("branch", "lenient", "work")
    project.publish("lenient:refs/heads/lenient")
    other = project.merge_request_job(base="lenient")
    assert (other.code, other.report["trust"]["enforcing"]) == (3, False), other
    assert "does not bind" in other.err
    assert (other.variables["POLICY_GATE_EXIT_CODE"], control.variables["POLICY_GATE_EXIT_CODE"]) == ("3", "0")
    advisory = project.merge_request_job(base="lenient", advisory="true")
    assert (advisory.code, advisory.variables["POLICY_GATE_VERDICT"]) == (0, "pass")


def test_advisory_reports_and_does_not_fail(project: Project) -> None:
    done = project.merge_request_job(advisory="true")
    assert (done.code, done.verdict) == (0, "block")
    assert done.variables["POLICY_GATE_EXIT_CODE"] == "1", "later jobs see what it would have been"
    assert "advisory" in done.err


def test_the_organisations_rules_come_from_a_project_of_their_own(project: Project, tmp_path: Path) -> None:
    """They are fetched with the job's token; without them nothing is judged."""
    rules = Scratch(tmp_path / "rules")
    strict = {
        "schema": "policy-gate/policy/v1",
        "rules": [
            {
                "id": "somebody-on-call",
                "title": "Nobody answers at night",
                "why": "Somebody must.",
                "when": 'system.stage == "pre_deployment"',
                "require": [{"artifact": "on-call-playbook"}],
                "enforcement": "block",
                "effective": "2026-01-01",
            }
        ],
    }
    rules.commit("Rules", files={"rules/strict.yaml": to_yaml(strict)})
    project.server.host(rules.path, "acme/governance")
    project.approve(*APPROVERS)
    done = project.merge_request_job(policies="rules", policies_project="acme/governance")
    assert done.code == 1, done
    assert "somebody-on-call" in json.dumps(done.report["findings"])
    assert "untrusted" not in done.out
    for asked, code in (
        ({"policies_project": "acme/nowhere"}, 3),
        ({"policies_project": "acme/governance", "policies_ref": "no-such-branch"}, 3),
        ({"policies_project": "acme/governance", "policies": "../.."}, 2),
        ({"policies_project": "../governance"}, 2),
    ):
        refused = project.merge_request_job(**asked)
        assert refused.code == code, refused
        assert refused.variables == {"POLICY_GATE_EXIT_CODE": str(code)}


def test_t40_objects_planted_in_the_checkout_are_not_the_organisations_rules(project: Project, tmp_path: Path) -> None:
    """A machine that keeps its folders between jobs keeps .git, and any job of the project could write there."""
    rules = Scratch(tmp_path / "rules")
    strict = "schema: policy-gate/policy/v1\ndebt:\n  enrolment: {high: P30D}\n"
    rules.commit("Rules", files={"rules/strict.yaml": strict})
    project.server.host(rules.path, "acme/governance")
    checkout = project.checkout(project.tip("work"))
    control = project.merge_request_job(checkout=checkout, policies="rules", policies_project="acme/governance")
    oid = rules.git("rev-parse", "HEAD:rules/strict.yaml")
    planted = checkout / ".git" / "objects" / oid[:2] / oid[2:]
    planted.parent.mkdir(exist_ok=True)
    loose = b"schema: policy-gate/policy/v1\ndebt:\n  enrolment: {high: P900D}\n"
    planted.write_bytes(zlib.compress(b"blob %d\0" % len(loose) + loose))
    done = project.merge_request_job(checkout=checkout, policies="rules", policies_project="acme/governance")
    policy = [job.report["trust"]["policies"]["digest"] for job in (control, done)]
    assert policy[0] == policy[1], done


def test_a_job_without_a_checkout_is_refused_clearly(project: Project, tmp_path: Path) -> None:
    done = project.merge_request_job(GIT_STRATEGY="none")
    assert done.code == 2
    assert "GIT_STRATEGY is none" in done.err
    assert project.merge_request_job(GIT_STRATEGY="fetch").code == 1
    empty = tmp_path / "empty"
    empty.mkdir()
    nothing = project.merge_request_job(checkout=empty)
    assert nothing.code == 2
    assert "not in a git repository" in nothing.err
    assert project.scratch.run("ci", "gitlab").code == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [("advisory", "yes"), ("require_stage", "prod"), ("formats", "pdf"), ("policies", "nowhere"), ("base", "a..b")],
)
def test_an_input_that_cannot_be_meant_is_refused(project: Project, name: str, value: str) -> None:
    done = project.merge_request_job(**{name: value})
    assert done.code in (2, 3), done
    assert value in done.err + done.out


@pytest.mark.parametrize("kind", ["link to a folder", "link to nowhere", "file", "folder", "folder with links"])
def test_t22_a_folder_of_reports_that_the_author_committed_gives_way(
    project: Project, tmp_path: Path, kind: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "verdict.env").write_text("KEPT=1\n", "utf-8")
    folder = project.scratch.path / REPORTS
    if kind == "file":
        folder.write_text("x", "utf-8")
    elif kind.startswith("link"):
        folder.symlink_to(outside if kind == "link to a folder" else "/nowhere")
    else:
        folder.mkdir()
        (folder / "forged.xml").write_text("<testsuites/>", "utf-8")
        if kind == "folder with links":
            (folder / "verdict.env").symlink_to(outside / "verdict.env")
            (folder / "deep").symlink_to(outside)
        else:
            (folder / "verdict.env").write_text("POLICY_GATE_VERDICT=pass\nLD_PRELOAD=/x.so\n", "utf-8")
    project.scratch.commit("Reports of our own")
    project.push()
    checkout = project.checkout(project.tip("work"))
    done = project.merge_request_job(checkout=checkout)
    assert done.variables["POLICY_GATE_VERDICT"] == "block"
    assert "LD_PRELOAD" not in done.variables
    assert not (checkout / REPORTS).is_symlink()
    assert not (checkout / REPORTS / "forged.xml").exists()
    assert not any(path.is_symlink() for path in (checkout / REPORTS).iterdir())
    assert [path.name for path in outside.iterdir()] == ["verdict.env"]
    assert (outside / "verdict.env").read_text("utf-8") == "KEPT=1\n"


def test_t22_what_is_more_than_a_plain_word_is_no_variable_for_later_jobs(tmp_path: Path) -> None:
    plain = {"POLICY_GATE_VERDICT": "pass", "POLICY_GATE_GAPS": "3"}
    assert dotenv(plain).splitlines() == ["POLICY_GATE_VERDICT=pass", "POLICY_GATE_GAPS=3"]
    for name, value in (
        ("POLICY_GATE_VERDICT", "pass\nLD_PRELOAD=/x.so"),
        ("POLICY_GATE_VERDICT", "pass\r"),
        ("POLICY_GATE_VERDICT", "$(id)"),
        ("POLICY_GATE_VERDICT", "a b"),
        ("LD_PRELOAD", "x"),
    ):
        with pytest.raises(ValueError, match="no plain variable"):
            dotenv({name: value})
    assert fresh_folder(tmp_path) == tmp_path / REPORTS


def test_t21_hostile_text_gives_the_log_no_section_and_no_escape(project: Project) -> None:
    """GitLab folds a log at `section_start:TIME:NAME`, a carriage return and an escape sequence."""
    folder = "\x1b[0Ksection_start:1700000000:forged[collapsed=true]\r\x1b[0KPASS"
    project.scratch.commit("A name", files={f"{folder}/governance.yaml": "schema: policy-gate/manifest/v1\n"})
    project.push()
    done = project.merge_request_job()
    assert done.code == 1
    assert "section_start:1700000000:forged" in done.out + done.err, "shown, for nothing disappears"
    assert "\x1b" not in done.out + done.err
    assert not re.search(r"section_(?:start|end):\d+:[^\n]*\r", done.out + done.err)


def test_t40_variables_of_another_forge_choose_no_base_and_no_approvals(project: Project) -> None:
    project.scratch.git("branch", "weak", "work")
    project.publish("weak:refs/heads/weak")
    done = project.merge_request_job(GITHUB_BASE_REF="weak", GITHUB_EVENT_NAME="pull_request")
    assert (done.code, done.verdict) == (1, "block"), done
    assert done.report["trust"]["base"]["ref"] == "refs/remotes/origin/main"


def test_t42_a_head_that_a_variable_names_does_not_bind(project: Project) -> None:
    main = project.tip("main")
    done = project.merge_request_job(checkout=project.checkout(main), head="HEAD")
    assert done.code == 3, done
    assert done.report["trust"]["enforcing"] is False
    assert "the commit that the event names" in " ".join(done.report["trust"]["notes"])


def test_t29_a_first_push_of_the_default_branch_is_judged_whole(project: Project) -> None:
    done = project.branch_job("push", CI_COMMIT_BEFORE_SHA="0" * 40)
    assert done.report["trust"]["mode"] == "all", done

"""`audit record`: what is put into the log, once, and what is not."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import jsonschema
import pytest
from audit_log import audit_part, commits, recorded, statement, verified
from keys import SignedScratch
from scratch import Scratch
from world import days_ago, high_system, org_policy, to_yaml

pytestmark = pytest.mark.real_git
SCHEMA = "oscal-1.2.3-assessment-results.schema.json"
GATE = "pre-deployment-security-review"


@pytest.fixture
def approved(scratch: Scratch) -> Scratch:
    """A promotion with its three approvals, on `work`."""
    scratch.adopt(high_system("development"))
    scratch.promote()
    for role in ("ciso", "legal", "product-owner"):
        scratch.approve(role, GATE)
    return scratch


def test_a_verdict_its_approvals_and_the_stage_are_recorded_once(approved: Scratch) -> None:
    done = recorded(approved, "--format", "json")
    kinds = [one["kind"] for one in done.report["entries"]]
    assert kinds == ["verdict", "approval", "approval", "approval", "stage"]
    verdict, *_, stage = [one["record"] for one in done.report["entries"]]
    assert verdict["verdict"] == "pass"
    assert (stage["before"], stage["after"]) == ("development", "pre_deployment")
    again = recorded(approved)
    assert "0 entries added here" in again.out
    assert "5 entries recorded before" in again.out
    assert len(commits(approved)) == 5
    found = verified(approved, "--replay")
    assert found.code == 0, found
    assert (found.report["entries"], found.report["ok"], found.report["first_broken"]) == (5, True, None)
    assert found.report["replayed"] == {"same": 5, "different": 0, "untold": 0}


def test_the_table_tells_what_was_merged_when_it_was_recorded(approved: Scratch) -> None:
    def merged() -> list[str]:
        table = approved.run("audit", "export", "--format", "csv", "--kind", "verdict").out.splitlines()
        return [it["on_branch"] for it in csv.DictReader(table)]

    recorded(approved)
    assert merged() == ["no"]
    base = approved.git("rev-parse", "main")
    approved.checkout("main")
    approved.git("merge", "-q", "--no-ff", "-m", "Promote", "work")
    recorded(approved, "--base", base)
    assert sorted(merged()) == ["no", "yes"]


def test_on_the_branch_itself_it_says_what_records_the_merge_and_that_does(approved: Scratch) -> None:
    approved.checkout("main")
    approved.git("merge", "-q", "--no-ff", "-m", "Promote", "work")
    told = recorded(approved)
    found = re.search(r'--base "\$\((git [^)]+)\)" (--head HEAD)', " ".join(told.err.split()))
    assert found is not None, told
    base = approved.git(*found[1].split()[1:])
    done = recorded(approved, "--base", base, *found[2].split(), "--format", "json")
    assert "stage" in [one["kind"] for one in done.report["entries"]]
    assert "one commit" not in done.err
    assert "one commit" not in recorded(approved, "--all").err


def test_the_entry_names_its_inputs_and_is_an_in_toto_statement(approved: Scratch) -> None:
    recorded(approved)
    first = statement(approved, commits(approved)[0])
    part = audit_part(first)
    assert first["_type"] == "https://in-toto.io/Statement/v1"
    assert first["predicateType"] == "https://slsa.dev/verification_summary/v1"
    assert first["predicate"]["verificationResult"] == "PASSED"
    assert part["inputs"]["base"]["commit"] == approved.git("rev-parse", "main")
    assert part["inputs"]["head"]["commit"] == approved.git("rev-parse", "work")
    assert part["inputs"]["result_tree"] == approved.git("rev-parse", "work^{tree}")
    assert part["previous"] is None
    second = audit_part(statement(approved, commits(approved)[1]))
    assert second["previous"]["commit"] == commits(approved)[0]


def test_a_block_is_recorded_with_what_blocks(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.promote()
    done = recorded(scratch, "--format", "json")
    record = done.report["entries"][0]["record"]
    assert record["verdict"] == "block"
    assert {(one["kind"], one["subject"]) for one in record["blocking"]} == {
        ("approval", "ciso"),
        ("approval", "legal"),
        ("approval", "product-owner"),
    }


def test_a_waiver_and_the_steps_of_an_incident_are_entries(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch("work")
    waiver = {
        "system": "SYS-001",
        "rule": "red-team-engagement",
        "owner": "Rae Kim",
        "approver": "Ada Example",
        "reason": "Booked",
        "created": "2026-11-01",
        "expires": "2027-01-01",
    }
    incident = {
        "schema": "policy-gate/incident/v1",
        "id": "INC-1",
        "system": "SYS-001",
        "type": "regression",
        "severity": "low",
        "description": "It answered nonsense.",
        "detected_at": "2026-11-20T09:00:00Z",
        "timeline": [{"at": "2026-11-20T10:00:00Z", "step": "triaged", "by": "rae@example.com"}],
    }
    scratch.commit(
        "Waive and tell",
        files={
            "governance/waivers.yaml": json.dumps({"schema": "policy-gate/waiver/v1", "waivers": [waiver]}),
            "governance/incidents/INC-1.yaml": json.dumps(incident),
        },
    )
    done = recorded(scratch, "--format", "json")
    found = [(one["kind"], one["record"].get("step")) for one in done.report["entries"][1:]]
    assert found == [("waiver", "granted"), ("incident", "reported"), ("incident", "triaged")]
    scratch.merge()
    scratch.branch("later")
    incident["timeline"] = [*incident["timeline"], {"at": "2026-11-20T11:00:00Z", "step": "contained", "by": "bo"}]  # type: ignore[misc]
    scratch.remove("governance/waivers.yaml")
    scratch.commit("Contain it", files={"governance/incidents/INC-1.yaml": json.dumps(incident)})
    done = recorded(scratch, "--format", "json")
    found = [(one["kind"], one["record"].get("step")) for one in done.report["entries"][1:]]
    assert found == [("waiver", "withdrawn"), ("incident", "contained")]
    assert verified(scratch, "--replay").code == 0


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("waivers: [\n", "unreadable"),
        ("schema: policy-gate/waiver/v1\nwaivers: [{system: SYS-001}]\n", "unreadable"),
        ("schema: policy-gate/waiver/v1\nwaivers: []\n", "withdrawn"),
        (None, "withdrawn"),
    ],
)
def test_t66_a_waiver_whose_file_is_broken_is_not_said_to_be_withdrawn(
    scratch: Scratch, text: str | None, step: str
) -> None:
    path = "governance/waivers.yaml"
    waiver = {
        **{"system": "SYS-001", "rule": "production-deployment", "subject": "smoke-test-suite", "owner": "Rae Kim"},
        **{"approver": "Ada Example", "reason": "Booked", "created": "2026-11-01", "expires": "2027-01-01"},
    }
    sound = json.dumps({"schema": "policy-gate/waiver/v1", "waivers": [waiver]})
    scratch.adopt(high_system("development"), files={path: sound})
    scratch.branch("broken")
    if text is None:
        scratch.remove(path)
    scratch.commit("Edit", files={} if text is None else {path: text})
    done = recorded(scratch, "--format", "json")
    assert [one["record"].get("step") for one in done.report["entries"][1:]] == [step]
    scratch.merge("broken")
    scratch.branch("mended")
    scratch.commit("Mend", files={path: sound})
    done = recorded(scratch, "--format", "json")
    assert [one["record"].get("step") for one in done.report["entries"][1:]] == ["granted"]
    assert verified(scratch, "--replay").code == 0


def test_what_no_entry_names_is_told_beside_the_answer(approved: Scratch) -> None:
    recorded(approved)
    asked = ("--system", "SYS-01", "--role", "cisso", "--person", "Ada Exmaple", "--commit", "0" * 40)
    for command in ("query", "export"):
        told = approved.run("audit", command, *asked).err
        assert 'no entry is about system "SYS-01"; did you mean "SYS-001"?\n' in told
        assert 'no entry is about role "cisso"; did you mean "ciso"?\n' in told
        assert 'no entry names "Ada Exmaple"; did you mean "Ada Example"?\n' in told
        assert f"no entry is about a check of commit {'0' * 40}\n" in told
    assert approved.run("audit", "query", "--system", "SYS-001", "--role", "ciso", "--person", "ada").err == ""
    mixed = approved.run("audit", "query", "--system", "SYS-001", "--system", "SYS-9", "--role", "ciso")
    assert ("approval" in mixed.out, 'no entry is about system "SYS-9"' in mixed.err) == (True, True)


@pytest.mark.parametrize(
    ("args", "why"),
    [(("--base", "nosuch"), "nosuch"), (("--head", "main", "--base", "main"), "does not enforce")],
)
def test_what_does_not_bind_or_has_no_answer_is_not_recorded(scratch: Scratch, args: tuple[str, ...], why: str) -> None:
    scratch.adopt(high_system("development"))
    scratch.promote()
    done = scratch.run("audit", "record", *args)
    assert done.code == 3, done
    assert why in done.err
    assert commits(scratch) == []


def test_entries_are_told_the_newest_first_and_picked(approved: Scratch) -> None:
    recorded(approved)
    log = approved.run("audit", "log", "--limit", "2", "--format", "json")
    assert [one["sequence"] for one in log.report["entries"]] == [4, 3]
    assert "3 older entries not shown" in approved.run("audit", "log", "--limit", "2").out

    def picked(*args: str) -> list[int]:
        done = approved.run("audit", "query", "--format", "json", *args)
        assert done.code == 0, done
        return [one["sequence"] for one in done.report["entries"]]

    assert picked("--kind", "verdict") == [0]
    assert picked("--kind", "verdict", "--kind", "stage") == [4, 0]
    assert picked("--verdict", "block") == []
    assert picked("--role", "ciso") == picked("--person", "ada exam") == [1]
    assert picked("--system", "SYS-001") == [4, 3, 2, 1, 0]
    assert picked("--system", "SYS-999") == []
    head = approved.git("rev-parse", "HEAD")
    assert picked("--commit", head) == picked("--commit", head[:7].upper()) == [4, 3, 2, 1, 0]
    assert picked("--commit", head, "--kind", "approval", "--role", "ciso") == [1]
    assert picked("--commit", approved.git("rev-parse", "main")) == []
    assert approved.run("audit", "query", "--commit", "HEAD").code == 2
    assert picked("--from", "2000-01-01", "--to", "2000-12-31") == []
    assert picked("--from", "2000-01-01", "--limit", "1") == [4]
    assert approved.run("audit", "query", "--from", "2027-01-02", "--to", "2027-01-01").code == 2


def test_exports_hold_the_statements_byte_for_byte(approved: Scratch, tmp_path: Path) -> None:
    from base64 import b64decode

    recorded(approved)
    lines = approved.run("audit", "export").out.splitlines()
    bare = approved.run("audit", "export", "--format", "intoto").out.splitlines(keepends=True)
    assert len(lines) == len(bare) == 5
    for commit, line, text in zip(commits(approved), lines, bare, strict=True):
        said = json.loads(line)
        assert said["commit"] == commit
        held = approved.git("show", f"{commit}:statement.json") + "\n"
        assert b64decode(said["statement"]).decode() == text == held
    oscal = json.loads(approved.run("audit", "export", "--format", "oscal").out)["assessment-results"]
    text = (Path(__file__).parent.parent / "data" / SCHEMA).read_text("utf-8")
    schema = json.loads(text.replace("\\\\p{L}", "\\\\w").replace("\\\\p{N}", "\\\\w"))  # Python knows no such classes
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors({"assessment-results": oscal})] == []
    (result,) = oscal["results"]
    assert [one["props"][2]["value"] for one in result["observations"]].count("approval") == 3
    assert result["findings"][0]["target"]["status"]["state"] == "satisfied"


def test_without_a_log_each_view_says_so(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    for command in ("log", "query", "verify", "export"):
        done = scratch.run("audit", command)
        assert done.code == 3, done
        assert "no audit log in this clone" in done.err


def test_nothing_of_the_machine_and_no_secret_is_in_an_entry(approved: Scratch, tmp_path: Path) -> None:
    """The place of the organisation's rules is told in the report; the log travels further."""
    folder = tmp_path / "our rules"
    folder.mkdir()
    (folder / "org.yaml").write_text(to_yaml(org_policy()), "utf-8")
    environment = {"DEPLOY_TOKEN": "hunter2-hunter2", "CI_PROJECT_URL": "https://bot:hunter2-hunter2@forge.example/a/b"}
    done = recorded(approved, "--policies", str(folder), GITLAB_CI="true", **environment)
    for commit in commits(approved):
        text = approved.git("show", f"{commit}:statement.json") + approved.git("log", "-1", "--format=%B%an%ae", commit)
        for word in (str(tmp_path), str(approved.path), "hunter2", str(approved.home)):
            assert word not in text
    assert str(tmp_path) not in done.out


def test_hooks_and_settings_of_the_repository_have_no_say(approved: Scratch) -> None:
    hooks = approved.path / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("reference-transaction", "post-commit", "pre-push"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch '{approved.path}/ran-{name}'\nexit 1\n")
        (hooks / name).chmod(0o755)
    approved.git("config", "commit.gpgsign", "true")
    approved.git("config", "i18n.commitEncoding", "latin1")
    approved.git("config", "user.name", "Somebody Else")
    recorded(approved)
    assert not list(approved.path.glob("ran-*"))
    raw = approved.git("cat-file", "commit", commits(approved)[0])
    assert "\nauthor policy-gate <policy-gate> " in raw
    assert "encoding" not in raw
    assert "gpgsig" not in raw


def test_a_merge_is_recorded_by_its_commits_as_it_was_judged_on_its_branch(tmp_path: Path) -> None:
    """An approval names its branch, which a base that is a commit does not: the log must not say that nobody agreed."""
    repo = SignedScratch(tmp_path)
    repo.narrowed()
    repo.sign_as("Rae Kim")
    repo.merge()
    base = repo.git("rev-parse", "main~1")
    done = recorded(repo, "--base", base, "--head", "main", "--format", "json")
    verdict, approval = (one["record"] for one in done.report["entries"])
    assert (verdict["verdict"], approval["person"]) == ("pass", "Rae Kim")
    assert {one["inputs"]["branch"] for one in done.report["entries"]} == {"main"}
    assert verified(repo, "--replay").report["replayed"] == {"same": 2, "different": 0, "untold": 0}
    elsewhere = repo.check("--base", base, "--head", "main").finding("weakening")
    assert elsewhere["state"] == "gap"
    assert "a commit names none" in elsewhere["claims"][0]["why"]


def test_what_a_base_off_the_default_branch_is_merged_into_is_not_guessed(tmp_path: Path) -> None:
    repo = SignedScratch(tmp_path)
    repo.branch("release")
    repo.commit("Only on release")
    repo.narrowed(at="release")
    repo.sign_as("Rae Kim")
    done = recorded(repo, "--base", repo.git("rev-parse", "release"), "--head", "work", "--format", "json")
    assert [one["record"]["verdict"] for one in done.report["entries"]] == ["block"]
    assert {one["inputs"]["branch"] for one in done.report["entries"]} == {""}


def test_entries_say_what_lacked_who_answers_and_when_a_step_was_taken(approved: Scratch, tmp_path: Path) -> None:
    waiver = {
        **{"system": "SYS-001", "rule": GATE, "subject": "red-team-report", "owner": "Pat Moss", "approver": "Rae Kim"},
        **{"reason": "=booked()", "created": days_ago(3), "expires": days_ago(-9)},
    }
    step = {"at": f"{days_ago(1)}T10:00:00Z", "step": "notified", "clock": "gdpr-33", "by": "rae@example.com"}
    told = {
        **{"schema": "policy-gate/incident/v1", "id": "INC-1", "system": "SYS-001", "type": "availability"},
        **{"severity": "low", "description": "No answers.", "detected_at": f"{days_ago(2)}T09:00:00Z"},
    }
    files = {
        "governance/waivers.yaml": to_yaml({"schema": "policy-gate/waiver/v1", "waivers": [waiver]}),
        "governance/incidents/INC-1.yaml": to_yaml(told | {"timeline": [step]}),
    }
    approved.branch("told")
    approved.commit("Tell", files=files)
    recorded(approved)
    shown = approved.run("audit", "log").out
    assert "lacks approval ai-governance-committee" in shown
    assert "red-team-report: =booked() (owner Pat Moss, approver Rae Kim)" in shown
    assert f"at {days_ago(1)}T10:00:00Z for gdpr-33, by rae@example.com" in shown
    table = tmp_path / "log.csv"
    assert approved.run("audit", "export", "--format", f"csv={table}").code == 0
    verdict, *others = list(csv.DictReader(table.read_text("utf-8").splitlines()))
    assert (verdict["what"], verdict["lacks"], verdict["people"]) == (
        "block", "approval ai-governance-committee", "",
    )  # fmt: skip
    granted = next(it for it in others if it["kind"] == "waiver")
    assert (granted["owner"], granted["approver"], granted["reason"]) == ("Pat Moss", "Rae Kim", "'=booked()")
    assert (granted["expires"], granted["waived"]) == (days_ago(-9), f"{GATE}: red-team-report")
    assert [(it["clock"], it["given"][:10]) for it in others if it["what"] == "INC-1 notified"] == [
        ("gdpr-33", days_ago(1))
    ]
    nothing = approved.run("audit", "export", "--format", "csv", "--kind", "stage")
    assert nothing.out.splitlines()[1:] == []

"""`draft` and `approve`: what they write, and when they refuse."""

from __future__ import annotations

import pytest
from evidence import owed
from scratch import Scratch
from world import days_ago, from_yaml, high_system

GATE = "pre-deployment-security-review"


@pytest.fixture
def ready(scratch: Scratch) -> Scratch:
    """SYS-001 on its way to pre_deployment with all documents and tests; only approvals lack."""
    scratch.adopt(high_system("development"))
    scratch.branch()
    scratch.declare(high_system("pre_deployment"))
    scratch.commit("Move to pre-deployment")
    return scratch


def test_only_approvals_lack_before_and_nothing_after(ready: Scratch) -> None:
    before = ready.check()
    assert before.code == 1
    assert before.blocking() == ["approval:ciso", "approval:legal", "approval:product-owner"]
    for role in ("ciso", "legal", "product-owner"):
        ready.approve(role, GATE)
    after = ready.check()
    assert after.code == 0, after
    assert after.blocking() == []


def test_the_record_says_who_what_and_until_when(ready: Scratch) -> None:
    ready.approve("ciso", GATE)
    (name,) = ready.git("ls-files", "governance/approvals").splitlines()
    record = from_yaml(ready.read(name))
    digest = ready.system_digest(GATE)
    assert record["approver"] == {"name": "Ada Example", "email": "ada@example.com"}
    assert (record["system"], record["for"], record["role"]) == ("SYS-001", GATE, "ciso")
    assert (record["approved_on"], record["target_branch"]) == (days_ago(0), "main")
    assert record["expires"] == days_ago(-90)
    assert record["subject_digest"] == digest


def test_approve_shows_the_subject_and_never_asks_without_a_terminal(ready: Scratch) -> None:
    ready.iam("Ada Example")
    done = ready.run("approve", "--for", GATE, "--system", "SYS-001", "--role", "ciso")
    assert done.code == 2
    assert ready.system_digest(GATE) in done.out
    assert "no terminal" in done.err
    assert ready.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--for", GATE, "--system", "SYS-001", "--role", "cisoo"), "ciso"),
        (("--for", GATE, "--system", "SYS-009", "--role", "ciso"), "SYS-001"),
        (("--for", "production-deployment", "--system", "SYS-001", "--role", "ciso"), GATE),
    ],
)
def test_approving_what_is_not_asked_is_usage(ready: Scratch, arguments: tuple[str, ...], said: str) -> None:
    done = ready.run("approve", *arguments, "--yes")
    assert done.code == 2
    assert said in done.err
    assert ready.git("status", "--porcelain") == ""


def test_gate_is_the_same_option_as_for(ready: Scratch) -> None:
    ready.iam("Ada Example")
    assert ready.run("approve", "--gate", GATE, "--system", "SYS-001", "--role", "ciso", "--yes").code == 0


def test_explain_subject_lists_what_is_approved(ready: Scratch) -> None:
    done = ready.run("explain", "subject", "--system", "SYS-001", "--for", GATE, "--format", "json")
    assert done.code == 0
    assert done.report["subject_digest"] == ready.system_digest(GATE)
    assert len(done.report["parts"]) > 3


def test_a_second_record_of_the_day_gets_a_file_of_its_own(ready: Scratch) -> None:
    ready.approve("ciso", GATE)
    ready.write({"governance/red-team-report.md": ready.read("governance/red-team-report.md") + "\nOne line more.\n"})
    ready.commit("Add a line")
    ready.approve("ciso", GATE)
    assert len(ready.git("ls-files", "governance/approvals").splitlines()) == 2


@pytest.mark.parametrize("artifact", owed("high", "pre_deployment")[0])
def test_every_document_owed_can_be_drafted_and_the_draft_does_not_count(scratch: Scratch, artifact: str) -> None:
    scratch.adopt()
    scratch.branch()
    scratch.declare_only(high_system("pre_deployment", model_card=None))
    done = scratch.run("draft", artifact, "--system", "SYS-001")
    assert done.code == 0, done
    path = "MODEL_CARD.md" if artifact == "model-card" else f"governance/{artifact}.md"
    assert "TODO" in scratch.read(path)
    if artifact == "model-card":
        scratch.edit(model_card=path)
    else:
        line = next(line.strip() for line in done.out.splitlines() if line.strip().startswith("- {"))
        entry = from_yaml(line)[0] | {"status": "final", "completed": days_ago(0)}
        scratch.edit(artifacts=[entry])
    scratch.commit("A draft")
    finding = scratch.check().finding(artifact, "artifact")
    assert finding["state"] == "gap"
    assert artifact == "model-card" or path in finding["message"], finding


def test_draft_never_writes_over_a_document(scratch: Scratch) -> None:
    scratch.adopt(high_system("pre_deployment"))
    before = scratch.read("governance/red-team-report.md")
    done = scratch.run("draft", "red-team-report", "--system", "SYS-001")
    assert done.code == 2
    assert "already there" in done.err
    assert scratch.read("governance/red-team-report.md") == before


def test_draft_stands_beside_its_manifest(scratch: Scratch) -> None:
    scratch.adopt()
    scratch.declare_only(high_system(paths=["**"]), path="apps/screener/governance.yaml")
    assert scratch.run("draft", "red-team-report", "--system", "SYS-001").code == 0
    assert (scratch.path / "apps/screener/governance/red-team-report.md").is_file()


def test_draft_of_an_unknown_artifact_names_the_nearest(scratch: Scratch) -> None:
    scratch.adopt(high_system())
    done = scratch.run("draft", "red-team-reprot", "--system", "SYS-001")
    assert done.code == 2
    assert "red-team-report" in done.err


def test_lines_of_several_drafts_are_told_in_one_piece_for_each_place(scratch: Scratch) -> None:
    """The control: of one draft the same lines, told by themselves."""
    scratch.adopt()
    scratch.declare_only({**high_system("development"), "model_card": None, "artifacts": []})
    one = scratch.run("draft", "red-team-report", "--system", "SYS-001")
    assert (one.code, one.out.count("add under the artifacts of SYS-001"), "then write it (" in one.err) == (0, 1, True)
    several = ("incident-response-plan", "bias-evaluation-results", "model-card")
    done = scratch.run("draft", *several, "--system", "SYS-001")
    assert (done.code, done.out.count("wrote ")) == (0, 3), done
    assert done.out.count("add under the artifacts of SYS-001:\n") == 1
    assert done.out.count("add to the entry of SYS-001:\n") == 1
    assert all(f"- {{id: {name}, " in done.out for name in several[:2])
    assert done.err.count("then write them (") == 1


def test_what_was_drafted_is_told_though_a_later_one_is_there_already(scratch: Scratch) -> None:
    scratch.adopt()
    scratch.declare_only({**high_system("development"), "model_card": None, "artifacts": []})
    scratch.run("draft", "incident-response-plan", "--system", "SYS-001")
    done = scratch.run("draft", "red-team-report", "incident-response-plan", "--system", "SYS-001")
    assert done.code == 2
    assert "- {id: red-team-report, " in done.out

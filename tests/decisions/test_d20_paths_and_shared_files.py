"""D20: paths stay in the manifest's folder, `/` points only into what is shared, a change reads what is above it."""

from __future__ import annotations

from evidence import completed
from scratch import Scratch
from world import days_ago, high_system, low_system, to_yaml

CONFIG = {"schema": "policy-gate/config/v1", "repository": "example-org/mono", "shared": ["governance/shared/**"]}


def _two(repo: Scratch) -> None:
    """Two folders with a system each; the second owes much and is long overdue."""
    repo.adopt()
    repo.write({"policy-gate.yaml": to_yaml(CONFIG)})
    done, files = completed(low_system("development"))
    repo.write({f"a/{name}": text for name, text in files.items()})
    repo.declare_only(done, path="a/governance.yaml")
    repo.declare_only(high_system("production", enrolled=days_ago(400), model_card=None), path="b/governance.yaml")
    repo.commit("Two folders", by="Rae Kim")
    repo.branch()


def test_d20_only_the_manifests_above_a_change_are_read_and_policies_reads_all(scratch: Scratch) -> None:
    _two(scratch)
    scratch.edit("SYS-003", path="a/governance.yaml", incident_contact="x@example.com")
    scratch.commit("In one folder")
    found = scratch.check()
    assert [item["id"] for item in found.report["systems"]] == ["SYS-003"]
    assert found.verdict == "pass"
    scratch.branch("shared")
    scratch.commit("A shared file", files={"governance/shared/runbook.md": "# Runbook\n"})
    assert [item["id"] for item in scratch.check().report["systems"]] == ["SYS-003", "SYS-001"]


def test_d20_a_path_that_leaves_its_folder_is_refused_and_a_shared_one_is_read(scratch: Scratch) -> None:
    _two(scratch)
    for path, wrong in (("../b/x.md", True), ("/b/x.md", True), ("/governance/shared/x.md", False)):
        paper = {"id": "basic-documentation", "path": path, "status": "final", "completed": days_ago(1)}
        scratch.edit("SYS-003", path="a/governance.yaml", artifacts=[paper])
        scratch.commit(f"Point at {path}", files={"governance/shared/x.md": "# Shared\n"})
        found = scratch.check()
        assert ("path" in str(found.report["problems"])) is wrong, path
        assert (found.code == 1) is wrong, path


def test_d20_an_id_declared_twice_is_a_problem_here_or_at_night(scratch: Scratch) -> None:
    _two(scratch)
    scratch.declare_only(low_system("development", paths=[]), path="a/x/governance.yaml")
    scratch.commit("The same id below")
    found = scratch.check()
    assert found.code == 1
    assert "SYS-003 is declared twice" in str(found.report["problems"])

    scratch.branch("far")
    scratch.declare_only(low_system("development", paths=[]), path="c/governance.yaml")
    scratch.commit("The same id far away")
    scratch.approve("ai-safety-lead", "first-classification", "SYS-003")
    scratch.merge("far")
    night = scratch.check("--all")
    assert night.code == 1
    assert "SYS-003 is declared twice" in str(night.report["problems"])


def test_d20_a_copy_further_down_does_not_take_the_place_of_an_entry(scratch: Scratch) -> None:
    """Whoever copies the root's manifest into a folder is told of the copy, and not of all that the copy lacks."""
    scratch.adopt(low_system("development"))
    scratch.branch()
    line = next(n for n, said in enumerate(scratch.read("governance.yaml").splitlines(), 1) if "SYS-003" in said)
    scratch.commit("A copy", files={"app/governance.yaml": scratch.read("governance.yaml")})
    found = scratch.check()
    (problem,) = found.report["problems"]
    assert (found.code, problem["path"], found.blocking()) == (1, "app/governance.yaml", []), found
    assert problem["message"].endswith(f"declared twice (also in governance.yaml:{line})")

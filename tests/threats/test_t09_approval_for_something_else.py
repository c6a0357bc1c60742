"""T09: an approval given for one thing is used for another: system, gate, role, tier, branch or repository.

Each record here is committed by its own approver, so that only what it is for stands in the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from approved import APPROVERS, GATE, NOT_APPROVED, Approved
from evidence import completed
from scratch import Result, Scratch
from world import ROLE_HOLDERS, from_yaml, high_system, to_yaml

pytestmark = pytest.mark.real_git

FOLDER = "governance/approvals"


def _records(repo: Scratch) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((repo.path / FOLDER).iterdir()):
        yield f"{FOLDER}/{path.name}", from_yaml(path.read_text("utf-8"))


def _reworded(repo: Scratch, **fields: str) -> None:
    """Every approver writes the record again, with fields laid over."""
    for path, said in list(_records(repo)):
        by = said["approver"]["name"]
        repo.commit(f"Again, {said['role']}", by=by, files={path: to_yaml(said | fields)})


def _open(done: Result, system: str = "SYS-001") -> list[str]:
    return sorted(
        f"approval:{item['requirement']['subject']}"
        for item in done.findings("gap", system)
        if item["requirement"]["kind"] == "approval" and item["blocks"]
    )


def test_t09_control_the_same_record_written_again_counts(approved: Approved) -> None:
    approved.restart()
    _reworded(approved, statement="I have looked at it once more.")
    done = approved.check()
    assert done.code == 0, done


def test_t09_for_another_gate(approved: Approved) -> None:
    approved.restart()
    approved.declare(high_system("production"))
    approved.commit("And on to production")
    asked = _open(approved.check())
    assert asked == sorted([*NOT_APPROVED, "approval:engineering-manager", "approval:security-lead"])
    for role, from_role in (("engineering-manager", "ciso"), ("security-lead", "legal")):
        said = next(item for _, item in _records(approved) if item["role"] == from_role)
        who = ROLE_HOLDERS[role]
        again = said | {"for": "production-deployment", "role": role, "approver": {"name": who, "email": _address(who)}}
        approved.commit(f"As {role}", by=who, files={f"{FOLDER}/{role}.yaml": to_yaml(again)})
    done = approved.check()
    assert (done.code, _open(done)) == (1, asked), done
    approved.approve("engineering-manager", "production-deployment")
    assert "approval:engineering-manager" not in _open(approved.check()), "one that is for it"


def _address(name: str) -> str:
    return f"{name.split(maxsplit=1)[0].lower()}@example.com"


def test_t09_for_another_governed_change(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch("work")
    scratch.edit(paths=["screener/rank/**"], description="Formats documents")
    scratch.commit("Narrow and reword")
    scratch.approve("ai-safety-lead", "weakening")
    assert _open(scratch.check()) == ["approval:ai-safety-lead"], "the purpose is another matter"
    _reworded(scratch, **{"for": "use-case-change"})
    done = scratch.check()
    assert (done.finding("use-case-change")["state"], done.finding("weakening")["state"]) == ("gap", "gap")
    scratch.approve("ai-safety-lead", "use-case-change")
    scratch.approve("ai-safety-lead", "weakening")
    assert scratch.check().code == 0


def test_t09_in_another_role(approved: Approved) -> None:
    approved.restart()
    path = next(path for path, said in _records(approved) if said["role"] == "legal")
    approved.remove(path)
    approved.commit("Without legal")
    assert _open(approved.check()) == ["approval:legal"]
    said = next(said for _, said in _records(approved) if said["role"] == "ciso")
    approved.commit("As legal", by="Ada Example", files={path: to_yaml(said | {"role": "legal"})})
    done = approved.check()
    assert (done.code, _open(done)) == (1, ["approval:legal"]), done


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """Two systems that differ by name and folder alone are promoted; SYS-001 is approved."""
    repo = Scratch(tmp_path_factory.mktemp("twins"))
    other = {"id": "SYS-002", "model_card": "two/MODEL_CARD.md", "paths": ["two/**"]}
    repo.adopt(high_system("development"), high_system("development", **other))
    repo.branch("work")
    repo.declare(high_system("pre_deployment"), high_system("pre_deployment", **other))
    repo.commit("Promote both")
    for role in APPROVERS:
        repo.approve(role, GATE)
    return repo


def test_t09_for_another_system(twins: Scratch) -> None:
    twins.branch("attempt", at="work")
    done = twins.check()
    assert (_open(done), _open(done, "SYS-002")) == ([], NOT_APPROVED)
    _reworded(twins, system="SYS-002")
    done = twins.check()
    assert (_open(done), _open(done, "SYS-002")) == (NOT_APPROVED, NOT_APPROVED)


def test_t09_at_another_tier(approved: Approved) -> None:
    """Another system makes the code critical: not a letter of this one's entry moves, and its gate is another's."""
    entry, files = completed(
        high_system(
            "development", id="SYS-009", model_card="nine/MODEL_CARD.md", paths=["screener/**"],
            risk_profile={"decision_impact": "life_safety", "human_oversight": "none", "deployment_scale": "millions"},
        )
    )  # fmt: skip
    approved.restart()
    assert approved.check().system()["effective_tier"] == "high"
    approved.declare_only(entry)
    approved.commit("A dangerous one over the same code", files={k: v for k, v in files.items() if "screener" not in k})
    done = approved.check()
    assert done.system()["effective_tier"] == "critical"
    assert (done.code, set(_open(done)) >= set(NOT_APPROVED)) == (1, True), done


def test_t09_on_another_branch(approved: Approved) -> None:
    approved.git("branch", "-f", "release", "main")
    approved.restart()
    assert approved.check("--base", "main").code == 0
    done = approved.check("--base", "release")
    assert (done.code, _open(done)) == (1, NOT_APPROVED)
    assert "for the branch main, not release" in str(done.finding("ciso")["claims"])
    _reworded(approved, target_branch="release")
    done = approved.check("--base", "release")
    assert (done.code, _open(done)) == (1, NOT_APPROVED), "the branch is in the digest too"


def test_t09_in_another_repository(approved: Approved, tmp_path: Path) -> None:
    fork = Scratch(tmp_path)
    fork.git("fetch", "-q", str(approved.path), "main:copied", "work:work")
    fork.git("checkout", "-q", "-B", "main", "copied")
    fork.branch("attempt", at="work")
    assert fork.check().code == 0, "the same by its own words is the same"
    fork.checkout("main")
    renamed = from_yaml(fork.read("policy-gate.yaml")) | {"repository": "example-org/other"}
    fork.commit("A repository of its own", by="Rae Kim", files={"policy-gate.yaml": to_yaml(renamed)})
    fork.checkout("attempt")
    done = fork.check()
    assert (done.code, _open(done)) == (1, NOT_APPROVED), done

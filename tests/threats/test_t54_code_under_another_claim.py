"""T54: code of a high system that a low one claims, is handed, or that goes away and comes back (D51)."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import days_ago, high_system, low_system, to_yaml

PROGRAM = "".join(f"def step_{number}(x):\n    return x * {number}\n" for number in range(20))
FILES = {"screener/rank.py": PROGRAM, "screener/filter.py": PROGRAM.replace("*", "+"), "summariser/app.py": "y = 1\n"}
CONFIG = {"schema": "policy-gate/config/v1", "repository": "example-org/screener", "shared": ["lib/**"]}


@pytest.fixture
def both(scratch: Scratch) -> Scratch:
    """A high and a low system with code of their own; `work` is at hand."""
    low = low_system("development", paths=["summariser/**"])
    scratch.adopt(high_system("development"), low, files=FILES)
    scratch.branch("work")
    return scratch


def _mv(repo: Scratch, old: str, new: str) -> None:
    (repo.path / new).parent.mkdir(parents=True, exist_ok=True)
    repo.git("mv", old, new)


def _assert_narrowed(repo: Scratch) -> None:
    found = repo.check()
    assert "path-narrowed" in found.changes("SYS-001"), found
    assert found.code == 1, found


def test_t54_code_is_moved_into_a_low_systems_folder(both: Scratch) -> None:
    _mv(both, "screener/rank.py", "summariser/rank.py")
    both.commit("Tidy")
    _assert_narrowed(both)


def test_t54_code_is_moved_where_nobody_claims_it(both: Scratch) -> None:
    _mv(both, "screener/rank.py", "common/rank.py")
    both.commit("Tidy")
    _assert_narrowed(both)


def test_t54_code_is_moved_and_touched_by_a_line(both: Scratch) -> None:
    _mv(both, "screener/rank.py", "common/order.py")
    both.commit("Tidy", files={"common/order.py": f"# moved\n{PROGRAM}"})
    _assert_narrowed(both)


def test_t54_a_copy_first_and_the_deletion_later(both: Scratch) -> None:
    both.commit("A copy", files={"common/rank.py": PROGRAM})
    assert both.check().code == 0, "control: a copy takes nothing away"
    both.merge()
    both.branch("later")
    both.remove("screener/rank.py")
    both.commit("The old one")
    _assert_narrowed(both)


def test_t54_two_that_vanish_are_not_covered_by_one_that_stays(scratch: Scratch) -> None:
    twins = {"screener/a/rank.py": PROGRAM, "screener/b/rank.py": PROGRAM}
    scratch.adopt(high_system("development"), files=twins)
    scratch.branch("work")
    _mv(scratch, "screener/a/rank.py", "screener/rank.py")
    _mv(scratch, "screener/b/rank.py", "common/rank.py")
    scratch.commit("Tidy")
    _assert_narrowed(scratch)


def test_t54_claim_and_code_move_but_not_all_of_it(scratch: Scratch) -> None:
    twins = {"screener/a.py": PROGRAM, "screener/b.py": PROGRAM}
    scratch.adopt(high_system("development"), files=twins)
    scratch.branch("work")
    _mv(scratch, "screener/a.py", "ranking/a.py")
    _mv(scratch, "screener/b.py", "elsewhere/b.py")
    scratch.edit(paths=["ranking/**"])
    scratch.commit("A better name")
    _assert_narrowed(scratch)


def test_t54_a_low_system_in_operation_takes_high_code(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"), low_system("production", paths=["summariser/**"]), files=FILES)
    scratch.branch("work")
    scratch.edit("SYS-003", paths=["summariser/**", "screener/**"])
    scratch.commit("A wider claim")
    found = scratch.check()
    assert found.system("SYS-003")["effective_tier"] == "high"
    assert found.code == 1, found


def test_t54_who_takes_high_code_and_raises_a_little_beside_it_owes_the_same_work(scratch: Scratch) -> None:
    """A raise makes debt of what it asks itself, and of nothing that the code of another asks."""
    low = low_system("production", paths=["summariser/**"])
    scratch.adopt(high_system("development"), low, files=FILES)
    raised = {"risk_profile": {**low["risk_profile"], "deployment_scale": "millions"}, "reclassified": days_ago(0)}
    scratch.branch("work")
    scratch.edit("SYS-003", **raised)
    scratch.commit("More people than we thought")
    assert scratch.check().code == 0, "control: the raise by itself is debt"
    asked_by_raise = _missing(scratch, "overdue", "inherited")
    scratch.edit("SYS-003", paths=["summariser/**", "screener/**"])
    scratch.commit("And a wider claim")
    both = _missing(scratch, "introduced")
    scratch.edit("SYS-003", risk_profile=low["risk_profile"], reclassified=None)
    scratch.commit("The claim alone")
    assert both >= _missing(scratch, "introduced") - asked_by_raise != set()


def _missing(scratch: Scratch, *blames: str) -> set[str]:
    """What the low system lacks, as far as it is blamed so."""
    gaps = scratch.check().findings("gap", "SYS-003")
    return {it["requirement"]["subject"] for it in gaps if it["blame"] in blames}


def test_t54_who_moves_on_is_judged_by_code_that_the_same_change_drops(scratch: Scratch) -> None:
    """What base claims together judges until somebody has agreed that it is claimed no more (D41)."""
    low = low_system("development", paths=["summariser/**", "screener/**"])
    scratch.adopt(high_system("development"), low, files=FILES)
    scratch.branch("work")
    scratch.edit("SYS-003", stage="pre_deployment")
    scratch.commit("On")
    assert scratch.check().system("SYS-003")["effective_tier"] == "high", "control: code of a high system is claimed"
    scratch.edit("SYS-003", paths=["summariser/**"])
    scratch.commit("And without it")
    found = scratch.check()
    assert "path-narrowed" in found.changes("SYS-003")
    assert found.system("SYS-003")["effective_tier"] == "high"


def test_t54_who_moves_on_is_judged_by_whom_the_same_change_takes_the_claim_from(scratch: Scratch) -> None:
    """The high system claims the low one's code in base, and no more in the change that moves that one on."""
    low = low_system("development", paths=["summariser/**"])
    scratch.adopt(high_system("development", paths=["screener/**", "summariser/**"]), low, files=FILES)
    scratch.branch("work")
    scratch.edit("SYS-003", stage="pre_deployment")
    scratch.commit("On")
    assert scratch.check().system("SYS-003")["effective_tier"] == "high", "control: both claim it"
    scratch.edit("SYS-001", paths=["screener/**"])
    scratch.commit("And the other without it")
    assert scratch.check().system("SYS-003")["effective_tier"] == "high"


@pytest.mark.parametrize("spelled", ['"/lib/**"', "'/lib/rank.py'", '"\\x2flib/**"'])
def test_t54_a_claim_through_what_is_shared(scratch: Scratch, spelled: str) -> None:
    """The high system's manifest lies beside, so that no path of the change leads to it."""
    scratch.adopt()
    scratch.write({"policy-gate.yaml": to_yaml(CONFIG), "lib/rank.py": PROGRAM})
    scratch.declare_only(high_system("development", paths=["PLACE"], model_card=None), path="a/governance.yaml")
    scratch.write({"a/governance.yaml": scratch.read("a/governance.yaml").replace("PLACE", "x")})
    text = scratch.read("a/governance.yaml").replace("- x\n", f"- {spelled}\n")
    low = low_system("development", paths=["own/**"])
    scratch.declare_only(low, path="b/governance.yaml")
    scratch.commit("Govern", by="Rae Kim", files={"a/governance.yaml": text, "b/own/app.py": "y = 1\n"})
    scratch.branch("work")
    scratch.edit("SYS-003", path="b/governance.yaml", stage="pre_deployment", paths=["own/**"])
    scratch.commit("On")
    assert scratch.check().system("SYS-003")["effective_tier"] == "low", "control: code of its own alone"
    scratch.edit("SYS-003", path="b/governance.yaml", paths=["own/**", "/lib/**"])
    scratch.commit("With the library")
    assert scratch.check().system("SYS-003")["effective_tier"] == "high"


@pytest.mark.parametrize(("place", "claim"), [("governance.yaml", "lib/**"), ("lib/governance.yaml", "rank.py")])
def test_t54_a_claim_by_its_own_path_of_what_others_claim_through_what_is_shared(
    scratch: Scratch, place: str, claim: str
) -> None:
    scratch.adopt()
    scratch.write({"policy-gate.yaml": to_yaml(CONFIG), "lib/rank.py": PROGRAM, "own/app.py": "y = 1\n"})
    scratch.declare_only(high_system("development", paths=["/lib/**"], model_card=None), path="a/governance.yaml")
    scratch.declare_only(low_system("development", paths=["own/**"]), path=place)
    scratch.commit("Govern", by="Rae Kim")
    scratch.branch("work")
    scratch.edit("SYS-003", path=place, stage="pre_deployment")
    scratch.commit("On")
    assert scratch.check().system("SYS-003")["effective_tier"] == "low", "control: code of its own alone"
    scratch.edit("SYS-003", path=place, paths=["own/**", claim])
    scratch.commit("With the library")
    assert scratch.check().system("SYS-003")["effective_tier"] == "high"


@pytest.mark.parametrize("claim", ["svc/screener/**", "svc/screener/rank.py", "svc/**"])
def test_t54_a_claim_from_the_root_of_code_below_another_manifest(scratch: Scratch, claim: str) -> None:
    """The high system's manifest stands above the folder that is claimed, and no path of the change leads to it."""
    scratch.adopt(low_system("development", paths=["own/**"]), files={"own/app.py": "y = 1\n"})
    scratch.write({"svc/screener/rank.py": PROGRAM})
    scratch.declare_only(high_system("development", paths=["screener/**"], model_card=None), path="svc/governance.yaml")
    scratch.commit("Govern", by="Rae Kim")
    scratch.branch("work")
    scratch.edit("SYS-003", paths=["own/**", claim])
    scratch.commit("A wider claim")
    assert scratch.check().system("SYS-003")["effective_tier"] == "high"
    scratch.edit("SYS-003", stage="pre_deployment")
    scratch.commit("On")
    assert scratch.check().system("SYS-003")["effective_tier"] == "high"

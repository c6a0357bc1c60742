"""D24: block over undecided over conditions over pass; a missing dimension gives a tier range, judged at its top."""

from __future__ import annotations

from scratch import Scratch
from world import low_system, medium_system, org_policy, to_yaml

RULE = {
    "id": "users-are-told",
    "title": "Users are told",
    "why": "People should know whom they talk to.",
    "when": 'system.stage != "decommissioned"',
    "enforcement": "block",
    "effective": "2026-01-01",
    "require": [{"that": "!system.user_facing", "message": "Tell the users."}],
}


def test_d24_one_missing_dimension_is_a_range_judged_at_its_top(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"))
    scratch.branch()
    scratch.declare(medium_system("pre_deployment", risk_profile={"human_oversight": None}))
    scratch.commit("Nobody said who oversees it")
    found = scratch.check()
    system = found.system("SYS-002")
    assert (system["score"], system["tier"], system["effective_tier"]) == (None, "high", "high")
    assert "approval:ciso" in found.blocking()
    assert "medium to high: human_oversight decides" in scratch.run("check").out
    assert "medium to high: human_oversight decides" in scratch.run("classify", "--system", "SYS-002").out


def test_d24_block_wins_over_undecided_and_undecided_over_conditions(scratch: Scratch) -> None:
    policy = {"policies/org.yaml": to_yaml(org_policy() | {"rules": [RULE]})}
    scratch.adopt(low_system("development", facts={"user_facing": False}), files=policy)
    scratch.branch()
    scratch.declare(medium_system("conception"))
    scratch.commit("Unknown, and not approved")
    assert scratch.check().code == 1
    assert scratch.check("--defer", "approval").code == 3
    scratch.edit("SYS-002", facts={"user_facing": False})
    scratch.commit("Known, and not approved")
    deferred = scratch.check("--defer", "approval")
    assert (deferred.code, deferred.verdict) == (0, "conditions")


def test_d24_a_malformed_file_blocks_who_made_it_and_stops_its_system_but_not_the_neighbour(
    scratch: Scratch,
) -> None:
    scratch.adopt()
    scratch.declare_only(low_system("development", paths=[]), path="a/governance.yaml")
    scratch.declare_only(medium_system("conception", paths=["**"], model_card=None), path="b/governance.yaml")
    scratch.commit("Two folders", by="Rae Kim")
    scratch.branch("break")
    broken = scratch.read("a/governance.yaml").replace("human_oversight: full", "human_oversight: ful")
    scratch.commit("A slip", files={"a/governance.yaml": broken})
    found = scratch.check()
    assert found.code == 1
    assert 'did you mean "full"?' in str(found.report["problems"])
    scratch.merge("break")
    assert scratch.check("--all").code == 1
    scratch.branch("own")
    scratch.commit("In its own folder", files={"a/app.py": "x = 1\n"})
    assert scratch.check().code == 3, "what it governed cannot be told (D45)"
    scratch.branch("neighbour")
    scratch.edit("SYS-002", path="b/governance.yaml", incident_contact="x@example.com")
    scratch.commit("In the other folder")
    assert scratch.check().code == 0
    scratch.branch("mended")
    scratch.commit("Mend it", files={"a/governance.yaml": broken.replace("ful\n", "full\n")})
    assert scratch.check().code in (0, 1)
    assert scratch.check().report["problems"] == []

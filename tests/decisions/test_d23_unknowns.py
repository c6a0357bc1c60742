"""D23: an unknown makes a verdict undecided where it is introduced or a gate needs it; inherited, it is a question."""

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


def _base(repo: Scratch, enforcement: str = "block") -> None:
    rule = RULE | {"enforcement": enforcement}
    repo.adopt(low_system("development"), files={"policies/org.yaml": to_yaml(org_policy() | {"rules": [rule]})})
    repo.branch()


def test_d23_inherited_it_is_a_question_among_the_debt(scratch: Scratch) -> None:
    _base(scratch)
    scratch.edit("SYS-003", incident_contact="x@example.com")
    scratch.commit("Something else")
    found = scratch.check()
    assert (found.code, found.verdict) == (0, "conditions")
    query = found.finding("users-are-told")
    assert (query["state"], query["missing_facts"]) == ("unknown", ["user_facing"])
    scratch.branch("readme")
    scratch.commit("Typo", files={"README.md": "# Mended\n"})
    assert scratch.check().verdict == "pass"


def test_d23_introduced_by_a_blocking_rule_it_is_undecided_until_somebody_answers(scratch: Scratch) -> None:
    _base(scratch)
    scratch.declare(medium_system("conception", regulatory_scope=None))
    scratch.commit("A new system")
    scratch.approve("ai-safety-lead", "first-classification", "SYS-002")
    found = scratch.check()
    assert (found.code, found.verdict) == (3, "undecided")
    assert "user_facing" in scratch.run("check").out
    scratch.edit("SYS-002", facts={"user_facing": False})
    scratch.commit("Answer")
    scratch.approve("ai-safety-lead", "first-classification", "SYS-002")
    assert scratch.check().verdict == "pass"


def test_d23_of_a_rule_that_remediates_it_is_conditions(scratch: Scratch) -> None:
    _base(scratch, "remediate")
    scratch.declare(medium_system("conception", regulatory_scope=None))
    scratch.commit("A new system")
    scratch.approve("ai-safety-lead", "first-classification", "SYS-002")
    assert scratch.check().verdict == "conditions"

"""D30: options that weaken keep their exit codes and say that the answer does not enforce."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import days_ago, high_system, low_system


@pytest.fixture
def blocked(scratch: Scratch) -> Scratch:
    """A change that wants an approval, beside a system it leaves alone."""
    scratch.adopt(high_system("development"), low_system("development"))
    scratch.branch()
    scratch.edit("SYS-001", risk_profile={"human_oversight": "full"})
    scratch.commit("Lower it")
    (scratch.path.parent / "results").mkdir()
    return scratch


def test_d30_each_of_them_is_said_and_an_ordinary_check_enforces(blocked: Scratch) -> None:
    plain = blocked.check()
    assert (plain.code, plain.report["trust"]["enforcing"]) == (1, True)
    for options, code, said in (
        (("--as-of", days_ago(1)), 1, "--as-of"),
        (("--system", "SYS-003"), 0, "--system"),
        (("--defer", "approval"), 0, "--defer"),
        (("--evidence", "../results"), 1, "--evidence"),
        (("--advisory",), 0, "--advisory"),
    ):
        found = blocked.check(*options)
        trust = found.report["trust"]
        assert (found.code, trust["enforcing"]) == (code, False), options
        assert any(note.startswith(said) for note in trust["notes"]), options
    assert blocked.check("--advisory").verdict == "block", "the verdict itself stays"
    assert blocked.check("--evidence", "../results", CI="true").report["trust"]["enforcing"] is True


def test_d30_another_systems_gate_is_no_empty_gate_of_the_one_asked_for(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"), low_system("development"))
    scratch.branch()
    scratch.edit("SYS-001", stage="pre_deployment")
    scratch.commit("Promote one")
    other, own = scratch.check("--system", "SYS-003"), scratch.check("--system", "SYS-001")
    assert (other.code, own.code) == (0, 1)
    assert not [note for note in other.report["trust"]["notes"] if "asks nothing" in note]


def test_d30_a_base_that_is_not_the_events_target_is_said(blocked: Scratch) -> None:
    blocked.git("branch", "weak", "work")
    found = blocked.check("--base", "weak", CI="true", GITHUB_ACTIONS="true", GITHUB_BASE_REF="main")
    assert found.report["trust"]["enforcing"] is False
    blocked.git("update-ref", "refs/remotes/origin/main", "main")
    named = blocked.check("--base", "main", CI="true", GITHUB_ACTIONS="true", GITHUB_BASE_REF="main")
    assert named.report["trust"]["enforcing"] is True


def test_d30_an_answer_that_could_not_be_given_says_so_too(blocked: Scratch) -> None:
    plain = blocked.check("--base", "nosuch")
    assert (plain.code, plain.report["trust"]["enforcing"]) == (3, True)
    advised = blocked.check("--base", "nosuch", "--advisory")
    assert (advised.code, advised.verdict, advised.report["trust"]["enforcing"]) == (0, "undecided", False)
    assert advised.report["trust"]["notes"][0].startswith("--advisory")

"""T27: approve, revert and bring it back within the branch: the end state is what is judged, and what a yes is for."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system

WHOLE, NARROW, OTHER = "screener/**", "screener/rank/**", "screener/sort/**"


@pytest.fixture
def repo(scratch: Scratch) -> Scratch:
    """The paths are narrowed on a branch, and that is approved for what it is then."""
    scratch.adopt(high_system("development"))
    scratch.branch()
    _paths(scratch, NARROW)
    scratch.approve("ai-safety-lead", "weakening")
    assert scratch.check().code == 0
    return scratch


def _paths(repo: Scratch, pattern: str) -> None:
    repo.edit(paths=[pattern])
    repo.commit(f"Paths: {pattern}")


def test_t27_a_clean_net_difference_asks_for_nothing(repo: Scratch) -> None:
    _paths(repo, WHOLE)
    found = repo.check()
    assert (found.code, found.changes()) == (0, [])


def test_t27_what_comes_back_otherwise_was_never_approved(repo: Scratch) -> None:
    _paths(repo, WHOLE)
    _paths(repo, OTHER)
    found = repo.check()
    assert found.blocking() == ["approval:ai-safety-lead"]
    assert found.finding("ai-safety-lead")["state"] == "gap"


def test_t27_what_comes_back_as_it_was_is_what_was_approved(repo: Scratch) -> None:
    _paths(repo, WHOLE)
    _paths(repo, NARROW)
    assert repo.check().code == 0


def test_t27_a_yes_to_the_first_half_is_none_to_what_follows(repo: Scratch) -> None:
    profile = repo.entry()["risk_profile"] | {"data_sensitivity": "non_sensitive"}
    repo.edit(risk_profile=profile)
    repo.commit("And one dimension less")
    assert "approval:ai-safety-lead" in repo.check().blocking()

"""H10: a paper that moved without its entry, or an entry without its paper: the report says how the two meet again."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system


@pytest.fixture
def governed(scratch: Scratch) -> Scratch:
    scratch.adopt(high_system("pre_deployment"))
    scratch.branch()
    return scratch


def _path(repo: Scratch, path: str) -> None:
    papers = [{**it, "path": path} if it["id"] == "red-team-report" else it for it in repo.entry()["artifacts"]]
    repo.edit(artifacts=papers)


def _own_path(repo: Scratch) -> str:
    return next(it["path"] for it in repo.entry()["artifacts"] if it["id"] == "red-team-report")


def test_h10_a_paper_that_moved_without_its_entry(governed: Scratch) -> None:
    own = _own_path(governed)
    (governed.path / "docs").mkdir()
    governed.git("mv", own, "docs/red-team.md")
    governed.commit("Move the paper")
    fix = governed.check().finding("red-team-report")["fix"]
    assert fix.startswith(f"bring back {own}")
    assert "write its new path into the entry" in fix
    _path(governed, "docs/red-team.md")
    governed.commit("Name it where it lies")
    assert governed.check().blocking() == []


def test_h10_an_entry_that_moved_without_its_paper(governed: Scratch) -> None:
    own = _own_path(governed)
    _path(governed, "docs/red-team.md")
    governed.commit("Move the entry")
    assert governed.check().finding("red-team-report")["fix"].startswith(f"move {own} to docs/red-team.md, or ")
    (governed.path / "docs").mkdir()
    governed.git("mv", own, "docs/red-team.md")
    governed.commit("Move the paper along")
    assert governed.check().blocking() == []


def test_h10_a_card_that_moved_without_its_entry(governed: Scratch) -> None:
    card = governed.entry()["model_card"]
    governed.git("mv", card, "CARD.md")
    governed.commit("Move the card")
    fix = governed.check().finding("model-card")["fix"]
    assert fix.startswith(f"bring back {card}")
    governed.edit(model_card="CARD.md")
    governed.commit("Name it where it lies")
    assert governed.check().blocking() == []


def test_h10_control_a_paper_that_is_gone_with_its_entry_is_brought_back(governed: Scratch) -> None:
    own = _own_path(governed)
    governed.remove(own)
    governed.edit(artifacts=[it for it in governed.entry()["artifacts"] if it["id"] != "red-team-report"])
    governed.commit("Drop it")
    found = governed.check()
    assert found.verdict == "block"
    assert found.finding("red-team-report")["fix"] == f"bring back {own} and its entry, as base has them"

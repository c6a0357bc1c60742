"""H10: a paper that moved without its entry, or an entry without its paper: the report says how the two meet again."""

from __future__ import annotations

import pytest
from evidence import document
from scratch import Scratch
from world import days_ago, high_system, to_yaml

_PAPER = {"id": "red-team-report", "path": "docs/red-team.md", "status": "final", "completed": days_ago(3)}
_IN_A_FOLDER = high_system("production", enrolled=days_ago(30), paths=["src/**"], artifacts=[_PAPER])


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
    assert fix.endswith("or write its new path into the entry: docs/red-team.md")
    _path(governed, "docs/red-team.md")
    governed.commit("Name it where it lies")
    assert governed.check().blocking() == []


def test_h10_where_a_paper_went_that_is_another_text_now_is_not_guessed(governed: Scratch) -> None:
    own = _own_path(governed)
    (governed.path / "docs").mkdir()
    governed.git("mv", own, "docs/red-team.md")
    governed.write({"docs/red-team.md": governed.read("docs/red-team.md") + "\nA line more.\n"})
    governed.commit("Move the paper, and write on")
    fix = governed.check().finding("red-team-report")["fix"]
    assert fix == f"bring back {own}, as base has it; or where it was moved, write its new path into the entry"


def test_h10_a_new_path_is_told_from_the_folder_of_the_manifest(scratch: Scratch) -> None:
    scratch.adopt()
    scratch.write({"app/governance.yaml": to_yaml({"schema": "policy-gate/manifest/v1", "systems": [_IN_A_FOLDER]})})
    scratch.write({"app/docs/red-team.md": document("red-team-report")})
    scratch.commit("Declare it", by="Rae Kim")
    scratch.branch()
    scratch.git("mv", "app/docs/red-team.md", "app/red-team.md")
    scratch.commit("Move it within the folder")
    assert scratch.check().finding("red-team-report")["fix"].endswith("into the entry: red-team.md")
    scratch.git("mv", "app/red-team.md", "red-team.md")
    scratch.commit("Move it out of the folder")
    assert (
        scratch.check()
        .finding("red-team-report")["fix"]
        .endswith("or where it was moved, write its new path into the entry")
    )


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
    assert "or write its new path into the entry: CARD.md; what changed in the card falls away with it" in fix
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

"""D49: a sentence that tells why the tier rose is work in the document that says so, and in no other."""

from __future__ import annotations

import pytest
from evidence import document
from scratch import Scratch
from world import days_ago, low_system

GRAVE = {"decision_impact": "financial", "human_oversight": "partial", "user_vulnerability": "general_public"}
CLASSIFIED = "risk-tier-classification"
SENTENCE = "A new flag acts without a keypress since this week, so nobody decides any more."
OTHER = "It also writes the answer into the file of the customer, who is asked about nothing."


@pytest.fixture
def repo(scratch: Scratch) -> Scratch:
    """A low system in production with two documents of long ago, on a branch that may raise it."""
    names = (CLASSIFIED, "system-description")
    papers = {f"summariser/{name}.md": document(name, "SYS-003", words=90) for name in names}
    scratch.adopt(low_system("production", stage_since=days_ago(90)))
    entries = [_entry(name, days_ago(60)) for name in names]
    kept = [item for item in scratch.entry("SYS-003").get("artifacts", []) if item["id"] not in names]
    scratch.edit("SYS-003", artifacts=[*kept, *entries])
    scratch.commit("Documents", files=papers)
    scratch.branch("work")
    return scratch


def _entry(name: str, day: str) -> dict[str, str]:
    return {"id": name, "path": f"summariser/{name}.md", "status": "final", "completed": day}


def _raise(repo: Scratch, day: str = days_ago(0)) -> None:
    repo.edit("SYS-003", risk_profile=GRAVE | {"deployment_scale": "thousands"}, reclassified=day)
    repo.commit("It answers customers now")


def _tell(repo: Scratch, more: str, name: str = CLASSIFIED) -> None:
    kept = [item for item in repo.entry("SYS-003")["artifacts"] if item["id"] != name]
    repo.edit("SYS-003", artifacts=[*kept, _entry(name, days_ago(0))])
    path = f"summariser/{name}.md"
    repo.commit("Tell why", files={path: repo.read(path) + more + "\n"})


@pytest.mark.parametrize("more", [SENTENCE, f"- {OTHER}", f"## Why it rose\n\n{SENTENCE} {OTHER}"])
def test_d49_a_sentence_on_the_raise_asks_nobody_in_the_same_change(repo: Scratch, more: str) -> None:
    _raise(repo)
    assert repo.check().code == 0, repo.check()
    _tell(repo, more)
    found = repo.check()
    assert found.code == 0, found
    assert "evidence-renewed" not in found.changes("SYS-003")


def test_d49_nor_in_the_next_change(repo: Scratch) -> None:
    _raise(repo, days_ago(2))
    repo.merge("work")
    repo.branch("next")
    _tell(repo, SENTENCE)
    assert repo.check().code == 0, repo.check()


@pytest.mark.parametrize(
    ("raised", "more", "name"),
    [(False, SENTENCE, CLASSIFIED), (True, "It rose.", CLASSIFIED), (True, SENTENCE, "system-description")],
    ids=["nothing rose", "two words", "another document"],
)
def test_d49_control_hardly_a_word_is_still_somebodys_word(repo: Scratch, raised: bool, more: str, name: str) -> None:
    if raised:
        _raise(repo)
    _tell(repo, more, name)
    assert "evidence-renewed" in repo.check().changes("SYS-003")
    assert repo.check().code == 1

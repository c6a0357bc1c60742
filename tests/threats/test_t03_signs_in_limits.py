"""T03: a limit or purpose that one sign turns around, moves or widens, with every word left as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from evidence import card
from scratch import Result, Scratch
from world import high_system


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("t03"))
    repo.adopt(high_system("development"))
    return repo


def _reworded(repo: Scratch, before: str, after: str) -> Result:
    """A limit that `main` holds, and a change that writes it otherwise."""
    repo.checkout("main")
    repo.commit("A limit", by="Rae Kim", files={"MODEL_CARD.md": card(prohibited_uses=f"- {before}")})
    repo.branch("reword")
    repo.commit("Tidy up", files={"MODEL_CARD.md": card(prohibited_uses=f"- {after}")})
    return repo.check()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Running below -5 degrees", "Running below 5 degrees"),
        ("Running below −5 degrees", "Running below 5 degrees"),
        ("Running below –5 degrees", "Running below 5 degrees"),
        ("Running at a gain of +.5", "Running at a gain of .5"),
        ("Deciding where risk ⩾ 3", "Deciding where risk ⩽ 3"),
        ("Deciding where risk ≫ 3", "Deciding where risk ≪ 3"),
        ("Deciding where region ∉ Union", "Deciding where region ∈ Union"),
        ("Deciding where region != Union", "Deciding where region = Union"),
        ("Deciding on ¬ consenting people", "Deciding on consenting people"),
        ("Deciding on people of 18+", "Deciding on people of 18"),
        ("Rewriting C++", "Rewriting C"),
        ("Rewriting C#", "Rewriting C"),
        ("Ranking more than 10² people", "Ranking more than 102 people"),
        ("Ranking more than 10^3 people", "Ranking more than 10^-3 people"),
        ("Paying more than ¥500", "Paying more than ₹500"),
        ("Leaving out more than 5 ‰", "Leaving out more than 5 ‱"),
    ],
)
def test_t03_one_sign_makes_another_limit(repo: Scratch, before: str, after: str) -> None:
    done = _reworded(repo, before, after)
    assert (done.code, "limit-dropped" in done.changes()) == (1, True), done
    assert done.finding("use-case-change")["state"] == "gap"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Running below −5 degrees", "Running below -5 degrees"),
        ("Running between 5 – 8 degrees", "Running between 5 - 8 degrees"),
        ("Ranking more than 10² people", "Ranking more than 10^2 people"),
        ("Deciding, alone, on dismissal", "Deciding – alone – on dismissal."),
        ("Deciding (alone) on dismissal!", "Deciding alone on dismissal"),
        ("Deciding on pay and/or rank", "Deciding on pay **and/or** rank"),
        ("Ranking: teams → people", "Ranking: teams, people"),
        ("Ranking of area in m²", "Ranking of area in m2"),
    ],
)
def test_t03_control_punctuation_is_no_other_limit(repo: Scratch, before: str, after: str) -> None:
    done = _reworded(repo, before, after)
    assert (done.code, done.changes()) == (0, []), done


def test_t03_one_sign_makes_another_purpose(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(high_system("development", description="Ranks applicants of 18+ for a score > -2"))
    repo.branch()
    for said in ("Ranks applicants of 18 for a score > -2", "Ranks applicants of 18+ for a score > 2"):
        repo.edit(description=said)
        repo.commit("Tidy up")
        assert "use-case-changed" in repo.check().changes(), said

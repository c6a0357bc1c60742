"""H08: a repository adopts the gate: conditions, with the box (D26)."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import base_files, days_ago, high_system


@pytest.fixture
def adopting(scratch: Scratch) -> Scratch:
    """Code that has long been there; the branch brings manifest, roles and policies."""
    scratch.commit("Years of work", files={"screener/app.py": "x = 1\n"})
    scratch.branch()
    scratch.write(base_files())
    return scratch


def test_h08_adoption_is_conditions_with_the_box_and_dated_debt(adopting: Scratch) -> None:
    adopting.declare_only(high_system("production", enrolled=days_ago(0), model_card=None))
    adopting.commit("Adopt")
    found = adopting.check()
    assert (found.code, found.verdict, found.report["trust"]["mode"]) == (0, "conditions", "adoption")
    assert {item["due"] > days_ago(0) for item in found.findings("gap") if item["enforcement"] == "block"} == {True}
    said = adopting.run("check").out
    assert "CONDITIONS  first adoption: SYS-001" in said
    assert "This repository had no rules until now. Merging this makes" in said
    assert "Rae Kim      ai-safety-lead" in said

    adopting.merge()
    adopting.branch("next")
    adopting.commit("Work goes on", files={"screener/app.py": "x = 2\n"})
    assert adopting.check().verdict == "pass"


def test_h08_control_neither_a_malformed_document_nor_a_forbidden_practice_is_adopted(adopting: Scratch) -> None:
    adopting.declare_only(
        high_system(
            "production",
            enrolled=days_ago(0),
            model_card=None,
            facts={"eu_market": True, "annex_iii_points": [], "art5_practices": ["a"]},
        )
    )
    adopting.commit("Adopt")
    assert adopting.check().code == 1
    adopting.declare_only(high_system("productoin", enrolled=days_ago(0), model_card=None))
    adopting.commit("Adopt with a typo")
    assert adopting.check().code == 1
    adopting.declare_only(high_system("production", enrolled=days_ago(0), model_card=None))
    adopting.commit("Adopt")
    assert adopting.check("--require-governed-base").code == 3


def test_h08_what_init_alone_writes_is_adopted_and_the_next_change_passes(scratch: Scratch) -> None:
    scratch.commit("Years of work", files={"screener/app.py": "import openai\n", "README.md": "# Screener\n"})
    assert scratch.check("--all").verdict == "conditions"
    scratch.branch("govern")
    assert scratch.run("init", "--yes").code == 0
    scratch.commit("Adopt")
    assert (scratch.check().code, scratch.check().verdict) == (0, "conditions")
    scratch.merge("govern")
    scratch.branch("next")
    scratch.commit("Work goes on", files={"screener/app.py": "import openai\nx = 2\n"})
    assert scratch.check().verdict == "pass"


def test_h08_that_a_repository_holds_no_ai_is_adopted_in_these_words(adopting: Scratch) -> None:
    adopting.declare_only(reason="It only moves rows")
    adopting.commit("Adopt")
    assert adopting.check().code == 0
    said = " ".join(adopting.run("check").out.split())
    assert "CONDITIONS first adoption: this repository declares that it holds no AI system: It only moves rows" in said

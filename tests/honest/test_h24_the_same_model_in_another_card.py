"""H24: the card's title edited, the card turned into another format: no changed model."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS
from scratch import Scratch
from world import days_ago, high_system

from policy_gate.cards.formats import FORMATS
from policy_gate.schema.snapshot import Evidence

TITLE = "# Hiring Resume Screener"


@pytest.fixture
def repo(scratch: Scratch) -> Scratch:
    app = 'import openai\nMODEL = "gpt-4o"\n'
    scratch.adopt(high_system("production", stage_since=days_ago(20)), files={"screener/app.py": app})
    scratch.branch("card")
    return scratch


@pytest.mark.parametrize("title", ["# Resume screener", "# Model card: Hiring Resume Screener", "# THE SCREENER 2"])
def test_h24_another_title_is_no_other_model(repo: Scratch, title: str) -> None:
    text = repo.read("MODEL_CARD.md")
    assert TITLE in text
    repo.commit("Another title", files={"MODEL_CARD.md": text.replace(TITLE, title)})
    found = repo.check()
    assert (found.code, "model-changed" in found.changes()) == (0, False), found


@pytest.mark.parametrize("format_", ["yaml", "json"])
def test_h24_another_format_is_no_other_model(repo: Scratch, format_: str) -> None:
    text = repo.read("MODEL_CARD.md")
    read = FORMATS["markdown"].read(Evidence("MODEL_CARD.md", "file", "", text), CARD_WORDS)
    repo.edit(model_card=f"MODEL_CARD.{format_}")
    repo.remove("MODEL_CARD.md")
    repo.commit("Another format", files={f"MODEL_CARD.{format_}": FORMATS[format_].write(read).text})
    assert "model-changed" not in repo.check().changes()


def test_h24_a_name_that_is_stated_is_no_title(repo: Scratch) -> None:
    text = repo.read("MODEL_CARD.md")
    repo.commit("State it", files={"MODEL_CARD.md": f"{text}\n## Model name\n\nranker-small\n"})
    repo.git("branch", "-f", "stated", "HEAD")
    repo.commit("Another", files={"MODEL_CARD.md": f"{text}\n## Model name\n\nranker-large\n"})
    assert "model-changed" in repo.check("--base", "stated").changes()

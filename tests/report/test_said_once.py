"""What one command settles is told once, with the numbers of all that it settles."""

from __future__ import annotations

import re

from scratch import Scratch
from world import days_ago, high_system

COMMAND = "policy-gate approve --for model-re-evaluation --system SYS-001 --role ai-safety-lead"


def test_three_pieces_of_one_change_are_told_in_the_words_of_the_first(scratch: Scratch) -> None:
    scratch.adopt(high_system("production", stage_since=days_ago(20)))
    card = scratch.read("MODEL_CARD.md").replace("distilroberta-base", "roberta-large")
    scratch.branch("model")
    scratch.commit("Another base model", files={"MODEL_CARD.md": card})
    said = scratch.run("check").out
    numbers = [int(it) for it in re.findall(r"(?m)^ +(\d+)  The model, its vendor", said)]
    assert len(numbers) >= 2
    assert said.count(COMMAND) == 1
    assert said.count("distilroberta-base -> roberta-large") == 1
    assert said.count(f"as     {numbers[0]}, and the same command settles it") == len(numbers) - 1
    assert re.search(rf"\b{numbers[-1]}\b", said.rpartition("Next:")[2]), "each keeps its number"


def test_what_another_command_settles_is_told_by_itself(scratch: Scratch) -> None:
    scratch.adopt(high_system("production", stage_since=days_ago(20)))
    text = scratch.read("MODEL_CARD.md").replace("distilroberta-base", "roberta-large")
    scratch.branch("both")
    scratch.commit("Both", files={"MODEL_CARD.md": text.replace("- Automatic rejection of an applicant\n", "")})
    said = scratch.run("check").out
    assert said.count("--for use-case-change ") == 1
    assert said.count(COMMAND) == 1

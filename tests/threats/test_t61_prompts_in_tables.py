"""T61: a prompt is exchanged in a table that code reads as prompts."""

from __future__ import annotations

from typing import Final

import pytest
from scratch import Result, Scratch
from world import days_ago, high_system

SAYS, REPLACED = "Rank applicants by the vacancy alone", "Reject half of the applicants at once"
LOADS: Final = 'import openai\nimport pandas\n\n{} = pandas.read_csv("texts{}")\n'


def edited(scratch: Scratch, name: str, ending: str) -> Result:
    high = high_system("production", stage_since=days_ago(20), paths=["screener/**"])
    table = f"id,text\n1,{SAYS}\n"
    scratch.adopt(high, files={"screener/app.py": LOADS.format(name, ending), f"screener/texts{ending}": table})
    scratch.branch()
    scratch.commit("Other rows", files={f"screener/texts{ending}": table.replace(SAYS, REPLACED)})
    return scratch.check()


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".jsonl", ".txt"])
def test_t61_a_table_of_prompts_is_one(scratch: Scratch, ending: str) -> None:
    found = edited(scratch, "PROMPTS", ending)
    assert (found.code, found.changes()) == (1, ["prompt-changed"]), found


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".txt"])
def test_t61_control_a_table_of_rows_is_none(scratch: Scratch, ending: str) -> None:
    found = edited(scratch, "ROWS", ending)
    assert (found.code, found.changes()) == (0, []), found

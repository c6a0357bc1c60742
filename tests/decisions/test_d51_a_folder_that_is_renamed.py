"""D51: a folder is renamed and its `paths` are forgotten: one line tells what settles all that follows."""

from __future__ import annotations

from scratch import Scratch
from world import days_ago, high_system

APP = 'import openai\n\nMODEL = "gpt-4o-2024-11-20"\nask(model=MODEL, messages=[])\n'
PROMPT = 'RANK = "You are a clerk who ranks applicants by what the vacancy asks for."\n'


def renamed(scratch: Scratch) -> None:
    system = high_system("production", stage_since=days_ago(20))
    scratch.adopt(system, files={"screener/app.py": APP, "screener/prompts.py": PROMPT, "docs/a.md": "a\n"})
    scratch.branch()
    scratch.git("mv", "screener", "ranker")
    scratch.commit("Call it a ranker")


def test_d51_where_the_code_went_is_told_with_what_settles_it(scratch: Scratch) -> None:
    renamed(scratch)
    found = scratch.check()
    (note,) = (it for it in found.report["trust"]["notes"] if "ranker/" in it)
    assert (found.code, "SYS-001" in note, "`paths`" in note) == (1, True, True)
    scratch.edit(paths=["ranker/**"])
    scratch.commit("And in its entry")
    found = scratch.check()
    assert (found.code, found.changes()) == (0, []), found


def test_d51_code_that_stays_where_it_was_went_nowhere(scratch: Scratch) -> None:
    system = high_system("production", stage_since=days_ago(20))
    scratch.adopt(system, files={"screener/app.py": APP})
    scratch.branch()
    scratch.edit(paths=["other/**"])
    scratch.commit("Claim less", files={"other/a.py": "x = 1\n"})
    found = scratch.check()
    assert (found.code, [it for it in found.report["trust"]["notes"] if "its code went" in it]) == (1, []), found

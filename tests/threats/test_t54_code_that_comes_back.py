"""T54, D51: code that one change takes out of the claims, and a later one brings where nobody claims it, has left."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pytest
from scratch import Scratch
from world import high_system, low_system

FUNCTIONS = [f"def step_{n}(x):\n    y_{n} = x * {n}\n    return y_{n} + {n}\n" for n in range(24)]
PROGRAM = "".join(FUNCTIONS)
RENAMED = PROGRAM.replace("step_", "stage_").replace("y_", "value_")
WEIGHTS = "\0weights" * 40
STUB = "def rank(x):\n    return sorted(x)\n"
OTHERS = {"screener/app.py": "x = 1\n", "tools/util.py": "z = 1\n", "summariser/app.py": "y = 1\n"}

Step = Mapping[str, str | None]
GONE: Step = {"screener/rank.py": None}
HALVES: Step = {"tools/a.py": "".join(FUNCTIONS[:12]), "tools/b.py": "".join(FUNCTIONS[12:])}


def _third(at: int) -> Step:
    return {f"tools/part_{at}.py": "".join(FUNCTIONS[at * 8 : at * 8 + 8])}


def _notebook(text: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": text.splitlines(keepends=True)}]}, indent=1)


LATER: dict[str, Sequence[Step]] = {
    "as it was": [GONE, {"tools/rank.py": PROGRAM}],
    "in two files": [GONE, HALVES],
    "with other names": [GONE, {"tools/rank.py": RENAMED}],
    "in three merges": [GONE, _third(0), _third(1), _third(2)],
    "in a file that was there": [GONE, {"tools/util.py": "z = 1\n" + PROGRAM}],
    "while a stub stays": [{"screener/rank.py": STUB}, {"tools/rank.py": PROGRAM}],
    "padded": [GONE, {"tools/rank.py": "".join(f"PAD_{n} = {n}\n" for n in range(500)) + PROGRAM}],
    "in another layout": [GONE, {"tools/rank.py": PROGRAM.replace("    ", "\t").replace("def ", "def  ")}],
    "taken out in halves": [{"screener/rank.py": "".join(FUNCTIONS[12:])}, GONE, {"tools/rank.py": PROGRAM}],
    "in a notebook": [GONE, {"tools/rank.ipynb": _notebook(PROGRAM)}],
    "as a text that is run": [GONE, {"tools/util.py": f"exec({PROGRAM!r})\n"}],
    "after a stay as a text": [GONE | {"screener/rank.md": PROGRAM}, {"screener/rank.md": None}, {"a/b.py": PROGRAM}],
    "as weights": [{"screener/model.bin": None}, {"tools/model.bin": WEIGHTS}],
    "after other work": [GONE, *({"tools/util.py": f"z = {n}\n"} for n in range(2, 5)), {"tools/rank.py": PROGRAM}],
}


def _adopt(repo: Scratch) -> None:
    files = {"screener/rank.py": PROGRAM, "screener/model.bin": WEIGHTS}
    repo.adopt(high_system("development"), low_system("development"), files=files | OTHERS)


def _propose(repo: Scratch, step: Step) -> tuple[int, bool]:
    repo.branch()
    repo.remove(*(path for path, text in step.items() if text is None))
    repo.commit("Tidy", files={path: text for path, text in step.items() if text is not None})
    found = repo.check()
    return found.code, "path-narrowed" in found.out


@pytest.mark.parametrize("steps", LATER.values(), ids=LATER)
def test_t54_code_that_was_deleted_comes_back_outside_the_claims(scratch: Scratch, steps: Sequence[Step]) -> None:
    _adopt(scratch)
    told = []
    for step in steps:
        told.append(_propose(scratch, step))
        if told[-1][0]:
            break
        scratch.merge("work")
    assert told[0] == (0, False), "control: to delete it asks nobody"
    assert told[-1] == (1, True), told


def _merged(repo: Scratch, *steps: Step) -> list[tuple[int, bool]]:
    """What the check says of each step, all of them merged."""
    told = []
    for step in steps:
        told.append(_propose(repo, step))
        repo.merge("work")
    return told


REWRITTEN = "".join(f"class Part{n}:\n    def run(self, a):\n        self.a = a + {n}\n" for n in range(30))
HONEST: dict[str, Sequence[Step]] = {
    "a deletion is taken back": [GONE, {"screener/rank.py": PROGRAM}],
    "it comes back at another claimed place": [GONE, {"screener/core.py": PROGRAM}],
    "a copy of what came back": [GONE, {"screener/rank.py": PROGRAM}, {"tools/rank.py": PROGRAM}],
    "a copy of what moved within": [GONE | {"screener/core.py": PROGRAM}, {"tools/rank.py": PROGRAM}],
    "unrelated code": [GONE, {"tools/other.py": REWRITTEN}],
    "a few of its lines": [GONE, {"tools/helper.py": "".join(FUNCTIONS[:2]) + REWRITTEN}],
    "a text about it": [GONE, {"docs/rank.md": f"# Was\n\n{PROGRAM}"}],
    "another version of weights": [{"screener/model.bin": None}, {"tools/model.bin": "\0other" * 40}],
}


@pytest.mark.parametrize("steps", HONEST.values(), ids=HONEST)
def test_t54_control_other_work_after_a_deletion_asks_nobody(scratch: Scratch, steps: Sequence[Step]) -> None:
    _adopt(scratch)
    assert _merged(scratch, *steps) == [(0, False)] * len(steps)


def test_t54_control_what_nobody_claimed_may_go_and_come(scratch: Scratch) -> None:
    _adopt(scratch)
    steps: list[Step] = [{"tools/old.py": PROGRAM}, {"screener/rank.py": None}]
    assert [code for code, _ in _merged(scratch, steps[0])] == [0]
    assert _propose(scratch, GONE)[0] == 1, "control: this order is told as well"
    assert _merged(scratch, {"tools/old.py": None}, {"lib/old.py": PROGRAM}) == [(0, False)] * 2


def test_t54_control_code_that_left_with_a_yes_is_free(scratch: Scratch) -> None:
    _adopt(scratch)
    assert _merged(scratch, {**GONE, "tools/rank.py": PROGRAM}) == [(1, True)]
    more: list[Step] = [
        {"tools/rank.py": None, "lib/rank.py": PROGRAM},
        {"lib/rank.py": None} | HALVES,
        {"lib/copy.py": PROGRAM},
    ]
    assert _merged(scratch, *more) == [(0, False)] * 3
    assert _merged(scratch, {"screener/model.bin": None, "tools/one.bin": WEIGHTS}) == [(1, True)]
    assert _merged(scratch, {"tools/two.bin": WEIGHTS}) == [(0, False)]


def test_t54_control_another_system_of_its_tier_took_it_over(scratch: Scratch) -> None:
    ranker = high_system("development", id="SYS-009", name="Ranker", paths=["ranker/**"])
    files = {"screener/rank.py": PROGRAM, "ranker/app.py": "r = 1\n"}
    scratch.adopt(high_system("development"), ranker, files=files | OTHERS)
    assert _merged(scratch, GONE, {"ranker/rank.py": PROGRAM}, {"tools/rank.py": PROGRAM}) == [(0, False)] * 3


@pytest.mark.parametrize("ends", ["decommissioned", "removed"])
def test_t54_control_a_system_that_ended_is_watched_no_more(scratch: Scratch, ends: str) -> None:
    _adopt(scratch)
    scratch.branch()
    scratch.remove("screener/rank.py")
    if ends == "removed":
        scratch.rewrite(lambda it: it | {"systems": [one for one in it["systems"] if one["id"] != "SYS-001"]})
    else:
        scratch.edit(stage="decommissioned")
    scratch.commit("The screener ends")
    scratch.merge("work")
    assert _propose(scratch, {"tools/rank.py": PROGRAM}) == (0, False)


def test_t54_it_comes_back_in_the_very_change_that_ends_the_system(scratch: Scratch) -> None:
    _adopt(scratch)
    assert _merged(scratch, GONE) == [(0, False)]
    scratch.branch()
    scratch.edit(stage="decommissioned")
    scratch.commit("The screener ends")
    assert "path-narrowed" not in scratch.check().changes(), "control"
    scratch.commit("And goes on elsewhere", files={"tools/rank.py": PROGRAM})
    assert "path-narrowed" in scratch.check().changes()


def test_t54_the_manifest_of_the_code_lies_in_its_own_folder(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"), files=OTHERS)
    scratch.declare(high_system("development", paths=["**"]), path="screener/governance.yaml")
    scratch.commit("Declare the screener", files={"screener/rank.py": PROGRAM})
    assert _merged(scratch, GONE) == [(0, False)]
    assert _propose(scratch, {"tools/rank.py": PROGRAM}) == (1, True)
    assert _propose(scratch, {"tools/other.py": REWRITTEN}) == (0, False), "control"


def test_t54_a_yes_to_what_comes_back_counts_for_it(scratch: Scratch) -> None:
    _adopt(scratch)
    assert _merged(scratch, GONE) == [(0, False)]
    assert _propose(scratch, {"tools/rank.py": PROGRAM}) == (1, True)
    asked = [item for item in scratch.check().findings("gap") if item["requirement"]["kind"] == "approval"]
    assert [change["files"] for change in scratch.check().system()["changes"]] == [["tools/rank.py"]]
    for item in asked:
        scratch.approve(item["requirement"]["subject"], item["for"])
    assert scratch.check().code == 0, scratch.check()
    scratch.commit("One more line", files={"tools/rank.py": PROGRAM + "z = 1 + 2\n"})
    assert scratch.check().code == 1, "another content, and nobody said yes to it"

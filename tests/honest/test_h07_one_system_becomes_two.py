"""H07: a part of a system becomes one of its own: the report tells the way that does not pass its gates again (D27)."""

from __future__ import annotations

from typing import Any

import pytest
from scratch import Scratch
from world import days_ago, medium_system

RANKER = "".join(f"def rank_{n}(text):\n    weight = len(text) * {n}\n    return weight + {n}\n\n\n" for n in range(9))
FILES = {"chatbot/app.py": "import rank\n", "chatbot/rank/rank.py": RANKER}
TOLD = "all of its code is SYS-002's in base, which went through these gates"
FIRST = "moved in a change of its own first, under paths of SYS-002"
ENROLLED = f"declared with `enrolled: {days_ago(0)}` it asks for one approval"


def _part(**fields: Any) -> dict[str, Any]:
    made = {"id": "SYS-010", "name": "Ranker", "paths": ["chatbot/rank/**"], "model_card": None}
    return medium_system("production", **{**made, **fields})


@pytest.fixture
def whole(scratch: Scratch) -> Scratch:
    scratch.adopt(medium_system("production", stage_since=days_ago(100)), files=FILES)
    scratch.branch("work")
    return scratch


def _said(repo: Scratch) -> str:
    return " ".join(repo.check().report["trust"]["notes"])


def test_h07_where_the_code_stays_one_line_is_the_way(whole: Scratch) -> None:
    whole.declare_only(_part())
    whole.commit("Two systems")
    said = _said(whole)
    assert TOLD in said
    assert ENROLLED in said
    assert FIRST not in said
    assert len(whole.check().blocking()) > 10

    whole.edit("SYS-010", enrolled=days_ago(0))
    whole.commit("It ran before")
    assert whole.check().blocking() == ["approval:ai-safety-lead"]
    assert TOLD not in _said(whole)
    whole.approve("ai-safety-lead", "enrolment", "SYS-010")
    assert whole.check().code == 0


def test_h07_code_that_moves_is_moved_first(whole: Scratch) -> None:
    whole.git("mv", "chatbot/rank", "ranker")
    whole.declare_only(_part(paths=["ranker/**"], enrolled=days_ago(0)))
    whole.commit("Moved and declared")
    said = _said(whole)
    assert f"{TOLD}; {FIRST}, and {ENROLLED}" in said

    whole.checkout("main")
    whole.branch("first")
    whole.git("mv", "chatbot/rank", "ranker")
    whole.edit("SYS-002", paths=["chatbot/**", "ranker/**"])
    whole.commit("Moved")
    assert whole.check().code == 0
    whole.checkout("main")
    whole.git("merge", "-q", "--no-ff", "-m", "Moved", "first")
    whole.branch("second")
    whole.declare_only(_part(paths=["ranker/**"], enrolled=days_ago(0)))
    whole.commit("Declared")
    assert whole.check().blocking() == ["approval:ai-safety-lead"]


@pytest.mark.parametrize(
    ("part", "giver", "files"),
    [
        pytest.param({}, {"stage": "development"}, {}, id="of a system that is not as far"),
        pytest.param({"risk_profile": {"decision_impact": "medical"}}, {}, {}, id="of a higher tier"),
        pytest.param({}, {}, {"chatbot/rank/new.py": "import openai\n"}, id="with code of its own"),
        pytest.param({}, {"enrolled": days_ago(80)}, {}, id="of a system whose debt has dates"),
    ],
)
def test_h07_control_nobody_is_talked_past_a_gate(
    scratch: Scratch, part: dict[str, Any], giver: dict[str, Any], files: dict[str, str]
) -> None:
    scratch.adopt(medium_system(**{"stage": "production", **giver}), files=FILES)
    scratch.branch("work")
    scratch.declare_only(_part(**part))
    scratch.commit("Two systems", files=files)
    found = scratch.check()
    assert found.code == 1
    assert TOLD not in _said(scratch), found

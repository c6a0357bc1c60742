"""H18: whoever takes all AI out of a system is told how to end it, and need not test a model that is gone."""

from __future__ import annotations

from typing import Any

import pytest
from scratch import Result, Scratch
from world import high_system, low_system, medium_system

ASKING = (
    "import anthropic\n\nCLIENT = anthropic.Anthropic()\n\n\ndef rank(text):\n"
    '    told = "You rank job applications by skills and experience only."\n'
    '    return CLIENT.messages.create(model="claude-opus-4-6", system=told, messages=[text])\n'
)
RULES = "def rank(text):\n    return sum(word in text for word in ('python', 'sql'))\n"
OTHER = low_system("development")


def notes(done: Result) -> list[str]:
    said = "shows no model, vendor or prompt any more"
    return [line for item in done.findings() for line in item["details"] if said in line]


def taken_out(repo: Scratch, system: dict[str, Any], **kept: str) -> Result:
    """The check of a branch that puts rules in the place of the model; `kept` are other files of the code."""
    folder = system["paths"][0].partition("/")[0]
    files = {f"{folder}/app.py": ASKING} | {f"{folder}/{name}.py": text for name, text in kept.items()}
    repo.adopt(system, OTHER, files=files)
    repo.branch("work")
    repo.commit("Rules do", files={f"{folder}/app.py": RULES})
    return repo.check()


@pytest.mark.parametrize("stage", ["pre_deployment", "production"])
def test_h18_who_takes_all_ai_out_is_told_once_how_to_end_the_system(scratch: Scratch, stage: str) -> None:
    done = taken_out(scratch, high_system(stage))
    assert done.code == 1, done
    (note,) = notes(done)
    assert note.endswith("`stage: decommissioned` in its entry asks for its decommissioning, and not for this")

    scratch.declare(high_system("decommissioned"), OTHER)
    scratch.commit("It is switched off")
    assert scratch.check().blocking() == ["approval:product-owner"]
    scratch.approve("product-owner", "decommissioning")
    assert scratch.check().code == 0


def test_h18_a_system_that_asks_less_is_told_too(scratch: Scratch) -> None:
    done = taken_out(scratch, medium_system("production"))
    assert (done.code, len(notes(done))) == (0, 1), done


@pytest.mark.parametrize("kept", [ASKING, "import openai\n"])
def test_h18_control_where_ai_is_left_elsewhere_nothing_is_said_of_an_end(scratch: Scratch, kept: str) -> None:
    done = taken_out(scratch, high_system("production"), more=kept)
    assert notes(done) == []


def test_h18_control_another_model_is_no_end(scratch: Scratch) -> None:
    scratch.adopt(high_system("production"), OTHER, files={"screener/app.py": ASKING})
    scratch.branch("work")
    scratch.commit("Another", files={"screener/app.py": ASKING.replace("opus-4-6", "sonnet-4-5")})
    done = scratch.check()
    assert done.code == 1, done
    assert notes(done) == []


def test_t61_control_the_note_spares_nobody_who_brings_it_back_behind_the_end(scratch: Scratch) -> None:
    """In code of a retired system a model that comes costs what it costs elsewhere; outside, no system claims it."""
    taken_out(scratch, high_system("production"))
    scratch.declare(high_system("decommissioned"), OTHER)
    scratch.commit("It is switched off")
    scratch.approve("product-owner", "decommissioning")
    scratch.merge()
    for path in ("screener/app.py", "bot/app.py"):
        scratch.branch("back")
        scratch.commit("Back", files={path: ASKING})
        done = scratch.check()
        assert done.code == 1, done
        scratch.git("reset", "-q", "--hard", "main")

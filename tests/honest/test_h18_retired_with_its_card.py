"""H18: a system that retires and takes its card along is told to keep the card until its entry goes."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system, low_system

NOTE = "a retired system keeps its card until its entry goes; bring back MODEL_CARD.md, as base has it"
OTHER = low_system("development")


def _retired(repo: Scratch, stage: str, *gone: str) -> None:
    repo.adopt(high_system("production"), OTHER, files={"screener/app.py": "x = 1\n"})
    repo.branch("work")
    repo.declare(high_system(stage), OTHER)
    for path in gone:
        repo.remove(path)
    repo.commit("Retire it")


@pytest.mark.parametrize("is_named", [True, False])
def test_h18_a_card_that_goes_with_the_retirement_is_told_to_stay(scratch: Scratch, is_named: bool) -> None:
    _retired(scratch, "decommissioned", "screener/app.py", "MODEL_CARD.md")
    if not is_named:
        scratch.edit("SYS-001", model_card=None)
        scratch.commit("Name it no more")
    found = scratch.check().finding("use-case-change")
    assert f"note: {NOTE}" in found["details"]
    assert found["fix"].startswith("policy-gate approve --for use-case-change"), "whoever means it may agree"
    assert f"note {NOTE}" in " ".join(scratch.run("check").out.split())

    scratch.git("checkout", "-q", "main", "--", "MODEL_CARD.md")
    scratch.edit("SYS-001", model_card="MODEL_CARD.md")
    scratch.commit("The card stays")
    scratch.approve("product-owner", "decommissioning")
    assert scratch.check().code == 0
    scratch.checkout("main")
    scratch.git("merge", "-q", "--no-ff", "-m", "Retired", "work")
    scratch.branch("gone")
    scratch.rewrite(lambda data: data | {"systems": [it for it in data["systems"] if it["id"] != "SYS-001"]})
    scratch.remove("MODEL_CARD.md")
    scratch.commit("The entry and the card go")
    assert scratch.check().code == 0


def test_h18_control_a_running_system_without_its_card_is_told_nothing_of_a_retirement(scratch: Scratch) -> None:
    _retired(scratch, "production", "MODEL_CARD.md")
    found = scratch.check()
    assert "use-case-change" in [it.get("for") for it in found.findings("gap")]
    assert NOTE not in found.out


def test_h18_control_a_limit_that_a_kept_card_drops_is_asked_as_ever(scratch: Scratch) -> None:
    _retired(scratch, "decommissioned")
    text = scratch.read("MODEL_CARD.md").replace("- Reads only English text\n", "")
    scratch.commit("Without a limit", files={"MODEL_CARD.md": text})
    found = scratch.check().finding("use-case-change")
    assert (found["state"], found["details"]) == ("gap", [])

"""H18: a line that a note asks for is added as it stands, and the note is gone."""

from __future__ import annotations

import re

from scratch import Scratch
from world import days_ago, high_system, low_system, roles, to_yaml

_LINE = re.compile(r"add `(?P<name>\w+):(?: (?P<value>[\d-]+))?`")


def _notes(repo: Scratch, *how: str) -> str:
    return " ".join(repo.check(*how).report["trust"]["notes"])


def test_h18_the_clock_of_reviews(scratch: Scratch) -> None:
    scratch.adopt(high_system("pre_deployment"))
    scratch.branch()
    scratch.edit(stage="production")
    scratch.commit("Go live")
    found = _LINE.search(_notes(scratch))
    assert found is not None
    assert found["name"] == "stage_since"
    scratch.edit(**{found["name"]: days_ago(0)})
    scratch.commit("Say since when")
    assert "stage_since" not in _notes(scratch)


def test_h18_the_clock_of_a_raise(scratch: Scratch) -> None:
    scratch.adopt(low_system("production", stage_since=days_ago(400)))
    scratch.branch()
    worse = {"decision_impact": "employment", "human_oversight": "none", "user_vulnerability": "general_public"}
    scratch.edit("SYS-003", risk_profile=worse | {"data_sensitivity": "special_category"})
    scratch.commit("The truth")
    found = _LINE.search(_notes(scratch))
    assert found is not None, scratch.check()
    assert found["name"] == "reclassified"
    scratch.edit("SYS-003", **{found["name"]: found["value"]})
    scratch.commit("Say since when")
    assert "reclassified" not in _notes(scratch)
    assert scratch.check().code == 0


def test_h18_what_an_adoption_ends_with(scratch: Scratch) -> None:
    scratch.commit("Work", files={"bot/app.py": "import openai\n"})
    scratch.branch()
    assert scratch.run("init", "--yes").code == 0
    before = _notes(scratch, "--worktree")
    for said in ("fill in decision_impact", "guessed, so mend it now", "nobody in policies/roles.yaml can approve as"):
        assert said in before, before
    profile = low_system("production")["risk_profile"]
    scratch.edit("SYS-001", guessed=None, risk_profile=profile)
    scratch.write({"policies/roles.yaml": to_yaml(roles())})
    scratch.commit("Adopt")
    assert not re.search("fill in|guessed|can approve as", _notes(scratch))
    assert scratch.check().code == 0

"""T68: AI that passes as claimed: named as somebody's evidence, or in code of a system of which little is asked."""

from __future__ import annotations

import json

import pytest
from scratch import Scratch
from world import STAGES, high_system, low_system

AI = 'import openai\nclient = openai.OpenAI()\nMODEL = "gpt-4o"\n'
NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": AI.splitlines(keepends=True)}]})
PROGRAM = "".join(f"def step_{number}(x, y):\n    return x * {number} + y.count({number})\n" for number in range(20))
UNCLAIMED = "that:ai-use-without-system"
RESULTS = {
    "version": 3,
    "results": {"results": [{"provider": "openai:gpt-4o", "success": True, "url": "https://api.openai.com/v1"}]},
}


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("t68"))
    repo.adopt(low_system("development"), files={"summariser/app.py": "x = 1\n"})
    return repo


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("hire/app.py", AI),
        ("hire/app.ipynb", NOTEBOOK),
        ("hire/rank.safetensors", b"\x00weights" * 50),
        ("hire/langgraph.json", '{"graphs": {"agent": "./agent.py:graph"}}\n'),
        ("hire/compose.yaml", "services:\n  model:\n    image: ollama/ollama:latest\n"),
    ],
)
@pytest.mark.parametrize("way", ["result", "document", "number"])
def test_t68_a_use_of_ai_that_is_named_as_evidence(repo: Scratch, path: str, content: str | bytes, way: str) -> None:
    repo.branch("bring")
    repo.commit("A feature", files={path: content})
    assert repo.check().blocking() == [UNCLAIMED], "control: not named"
    entry = repo.entry("SYS-003")
    if way == "result":
        repo.edit("SYS-003", tests=[*entry.get("tests", []), {"id": "bias-benchmark-suite", "report": path}])
    elif way == "document":
        repo.edit("SYS-003", artifacts=[*entry.get("artifacts", []), {"id": "red-team-report", "path": path}])
    else:
        repo.edit("SYS-003", metrics=[{"name": "accuracy", "evidence": {"file": path, "pointer": "/a"}}])
    repo.commit("Named")
    assert UNCLAIMED in repo.check().blocking()


def test_t68_results_may_say_which_model_was_asked_and_where(repo: Scratch) -> None:
    repo.branch("results")
    tests = [*repo.entry("SYS-003").get("tests", []), {"id": "bias-benchmark-suite", "report": "reports/asked.json"}]
    repo.edit("SYS-003", tests=tests)
    repo.commit("Results", files={"reports/asked.json": json.dumps(RESULTS)})
    assert UNCLAIMED not in repo.check().blocking()


def test_t68_a_notebook_that_is_evidence_and_claimed_is_let_be(repo: Scratch) -> None:
    repo.branch("notebook")
    artifacts = [*repo.entry("SYS-003").get("artifacts", []), {"id": "red-team-report", "path": "eval/attacks.ipynb"}]
    repo.edit("SYS-003", paths=["summariser/**", "eval/**"], artifacts=artifacts)
    repo.commit("An evaluation", files={"eval/attacks.ipynb": NOTEBOOK})
    assert repo.check().code == 0


@pytest.mark.parametrize("stage", STAGES)
def test_t68_ai_comes_into_code_of_a_retired_system(scratch: Scratch, stage: str) -> None:
    scratch.adopt(low_system(stage), files={"summariser/app.py": "x = 1\n"})
    scratch.branch("work")
    scratch.commit("Alive again", files={"summariser/app.py": AI})
    assert scratch.check().blocking() == ([UNCLAIMED] if stage == "decommissioned" else [])


def test_t68_code_of_a_retired_system_that_another_uses(scratch: Scratch) -> None:
    retired = low_system("decommissioned", id="SYS-009", name="Old", paths=["old/**"])
    files = {"summariser/app.py": "x = 1\n", "old/__init__.py": "", "old/ask.py": AI}
    scratch.adopt(low_system("development"), retired, files=files)
    scratch.branch("tidy")
    scratch.commit("Tidy", files={"old/ask.py": f"{AI}# read by nobody\n"})
    assert scratch.check().code == 0, "control: what is there already"
    scratch.checkout("main")
    scratch.branch("use")
    scratch.commit("Reuse", files={"summariser/app.py": "from old import ask\n"})
    assert "statement-refuted" in scratch.check().changes("SYS-003")


@pytest.mark.parametrize("stage", STAGES)
def test_t68_code_moves_to_a_system_of_which_less_is_asked(scratch: Scratch, stage: str) -> None:
    profile = high_system()["risk_profile"]
    other = low_system(stage, id="SYS-009", name="Another", risk_profile=profile, paths=["other/**"])
    scratch.adopt(high_system("production"), files={"screener/rank.py": PROGRAM, "screener/app.py": "x = 1\n"})
    scratch.declare_only(other)
    scratch.commit("Another", by="Rae Kim", files={"other/app.py": "y = 1\n"})
    scratch.branch("work")
    scratch.git("mv", "screener/rank.py", "other/rank.py")
    scratch.commit("Tidy")
    found = scratch.check()
    assert ("path-narrowed" in found.changes("SYS-001")) == (stage != "production")
    assert found.code == (0 if stage == "production" else 1), found


def test_t68_code_of_a_system_in_development_may_go_to_one_that_is_further(scratch: Scratch) -> None:
    profile = high_system()["risk_profile"]
    other = low_system("deprecated", id="SYS-009", name="Another", risk_profile=profile, paths=["other/**"])
    scratch.adopt(high_system("development"), files={"screener/rank.py": PROGRAM, "screener/app.py": "x = 1\n"})
    scratch.declare_only(other)
    scratch.commit("Another", by="Rae Kim", files={"other/app.py": "y = 1\n"})
    scratch.branch("work")
    scratch.git("mv", "screener/rank.py", "other/rank.py")
    scratch.commit("Tidy")
    assert "path-narrowed" not in scratch.check().changes("SYS-001")

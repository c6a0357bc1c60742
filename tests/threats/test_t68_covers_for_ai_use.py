"""T68: AI that passes as claimed: named as somebody's evidence, or in code of a system of which little is asked."""

from __future__ import annotations

import json

import pytest
from scratch import Scratch
from world import STAGES, high_system, low_system, medium_system

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
    artifacts = [
        *repo.entry("SYS-003").get("artifacts", []),
        {"id": "red-team-report", "path": "summariser/eval/attacks.ipynb"},
    ]
    repo.edit("SYS-003", artifacts=artifacts)
    repo.commit("An evaluation", files={"summariser/eval/attacks.ipynb": NOTEBOOK})
    assert repo.check().code == 0


@pytest.mark.parametrize("stage", STAGES)
def test_t68_ai_comes_into_code_of_a_retired_system(scratch: Scratch, stage: str) -> None:
    scratch.adopt(low_system(stage), files={"summariser/app.py": "x = 1\n"})
    scratch.branch("work")
    scratch.commit("Alive again", files={"summariser/app.py": AI})
    assert scratch.check().blocking() == ([UNCLAIMED] if stage == "decommissioned" else [])


RETIRED = {
    "another model": (AI.replace("gpt-4o", "gpt-4.1"), True),
    "another vendor": ('import anthropic\nclient = anthropic.Anthropic()\nMODEL = "claude-opus-4-6"\n', True),
    "the use goes": ("x = 1\n", False),
    "a remark": (f"{AI}# read by nobody\n", False),
}


@pytest.mark.parametrize("edit", RETIRED)
@pytest.mark.parametrize("stage", ["decommissioned", "deprecated", "development"])
def test_t68_a_model_is_exchanged_in_code_that_is_said_to_be_retired(scratch: Scratch, stage: str, edit: str) -> None:
    """The papers of a retired system are few: whoever calls one so that runs would change its model unasked."""
    content, is_another = RETIRED[edit]
    scratch.adopt(high_system(stage), files={"screener/app.py": AI})
    scratch.branch("work")
    scratch.commit("Carry on", files={"screener/app.py": content})
    found = scratch.check()
    if stage == "decommissioned" or is_another:
        rules = {rule["rule"] for item in found.findings("gap") for rule in item["because"] if item["blocks"]}
        asks = rules & {"model-re-evaluation", "ai-use-without-system"}
        assert bool(asks) is (is_another and stage != "development"), found


def test_t68_control_a_system_is_retired_and_its_code_goes_with_it(scratch: Scratch) -> None:
    scratch.adopt(high_system("production"), files={"screener/app.py": AI})
    scratch.branch("work")
    scratch.remove("screener/app.py")
    scratch.declare(high_system("decommissioned"))
    scratch.commit("Retire it")
    assert "model-re-evaluation" not in str(scratch.check("--defer", "approval").findings("gap"))


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


YES = "approval:ai-safety-lead"
WHOLE = {"summariser/app.py": "x = 1\n", "lib/words.py": "def words(text):\n    return text.split()\n"}


def asked(scratch: Scratch, system: str = "SYS-003", **env: str) -> bool:
    """Whether somebody else has to look at AI that came under a claim of late."""
    found = scratch.check(**env)
    assert found.code == int(YES in found.blocking()), found
    assert (YES in found.blocking()) == ("ai-use-claimed" in found.changes(system)), found
    return YES in found.blocking()


def widened(scratch: Scratch, *paths: str, system: str = "SYS-003") -> None:
    """Merge a change that only claims more."""
    scratch.branch("wide")
    scratch.edit(system, paths=list(paths))
    scratch.commit("Claim more")
    found = scratch.check()
    assert (found.code, found.changes(system)) == (0, ["path-widened"]), found
    scratch.merge("wide")


@pytest.mark.parametrize("paths", [["**"], ["*", "**/*"], ["summariser/**", "hire/**"], ["summariser/**", "h*/**"]])
@pytest.mark.parametrize("first", [False, True])
def test_t68_a_low_system_claims_a_place_and_new_ai_comes_there(
    scratch: Scratch, paths: list[str], first: bool
) -> None:
    scratch.adopt(low_system("development"), files=WHOLE)
    if first:
        widened(scratch, *paths)
    scratch.branch("work")
    scratch.edit("SYS-003", paths=paths)
    scratch.commit("Rank applicants", files={"hire/app.py": AI})
    assert asked(scratch)
    scratch.approve("ai-safety-lead", "first-classification", "SYS-003")
    assert not scratch.check().blocking(), "and one yes is the way out"
    scratch.merge("work")
    scratch.branch("more")
    scratch.commit("More of it", files={"hire/rank/app.py": "import anthropic\nanthropic.Anthropic()\n"})
    assert scratch.check().code == 0, "the place is known now"


def test_t68_a_medium_system_too_and_one_folder_of_which_there_is_other_code(scratch: Scratch) -> None:
    scratch.adopt(medium_system("development"), files={**WHOLE, "chatbot/app.py": "x = 1\n"})
    widened(scratch, "chatbot/**", "lib/**", system="SYS-002")
    for number in range(3):
        scratch.commit("Work", files={"lib/words.py": f"x = {number}\n"})
    scratch.branch("work")
    scratch.commit("Rank applicants", files={"lib/rank.py": AI})
    assert asked(scratch, "SYS-002")


@pytest.mark.parametrize("folder", ["examples", "tests", "vendor/x"])
def test_t68_the_place_is_called_a_folder_for_examples(scratch: Scratch, folder: str) -> None:
    scratch.adopt(low_system("development"), files=WHOLE)
    scratch.branch("work")
    scratch.edit("SYS-003", paths=["summariser/**", "hire/**"])
    scratch.commit("Beside", files={f"hire/{folder}/app.py": AI})
    assert not asked(scratch), "control: nothing refers to it"
    package = f"hire/{folder}".replace("/", ".")
    scratch.commit("Rank applicants", files={"hire/main.py": f"from {package} import app\n"})
    assert asked(scratch)


def test_t68_the_place_is_claimed_by_a_link(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"), files=WHOLE)
    scratch.branch("link")
    (scratch.path / "summariser" / "more").symlink_to("../hire")
    scratch.commit("Rank applicants", files={"hire/app.py": AI})
    assert asked(scratch)


def test_t68_ai_that_goes_elsewhere_is_no_cover_for_ai_that_comes(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"), files={**WHOLE, "summariser/app.py": f"{AI}\n{PROGRAM}"})
    scratch.branch("work")
    scratch.edit("SYS-003", paths=["summariser/**", "hire/**"])
    scratch.remove("summariser/app.py")
    scratch.commit("Rank applicants", files={"hire/app.py": f"{AI}\ndef rank(people):\n    return sorted(people)\n"})
    assert asked(scratch)
    scratch.branch("rename")
    scratch.edit("SYS-003", paths=["summary/**"])
    scratch.git("mv", "summariser", "summary")
    scratch.commit("A better name")
    assert not asked(scratch), "a folder by another name is no new place"
    scratch.commit("And a line more", files={"summary/app.py": f"{AI}\n{PROGRAM}\nz = 1\n"})
    assert "ai-use-claimed" not in scratch.check().changes("SYS-003")


def test_t68_where_history_is_cut_off_nobody_knows_how_old_a_claim_is(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"), files=WHOLE)
    widened(scratch, "**")
    scratch.commit("Work", files={"lib/words.py": "x = 2\n"})
    (scratch.path / ".git" / "shallow").write_text(scratch.git("rev-parse", "HEAD") + "\n")
    scratch.branch("work")
    scratch.commit("Rank applicants", files={"hire/app.py": AI})
    assert asked(scratch)


@pytest.mark.parametrize("paths", [["**"], ["summariser/**", "lib", "hire/*"]])
def test_t68_whoever_claimed_a_place_from_the_first_day_is_not_asked(scratch: Scratch, paths: list[str]) -> None:
    scratch.adopt(low_system("development", paths=paths), files=WHOLE)
    for number in range(3):
        scratch.branch("work")
        scratch.edit("SYS-003", name=f"Summaries {number}", paths=[*paths, "docs/**"])
        scratch.commit("Another name")
        scratch.merge("work")
    scratch.branch("work")
    scratch.commit("A feature", files={"hire/app.py": AI, "lib/more/app.py": AI, "summariser/new.py": AI})
    assert not asked(scratch)


def test_t68_to_claim_old_ai_or_to_be_judged_strictly_is_not_asked_about(scratch: Scratch) -> None:
    scratch.adopt(
        low_system("development"),
        high_system("development"),
        files={**WHOLE, "legacy/old.py": AI, "screener/a.py": "x"},
    )
    scratch.branch("legacy")
    scratch.edit("SYS-003", paths=["summariser/**", "legacy/**"])
    scratch.commit("It is ours", files={"legacy/words.py": "x = 1\n"})
    assert not asked(scratch)
    scratch.branch("high")
    scratch.edit("SYS-001", paths=["screener/**", "hire/**"])
    scratch.commit("Rank applicants", files={"hire/app.py": AI})
    found = scratch.check()
    assert YES not in found.blocking(), "a high system is asked for all that there is"

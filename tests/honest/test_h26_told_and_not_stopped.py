"""H26: a vendor's SDK raised, a prompt's typo mended in a low system: told, and stopped nowhere."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import days_ago, high_system, low_system, medium_system

APP = 'import anthropic\nMODEL = "claude-sonnet-4-5"\nSYSTEM = "Sumarise the notes in ten lines."\n'
FILES: dict[str, str | bytes] = {
    "summariser/app.py": APP,
    "summariser/requirements.txt": "anthropic==0.61.1\nhttpx==0.27\n",
    "requirements.txt": "anthropic==0.61.1\n",
    "summariser/weights.onnx": b"\x00one" * 20,
}


@pytest.fixture(scope="module")
def low(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("h26"))
    repo.adopt(low_system("production", stage_since=days_ago(20)), files=FILES)
    return repo


@pytest.mark.parametrize(
    ("files", "kinds"),
    [
        ({"summariser/app.py": APP.replace("Sumarise", "Summarise")}, ["prompt-changed"]),
        ({"summariser/app.py": APP.replace("claude-sonnet-4-5", "claude-haiku-4-5")}, ["model-changed"]),
        ({"summariser/weights.onnx": b"\x00two" * 20}, ["weights-changed"]),
        ({"summariser/app.py": f"{APP}import openai\n"}, ["vendor-changed"]),
    ],
    ids=["a typo in a prompt", "another model", "other weights", "one vendor more"],
)
def test_h26_in_a_low_system_a_change_is_told_with_was_and_now(
    low: Scratch, files: dict[str, str | bytes], kinds: list[str]
) -> None:
    low.branch("change")
    low.commit("A change", files=files)
    found = low.check()
    assert (found.code, found.verdict, found.changes("SYS-003")) == (0, "pass", kinds), found
    said = low.run("check").out
    assert "in the code: " in said or "prompt: " in said or "weights: " in said, said


@pytest.mark.parametrize("system", [low_system, medium_system, high_system])
def test_h26_a_raised_sdk_changes_nothing(scratch: Scratch, system: object) -> None:
    entry = system("production", stage_since=days_ago(20), paths=["summariser/**"])  # type: ignore[operator]
    scratch.adopt(entry, files=FILES)
    scratch.branch("bump")
    bumped = {name: str(text).replace("61.1", "70.0") for name, text in FILES.items() if name.endswith(".txt")}
    scratch.commit("Bump", by="dependabot[bot]", files=bumped)
    assert scratch.run("check").out.startswith("PASS  nothing governed changed (1 system")


def test_h26_at_medium_the_card_follows(scratch: Scratch) -> None:
    scratch.adopt(medium_system("production", stage_since=days_ago(20), paths=["summariser/**"]), files=FILES)
    scratch.branch("prompt")
    scratch.commit("Mend a typo", files={"summariser/app.py": APP.replace("Sumarise", "Summarise")})
    found = scratch.check()
    assert (found.code, found.verdict, found.blocking()) == (0, "conditions", []), found
    assert found.finding("model-card")["enforcement"] == "remediate"


def test_h08_what_base_uses_already_is_nobodys_new_gap(scratch: Scratch) -> None:
    """Adopted with AI code here and there: later changes of it are judged by what they bring."""
    old = {"tools/ask.py": 'import openai\nMODEL = "gpt-4o"\n', "summariser/app.py": APP}
    scratch.commit("Code of three years", files=old)
    scratch.branch("adopt")
    scratch.adopt(low_system("production", stage_since=days_ago(20)))
    adopted = scratch.check()
    assert (adopted.code, adopted.verdict) == (0, "conditions"), adopted
    scratch.merge("adopt")
    scratch.branch("work")
    scratch.commit("Work on both", files={name: f"{text}\n\ndef more():\n    return 1\n" for name, text in old.items()})
    found = scratch.check()
    assert (found.code, found.blocking()) == (0, []), found
    scratch.commit("Another model in what no system claims", files={"tools/ask.py": 'import openai\nMODEL = "gpt-5"\n'})
    assert scratch.check().code == 0


def test_h07_to_claim_what_was_there_is_no_changed_model(scratch: Scratch) -> None:
    scratch.adopt(
        high_system("production", stage_since=days_ago(20)), files={"screener/a.py": "x = 1\n", "bot/app.py": APP}
    )
    scratch.branch("claim")
    scratch.edit(paths=["screener/**", "bot/**"])
    scratch.commit("The bot belongs to it, too")
    found = scratch.check()
    assert (found.code, found.changes()) == (0, ["path-widened"]), found

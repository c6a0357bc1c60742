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


SDK = "MODELS = ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'gpt-4.1-mini', 'o3']\n"
AS_TESTED: dict[str, str | bytes] = {
    "summariser/tests/test_app.py": 'from summariser import app\nMODEL = "gpt-4o"\n',
    "summariser/tests/helpers.py": 'import openai\nMODEL = "gpt-4o"\nclient = openai.OpenAI()\n',
    "summariser/vendor/openai/types.py": SDK,
    "summariser/vendor/openai/tests/test_types.py": 'MODEL = "gpt-4o"\n',
    "summariser/package.json": '{"scripts": {"test": "jest summariser/tests/helpers.py"}}\n',
}


@pytest.mark.parametrize(
    "files",
    [
        {"summariser/tests/test_app.py": 'from summariser import app\nMODEL = "claude-haiku-4-5"\n'},
        {"summariser/tests/helpers.py": 'import anthropic\nMODEL = "claude-haiku-4-5"\n'},
        {"summariser/tests/test_more.py": 'PROMPT = "You are a clerk who rates each of the applicants by age."\n'},
        {
            "summariser/vendor/openai/types.py": SDK.replace("'o3'", "'o3', 'o4-mini', 'gpt-5'").replace(
                "'gpt-4o', ", ""
            )
        },
        {"summariser/vendor/openai/more.py": "MODELS = ['gpt-5', 'gpt-5-mini', 'gpt-5-nano', 'o4-mini']\n"},
        {"summariser/vendor/openai/tests/test_types.py": 'MODEL = "gpt-5"\n'},
        {"summariser/Tests/Helpers/Client.swift": 'let model = "gpt-5"\n'},
        {"summariser/App.Tests/Client.cs": 'class ClientTest { string Model = "gpt-5"; }\n'},
        {"summariser/spec/support/client.rb": 'MODEL = "gpt-5"\n'},
        {"summariser/examples/ask.py": 'import openai\nMODEL = "gpt-5"\n'},
    ],
    ids=[
        "a test",
        "what tests use",
        "a new test",
        "a library raised",
        "a file more in it",
        "a test of a library",
        "Swift",
        "C#",
        "Ruby",
        "an example",
    ],
)
def test_h26_tests_and_raised_libraries_in_a_systems_folder_stop_nobody(
    scratch: Scratch, files: dict[str, str | bytes]
) -> None:
    entry = high_system("production", stage_since=days_ago(20), paths=["summariser/**"])
    scratch.adopt(entry, files={**FILES, **AS_TESTED})
    scratch.branch("work")
    scratch.commit("Work", files=files)
    found = scratch.check()
    assert (found.code, found.verdict, found.changes()) == (0, "pass", []), found


def test_h26_what_only_a_test_names_is_told(scratch: Scratch) -> None:
    entry = high_system("production", stage_since=days_ago(20), paths=["summariser/**"])
    scratch.adopt(entry, files={**FILES, **AS_TESTED})
    scratch.branch("work")
    scratch.commit("Work", files={"summariser/tests/test_app.py": 'MODEL = "claude-haiku-4-5"\n'})
    note = next(it for it in scratch.check().report["trust"]["notes"] if "another model" in it)
    assert note.startswith("summariser/tests/test_app.py names another model"), note


@pytest.mark.parametrize(
    ("beside", "files", "gone"),
    [
        (
            {
                "summariser/use.py": '"""See examples/ask.py."""\nx = 1\n',
                "summariser/examples/ask.py": 'M = "gpt-4o"\n',
            },
            {"summariser/examples/ask.py": 'M = "gpt-5"\n'},
            "",
        ),
        (
            {"summariser/old.py": APP},
            {"summariser/tests/test_new.py": 'import openai\nM = "gpt-5"\n'},
            "summariser/old.py",
        ),
    ],
    ids=["documentation names an example", "a file goes that others stand for, and a test comes"],
)
def test_h26_what_only_looks_like_a_use_of_a_test_stops_nobody(
    scratch: Scratch, beside: dict[str, str | bytes], files: dict[str, str | bytes], gone: str
) -> None:
    entry = high_system("production", stage_since=days_ago(20), paths=["summariser/**"])
    scratch.adopt(entry, files={**FILES, **beside})
    scratch.branch("work")
    if gone:
        scratch.git("rm", "-q", gone)
    scratch.commit("Work", files=files)
    found = scratch.check()
    assert (found.code, found.verdict, found.changes()) == (0, "pass", []), found


def test_h26_tests_that_only_move_are_nothing_to_tell(scratch: Scratch) -> None:
    entry = high_system("production", stage_since=days_ago(20), paths=["summariser/**"])
    scratch.adopt(entry, files={**FILES, **AS_TESTED})
    scratch.branch("work")
    scratch.git("mv", "summariser/tests", "summariser/test")
    scratch.commit("Another folder")
    notes = scratch.check().report["trust"]["notes"]
    assert not any("another model" in note for note in notes), notes


def test_h26_a_file_is_renamed_whose_model_the_card_never_named(scratch: Scratch) -> None:
    """The card of the high system names another base model, and base shows that already."""
    scratch.adopt(high_system("production", stage_since=days_ago(20)), files={"screener/app.py": APP})
    scratch.branch("work")
    scratch.git("mv", "screener/app.py", "screener/core.py")
    scratch.commit("A better name")
    found = scratch.check()
    assert (found.code, found.verdict, found.changes()) == (0, "pass", []), found

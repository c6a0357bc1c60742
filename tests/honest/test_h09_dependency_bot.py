"""H09: a dependency bot bumps a patch version: pass (D39)."""

from __future__ import annotations

from scratch import Scratch
from world import days_ago, high_system

BOT = "dependabot[bot]"


def test_h09_a_bump_passes_in_root_and_in_claimed_code_and_another_model_does_not(scratch: Scratch) -> None:
    pins = {"requirements.txt": "anthropic==0.61.1\n", "screener/requirements.txt": "anthropic==0.61.1\n"}
    scratch.adopt(high_system("production", stage_since=days_ago(20)), files=pins)
    scratch.branch("bump")
    scratch.commit("Bump", by=BOT, files={name: text.replace("61.1", "61.2") for name, text in pins.items()})
    said = scratch.run("check")
    assert said.out.startswith("PASS  nothing governed changed (1 system"), said
    assert said.out.count("\n") == 1
    assert scratch.check().verdict == "pass"

    scratch.branch("model")
    card = scratch.read("MODEL_CARD.md").replace("distilroberta-base", "gpt-next")
    scratch.commit("Another base model", by=BOT, files={"MODEL_CARD.md": card})
    found = scratch.check()
    assert found.changes() == ["model-changed", "version-kept"]
    assert "any_of:bias-benchmark-suite or ai-safety-lead" in found.blocking()


def test_h09_a_bump_where_nothing_is_declared_and_nothing_shows_ai_passes(scratch: Scratch) -> None:
    scratch.commit(
        "A website", files={"package.json": '{"dependencies": {"vite": "^5.0.0"}}\n', "a.ts": "export {};\n"}
    )
    scratch.branch("bump")
    scratch.commit("Bump", by=BOT, files={"package.json": '{"dependencies": {"vite": "^5.0.1"}}\n'})
    found = scratch.check()
    assert (found.verdict, found.report["scope"]) == ("pass", "none"), found

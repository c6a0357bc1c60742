"""D39: another model is a base model, a hosted name, a weights digest or a version; a bump of the SDK is not."""

from __future__ import annotations

from scratch import Scratch
from world import days_ago, high_system

AGAIN = {
    "any_of:bias-benchmark-suite or ai-safety-lead",
    "any_of:adversarial-robustness-evaluation or ai-safety-lead",
}


def test_d39_another_model_wants_its_tests_run_again_and_a_bump_wants_nothing(scratch: Scratch) -> None:
    system = high_system("production", stage_since=days_ago(20), model_version="2.1.0")
    scratch.adopt(system, files={"screener/pins.txt": "anthropic==0.61.1\n"})
    for name, edit in (("base model", ("distilroberta-base", "roberta-large")), ("version", ("2.1.0", "3.0.0"))):
        scratch.branch("model")
        scratch.commit(f"Another {name}", files={"MODEL_CARD.md": scratch.read("MODEL_CARD.md").replace(*edit)})
        found = scratch.check()
        assert "model-changed" in found.changes(), name
        assert set(found.blocking()) >= AGAIN, name
    scratch.branch("entry")
    scratch.edit(model_version="3.0.0")
    scratch.commit("Another version")
    assert "model-changed" in scratch.check().changes()

    scratch.branch("bump")
    scratch.commit("Bump the SDK", files={"screener/pins.txt": "anthropic==0.70.0\n"})
    assert scratch.check().verdict == "pass"

"""D39: another model is a base model, a hosted name, a weights digest or a version; a bump of the SDK is not."""

from __future__ import annotations

import pytest
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


FRONT = "---\nbase_model: distilroberta-base\nlicense: mit\n---\n"


@pytest.fixture(scope="module")
def fronted(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """Base's card names its base model in the front matter alone."""
    repo = Scratch(tmp_path_factory.mktemp("d39"))
    repo.adopt(high_system("production", stage_since=days_ago(20)))
    text = repo.read("MODEL_CARD.md").replace("## Base model\n\ndistilroberta-base\n\n", "")
    repo.commit("A card of the Hub", by="Rae Kim", files={"MODEL_CARD.md": FRONT + text})
    return repo


@pytest.mark.parametrize("beside", ["", "\n## Base model\n\ndistilroberta-base\n"], ids=["alone", "beside a text"])
def test_d39_another_base_model_in_the_front_matter_is_one_whatever_the_text_says(
    fronted: Scratch, beside: str
) -> None:
    fronted.branch("front")
    text = fronted.read("MODEL_CARD.md").replace("distilroberta-base", "roberta-large", 1) + beside
    fronted.commit("Metadata", files={"MODEL_CARD.md": text})
    found = fronted.check()
    change = next(it for it in found.system()["changes"] if it["field"] == "base_model")
    assert (change["before"], change["after"]) == ("distilroberta-base", "roberta-large")
    assert set(found.blocking()) >= AGAIN, found


def test_d39_the_same_base_model_said_in_the_text_too_is_no_other(fronted: Scratch) -> None:
    fronted.branch("text")
    text = fronted.read("MODEL_CARD.md").replace("license: mit", "license: apache-2.0")
    fronted.commit("Text", files={"MODEL_CARD.md": f"{text}\n## Base model\n\ndistilroberta-base\n"})
    assert (fronted.check().code, fronted.check().changes()) == (0, [])


PROSE = (
    "It comes in a range of sizes, as a pretrained and a tuned variation. The tuned version was trained to align {} "
    "what people prefer, as its authors say in the {}."
)


@pytest.mark.parametrize(
    ("now", "is_another"),
    [(("with", "paper"), False), (("to", "large paper"), True), (("to", "paper of 2024"), True)],
    ids=["mended", "a word of weight", "a number"],
)
def test_d39_prose_about_versions_is_held_by_what_it_says(
    scratch: Scratch, now: tuple[str, str], *, is_another: bool
) -> None:
    scratch.adopt(high_system("production", stage_since=days_ago(20)))
    text = scratch.read("MODEL_CARD.md").replace("2.1.0", PROSE.format("to", "paper"), 1)
    assert PROSE.format("to", "paper") in text
    scratch.commit("Versions", by="Rae Kim", files={"MODEL_CARD.md": text})
    scratch.branch("mend")
    mended = text.replace(PROSE.format("to", "paper"), PROSE.format(*now))
    scratch.commit("Wording", files={"MODEL_CARD.md": mended})
    assert ("model-changed" in scratch.check().changes()) is is_another

"""T61: the model is named by a constant of the vendor's library, and by no text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from scratch import Scratch
from world import days_ago, high_system

TAKEN: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "Go": (
        "ask.go",
        'package ask\n\nimport "github.com/openai/openai-go"\n\nvar p = openai.Params{Model: openai.@@}\n',
        "ChatModelGPT4o",
        "ChatModelGPT3_5Turbo",
    ),
    "Go, another vendor": (
        "say.go",
        'package say\n\nimport "github.com/anthropics/anthropic-sdk-go"\n\nvar m = anthropic.@@\n',
        "ModelClaude3_7SonnetLatest",
        "ModelClaude_3_Haiku_20240307",
    ),
    "Java": (
        "Ask.java",
        "import com.openai.models.ChatModel;\nclass Ask {\n  Object m = ChatModel.@@;\n}\n",
        "GPT_4O",
        "O1_MINI",
    ),
    "C#": (
        "Ask.cs",
        "using Anthropic.SDK;\nvar p = new Parameters { Model = AnthropicModels.@@ };\n",
        "Claude35Sonnet",
        "Claude3Haiku",
    ),
    "Rust": (
        "ask.rs",
        "use rig::providers::openai;\nfn ask() { client.agent(openai::@@).build(); }\n",
        "GPT_4O",
        "GPT_3_5_TURBO",
    ),
    "PHP": ("ask.php", '<?php\nuse OpenAI;\n$c->chat(["model" => Models::@@]);\n', "GPT_4O", "GPT_35"),
    "Swift": ("ask.swift", "import OpenAI\nlet q = ChatQuery(model: .@@)\n", "gpt4_o", "gpt3_5Turbo"),
    "Python": (
        "ask.py",
        "import groq\n\nfrom house import Models\n\nmodel = Models.@@\n",
        "LLAMA_3_1_8B",
        "GEMMA_2_9B",
    ),
}


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("t61"))
    files: dict[str, str | bytes] = {
        f"screener/{path}": text.replace("@@", first) for path, text, first, _ in TAKEN.values()
    }
    repo.adopt(high_system("production", stage_since=days_ago(20)), files=files)
    return repo


@pytest.mark.parametrize("name", TAKEN)
def test_t61_another_constant_is_another_model(repo: Scratch, name: str) -> None:
    path, text, _, other = TAKEN[name]
    repo.branch("swap")
    repo.commit("A small clean-up", files={f"screener/{path}": text.replace("@@", other)})
    found = repo.check()
    assert (found.code, "model-changed" in found.changes()) == (1, True), found


HARMLESS: Final[Mapping[str, tuple[str, str, str]]] = {
    "a parameter beside it": ("Go", "@@}", "@@, Temperature: openai.Float(0)}"),
    "another name for the variable": ("Java", "Object m", "ChatModel model"),
    "a method of what asks": ("Rust", ".build()", ".preamble(x).build()"),
    "a comment about another": ("Python", "\nmodel", "\n# Models.QWEN_2_7B was slower\nmodel"),
    "an attribute of another kind": ("Python", "\nmodel", "\nlimit = Limits.MODEL_2_CALLS\nmodel"),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_t61_the_same_constant_in_other_code_is_the_same_model(repo: Scratch, name: str) -> None:
    of, one, other = HARMLESS[name]
    path, text, first, _ = TAKEN[of]
    assert one in text
    repo.branch("tidy")
    repo.commit("Tidy up", files={f"screener/{path}": text.replace(one, other).replace("@@", first)})
    found = repo.check()
    assert (found.code, "model-changed" in found.changes()) == (0, False), found


def test_t61_the_same_model_as_a_text_is_no_other_one(repo: Scratch) -> None:
    path, text, _, _ = TAKEN["PHP"]
    repo.branch("text")
    repo.commit("Tidy up", files={f"screener/{path}": text.replace("Models::@@", '"gpt-4o"')})
    assert repo.check().changes() == ["statement-refuted"], "what the card says of models is another matter"

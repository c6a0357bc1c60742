"""T61: model, host and prompt are given to a name that stands in quotes, as in JSON, and are known by nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from exchanged import Exchange, adopted, exchanged
from scratch import Scratch
from world import days_ago, high_system

HOUSE: Final = ("acme/rank-1", "acme/rank-2")
WORDS: Final = (
    "Rank all of the applicants by what the vacancy asks for, and say why",
    "Drop all of the applicants who are older than forty, and say nothing",
)
HOSTS: Final = ("https://llm.house.example/v1", "https://llm.other.example/v1")

GIVEN: Final[Mapping[str, Exchange]] = {
    "settings": ("a.json", '{\n  "a": 1,\n  "llm_model": "@@"\n}\n', HOUSE, "model"),
    "settings of one line": ("b.json", '{"chat": {"model": "gpt-4o"}, "rank": {"model": "@@"}}\n', HOUSE, "model"),
    "a host": ("c.json", '{"model": "gpt-4o", "base_url": "@@"}\n', HOSTS, "vendor"),
    "a prompt": ("d.json", '{"system_prompt": "@@"}\n', WORDS, "prompt"),
    "a message": (
        "e.json",
        '{"model": "gpt-4o", "messages": [{"role": "system", "content": "@@"}]}\n',
        WORDS,
        "prompt",
    ),
    "YAML": ("f.yaml", '"llm":\n  "vendor": openai\n  "llm_model": @@\n', HOUSE, "model"),
    "JavaScript": ("g.js", 'import OpenAI from "openai";\nask({ "model": "@@" });\n', HOUSE, "model"),
    "a message in TypeScript": (
        "h.ts",
        "import OpenAI from 'openai';\nask([{ 'role': 'system', 'content': '@@' }]);\n",
        WORDS,
        "prompt",
    ),
    "PHP": ("i.php", "<?php\nuse OpenAI;\n$c->chat(['model' => '@@']);\n", HOUSE, "model"),
    "Ruby": ("j.rb", 'require "openai"\nask("model" => "@@")\n', HOUSE, "model"),
    "Go": (
        "k.go",
        'package k\n\nimport "github.com/openai/openai-go"\n\nvar p = map[string]any{"model": "@@"}\n',
        HOUSE,
        "model",
    ),
    "C#": (
        "L.cs",
        'using OpenAI;\nvar p = new Dictionary<string, string> { ["model"] = "@@" };\n',
        HOUSE,
        "model",
    ),
    "Rust": ("m.rs", 'use async_openai::Client;\nfn m() { json!({"model": "@@"}); }\n', HOUSE, "model"),
    "settings by a common name": ("o.json", '{"model_name": "@@", "top": 5}\n', HOUSE, "model"),
    "Swift": ("n.swift", 'import OpenAI\nlet p = ["model": "@@"]\n', HOUSE, "model"),
}


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    return adopted(Scratch(tmp_path_factory.mktemp("t61")), GIVEN)


@pytest.mark.parametrize("name", GIVEN)
def test_t61_what_is_given_to_a_name_in_quotes_is_given_to_that_name(repo: Scratch, name: str) -> None:
    found = exchanged(repo, GIVEN[name])
    assert (found.code, f"{GIVEN[name][3]}-changed" in found.changes()) == (1, True), found


HARMLESS: Final[Mapping[str, tuple[str, str, str]]] = {
    "another number": ("settings", '"a": 1', '"a": 2'),
    "another order": ("a host", '"model": "gpt-4o", "base_url": "@@"', '"base_url": "@@",\n  "model": "gpt-4o"'),
    "a message of the house": ("JavaScript", "ask(", 'say({ "content": "Please try that again later" });\nask('),
    "a choice": ("PHP", "$c->", "$x = $y ? 'model-1' : 'model-2';\n$c->"),
    "a name that is asked for": ("Go", "var p", 'var q = other["model"] == "x-1"\nvar p'),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_t61_other_names_in_quotes_say_nothing(repo: Scratch, name: str) -> None:
    of, one, other = HARMLESS[name]
    path, text, (first, _), _ = GIVEN[of]
    assert one in text
    repo.branch("tidy")
    repo.commit("Tidy up", files={f"screener/{path}": text.replace(one, other).replace("@@", first)})
    found = repo.check()
    assert (found.code, found.changes()) == (0, []), found


def test_t61_a_catalogue_of_things_names_no_model_in_use(scratch: Scratch) -> None:
    rows = [f'{{"modelName": "golf-{number}", "doors": 5}}' for number in range(1, 7)]
    path = "screener/cars.json"
    scratch.adopt(high_system("production", stage_since=days_ago(20)), files={path: f"[{', '.join(rows)}]\n"})
    scratch.branch("cars")
    scratch.commit("Another car", files={path: f"[{', '.join(rows)}]\n".replace("golf-3", "polo-3")})
    found = scratch.check()
    assert (found.code, found.changes()) == (0, []), found

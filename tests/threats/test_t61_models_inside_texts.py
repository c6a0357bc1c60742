"""T61: the model is named inside a longer text: an address, JSON that is sent, an option of a command, a query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from scratch import Scratch
from world import days_ago, high_system

GEMINI: Final = "https://generativelanguage.googleapis.com/v1beta/models/@@:generateContent"
KNOWN: Final = ("gemini-2.5-pro", "gemini-2.5-flash")
HOUSE: Final = ("acme/ranker-1", "acme/ranker-2")

NAMED: Final[Mapping[str, tuple[str, str, tuple[str, str]]]] = {
    "an address": ("rest.py", f'import requests\nrequests.post("{GEMINI}", json=rows)\n', KNOWN),
    "an address put together": ("f.py", f'import requests\nrequests.post(f"{GEMINI}?key={{KEY}}", json=rows)\n', KNOWN),
    "an address in a template": ("rest.ts", f"const r = await fetch(`{GEMINI}?key=${{key}}`, body);\n", KNOWN),
    "a deployment": (
        "azure.py",
        'import requests\nrequests.post("https://acme.openai.azure.com/openai/deployments/@@/chat/completions")\n',
        ("rank", "reject"),
    ),
    "a model of the hub": (
        "hub.go",
        'package hub\n\nconst at = "https://api-inference.huggingface.co/models/@@"\n',
        HOUSE,
    ),
    "JSON in Python": (
        "raw.py",
        "import requests\nrequests.post('https://api.openai.com/v1/responses', data='{\"model\": \"@@\"}')\n",
        ("house-large-1", "house-large-2"),
    ),
    "JSON in a script": (
        "ask.sh",
        '#!/bin/sh\ncurl https://api.openai.com/v1/responses -d \'{"model": "@@", "input": "x"}\'\n',
        ("house-large-1", "house-large-2"),
    ),
    "JSON in Java": (
        "Ask.java",
        'class Ask {\n  String at = "https://api.openai.com/v1/responses";\n'
        '  String body = """\n    {"model": "@@"}\n    """;\n}\n',
        ("house-large-1", "house-large-2"),
    ),
    "a command in a script": ("run.sh", '#!/bin/sh\nollama run @@ "rank these"\n', ("ranker", "rejecter")),
    "a command of an image": (
        "Dockerfile",
        'FROM vllm/vllm-openai:v0.6\nCMD ["--model", "@@", "--port", "80"]\n',
        HOUSE,
    ),
    "a command of a service": (
        "compose.yaml",
        "services:\n  llm:\n    image: vllm/vllm-openai:v0.6\n    command: --model @@ --port 80\n",
        HOUSE,
    ),
    "its arguments as a list": (
        "pod.yaml",
        "spec:\n  containers:\n    - image: vllm/vllm-openai:v0.6\n      args:\n        - --model\n        - @@\n",
        HOUSE,
    ),
    "its environment": (
        "tgi.yaml",
        "services:\n  llm:\n    image: huggingface/text-generation-inference:2.0\n"
        "    environment:\n      - MODEL_ID=@@\n",
        HOUSE,
    ),
    "an option without a mark": (
        "start.py",
        'import subprocess\nimport vllm\nsubprocess.run("vllm serve --model @@ --port 80", shell=True)\n',
        ("ranker", "is-fair"),
    ),
    "where a cluster has it from": (
        "serve.yaml",
        "kind: InferenceService\nspec:\n  predictor:\n    model:\n      storageUri: s3://models/@@\n",
        ("ranker", "rejecter"),
    ),
    "where a cloud has it from": (
        "main.tf",
        'resource "aws_sagemaker_model" "m" {\n  primary_container {\n'
        '    model_data_url = "s3://models/@@.tar.gz"\n  }\n}\n',
        ("ranker", "rejecter"),
    ),
    "its version in a cloud": (
        "azure.tf",
        'resource "azurerm_cognitive_deployment" "m" {\n  model {\n    name    = "gpt-4o"\n'
        '    version = "@@"\n  }\n}\n',
        ("2024-05-13", "2024-11-20"),
    ),
    "a query": ("rank.sql", "select snowflake.cortex.complete('@@', text) from applicants\n", ("ranker", "rejecter")),
    "a query of an endpoint": ("ask.sql", "select ai_query('@@', text) from applicants\n", ("ranker", "rejecter")),
    "a remote model": (
        "model.sql",
        "create or replace model hr.m remote with connection `eu.c`\noptions (endpoint = '@@')\n",
        KNOWN,
    ),
}


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("t61"))
    files: dict[str, str | bytes] = {
        f"screener/{path}": text.replace("@@", names[0]) for path, text, names in NAMED.values()
    }
    repo.adopt(high_system("production", stage_since=days_ago(20)), files=files)
    return repo


@pytest.mark.parametrize("name", NAMED)
def test_t61_a_model_named_inside_a_text_is_exchanged_by_nobody_alone(repo: Scratch, name: str) -> None:
    path, text, (_, other) = NAMED[name]
    repo.branch("swap")
    repo.commit("A small clean-up", files={f"screener/{path}": text.replace("@@", other)})
    found = repo.check()
    assert (found.code, "model-changed" in found.changes()) == (1, True), found


HARMLESS: Final[Mapping[str, tuple[str, tuple[str, str]]]] = {
    "an address": ("another version of the interface", ("v1beta", "v1")),
    "a deployment": ("another path behind it", ("chat/completions", "responses")),
    "JSON in a script": ("another input", ('"input": "x"', '"input": "x", "store": false')),
    "a command in a script": ("another text", ("rank these", "rank those")),
    "a command of an image": ("a raised image and another port", ("v0.6", "v0.7")),
    "a command of a service": ("another port", ("--port 80", "--port 8080")),
    "its version in a cloud": ("a capacity", ('"gpt-4o"\n', '"gpt-4o"\n    # one region\n')),
    "a query": ("another table", ("from applicants", "from people")),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_t61_what_stands_around_the_name_may_change(repo: Scratch, name: str) -> None:
    path, text, (first, _) = NAMED[name]
    one, other = HARMLESS[name][1]
    assert one in text
    repo.branch("tidy")
    repo.commit("Tidy up", files={f"screener/{path}": text.replace(one, other).replace("@@", first)})
    found = repo.check()
    assert (found.code, found.changes()) == (0, []), found

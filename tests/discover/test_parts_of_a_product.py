"""Folders for a part of a product, notebooks and settings are proposed with it; what may be a product stays apart."""

from __future__ import annotations

import json

import pytest

from policy_gate.discover.scan import scan
from policy_gate.vcs.memory_tree import MemoryTree

ASKS = "import openai\n"
LEARNS = "import sklearn\n"
BOOK = json.dumps({"cells": [{"cell_type": "code", "source": [LEARNS]}]})
CLOUD = 'resource "aws_sagemaker_model" "m" {}\n'


def products(files: dict[str, str]) -> list[str]:
    return [it.folder for it in scan(MemoryTree(files)).candidates]


@pytest.mark.parametrize(
    "files",
    [
        {"diabetes/score.py": LEARNS, "ml_service/run.py": LEARNS, "experiments/a.ipynb": BOOK},
        {
            "agent/main.py": ASKS,
            "cdk/app.py": "from aws_cdk import aws_bedrock\n",
            "frontend/a.ts": "import 'openai'\n",
        },
        {"ranker/rank.py": LEARNS, "terraform/main.tf": CLOUD},
        {"Chapter_1/a.ipynb": BOOK, "Chapter_2/b.ipynb": BOOK, "shared/functions.py": LEARNS},
        {
            "compose.yaml": "services:\n  a:\n    image: ollama/ollama\n",
            "n8n/flow.json": '{\n"@n8n/n8n-nodes-langchain.agent"}',
        },
        {"core/data/a.py": ASKS, "core/data/pyproject.toml": "", "chat/b.py": ASKS},
    ],
)
def test_parts_of_one_product_are_one_proposal(files: dict[str, str]) -> None:
    assert len(products(files)) == 1


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"hiring/a.py": ASKS, "pricing/b.py": LEARNS}, ["hiring", "pricing"]),
        (
            {
                "services/api/a.py": ASKS,
                "services/api/go.mod": "",
                "services/chat/b.py": ASKS,
                "services/chat/setup.py": "",
            },
            ["services/api", "services/chat"],
        ),
        ({"rank/model_card.md": "# Rank\n", "rank/a.py": LEARNS, "web/b.ts": "import 'openai'\n"}, ["rank", "web"]),
    ],
)
def test_control_what_may_be_a_product_of_its_own_stays_apart(files: dict[str, str], expected: list[str]) -> None:
    assert products(files) == expected


def test_what_a_package_is_filed_under_is_no_model_of_it() -> None:
    files = {"src/a.php": "<?php\nuse OpenAI\\Client;\n", "composer.json": '{"keywords": ["gpt-4", "claude-3"]}\n'}
    (one,) = scan(MemoryTree(files)).candidates
    assert (one.models, one.paths) == ((), ("src/**",))

"""What a scan sees in a tree, where, and what it says of files that it could not look into."""

from __future__ import annotations

import pytest

from policy_gate.discover.places import MOST_BYTES, MOST_OF_PROGRAM
from policy_gate.discover.scan import of_card, scan
from policy_gate.discover.signs import read_signs
from policy_gate.vcs.memory_tree import MemoryTree

CODE = "import os\nfrom transformers import pipeline\n\nimport openai\nimport openai.types\n"


def test_signs_have_a_place_a_kind_and_a_confidence() -> None:
    tree = MemoryTree(
        {
            "src/rank/a.py": CODE,
            "src/rank/Model_Card.MD": "# x\n",
            "bot/README.md": "---\ntags: []\nbase_model: org/m\n---\n# Bot\n",
            "web/x.ts": 'import OpenAI from "openai"\n',
            "tests/t.py": CODE,
            ".github/x.py": CODE,
            "pyproject.toml": '[project]\ndependencies = [\n  "Scikit_Learn>=1",\n  "ai",\n]\n',
            "requirements-dev.txt": "# tools\nvllm==1.0 ; python_version > '3'\nopenai-helpers\n",
            "package.json": '{"dependencies": {\n  "@anthropic-ai/sdk": "1"}}\n',
        }
    )
    seen = scan(tree)
    assert [(s.path, s.line, s.kind, s.what, s.confidence, s.found) for s in seen.signals] == [
        (".github/x.py", 2, "sdk", "Hugging Face Transformers", "high", "transformers"),
        (".github/x.py", 4, "sdk", "OpenAI client", "high", "openai"),
        ("bot/README.md", 3, "model", "A model card of the Hugging Face Hub", "high", "base_model: org/m"),
        ("package.json", 2, "dependency", "Anthropic client", "high", "@anthropic-ai/sdk"),
        ("pyproject.toml", 3, "dependency", "scikit-learn", "medium", "scikit-learn"),
        ("requirements-dev.txt", 2, "dependency", "vLLM", "high", "vllm"),
        ("src/rank/Model_Card.MD", 1, "model", "A model card", "high", "src/rank/Model_Card.MD"),
        ("src/rank/a.py", 2, "sdk", "Hugging Face Transformers", "high", "transformers"),
        ("src/rank/a.py", 4, "sdk", "OpenAI client", "high", "openai"),
        ("tests/t.py", 2, "sdk", "Hugging Face Transformers", "low", "transformers"),
        ("tests/t.py", 4, "sdk", "OpenAI client", "low", "openai"),
        ("web/x.ts", 1, "sdk", "OpenAI client", "high", "openai"),
    ]
    assert [(c.folder, c.card, c.signs) for c in seen.candidates] == [
        ("bot", "bot/README.md", ("bot/README.md is a model card",)),
        (
            "src/rank",
            "src/rank/Model_Card.MD",
            (
                "src/rank/Model_Card.MD is a model card",
                "src/rank/a.py:2 Hugging Face Transformers (transformers)",
                "src/rank/a.py:4 OpenAI client (openai)",
            ),
        ),
        ("web", None, ("web/x.ts:1 OpenAI client (openai)",)),
    ]
    assert (seen.platforms, seen.unread) == (("github",), ())


def test_what_was_not_looked_into_is_part_of_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"big.py": "import openai\n" + "#" * MOST_OF_PROGRAM, "big.yaml": "#" * MOST_BYTES + "\nmodel: gpt-4o\n"}
    large = scan(MemoryTree({**texts, "big.bin": "x" * 2 * MOST_BYTES}))
    assert (large.candidates, [problem.path for problem in large.unread]) == ((), ["big.py", "big.yaml"])
    seen = scan(MemoryTree({"padded.py": "import openai\n" + "# more\n" * (MOST_BYTES // 5)}))
    assert (seen.candidates[0].signs, seen.unread) == (("padded.py:1 OpenAI client (openai)",), ())
    monkeypatch.setattr("policy_gate.discover.scan.MOST_FILES", 50)
    many = scan(MemoryTree({f"{number:05}.txt": "" for number in range(51)}))
    assert [problem.path for problem in many.unread] == ["00050.txt"]
    hub = scan(MemoryTree({"README.md": "---\ntitle: " + "x" * 30_000 + "\nbase_model: m\n---\n"}))
    assert [str(problem.location) for problem in hub.unread] == ["README.md:2"]
    assert hub.candidates[0].card == "README.md"


def test_signs_of_ones_own_are_looked_for() -> None:
    signs = read_signs(
        "signs.yaml",
        b"schema: policy-gate/signs/v1\nsigns:\n  - id: weights\n    kind: weights\n    what: Weights\n"
        b"    confidence: high\n    checked: https://example.com\n    files: ['**/*.safetensors']\n"
        b"  - id: host\n    kind: host\n    what: A host\n    confidence: low\n    checked: https://example.com\n"
        b"    files: ['**/*.py']\n    text: 'https?://api[.]example[.]com'\n",
    )
    seen = scan(
        MemoryTree({"m/a.safetensors": b"\xff\x00", "x.py": "import openai\nU = 'http://api.example.com/v1'\n"}),
        "",
        signs,
    )
    assert [(s.path, s.line, s.kind) for s in seen.signals] == [("m/a.safetensors", 1, "weights"), ("x.py", 2, "host")]
    assert [(c.folder, c.signs) for c in seen.candidates] == [("m", ("m/a.safetensors:1 Weights",))]


def test_a_dependency_alone_proposes_the_repository_and_code_that_uses_it_its_folder() -> None:
    alone = scan(MemoryTree({"requirements.txt": "openai\n", "app/a.py": "x = 1\n"}))
    assert [(c.folder, c.signs) for c in alone.candidates] == [("", ("requirements.txt:1 depends on openai",))]
    used = scan(MemoryTree({"requirements.txt": "openai\n", "app/a.py": "import openai\n"}))
    assert [c.folder for c in used.candidates] == ["app"]


def test_a_card_gives_its_title_whatever_else_is_in_it() -> None:
    found = of_card(MemoryTree({"a/MODEL_CARD.md": "# Model card: Ranker ##\n"}), "a/MODEL_CARD.md")
    assert found is not None
    assert (found.name, found.paths) == ("Ranker", ("a/**",))
    long = of_card(MemoryTree({"b/c.md": "# a" + " #" * 90_000 + "x\n"}), "b/c.md")
    assert long is not None
    assert long.name == "a"
    assert of_card(MemoryTree({}), "nowhere.md") is None

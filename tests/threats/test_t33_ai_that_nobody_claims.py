"""T33: AI use that no system claims: told with its place, in the change that brings it, and in none after it."""

from __future__ import annotations

import pytest
from scratch import Result, Scratch
from world import days_ago, high_system, low_system, to_yaml

from policy_gate.collect import observed
from policy_gate.collect.layout import Layout
from policy_gate.collect.looker import Looker
from policy_gate.collect.policies_of_tree import DEFAULT_CONFIG
from policy_gate.documents.cache import DocumentCache
from policy_gate.vcs.memory_tree import MemoryTree

OLD = "import cohere\nclient = cohere.Client()\n"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("t33"))
    repo.adopt(low_system("development"), files={"legacy/old.py": OLD, "screener/app.py": "x = 1\n"})
    return repo


def brought(repo: Scratch, files: dict[str, str | bytes]) -> Result:
    repo.branch("bring")
    repo.commit("A feature", files=files)
    return repo.check()


def texts(found: Result) -> str:
    return " ".join(item["seen"] for item in found.findings("gap", None) if item["system"] is None)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("bot/reply.py", "import anthropic\nanthropic.Anthropic()\n"),
        ("bot/late.py", 'import importlib\nclient = importlib.import_module("openai").OpenAI()\n'),
        ("bot/late.py", 'client = __import__("open" + "ai")\n'),
        ("bot/late.py", 'from importlib import import_module\nclient = import_module(name="anthropic")\n'),
        ("web/reply.ts", 'import OpenAI from "openai";\n'),
        ("svc/Main.java", "import dev.langchain4j.model.openai.OpenAiChatModel;\nclass Main {}\n"),
        ("cmd/main.go", 'package main\nimport openai "github.com/sashabaranov/go-openai"\n'),
        ("jobs/ask.py", 'import requests\nrequests.post("https://api.mistral.ai/v1/chat/completions")\n'),
        ("assets/ranker.safetensors", b"\x00" * 64),
        ("deploy/llm.yaml", "kind: Deployment\nspec: {containers: [{image: vllm/vllm-openai:v0.6}]}\n"),
        ("legacy/old.py", OLD + "import openai\n"),
        ("bin/ask", "#!/usr/bin/python3.11 -I\nimport openai\n"),
        ("bin/ask", "#!/usr/bin/env -S uv run --script\nimport anthropic\n"),
        ("bin/ask", '#! /usr/bin/env NODE_ENV=x node\nimport OpenAI from "openai";\n'),
        ("bin/.ask", "#!/bin/bash\ncurl https://api.openai.com/v1/chat/completions\n"),
        ("jobs/ask.bat", "curl https://api.openai.com/v1/chat/completions\n"),
        ("jobs/ask.pyx", "import openai\n"),
    ],
)
def test_t33_use_that_no_system_claims_is_a_gap_with_its_place(repo: Scratch, path: str, content: str | bytes) -> None:
    found = brought(repo, {path: content})
    assert (found.code, found.blocking()) == (1, ["that:ai-use-without-system"]), found
    assert f"{path}:" in texts(found)
    assert found.finding("ai-use-without-system")["location"]["path"] == path


@pytest.mark.parametrize(
    "files",
    [
        {"legacy/old.py": OLD + "client.chat(model='command-r-plus')\n"},
        {"tools/load.py": 'import importlib\nlog = importlib.import_module("logging")\nprint("no openai here")\n'},
        {"docs/how.md": "Use `import openai`.\n", "README.md": "We do not use openai.\n"},
        {"tools/check.py": "# import openai\nTEXT = 'import openai'\n"},
        {"tests/test_reply.py": "import openai\n"},
        {"node_modules/openai/index.js": "import OpenAI from 'openai';\n"},
        {"cars/model.py": 'model = "golf-7"\nprompt = "Your name: "\n'},
        {"LICENSE": "import openai\n", "bin/tool": "#!/usr/bin/env python3\nprint('import openai')\n"},
        {"bin/blob": b"#!/usr/bin/env python3\nimport openai\n" + b"\x00" * 1_000_001, "bin/other": "#!/usr/bin/env\n"},
    ],
    ids=[
        "a library by its name",
        "what base uses already",
        "words",
        "comments and texts",
        "a test",
        "what others wrote",
        "another kind of model",
        "no script, or one without AI",
        "a program of another kind",
    ],
)
def test_t33_what_is_none_or_stood_in_base_is_no_gap(repo: Scratch, files: dict[str, str | bytes]) -> None:
    found = brought(repo, files)
    assert (found.code, found.verdict) == (0, "pass"), found


def test_t33_what_may_be_ai_is_told_and_stops_nobody(repo: Scratch) -> None:
    for files in ({"lib/score.py": "from sklearn.linear_model import Ridge\n"}, {"requirements.txt": "openai==1.5\n"}):
        found = brought(repo, files)
        assert (found.code, found.blocking()) == (0, []), found
        assert found.finding("ai-use-perhaps-without-system")["enforcement"] == "advise"


def test_t33_claimed_in_the_same_change_it_is_claimed(repo: Scratch) -> None:
    repo.branch("claim")
    entry = repo.entry("SYS-003")
    repo.edit("SYS-003", paths=[*entry["paths"], "bot/**"])
    repo.commit(
        "A bot of the same system", files={"bot/reply.py": "import anthropic\n", "requirements.txt": "anthropic\n"}
    )
    found = repo.check()
    assert (found.code, found.blocking()) == (1, ["approval:ai-safety-lead"]), "somebody else looks at it once (T68)"
    assert "vendor-changed" in found.changes("SYS-003")
    repo.approve("ai-safety-lead", "first-classification", "SYS-003")
    assert repo.check().code == 0


def test_t33_moved_about_outside_it_is_not_new(repo: Scratch) -> None:
    repo.branch("move")
    repo.git("mv", "legacy/old.py", "legacy/older.py")
    repo.commit("Another name")
    assert repo.check().verdict == "pass"


def test_t33_a_folder_called_tests_hides_no_code_of_a_system(scratch: Scratch) -> None:
    app = 'import openai\nMODEL = "gpt-4o"\n'
    scratch.adopt(high_system("production", stage_since=days_ago(20)), files={"screener/app.py": app})
    scratch.branch("hide")
    scratch.git("rm", "-q", "screener/app.py")
    scratch.commit("Move it", files={"screener/tests/app.py": app.replace("gpt-4o", "deepseek-chat")})
    assert "model-changed" in scratch.check().changes()


NONE = {"schema": "policy-gate/manifest/v1", "systems": [], "reason": "A website without any model, own or hosted."}


@pytest.mark.parametrize(
    "files",
    [
        {"app/x.py": "import openai\n"},
        {"app/x.ts": 'await fetch("https://api.openai.com/v1/chat/completions");\n'},
        {"requirements.txt": "openai==1.50\n"},
        {"app/ranker.onnx": "weights"},
    ],
)
def test_t61_a_repository_without_ai_is_contradicted_by_its_code(
    scratch: Scratch, files: dict[str, str | bytes]
) -> None:
    scratch.write({"governance.yaml": to_yaml(NONE), "app/y.py": "y = 1\n"})
    scratch.commit("A website")
    scratch.branch("ai")
    scratch.commit("A feature", files=files)
    found = scratch.check()
    assert (found.code, found.blocking()) == (1, ["that:no-ai-contradicted"]), found
    assert next(iter(files)) in texts(found)

    scratch.branch("plain")
    scratch.commit("A page", files={"app/y.py": "y = 2  # no openai here\n", "docs/ai.md": "openai\n"})
    assert scratch.check().code == 0


def test_t61_to_say_so_over_code_that_shows_ai_is_contradicted_too(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"), files={"bot/reply.py": OLD})
    scratch.branch("none")
    scratch.write({"governance.yaml": to_yaml(NONE)})
    scratch.commit("There is none")
    assert "that:no-ai-contradicted" in scratch.check().blocking()


def test_t61_to_say_so_over_what_is_not_looked_at_is_told(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"), files={"a.py": "x = 1\n" + "#" * 1_100_000})
    scratch.branch("none")
    scratch.write({"governance.yaml": to_yaml(NONE)})
    scratch.commit("There is none")
    assert "a.py: the file is too large" in " ".join(scratch.check().report["trust"]["notes"])


def test_t61_a_whole_tree_that_is_not_looked_at_to_its_end_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observed, "_MOST_OF_A_TREE", 2)
    layout = Layout(DEFAULT_CONFIG)
    tree = MemoryTree({f"{name}.py": b"x = 1\n" for name in "abc"} | {"d.py": b"import openai\n"})
    seen = observed._all_of(tree, Looker(DocumentCache(), layout), layout)
    assert ([it.path for it in seen.unread], seen.signals) == (["c.py"], ())


def test_t48_code_put_in_first_is_a_finding_of_the_change_that_brings_it(repo: Scratch) -> None:
    first = brought(repo, {"ranker/app.py": "from transformers import pipeline\n"})
    assert (first.code, first.blocking()) == (1, ["that:ai-use-without-system"])

"""T33: AI use that no system claims: told with its place, in the change that brings it, and in none after it."""

from __future__ import annotations

import pytest
from scratch import Result, Scratch
from world import days_ago, high_system, low_system, to_yaml

from policy_gate.collect import observed
from policy_gate.collect.layout import Layout
from policy_gate.collect.looker import Looker
from policy_gate.collect.policies_of_tree import DEFAULT_CONFIG
from policy_gate.discover.places import MOST_OF_PROGRAM
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
        ("jobs/ask.py", "from langchain_groq import ChatGroq\n"),
        ("jobs/deploy.py", 'import boto3\nboto3.client("sagemaker").create_endpoint(EndpointName="rank")\n'),
        ("jobs/agent.py", "from strands import Agent\nAgent()\n"),
        ("jobs/faces.py", "import face_recognition\n"),
        ("jobs/train.py.tmpl", "import openai\n{{ if .x }}\n"),
        ("jobs/run.sh", "set -e\naws bedrock-runtime invoke-model --model-id x out.json\n"),
        ("svc/Ask.cs", 'builder.AddOllamaApiClient("chat");\n'),
        ("svc/ask.php", "<?php\n$h = ['anthropic-version' => '2023-06-01'];\n"),
        ("svc/ask.rs", "use candle_core::Tensor;\n"),
        ("infra/stack.ts", "import * as bedrock from 'aws-cdk-lib/aws-bedrock';\n"),
        (
            "books/deploy.ipynb",
            '{"cells": [{"cell_type": "code", "source": ["sm = boto3.client(\'sagemaker\')"]}]}\n',
        ),
        ("deploy/llm.yaml", "kind: Deployment\nspec: {containers: [{image: vllm/vllm-openai:v0.6}]}\n"),
        ("legacy/old.py", OLD + "import openai\n"),
        ("compose.yaml", "services:\n  app:\n    models: [llm]\nmodels:\n  llm:\n    model: ai/smollm2\n"),
        ("flows/ask.json", '{"nodes": [{"type": "@n8n/n8n-nodes-langchain.agent"}]}\n'),
        ("bin/ask", "#!/usr/bin/python3.11 -I\nimport openai\n"),
        ("bin/ask", "#!/usr/bin/env -S uv run --script\nimport anthropic\n"),
        ("bin/ask", '#! /usr/bin/env NODE_ENV=x node\nimport OpenAI from "openai";\n'),
        ("bin/.ask", "#!/bin/bash\ncurl https://api.openai.com/v1/chat/completions\n"),
        ("jobs/ask.bat", "curl https://api.openai.com/v1/chat/completions\n"),
        ("jobs/ask.pyx", "import openai\n"),
        (
            ".github/workflows/ask.yml",
            "jobs:\n  a:\n    steps:\n      - shell: python\n        run: |\n          import openai\n",
        ),
        ("jobs/ask.sh", "#!/bin/sh\npython3 - <<'END'\nimport openai\nEND\n"),
        ("db/rate.sql", "SELECT id, Snowflake.Cortex.Complete('llama3-70b', cv) FROM applicants;\n"),
        ("db/rate.sql", "select id,\n  AI_QUERY('databricks-meta-llama-3-70b-instruct', cv)\nfrom applicants;\n"),
        ("db/model.sql", "CREATE OR REPLACE MODEL hr.m REMOTE WITH CONNECTION eu.llm OPTIONS (ENDPOINT = 'x');\n"),
        ("db/dump.sql", "insert into t values " + "(1), " * 2000 + "(ml.generate_text(x));\n"),
        ("web/index.html", "<p>Hi</p>\n<SCRIPT type='module'>\nfetch('https://api.openai.com/v1/x')\n</SCRIPT>\n"),
        ("web/index.htm", "<script>import OpenAI from 'https://esm.sh/openai@4'</script>\n"),
        ("web/reply.ts", 'import OpenAI from "npm:openai@4.2";\n'),
        ("web/reply.js", "import x from 'https://cdn.jsdelivr.net/npm/@anthropic-ai/sdk@0.3/+esm';\n"),
        ("web/page.astro", "---\nimport OpenAI from 'openai'\n---\n<p/>\n"),
        ("svc/Rate.vb", "Imports OpenAI.Chat\n"),
        ("svc/rate.pl", 'my $url = "https://api.openai.com/v1/chat/completions";\n'),
        ("jobs/ask.http", "POST https://api.openai.com/v1/chat/completions\n"),
        ("jobs/ask.sh", 'set -e\nclaude -p "Rate this applicant: $1" > rating\n'),
        ("jobs/ask.sh", "cat cv.txt | LLM_USER=x ollama run llama3\n"),
        (".github/workflows/ask.yml", "jobs: {a: {steps: [\n  {run: 'gh models run openai/gpt-4o rate'}]}}\n"),
        ("deploy/llm.Dockerfile", "FROM Ollama/ollama:latest\n"),
        ("deploy/llm.yaml", "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\n"),
        ("deploy/stack.yaml", "Resources:\n  A:\n    Type: AWS::Bedrock::Agent\n"),
        ("deploy/main.tf.json", '{"resource": {"aws_bedrockagent_agent": {}}}\n'),
        ("web/wide.ts", 'import OpenAI from "openai";\n'.encode("utf-16")),
        ("svc/Wide.cs", "using OpenAI.Chat;\nclass A {}\n".encode("utf-16-le")),
        ("bot/stated.py", b"# vim: fileencoding=utf-7 :\nimport +AG8AcABlAG4AYQBp-\n"),
        ("bot/stated.py", b"# coding: cp037\n" + "import openai\n".encode("cp037")),
        ("svc/Escaped.java", "\\u0069mport dev.l\\u0061ngchain4j.model.openai.OpenAiChatModel;\nclass Main {}\n"),
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
        {
            "cars/model.py": 'model = "golf-7"\nprompt = "Your name: "\n',
            "cars/all.json": '[{"modelName": "golf-7", "model": "a-4"}, {"modelName": "polo-6"}]\n',
            "cars/compose.yaml": "services:\n  models:\n    image: cars/models:7\n",
        },
        {
            "tools/wide.py": "# import openai\nX = 'import openai'\n".encode("utf-16"),
            "tools/k.py": "# coding: koi8-r\n",
        },
        {
            "db/plain.sql": "-- ai_query( is not used\ncreate table ai_query (id int);\n"
            "insert into ai_filter(id) values (1);\nselect ai.name, ml.name from ai join ml;\n",
            "db/dump.sql": "insert into t values (1);\n" * 50_000,
        },
        {"web/us.html": "<p>We never call https://api.openai.com or import x from 'openai'</p><script>x()</script>"},
        {
            ".github/ISSUE_TEMPLATE/bug.yml": "body: [{label: Do you use ollama run or claude -p here?}]\n",
            "jobs/build.sh": "# ollama run llama3\necho ollama is not needed\n",
        },
        {"LICENSE": "import openai\n", "bin/tool": "#!/usr/bin/env python3\nprint('import openai')\n"},
        {
            "bin/blob": b"#!/usr/bin/env python3\nimport openai\n" + b"\x00" * MOST_OF_PROGRAM,
            "bin/other": "#!/usr/bin/env\n",
        },
        {"jobs/wf.py": 'OPTIONS = ["mistral.db.v2.api", "cohere.router", "phi1_"]\n'},
        {"jobs/copy.py": 'import boto3\nboto3.client("s3").copy(SERVICES["sagemaker"])\n'},
        {"jobs/state.py": 'import pickle\nstate = pickle.load(open("state.pkl", "rb"))\n'},
        {"jobs/run.sh": "set -e\naws s3 ls\npip install pandas\n"},
        {"ops/system.md": "# Systems\n\nTwo of them run.\n"},
    ],
    ids=[
        "a library by its name",
        "what base uses already",
        "words",
        "comments and texts",
        "a test",
        "what others wrote",
        "another kind of model",
        "comments and texts in another encoding",
        "tables that are called like functions",
        "what a page shows",
        "prose and remarks about commands",
        "no script, or one without AI",
        "a program of another kind",
        "modules and letters that are called like models",
        "another service of a cloud",
        "a state from a file",
        "other commands",
        "prose under a heading",
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


def test_t33_a_pointer_in_place_of_a_program_is_told(repo: Scratch) -> None:
    """What it stands for is not in the tree, so that it may ask whatever it likes."""
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 1234\n"
    found = brought(repo, {"screener/rank.py": pointer})
    notes = " ".join(found.report["trust"]["notes"])
    assert (found.blocking(), "screener/rank.py: is a pointer of Git LFS" in notes) == (
        ["that:ai-use-without-system"],
        True,
    ), found


@pytest.mark.parametrize("line", ["python -c 'import os, openai; print(1)'", 'python3 -I -c "import openai"'])
def test_t33_one_line_that_tries_a_library_is_told(repo: Scratch, line: str) -> None:
    found = brought(repo, {"Dockerfile": f"FROM python\nRUN {line}\n"})
    assert (found.code, found.blocking()) == (0, []), found
    assert found.finding("ai-use-perhaps-without-system")["location"]["line"] == 2


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
    scratch.adopt(low_system("development"), files={"a.py": "x = 1\n" + "#" * MOST_OF_PROGRAM})
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


IMAGE = "kind: Deployment\nspec: {containers: [{image: vllm/vllm-openai:v0.6}]}\n"
ASKS = "import openai\nopenai.OpenAI()\n"


def workflow(*commands: str, more: str = "") -> str:
    steps = "".join(f"      - run: {command}\n" for command in commands)
    return f"on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n{steps}{more}"


@pytest.mark.parametrize("path", ["policies/llm.yaml", "policies/k8s/llm.yml"])
def test_t33_settings_of_others_lie_beside_what_is_the_gates(repo: Scratch, path: str) -> None:
    found = brought(repo, {path: IMAGE})
    assert (found.code, found.blocking()) == (1, ["that:ai-use-without-system"]), found


def test_t33_settings_of_others_beside_policies_may_be_claimed_and_say_nothing(repo: Scratch) -> None:
    found = brought(repo, {"policies/pods.yaml": "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\n"})
    assert (found.code, found.verdict) == (0, "pass"), found
    repo.branch("claim")
    repo.edit("SYS-003", paths=["summariser/**", "policies/llm.yaml"])
    repo.commit("Ours", files={"policies/llm.yaml": IMAGE})
    assert repo.check().blocking() == ["approval:ai-safety-lead"]


WAYS: dict[str, dict[str, str]] = {
    "workflow": {".github/workflows/run.yml": workflow("pip install x", "python {path}")},
    "module": {".github/workflows/run.yml": workflow("python -m {module}")},
    "after tests": {".github/workflows/run.yml": workflow("pytest && python {path} pytest")},
    "its folder": {".github/workflows/run.yml": workflow("cd {folder} && python run.py")},
    "working-directory": {
        ".github/workflows/run.yml": workflow("python run.py", more="        working-directory: ./{folder}\n")
    },
    "gitlab": {".gitlab-ci.yml": "job:\n  script:\n    - python {path}\n"},
    "action": {".github/actions/ask/action.yml": "runs:\n  steps:\n    - run: python {path}\n      shell: bash\n"},
    "script": {"serve.sh": "#!/bin/sh\ncd {folder}\nexec python run.py\n"},
    "image": {"Dockerfile": "FROM python\nWORKDIR {folder}\nCMD python run.py\n"},
    "import": {"tools/start.py": "from {package} import run\n"},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("folder", ["tests", "docs", "examples", "vendor", "third_party/ask"])
def test_t33_what_lies_apart_and_is_started_from_there(repo: Scratch, folder: str, way: str) -> None:
    path = f"{folder}/run.py"
    words = {"path": path, "folder": folder, "package": folder.replace("/", "."), "module": path[:-3].replace("/", ".")}
    files: dict[str, str | bytes] = {}
    for name, text in WAYS[way].items():
        for word, value in words.items():
            text = text.replace(f"{{{word}}}", value)  # noqa: PLW2901
        files[name] = text
    alone = brought(repo, {path: ASKS})
    assert (alone.code, alone.blocking()) == (0, []), "control: nothing starts it"
    assert brought(repo, {path: ASKS, **files}).blocking() == ["that:ai-use-without-system"]
    repo.branch("first")
    repo.commit("Beside the product", files={path: ASKS})
    repo.branch("then", "first")
    repo.commit("Start it", files=files)
    then = repo.check("--base", "refs/heads/first")
    assert then.blocking() == ["that:ai-use-without-system"], then
    assert path in texts(then)


@pytest.mark.parametrize(
    "command",
    [
        "pytest tests/run.py",
        "python -m pytest tests/run.py",
        ".venv/bin/pytest tests",
        "ruff check tests/run.py",
        "node --test tests/run.py",
        "echo hello # python tests/run.py",
        "pip install -r tests/requirements.txt",
    ],
)
def test_t33_what_runs_tests_starts_no_product(repo: Scratch, command: str) -> None:
    files: dict[str, str | bytes] = {"tests/run.py": ASKS, ".github/workflows/test.yml": workflow(command)}
    found = brought(repo, files)
    assert (found.code, found.blocking()) == (0, []), found


def test_t33_what_leaves_examples_out_refers_to_none(repo: Scratch) -> None:
    tools: dict[str, str | bytes] = {
        "ruff.toml": 'exclude = ["examples/*", "tests/*"]\n[lint.per-file-ignores]\n"examples/ask.py" = ["E"]\n',
        "mkdocs.yml": 'nav: ["examples/ask.py"]\n',
        ".github/dependabot.yml": "updates: [{directory: examples/ask}]\n",
        "README.md": "Run `python examples/ask.py`.\n",
    }
    found = brought(repo, {"examples/ask.py": ASKS, "tests/helpers.py": ASKS, **tools})
    assert (found.code, found.blocking()) == (0, []), found


def test_a_type_alone_is_told_and_stops_nobody_and_the_client_of_that_type_that_is_asked_does(repo: Scratch) -> None:
    named = 'import type OpenAI from "openai";\nexport type Props = { client: OpenAI; label: string };\n'
    told = brought(repo, {"web/props.ts": named})
    assert told.verdict in ("pass", "conditions"), told
    assert "web/props.ts" in told.out
    asked = brought(repo, {"web/ask.ts": named + "export const f = (p: Props) => p.client.responses.create({});\n"})
    assert asked.verdict == "block"
    assert "web/ask.ts" in texts(asked)

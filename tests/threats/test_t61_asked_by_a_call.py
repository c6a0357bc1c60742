"""T61: a call, or another tool's file, names model, version, provider or prompt by a name that nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from exchanged import Exchange, adopted, exchanged
from scratch import Scratch
from world import days_ago, high_system

CALLED: Final[Mapping[str, Exchange]] = {
    "spaCy": ("a.py", 'import spacy\nnlp = spacy.load("@@")\n', ("en_core_web_sm", "en_rejecter"), "model"),
    "torch hub": ("b.py", 'import torch\nm = torch.hub.load("house/models", "@@")\n', ("fair", "harsh"), "model"),
    "timm": ("c.py", 'import timm\nm = timm.create_model("@@")\n', ("vit_base", "vit_tiny"), "model"),
    "a registry": (
        "d.py",
        'import mlflow\nm = mlflow.pyfunc.load_model("models:/@@")\n',
        ("rank/Production", "rank/Staging"),
        "model",
    ),
    "a bucket": (
        "e.py",
        'import joblib\nm = joblib.load(open_from("x") or "y")\nn = joblib.load("@@")\n',
        ("/mnt/fair.joblib", "/mnt/harsh.joblib"),
        "model",
    ),
    "a revision": (
        "f.py",
        'from transformers import AutoModel\nm = AutoModel.from_pretrained("acme/rank-1", revision="@@")\n',
        ("4f2c1d9", "9aa0b3e"),
        "model",
    ),
    "an endpoint": (
        "g.py",
        'import boto3\nc = boto3.client("sagemaker-runtime")\nc.invoke_endpoint(EndpointName="@@")\n',
        ("fair", "harsh"),
        "model",
    ),
    "an endpoint in TypeScript": (
        "g.ts",
        'import { X } from "@aws-sdk/client-sagemaker-runtime";\nawait c.send(new X({ EndpointName: "@@" }));\n',
        ("fair", "harsh"),
        "model",
    ),
    "an endpoint of Vertex": (
        "h.py",
        'from google.cloud import aiplatform\ne = aiplatform.Endpoint("@@")\n',
        ("projects/1/locations/eu/endpoints/11", "projects/1/locations/eu/endpoints/12"),
        "model",
    ),
    "a version at a host": ("i.py", 'import replicate\nreplicate.run("acme/rank:@@", x)\n', ("a1b2", "c3d4"), "model"),
    "who serves it": (
        "j.py",
        'from langchain.chat_models import init_chat_model\nm = init_chat_model("rank-8b", model_provider="@@")\n',
        ("groq", "fireworks"),
        "vendor",
    ),
    "a prompt of a hub": ("k.py", 'from langchain import hub\np = hub.pull("@@")\n', ("a/fair", "a/harsh"), "prompt"),
    "a prompt of a service": (
        "l.py",
        'import openai\nfrom langfuse import get_client\np = get_client().get_prompt("@@")\n',
        ("fair", "harsh"),
        "prompt",
    ),
    "another version of a prompt": (
        "m.py",
        'import openai\nask(prompt={"id": "pmpt_68a1b2c3d4", "version": "@@"})\n',
        ("2", "3"),
        "prompt",
    ),
    "a model that a compose file runs": (
        "compose.yaml",
        "services:\n  app:\n    models: [llm]\nmodels:\n  llm:\n    model: @@\n",
        ("hf.co/acme/fair-1", "hf.co/acme/harsh-1"),
        "model",
    ),
    "a workflow": (
        "flow.json",
        '{"nodes": [{"type": "@n8n/n8n-nodes-langchain.lmChatOpenAi", "parameters": {"model": "@@"}}]}\n',
        ("house-1", "house-2"),
        "model",
    ),
}


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    return adopted(Scratch(tmp_path_factory.mktemp("t61")), CALLED)


@pytest.mark.parametrize("name", CALLED)
def test_t61_what_a_call_names_is_exchanged_by_nobody_alone(repo: Scratch, name: str) -> None:
    found = exchanged(repo, CALLED[name])
    assert (found.code, f"{CALLED[name][3]}-changed" in found.changes()) == (1, True), found


HARMLESS: Final[Mapping[str, tuple[str, str]]] = {
    "where the rows are": ("a.py", "rows = np.load('/data/rows-2.npy')\n"),
    "settings that are loaded": ("d.py", "settings = config.load('/etc/rank.yaml')\n"),
    "another endpoint of its own": ("g.py", "ROUTE = '/rank/v2'\n"),
    "who logs people in": ("j.py", "auth_provider = 'okta'\n"),
    "a pull of something else": ("k.py", "queue.pull('jobs/1')\n"),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_t61_other_calls_of_such_names_are_let_be(repo: Scratch, name: str) -> None:
    path, more = HARMLESS[name]
    _, text, (first, _), _ = next(it for it in CALLED.values() if it[0] == path)
    repo.branch("tidy")
    repo.commit("Tidy up", files={f"screener/{path}": text.replace("@@", first) + more})
    found = repo.check()
    assert (found.code, found.changes()) == (0, []), found


def test_t61_weights_that_move_within_the_repository_are_no_other_model(scratch: Scratch) -> None:
    files: dict[str, str | bytes] = {
        "screener/app.py": 'import keras\nm = keras.models.load_model("screener/one.keras")\n',
        "screener/one.keras": b"\x00one" * 50,
    }
    scratch.adopt(high_system("production", stage_since=days_ago(20)), files=files)
    scratch.branch("move")
    scratch.git("mv", "screener/one.keras", "screener/ranker.keras")
    scratch.commit("Better names", files={"screener/app.py": str(files["screener/app.py"]).replace("one.", "ranker.")})
    found = scratch.check()
    assert (found.code, found.changes()) == (0, []), found

"""T61: a model that a registry, a bucket or a folder outside keeps is another by how code or settings refer to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import pytest
from scratch import Scratch
from world import days_ago, high_system


class Edit(NamedTuple):
    """One file, and what stands in it before and after."""

    path: str
    text: str
    before: str
    after: str


TRICKS: Final[Mapping[str, Edit]] = {
    "a registry's address in settings": Edit("serve.yaml", "model_uri: models:/ranker/12\n", "/12", "/13"),
    "a bucket in settings": Edit("values.yaml", "ranker:\n  modelUri: s3://acme/ranker/1\n", "ranker/1", "ranker/2"),
    "a manifest of a serving platform": Edit(
        "deployment.yaml",
        "apiVersion: machinelearning.seldon.io/v1\nspec:\n  graph:\n    modelUri: gs://acme/ranker-1\n",
        "ranker-1",
        "ranker-2",
    ),
    "a revision by a constant": Edit(
        "a.py",
        "from transformers import AutoModel\n\nREVISION = 'abc1234'\n"
        "m = AutoModel.from_pretrained('acme/r', revision=REVISION)\n",
        "abc1234",
        "def5678",
    ),
    "an artifact of a tracker": Edit(
        "a.py",
        "import torch\nimport wandb\n\na = wandb.use_artifact('acme/hr/ranker:v3', type='model')\n",
        ":v3",
        ":v4",
    ),
    "a tag of a model store": Edit(
        "a.py", "import bentoml\n\nm = bentoml.sklearn.load_model('ranker:1')\n", "ranker:1", "ranker:2"
    ),
    "a folder beside the program": Edit(
        "a.py", "from transformers import AutoModel\n\nm = AutoModel.from_pretrained('./models/v2')\n", "v2", "v3"
    ),
    "an adapter of a model": Edit(
        "a.py",
        "from peft import PeftModel\n\nm = PeftModel.from_pretrained(base, 'acme/ranker-lora-1')\n",
        "lora-1",
        "lora-2",
    ),
    "an adapter in the environment": Edit(
        ".env", "LORA_ADAPTER=acme/ranker-lora-1\nMODEL=meta-llama/Llama-3.1-8B\n", "lora-1", "lora-2"
    ),
    "weights of any ending, handed to what loads them": Edit(
        "a.py", "import fasttext\n\nm = fasttext.load_model('cc.en.300.bin')\n", "cc.en", "cc.de"
    ),
    "weights of any ending, by the name that they are handed over by": Edit(
        "a.py", "import lightgbm as lgb\n\nb = lgb.Booster(model_file='ranker_v1.txt')\n", "v1", "v2"
    ),
    "weights of R": Edit("a.R", "library(xgboost)\nmodel <- readRDS('model.rds')\n", "model.rds", "model2.rds"),
    "a folder of an address": Edit(
        "a.py",
        "import onnxruntime\n\ns = onnxruntime.InferenceSession(fetch('gs://acme/ranker/7/model.onnx'))\n",
        "ranker/7",
        "ranker/8",
    ),
    "one of several files of weights": Edit(
        "a.py",
        "from llama_cpp import Llama\n\nm = Llama.from_pretrained(repo_id='acme/rank-GGUF', filename='*q4_0.gguf')\n",
        "q4_0",
        "q8_0",
    ),
}


def changes(scratch: Scratch, edit: Edit) -> list[str]:
    path = f"screener/{edit.path}"
    assert edit.before in edit.text
    scratch.adopt(high_system("production", stage_since=days_ago(20), paths=["screener/**"]), files={path: edit.text})
    scratch.branch()
    scratch.commit("Another", files={path: edit.text.replace(edit.before, edit.after)})
    return scratch.check().changes()


@pytest.mark.parametrize("way", TRICKS)
def test_t61_another_reference_is_another_model(scratch: Scratch, way: str) -> None:
    assert changes(scratch, TRICKS[way]) in (["model-changed"], ["weights-changed"])


HONEST: Final[Mapping[str, Edit]] = {
    "a way to weigh": Edit(
        "a.py",
        "from sklearn.neighbors import KNeighborsClassifier\n\nk = KNeighborsClassifier(weights='distance')\n",
        "distance",
        "uniform",
    ),
    "a migration": Edit(
        "a.py", "from alembic import op\n\nrevision = 'abc1234'\ndown_revision = None\n", "abc1", "def5"
    ),
    "a driver of a database": Edit("database.yml", "production:\n  adapter: postgresql\n", "postgresql", "mysql2"),
    "weights in another folder": Edit(
        "a.py", "import fasttext\n\nm = fasttext.load_model('models/en.bin')\n", "models/", "data/"
    ),
    "a table of R": Edit("a.R", "library(xgboost)\nrows <- readRDS('rows.rds')\n", "rows.rds", "lines.rds"),
    "all files of weights": Edit("a.py", "import torch\n\nfiles = find('*.pt')\n", "*.pt", "*.pth"),
}


@pytest.mark.parametrize("way", HONEST)
def test_t61_control_what_is_no_reference_asks_nobody(scratch: Scratch, way: str) -> None:
    assert changes(scratch, HONEST[way]) == []


def test_t61_control_a_folder_of_the_same_weights_may_be_renamed(scratch: Scratch) -> None:
    code = TRICKS["a folder beside the program"].text
    system = high_system("production", stage_since=days_ago(20), paths=["screener/**"])
    scratch.adopt(system, files={"screener/a.py": code, "screener/models/v2/part-1": b"\x00one" * 90})
    scratch.branch()
    scratch.git("mv", "screener/models/v2", "screener/models/ranker")
    scratch.commit("Rename", files={"screener/a.py": code.replace("v2", "ranker")})
    assert scratch.check().changes() == []
    scratch.commit("Retrained", files={"screener/models/ranker/part-1": b"\x00two" * 90})
    assert scratch.check().changes() == ["weights-changed"]

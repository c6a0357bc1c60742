"""T61: a script, an image or a deployment that fetches weights has another model by what it fetches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from scratch import Scratch
from test_t61_models_fetched_from_elsewhere import ANOTHER
from test_t61_models_kept_elsewhere import Edit, changes

SHELL: Final = "#!/bin/sh\nset -e\n"
IMAGE: Final = "FROM python:3\n"
INIT: Final = "spec:\n  initContainers:\n  - command: [wget, 'https://acme.example/rank_1.onnx']\n"

FETCHED: Final[Mapping[str, Edit]] = {
    "curl": Edit("get.sh", f"{SHELL}curl -o rank.onnx https://acme.example/rank_1.onnx\n", "rank_1", "rank_2"),
    "a base in a variable": Edit("get.sh", f'{SHELL}curl -O "$BASE/rank_1.onnx"\n', "rank_1", "rank_2"),
    "a version of an object": Edit(
        "get.sh", f"{SHELL}curl -O 'https://acme.example/rank.onnx?versionId=a1'\n", "=a1", "=a2"
    ),
    "wget in an image": Edit("Dockerfile", f"{IMAGE}RUN wget https://acme.example/r_1.gguf -O /r\n", "r_1", "r_2"),
    "an image that adds it": Edit("Dockerfile", f"{IMAGE}ADD https://acme.example/r_1.safetensors /m/\n", "r_1", "r_2"),
    "other bytes at one address": Edit(
        "Dockerfile",
        f"{IMAGE}ADD --checksum=sha256:{'a' * 64} https://acme.example/rank.onnx /m/\n",
        "a" * 64,
        "b" * 64,
    ),
    "a file of a bucket": Edit("get.sh", f"{SHELL}aws s3 cp s3://acme/rank/1/model.tar.gz .\n", "rank/1", "rank/2"),
    "a pickle of a bucket": Edit("get.sh", f"{SHELL}gsutil cp gs://acme/rank/1/model.pkl .\n", "rank/1", "rank/2"),
    "a folder of a bucket": Edit("get.sh", f"{SHELL}aws s3 sync s3://acme/models/rank/1 /m\n", "rank/1", "rank/2"),
    "make": Edit("Makefile", "get:\n\tcurl -o m https://acme.example/model_1.pkl\n", "model_1", "model_2"),
    "before a container starts": Edit("k8s.yaml", INIT, "rank_1", "rank_2"),
    "a script of a package": Edit(
        "package.json", '{"scripts": {"get": "curl -O https://acme.example/rank_1.onnx"}}\n', "rank_1", "rank_2"
    ),
    "a program without a library": Edit(
        "get.py",
        "from urllib.request import urlretrieve\n\nurlretrieve('https://acme.example/rank_1.onnx', 'r')\n",
        "rank_1",
        "rank_2",
    ),
    "a command of the hub": Edit("get.sh", f"{SHELL}hf download acme/rank-a --local-dir m\n", "rank-a", "rank-b"),
    "the same behind options": Edit("get.sh", f"{SHELL}hf download --quiet acme/rank-a\n", "rank-a", "rank-b"),
    "the same as a list": Edit("job.yaml", "args: ['hf', 'download', 'acme/rank-a']\n", "rank-a", "rank-b"),
    "a revision": Edit("Dockerfile", f"{IMAGE}RUN hf download acme/rank --revision abc1\n", "abc1", "abc2"),
    "a repository that a remark calls data": Edit(
        "get.sh", f"{SHELL}hf download acme/rank-a # --repo-type dataset\n", "rank-a", "rank-b"
    ),
    "a repository whose kind is said twice": Edit(
        "get.sh", f"{SHELL}hf download acme/rank-a --repo-type dataset --repo-type model\n", "rank-a", "rank-b"
    ),
    "a command of a store": Edit(
        "get.sh", f"{SHELL}az ml model download --name rank --version 1\n", "version 1", "version 2"
    ),
    "a registry": Edit("get.sh", f"{SHELL}mlflow artifacts download --artifact-uri models:/rank/1\n", "k/1", "k/2"),
    "a package that is a model": Edit("get.sh", f"{SHELL}python -m spacy download en_core_web_sm\n", "_sm", "_lg"),
}


@pytest.mark.parametrize("way", FETCHED)
def test_t61_other_weights_are_fetched(scratch: Scratch, way: str) -> None:
    assert changes(scratch, FETCHED[way]) in ANOTHER


RANK: Final = "https://acme.example/rank_1.onnx"
NOT_FETCHED: Final[Mapping[str, Edit]] = {
    "rows by the same command": Edit(
        "get.sh", f"{SHELL}curl -O {RANK}\ncurl -O https://acme.example/rows_1.csv\n", "rows_1", "rows_2"
    ),
    "rows of a bucket": Edit("get.sh", f"{SHELL}aws s3 cp s3://acme/rows/1/rows.tar.gz .\n", "rows/1", "rows/2"),
    "a folder of rows": Edit("get.sh", f"{SHELL}aws s3 sync s3://acme/rows/1 /r\ncurl -O {RANK}\n", "s/1", "s/2"),
    "how long it waits": Edit("get.sh", f"{SHELL}curl --max-time 30 -O {RANK}\n", "30", "60"),
    "a tool beside it": Edit(
        "Dockerfile",
        f"{IMAGE}ADD {RANK} /m/\nADD https://acme.example/tool-1.0.tar.gz /t/\n",
        "tool-1.0",
        "tool-1.1",
    ),
    "the checksum of a tool": Edit(
        "Dockerfile",
        f"{IMAGE}ADD {RANK} /m/\nADD --checksum=sha256:{'a' * 64} https://acme.example/tool.tar.gz /t/\n",
        "a" * 64,
        "b" * 64,
    ),
    "a remark": Edit("get.sh", f"{SHELL}# was https://acme.example/rank_0.onnx\ncurl -O {RANK}\n", "rank_0", "rank_9"),
    "a line of the README": Edit("README.md", f"Fetch {RANK} first.\n", "rank_1", "rank_2"),
    "documentation of a program": Edit("get.py", f'"""Reads.\n\nSee {RANK}\n"""\nx = 1\n', "rank_1", "rank_2"),
    "a page about models": Edit("app.yaml", "help: https://acme.example/models.html\n", "models.h", "our-models.h"),
    "a site in Portugal": Edit("get.sh", f"{SHELL}curl https://www.acme.pt\ncurl -O {RANK}\n", "www.acme", "api.acme"),
    "data of the hub": Edit("get.sh", f"{SHELL}hf download acme/rows-a --repo-type dataset\n", "rows-a", "rows-b"),
    "data of the hub over two lines": Edit(
        "get.sh", f"{SHELL}hf download acme/rows \\\n  --revision a1 --repo-type dataset\n", "a1", "a2"
    ),
    "where it is put": Edit("get.sh", f"{SHELL}hf download acme/rank --local-dir one\n", "one", "two"),
    "data of a store": Edit("get.sh", f"{SHELL}az ml data show --name rows --version 1\n", "version 1", "version 2"),
    "a list of steps": Edit("job.yaml", "args: ['curl', '-O', 'https://acme.example/a_1.csv']\n", "a_1", "a_2"),
}


@pytest.mark.parametrize("way", NOT_FETCHED)
def test_t61_control_what_fetches_the_same_weights_asks_nobody(scratch: Scratch, way: str) -> None:
    assert changes(scratch, NOT_FETCHED[way]) == []

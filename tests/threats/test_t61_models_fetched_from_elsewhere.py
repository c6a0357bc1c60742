"""T61: a model that is fetched, by a library, a command or settings, is another by what it is fetched by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from scratch import Scratch
from test_t61_models_kept_elsewhere import Edit, changes

HUB: Final = "from huggingface_hub import hf_hub_download, snapshot_download\n\n"
ANOTHER: Final = (["model-changed"], ["weights-changed"], ["model-changed", "weights-changed"])
DATA: Final = "import torch\nfrom datasets import load_dataset\nfrom huggingface_hub import hf_hub_download\n\n"

FETCHED: Final[Mapping[str, Edit]] = {
    "a repository of the hub": Edit(
        "a.py", f"{HUB}p = hf_hub_download('acme/rank-a', 'config.json')\n", "rank-a", "rank-b"
    ),
    "the same by its parameter": Edit(
        "a.py", f"{HUB}p = snapshot_download(repo_id='acme/rank-a', repo_type='model')\n", "rank-a", "rank-b"
    ),
    "the same by a variable": Edit("a.py", f"{HUB}REPO = 'acme/rank-a'\np = snapshot_download(REPO)\n", "k-a", "k-b"),
    "a revision of it": Edit("a.py", f"{HUB}p = snapshot_download('acme/rank', revision='v1')\n", "v1", "v2"),
    "a file of it": Edit("a.py", f"{HUB}p = hf_hub_download('acme/rank', 'en.bin')\n", "en.bin", "de.bin"),
    "weights in a repository for data": Edit(
        "a.py",
        f"{HUB}p = hf_hub_download('acme/rank-a', 'x.safetensors', repo_type='dataset')\n",
        "rank-a",
        "rank-b",
    ),
    "the hub of skops": Edit(
        "a.py", "from skops import hub_utils\n\nhub_utils.download(repo_id='acme/r-a', dst='m')\n", "r-a", "r-b"
    ),
    "a version in a store": Edit(
        "a.py",
        "from azure.ai.ml import MLClient\n\nm = MLClient(c).models.get(name='rank', version='1')\n",
        "version='1'",
        "version='2'",
    ),
    "a bucket of SageMaker": Edit(
        "a.py",
        "from sagemaker.model import Model\n\nm = Model(model_data='s3://acme/rank/1/out.tar.gz', image_uri=i)\n",
        "rank/1",
        "rank/2",
    ),
    "a bucket by its client": Edit(
        "a.py",
        "import boto3\n\nc = boto3.client('sagemaker')\n"
        "c.create_model(PrimaryContainer={'ModelDataUrl': 's3://acme/rank/1/out.tar.gz'})\n",
        "rank/1",
        "rank/2",
    ),
    "a bucket of Vertex": Edit(
        "a.py",
        "from google.cloud import aiplatform\n\naiplatform.Model.upload(artifact_uri='gs://acme/rank/1')\n",
        "rank/1",
        "rank/2",
    ),
    "an archive in a bucket": Edit(
        "a.py", "import torch\n\nfetch('s3://acme/models/1/rank.tar.gz')\n", "models/1", "models/2"
    ),
    "an address of the hub": Edit(
        "a.py",
        "import torch\n\nfetch('https://huggingface.co/acme/rank-a/resolve/main/model.onnx')\n",
        "rank-a",
        "rank-b",
    ),
    "a clone of a hub's repository": Edit(
        "a.py", "import torch\n\nrun('git clone https://huggingface.co/acme/rank-a')\n", "rank-a", "rank-b"
    ),
}


@pytest.mark.parametrize("way", FETCHED)
def test_t61_another_model_is_fetched_by_code(scratch: Scratch, way: str) -> None:
    assert changes(scratch, FETCHED[way]) in ANOTHER


NOT_FETCHED: Final[Mapping[str, Edit]] = {
    "a data set": Edit(
        "a.py", f"{DATA}p = hf_hub_download('acme/rows-a', 'a.csv', repo_type='dataset')\n", "rows-a", "rows-b"
    ),
    "a revision of a data set": Edit("a.py", f"{DATA}d = load_dataset('acme/rows', revision='v1')\n", "v1", "v2"),
    "a revision of a data set's file": Edit(
        "a.py",
        f"{DATA}p = hf_hub_download('acme/rows', 'a.parquet', repo_type='dataset', revision='v1')\n",
        "v1",
        "v2",
    ),
    "a file of settings beside the model": Edit(
        "a.py", f"{HUB}p = hf_hub_download('acme/rank', 'config.json')\n", "config.json", "labels.json"
    ),
    "how it is fetched": Edit("a.py", f"{HUB}p = snapshot_download('acme/rank', max_workers=4)\n", "=4", "=8"),
    "data in a store": Edit(
        "a.py",
        "from azure.ai.ml import MLClient\n\nd = MLClient(c).data.get(name='rows', version='1')\n",
        "version='1'",
        "version='2'",
    ),
    "rows in a bucket": Edit(
        "a.py", "import sagemaker\n\nfit(inputs='s3://acme/rows/1/train.tar.gz')\n", "rows/1", "rows/2"
    ),
    "a library's archive": Edit(
        "a.py",
        "import torch\n\nfetch('https://example.com/acme/data-model/archive/1.0.zip')\n",
        "1.0.zip",
        "1.1.zip",
    ),
    "a page of the hub": Edit(
        "a.py", "import torch\n\nHELP = 'https://huggingface.co/docs/hub/index'\n", "hub/index", "hub/models"
    ),
    "a data set's page": Edit(
        "a.py", "import torch\n\nDATA = 'https://huggingface.co/datasets/acme/rows-a'\n", "rows-a", "rows-b"
    ),
    "a sentence with an address": Edit(
        "a.py",
        "import torch\n\nprint('See https://huggingface.co/acme/rank-a for its licence')\n",
        "rank-a",
        "rank-b",
    ),
    "a host in Portugal": Edit("a.py", "import torch\n\nSITE = 'https://www.acme.pt'\n", "www.acme.pt", "jobs.acme.pt"),
    "a mail server in Portugal": Edit("a.py", "import torch\n\nsmtp_host = 'a.acme.pt'\n", "a.acme.pt", "b.acme.pt"),
    "somebody in Portugal": Edit("a.py", "import torch\n\nmail('rui@acme.pt')\n", "rui@", "ana@"),
}


@pytest.mark.parametrize("way", NOT_FETCHED)
def test_t61_control_code_that_fetches_no_other_model_asks_nobody(scratch: Scratch, way: str) -> None:
    assert changes(scratch, NOT_FETCHED[way]) == []

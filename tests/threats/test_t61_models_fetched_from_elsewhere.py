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


DL4J: Final = "import org.deeplearning4j.util.ModelSerializer;\nclass A { Object m = %s; }\n"
DJL: Final = "import ai.djl.repository.zoo.Criteria;\nclass A { Object m = Criteria.builder()%s.build(); }\n"
HUB_JS: Final = "import { pipeline } from '@huggingface/transformers';\nconst TASK = 'text-classification';\n"
TENSORS: Final = "import * as tf from '@tensorflow/tfjs';\n"
ML_NET: Final = "using Microsoft.ML;\nvar context = new MLContext();\n"

LOADED: Final[Mapping[str, Edit]] = {
    "behind the task of a pipeline": Edit(
        "a.ts", f"{HUB_JS}const p = await pipeline('text-classification', 'acme/rank-a');\n", "rank-a", "rank-b"
    ),
    "behind a task by its name": Edit("a.js", f"{HUB_JS}const p = await pipeline(TASK, `acme/r-a`);\n", "r-a", "r-b"),
    "behind the task in Python": Edit(
        "a.py", "import transformers\n\np = transformers.pipeline('ner', 'acme/rank-a')\n", "rank-a", "rank-b"
    ),
    "a revision of it": Edit(
        "a.ts", f"{HUB_JS}const p = await pipeline(TASK, 'acme/rank', {{ revision: 'v1' }});\n", "v1", "v2"
    ),
    "an archive of DL4J": Edit(
        "A.java", DL4J % 'ModelSerializer.restoreMultiLayerNetwork("rank1.zip")', "rank1", "rank2"
    ),
    "the same as a file": Edit(
        "A.java", DL4J % 'ModelSerializer.restoreComputationGraph(new java.io.File("s/rank1.zip"))', "rank1", "rank2"
    ),
    "an address of DJL": Edit("A.java", DJL % '.optModelUrls("djl://acme/rank/0.0.1/rank")', "0.0.1", "0.0.2"),
    "a folder of DJL": Edit("A.java", DJL % '.optModelPath(Paths.get("build/rank1"))', "rank1", "rank2"),
    "a bucket of Spark": Edit(
        "A.scala",
        'import org.apache.spark.ml.PipelineModel\nval m = PipelineModel.load("s3://acme/rank/1")\n',
        "rank/1",
        "rank/2",
    ),
    "a place of TensorFlow's in a browser": Edit(
        "a.ts", f"{TENSORS}const m = await tf.loadLayersModel('/m/1/model.json');\n", "/m/1", "/m/2"
    ),
    "an archive of ML.NET": Edit("A.cs", f'{ML_NET}var m = context.Model.Load("m1.zip", out _);\n', "m1", "m2"),
}


@pytest.mark.parametrize("way", LOADED)
def test_t61_another_model_is_loaded_in_other_languages(scratch: Scratch, way: str) -> None:
    assert changes(scratch, LOADED[way]) in ANOTHER


NOT_LOADED: Final[Mapping[str, Edit]] = {
    "a task": Edit("a.ts", f"{HUB_JS}const p = await pipeline('ner');\n", "'ner'", "'qa'"),
    "how a pipeline runs": Edit(
        "a.ts", f"{HUB_JS}const p = await pipeline(TASK, 'acme/rank', {{ device: 'wasm' }});\n", "wasm", "webgpu"
    ),
    "a stream of files": Edit("a.ts", f"{TENSORS}await pipeline(read('a.csv'), unzip());\n", "a.csv", "b.csv"),
    "an archive of rows": Edit("A.java", DL4J % 'Rows.read(new File("rows1.zip"))', "rows1", "rows2"),
    "how long DJL waits": Edit("A.java", DJL % '.optOption("timeout", "30")', "30", "60"),
    "the same file in another folder": Edit(
        "A.java", DL4J % 'ModelSerializer.restoreMultiLayerNetwork("a/rank.zip")', "a/rank", "b/rank"
    ),
    "rows of ML.NET": Edit("A.cs", f'{ML_NET}var d = context.Data.LoadFromTextFile("r1.csv");\n', "r1", "r2"),
    "another class's loader": Edit("A.cs", f'{ML_NET}var d = DataModel.Load("rows1.zip");\n', "rows1", "rows2"),
}


@pytest.mark.parametrize("way", NOT_LOADED)
def test_t61_control_what_loads_no_other_model_asks_nobody(scratch: Scratch, way: str) -> None:
    assert changes(scratch, NOT_LOADED[way]) == []


SPRING: Final = (
    "spring:\n  ai:\n    openai:\n      chat:\n        options:\n          model: {}\n          temperature: 0.1\n"
)
LITELLM: Final = "model_list:\n- model_name: rank\n  litellm_params:\n    model: {}\n    timeout: 30\n"
KUBEAI: Final = "apiVersion: kubeai.org/v1\nkind: Model\nspec:\n  url: hf://acme/rank-a\n  minReplicas: 1\n"
RAY: Final = (
    "applications:\n- args:\n    llm_configs:\n    - model_loading_config:\n        model_id: rank\n"
    "        model_source: acme/rank-a\n      deployment_config: {max_ongoing_requests: 8}\n"
)
ML_SERVER: Final = '{"name": "rank", "implementation": "own.Rank", "parameters": {"uri": "s3://acme/rank/1"}}\n'
PROPERTIES: Final = "spring.ai.openai.chat.options.model=acme-a\nserver.port=8080\n"
QUARKUS: Final = "%prod.quarkus.langchain4j.openai.chat-model.model-name=acme-a\n"

SET: Final[Mapping[str, Edit]] = {
    "Spring AI": Edit("application.yml", SPRING.format("acme-a"), "acme-a", "acme-b"),
    "Spring AI by a plain name": Edit("application-prod.yaml", SPRING.format("ranker"), ": ranker", ": other"),
    "properties of Spring AI": Edit("application.properties", PROPERTIES, "acme-a", "acme-b"),
    "properties of Quarkus": Edit("application.properties", QUARKUS, "acme-a", "acme-b"),
    "a proxy": Edit("litellm.yaml", LITELLM.format("azure/rank-a"), "rank-a", "rank-b"),
    "a proxy in one line": Edit(
        "proxy.yml", "model_list: [{model_name: r, litellm_params: {model: azure/rank-a}}]\n", "rank-a", "rank-b"
    ),
    "an operator": Edit("model.yaml", KUBEAI, "rank-a", "rank-b"),
    "a cluster": Edit("serve.yaml", RAY, "rank-a", "rank-b"),
    "a server": Edit("model-settings.json", ML_SERVER, "rank/1", "rank/2"),
}


@pytest.mark.parametrize("way", SET)
def test_t61_another_model_is_set_for_what_serves_it(scratch: Scratch, way: str) -> None:
    assert changes(scratch, SET[way]) in ANOTHER


NOT_SET: Final[Mapping[str, Edit]] = {
    "how warm Spring AI answers": Edit("application.yml", SPRING.format("acme-a"), "0.1", "0.2"),
    "another property": Edit("application.properties", PROPERTIES, "8080", "8081"),
    "a model of something else": Edit(
        "application.yml", "shop:\n  printer:\n    model: laser-1\n", "laser-1", "laser-2"
    ),
    "how long a proxy waits": Edit("litellm.yaml", LITELLM.format("azure/rank-a"), "30", "60"),
    "how many an operator starts": Edit("model.yaml", KUBEAI, "minReplicas: 1", "minReplicas: 2"),
    "how much a cluster takes": Edit("serve.yaml", RAY, ": 8", ": 9"),
    "a remark": Edit("litellm.yaml", f"# was azure/rank-1\n{LITELLM.format('azure/rank-a')}", "rank-1", "rank-2"),
    "how many a server takes at once": Edit(
        "model-settings.json", ML_SERVER.replace('"parameters"', '"max_batch_size": 8, "parameters"'), ": 8", ": 9"
    ),
}


@pytest.mark.parametrize("way", NOT_SET)
def test_t61_control_settings_of_the_same_model_ask_nobody(scratch: Scratch, way: str) -> None:
    assert changes(scratch, NOT_SET[way]) == []

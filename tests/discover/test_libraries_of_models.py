"""Libraries, services and files by which companies train, serve and ask models, and what is only called like them.

Beside each stands a neighbour that shows nothing: another library of the same words, a remark, a name of its own.
"""

from __future__ import annotations

import json

import pytest
from looked_at import look

from policy_gate.discover.signs import shipped_signs

SHOWN: dict[str, tuple[str, str, str]] = {
    "a part of Azure ML": ("a.py", "from azureml.core import Run\n", "from azure.storage import Run\n"),
    "one of a family of modules": ("a.py", "from langchain_groq import ChatGroq\n", "from langchains import x\n"),
    "the same family as packages": ("requirements.txt", "langchain-groq==1.0\n", "langchains==1.0\n"),
    "packages of Azure ML": ("requirements.txt", "azureml-sdk\n", "azure-storage-blob\n"),
    "pipelines of Kubeflow": ("a.py", "from kfp import dsl\n", "from kfpx import dsl\n"),
    "agents": ("a.py", "from strands import Agent\n", "from strand import Agent\n"),
    "learning on Spark": ("a.py", "from pyspark.ml.feature import VectorAssembler\n", "from pyspark.sql import Row\n"),
    "the same in Scala": (
        "A.scala",
        "import org.apache.spark.mllib.recommendation.ALS\n",
        "import org.apache.spark.rdd\n",
    ),
    "its package": ("build.sbt", '"org.apache.spark"   %% "spark-mllib" % "2.4"\n', '"a" %% "spark-sql" % "2.4"\n'),
    "learning in Go": ("a.go", 'import "github.com/gomlx/gomlx/graph"\n', 'import "github.com/gomlxx/x"\n'),
    "models in Rust": ("a.rs", "use candle_nn::Linear;\n", "use candle_holder::Linear;\n"),
    "ONNX in Rust": ("Cargo.toml", '[dependencies]\ntract-onnx = "0.20"\n', '[dependencies]\ntract = "0.20"\n'),
    "faces": ("a.py", "import dlib\n", "import zlib\n"),
    "a package of .NET below one": (
        "A.csproj",
        '<PackageReference Include="Microsoft.ML.FastTree" />\n',
        '<PackageReference Include="Microsoft.MLS" />\n',
    ),
    "a client of .NET that is registered": (
        "A.cs",
        'builder.AddOllamaApiClient("e")\n',
        'builder.AddRedisClient("e")\n',
    ),
    "a client of Amazon": (
        "a.py",
        "sm = boto3.client('sagemaker')\n",
        "s3 = boto3.client('s3')\nx = {'sagemaker': 1}\n",
    ),
    "the same by a keyword": (
        "a.py",
        'c = s.client(service_name="bedrock-agent")\n',
        'c = s.client(service_name="batch")\n',
    ),
    "an AI service": ("a.py", "from google.cloud import vision\n", "from google.cloud import storage\n"),
    "one of Azure in C#": ("A.cs", "using Azure.AI.TextAnalytics;\n", "using Azure.Storage.Blobs;\n"),
    "a model from a file": (
        "a.py",
        'model = pickle.load(open(path, "rb"))\n',
        'state = pickle.load(open(path, "rb"))\n',
    ),
    "one by its file's name": (
        "a.py",
        'x = joblib.load("out/churn_model.joblib")\n',
        'x = joblib.load("out/cache.joblib")\n',
    ),
    "one of R": ("a.R", 'model <- readRDS("m.rds")\n', 'rows <- readRDS("m.rds")\n'),
    "an endpoint in R": ("app.R", "library(vetiver)\n", "library(shiny)\n"),
    "a device of Apple": ("A.swift", "let layer = MPSCNNConvolution(x)\n", "let layer = MPSImage(x)\n"),
    "an alias of Gradle": ("build.gradle.kts", "  api(libs.google.generativeai)\n", "  api(libs.google.material)\n"),
    "a version catalogue": (
        "gradle/libs.versions.toml",
        'a = { module = "com.google.ai.client.generativeai:generativeai" }\n',
        'a = { module = "com.google.android:x" }\n',
    ),
    "what an image installs": (
        "Dockerfile",
        "RUN pip install --no-cache-dir pandas mlflow[extras]\n",
        "RUN pip install pandas\n",
    ),
    "a list of conda": (
        "train/conda_dependencies.yml",
        "dependencies:\n  - scikit-learn=1.0\n",
        "dependencies:\n  - pandas=2.0\n",
    ),
    "a resource of the CDK": (
        "a.ts",
        "import * as b from 'aws-cdk-lib/aws-bedrock';\n",
        "import * as s from 'aws-cdk-lib/aws-s3';\n",
    ),
    "a template of Azure": (
        "arm-templates/env.json",
        '{\n"type": "Microsoft.MachineLearningServices/workspaces"}\n',
        '{"type": "Microsoft.Storage/accounts"}\n',
    ),
    "an address of Ollama": (
        "a.py",
        'url = os.getenv("URL", "http://localhost:11434")\n',
        'url = "http://localhost:11435"\n',
    ),
    "a command of a cloud": ("a.sh", "aws sagemaker create-endpoint --endpoint-name x\n", "aws s3 ls\n"),
    "a template of a program": ("train.py.tmpl", "import mlflow\n{{ if x }}\n", "import os\n{{ if x }}\n"),
    "a template of a list": ("requirements.txt.tmpl", "mlflow=={{ .version }}\n", "pandas=={{ .version }}\n"),
    "a header of Anthropic": (
        "a.php",
        "<?php\n$h = ['anthropic-version' => '2023-06-01'];\n",
        "<?php\n$h = ['api-version' => '1'];\n",
    ),
    "Ruby": ("a.rb", "@m = Libmf::Model.new\n", "@m = Libm::Model.new\n"),
}


@pytest.mark.parametrize("way", SHOWN)
def test_what_trains_serves_or_asks_a_model_is_seen_and_its_neighbour_shows_nothing(way: str) -> None:
    path, text, neighbour = SHOWN[way]
    assert [it for it in look(path, f"\n{text}" if ".php" not in path else text).signals if it.kind != "model"], way
    assert [it.confidence for it in look(path, neighbour).signals if it.confidence != "low"] == []


@pytest.mark.parametrize(
    ("path", "text", "neighbour"),
    [
        ("bot/system.md", "# IDENTITY and PURPOSE\n\nRates CVs.\n", "# Systems\n\nTwo of them.\n"),
        ("bot/system.md", "# Task\n\nYour task is to rate CVs.\n", "# Task\n\nYours.\n"),
        ("prompt.txt", "Come up with 20 tasks.\n", ""),
    ],
)
def test_a_file_that_is_said_to_a_model_is_a_prompt(path: str, text: str, neighbour: str) -> None:
    assert [it.kind for it in look(path, text).signals] == ["prompt"]
    assert not neighbour or look(path, neighbour).signals == ()


@pytest.mark.parametrize("cell", ["!pip install -q torch", "%pip install torch", "sm = boto3.client('sagemaker')"])
def test_a_line_of_a_notebook_that_no_import_accompanies_is_seen_where_it_stands(cell: str) -> None:
    def notebook(source: str) -> str:
        cells = [{"cell_type": "code", "source": ["import os\n", source]}, {"cell_type": "markdown", "source": [cell]}]
        return json.dumps({"cells": cells}, indent=1)

    (found,) = look("a.ipynb", notebook(cell)).signals
    assert notebook(cell).split("\n")[found.line - 1].strip().strip('"') == cell
    assert look("a.ipynb", notebook("x = 1")).signals == ()


@pytest.mark.parametrize(
    "name", ["mistral.actions", "mistral.db.v2.api", "phi1_", "phi2_x", "cohere.router", "etc/mistral.conf"]
)
def test_a_module_or_a_letter_of_the_same_name_is_no_model(name: str) -> None:
    assert shipped_signs().model(name) is None


@pytest.mark.parametrize("name", ["mistral.mistral-large-2402-v1:0", "phi3:mini", "phi-4", "cohere.embed-english-v3"])
def test_control_models_of_these_names_are_models(name: str) -> None:
    assert shipped_signs().model(name) is not None

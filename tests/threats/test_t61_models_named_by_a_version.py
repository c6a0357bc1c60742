"""T61: a model whose name is put together of a variable is another where the file gives that another value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from scratch import Scratch
from test_t61_models_fetched_from_elsewhere import ANOTHER
from test_t61_models_kept_elsewhere import Edit, changes

RANK: Final = "https://acme.example/rank_"
ONNX: Final = "import * as ort from 'onnxruntime-web';\n"
SESSION: Final = "const s = await ort.InferenceSession.create(`/m/rank_${VERSION}.onnx`);\n"
KOTLIN: Final = (
    'import org.tensorflow.lite.Interpreter\nval version: String = "1"\n'
    'val ranker = Interpreter(load(context, "rank_$version.tflite"))\n'
)
TWICE: Final = f"VERSION=1\nVERSION=2\ncurl -O {RANK}$VERSION.onnx\n"

IN_TEXTS: Final[Mapping[str, Edit]] = {
    "a script": Edit("get.sh", f"VERSION=1\ncurl -O {RANK}${{VERSION}}.onnx\n", "=1", "=2"),
    "a default": Edit("get.sh", f"curl -O {RANK}${{VERSION:-1}}.onnx\n", ":-1", ":-2"),
    "the later of two values": Edit("get.sh", TWICE, "=2", "=3"),
    "an argument of an image": Edit("Dockerfile", f"FROM x\nARG V=1\nADD {RANK}$V.onnx /m/\n", "V=1", "V=2"),
    "make": Edit("Makefile", f"V := 1\nget:\n\tcurl -O {RANK}$(V).onnx\n", ":= 1", ":= 2"),
    "what a command serves": Edit("run.sh", "M=acme/rank-a\nvllm serve $M\n", "rank-a", "rank-b"),
    "a revision": Edit(
        "job.yaml", "env:\n  REV: abc1\nrun: |\n  hf download acme/rank --revision $REV\n", "abc1", "abc2"
    ),
    "a browser": Edit("a.ts", f"{ONNX}const VERSION = '1';\n{SESSION}", "'1'", "'2'"),
    "a telephone": Edit("A.kt", KOTLIN, '"1"', '"2"'),
}


@pytest.mark.parametrize("way", IN_TEXTS)
def test_t61_another_value_is_another_model(scratch: Scratch, way: str) -> None:
    assert changes(scratch, IN_TEXTS[way]) in ANOTHER


NOT_IN_TEXTS: Final[Mapping[str, Edit]] = {
    "a variable of something else": Edit(
        "get.sh", f"VERSION=1\nN=4\ncurl --retry $N -O {RANK}$VERSION.onnx\n", "N=4", "N=5"
    ),
    "how many serve": Edit("run.sh", "N=4\nvllm serve acme/rank --port $N\n", "N=4", "N=5"),
    "a remark": Edit("get.sh", f"# VERSION=0\nVERSION=1\ncurl -O {RANK}$VERSION.onnx\n", "=0", "=9"),
    "a remark of a program": Edit("a.ts", f"{ONNX}// VERSION = '0'\nconst VERSION = '1';\n{SESSION}", "'0'", "'9'"),
    "what is shown": Edit("a.ts", f"{ONNX}const VERSION = '1';\nlog(`v${{VERSION}}`);\n", "'1'", "'2'"),
    "another name for it": Edit("get.sh", f"V=1\ncurl -O {RANK}$V.onnx\n", "V", "W"),
}


@pytest.mark.parametrize("way", NOT_IN_TEXTS)
def test_t61_control_the_same_value_asks_nobody(scratch: Scratch, way: str) -> None:
    assert changes(scratch, NOT_IN_TEXTS[way]) == []


LEARNS: Final = "import joblib\nimport sklearn\nimport torch\n\nVERSION = 1\n"

IN_PYTHON: Final[Mapping[str, Edit]] = {
    "braces": Edit("a.py", f"{LEARNS}m = joblib.load(f'rank_{{VERSION}}.pkl')\n", "= 1", "= 2"),
    "a format": Edit("a.py", f"{LEARNS}m = joblib.load('rank_{{}}.pkl'.format(VERSION))\n", "= 1", "= 2"),
    "a format of names": Edit("a.py", f"{LEARNS}m = joblib.load('r_{{v}}.pkl'.format(v=VERSION))\n", "= 1", "= 2"),
    "a percent sign": Edit("a.py", f"{LEARNS}m = joblib.load('rank_%d.pkl' % VERSION)\n", "= 1", "= 2"),
    "a sum": Edit("a.py", f"{LEARNS}m = joblib.load('rank_' + str(VERSION) + '.pkl')\n", "= 1", "= 2"),
    "a part of a path": Edit("a.py", f"{LEARNS}m = torch.load(Path('m') / f'rank_{{VERSION}}.pt')\n", "= 1", "= 2"),
    "a bucket": Edit("a.py", f"{LEARNS}m = joblib.load(f's3://acme/{{VERSION}}/model.pkl')\n", "= 1", "= 2"),
    "by way of another name": Edit(
        "a.py", f"{LEARNS}NAME = f'rank_{{VERSION}}'\nm = joblib.load(f'{{NAME}}.pkl')\n", "= 1", "= 2"
    ),
    "a parameter's default": Edit(
        "a.py", f"{LEARNS}def load(tag='a'):\n    return joblib.load(f'rank_{{tag}}.pkl')\n", "'a'", "'b'"
    ),
    "the environment's default": Edit(
        "a.py", f"{LEARNS}V = os.environ.get('V', 'a')\nm = joblib.load(f'rank_{{V}}.pkl')\n", "'a'", "'b'"
    ),
    "a model that is asked": Edit(
        "a.py", "from openai import OpenAI\n\nV = 1\nc.create(model=f'acme/rank-{V}')\n", "= 1", "= 2"
    ),
    "a stage of a registry": Edit(
        "a.py", "import mlflow\n\nV = 1\nm = mlflow.pyfunc.load_model(f'models:/rank/{V}')\n", "= 1", "= 2"
    ),
    "a bucket of SageMaker": Edit(
        "a.py",
        "from sagemaker.model import Model\n\nV = 1\nm = Model(model_data=f's3://acme/rank/{V}/out.tar.gz')\n",
        "= 1",
        "= 2",
    ),
}


@pytest.mark.parametrize("way", IN_PYTHON)
def test_t61_another_value_in_python_is_another_model(scratch: Scratch, way: str) -> None:
    assert changes(scratch, IN_PYTHON[way]) in ANOTHER


EPOCHS: Final = "import torch\n\nEPOCHS = 10\n"
NOT_IN_PYTHON: Final[Mapping[str, Edit]] = {
    "what training saves": Edit("a.py", f"{EPOCHS}torch.save(m, f'rank_{{EPOCHS}}.pt')\n", "10", "20"),
    "the same by its name": Edit("a.py", f"{EPOCHS}p = f'rank_{{EPOCHS}}.pt'\ntorch.save(m, p)\n", "10", "20"),
    "what a callback saves": Edit("a.py", f"{EPOCHS}ModelCheckpoint(f'rank_{{EPOCHS}}.keras')\n", "10", "20"),
    "what is told": Edit("a.py", f"{EPOCHS}log(f'{{EPOCHS}} epochs for rank.pt')\n", "10", "20"),
    "a table": Edit("a.py", f"{LEARNS}rows = read(f'rows_{{VERSION}}.csv')\n", "= 1", "= 2"),
    "a variable of something else": Edit("a.py", f"{LEARNS}N = 4\nm = joblib.load(f'r_{{VERSION}}.pkl')\n", "4", "5"),
    "another function's variable": Edit(
        "a.py",
        f"{LEARNS}def a():\n    v = 3\n\ndef b(v):\n    return joblib.load(f'rank_{{v}}.pkl')\n",
        "v = 3",
        "v = 4",
    ),
}


@pytest.mark.parametrize("way", NOT_IN_PYTHON)
def test_t61_control_what_is_no_other_model_in_python_asks_nobody(scratch: Scratch, way: str) -> None:
    assert changes(scratch, NOT_IN_PYTHON[way]) == []

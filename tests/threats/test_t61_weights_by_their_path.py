"""T61: other weights are taken by another path in code, be the file in the repository or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from scratch import Result, Scratch
from world import days_ago, high_system, low_system

KOTLIN: Final = 'import org.tensorflow.lite.Interpreter\nval ranker = Interpreter(load(context, "rank.tflite"))\n'
PYTHON: Final = 'import onnxruntime as ort\n\nPATH = "models/rank.onnx"\nsession = ort.InferenceSession(PATH)\n'
SHARP: Final = 'using Microsoft.ML.OnnxRuntime;\nvar session = new InferenceSession("models\\\\rank.onnx");\n'
RUST: Final = 'use ort::session::Session;\nfn a() { Session::builder()?.commit_from_file("../models/rank.onnx")?; }\n'
GO: Final = 'import ort "github.com/yalue/onnxruntime_go"\nvar s = ort.NewSession("models/rank.onnx")\n'
PICKLE: Final = 'import joblib\nimport sklearn\n\nranker = joblib.load("models/rank.pkl")\n'
PARTS: Final = 'from pathlib import Path\nimport torch\n\nranker = torch.load(Path("models") / "rank.pt")\n'
CODE: Final[Mapping[str, str]] = {
    "Rank.kt": KOTLIN,
    "rank.py": PYTHON,
    "Rank.cs": SHARP,
    "rank.rs": RUST,
    "rank.go": GO,
    "pickled.py": PICKLE,
    "parts.py": PARTS,
}
ONE, OTHER = b"\x00one" * 90, b"\x00two" * 90


def judged(scratch: Scratch, before: Mapping[str, str | bytes], after: Mapping[str, str | bytes], *gone: str) -> Result:
    scratch.adopt(high_system("production", stage_since=days_ago(20), paths=["screener/**"]), files=dict(before))
    scratch.branch()
    for path in gone:
        scratch.git("rm", "-q", path)
    scratch.commit("Another path", files=dict(after))
    return scratch.check()


@pytest.mark.parametrize("name", CODE)
def test_t61_another_path_is_other_weights_that_lie_elsewhere(scratch: Scratch, name: str) -> None:
    path, text = f"screener/{name}", CODE[name]
    found = judged(scratch, {path: text}, {path: text.replace("rank.", "rank_512.")})
    assert (found.code, found.changes()) == (1, ["weights-changed"]), found


def test_t61_another_path_is_other_weights_that_lie_here(scratch: Scratch) -> None:
    both: dict[str, str | bytes] = {"screener/models/rank.onnx": ONE, "screener/models/rank_512.onnx": OTHER}
    text = PYTHON.replace("rank.", "rank_512.")
    found = judged(scratch, {"screener/rank.py": PYTHON, **both}, {"screener/rank.py": text})
    assert (found.code, found.changes()) == (1, ["weights-changed"]), found


HONEST: Final[Mapping[str, tuple[dict[str, str | bytes], dict[str, str | bytes], tuple[str, ...]]]] = {
    "the file is renamed": (
        {"screener/rank.py": PYTHON, "screener/models/rank.onnx": ONE},
        {"screener/rank.py": PYTHON.replace("rank.", "ranker."), "screener/models/ranker.onnx": ONE},
        ("screener/models/rank.onnx",),
    ),
    "the folder is another": ({"screener/rank.py": PYTHON}, {"screener/rank.py": PYTHON.replace("models", "data")}, ()),
    "the constant moves": (
        {"screener/rank.py": PYTHON},
        {
            "screener/rank.py": PYTHON.replace('PATH = "models/rank.onnx"', "from screener.paths import PATH"),
            "screener/paths.py": 'import onnxruntime\n\nPATH = "models/rank.onnx"\n',
        },
        (),
    ),
    "a remark": ({"screener/rank.py": PYTHON}, {"screener/rank.py": f"# not old.onnx\n{PYTHON}"}, ()),
    "a table of numbers": (
        {"screener/rank.py": PYTHON + 'rows = load("rows.npz", "rows.h5")\n'},
        {"screener/rank.py": PYTHON + 'rows = load("lines.npz", "lines.h5")\n'},
        (),
    ),
    "no use of AI": (
        {"screener/a.go": 'var a = open("page.engine")\n'},
        {"screener/a.go": 'var a = open("other.engine")\n'},
        (),
    ),
}


@pytest.mark.parametrize("way", HONEST)
def test_t61_control_the_same_weights_by_another_path_ask_nobody(scratch: Scratch, way: str) -> None:
    before, after, gone = HONEST[way]
    found = judged(scratch, before, after, *gone)
    assert (found.code, found.changes()) == (0, []), found


POINTER: Final = "outs:\n- md5: {}\n  size: 1048576\n  path: {}\n"


@pytest.mark.parametrize("name", ["models/ranker.pkl", "Rank.ONNX", "models"])
def test_t61_weights_that_dvc_keeps_elsewhere_are_others_by_their_pointer(scratch: Scratch, name: str) -> None:
    file = f"screener/{name}.dvc"
    before, after = POINTER.format("1" * 32, name), POINTER.format("2" * 32, name)
    found = judged(scratch, {file: before}, {file: after})
    assert (found.code, found.changes()) == (1, ["weights-changed"]), found


PIPED: Final = """schema: '2.0'
stages:
  train:
    cmd: python train.py --out '{{}}'
    outs:
    - path: {}
      hash: md5
      md5: {}
"""
FLOW: Final = "outs: [{{path: a.csv, md5: '11'}}, {{path: {}, md5: '{}'}}]\n"
CLOUD: Final = "outs:\n- path: {}\n  files:\n  - relpath: rank.pkl\n    path: rank.pkl\n    version_id: '{}'\n"


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("all.dvc", FLOW, "rank.pkl"),
        ("all.dvc", PIPED, "${{dir}}/rank.joblib"),
        ("kept/files.dvc", CLOUD, "kept"),
    ],
)
def test_t61_weights_that_a_pointer_of_another_name_speaks_of(
    scratch: Scratch, name: str, text: str, what: str
) -> None:
    before, after = text.format(what, "1" * 32), text.format(what, "2" * 32)
    found = judged(scratch, {f"screener/{name}": before}, {f"screener/{name}": after})
    assert (found.code, found.changes()) == (1, ["weights-changed"]), found


def test_t61_a_lock_that_cannot_be_read_is_other_weights(scratch: Scratch) -> None:
    text = "a: &a [1]\nb: *a\n" + PIPED
    files = [{"screener/dvc.lock": text.format("rank.pkl", it * 32)} for it in "12"]
    assert judged(scratch, *files).changes() == ["weights-changed"]


def test_t61_control_another_layout_of_a_pointer_is_the_same_weights(scratch: Scratch) -> None:
    text = POINTER.format("1" * 32, "rank.pkl")
    found = judged(scratch, {"screener/rank.pkl.dvc": text}, {"screener/rank.pkl.dvc": f"# kept\n{text}"})
    assert (found.code, found.changes()) == (0, []), found


def test_t61_control_data_that_dvc_keeps_elsewhere_is_no_model(scratch: Scratch) -> None:
    file = "screener/data/applications.parquet.dvc"
    found = judged(scratch, {file: POINTER.format("1" * 32, "a")}, {file: POINTER.format("2" * 32, "a")})
    assert (found.code, found.changes()) == (0, []), found


def test_t61_control_a_pointer_that_moves_is_the_same_weights(scratch: Scratch) -> None:
    text = POINTER.format("1" * 32, "ranker.pkl")
    found = judged(
        scratch, {"screener/ranker.pkl.dvc": text}, {"screener/models/ranker.pkl.dvc": text}, "screener/ranker.pkl.dvc"
    )
    assert (found.code, found.changes()) == (0, []), found


def test_t61_control_a_digest_that_is_declared_is_not_that_of_a_pointer(scratch: Scratch) -> None:
    models = [{"name": "ranker", "digest": f"sha256:{'5' * 64}"}]
    system = high_system("production", stage_since=days_ago(20), models=models, paths=["screener/**"])
    scratch.adopt(system, files={"screener/ranker.pkl.dvc": POINTER.format("1" * 32, "ranker.pkl")})
    scratch.branch()
    scratch.commit("Retrained", files={"screener/ranker.pkl.dvc": POINTER.format("2" * 32, "ranker.pkl")})
    assert scratch.check().changes() == ["weights-changed"]


LOCK: Final = """schema: '2.0'
stages:
  prepare:
    cmd: python prepare.py
    outs:
    - path: screener/data.parquet
      hash: md5
      md5: {data}
      size: 52
  train:
    cmd: python train.py
    deps:
    - path: screener/data.parquet
      hash: md5
      md5: {data}
      size: 52
    outs:
    - path: screener/models/ranker.pkl
      hash: md5
      md5: {model}
      size: 1048
"""
ONES, TWOS, THREES = ("1" * 32, "2" * 32, "3" * 32)
LOCKED: Final = LOCK.format(data=THREES, model=ONES)
RETRAINED: Final = LOCK.format(data=THREES, model=TWOS)
NEW_DATA: Final = LOCK.format(data=TWOS, model=ONES)


@pytest.mark.parametrize(
    "after",
    [
        RETRAINED,
        "stages: {train: {outs: [{md5: '" + TWOS + "', path: screener/models/ranker.pkl}]}}\n",
        LOCKED.replace("models/ranker.pkl", "models/other.pkl").replace(ONES, TWOS),
        LOCKED.replace("screener/models/ranker.pkl", "elsewhere/ranker.pkl").replace(ONES, TWOS),
        LOCKED + "    - <<: *other\n",
        LOCKED.replace("    outs:\n    - path: screener/models", "    outs:\n    - path: &a screener/models"),
        LOCKED.replace("outs:", "outs: one"),
        "\tno: yaml: [",
        "",
    ],
    ids=[
        "retrained",
        "in one line",
        "renamed",
        "elsewhere",
        "behind a merge key",
        "anchored",
        "no list",
        "none",
        "empty",
    ],
)
def test_t61_weights_of_a_lock_in_the_root_are_of_whose_place_they_have(scratch: Scratch, after: str) -> None:
    found = judged(scratch, {"dvc.lock": LOCKED}, {"dvc.lock": after})
    expected = (0, []) if "&a" in after else (1, ["weights-changed"])
    assert (found.code, found.changes()) == expected, found


@pytest.mark.parametrize("after", [NEW_DATA, "# a remark\n" + LOCKED, LOCKED.replace("cmd: python", "cmd: python3")])
def test_t61_control_a_lock_with_the_same_weights_asks_nobody(scratch: Scratch, after: str) -> None:
    found = judged(scratch, {"dvc.lock": LOCKED}, {"dvc.lock": after})
    assert (found.code, found.changes()) == (0, []), found


def test_t61_a_lock_may_say_where_its_stages_work(scratch: Scratch) -> None:
    pipeline = "stages:\n  train:\n    wdir: screener\n    cmd: python train.py\n"
    before, after = (it.replace("path: screener/", "path: ") for it in (LOCKED, RETRAINED))
    found = judged(scratch, {"dvc.lock": before, "dvc.yaml": pipeline}, {"dvc.lock": after})
    assert (found.code, found.changes()) == (1, ["weights-changed"]), found


@pytest.mark.parametrize("pipeline", ["stages: [\n", "stages:\n  train: {wdir: ..}\n", "stages: {<<: *a}\n"])
def test_t61_a_pipeline_that_no_longer_tells_the_place_is_no_first_step(scratch: Scratch, pipeline: str) -> None:
    found = judged(scratch, {"dvc.lock": LOCKED}, {"dvc.yaml": pipeline})
    assert (found.code, found.changes()) == (1, ["weights-changed"]), found


def test_t61_control_a_pipeline_that_runs_otherwise(scratch: Scratch) -> None:
    found = judged(scratch, {"dvc.lock": LOCKED}, {"dvc.yaml": "stages:\n  train: {cmd: python3 train.py}\n"})
    assert (found.code, found.changes()) == (0, []), found


def test_t61_a_manifest_far_below_the_lock_is_read_for_it(scratch: Scratch) -> None:
    system = high_system("production", stage_since=days_ago(20), paths=["models/**"])
    scratch.adopt(low_system("development", paths=["web/**"]))
    scratch.declare(system, path="screener/governance.yaml")
    scratch.commit("Enrol", by="Rae Kim", files={"dvc.lock": LOCKED})
    scratch.branch()
    scratch.commit("Retrained", files={"dvc.lock": RETRAINED})
    assert scratch.check().changes("SYS-001") == ["weights-changed"]


def test_t61_whoever_wrote_the_lock_cannot_agree_with_it(scratch: Scratch) -> None:
    scratch.adopt(
        high_system("production", stage_since=days_ago(20), paths=["screener/**"]), files={"dvc.lock": LOCKED}
    )
    scratch.branch()
    scratch.commit("Retrained", by="Rae Kim", files={"dvc.lock": RETRAINED})
    rule = "model-re-evaluation"
    scratch.approve("ai-safety-lead", rule, by="Rae Kim")
    assert scratch.check().code == 1
    scratch.branch("another")
    scratch.commit("Retrained", files={"dvc.lock": RETRAINED})
    scratch.approve("ai-safety-lead", rule, by="Rae Kim")
    assert scratch.check().code == 0


def test_t61_paths_that_no_longer_hold_the_place_hide_no_other_weights(scratch: Scratch) -> None:
    system = high_system("production", stage_since=days_ago(20), paths=["screener/**"])
    scratch.adopt(system, files={"dvc.lock": LOCKED, "screener/app.py": "print(1)\n"})
    scratch.branch()
    scratch.edit(paths=["screener/*.py"])
    scratch.commit("Retrained", files={"dvc.lock": RETRAINED})
    assert "weights-changed" in scratch.check().changes()


def test_t61_weights_of_a_lock_that_nobody_claims_are_told_where_they_come(scratch: Scratch) -> None:
    found = judged(scratch, {}, {"dvc.lock": LOCKED.replace("screener/models/ranker.pkl", "ranking/ranker.onnx")})
    assert (found.code, found.verdict) == (0, "conditions")
    told = found.finding("ai-use-perhaps-without-system", "that")
    assert told["location"] == {"path": "dvc.lock", "line": 20, "column": 1}


def test_t61_control_a_lock_of_data_alone_is_no_model(scratch: Scratch) -> None:
    found = judged(scratch, {}, {"dvc.lock": LOCKED.replace("screener/models/ranker.pkl", "ranking/rows.parquet")})
    assert (found.code, found.changes()) == (0, []), found


def test_t61_control_a_neighbours_model_in_the_same_lock_is_none_of_ours(scratch: Scratch) -> None:
    mine = high_system("production", stage_since=days_ago(20), paths=["screener/**"])
    theirs = low_system("production", paths=["ranking/**"])
    both = LOCKED + LOCKED.partition("stages:\n")[2].replace("screener/", "ranking/").replace("  train:", "  rank:")
    both = both.replace("  prepare:\n", "  prepare_ranks:\n", 2).replace("  prepare_ranks:\n", "  prepare:\n", 1)
    scratch.adopt(mine, theirs, files={"dvc.lock": both})
    scratch.branch()
    head, rank, tail = both.rpartition(f"md5: {ONES}")
    scratch.commit("Their model", files={"dvc.lock": f"{head}md5: {TWOS}{tail}"})
    done = scratch.check()
    assert rank
    assert done.changes("SYS-001") == []
    assert done.changes("SYS-003") == ["weights-changed"]

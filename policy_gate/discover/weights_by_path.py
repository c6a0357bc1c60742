"""Weights that a program names by where they lie: `"facenet.tflite"`, `models/v2.onnx`."""

from __future__ import annotations

from typing import Final

from policy_gate.discover.code_facts import ASKED_WEIGHTS
from policy_gate.schema.patterns import lazy_pattern

ENDINGS: Final = (
    *(".onnx", ".tflite", ".gguf", ".ggml", ".safetensors", ".mlmodel", ".mlmodelc", ".mlpackage", ".keras", ".ckpt"),
    *(".pth", ".pt", ".joblib", ".skops", ".cbm", ".torchscript", ".engine", ".nemo", ".pmml", ".ubj", ".caffemodel"),
)
PERHAPS: Final = (".pkl", ".pickle", ".h5", ".hdf5", ".bin", ".rds", ".rda", ".rdata")
"""endings of much else; the path says that it is a model"""
_OF_MODEL: Final = lazy_pattern(
    r"model|weights|classifier|checkpoint|ckpt|detector|vectori[sz]er|booster|scaler|encoder"
)
_PATH: Final = lazy_pattern(r"[\w./\\:@~${} +*-]{3,300}")
_NAME: Final = lazy_pattern(r"\*?[\w][\w .@+*-]{0,120}\.\w{1,12}")
_OWN_NAME: Final = lazy_pattern(r"[\w][\w .@+-]{0,120}")


def weights_named(text: str, key: str = "") -> str:
    """The name of the file of weights that a text is the path of, in lower case; else nothing.

    An address is its own name, as nothing tells the bytes behind it. What is handed to a call that loads weights is a
    path of some whatever its ending.
    """
    lower = text.lower()
    if key == ASKED_WEIGHTS:
        name = lower.replace("\\", "/").rstrip("/").rpartition("/")[2]
        return name if _PATH.fullmatch(text) and _OWN_NAME.fullmatch(name) else ""
    is_sure = lower.endswith(ENDINGS)
    if not is_sure and not (lower.endswith(PERHAPS) and _OF_MODEL.search(lower)):
        return ""
    name = lower.replace("\\", "/").rpartition("/")[2]
    if not (_PATH.fullmatch(text) and _NAME.fullmatch(name)):
        return ""
    return lower if "://" in lower else name

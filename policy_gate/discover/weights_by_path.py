"""Weights that a program names by where they lie: `"facenet.tflite"`, `models/v2.onnx`."""

from __future__ import annotations

from typing import Final

from policy_gate.schema.patterns import lazy_pattern

ENDINGS: Final = (
    *(".onnx", ".tflite", ".gguf", ".ggml", ".safetensors", ".mlmodel", ".mlmodelc", ".mlpackage", ".keras", ".ckpt"),
    *(".pth", ".pt", ".joblib", ".skops", ".cbm", ".torchscript", ".engine", ".nemo", ".pmml", ".ubj", ".caffemodel"),
)
PERHAPS: Final = (".pkl", ".pickle", ".h5", ".hdf5", ".bin")
"""endings of much else; the path says that it is a model"""
_OF_MODEL: Final = lazy_pattern(
    r"model|weights|classifier|checkpoint|ckpt|detector|vectori[sz]er|booster|scaler|encoder"
)
_PATH: Final = lazy_pattern(r"[\w./\\:@~${} +-]{3,300}")
_NAME: Final = lazy_pattern(r"[\w][\w .@+-]{0,120}\.\w{1,12}")


def weights_named(text: str) -> str:
    """The name of the file of weights that a text is the path of, in lower case; else nothing."""
    lower = text.lower()
    is_sure = lower.endswith(ENDINGS)
    if not is_sure and not (lower.endswith(PERHAPS) and _OF_MODEL.search(lower)):
        return ""
    name = lower.replace("\\", "/").rpartition("/")[2]
    return name if _PATH.fullmatch(text) and _NAME.fullmatch(name) else ""

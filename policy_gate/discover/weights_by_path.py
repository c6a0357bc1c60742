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
ARCHIVES: Final = (".tar.gz", ".tgz", ".tar", ".zip")
"""the same, of an address alone: a bucket keeps models in these"""
_OF_MODEL: Final = lazy_pattern(
    r"model|weights|classifier|checkpoint|ckpt|detector|vectori[sz]er|booster|scaler|encoder"
)
_PATH: Final = lazy_pattern(r"[\w./\\:@~${} +*-]{3,300}")
_NAME: Final = lazy_pattern(r"\*?[\w][\w .@+*-]{0,120}\.\w{1,12}")
_OWN_NAME: Final = lazy_pattern(r"[\w][\w .@+-]{0,120}")
_HOST: Final = lazy_pattern(r"(?:(?:https?|wss?|ftp)://|www\.|[\w.+-]{1,80}@(?=[a-z]))[^/\\]{1,200}")
_OF_HOST: Final = lazy_pattern(
    r"(?:^|_)(?:host(?:name)?|domain|server|origin|site|e?mail|from|to|sender|reply_to|issuer|audience)s?$"
)
"""what is given a name of the network"""


def weights_named(text: str, key: str = "") -> str:
    """The name of the file of weights that a text is the path of, in lower case; else nothing.

    An address is its own name, as nothing tells the bytes behind it. What is handed to a call that loads weights is a
    path of some whatever its ending.
    """
    lower = text.lower()
    if key == ASKED_WEIGHTS:
        name = lower.replace("\\", "/").rstrip("/").rpartition("/")[2]
        return name if _PATH.fullmatch(text) and _OWN_NAME.fullmatch(name) else ""
    name = lower.replace("\\", "/").rpartition("/")[2]
    if _is_of_network(lower, key):
        return ""
    is_sure = lower.endswith(ENDINGS)
    if not (is_sure or (lower.endswith(PERHAPS) and _OF_MODEL.search(lower)) or _is_kept_model(lower, name)):
        return ""
    if not (_PATH.fullmatch(text) and _NAME.fullmatch(name)):
        return ""
    return text if "://" in lower else name


def _is_of_network(lower: str, key: str) -> bool:
    """Is it a host or somebody's address in Portugal, and no file?"""
    if not lower.endswith(".pt"):
        return False
    return _HOST.fullmatch(lower) is not None or ("/" not in lower and _OF_HOST.search(key) is not None)


def _is_kept_model(lower: str, name: str) -> bool:
    """Is it the address of an archive that holds a model, by its own name, or in a bucket by the path to it?"""
    scheme, slashes, path = lower.partition("://")
    told = name if scheme in ("http", "https") else path
    return bool(slashes) and lower.endswith(ARCHIVES) and _OF_MODEL.search(told) is not None

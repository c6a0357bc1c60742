"""Calls of Python libraries that name what they ask or load: a model, where it is served, a prompt kept elsewhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Final

from policy_gate.discover.code_facts import ASKED_MODEL, ASKED_PROMPT, ASKED_WEIGHTS
from policy_gate.discover.python_expressions import last_name

_MODELS: Final = frozenset(
    {
        *("spacy.load", "hub.load", "timm.create_model", "replicate.run", "replicate.stream", "replicate.async_run"),
        *(
            "aiplatform.Endpoint",
            "aiplatform.Model",
            "bentoml.get",
            "models.get",
            "run.use_artifact",
            "wandb.use_artifact",
        ),
        *("wandb.use_model", "run.use_model", "api.artifact", "artifacts.get"),
    }
)
"""by the name and what it is taken from; each text that is handed over in its place counts"""
_LOADERS: Final = frozenset({"joblib.load", "torch.load", "jit.load", "cloudpickle.load", "io.load", "load_model"})
_ADAPTERS: Final = frozenset({"load_adapter", "load_lora_weights", "load_lora_adapter", "load_peft_weights"})
_FILES: Final = frozenset({"model_file", "weights", "weights_file", "weights_path", "checkpoint_path"})
"""what is handed over by these names as a path is a file or folder of weights, whatever its ending"""
_PROMPTS: Final = frozenset({"hub.pull", "pull_prompt", "get_prompt"})


def asked_in_call(node: ast.Call, name: str) -> Iterator[tuple[str, Any]]:
    """What a call by this name asks, each with what it is given to."""
    both = f"{last_name(getattr(node.func, 'value', None))}.{name}"
    if both in _MODELS:
        yield from ((ASKED_MODEL, argument) for argument in node.args[:2])
    elif node.args and (both in _LOADERS or name in _LOADERS):
        yield (ASKED_MODEL if _is_elsewhere(node.args[0]) else ASKED_WEIGHTS), node.args[0]
    elif node.args and name in _ADAPTERS:
        yield ASKED_MODEL, node.args[0]
    elif node.args and (both in _PROMPTS or name in _PROMPTS):
        yield ASKED_PROMPT, node.args[0]
    elif name == "from_pretrained":
        yield from (("model_version", word.value) for word in node.keywords if word.arg == "revision")
        # An adapter is handed over behind the model that it changes, and a folder of the program's own as it is.
        yield from ((ASKED_MODEL, argument) for argument in node.args[1:2])
        yield from ((ASKED_WEIGHTS, argument) for argument in node.args[:1] if _is_own_folder(argument))
    yield from ((ASKED_WEIGHTS, word.value) for word in node.keywords if word.arg in _FILES and _is_path(word.value))


def _is_elsewhere(node: Any) -> bool:
    """Does it name something outside of the repository? What lies in it is told by its bytes, wherever it moves."""
    value = getattr(node, "value", None)
    return isinstance(value, str) and (":" in value or value.startswith("/"))


def _is_path(node: Any) -> bool:
    value = getattr(node, "value", None)
    return isinstance(value, str) and ("/" in value or "." in value)


def _is_own_folder(node: Any) -> bool:
    value = getattr(node, "value", None)
    return isinstance(value, str) and value.startswith(("./", "../"))

"""Calls of Python libraries that name what they ask or load: a model, where it is served, a prompt kept elsewhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Final

from policy_gate.discover.python_expressions import last_name

ASKED_MODEL: Final = "asked_model"
ASKED_PROMPT: Final = "asked_prompt"
"""what such a text is given to"""

_MODELS: Final = frozenset(
    {
        *("spacy.load", "hub.load", "timm.create_model", "replicate.run", "replicate.stream", "replicate.async_run"),
        *("aiplatform.Endpoint", "aiplatform.Model"),
    }
)
"""by the name and what it is taken from; each text that is handed over in its place counts"""
_LOADERS: Final = frozenset({"joblib.load", "torch.load", "jit.load", "cloudpickle.load", "io.load", "load_model"})
_PROMPTS: Final = frozenset({"hub.pull", "pull_prompt", "get_prompt"})


def asked_in_call(node: ast.Call, name: str) -> Iterator[tuple[str, Any]]:
    """What a call by this name asks, each with what it is given to."""
    both = f"{last_name(getattr(node.func, 'value', None))}.{name}"
    if both in _MODELS:
        yield from ((ASKED_MODEL, argument) for argument in node.args[:2])
    elif node.args and (both in _LOADERS or name in _LOADERS) and _is_elsewhere(node.args[0]):
        yield ASKED_MODEL, node.args[0]
    elif node.args and (both in _PROMPTS or name in _PROMPTS):
        yield ASKED_PROMPT, node.args[0]
    elif name == "from_pretrained":
        yield from (("model_version", word.value) for word in node.keywords if word.arg == "revision")


def _is_elsewhere(node: Any) -> bool:
    """Does it name something outside of the repository? What lies in it is told by its bytes, wherever it moves."""
    value = getattr(node, "value", None)
    return isinstance(value, str) and (":/" in value or value.startswith("/"))

"""Calls of Python libraries that name what they ask or load: a model, where it is served, a prompt kept elsewhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Final

from policy_gate.discover.code_facts import ASKED_MODEL, ASKED_PROMPT, ASKED_WEIGHTS, loaded_as
from policy_gate.discover.python_expressions import last_name
from policy_gate.discover.weights_by_path import weights_named
from policy_gate.schema.patterns import lazy_pattern

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
        *("whisper.load_model", "SequenceTagger.load", "TextClassifier.load", "models.transformers", "llm.get_model"),
    }
)
"""by the name and what it is taken from; each text that is handed over in its place counts"""
_SERVED: Final = lazy_pattern(
    r"(?:Azure|Chat|Async)?(?:OpenAI|Anthropic|Ollama|Gemini|GoogleGenerativeAI|GoogleGenAI|Groq|Mistral(?:AI)?|Cohere"
    r"|Bedrock(?:Converse)?|Vertex(?:AI)?|Fireworks|Together(?:AI)?|DeepSeek|XAI|Perplexity|LiteLLM?|HuggingFace"
    r"|OpenRouter|NVIDIA|Cerebras|LlamaCpp|Llama|GPT4All|VLLM)"
    r"(?:LLM|Chat|Embeddings?|Like|Generator|ChatCompletion|(?:Chat|Responses|Language|Embedding|Server)?Model)?"
    r"|\w{0,30}(?:LLM|ChatModel|LanguageModel|EmbeddingModel|InferenceClientModel|TransformersModel|WhisperModel)"
    r"|(?:Sparse)?TextEmbedding|\w{0,30}Reranker"
)
"""classes by who serves the models that they ask, or by what these do; each is handed the model first"""
_OF_PROVIDER: Final = lazy_pattern(
    r"(?:openai|anthropic|google|gemini|vertex|mistral|groq|cohere|bedrock|azure|litellm|ollama)\.(?:call|chat|generate)"
)
"""calls, by the module of who serves the models, that take a model first"""
_LOADERS: Final = frozenset(
    {
        *("joblib.load", "torch.load", "jit.load", "cloudpickle.load", "io.load", "load_model", "PipelineModel.load"),
        *("xgb.load", "dnn.readNet", "dnn.readNetFromDarknet", "dnn.readNetFromCaffe", "dnn.readNetFromTensorflow"),
    }
)
_FETCHERS: Final = frozenset(
    {
        *("hf_hub_download", "snapshot_download", "hf_hub_url", "hub_utils.download", "load_from_hub"),
        *("from_pretrained_keras", "from_preset"),
    }
)
"""what fetches from a hub, by the name or by it and what it is taken from"""
_NO_WEIGHTS: Final = (".json", ".jsonl", ".txt", ".md", ".yaml", ".yml", ".toml", ".csv", ".tsv", ".parquet", ".py")
_OF_DATA: Final = frozenset({"load_dataset", "load_dataset_builder", "get_dataset_infos", "get_dataset_config_names"})
_DATA: Final = "data"
"""what of a call names data, whatever its parameter is called"""
_IN_BUCKETS: Final = frozenset({"model_data", "model_data_url"})
_UPLOADED: Final = frozenset({"artifact_uri", "serving_container_image_uri"})
"""by which names a call is handed where a model is kept"""
_ADAPTERS: Final = frozenset({"load_adapter", "load_lora_weights", "load_lora_adapter", "load_peft_weights"})
_FILES: Final = frozenset({"model_file", "weights", "weights_file", "weights_path", "checkpoint_path"})
"""what is handed over by these names as a path is a file or folder of weights, whatever its ending"""
_PROMPTS: Final = frozenset({"hub.pull", "pull_prompt", "get_prompt"})


def asked_in_call(node: ast.Call, name: str) -> Iterator[tuple[str, Any]]:
    """What a call by this name asks, each with what it is given to."""
    both = f"{last_name(getattr(node.func, 'value', None))}.{name}"
    if both in _MODELS:
        yield from ((ASKED_MODEL, argument) for argument in node.args[:2])
        yield from ((ASKED_MODEL, word.value) for word in node.keywords if word.arg in ("name", "version", "label"))
    elif node.args and (_SERVED.fullmatch(name) or _OF_PROVIDER.fullmatch(both)):
        yield "model", node.args[0]
    elif name in _FETCHERS or both in _FETCHERS:
        yield from _fetched(node)
    elif name == "pipeline":
        yield from ((ASKED_MODEL, argument) for argument in node.args[1:2])
    elif name in _OF_DATA:
        yield from ((_DATA, word.value) for word in node.keywords if word.arg == "revision")
    elif node.args and (both in _LOADERS or name in _LOADERS):
        yield loaded_as(_text(node.args[0])), node.args[0]
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
    kept = _UPLOADED if both == "Model.upload" else _IN_BUCKETS
    yield from ((ASKED_MODEL, word.value) for word in node.keywords if word.arg in kept and _is_path(word.value))


def _fetched(node: ast.Call) -> Iterator[tuple[str, Any]]:
    """A repository of a hub, one of its revisions, and a file of it, where these hold no data."""
    given = {word.arg: word.value for word in node.keywords if word.arg}
    names = [*node.args[:1], *(given[word] for word in ("repo_id", "model_id") if word in given)]
    files = [*node.args[1:2], *(given[word] for word in ("filename", "allow_file_pattern") if word in given)]
    is_data = getattr(given.get("repo_type"), "value", None) == "dataset" and not any(map(_is_weights, files))
    yield from ((_DATA if is_data else ASKED_MODEL, it) for it in names)
    if "revision" in given:
        yield _DATA if is_data else "model_version", given["revision"]
    if not is_data:
        yield from ((ASKED_WEIGHTS, it) for it in files if not _text(it).endswith(_NO_WEIGHTS))


def _text(node: Any) -> str:
    value = getattr(node, "value", None)
    if isinstance(node, ast.JoinedStr) and "://" in _text(node.values[0] if node.values else None):
        return "".join(_text(part) or "{}" for part in node.values)
    return value if isinstance(value, str) else ""


def _is_weights(node: Any) -> bool:
    return bool(weights_named(_text(node)))


def _is_path(node: Any) -> bool:
    value = _text(node)
    return "/" in value or "." in value


def _is_own_folder(node: Any) -> bool:
    return _text(node).startswith(("./", "../"))

"""What is read of a program, whatever its language: what it imports, calls, and which texts stand in it under what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from msgspec import Struct

from policy_gate.schema.patterns import lazy_pattern

_HUMP: Final = lazy_pattern(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


ROLES: Final = frozenset({"system", "developer", "user", "human"})
"""whose message a program says to a model"""
OF_MESSAGE: Final = frozenset({"content", "text"})
"""what a message, or a part of one, gives its words to"""
SAYS_TO_MODEL: Final = frozenset(
    {
        *("SystemMessage", "SystemChatMessage", "SystemMessagePromptTemplate", "SystemPromptPart", "AddSystemMessage"),
        *("DeveloperMessage", "DeveloperChatMessage", "UserMessage", "UserChatMessage", "UserPromptPart"),
        *("HumanMessage", "HumanMessagePromptTemplate", "AddUserMessage", "PromptTemplate", "ChatPromptTemplate"),
        *("from_template", "fromTemplate", "InputField", "OutputField", "Tool", "with_instructions"),
        *("ChatHistory", "InvokePromptAsync", "CreateFunctionFromPrompt"),
    }
)
"""classes and functions of libraries that take what is said to a model"""

TAKES_MODEL: Final = frozenset(
    {
        *("GenerativeModel", "generativeModel", "ChatClient", "GetChatClient", "EmbeddingClient", "GetEmbeddingClient"),
        *("AddOpenAIChatCompletion", "AddAzureOpenAIChatCompletion", "AddOllamaChatCompletion", "OllamaApiClient"),
        *(
            "openai",
            "azure",
            "anthropic",
            "google",
            "vertex",
            "mistral",
            "groq",
            "xai",
            "bedrock",
            "ollama",
            "openrouter",
        ),
        *("cohere", "deepseek", "fireworks", "togetherai", "perplexity", "gateway"),
        *("languageModel", "chatModel", "textEmbeddingModel", "embeddingModel", "from_pretrained"),
    }
)
"""classes and functions of libraries, other than those of Python, that take the name of a model first"""

LOADS_WEIGHTS: Final = (
    *("restoreMultiLayerNetwork", "restoreMultiLayerNetworkAndNormalizer", "restoreComputationGraph"),
    *("restoreComputationGraphAndNormalizer", "MultiLayerNetwork.load", "ComputationGraph.load", "SameDiff.load"),
    *("importKerasSequentialModelAndWeights", "importKerasModelAndWeights", "optModelUrls", "optModelPath"),
    *("optArtifactId", "Model.Load", "Model.LoadTensorFlowModel", "PipelineModel.load", "MojoModel.load"),
    *("XGBoost.loadModel", "createFromModelFile", "loadLayersModel", "loadGraphModel", "ml5.imageClassifier"),
    *("ml5.soundClassifier", "LoadSavedModel", "LGEnsembleFromFile", "XGEnsembleFromFile", "readNetFromDarknet"),
    *("readNetFromCaffe", "readNetFromTensorflow", "xgb.load", "load_model_hdf5", "load_model_tf"),
)
"""how the calls of other languages end that are handed a file or folder of weights, or an address of one"""

THROWN: Final = "thrown"
"""what the text of an error is given to"""
ASKED_MODEL: Final = "asked_model"
ASKED_PROMPT: Final = "asked_prompt"
ASKED_WEIGHTS: Final = "asked_weights"
"""what the text is given to that names what a call asks or loads"""


def loaded_as(value: str) -> str:
    """What a text is given to that is handed to what loads weights.

    What lies in the repository is told by its bytes, wherever it moves; a place outside of it is all that is known.
    """
    return ASKED_MODEL if ":" in value or value.startswith("/") else ASKED_WEIGHTS


class Named(NamedTuple):
    """A name and its line, from 1."""

    name: str
    line: int


class Literal(NamedTuple):
    """A text in a program. `key` is what it is given to (a variable, parameter or key), in snake_case, else empty."""

    value: str
    line: int
    key: str = ""


def firsts(literals: Iterable[Literal]) -> Iterator[Literal]:
    """Each text that is given to the same thing once, unless it comes again on an earlier line."""
    lines: dict[tuple[str, str], int] = {}
    for literal in literals:
        value, line, key = literal
        if line < lines.get((value, key), line + 1):
            lines[value, key] = line
            yield literal


class CodeFacts(Struct, frozen=True):
    """`for_types` is imported for type checkers alone: no program that runs holds anything of it.

    `constants` are names, taken from something, that may be those of models.
    """

    imports: tuple[Named, ...] = ()
    literals: tuple[Literal, ...] = ()
    calls: tuple[Named, ...] = ()
    for_types: tuple[Named, ...] = ()
    constants: tuple[Named, ...] = ()


@lru_cache(maxsize=4096)
def snake(name: str) -> str:
    """`modelName`, `MODEL-NAME` and `model_name` in one spelling."""
    return _HUMP.sub("_", name).replace("-", "_").replace(".", "_").lower()


def normal_name(distribution: str) -> str:
    """The name of a Python distribution in the one form that its spellings share."""
    return re.sub(r"[-_.]+", "-", distribution).lower()

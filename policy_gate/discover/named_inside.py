"""Models that a longer text names: in an address, in JSON that is sent as it stands, behind an option of a command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policy_gate.schema.patterns import lazy_pattern

_IN_ADDRESS: Final = lazy_pattern(
    r"/(?:models?|deployments|engines|endpoints|ai/run)/"
    r"((?:@[\w-]{1,20}/)?[A-Za-z0-9][\w.@-]{0,100}(?::\d[\w.-]{0,40})?)(?:/([A-Za-z0-9][\w.@-]{1,100}))?"
)
_OF_HUB: Final = lazy_pattern(
    r"\b(?:huggingface\.co|hf\.co|hf-mirror\.com)/(?!(?:datasets|spaces|docs|blog|papers|api|join|settings|collections"
    r"|organizations|learn|tasks|models|login|pricing|chat|posts|new|terms-of-service)(?:/|$))"
    r"([A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95})(?:/(?:resolve|tree|blob|raw)/([\w.%-]{1,100}))?"
)
"""a repository of the Hub that holds a model, and which revision of it"""
_IN_JSON: Final = lazy_pattern(
    r"""["']model(?:_?[iI]d|_?[nN]ame)?["']\s{0,20}:\s{0,20}["']([A-Za-z0-9@][\w.:@/-]{1,150})["']"""
)
_IN_SENTENCES: Final = (
    "is|are|was|be|and|or|to|for|of|in|on|as|at|by|if|when|with|without|from|that|which|must|may|can|cannot|should|will"
    "|has|have|needs?|not|no|only|also|requires?|required|takes?|expects?|option|flag|argument|parameter|value"
)
"""words that follow the name of an option where a sentence speaks of it"""
_BEHIND_OPTION: Final = lazy_pattern(
    r"""(?:^|\s)--model(?:[-_](?:id|name|path))?[=\s]\s{0,20}["']?(?!(?:""" + _IN_SENTENCES + r""")\b(?![-.:/@]))"""
    r"""([A-Za-z0-9@./][\w.:@/-]{1,150})"""
)
_OF_DATA: Final = lazy_pattern(
    r"\b(?:hf|huggingface-cli)[\"']?[,\s]\s{0,4}[\"']?download\b(?:[^;&|#\n\\]|\\\n){0,400}?"
    r"--repo-type[\"',=\s]{1,4}dataset\b(?!(?:[^;&|#\n\\]|\\\n){0,400}(?:--repo-type|\.safetensors|\.onnx|\.gguf|\.bin))",
    re.IGNORECASE,
)
"""a command that fetches a set of data, and no file of weights from one"""
_WHAT_IS_ASKED: Final = frozenset(
    {
        *("chat", "completions", "responses", "embeddings", "images", "audio", "extensions", "messages", "rerank"),
        *("invoke", "invoke-with-response-stream", "invocations", "converse", "converse-stream", "predictions"),
        *("predict", "generate", "score", "infer", "ready", "versions", "stream", "realtime", "batches"),
    }
)
"""what of an address comes behind the model and is none of its name"""
_LONGEST_ADDRESS: Final = 500
_ELSEWHERE: Final = ("{", "$", "%")
"""what a text begins with whose beginning, an address, is put in at run time"""


def without_data(text: str) -> str:
    """A script without the commands that fetch data, as many lines."""
    return _OF_DATA.sub(lambda found: "\n" * found[0].count("\n"), text) if "dataset" in text else text


def asked_path(text: str) -> str:
    """The last two parts of a path or an address that a text is, by which a protocol is told; else nothing."""
    if "/" not in text or len(text) > _LONGEST_ADDRESS or any(map(str.isspace, text)):
        return ""
    path = text.partition("?")[0].rstrip("/")
    return "/" + "/".join(path.split("/")[-2:])


def models_inside(text: str) -> Iterator[tuple[str, bool]]:
    """The names of models inside a text, and whether each is surely one; others may be places of the program's own."""
    is_sent = "://" in text or text.startswith(_ELSEWHERE)
    if is_sent or text.startswith("/"):
        for found in _IN_ADDRESS.finditer(text):
            further = f"/{found[2]}" if found[2] and found[2].lower() not in _WHAT_IS_ASKED else ""
            yield found[1] + further, is_sent
    # A sentence with an address in it only speaks of what is there.
    for found in _OF_HUB.finditer(text) if "://" in text and (" " not in text or "clone" in text) else ():
        yield found[1].removesuffix(".git") + (f"@{found[2]}" if found[2] else ""), True
    if "model" in text:
        for pattern in (_IN_JSON, _BEHIND_OPTION):
            yield from ((found[1], True) for found in pattern.finditer(text))

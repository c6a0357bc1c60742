"""Models that a program names by a constant of a library: `ChatModel.GPT_4O`, `openai.ChatModelGPT4o`, `.gpt4_o`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy_gate.discover.code_facts import Named
from policy_gate.schema.patterns import lazy_pattern

FAMILIES: Final = (
    *("gpt", "claude", "gemini", "gemma", "llama", "mistral", "mixtral", "codestral", "qwen", "grok", "deepseek"),
    *("embedding", "whisper", "sonnet", "haiku"),
)
"""parts of names, one of which such a constant holds, or what it is a constant of speaks of models"""
_TAKEN: Final = lazy_pattern(
    r"(?:(?<!\w)([A-Za-z_]\w{0,200}+))?+\s{0,2}+(?:::|\.)\s{0,2}+([A-Za-z]\w{2,60}+)\b(?!\s{0,2}+\()"
)
"""nothing in it is given back: what follows each part is no character of that part"""
_PREFIX: Final = lazy_pattern(r"^(?:Chat|Embedding|Image|Audio|Completion)?_?(?:Models?)?_?(?=[A-Z])")
_HUMP: Final = lazy_pattern(r"(?<=[a-z0-9])(?=[A-Z][a-z])")
_NUMBERED: Final = lazy_pattern(r"(?<=[a-z])(?=\d)")


def constants_in(plain: str) -> Iterator[tuple[str, int]]:
    """Names that are taken from something and may be a model's, with where they begin, in code without its texts."""
    for found in _TAKEN.finditer(plain):
        if may_be_constant(found[1] or "", found[2]):
            yield found[2], found.start(2)


def may_be_constant(of: str, name: str) -> bool:
    """Whether a name that is taken from another one may stand for a model."""
    if not (name[0].isupper() or (not of and any(map(str.isdigit, name)))):
        return False
    both = f"{of} {name}".lower()
    return "model" in both or any(part in both for part in FAMILIES)


def model_names(constant: Named) -> Iterator[str]:
    """How the model may be called that a constant stands for."""
    bare = _PREFIX.sub("", constant.name, count=1)
    said = _HUMP.sub("-", bare).replace("_", "-").lower()
    yield said
    yield _NUMBERED.sub("-", said)

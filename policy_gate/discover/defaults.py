"""What a text may come to that is a variable with a default, or an expression of a template with texts in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy_gate.discover.code_facts import Literal, snake
from policy_gate.discover.model_keys import speaks_of_model
from policy_gate.schema.observed import Signal
from policy_gate.schema.patterns import lazy_pattern

_DEFAULTED: Final = (
    lazy_pattern(r"\$\{\s{0,5}(?:oc\.)?env:\s{0,5}([\w.-]{1,80}),\s{0,5}[\"']?([^\n\"']{1,500})[\"']?\}"),
    lazy_pattern(r"\$\{\s{0,5}([A-Z0-9_]{1,80})[-=]([^\n]{1,500})\}"),
    lazy_pattern(r"\$\{\s{0,5}([\w.-]{1,80}):[-=+]?([^\n]{1,500})\}"),
    lazy_pattern(r"\$\{\s{0,5}(\w{1,80})[-=]([^\n]{1,500})\}"),
)
"""as OmegaConf (`,`), shells, Compose and azd (`-`, `=`) and Spring (`:`) write it; a dash or colon may be of either"""
_TEXT: Final = lazy_pattern(r"[\"'`]([^\"'`\n]{2,200})[\"'`]")
_VARIABLE: Final = lazy_pattern(r"\{\{-?\s{0,5}([\w.$-]{1,80})")
_DEEPEST: Final = 3
"""defaults of defaults that are looked into"""


def defaults_in(value: str) -> Iterator[tuple[str, str]]:
    """Variables of a text, each with what holds where it is not set."""
    if "{" not in value:
        return
    if "{{" in value:
        named = _VARIABLE.search(value)
        yield from ((named[1] if named else "", found[1]) for found in _TEXT.finditer(value))
    inner = [value]
    for _ in range(_DEEPEST):
        found = [it for text in inner if text.startswith("${") for it in _defaulted(text)]
        yield from found
        inner = [text for _, text in found]


def _defaulted(value: str) -> Iterator[tuple[str, str]]:
    for pattern in _DEFAULTED:
        if found := pattern.fullmatch(value):
            yield found[1], found[2].strip()


def given_to_variable(literal: Literal, variable: str) -> Literal:
    """The text as if the variable were given it, where only that says that it is a model."""
    is_said = speaks_of_model(variable) and not speaks_of_model(literal.key)
    return literal._replace(key=snake(variable)) if is_said else literal


def named_elsewhere(path: str, line: int, variable: str) -> Signal:
    """The sign of a model that is set outside of the file, by the name of the variable."""
    return Signal(path, line, "model", "A model named elsewhere", "low", f"${variable}", "", f"${variable}")

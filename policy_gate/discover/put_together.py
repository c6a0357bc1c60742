"""Texts that are put together of a variable's value: `rank_${VERSION}.onnx`, where the same file says `VERSION=3`.

What stands in another file, or is known only while the program runs, stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from policy_gate.discover.code_facts import Literal
from policy_gate.discover.code_text import without_comments
from policy_gate.discover.model_keys import speaks_of_model
from policy_gate.discover.named_inside import without_data
from policy_gate.discover.places import is_remark
from policy_gate.discover.weights_by_path import ARCHIVES, ENDINGS, PERHAPS
from policy_gate.schema.patterns import lazy_pattern

_NAME: Final = r"([A-Za-z_]\w{0,60})"
_USED: Final = lazy_pattern(rf"\$(?:\{{{_NAME}(?::?[-=]([\w./:@-]{{1,150}}))?\}}|\({_NAME}\)|{_NAME})")
"""`$A`, `${A}`, `${A:-default}`, `$(A)`"""
_GIVEN: Final = lazy_pattern(
    r"(?<![\w$.{-])([A-Za-z_]\w{0,60})(?:[ \t]{0,5}(?::[ \t]{0,5}\w{1,40}[ \t]{0,5})?[:?+]?=[ \t]{0,5}|:[ \t]{1,10})"
    r"[\"'`]?([\w./:@+-]{1,150})"
)
"""a variable and the plain value that it is given"""
_ANCHORED: Final = lazy_pattern(r"[:\-][ \t]{1,10}&([\w.-]{1,60})[ \t]{1,10}[\"']?([\w./:@-]{1,150})")
_DEFAULT_ALONE: Final = lazy_pattern(r"\$\{[^{}]*[:=?-][^{}]*\}")
_ALL: Final = (*ENDINGS, *PERHAPS, *ARCHIVES)
_MOST: Final = 2_000
"""values of variables of one file"""


def said_by_script(text: str, path: str) -> str:
    """A script or settings without remarks and commands that fetch data, and with its variables' values put in."""
    plain = without_data("\n".join("" if is_remark(line, path) else line for line in text.split("\n")))
    if "$" not in plain:
        return plain
    values = _values(plain)
    return _USED.sub(lambda found: _value(found, values), plain)


def put_together(literals: Iterable[Literal], text: str, language: str) -> Iterator[Literal]:
    """The texts of a program that name a model or weights by a variable of it, with its value put in."""
    used = [it for it in literals if "$" in it.value and _names_a_model(it)]
    values = _values(without_comments(text, language)) if used else {}
    yield from _by_anchors(literals, text) if language == "configuration" and "&" in text else ()
    for literal in used:
        value = _USED.sub(lambda found: _value(found, values), literal.value)
        if value != literal.value:
            yield Literal(value, literal.line, literal.key)


def _by_anchors(literals: Iterable[Literal], text: str) -> Iterator[Literal]:
    """The value that YAML says elsewhere in the file, for each that is asked for by its mark (`model: *ranker`)."""
    asked = [it for it in literals if it.value.startswith("*") and speaks_of_model(it.key)]
    said = {it[1]: it[2] for it in _ANCHORED.finditer(text)} if asked else {}
    for it in asked:
        if value := said.get(it.value[1:].strip()):
            yield Literal(value, it.line, it.key)


def _names_a_model(literal: Literal) -> bool:
    """May it name a model or weights? What is a variable alone, with what holds without it, is told as a default."""
    if literal.value.lower().endswith(_ALL):
        return True
    return speaks_of_model(literal.key) and _DEFAULT_ALONE.fullmatch(literal.value.strip()) is None


def _values(text: str) -> dict[str, str]:
    """What each variable is given; all of it where it is given more than one thing."""
    found: dict[str, dict[str, None]] = {}
    for number, it in enumerate(_GIVEN.finditer(text)):
        if number > _MOST:
            break
        found.setdefault(it[1], {})[it[2]] = None
    return {name: ".".join(values) for name, values in found.items()}


def _value(found: re.Match[str], values: dict[str, str]) -> str:
    default = found[2]
    named = values.get(found[1] or found[3] or found[4], "")
    return ".".join(filter(None, (named, default))) or found[0]

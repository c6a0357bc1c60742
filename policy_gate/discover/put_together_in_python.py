"""Texts of Python that are put together of names: `f"rank_{VERSION}.pkl"`, where the same file says `VERSION = "3"`."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, Final

from policy_gate.discover.code_facts import ASKED_WEIGHTS
from policy_gate.discover.model_keys import speaks_of_model
from policy_gate.discover.python_expressions import last_name, plain_text
from policy_gate.discover.weights_by_path import ARCHIVES, ENDINGS, PERHAPS
from policy_gate.schema.patterns import lazy_pattern

UNKNOWN: Final = "{}"
"""what stands for a part that nobody knows before the program runs"""
_WITH_DEFAULT: Final = frozenset({"get", "getenv", "pop"})
_AS_TEXT: Final = frozenset({"str", "int", "Path"})
_PLACE: Final = lazy_pattern(r"\{([A-Za-z_0-9]{0,60})[^{}]{0,20}\}|%(?:\(([A-Za-z_]\w{0,60})\))?[sd]")
_OF_WEIGHTS: Final = (*ENDINGS, *PERHAPS, *ARCHIVES)

Values = Callable[[str], str]
"""what a name is given, or `UNKNOWN`"""


def names_a_model(key: str, node: Any) -> bool:
    """May this expression name a model or weights by what it is put together of?"""
    if not isinstance(node, (ast.JoinedStr, ast.BinOp, ast.Call)):
        return False
    return key == ASKED_WEIGHTS or speaks_of_model(key) or _last_part(node).lower().endswith(_OF_WEIGHTS)


def filled(node: Any, values: Values) -> str:
    """The text that an expression comes to with what its names are given."""
    if isinstance(node, ast.Constant):
        return str(node.value) if isinstance(node.value, (str, int, float)) else UNKNOWN
    if isinstance(node, ast.JoinedStr):
        return "".join(filled(part, values) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return filled(node.value, values)
    if isinstance(node, (ast.Name, ast.Attribute)):
        return values(last_name(node))
    if isinstance(node, ast.BinOp):
        return _of_operation(node, values)
    return _of_call(node, values) if isinstance(node, ast.Call) else UNKNOWN


def _of_operation(node: ast.BinOp, values: Values) -> str:
    if isinstance(node.op, ast.Add):
        # Long chains lean to the left: walked, not recursed into.
        parts: list[str] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add):
            parts.append(filled(left.right, values))
            left = left.left
        return "".join([filled(left, values), *reversed(parts)])
    template = plain_text(node.left)
    if not isinstance(node.op, ast.Mod) or template is None:
        return UNKNOWN
    right = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
    return _in_places(template, [filled(part, values) for part in right], {})


def _of_call(node: ast.Call, values: Values) -> str:
    name = last_name(node.func)
    template = plain_text(node.func.value) if isinstance(node.func, ast.Attribute) and name == "format" else None
    if template is not None:
        named = {word.arg: filled(word.value, values) for word in node.keywords if word.arg}
        return _in_places(template, [filled(part, values) for part in node.args], named)
    if name in _WITH_DEFAULT and len(node.args) == 2:
        return filled(node.args[1], values)
    return filled(node.args[0], values) if name in _AS_TEXT and len(node.args) == 1 else UNKNOWN


def _in_places(template: str, parts: list[str], named: dict[str, str]) -> str:
    """A template with these put in, one after the other or by their names."""
    waiting = iter(parts)

    def put_in(name: str) -> str:
        if name.isdecimal():
            return parts[int(name)] if int(name) < len(parts) else UNKNOWN
        return named.get(name, UNKNOWN) if name else next(waiting, UNKNOWN)

    return _PLACE.sub(lambda found: put_in(found[1] or found[2] or ""), template)


def _last_part(node: Any) -> str:
    """The plain text that an expression of texts ends with, or is made by."""
    if isinstance(node, ast.JoinedStr):
        return plain_text(node.values[-1]) or "" if node.values else ""
    if isinstance(node, ast.BinOp):
        return plain_text(node.left if isinstance(node.op, ast.Mod) else node.right) or ""
    func = node.func
    return (plain_text(func.value) or "") if isinstance(func, ast.Attribute) and func.attr == "format" else ""

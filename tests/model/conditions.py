"""Principle 8: a condition of the policies is true, false, or None where it needs what nobody stated."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

Known = Mapping[str, Any]
Condition = Callable[[Known], Any]
_NOT = re.compile(r"!(?!=)")
_COMPARED: dict[type, Callable[[Any, Any], bool]] = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.In: lambda a, b: a in b,
    ast.Lt: lambda a, b: a < b,
    ast.Gt: lambda a, b: a > b,
    ast.LtE: lambda a, b: a <= b,
    ast.GtE: lambda a, b: a >= b,
}


@cache
def condition(text: str) -> Condition:
    """The condition that a text of the policies states; names are looked up as `system.tier`."""
    written = _NOT.sub(" not ", text.replace("&&", " and ").replace("||", " or "))
    return _built(ast.parse(" ".join(written.split()), mode="eval").body)


def _built(node: ast.AST) -> Condition:
    match node:
        case ast.Constant(value=value):
            return lambda _: value
        case ast.Name(id="true" | "false" as word):
            return lambda _: word == "true"
        case ast.Name(id=name):
            return lambda known: known.get(name)
        case ast.Attribute(value=ast.Name(id=of), attr=name):
            return lambda known, full=f"{of}.{name}": known.get(full)  # type: ignore[misc]
        case ast.List(elts=items):
            parts = [_built(item) for item in items]
            return lambda known: [part(known) for part in parts]
        case ast.UnaryOp(operand=inner):
            negated = _built(inner)
            return lambda known: None if (said := negated(known)) is None else not said
        case ast.BoolOp(op=op, values=items):
            return _joined([_built(item) for item in items], settled=isinstance(op, ast.Or))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compared(_COMPARED[type(op)], _built(left), _built(right))
        case ast.Call():
            return _called(node)
    raise ValueError(ast.dump(node))


def _joined(parts: list[Condition], *, settled: bool) -> Condition:
    def say(known: Known) -> Any:
        untold = False
        for part in parts:
            said = part(known)
            if said is None:
                untold = True
            elif bool(said) is settled:
                return settled
        return None if untold else not settled

    return say


def _compared(same: Callable[[Any, Any], bool], left: Condition, right: Condition) -> Condition:
    def say(known: Known) -> Any:
        one, other = left(known), right(known)
        return None if one is None or other is None else same(one, other)

    return say


def _called(node: ast.Call) -> Condition:
    if isinstance(node.func, ast.Name):
        listed = _built(node.args[0])
        return lambda known: None if (said := listed(known)) is None else len(said)
    assert isinstance(node.func, ast.Attribute)
    of, name = _built(node.func.value), node.func.attr
    if name == "startsWith":
        start = _built(node.args[0])
        return _compared(lambda text, other: str(text).startswith(other), of, start)
    item, holds = node.args
    assert isinstance(item, ast.Name)
    assert name == "exists"
    inner = _built(holds)
    return lambda known: None if (said := of(known)) is None else any(inner({**known, item.id: it}) for it in said)

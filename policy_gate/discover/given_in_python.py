"""What a name is given in Python beyond a plain text: one of several, an option's default, what a function returns.

`model = os.environ.get("MODEL") or "acme/rank-1"`, `PROMPT = "".join([…])`, `add_argument("--model", default=…)`,
`def system_prompt(): return …`: each is a text that a name comes to.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

from policy_gate.discover.model_keys import speaks_of_model
from policy_gate.discover.prompt_texts import speaks_of_prompt
from policy_gate.discover.python_expressions import last_name, plain_text
from policy_gate.discover.said_to_people import ASKS_PEOPLE

_ONE_OF: Final = frozenset(
    {
        *("Field", "field", "Option", "Argument", "Param", "Query", "cast", "str", "SecretStr"),
        *("lower", "upper", "strip", "replace", "decode", "next", "iter", "removeprefix", "removesuffix"),
    }
)
"""calls that come to a text that they are handed, or are asked of"""
_WITH_DEFAULT: Final = frozenset({"get", "getenv", "pop", "setdefault"})
_ASKS_USER: Final = ASKS_PEOPLE | {"text"}
_STATEMENTS: Final = (ast.stmt, ast.excepthandler, ast.match_case)
_MOST: Final = 200


def texts_given(key: str, value: Any) -> Iterator[Any]:
    """A value, and where its name speaks of models or prompts what it may come to, or is put together of."""
    is_prompt = speaks_of_prompt(key)
    if not (is_prompt or speaks_of_model(key)):
        yield value
        return
    waiting, seen = [value], 0
    while waiting and seen < _MOST:
        node, seen = waiting.pop(), seen + 1
        yield node
        waiting += _within(node, is_prompt=is_prompt)


def _within(node: Any, *, is_prompt: bool) -> Sequence[Any]:
    """The expressions that one comes to, or is put together of."""
    if isinstance(node, ast.BoolOp):
        return node.values
    if isinstance(node, ast.IfExp):
        return (node.body, node.orelse)
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return node.elts
    if isinstance(node, (ast.Subscript, ast.Await)):
        inner = node.value
        return inner.values if isinstance(inner, ast.Dict) else (inner,)
    if isinstance(node, ast.BinOp):
        return (node.left, node.right)
    return _within_call(node, is_prompt=is_prompt) if isinstance(node, ast.Call) else ()


def _within_call(node: ast.Call, *, is_prompt: bool) -> Sequence[Any]:
    name = last_name(node.func)
    found = [word.value for word in node.keywords if word.arg == "default"]
    if name in _ASKS_USER:
        return ()
    if name in _WITH_DEFAULT:
        return [*found, *node.args[1:]]
    if name in _ONE_OF or is_prompt:
        of = [node.func.value] if isinstance(node.func, ast.Attribute) else []
        own = [it for it in node.args if name != "format" or not isinstance(it, ast.Call)]
        return [*found, *own, *of]
    return found


def given_in_pairs(parts: list[ast.expr]) -> Iterator[tuple[str, Any]]:
    """What stands behind a text that names a model, or where it is served: `("model", "acme/rank-1")`."""
    for one, other in pairwise(parts):
        name = plain_text(one)
        if name is not None and speaks_of_model(name):
            yield name, other


def given_to_option(node: ast.Call) -> Iterator[tuple[str, Any]]:
    """The default of an option of a command, given to the option's name."""
    names = [text.lstrip("-") for text in map(plain_text, node.args) if text and text.startswith("-")]
    for name in names[:2]:
        yield from ((name, word.value) for word in node.keywords if word.arg == "default")


def given_in_assignment(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Each target of an assignment with its value; of several at once each with its own."""
    for target in node.targets:
        sides = (target, node.value)
        parts = [side.elts for side in sides if isinstance(side, ast.Tuple)]
        if len(parts) == 2 and len(parts[0]) == len(parts[1]):
            yield from zip(*parts, strict=True)
        else:
            yield sides


def returned_as(node: Any) -> Iterator[tuple[str, Any]]:
    """What a function returns whose name, or that of what decorates it, says that it is a prompt."""
    names = [node.name, *(last_name(it.func if isinstance(it, ast.Call) else it) for it in node.decorator_list)]
    name = next((it for it in reversed(names) if speaks_of_prompt(it)), "")
    waiting: list[Any] = list(node.body) if name else []
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, (ast.Return, ast.Assign)) and inner.value is not None:
            yield name, inner.value
        elif isinstance(inner, ast.Expr) and isinstance(inner.value, (ast.Yield, ast.YieldFrom)):
            yield name, inner.value.value
        elif not isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            waiting += (it for it in ast.iter_child_nodes(inner) if isinstance(it, _STATEMENTS))


def named_by_class(node: ast.ClassDef) -> Iterator[tuple[str, Any]]:
    """What a class is given, and the values of an enumeration of models."""
    yield from ((word.arg, word.value) for word in node.keywords if word.arg)
    if speaks_of_model(node.name) and any(last_name(base).endswith("Enum") for base in node.bases):
        yield from (("model", it.value) for it in node.body if isinstance(it, ast.Assign))

"""What a name is given in Python beyond a plain text: one of several, an option's default, what a function returns.

`model = os.environ.get("MODEL") or "acme/rank-1"`, `PROMPT = "".join([…])`, `add_argument("--model", default=…)`,
`def system_prompt(): return …`: each is a text that a name comes to.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

from policy_gate.discover.code_facts import ROLES, snake
from policy_gate.discover.model_keys import speaks_of_model
from policy_gate.discover.prompt_texts import speaks_of_prompt
from policy_gate.discover.python_expressions import last_name, plain_text
from policy_gate.discover.said_to_people import ASKS_PEOPLE
from policy_gate.schema.patterns import lazy_pattern

_ONE_OF: Final = frozenset(
    {
        *("Field", "field", "Option", "Argument", "Param", "Query", "cast", "str", "SecretStr"),
        *("lower", "upper", "strip", "replace", "decode", "next", "iter", "removeprefix", "removesuffix"),
    }
)
"""calls that come to a text that they are handed, or are asked of"""
_WITH_DEFAULT: Final = frozenset({"get", "getenv", "pop", "setdefault"})
_ENTRIES: Final = frozenset({"items", "values"})
TABLES: Final = frozenset({"dict", "OrderedDict", "SimpleNamespace", "Namespace", "MappingProxyType"})
"""what makes a table or an object of what it is handed by name"""
_KNOWN_AS: Final = frozenset({"alias", "validation_alias", "env", "envvar", "env_var"})
"""by what an option or a field says which variable sets it"""
_FOR: Final = lazy_pattern(r"_(?:for|by|of|from)(?:_\w{0,40})?$")
"""how names of functions end that say for whom or from what"""
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
    if isinstance(node, ast.Lambda):
        return (node.body,)
    if isinstance(node, ast.Attribute):
        return (node.value,) if node.attr == "value" else ()  # of a member of an enumeration
    return _within_call(node, is_prompt=is_prompt) if isinstance(node, ast.Call) else ()


def _within_call(node: ast.Call, *, is_prompt: bool) -> Sequence[Any]:
    name = last_name(node.func)
    found = [word.value for word in node.keywords if word.arg in ("default", "default_factory")]
    of_table = getattr(node.func, "value", None)
    if name in _ASKS_USER:
        return ()
    if name in _WITH_DEFAULT:
        return [*found, *node.args[1:], *values_of(of_table)]
    if name in _ENTRIES and not node.args:
        return values_of(of_table)
    if name in _ONE_OF or is_prompt:
        of = [node.func.value] if isinstance(node.func, ast.Attribute) else []
        own = [it for it in node.args if name != "format" or not isinstance(it, ast.Call)]
        return [*found, *own, *of]
    return found


def values_of(table: Any) -> Sequence[Any]:
    """What a table holds that is written down; else what stands for it."""
    if isinstance(table, ast.Dict):
        return table.values
    if isinstance(table, ast.Call) and last_name(table.func) in TABLES:
        return [word.value for word in table.keywords]
    return () if table is None else (table,)


def given_in_pairs(parts: list[ast.expr]) -> Iterator[tuple[str, Any]]:
    """What stands behind a text that names a model, or where it is served: `("model", "acme/rank-1")`."""
    for one, other in pairwise(parts):
        name = plain_text(one)
        if name is not None and speaks_of_model(name):
            yield name, other


def given_to_option(node: ast.Call) -> Iterator[tuple[str, Any]]:
    """The default of an option of a command or of a field, given to each name that it is known by."""
    plain = [text for text in map(plain_text, node.args) if text]
    is_option = any(text.startswith("-") for text in plain)
    names = [text.lstrip("-").replace("-", "_") for text in plain if is_option and " " not in text]
    said = [(word.arg, plain_text(word.value)) for word in node.keywords]
    known = [text for arg, text in said if text and arg in _KNOWN_AS and speaks_of_model(text)]
    names += [text for arg, text in said if text and arg == "dest"]
    found = [word.value for word in node.keywords if word.arg == "default"]
    for value in (*found, *(node.args[:1] if known and not is_option else ())):
        # A text counts as given to the first name: one that speaks of models, if there is one.
        yield from ((name, value) for name in sorted((*names[:4], *known), key=speaks_of_model, reverse=True))


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
    """What a function returns whose name, or that of what decorates it, says that it is a prompt or a model."""
    names = [node.name, *(last_name(it.func if isinstance(it, ast.Call) else it) for it in node.decorator_list)]
    name = next((it for it in reversed(names) if speaks_of_prompt(it)), "")
    if name:
        yield from ((name, value) for value in values_returned(node, with_assigned=True))
    elif speaks_of_model(plain := _FOR.sub("", snake(node.name))):
        yield from ((plain, value) for value in values_returned(node))


def values_returned(node: Any, *, with_assigned: bool = False) -> Iterator[Any]:
    """The values that a function returns or yields, and those that it gives names where these count, too."""
    returns = (ast.Return, ast.Assign) if with_assigned else (ast.Return,)
    waiting: list[Any] = list(node.body)
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, returns) and inner.value is not None:
            yield inner.value
        elif isinstance(inner, ast.Expr) and isinstance(inner.value, (ast.Yield, ast.YieldFrom)):
            yield inner.value.value
        elif not isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            waiting += (it for it in ast.iter_child_nodes(inner) if isinstance(it, _STATEMENTS))


def given_in_loop(node: Any) -> Iterator[tuple[str, Any]]:
    """What a loop or a comprehension goes through, given to its variable; of several to the last."""
    target = node.target.elts[-1] if isinstance(node.target, ast.Tuple) and node.target.elts else node.target
    if name := last_name(target):
        yield name, node.iter


def given_in_message(node: ast.Call) -> Iterator[tuple[str, Any]]:
    """The words of a message whose role says that they are said to a model."""
    given = {word.arg: word.value for word in node.keywords}
    role = given.get("role")
    if (plain_text(role) or last_name(role)).lower() in ROLES:
        yield from (("system", given[arg]) for arg in ("content", "text") if arg in given)


def named_by_class(node: ast.ClassDef) -> Iterator[tuple[str, Any]]:
    """What a class is given, and the values of an enumeration of models."""
    yield from ((word.arg, word.value) for word in node.keywords if word.arg)
    if speaks_of_model(node.name) and any(last_name(base).endswith("Enum") for base in node.bases):
        yield from (("model", it.value) for it in node.body if isinstance(it, ast.Assign))

"""Python read by its own parser: imports, calls, and texts that are no documentation."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from typing import Final

from policy_gate.discover.code_facts import CodeFacts, Literal, Named, snake

_NAMES_A_MODEL: Final = frozenset(
    {
        *("from_pretrained", "SentenceTransformer", "CrossEncoder", "GenerativeModel", "init_chat_model", "YOLO"),
        *("ChatOpenAI", "ChatAnthropic", "OpenAIEmbeddings", "LLM", "InferenceClient", "get_model", "generative_model"),
    }
)
"""what takes the name of a model as its first argument"""

_TEXTS: Final = (ast.Constant, ast.JoinedStr, ast.BinOp)
_GIVING: Final = (ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.Call, ast.Dict, ast.FunctionDef, ast.AsyncFunctionDef)
_MUTE: Final = (ast.Name, ast.expr_context, ast.operator, ast.cmpop, ast.boolop, ast.unaryop, ast.alias, ast.Pass)


def python_facts(text: str) -> CodeFacts | None:
    """What the program says; None where it does not parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
        return _facts(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _facts(tree: ast.Module) -> CodeFacts:
    imports: list[Named] = []
    literals: dict[int, Literal] = {}
    calls: list[Named] = []
    silent: set[int] = set()
    for node in _nodes(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            imports += _imported(node)
        elif isinstance(node, ast.Expr):
            # A text that stands alone is documentation.
            if isinstance(node.value, _TEXTS):
                silent.add(id(node.value))
        elif id(node) not in silent:
            if isinstance(node, ast.Call) and (name := _called(node.func)):
                calls.append(Named(name, node.lineno))
            if isinstance(node, _GIVING):
                for key, value in _given(node):
                    _note(literals, silent, value, key)
            if isinstance(node, _TEXTS):
                _note(literals, silent, node, "")
    return CodeFacts(tuple(imports), tuple(literals.values()), tuple(calls))


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node that says something, each before what is in it."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                waiting.extend(part for part in value if isinstance(part, ast.AST) and not isinstance(part, _MUTE))
            elif isinstance(value, ast.AST) and not isinstance(value, _MUTE):
                waiting.append(value)


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[Named]:
    if isinstance(node, ast.Import):
        yield from (Named(alias.name, node.lineno) for alias in node.names)
    elif node.module and not node.level:
        yield Named(node.module, node.lineno)
        yield from (Named(f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def _called(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def _given(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Each text below a node with the name that it is given to."""
    if isinstance(node, ast.Assign):
        yield from ((name, node.value) for target in node.targets if (name := _target(target)))
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
        yield _target(node.target), node.value
    elif isinstance(node, ast.Call):
        yield from ((word.arg, word.value) for word in node.keywords if word.arg)
        if node.args and _called(node.func) in _NAMES_A_MODEL:
            yield "model", node.args[0]
        if len(node.args) == 2 and _called(node.func) in ("get", "getenv", "setdefault"):
            yield _text(node.args[0]) or "", node.args[1]
    elif isinstance(node, ast.Dict):
        pairs = [(_text(key) or "", value) for key, value in zip(node.keys, node.values, strict=True)]
        said = {key: _text(value) for key, value in pairs}
        is_system = said.get("role") in ("system", "developer")
        yield from (("system" if is_system and key == "content" else key, value) for key, value in pairs if key)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        yield from _defaults(node.args)


def _defaults(arguments: ast.arguments) -> Iterator[tuple[str, ast.AST]]:
    plain = [*arguments.posonlyargs, *arguments.args]
    given = arguments.defaults
    yield from zip((argument.arg for argument in plain[len(plain) - len(given) :]), given, strict=True)
    keyed = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    yield from ((argument.arg, value) for argument, value in keyed if value is not None)


def _target(target: ast.expr) -> str:
    if isinstance(target, ast.Subscript):
        return _text(target.slice) or ""
    return target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""


def _note(literals: dict[int, Literal], silent: set[int], node: ast.AST, key: str) -> None:
    """Keep a text once; what is given a name is met before it is met by itself."""
    text = None if id(node) in literals or id(node) in silent else _text(node)
    if text is not None:
        literals[id(node)] = Literal(text, getattr(node, "lineno", 1), snake(key))
        if not isinstance(node, ast.Constant):
            silent.update(id(part) for part in ast.walk(node) if part is not node)


def _text(node: ast.AST | None) -> str | None:
    """The text that an expression of texts comes to; what is put in at run time is `{}`."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "{}" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        # Long chains lean to the left: walked, not recursed into.
        parts: list[str] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add):
            parts.append(_leaf(left.right))
            left = left.left
        parts.append(_leaf(left))
        return "".join(reversed(parts)) if any(part not in ("", "{}") for part in parts) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("strip", "format"):
        return _text(node.func.value)
    if isinstance(node, ast.Call) and _called(node.func) in ("dedent", "cleandoc") and len(node.args) == 1:
        return _text(node.args[0])
    return None


def _leaf(node: ast.expr) -> str:
    return (_text(node) or "{}") if isinstance(node, (ast.Constant, ast.JoinedStr)) else "{}"

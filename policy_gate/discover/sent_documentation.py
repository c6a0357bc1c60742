"""Documentation of Python that a library sends to a model: of a signature, a tool, a function that a model is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Final

from policy_gate.discover.python_expressions import last_name, plain_text

_BASES: Final = frozenset({"Signature", "OpenAISchema"})
"""classes whose documentation goes to a model, by the name under which they are inherited"""
_DECORATORS: Final = frozenset(
    {
        *("ai_fn", "ai_function", "ai_classifier", "ai_model", "chatprompt", "prompt_template", "llm_prompt"),
        *("tool", "tool_plain", "function_tool", "kernel_function", "marvin.fn", "lmql.query"),
        *("ell.simple", "ell.complex", "magentic.prompt", "outlines.prompt"),
    }
)
"""those that stand before a function whose documentation goes to a model; a common name with what it is taken from"""


def sent_documentation(node: Any) -> Iterator[ast.expr]:
    """The documentation of a class or function, where a library says it to a model."""
    first = node.body[0] if node.body else None
    if not isinstance(first, ast.Expr) or plain_text(first.value) is None:
        return
    is_sent = any(not _DECORATORS.isdisjoint(_names(it)) for it in node.decorator_list)
    if isinstance(node, ast.ClassDef):
        is_sent = is_sent or any(not _BASES.isdisjoint(_names(base)) for base in node.bases)
    if is_sent:
        yield first.value


def _names(node: ast.expr) -> set[str]:
    """The last name of what is called or inherited, alone and with what it is taken from."""
    node = node.func if isinstance(node, ast.Call) else node
    of = f"{last_name(node.value)}." if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) else ""
    return {last_name(node), f"{of}{last_name(node)}"}

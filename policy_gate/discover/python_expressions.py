"""What an expression of Python is called by, and the text that one is as it stands."""

from __future__ import annotations

import ast
from typing import Any


def last_name(node: Any) -> str:
    """The name of a name or attribute, without what it is taken from; empty for other expressions."""
    kind = node.__class__
    if kind is ast.Attribute:
        return str(node.attr)
    return str(node.id) if kind is ast.Name else ""


def plain_text(node: Any) -> str | None:
    """The text that an expression is, where nothing is put together or put in."""
    return node.value if node.__class__ is ast.Constant and isinstance(node.value, str) else None

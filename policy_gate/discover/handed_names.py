"""Texts that reach a model by the name of a variable: `RANKER = "acme/rank-1"`, and later `create(model=RANKER)`.

What a name is given counts where the name is handed on as a model or as what is said to one, in the same function, in
one around it or in the module.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from policy_gate.discover.model_keys import speaks_of_model
from policy_gate.discover.prompt_texts import speaks_of_prompt
from policy_gate.discover.python_expressions import last_name

_ASSIGNING: Final = frozenset[Any]({ast.Assign, ast.AnnAssign, ast.NamedExpr})
_FUNCTIONS: Final = frozenset[Any]({ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda})
_ANYWHERE: Final = 0
"""the line of what an object is given, which all functions see"""
_SAID: Final = "system"
"""what the content of a message of that role is given to"""
_MOST: Final = 200
"""texts that names are followed to, by way of other names"""


class HandedNames:
    """The names of one program that are handed on so, and what each name is given."""

    def __init__(self) -> None:
        self._given: dict[str, list[tuple[int, Any]]] = defaultdict(list)
        self._handed: list[tuple[str, str, int]] = []
        self._functions: list[tuple[int, int]] = []

    def __bool__(self) -> bool:
        return bool(self._handed)

    def meet(self, node: Any, key: str, value: Any) -> None:
        """In this node a name, a parameter or a key is given something."""
        line = getattr(value, "lineno", 0)
        if node.__class__ in _ASSIGNING:
            targets = node.targets if isinstance(node, ast.Assign) else (node.target,)
            is_of_object = any(isinstance(it, ast.Attribute) for it in targets)
            self._given[key].append((_ANYWHERE if is_of_object else line, value))
        name = last_name(value)
        if name and (key == _SAID or speaks_of_prompt(key) or speaks_of_model(key)):
            self._handed.append((key, name, line))

    def meet_scope(self, node: Any) -> None:
        """A function is a scope of its own; other nodes are none."""
        if node.__class__ in _FUNCTIONS:
            self._functions.append((node.lineno, node.end_lineno or node.lineno))

    def texts(self) -> Iterator[tuple[str, Any]]:
        """What the names come to, each under what they are handed on as."""
        waiting, seen = list(self._handed), set[tuple[str, str]]()
        while waiting and len(seen) < _MOST:
            key, name, line = waiting.pop()
            if (key, name) in seen:
                continue
            seen.add((key, name))
            for at, value in self._given.get(name, ()):
                if self._is_seen_from(line, at):
                    for it in value.values if isinstance(value, ast.Dict) else (value,):
                        yield key, it
                        waiting += [(key, last_name(it), at)] if last_name(it) else []

    def _is_seen_from(self, line: int, at: int) -> bool:
        """Whether what is given in one line holds in another: no function is around it that is not around both."""
        return all(begin <= line <= end for begin, end in self._functions if begin <= at <= end)

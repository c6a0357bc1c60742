"""Texts that reach a model by the name of a variable: `RANKER = "acme/rank-1"`, and later `create(model=RANKER)`.

What a name is given counts where the name is handed on as a model or as what is said to one, in the same function, in
one around it or in the module.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from policy_gate.discover.code_facts import ASKED_WEIGHTS, loaded_as
from policy_gate.discover.model_keys import speaks_of_model
from policy_gate.discover.prompt_texts import speaks_of_prompt
from policy_gate.discover.put_together_in_python import UNKNOWN, filled, names_a_model
from policy_gate.discover.python_expressions import last_name
from policy_gate.schema.patterns import lazy_pattern

_ASSIGNING: Final = frozenset[Any]({ast.Assign, ast.AnnAssign, ast.NamedExpr})
_FUNCTIONS: Final = frozenset[Any]({ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda})
_ANYWHERE: Final = 0
"""the line of what an object is given, which all functions see"""
_SAID: Final = "system"
"""what the content of a message of that role is given to"""
_MOST: Final = 200
"""texts that names are followed to, by way of other names"""
_SAVES: Final = lazy_pattern(r"_?(?:save|dump|export|write|to_)|\w{0,40}Checkpoint$")
"""how the names of calls begin that write what a program has trained"""
_DEEPEST: Final = 3
"""names by way of which another one has its value"""
_MOST_OF_NAME: Final = 8
"""expressions that one name is given"""
_LONGEST: Final = 300
"""characters of a value that may be part of a name"""


class HandedNames:
    """The names of one program that are handed on so, and what each name is given."""

    def __init__(self) -> None:
        self._given: dict[str, list[tuple[int, Any]]] = defaultdict(list)
        self._handed: list[tuple[str, str, int]] = []
        self._functions: list[tuple[int, int]] = []
        self._defaults: dict[str, list[tuple[int, Any]]] = defaultdict(list)
        self._joined: list[tuple[str, Any]] = []
        self._values: dict[tuple[tuple[int, ...], str, int], str] = {}
        self._saved = set[int]()
        self._saved_as = set[str]()

    def __bool__(self) -> bool:
        return bool(self._handed or self._joined)

    def meet(self, node: Any, key: str, value: Any) -> None:
        """In this node a name, a parameter or a key is given something."""
        line = getattr(value, "lineno", 0)
        if node.__class__ in _ASSIGNING:
            targets = node.targets if isinstance(node, ast.Assign) else (node.target,)
            is_of_object = any(isinstance(it, ast.Attribute) for it in targets)
            self._given[key].append((_ANYWHERE if is_of_object else line, value))
        elif node.__class__ in _FUNCTIONS:
            self._defaults[key].append((line, value))
        self.meet_text(key, value)
        name = last_name(value)
        if name and (key == _SAID or speaks_of_prompt(key) or speaks_of_model(key)):
            self._handed.append((key, name, line))

    def meet_text(self, key: str, node: Any, *, is_part: bool = False) -> None:
        """A text, or part of one that was met, is given to this, or to nothing that has a name."""
        if not is_part and names_a_model(key, node):
            self._joined.append((key, node))

    def meet_scope(self, node: Any) -> None:
        """A function is a scope of its own; what a call saves is no model that the program asks."""
        if node.__class__ in _FUNCTIONS:
            self._functions.append((node.lineno, node.end_lineno or node.lineno))
        elif node.__class__ is ast.Call and (name := last_name(node.func)) and _SAVES.match(name):
            given = (*node.args, *(word.value for word in node.keywords))
            self._saved.update(map(id, given))
            self._saved_as.update(filter(None, map(last_name, given)))

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

    def put_together(self) -> Iterator[tuple[str, str, int]]:
        """The texts that name a model or weights by names of the program, with what those are given."""
        for key, node in self._joined[:_MOST]:
            if key in self._saved_as or id(node) in self._saved:
                continue
            text = filled(node, partial(self._value, node.lineno))
            if text != filled(node, lambda _: UNKNOWN) and (key or " " not in text):
                yield (loaded_as(text) if key == ASKED_WEIGHTS else key), text, node.lineno

    def _value(self, line: int, name: str, depth: int = 0) -> str:
        """What a name is given, all of it where it is given more than one thing."""
        scope = tuple(begin for begin, end in self._functions if begin <= line <= end)
        key = (scope, name, depth)
        if key not in self._values:
            self._values[key] = UNKNOWN if depth == _DEEPEST else self._joint_value(line, name, depth)
        return self._values[key]

    def _joint_value(self, line: int, name: str, depth: int) -> str:
        given = (*self._given.get(name, ()), *self._defaults.get(name, ()))
        seen = [value for at, value in given if self._is_seen_from(line, at)]
        plain = [value for value in seen if isinstance(value, ast.Constant)]
        others = [value for value in seen if not isinstance(value, ast.Constant)][:_MOST_OF_NAME]
        texts = {filled(value, lambda it: self._value(line, it, depth + 1)) for value in (*plain, *others)}
        return ".".join(sorted(it for it in texts if it != UNKNOWN and len(it) <= _LONGEST)) or UNKNOWN

    def _is_seen_from(self, line: int, at: int) -> bool:
        """Whether what is given in one line holds in another: no function is around it that is not around both."""
        return all(begin <= line <= end for begin, end in self._functions if begin <= at <= end)

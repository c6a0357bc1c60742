"""Texts that reach a model by the name of a variable: `RANKER = "acme/rank-1"`, and later `create(model=RANKER)`.

What a name is given counts where the name is handed on as a model or as what is said to one, in the same function, in
one around it or in the module.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property, partial
from typing import Any, Final

from policy_gate.discover.code_facts import ASKED_WEIGHTS, loaded_as
from policy_gate.discover.function_scopes import FunctionScopes
from policy_gate.discover.given_in_python import TABLES, texts_given, values_of, values_returned
from policy_gate.discover.model_keys import speaks_of_model
from policy_gate.discover.prompt_texts import speaks_of_prompt
from policy_gate.discover.put_together_in_python import UNKNOWN, filled, names_a_model
from policy_gate.discover.python_expressions import last_name
from policy_gate.schema.patterns import lazy_pattern

_ASSIGNING: Final = frozenset[Any]({ast.Assign, ast.AnnAssign, ast.NamedExpr})
LOOPS: Final = frozenset[Any]({ast.For, ast.AsyncFor, ast.comprehension})
_GIVES_BY_NAME: Final = TABLES | {"add_argument", "add_option", "option", "argument", "set_defaults"}
"""calls that make an object whose fields are called by what they are handed, or an option of a command"""
_FUNCTIONS: Final = frozenset[Any]({ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda})
_Place = tuple[int, int]
"""a line and a column"""
_ANYWHERE: Final = (0, 0)
"""where an object is given something, which all functions see"""
_SAID: Final = "system"
"""what the content of a message of that role is given to"""
_MOST: Final = 20_000
"""names, each in its function, that are followed"""
_MOST_JOINED: Final = 200
"""texts that are put together"""
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
        self._given: dict[str, list[tuple[_Place, Any]]] = defaultdict(list)
        self._handed: list[tuple[str, str, _Place]] = []
        self._called: list[tuple[str, str, _Place]] = []
        self._returning: dict[str, list[Any]] = defaultdict(list)
        self._functions: list[tuple[_Place, _Place]] = []
        self._defaults: dict[str, list[tuple[_Place, Any]]] = defaultdict(list)
        self._joined: list[tuple[str, Any]] = []
        self._values: dict[tuple[Any, str, int], str] = {}
        self._saved = set[int]()
        self._saved_as = set[str]()

    def needs(self, text: str) -> bool:
        """May other statements of this program say what the names come to?"""
        return bool(self._handed or self._joined) or any(
            f"def {name}(" in text or f"\n{name} =" in text for _, name, _ in self._called
        )

    def meet(self, node: Any, key: str, value: Any) -> None:
        """In this node a name, a parameter or a key is given something."""
        place = _place(node if value.__class__ is ast.Lambda else value)  # a function's place is in the function
        if node.__class__ in _ASSIGNING:
            targets = node.targets if isinstance(node, ast.Assign) else (node.target,)
            is_of_object = any(isinstance(it, ast.Attribute) for it in targets)
            self._given[key].append((_ANYWHERE if is_of_object else place, value))
        elif node.__class__ in _FUNCTIONS:
            self._defaults[key].append((place, value))
        elif node.__class__ in LOOPS:
            self._given[key].append((place, value))
        elif node.__class__ is ast.Call and last_name(node.func) in _GIVES_BY_NAME:
            self._given[key].append((_ANYWHERE, value))
        self.meet_text(key, value)
        names = [name for it in _put_in(value) if (name := last_name(it))]
        called = [name for it in _put_in(value) if (name := _own_function(it))]
        if (names or called) and (key == _SAID or speaks_of_prompt(key) or speaks_of_model(key)):
            self._handed += [(key, name, place) for name in names]
            self._called += [(key, name, place) for name in called]

    def meet_text(self, key: str, node: Any, *, is_part: bool = False) -> None:
        """A text, or part of one that was met, is given to this, or to nothing that has a name."""
        if not is_part and names_a_model(key, node):
            self._joined.append((key, node))

    def meet_scope(self, node: Any) -> None:
        """A function is a scope of its own; what a call saves is no model that the program asks."""
        if node.__class__ in _FUNCTIONS:
            self._functions.append((_place(node), (node.end_lineno, node.end_col_offset)))
            if node.__class__ is not ast.Lambda:
                self._returning[node.name].append(node)
        elif node.__class__ is ast.Call and (name := last_name(node.func)) and _SAVES.match(name):
            given = (*node.args, *(word.value for word in node.keywords))
            self._saved.update(map(id, given))
            self._saved_as.update(filter(None, map(last_name, given)))

    def texts(self) -> Iterator[tuple[str, Any]]:
        """What the names come to, each under what they are handed on as."""
        waiting, seen = [*self._handed, *self._called], set[tuple[str, str, Any]]()
        while waiting and len(seen) < _MOST:
            key, name, place = waiting.pop()
            if (key, name, _ANYWHERE) not in seen:
                seen.add((key, name, _ANYWHERE))
                for value in (it for node in self._returning.get(name, ()) for it in values_returned(node)):
                    # What is said to a model may be any object that a function returns: only its own texts are taken.
                    is_model = speaks_of_model(key)
                    for it in texts_given(key, value) if is_model else (value,):
                        yield key, it
                        waiting += self._within(key, it, _place(value)) if is_model else []
            for scope in self._scopes_of(place):
                if (key, name, scope) in seen:
                    break
                seen.add((key, name, scope))
                found = (self._given_in.get((name, scope), ()), self._defaults_in.get((name, scope), ()))
                for at, value in (it for each in found for it in each):
                    for it in values_of(value) if _is_table(value) else texts_given(_telling(key), value):
                        yield key, it
                        waiting += self._within(key, it, at)

    @staticmethod
    def _within(key: str, node: Any, at: _Place) -> list[tuple[str, str, _Place]]:
        """The names, and the functions of the program's own, that an expression has its value from."""
        return [(key, it, at) for part in _put_in(node) for it in (last_name(part), _own_function(part)) if it]

    def put_together(self) -> Iterator[tuple[str, str, int]]:
        """The texts that name a model or weights by names of the program, with what those are given."""
        for key, node in self._joined[:_MOST_JOINED]:
            if key in self._saved_as or id(node) in self._saved:
                continue
            text = filled(node, partial(self._value, _place(node)))
            if text != filled(node, lambda _: UNKNOWN) and (key or " " not in text):
                yield (loaded_as(text) if key == ASKED_WEIGHTS else key), text, node.lineno

    def _value(self, place: _Place, name: str, depth: int = 0) -> str:
        """What a name is given, all of it where it is given more than one thing."""
        key = (self._scopes.around(place), name, depth)
        if key not in self._values:
            self._values[key] = UNKNOWN if depth == _DEEPEST else self._joint_value(place, name, depth)
        return self._values[key]

    def _joint_value(self, place: _Place, name: str, depth: int) -> str:
        places = ((name, scope) for scope in self._scopes_of(place))
        seen = [it for at in places for by in (self._given_in, self._defaults_in) for _, it in by.get(at, ())]
        plain = [value for value in seen if isinstance(value, ast.Constant)]
        others = [value for value in seen if not isinstance(value, ast.Constant)][:_MOST_OF_NAME]
        texts = {filled(value, lambda it: self._value(place, it, depth + 1)) for value in (*plain, *others)}
        return ".".join(sorted(it for it in texts if it != UNKNOWN and len(it) <= _LONGEST)) or UNKNOWN

    @cached_property
    def _scopes(self) -> FunctionScopes:
        return FunctionScopes(self._functions)

    @cached_property
    def _given_in(self) -> dict[tuple[str, Any], list[tuple[_Place, Any]]]:
        return self._by_scope(self._given)

    @cached_property
    def _defaults_in(self) -> dict[tuple[str, Any], list[tuple[_Place, Any]]]:
        return self._by_scope(self._defaults)

    def _by_scope(self, given: dict[str, list[tuple[_Place, Any]]]) -> dict[tuple[str, Any], list[tuple[_Place, Any]]]:
        found: dict[tuple[str, Any], list[tuple[_Place, Any]]] = defaultdict(list)
        for name, values in given.items():
            for at, value in values:
                found[name, self._scopes.around(at)].append((at, value))
        return found

    def _scopes_of(self, place: _Place) -> Iterator[Any]:
        """The function around a place, those around it, and the module: what holds there is given in one of them."""
        scope = self._scopes.around(place)
        while scope is not None:
            yield scope
            scope = self._scopes.outer[scope]
        yield None


def _place(node: Any) -> _Place:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _own_function(node: Any) -> str:
    """The name of a function that is called, as one of the program or of the object itself may be."""
    func = node.func if node.__class__ is ast.Call else None
    if isinstance(func, ast.Attribute):
        return func.attr if last_name(func.value) in ("self", "cls") else ""
    return last_name(func)


def _is_table(node: Any) -> bool:
    return isinstance(node, ast.Dict) or (isinstance(node, ast.Call) and last_name(node.func) in TABLES)


def _telling(key: str) -> str:
    return "prompt" if key == _SAID else key


def _put_in(value: Any) -> list[Any]:
    """A value; of a text those that are put into it."""
    if value.__class__ is not ast.JoinedStr:
        return [value]
    return [it.value for it in value.values if it.__class__ is ast.FormattedValue]

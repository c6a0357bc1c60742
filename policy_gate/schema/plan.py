"""From annotations to the plan that pydantic-core makes a validator of: the types that documents use.

The marks below mean what pydantic's of the same names mean.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

Plan = dict[str, Any]
"""A core schema."""

_PLAIN: Mapping[Any, str] = {str: "str", int: "int", float: "float", bool: "bool", date: "date", Any: "any"}
_ABOUT = ("description", "json_schema_extra")


class Field:
    """What is said of a field besides its type: what `= Field(...)` or `Annotated[..., Field(...)]` hold."""

    __slots__ = ("alias", "annotation", "default", "description", "json_schema_extra", "limits")

    def __init__(
        self,
        *,
        default: Any = MISSING,
        alias: str | None = None,
        description: str | None = None,
        json_schema_extra: dict[str, Any] | None = None,
        **limits: Any,
    ) -> None:
        self.annotation: Any = None
        self.default = default
        self.alias = alias
        self.description = description
        self.json_schema_extra = json_schema_extra
        self.limits = limits

    def is_required(self) -> bool:
        """Must the key be there?"""
        return self.default is MISSING

    def limit(self, plan: Plan) -> Plan:
        """The plan with these limits and words on it; for something optional the limits hold where it is given."""
        inner = plan
        while inner["type"] == "nullable":
            inner = inner["schema"]
        inner.update(self.limits)
        return {**plan, "metadata": self.about()} if self.description else plan

    def about(self) -> Plan:
        """What the JSON Schema is to say of it."""
        found: Plan = {}
        if self.description:
            found["pydantic_js_updates"] = {"description": self.description}
        if self.json_schema_extra:
            found["pydantic_js_extra"] = self.json_schema_extra
        return found


class StringConstraints:
    """Limits of a text: `pattern`, `min_length`, `max_length`."""

    __slots__ = ("limits",)

    def __init__(self, **limits: Any) -> None:
        self.limits = limits

    def limit(self, plan: Plan) -> Plan:
        return {**plan, **self.limits}


class BeforeValidator:
    """A function that sees the value before its type is looked at."""

    __slots__ = ("function",)
    when = "before"

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    def limit(self, plan: Plan) -> Plan:
        function = {"type": "no-info", "function": self.function}
        return {"type": f"function-{self.when}", "function": function, "schema": plan}


class AfterValidator(BeforeValidator):
    """A function that sees the value when it is of its type."""

    __slots__ = ()
    when = "after"


class _Sheet(NamedTuple):
    """The plans drawn so far by name, None while one is being drawn."""

    known: dict[str, Plan | None]
    fresh: bool


def plan_of(document: Any, *, fresh: bool = False) -> Plan:
    """The whole plan of a document class, with those of the classes that it holds.

    With `fresh`, empty lists and mappings are made new where they are left out; otherwise the plan holds
    them as values, which a JSON Schema can show and a validator would copy at great length.
    """
    sheet = _Sheet({}, fresh)
    root = _of_class(document, sheet)
    return {"type": "definitions", "schema": root, "definitions": [plan for plan in sheet.known.values() if plan]}


def _of_class(cls: Any, sheet: _Sheet) -> Plan:
    name = f"{cls.__module__}.{cls.__qualname__}:{id(cls)}"
    if name not in sheet.known:
        sheet.known[name] = None
        sheet.known[name] = {**_drawn(cls, sheet), "ref": name}
    return {"type": "definition-ref", "schema_ref": name}


def _drawn(cls: Any, sheet: _Sheet) -> Plan:
    fields = {name: _of_field(field, sheet) for name, field in cls.model_fields.items()}
    config = {
        "title": cls.__name__, "strict": True, "extra_fields_behavior": "forbid",
        "validate_by_name": True, "validate_by_alias": True,
    }  # fmt: skip
    inner = {"type": "model-fields", "fields": fields, "model_name": cls.__name__, "computed_fields": []}
    plan: Plan = {"type": "model", "cls": cls, "schema": inner, "config": config}
    for check in cls.model_checks:
        plan = AfterValidator(check).limit(plan)
    return plan


def _of_field(field: Field, sheet: _Sheet) -> Plan:
    plan = _of_type(field.annotation, sheet)
    if field.limits:
        plan = Field(**field.limits).limit(plan)
    if field.default is not MISSING:
        plan = {"type": "default", "schema": plan, **_default(field.default, sheet.fresh)}
    whole: Plan = {"type": "model-field", "schema": plan, "metadata": field.about()}
    if field.alias:
        whole |= {"validation_alias": field.alias, "serialization_alias": field.alias}
    return whole


def _default(value: Any, fresh: bool) -> Plan:
    if fresh and value in ([], {}):
        return {"default_factory": type(value), "default_factory_takes_data": False}
    return {"default": value}


def _of_type(kind: Any, sheet: _Sheet) -> Plan:
    if kind in _PLAIN:
        return {"type": _PLAIN[kind]}
    origin = get_origin(kind)
    if origin is Annotated:
        plan = _of_type(kind.__origin__, sheet)
        for mark in kind.__metadata__:
            plan = mark.limit(plan)
        return plan
    if origin is Literal:
        return {"type": "literal", "expected": list(get_args(kind))}
    if origin in (Union, types.UnionType):
        return _of_union(get_args(kind), sheet)
    if origin is list:
        return {"type": "list", "items_schema": _of_type(get_args(kind)[0], sheet)}
    if origin is dict:
        key, value = get_args(kind)
        return {"type": "dict", "keys_schema": _of_type(key, sheet), "values_schema": _of_type(value, sheet)}
    return _of_class(kind, sheet)


def _of_union(branches: tuple[Any, ...], sheet: _Sheet) -> Plan:
    choices = [_of_type(branch, sheet) for branch in branches if branch is not type(None)]
    plan: Plan = choices[0] if len(choices) == 1 else {"type": "union", "choices": choices}
    return {"type": "nullable", "schema": plan} if len(choices) < len(branches) else plan

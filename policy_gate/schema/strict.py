"""`Strict`, the base of all documents: what pydantic's BaseModel does for them, at a fraction of its start-up.

Validators and serialisers are pydantic's own, made by pydantic-core; only the plan they are made from is
drawn by us, and only for documents that a run meets. Through BaseModel, that and the import of what draws
it take longer than the rest of a check together. Type checkers see BaseModel itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError, SchemaSerializer, SchemaValidator, ValidationError

if TYPE_CHECKING:
    from pydantic import (
        AfterValidator,
        BaseModel,
        BeforeValidator,
        ConfigDict,
        Field,
        StringConstraints,
        model_validator,
    )

    class Strict(BaseModel):
        """A frozen record that refuses unknown keys and never turns one type into another."""

        model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)

else:
    from policy_gate.schema.plan import AfterValidator, BeforeValidator, Field, StringConstraints, plan_of

    def model_validator(*, mode: str) -> Callable[[Any], Any]:
        """Mark a method that looks at the whole record when each of its fields is right; `mode` is "after"."""

        def mark(method: Any) -> Any:
            method.checked = mode
            return method

        return mark

    class _Made:
        """A part of a document class that is made when it is first asked for."""

        def __init__(self, name: str, make: Callable[[type], Any]) -> None:
            self.name, self.make = name, make

        def __get__(self, _: object, cls: type) -> Any:
            found = self.make(cls)
            setattr(cls, self.name, found)
            return found

    def _fields(cls: type) -> Mapping[str, Field]:
        found = dict(getattr(cls.__bases__[0], "model_fields", {}))
        names = vars(sys.modules[cls.__module__])
        for name, annotation in cls.__annotations__.items():
            said = cls.__said__.get(name, Field())
            field = said if isinstance(said, Field) else Field(default=said)
            field.annotation = eval(annotation, names) if isinstance(annotation, str) else annotation  # noqa: S307
            found[name] = field
        return found

    class Strict:
        """A frozen record that refuses unknown keys and never turns one type into another."""

        __slots__ = ("__dict__", "__pydantic_extra__", "__pydantic_fields_set__", "__pydantic_private__")
        __said__: Mapping[str, Any] = {}
        model_config: Mapping[str, Any] = {"extra": "forbid"}
        model_checks: tuple[Callable[[Any], Any], ...] = ()

        def __init_subclass__(cls) -> None:
            cls.__said__ = {name: vars(cls)[name] for name in cls.__annotations__ if name in vars(cls)}
            for name in cls.__said__:
                delattr(cls, name)
            own = tuple(part for part in vars(cls).values() if getattr(part, "checked", None) == "after")
            cls.model_checks = (*cls.model_checks, *own)
            for name, make in _PARTS.items():
                setattr(cls, name, _Made(name, make))

        def __init__(self, /, **values: Any) -> None:
            self.own_validator.validate_python(values, self_instance=self)

        @classmethod
        def model_validate(cls, raw: Any) -> Any:
            """The record that plain data is; ValidationError with every fault."""
            return cls.own_validator.validate_python(raw)

        @classmethod
        def model_construct(cls, **values: Any) -> Any:
            """A record of values that are known to be right, unlooked at."""
            fields = cls.model_fields.items()
            defaults = {name: field.default for name, field in fields if not field.is_required()}
            return _filled(cls, {**defaults, **values}, set(values))

        @property
        def model_fields_set(self) -> set[str]:
            return self.__pydantic_fields_set__

        def model_copy(self, *, update: Mapping[str, Any]) -> Any:
            """The same with some fields changed, unlooked at."""
            return _filled(type(self), {**self.__dict__, **update}, self.__pydantic_fields_set__ | set(update))

        def model_dump(self, *, mode: str = "python", **options: Any) -> dict[str, Any]:
            return self.own_serializer.to_python(self, mode=mode, **options)

        def model_dump_json(self) -> str:
            return self.own_serializer.to_json(self).decode()

        @classmethod
        def model_json_schema(cls, *, by_alias: bool = True) -> dict[str, Any]:
            from pydantic.json_schema import GenerateJsonSchema  # noqa: PLC0415 - slow, and rarely wanted

            return GenerateJsonSchema(by_alias=by_alias).generate(plan_of(cls), mode="validation")

        def __setattr__(self, name: str, value: object) -> None:
            raise AttributeError(f"{type(self).__name__} is frozen: cannot set {name}")

        def __delattr__(self, name: str) -> None:
            raise AttributeError(f"{type(self).__name__} is frozen: cannot delete {name}")

        def __eq__(self, other: object) -> bool:
            return type(other) is type(self) and self.__dict__ == other.__dict__

        def __hash__(self) -> int:
            return hash((type(self), *self.__dict__.values()))

        def __repr__(self) -> str:
            said = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
            return f"{type(self).__name__}({said})"

    _PARTS: Mapping[str, Callable[[type], Any]] = {
        "model_fields": _fields,
        "own_validator": lambda cls: SchemaValidator(plan_of(cls, fresh=True)),
        "own_serializer": lambda cls: SchemaSerializer(plan_of(cls)),
    }

    def _filled(cls: type, values: dict[str, Any], given: set[str]) -> Any:
        record = object.__new__(cls)
        for name, value in (("__dict__", values), ("__pydantic_fields_set__", given)):
            object.__setattr__(record, name, value)
        object.__setattr__(record, "__pydantic_extra__", None)
        object.__setattr__(record, "__pydantic_private__", None)
        return record


__all__ = [
    "AfterValidator",
    "BeforeValidator",
    "Field",
    "PydanticCustomError",
    "Strict",
    "StringConstraints",
    "ValidationError",
    "model_validator",
]

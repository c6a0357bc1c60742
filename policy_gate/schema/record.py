"""`dataclass`, `field` and `replace` as the standard library has them, but cheap to define.

The standard decorator compiles six methods for each class while a module is imported, and start-up
pays for it whether or not the class is used. Here a class gets shared methods at once, and an
`__init__` of its own when more than a few objects are made. Type checkers see the standard library's own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from dataclasses import dataclass, replace

    __all__ = ["dataclass", "field", "fields", "replace"]
else:
    __all__ = ["dataclass", "field", "fields", "replace"]

    def dataclass(*, frozen: bool = False, slots: bool = False) -> Callable[[type], type]:
        """A class decorator that makes a record of the annotated fields; without `slots` it has a dict beside them."""
        return lambda cls: _made(cls, frozen, () if slots else ("__dict__",))

    def replace(record: Any, /, **changes: Any) -> Any:
        """A copy of a record with some fields changed; TypeError where a field is unknown."""
        cls = type(record)
        shape: _Shape = cls.__record__
        values = dict(zip(shape.names, shape.values(record), strict=True))
        values.update(changes)
        if len(values) != len(shape.names):
            raise TypeError(f"{cls.__name__} has no field {', '.join(sorted(set(changes) - set(shape.names)))}")
        return cls(**values)


_FEW = 6
"""So many objects of a class are made without compiling anything for it."""


class _Shape(NamedTuple):
    """The fields of a record class, in order, and quick ways to all of their values."""

    names: tuple[str, ...]
    values: Callable[[Any], tuple[Any, ...]]
    compared: Callable[[Any], tuple[Any, ...]]
    shown: tuple[str, ...]
    made: list[type]
    """the classes of the first objects"""
    defaults: Mapping[str, Any]
    """a plain value, or the `field()` that was written; a name that is not in it has no default"""


class _StandardFields:
    """`__dataclass_fields__`, made when somebody asks: a record then passes for a dataclass everywhere."""

    def __get__(self, _: object, cls: type) -> dict[str, Any]:
        shape: _Shape = cls.__record__  # type: ignore[attr-defined] # every record class has it
        body = {"__annotations__": dict.fromkeys(shape.names, Any), **shape.defaults}
        found: dict[str, Any] = vars(dataclasses.dataclass(type(cls.__name__, (), body)))["__dataclass_fields__"]
        return found


def _made(cls: type, frozen: bool, more: tuple[str, ...]) -> type:
    own = tuple(cls.__annotations__)
    shape = _shape(cls, own)
    body = {name: value for name, value in vars(cls).items() if name not in own}
    for name in ("__dict__", "__weakref__"):
        body.pop(name, None)
    body |= {"__slots__": (*own, *more), "__match_args__": shape.names, "__record__": shape}
    body["__dataclass_fields__"] = _StandardFields()
    methods = {**_METHODS, **(_FROZEN if frozen else {"__hash__": None})}
    for name, method in methods.items():
        if body.get(name) is None:
            body[name] = method
    body["__init__"] = _first_init
    made = type(cls)(cls.__name__, cls.__bases__, body)
    made.__qualname__ = cls.__qualname__
    return made


def _shape(cls: type, own: tuple[str, ...]) -> _Shape:
    first: _Shape | None = getattr(cls, "__record__", None)
    names = (*(name for name in (first.names if first else ()) if name not in own), *own)
    defaults = {**(first.defaults if first else {}), **{name: vars(cls)[name] for name in own if name in vars(cls)}}
    written = {name: value for name, value in defaults.items() if isinstance(value, dataclasses.Field)}
    compared = [name for name in names if name not in written or written[name].compare]
    shown = tuple(name for name in names if name not in written or written[name].repr)
    return _Shape(names, _getter(names), _getter(compared), shown, [], defaults)


def _getter(names: tuple[str, ...] | list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) == 1:
        single = attrgetter(names[0])
        return lambda record: (single(record),)
    return attrgetter(*names)


def _first_init(self: Any, /, *args: Any, **kwargs: Any) -> None:
    """Fill one of the first few objects of a class; where more come, or something is odd, compile `__init__`."""
    cls = type(self)
    shape: _Shape = cls.__record__
    values = dict(zip(shape.names, args, strict=False)) | kwargs
    missing = [name for name in shape.names if name not in values]
    plain = len(values) == len(args) + len(kwargs) and len(values) + len(missing) == len(shape.names)
    shape.made.append(cls)
    if not plain or len(shape.made) > _FEW or not all(name in shape.defaults for name in missing):
        cls.__init__ = _compiled_init(cls)
        cls.__init__(self, *args, **kwargs)
        return
    values.update((name, _default(shape.defaults[name])) for name in missing)
    _restore(self, tuple(values[name] for name in shape.names))


def _default(written: Any) -> Any:
    if not isinstance(written, dataclasses.Field):
        return written
    return written.default if written.default_factory is dataclasses.MISSING else written.default_factory()


def _compiled_init(cls: Any) -> Any:
    shape: _Shape = cls.__record__
    around: dict[str, Any] = {}
    parameters, lines = ["self"], []
    for index, name in enumerate(shape.names):
        around[f"set_{index}"] = getattr(cls, name).__set__
        value, given = name, name
        if name in shape.defaults:
            given, value = _with_default(index, name, shape.defaults[name], around)
        parameters.append(given)
        lines.append(f"    set_{index}(self, {value})")
    exec(f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines), around)  # noqa: S102 - field names only
    return around["__init__"]


def _with_default(index: int, name: str, default: Any, around: dict[str, Any]) -> tuple[str, str]:
    """The parameter and the value of a field that may be left out."""
    if not isinstance(default, dataclasses.Field):
        around[f"default_{index}"] = default
    elif default.default_factory is not dataclasses.MISSING:
        around |= {f"make_{index}": default.default_factory, f"default_{index}": dataclasses.MISSING}
        return f"{name}=default_{index}", f"make_{index}() if {name} is default_{index} else {name}"
    elif default.default is dataclasses.MISSING:
        return name, name
    else:
        around[f"default_{index}"] = default.default
    return f"{name}=default_{index}", name


def _repr(self: Any) -> str:
    said = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__record__.shown)
    return f"{type(self).__qualname__}({said})"


def _eq(self: Any, other: object) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    shape: _Shape = vars(type(self))["__record__"]
    return shape.compared(self) == shape.compared(other)


def _hash(self: Any) -> int:
    return hash(self.__record__.compared(self))


def _refuse_set(self: Any, name: str, value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_delete(self: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> tuple[Any, ...]:
    values: tuple[Any, ...] = self.__record__.values(self)
    return values


def _restore(self: Any, state: tuple[Any, ...]) -> None:
    for name, value in zip(self.__record__.names, state, strict=True):
        object.__setattr__(self, name, value)


_METHODS = {"__repr__": _repr, "__eq__": _eq, "__getstate__": _state, "__setstate__": _restore}
_FROZEN = {"__hash__": _hash, "__setattr__": _refuse_set, "__delattr__": _refuse_delete}

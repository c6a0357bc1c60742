"""Imports that are of no library of AI but of something else of the same name, as far as a whole tree tells.

For proposals alone: what a change brings is judged without it, since who writes a change could write a namesake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from policy_gate.discover.packages import format_of, packages_of
from policy_gate.discover.places import language_of
from policy_gate.discover.signs import Signs
from policy_gate.schema.observed import Signal

_ROOTS = ("", "src/", "lib/", "python/")
"""folders of a tree in which its packages of Python lie"""
_SAYS_LITTLE = frozenset({"model", "prompt", "dependency"})


def without_namesakes(
    signals: Sequence[Signal], paths: Iterable[str], read: Callable[[str], str | None], signs: Signs
) -> tuple[Signal, ...]:
    """The signs of a tree without imports of its own packages that show no AI, and of applications of Django."""
    modules = {_module(it) for it in signals if _is_import(it)} & signs.python.keys()
    if not modules:
        return tuple(signals)
    known = frozenset(paths)
    listed = frozenset(_distributions(known, read))
    others = {it for it in modules if _is_own(it, known, signals) or _is_of_django(it, listed, signs)}
    return tuple(it for it in signals if not (_is_import(it) and _module(it) in others))


def _is_import(signal: Signal) -> bool:
    return signal.kind == "sdk" and language_of(signal.path) in ("python", "notebook")


def _module(signal: Signal) -> str:
    return signal.found.partition(".")[0]


def _is_own(module: str, paths: frozenset[str], signals: Sequence[Signal]) -> bool:
    """Is it a package of the tree that shows nothing of AI but that it imports itself?"""
    folder = next((f"{root}{module}/" for root in _ROOTS if f"{root}{module}/__init__.py" in paths), "")
    inside = (it for it in signals if folder and it.path.startswith(folder) and it.kind not in _SAYS_LITTLE)
    return bool(folder) and all(_is_import(it) and _module(it) == module for it in inside)


def _is_of_django(module: str, listed: frozenset[str], signs: Signs) -> bool:
    """Does the tree ask for an application of Django that brings a module of this name, and for nothing else of it?"""
    sign = signs.python[module]
    return f"django-{module}" in listed and not any(signs.pypi.get(it) is sign for it in listed)


def _distributions(paths: Iterable[str], read: Callable[[str], str | None]) -> Iterable[str]:
    for path in paths:
        format_ = format_of(path)
        if format_ and (text := read(path)) is not None:
            ecosystem, named = packages_of(text, format_)
            if ecosystem == "pypi":
                yield from (it.name for it in named)

"""The signs of AI use as data: read strictly, checked as a whole, and compiled to look-ups. `scan` looks for them.

Expressions take time in proportion to the text: no repetition without a bound, none of a group, no looking back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from msgspec import Struct

from policy_gate.documents.validation import validated
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import DocumentError
from policy_gate.schema.sign_document import SignDocument, SignSpec
from policy_gate.schema.source import Document, Problem

_NAME_LISTS: Final = ("python", "javascript", "pypi", "npm")
_SEEN_BY: Final = (*_NAME_LISTS, "files")
_ESCAPES: Final = re.compile(r"\\(?:\d|.)", re.DOTALL)
_CLASSES: Final = re.compile(r"\[\^?\]?[^\]]*\]")
_COSTLY: Final = {
    re.compile(r"[*+]|\{\d*,\}"): "repeats without a bound (expected a bound such as {0,80})",
    re.compile(r"\)[{]"): "repeats a group (expected single characters or classes repeated)",
    re.compile(r"\(\?(?!:)"): "uses an extension of groups (expected plain groups or (?:...))",
}


class FileSign(Struct, frozen=True):
    """A sign seen by a file's path, and where `text` is given by a line of it."""

    spec: SignSpec
    text: re.Pattern[str] | None


class Signs(Struct, frozen=True):
    """All signs, by what they are seen by; names of distributions are in their normal form."""

    python: Mapping[str, SignSpec]
    javascript: Mapping[str, SignSpec]
    pypi: Mapping[str, SignSpec]
    npm: Mapping[str, SignSpec]
    files: tuple[FileSign, ...]


@cache
def shipped_signs() -> Signs:
    """The signs that come with the package, read when the first scan asks for them."""
    path = Path(__file__).with_name("signs.yaml")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(
            "the signs of AI use are missing from this installation", hint="install it again"
        ) from error
    return read_signs("builtin:signs.yaml", data)


def read_signs(path: str, data: bytes) -> Signs:
    """The signs of one YAML document; DocumentError with every located problem."""
    value, marks = read_yaml(path, data)
    document = validated(SignDocument, path, "", value, marks)
    problems = (*_unclear(document), *_twice(document), *_bad_expressions(document))
    if problems:
        first = problems[0]
        raise DocumentError(f"{first.location}: {first.message}", hint=first.hint, problems=problems)
    specs = document.content.signs
    return Signs(
        python={name: spec for spec in specs for name in spec.python},
        javascript={name: spec for spec in specs for name in spec.javascript},
        pypi={normal_name(name): spec for spec in specs for name in spec.pypi},
        npm={name: spec for spec in specs for name in spec.npm},
        files=tuple(FileSign(spec, re.compile(spec.text) if spec.text else None) for spec in specs if spec.files),
    )


def normal_name(distribution: str) -> str:
    """The name of a Python distribution in the one form that its spellings share."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def _unclear(document: Document[SignDocument]) -> Iterator[Problem]:
    for index, spec in enumerate(document.content.signs):
        if not any(getattr(spec, name) for name in _SEEN_BY):
            yield _problem(document, (index,), f"{spec.id} is seen by nothing", f"give it one of {', '.join(_SEEN_BY)}")
        for key in ("text", "within", "card", "any_case"):
            if getattr(spec, key) and not spec.files:
                yield _problem(
                    document, (index, key), f"{key} says nothing without files", "name the files it is about"
                )
        if spec.within and not spec.text:
            yield _problem(document, (index, "within"), "within says nothing without text", "give the expression")


def _twice(document: Document[SignDocument]) -> Iterator[Problem]:
    first: dict[tuple[str, ...], str] = {}
    for index, spec in enumerate(document.content.signs):
        for way, key in _keys(index, spec):
            if key in first:
                message = f"{' '.join(key)} is there twice"
                yield _problem(document, way, message, f"keep one of them; the first is in {first[key]}")
            else:
                first[key] = f"line {document.at('signs', *way).line}"


def _keys(index: int, spec: SignSpec) -> Iterator[tuple[tuple[str | int, ...], tuple[str, ...]]]:
    """What no two signs may share, with its place: ids, names, and files with the same expression."""
    yield (index, "id"), ("id", spec.id)
    for kind in _NAME_LISTS:
        for at, name in enumerate(getattr(spec, kind)):
            yield (index, kind, at), (kind, normal_name(name) if kind == "pypi" else name)
    for at, pattern in enumerate(spec.files):
        glob = pattern.lower() if spec.any_case else pattern
        yield (index, "files", at), ("files", glob, *([spec.text] if spec.text else []))


def _bad_expressions(document: Document[SignDocument]) -> Iterator[Problem]:
    for index, spec in enumerate(document.content.signs):
        if spec.text and (fault := _fault(spec.text)):
            hint = "say it with fewer means; it is looked for in one line at a time"
            yield _problem(document, (index, "text"), f"text is no expression to search with: it {fault}", hint)


def _fault(expression: str) -> str:
    try:
        re.compile(expression)
    except re.error as error:
        return f"cannot be read ({error})"
    if re.search(r"\\[1-9]", expression):
        return "refers back to a group"
    plain = _CLASSES.sub("x", _ESCAPES.sub("x", expression))
    return next((words for costly, words in _COSTLY.items() if costly.search(plain)), "")


def _problem(document: Document[SignDocument], way: tuple[str | int, ...], message: str, hint: str) -> Problem:
    place = document.at("signs", *way)
    return Problem(document.path, message, place.line, place.column, hint)

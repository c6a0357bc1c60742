"""What settings give a name over several lines: blocks and lists of YAML, messages with a role, long texts of TOML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy_gate.discover.code_facts import OF_MESSAGE, ROLES, Literal, snake
from policy_gate.discover.model_keys import speaks_of_model
from policy_gate.discover.prompt_texts import speaks_of_prompt
from policy_gate.schema.patterns import lazy_pattern

_SPEAKING: Final = ("prompt", "instruction", "preamble", "system", "role", "model", "deployment")
_ENTRY: Final = lazy_pattern(
    r"([ \t]{0,200}(?:-[ \t]{1,10}){0,3})[\"']?([A-Za-z_][\w.-]{0,80})[\"']?"
    r"(?:[ \t]{0,20}[:=](?:[ \t]{1,20}(.*))?|[ \t]{1,5}\{)$"
)
_BLOCK: Final = lazy_pattern(r"(?:[&!]\S{0,80}[ \t]{1,5}){0,2}[|>][-+0-9]{0,2}[ \t]{0,20}(?:#.*)?$")
_ASKED: Final = lazy_pattern(r"[ \t]{0,200}\?[ \t]{1,5}[\"']?([A-Za-z][\w.-]{0,80})[\"']?[ \t]{0,5}$")
_ITEM: Final = lazy_pattern(r"[ \t]{0,200}-[ \t]{1,10}([\"']?)(.+?)\1[ \t]{0,20}$")
_NAMES: Final = frozenset({"name", "id", "slug", "repo", "repo_id", "uri", "path", "value", "default"})
"""what a group of settings of a model calls it by"""
_LONG: Final = ('"""', "'''")
_QUOTED: Final = ("'", '"', "{", "[")
"""what a value begins with that is read as a text of its own"""
_MOST_LINES: Final = 2_000
"""of one text"""


def settings_over_lines(text: str) -> Iterator[Literal]:
    """What names that speak of prompts and models are given on more than their own line."""
    lower = text.lower()
    if not any(word in lower for word in _SPEAKING):
        return
    lines = text.split("\n")
    role, named, group = "", "", ("", -1)
    for at, line in enumerate(lines):
        found = _ENTRY.match(line) if len(line) < _MOST_LINES else None
        if found is None:
            yield from _asked(lines, at)
            continue
        indent, key, value = len(found[1]), found[2], (found[3] or "").strip()
        role = _role(role, found[1], key, value)
        if indent <= group[1]:
            group = ("", -1)
        name = "system" if key in OF_MESSAGE and role else group[0] if speaks_of_prompt(group[0]) else key
        if key == "value" and speaks_of_model(named):
            yield _given(named, value.strip("\"'"), at + 1)
        named = value.strip("\"'") if key == "name" else ""
        if name == "system" or speaks_of_prompt(name):
            yield from _said(lines, at, indent, name, value, is_own=name == key)
        elif speaks_of_model(name) and not value:
            yield from (_given(name, item, line) for item, line in _items(lines, at, indent))
        elif group[0] and key in _NAMES:
            yield _given(group[0], value.rstrip(",").strip("\"'"), at + 1)
        elif key == "version" and speaks_of_model(group[0]):
            yield _given("model_version", value.rstrip(",").strip("\"'"), at + 1)
        if value in ("", "{") and not group[0] and (speaks_of_prompt(key) or speaks_of_model(key)):
            group = (key, indent)


def _asked(lines: list[str], at: int) -> Iterator[Literal]:
    """A key of YAML on a line of its own, and its value on the next."""
    key = _ASKED.match(lines[at][:_MOST_LINES])
    value = lines[at + 1].strip() if key and at + 1 < len(lines) else ""
    if key and value.startswith(": "):
        yield _given(key[1], value[2:].strip(" \"'"), at + 2)


def _role(role: str, begin: str, key: str, value: str) -> str:
    """Whose message the entries speak of; a new item of a list is nobody's so far."""
    if key == "role":
        said = value.strip("\"'")
        return said if said in ROLES else ""
    return "" if "-" in begin else role


def _said(lines: list[str], at: int, indent: int, name: str, value: str, *, is_own: bool) -> Iterator[Literal]:
    """What an entry says to a model, where its own line alone does not tell it."""
    if value[:3] in _LONG:
        yield _given(name, _until(lines, at, value[3:], value[:3]), at + 1)
        return
    if value[:1] in _QUOTED:
        if not is_own:
            yield _given(name, value.strip("\"',"), at + 1)
        return
    below = _below(lines, at, indent)
    is_block = _BLOCK.match(value) is not None
    if not value and any(map(_ITEM.match, below)):
        yield from (_given(name, item, line) for item, line in _items(lines, at, indent))
    elif is_block or (below and not (not value and any(map(_ENTRY.match, below)))):
        yield _given(name, " ".join(" ".join([*([] if is_block else [value]), *below]).split()), at + 1)
    elif value and not is_own:
        yield _given(name, value, at + 1)


def _below(lines: list[str], at: int, indent: int) -> list[str]:
    """The lines that stand below an entry and further in, up to the first that does not."""
    found: list[str] = []
    for line in lines[at + 1 : at + 1 + _MOST_LINES]:
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            break
        found.append(line)
    return found if any(map(str.strip, found)) else []


def _items(lines: list[str], at: int, indent: int) -> Iterator[tuple[str, int]]:
    """The texts of a list that stands below an entry, no further out than it, with their lines."""
    for number, line in enumerate(lines[at + 1 : at + 1 + _MOST_LINES], at + 2):
        found = _ITEM.match(line)
        outside = len(line) - len(line.lstrip()) < indent
        if outside or (found is None and len(line) - len(line.lstrip()) <= indent and line.strip()):
            return
        if found is not None and ": " not in found[2]:
            yield found[2], number


def _until(lines: list[str], at: int, first: str, mark: str) -> str:
    if mark in first:
        return first.partition(mark)[0]
    found = [first]
    for line in lines[at + 1 : at + 1 + _MOST_LINES]:
        head, end, _ = line.partition(mark)
        found.append(head)
        if end:
            break
    return " ".join(" ".join(found).split())


def _given(key: str, value: str, line: int) -> Literal:
    return Literal(value, line, snake(key))

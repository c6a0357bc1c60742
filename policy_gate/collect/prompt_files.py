"""Texts under any name that code which uses AI reads as prompts: a change of one is a change of the prompt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Final

from msgspec import Struct

from policy_gate.collect.looker import Looker
from policy_gate.discover.encodings import utf8_of
from policy_gate.discover.places import is_apart, is_program
from policy_gate.schema.observed import FileSigns, Signal
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.snapshot import DeclaredSystem
from policy_gate.vcs.tree import Tree

_ENDINGS: Final = (
    *(".txt", ".md", ".tmpl", ".tpl", ".j2", ".jinja", ".jinja2", ".mustache", ".hbs", ".handlebars", ".liquid"),
    *(".st", ".ftl", ".html", ".xml", ".jsonl", ".csv", ".tsv", ".prompt"),
)
_FOR_PEOPLE: Final = lazy_pattern(
    r"(?:readme|changelog|changes|license|licence|notice|contributing|security|code_of_conduct|requirements[\w-]{0,40}"
    r"|agents|authors|todo|robots|cmakelists)(?:\.\w{1,12}){1,3}",
    re.IGNORECASE,
)
_SAYS_PROMPT: Final = lazy_pattern(r"prompt|instruction|preamble|persona|system_message", re.IGNORECASE)
_ADDRESSES: Final = lazy_pattern(r"\s*(?:#[^\n]{0,200}\n\s*)?(?:You are|You're|Act as|As an AI)\b")
_LARGEST: Final = 200_000
_MOST_FILES: Final = 2_000


class ReadPrompt(Struct, frozen=True):
    """A text that code reads as a prompt, as it was and as it is."""

    path: str
    before: FileSigns
    after: FileSigns


def prompts_read(
    systems: Sequence[DeclaredSystem], changed: Iterable[str], trees: tuple[Tree, Tree], looker: Looker
) -> Mapping[str, tuple[ReadPrompt, ...]]:
    """By system, the changed texts that its code reads by their names as prompts.

    The code uses AI and names the file in a line that speaks of a prompt, or the text itself addresses a model. Files
    that are prompts by their own names or folders are left to these.
    """
    asked = [path for path in sorted(changed) if _may_be(path)]
    found: dict[str, tuple[ReadPrompt, ...]] = {}
    for system in systems if asked else ():
        held = {file.path for file in (*system.code, *system.linked)}
        texts = {path: both for path in asked if path in held and (both := _both(path, trees, looker)) is not None}
        named = set(_named(texts, sorted(held), trees[1], looker)) if texts else set()
        if named:
            found[system.key.id] = tuple(_read_prompt(path, texts[path]) for path in sorted(named))
    return found


def _may_be(path: str) -> bool:
    name = path.rpartition("/")[2]
    is_text = name.lower().endswith(_ENDINGS) or "." not in name
    return is_text and not is_apart(path) and _FOR_PEOPLE.fullmatch(name) is None


def _both(path: str, trees: tuple[Tree, Tree], looker: Looker) -> tuple[str, str] | None:
    """The text in base and in the result, where it is in both, small, and no prompt by its name."""
    said: list[str] = []
    for tree in trees:
        entry = tree.entry(path)
        if entry is None or entry.kind != "file" or tree.size(entry) > _LARGEST:
            return None
        if any(it.kind == "prompt" for it in looker.at(tree, entry).counting):
            return None
        said.append(utf8_of(tree.read(entry)).decode("utf-8", "replace"))
    return said[0], said[1]


def _named(texts: Mapping[str, tuple[str, str]], code: Iterable[str], tree: Tree, looker: Looker) -> Iterator[str]:
    """Those that a program of the system names, and that are read as prompts by how it does or by what they say."""
    for path in [it for it in code if is_program(it) and not is_apart(it)][:_MOST_FILES]:
        entry = tree.entry(path)
        if entry is None or entry.kind != "file" or tree.size(entry) > _LARGEST:
            continue
        text = utf8_of(tree.read(entry)).decode("utf-8", "replace")
        lines = {asked: _line_naming(text, asked.rpartition("/")[2]) for asked in texts}
        if any(lines.values()) and looker.at(tree, entry).uses_ai:
            for asked, line in lines.items():
                if line and (_SAYS_PROMPT.search(line) or any(_ADDRESSES.match(said) for said in texts[asked])):
                    yield asked


def _line_naming(text: str, name: str) -> str:
    """The first line that names the file in quotes, or nothing."""
    if name not in text:
        return ""
    found = re.search(rf"""^[^\n#]{{0,400}}["'/`]{re.escape(name)}["'`][^\n]{{0,400}}""", text, re.MULTILINE)
    return found[0] if found else ""


def _read_prompt(path: str, both: tuple[str, str]) -> ReadPrompt:
    before, after = (FileSigns((_signal(path, text),)) for text in both)
    return ReadPrompt(path, before, after)


def _signal(path: str, text: str) -> Signal:
    words = " ".join(text.split())
    digest = sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
    shown = words if len(words) <= 80 else f"{words[:77]}..."
    return Signal(path, 1, "prompt", "A prompt that code reads", "medium", shown, "", digest)

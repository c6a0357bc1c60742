"""What a Markdown card says of each field, gathered while it is read."""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct, field

from policy_gate.cards.metrics import OVERALL
from policy_gate.cards.placeholders import is_placeholder
from policy_gate.cards.stated_number import StatedNumber
from policy_gate.cards.statements import Passage

BY_GROUP: Final = "performance_by_group"


class MarkdownCard(Struct):
    """What the text says of each field: its texts, the line of its first mention, and its numbers."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, dict[str, Any]] = field(default_factory=dict)
    number_lines: dict[str, int] = field(default_factory=dict)
    title: str = ""
    """the first heading of the first level that names no field"""
    standing: dict[str, list[str]] = field(default_factory=dict)
    """for each text of a field, what it stands under there"""
    unclaimed: list[tuple[int, str]] = field(default_factory=list)
    """line and words of what stands in no field's section, headings too"""
    passages: list[Passage] = field(default_factory=list)
    """what the card says in words of its own, section by section"""
    told: list[Passage] = field(default_factory=list)
    """all that it says in sentences of its own, emphasised ones and rows of one cell among them"""
    withheld: set[str] = field(default_factory=set)
    """fields that share a heading with others, below which something stands that is about the others alone"""
    written: set[str] = field(default_factory=set)
    """fields with a text that is no placeholder"""
    hollow: set[tuple[str, str]] = field(default_factory=set)
    """field and text of rows that say nothing in any of their cells"""
    again: list[StatedNumber] = field(default_factory=list)
    """numbers that stand there a second time"""

    def mention(self, fields: tuple[str, ...], line: int) -> None:
        for name in fields:
            self.texts.setdefault(name, [])
            self.lines.setdefault(name, line)

    def say(self, fields: tuple[str, ...], text: str, line: int, under: str = "") -> None:
        self.mention(fields, line)
        if not fields:
            self.unclaimed.append((line, text))
        for name in fields:
            if name not in self.written:
                self.lines[name] = line
            if not is_placeholder(text):
                self.written.add(name)
            self.texts[name].append(text)
            self.standing.setdefault(name, []).append(under)

    def count(self, name: str, key: str, value: Any, line: int) -> None:
        known = self.numbers.setdefault(name, {})
        if key.strip() and key.strip() in known:
            self.again.append(StatedNumber(name, OVERALL, key.strip(), value, line))
        known.setdefault(key.strip(), value)
        self.number_lines.setdefault(key.strip(), line)

    def count_group(self, group: str, key: str, value: Any, line: int) -> None:
        results = self.numbers.setdefault(BY_GROUP, {}).setdefault(group.strip(), {})
        if isinstance(results, dict):
            if key.strip() in results:
                self.again.append(StatedNumber(BY_GROUP, group.strip(), key.strip(), value, line))
            results.setdefault(key.strip(), value)
        self.number_lines.setdefault(f"{group.strip()} {key.strip()}", line)

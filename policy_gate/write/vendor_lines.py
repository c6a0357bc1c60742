"""Answers put into a vendor's entry of a manifest that people keep: what stands there stays, comments too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policy_gate.documents.writer import value_text
from policy_gate.schema.documents import Manifest
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.source import Document

_DAY = lazy_pattern(r"(assessed_on:\s*)['\"]?\d{4}-\d{2}-\d{2}['\"]?")


def with_answers(text: str, document: Document[Manifest], index: int, said: Mapping[str, Any]) -> str:
    """The manifest's text with these fields in the entry of one vendor: new lines after those that it has.

    A day of assessment that is there is replaced by the later one. Whether the text reads as meant hangs on its style,
    so read it back: an entry in braces takes no lines.
    """
    end = "\r" if "\r\n" in text else ""
    lines = text.split("\n")
    first = (document.at("vendors", index, "id").line or 1) - 1
    indent = " " * lines[first].index("id:") if "id:" in lines[first] else "    "
    added = []
    for name, value in said.items():
        mark = document.marks.get(("vendors", index, name))
        if name == "assessed_on" and mark is not None:
            lines[mark.line - 1] = _DAY.sub(rf"\g<1>{value.isoformat()}", lines[mark.line - 1], count=1)
        else:
            added.append(f"{indent}{line_of(name, value)}{end}")
    at = _last_line(document, index, first) + 1
    lines[at:at] = added
    return "\n".join(lines)


def _last_line(document: Document[Manifest], index: int, first: int) -> int:
    """The last line, from 0, on which a field of the entry begins, and whose value is on it."""
    # A value may go on over lines, so new ones come before a field that does: after the name.
    name = document.marks.get(("vendors", index, "vendor_name"))
    return max(first, (name.line - 1) if name is not None else first)


def line_of(name: str, value: Any) -> str:
    """A field and its value as a line of an entry."""
    return f"{name}: {value_text(value)}"

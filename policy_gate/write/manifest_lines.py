"""Lines put into a manifest that people keep: what stands there stays as it is, comments too."""

from __future__ import annotations

from collections.abc import Sequence

from policy_gate.schema.documents import Manifest
from policy_gate.schema.source import Document


def with_documents(text: str, document: Document[Manifest], index: int, card: str, items: Sequence[str]) -> str:
    """The manifest's text where the entry names these documents: a card (or none) and items under `artifacts`."""
    lines = text.split("\n")
    entry = document.content.systems[index]
    first = (document.at("systems", index, "id").line or 1) - 1
    indent = " " * lines[first].index("id:") if "id:" in lines[first] else "    "
    added = [f"{indent}{card}"] if card else []
    at = first + 1
    if items and not entry.artifacts:
        added += [f"{indent}artifacts:", *(f"{indent}  {item}" for item in items)]
    elif items:
        begin = (document.at("systems", index, "artifacts", 0).line or 1) - 1
        own = " " * (len(lines[begin]) - len(lines[begin].lstrip(" ")))
        lines[begin:begin] = [f"{own}{item}" for item in items]
    if at > 0:
        lines[at:at] = added
    return "\n".join(lines)

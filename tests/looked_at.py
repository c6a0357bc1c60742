"""What one file with a text shows of AI, by the shipped signs."""

from __future__ import annotations

from policy_gate.discover.look import look_at
from policy_gate.discover.signs import shipped_signs
from policy_gate.schema.observed import FileSigns


def look(path: str, text: str) -> FileSigns:
    data = text.encode()
    return look_at(path, "b" * 40, lambda: len(data), lambda: data, shipped_signs())


def asked(path: str, text: str) -> set[tuple[str, str]]:
    """The models, prompts and hosts that it shows, by kind and value."""
    return {(it.kind, it.value) for it in look(path, text).counting if it.kind in ("model", "prompt", "host")}

"""Lines held against files that people have read: a file for each group, a heading for each case.

`POLICY_GATE_WRITE_GOLDENS=1` writes them anew; read the difference before keeping it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path


def held_against(group: Path, name: str, lines: Sequence[str]) -> None:
    """The lines are those that stand under this name in the file of the group."""
    if os.environ.get("POLICY_GATE_WRITE_GOLDENS"):
        known = sorted({**_golden(group), name: list(lines)}.items())
        text = "\n".join("\n".join([f"## {title}", *said, ""]) for title, said in known)
        group.parent.mkdir(exist_ok=True)
        group.write_text(text, encoding="utf-8")
        _golden.cache_clear()
    assert list(lines) == _golden(group).get(name), name


@cache
def _golden(group: Path) -> dict[str, list[str]]:
    if not group.exists():
        return {}
    parts = (part.splitlines() for part in group.read_text("utf-8").removeprefix("## ").split("\n\n## "))
    return {title: [line for line in lines if line] for title, *lines in parts}

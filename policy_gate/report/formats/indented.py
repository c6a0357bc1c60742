"""Plain data as indented JSON, the same text as `json.dumps(indent=2)` gives and several times faster."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

_WORDS = {None: "null", True: "true", False: "false"}
_TEXTS = {str}


def indented(data: Any, default: Callable[[Any], Any]) -> str:
    """`data` as JSON in two-space steps, nothing escaped that JSON allows; `default` is json's own."""
    quoted: dict[str, str] = {}

    def text(value: str) -> str:
        found = quoted[value] = json.dumps(value, ensure_ascii=False)
        return found

    def told(value: Any, gap: str) -> str:
        kind = type(value)
        if kind is str:
            return quoted.get(value) or text(value)
        if value is None or kind is bool:
            return _WORDS[value]
        inner = f"{gap}  "
        if kind is list:
            return f"[{inner}{f',{inner}'.join([told(item, inner) for item in value])}{gap}]" if value else "[]"
        if kind is dict and set(map(type, value)) == _TEXTS:
            parts = [
                f"{quoted.get(key) or text(key)}: "
                f"{(quoted.get(item) or text(item)) if type(item) is str else told(item, inner)}"
                for key, item in value.items()
            ]
            return f"{{{inner}{f',{inner}'.join(parts)}{gap}}}"
        return json.dumps(value, indent=2, ensure_ascii=False, default=default).replace("\n", gap)

    return told(data, "\n")

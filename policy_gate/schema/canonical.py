"""The canonical form of plain data, and the digest over it (docs/adr/0002)."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

_ASCII: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_ANY: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
"""as `json.dumps` makes one for each call"""


def canonical(content: Any, *, ascii_only: bool = False) -> str:
    """The one spelling of plain data, as JSON: sorted keys, no blanks. TypeError for a value that is not plain.

    The digest of policies is over ASCII alone, that of a subject is not: both are pinned and signed as they are.
    """
    return (_ASCII if ascii_only else _ANY).encode(content)


def digest_of(content: Any) -> str:
    """`sha256:` and the hex digest of the canonical form in UTF-8."""
    return digest_of_text(canonical(content))


def digest_of_text(text: str) -> str:
    """`sha256:` and the hex digest of a text in UTF-8."""
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

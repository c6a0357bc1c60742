"""Regular expressions that are compiled when they are first used, as most runs need few of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from re import compile as pattern

    __all__ = ["pattern"]
else:
    __all__ = ["pattern"]

    def pattern(text: str | bytes, flags: int = 0) -> _Pattern:
        """What `re.compile` gives, compiled later; a faulty expression is found on first use."""
        return _Pattern(text, flags)


class _Pattern:
    """Stands for a compiled expression; what is asked of it once is kept."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self.pattern = text
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self.pattern, self.flags), name)
        setattr(self, name, found)
        return found

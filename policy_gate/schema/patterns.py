"""Regular expressions that are compiled when they are first used: a run needs few of them, and each takes long."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class _Lazy:
    """Has the methods of the compiled pattern once one of them was asked for."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Lazy) and (self._text, self._flags) == (other._text, other._flags)

    def __hash__(self) -> int:
        return hash((self._text, self._flags))

    def __getattr__(self, name: str) -> Any:
        # Asked only for what does not stand here yet; from then on it costs what it costs at a compiled pattern.
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, found)
        return found


def lazy_pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, as far as its methods and attributes go."""
    return cast("re.Pattern[AnyStr]", _Lazy(text, flags))

"""What settings give a name beyond `key: value` on a line of its own: in braces, behind an anchor, in an element."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policy_gate.schema.patterns import lazy_pattern

_IN_BRACES: Final = lazy_pattern(
    r"[{,][ \t]{0,20}([A-Za-z][\w.-]{0,80})[ \t]{0,5}[:=][ \t]{0,5}([^\s\"'{}\[\],][^\n\"'{}\[\],]{0,200})"
)
_SET: Final = lazy_pattern(r"(?<![\w.$?&-])([A-Za-z][A-Za-z0-9_]{0,60})=([^\s\"'&;|<>()${}]{2,200})")
"""a variable before a command, a field that a command sends, an `Environment=` of a service"""
_ELEMENT: Final = lazy_pattern(r"<([A-Za-z][\w.:-]{0,80})(?:[ \t][^<>\n]{0,300})?>\s{0,40}([^<>\n]{2,300})</")
_SPACED: Final = lazy_pattern(
    r"^[ \t]{0,80}([\w.-]{0,40}[mM]odel[\w.-]{0,20})[ \t]{1,20}([^\s=:;\"']{2,150});?[ \t]{0,20}$", re.MULTILINE
)
_PROPERTIES: Final = lazy_pattern(r"[&!]\S{0,80}[ \t]{1,5}")
"""an anchor or a tag of YAML before a value"""
_WHOLE: Final = lazy_pattern(r"([A-Za-z_][\w.-]{0,80})=(\S[^\n]{0,300})")


def settings_in(plain: str) -> Iterator[tuple[str, str, int]]:
    """Names, what they are given, and where, in settings without their quoted texts."""
    for pattern in (_IN_BRACES, _SET, _ELEMENT, _SPACED):
        for found in pattern.finditer(plain):
            value = without_properties(found[2].strip())
            yield found[1], value, found.start(1)
            if inner := whole_setting(value):
                yield *inner, found.start(1)


def without_properties(value: str) -> str:
    """A value of YAML without the anchor and tag before it."""
    for _ in range(2):
        found = _PROPERTIES.match(value) if value[:1] in ("&", "!") else None
        value = value[found.end() :] if found else value
    return value


def whole_setting(text: str) -> tuple[str, str] | None:
    """The name and what it is given where a text in quotes holds both (`- "MODEL=acme/rank-1"`)."""
    found = _WHOLE.fullmatch(text)
    return (found[1], found[2]) if found else None

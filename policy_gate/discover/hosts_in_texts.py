"""Hosts that a text names, and the host of a text that is an address."""

from __future__ import annotations

from typing import Final

from policy_gate.schema.patterns import lazy_pattern

_HOST: Final = lazy_pattern(
    r"(?:^|[\s\"'(=,@]|[a-z+]{2,10}://)((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}|localhost:11434)(?![\w.-])"
)
_PUT_IN: Final = lazy_pattern(
    r"[$#]?\{{1,2}[^{}\s/]{0,60}\}{1,2}|[$\\]\([^()\s/]{1,60}\)|%[sdv]|%\([a-z_]{1,40}\)s|<[a-z_-]{1,40}>"
    r"|\$[a-z_][a-z0-9_]{0,40}|(?<=[/.-])\([a-z_.]{1,40}\)"
)
"""where a program puts a part of a host in while it runs, in lower case"""
_MARKS: Final = ("{", "$", "%", "<", "(")
_ANY: Final = "any"
_URL: Final = lazy_pattern(r"[a-z]{2,6}://(?:[^/@\s]{1,100}@)?([a-z0-9.-]{1,200})")


def hosts_in(lower: str) -> tuple[str, ...]:
    """The hosts in a text in lower case, each once; a part of a name that is put in while it runs is `any`."""
    if not _may_hold_host(lower):
        return ()
    plain = _PUT_IN.sub(_ANY, lower) if any(mark in lower for mark in _MARKS) else lower
    return tuple(dict.fromkeys(found[1] for found in _HOST.finditer(plain)))


def host_of_address(lower: str) -> str:
    """The host of a text in lower case that is an address; empty where it is none."""
    found = _URL.match(lower)
    return found[1] if found else ""


def _may_hold_host(value: str) -> bool:
    """Whether there is a point before a label, as in every host but this machine's."""
    return "." in value[:-2] or "localhost" in value

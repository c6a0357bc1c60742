"""Addresses that a file comes to ask where it asks a known vendor no longer: one of nobody that is known, by any name.

Looked for only there: most addresses in code are pages, and who serves no model.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from policy_gate.discover.code_text import text_facts
from policy_gate.discover.encodings import as_compiled, readings_of
from policy_gate.discover.hosts_in_texts import host_of_address, hosts_in
from policy_gate.discover.model_keys import is_of_other_service
from policy_gate.discover.notebooks import cells_of
from policy_gate.discover.places import is_page, language_of
from policy_gate.discover.programs_inside import scripts_of_page
from policy_gate.discover.python_code import python_facts
from policy_gate.schema.patterns import lazy_pattern

_ASKED: Final = lazy_pattern(r"(?:https?|wss?|grpcs?)://\S{1,500}")
_BARE: Final = lazy_pattern(r"(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?::\d{2,5})?")


class Address(NamedTuple):
    """A host that a program names as all that a text says, or as who is asked by an address that it is."""

    host: str
    line: int
    key: str
    is_bare: bool


def new_addresses(path: str, before: bytes, after: bytes, left: frozenset[str]) -> Iterator[Address]:
    """The addresses that stand in the file only now; a host alone where it is given to what one that `left` was."""
    was = list(_addresses(path, before))
    known = {it.host for it in was}
    keys = {it.key for it in was if it.is_bare and it.host in left and it.key}
    for found in _addresses(path, after):
        if found.host not in known and (not found.is_bare or found.key in keys):
            yield found


def _addresses(path: str, data: bytes) -> Iterator[Address]:
    language = "javascript" if is_page(path) else language_of(path)
    if not language:
        return
    is_python = language in ("python", "notebook")
    raw = readings_of(data, is_python=is_python)[0][0]
    text = as_compiled(scripts_of_page(raw) if is_page(path) else raw, language).decode("utf-8-sig", "replace")
    text = text.replace("\r\n", "\n")
    if language == "notebook":
        text = "\n".join(cells_of(text) or ())
    facts = python_facts(text) if is_python else None
    for value, line, key in (facts or text_facts(text, "python" if is_python else language)).literals:
        lower = value.strip().lower()
        if _ASKED.fullmatch(lower) and not is_of_other_service(key):
            host = next(iter(hosts_in(lower)), "") or host_of_address(lower)
            if host:
                yield Address(host, line, key, is_bare=False)
        elif _BARE.fullmatch(lower):
            yield Address(lower.partition(":")[0], line, key, is_bare=True)

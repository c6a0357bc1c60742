"""The file of an incident: a new one, and steps put into one that people keep; what stands there stays."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from policy_gate.documents.writer import NewFile, value_text
from policy_gate.schema.incident_document import SCHEMA, Incident, TimelineEntry
from policy_gate.schema.patterns import lazy_pattern

FOLDER: Final = "governance/incidents"
FIELDS: Final = (
    "id", "system", "type", "severity", "description", "occurred_at", "detected_at", "aware_at",
    "affected_users_estimate", "eu_residents_affected", "personal_data_exposed", "risk_to_persons", "serious_incident",
    "data_role", "attack_vector", "timeline", "root_cause", "new_tests", "control_changes",
)  # fmt: skip
"""in the order in which a file has them"""
_LETTERS: Final = "bcdfghjkmnpqrstvwxz23456789"
"""no vowels, so that no word comes of it, and nothing that is taken for something else"""
_KEY: Final = lazy_pattern(r"([a-z_]+):(?:\s|$)")
_EMPTY: Final = lazy_pattern(r"""([a-z_]+):\s*(?:\[\s*\]|""|''|~|null)?\s*(#.*)?""")
_ON_ONE_LINE: Final = lazy_pattern(r"([a-z_]+:\s*)\[(.*?)\](\s*(?:#.*)?)")
_DASH: Final = lazy_pattern(r"(\s*)-(?:\s|$)")


def new_id(day: date) -> str:
    """An id that two who open an incident on one day do not both get."""
    return f"INC-{day:%Y%m%d}-{''.join(secrets.choice(_LETTERS) for _ in range(4))}"


def path_of(id_: str) -> str:
    """Where the file of an incident of this id is written."""
    return f"{FOLDER}/{id_}.yaml"


def notice_path(incident_path: str, audience: str) -> str:
    """Where the notice to an audience lies: beside the incident."""
    return f"{incident_path.rpartition('.')[0]}.{audience}.md"


def new_incident(incident: Incident) -> NewFile:
    """The file of an incident that was just opened: what is known, and room for what follows."""
    lines = [f"schema: {SCHEMA}"]
    for name in FIELDS:
        value = getattr(incident, name)
        if value is not None and (name != "data_role" or name in incident.model_fields_set):
            lines.append(f"{name}: {value_text(value)}")
    return NewFile(path_of(incident.id), "\n".join(lines) + "\n")


def record_lines(entries: Sequence[TimelineEntry], fields: Mapping[str, Any]) -> list[str]:
    """What is added, as lines for somebody who puts them in by hand."""
    lines = [f"{name}: {value_text(value)}" for name, value in fields.items()]
    return [*lines, *(f"timeline: - {step_text(entry)}" for entry in entries)]


def with_record(text: str, entries: Sequence[TimelineEntry], fields: Mapping[str, Any]) -> str:
    """The text with these entries at the end of the timeline, and these fields.

    Each field stands where the file leaves it open, else where files have it; a list takes what it has not. Whether the
    text reads as meant hangs on its style, so read it back.
    """
    end = "\r" if "\r\n" in text else ""
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    for name, value in fields.items():
        lines = _with_list(lines, name, value) if isinstance(value, list) else _with_value(lines, name, value)
    if entries:
        lines = _with_items(lines, "timeline", [step_text(entry) for entry in entries])
    return "\n".join(f"{line}{end}" for line in lines[:-1]) + "\n" + (lines[-1] and f"{lines[-1]}{end}")


def step_text(entry: TimelineEntry) -> str:
    """A step as one line of a timeline."""
    said = {name: getattr(entry, name) for name in ("at", "step", "clock", "report", "audience", "what", "by")}
    return f"{{{', '.join(f'{name}: {value_text(value)}' for name, value in said.items() if value is not None)}}}"


def _at(lines: Sequence[str], name: str) -> int | None:
    """The line on which a key of the file stands."""
    return next((at for at, line in enumerate(lines) if (key := _KEY.match(line)) and key[1] == name), None)


def _with_value(lines: list[str], name: str, value: Any) -> list[str]:
    at = _at(lines, name)
    if at is None:
        return _put(lines, name, [f"{name}: {value_text(value)}"])
    empty = _EMPTY.fullmatch(lines[at])
    comment = f"  {empty[2]}" if empty and empty[2] else ""
    return [*lines[:at], f"{name}: {value_text(value)}{comment}", *lines[at + 1 :]]


def _with_list(lines: list[str], name: str, value: list[str]) -> list[str]:
    """`value` is the whole list as it is to be; a block takes what comes after those that it has."""
    at = _at(lines, name)
    if at is None or (_EMPTY.fullmatch(lines[at]) and not _items(lines, at)):
        return _with_value(lines, name, value)
    found = _ON_ONE_LINE.fullmatch(lines[at])
    if found:
        return [*lines[:at], f"{found[1]}{value_text(value)}{found[3]}", *lines[at + 1 :]]
    number = len(_items(lines, at))
    return _with_items(lines, name, [value_text(it) for it in value[number:]])


def _with_items(lines: list[str], name: str, items: Sequence[str]) -> list[str]:
    """A list with more items at its end, one a line."""
    at = _at(lines, name)
    if at is None:
        return _put(lines, name, [f"{name}:", *(f"  - {item}" for item in items)])
    there = _items(lines, at)
    if not there:
        empty = _EMPTY.fullmatch(lines[at])
        comment = f"  {empty[2]}" if empty and empty[2] else ""
        return [*lines[:at], f"{name}:{comment}", *(f"  - {item}" for item in items), *lines[at + 1 :]]
    dash = _DASH.match(lines[there[-1]])
    indent = dash[1] if dash else "  "
    last = _end_of_block(lines, at)
    return [*lines[: last + 1], *(f"{indent}- {item}" for item in items), *lines[last + 1 :]]


def _items(lines: Sequence[str], at: int) -> list[int]:
    """The lines on which the items of the block below a key begin: those at the indentation of the first."""
    block = range(at + 1, _end_of_block(lines, at) + 1)
    first = next((found for number in block if (found := _DASH.match(lines[number]))), None)
    if first is None:
        return []
    return [number for number in block if (found := _DASH.match(lines[number])) and found[1] == first[1]]


def _end_of_block(lines: Sequence[str], at: int) -> int:
    """The last line below a key that belongs to it: neither blank, nor a remark about what comes next."""
    last = at
    for number in range(at + 1, len(lines)):
        line = lines[number]
        if line[:1] not in (" ", "\t", "-", "#", ""):
            break
        if line.strip() and not line.startswith("#"):
            last = number
    return last


def _put(lines: list[str], name: str, more: Sequence[str]) -> list[str]:
    """The lines with a key that they have not: after the last of those that usually stand before it."""
    before = [at for key in ("schema", *FIELDS[: FIELDS.index(name)]) if (at := _at(lines, key)) is not None]
    last = _end_of_block(lines, max(before, default=0))
    return [*lines[: last + 1], *more, *lines[last + 1 :]]

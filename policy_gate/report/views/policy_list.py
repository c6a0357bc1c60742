"""The `policy list` view: the policies in force, by kind, with the layer that set each value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from policy_gate.report.formats.json import dumped
from policy_gate.report.location import location_data
from policy_gate.report.style import RenderOptions
from policy_gate.report.text_layout import Line, Span, hanging, line, printed, prose, width_of
from policy_gate.report.wording import plural, short_digest
from policy_gate.schema.policy_docs import PolicyDocs, RuleDoc
from policy_gate.schema.rule_set import Origin, RuleSet

_LISTED = ("gate", "control", "rule", "artifact", "test", "role", "fact", "change", "regulation", "dimension", "floor",
           "law-class", "activity")  # fmt: skip
_FIELD = 16
Written = Mapping[str, Mapping[str, Any]]
"""'kind:id' to what the layers together say of it"""
_WORDS = ("id", "title", "why", "about", "citation")
_WORDS_FOR = {
    "activity": ("activity", "activities"), "law-class": ("law class", "law classes"),
    "change": ("change kind", "change kinds"),
}  # fmt: skip


def policy_listing(policy: RuleSet, docs: PolicyDocs, render: RenderOptions, written: Written | None = None) -> str:
    """Every item by kind; with what was `written` each effective value's layer and place instead of titles."""
    lines = prose(f"policies {policy.source}, digest {short_digest(policy.digest)}", render, style="name")
    if written is not None:
        lines += _origins(policy, written, render)
    else:
        for kind in _LISTED:
            lines += _kind(kind, [entry for entry in docs.entries if entry.kind == kind], render)
    for note in policy.notes:
        lines += [*([()] if note == policy.notes[0] else []), *hanging(line(Span("note  ", "faint")), note, render)]
    return printed(lines, render)


def policy_listing_json(policy: RuleSet, docs: PolicyDocs, written: Written) -> str:
    values = _values(written)
    origins = [
        {
            "item": item,
            "layer": origin.layer,
            "location": location_data(origin.location),
            "values": {name: _shown(value) for name, value in values.get(item, {}).items()},
        }
        for item, origin in sorted(policy.origins.items())
    ]
    items = [{"kind": entry.kind, "id": entry.id, "title": entry.title} for entry in docs.entries]
    head = {"source": policy.source, "digest": policy.digest, "trusted": policy.trusted}
    return dumped({**head, "items": items, "origins": origins, "notes": list(policy.notes)})


def _kind(kind: str, listed: Sequence[RuleDoc], render: RenderOptions) -> list[Line]:
    if not listed:
        return []
    room = min(max(width_of(entry.id) for entry in listed), 36)
    title = plural(len(listed), *_WORDS_FOR.get(kind, (kind,)))
    lines: list[Line] = [(), line(Span(title, "name"))]
    for entry in listed:
        name = entry.id + " " * max(0, room - width_of(entry.id))
        lines += hanging(line("  ", Span(name), "  "), entry.title, render, style="faint")
    return lines


def _origins(policy: RuleSet, written: Written, render: RenderOptions) -> list[Line]:
    """Each item with its layer and place, and below it each value; a restated one with its own origin."""
    values = _values(written)
    lines: list[Line] = [()]
    for item, own in sorted(policy.origins.items()):
        if item.rpartition(".")[0] in policy.origins:
            continue
        lines += hanging(line(Span(item, "name"), "  "), _place(own), render, style="faint")
        for name, value in values.get(item, {}).items():
            restated = policy.origins.get(f"{item}.{name}")
            said = f"{_shown(value)}  ({_place(restated)})" if restated else _shown(value)
            lines += hanging(line("  ", Span(name.ljust(_FIELD)), "  "), said, render)
    return lines


def _place(origin: Origin) -> str:
    place = str(origin.location)
    return place if place.startswith(f"{origin.layer}:") else f"{origin.layer}:{place}"


def _values(written: Written) -> dict[str, dict[str, Any]]:
    """'kind:id' to the values that the policies set for it, less the id and the words."""
    return {
        item: {name: value for name, value in said.items() if name not in _WORDS and value != item.partition(":")[2]}
        for item, said in written.items()
    }


def _shown(value: Any) -> str:
    """A value in the flow style of YAML: '[critical, high]', '{critical: P6M}', 'true'."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, frozenset):
        return _shown(sorted(value))
    if isinstance(value, list):
        return f"[{', '.join(_shown(part) for part in value)}]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_shown(part)}" for name, part in value.items()) + "}"
    return str(value)

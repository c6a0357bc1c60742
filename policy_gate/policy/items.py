"""Items of policy documents in force: their effective value, and which layer set what of it where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, get_args

from msgspec import Raw, Struct, field, msgpack

from policy_gate.schema.canonical import canonical
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.rule import Rule
from policy_gate.schema.source import Document, Loc, Location, Problem

KINDS: Mapping[str, str] = {
    "facts": "fact",
    "dimensions": "dimension",
    "thresholds": "threshold",
    "floors": "floor",
    "law_classes": "law-class",
    "regulations": "regulation",
    "roles": "role",
    "artifacts": "artifact",
    "tests": "test",
    "controls": "control",
    "gates": "gate",
    "rules": "rule",
    "change_kinds": "change-kind",
    "raci": "activity",
    "card_fields": "card-field",
    "card_names": "card-names",
    "waiver_rules": "waiver-rule",
    "known_vendors": "known-vendor",
    "model_names": "model-name",
    "vendor_findings": "vendor-finding",
    "vendor_tiers": "vendor-tier",
    "incident_types": "incident-type",
    "incident_severities": "incident-severity",
    "incident_clocks": "incident-clock",
    "serious_incidents": "serious-incident",
    "incident_notices": "incident-notice",
}
"""The sections of a policy document to the kind of their items."""

SETTINGS = ("assurance", "debt", "waivers", "owners", "calendar")
"""Sections that hold one item without an id; every layer may set parts of it."""


class ItemPlace(NamedTuple):
    """A node of one policy document of one layer."""

    document: Document[Any]
    loc: Loc
    source: LayerSource

    def at(self, *way: str | int) -> Location:
        return self.document.at(*self.loc, *way)


class Item(Struct):
    """One item in force: its effective value as plain data, validated and compiled, and who set what of it.

    `restated` maps a field, or `field.key` for settings, to where a later layer set it; `parts` are the
    places of the entries of `require`, which may come from several layers. `definition` is what the rule set
    holds of it, for gates and controls beside their `rule`; None until it is compiled.
    """

    kind: str
    id: str
    said: dict[str, Any] | Raw
    place: ItemPlace
    restated: dict[str, ItemPlace] = field(default_factory=dict)
    parts: tuple[ItemPlace, ...] = ()
    validated: Any = None
    """as a model of `schema.policy_document`; None where nothing has asked for it"""
    definition: Any = None
    rule: Rule | None = None
    spelled: str = ""
    """`raw` in its one spelling, where that is known already"""

    @property
    def raw(self) -> dict[str, Any]:
        """What the layers together say of it, as plain data."""
        if isinstance(self.said, Raw):
            self.said = msgpack.decode(self.said, type=dict[str, Any])
        return self.said

    @property
    def spec(self) -> Any:
        """The effective value as a model of `schema.policy_document`."""
        if self.validated is None:
            self.validated = _model_of(self.kind).model_validate(self.raw)
        return self.validated

    @property
    def name(self) -> str:
        """How people call it: settings by one name, everything else by kind and id."""
        return self.id if self.kind in SETTINGS else f"{self.kind}:{self.id}"

    @property
    def canonical(self) -> str:
        """`raw` in its one spelling."""
        return self.spelled or canonical(self.raw, ascii_only=True)

    def at(self, *way: str | int) -> Location:
        """Where a part of the item stands, in the layer that set it."""
        if len(way) > 1 and way[0] == "require" and isinstance(way[1], int):
            return self.parts[way[1]].at(*way[2:])
        return self.restated.get(str(way[0]), self.place).at(*way) if way else self.place.at()

    def problem(self, message: str, *way: str | int, hint: str = "", advice: bool = False) -> Problem:
        """A problem of this item, at its part."""
        place = self.at(*way)
        name = self.id if self.kind in SETTINGS else f"{self.kind} {self.id}"
        return Problem(place.path, f"{name}: {message}", place.line, place.column, hint, advice)


def _model_of(kind: str) -> Any:
    """The model of `schema.policy_document` for items of this kind."""
    from policy_gate.schema.policy_document import PolicyFile  # noqa: PLC0415 - sealed items seldom need it

    section = next((section for section, known in KINDS.items() if known == kind), kind)
    return get_args(PolicyFile.model_fields[section].annotation)[0]


class CompiledItem(NamedTuple):
    """A gate, control or rule compiled, beside the item it came from."""

    item: Item
    rule: Rule


Which = Callable[[Item], bool]
"""Whether an item is to be linted by itself; what lies between items always is."""


class MergedPolicies(Struct):
    """All layers as one: items by kind and id in order of first appearance."""

    items: dict[str, dict[str, Item]] = field(
        default_factory=lambda: {kind: {} for kind in (*KINDS.values(), *SETTINGS)}
    )
    packs: dict[str, ItemPlace] = field(default_factory=dict)
    """the packs that some document belongs to, in force or not"""
    renamed: dict[str, str] = field(default_factory=dict)
    """roles of earlier layers to what they are called now"""
    problems: list[Problem] = field(default_factory=list)
    advice: list[Problem] = field(default_factory=list)
    """what a layer does, is allowed to, and hardly means"""
    notes: list[str] = field(default_factory=list)

    def every(self) -> Iterator[Item]:
        """All items, by kind in the order of the document format."""
        for items in self.items.values():
            yield from items.values()

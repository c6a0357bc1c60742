"""What the policies in force say to people, as plain data that a report carries and that can be stored."""

from __future__ import annotations

from msgspec import Struct, field

from policy_gate.schema.vocabulary import Tier


class RuleDoc(Struct, frozen=True):
    """One item of the policies: what it is, why, who, how to satisfy it, and what wants it.

    `facts` are further (label, text) rows; `wanted_by` are (kind, id, title) of rules that want it.
    """

    kind: str
    id: str
    title: str
    what: str = ""
    why: str = ""
    citation: str | None = None
    responsible: tuple[str, ...] = ()
    accountable: tuple[str, ...] = ()
    how: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    wanted_by: tuple[tuple[str, str, str], ...] = ()


class GateDoc(Struct, frozen=True):
    """Where a gate stands on the ladder of stages; `none_for` are the tiers of which it asks nothing."""

    id: str
    title: str
    from_: str
    to: str
    none_for: tuple[Tier, ...] = ()
    entered_by: str = "stage"


class PolicyDocs(Struct, frozen=True):
    """The documentation of one rule set.

    `entries` are of everything that a finding can be explained by, or of every id where `explain` made them; `gates`
    and `thresholds` are in the policies' own order. The mappings give the title, or of `aliases` the regulation, by id.
    """

    entries: tuple[RuleDoc, ...] = ()
    gates: tuple[GateDoc, ...] = ()
    thresholds: tuple[tuple[Tier, int], ...] = ()
    roles: dict[str, str] = field(default_factory=dict)
    controls: dict[str, str] = field(default_factory=dict)
    regulations: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    agencies: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """ids of the regulations that each enforces, by its lower-case name"""
    law_classes: dict[str, str] = field(default_factory=dict)
    """titles by 'regulation:class', as findings and systems name them"""

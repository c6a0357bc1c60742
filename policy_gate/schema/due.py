"""What falls due: everything that has a day and somebody whose it is, in one shape for a report and a registry."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

from policy_gate.schema.source import Location

DueKind = Literal[
    "debt", "review", "reclassification", "paper", "waiver", "key", "vendor-assessment", "vendor-terms", "model",
    "clock", "law", "rule",
]  # fmt: skip
"""A gap with a date; a review that recurs; the look that a raised system owes; a document that grows too old; a waiver
or a pinned key that ends; an assessment of a vendor that is to be renewed; other terms of a vendor; the end of a model;
a legal clock of an incident; a row of law or a rule that begins."""


class DueItem(Struct, frozen=True):
    """Something that falls due on a day.

    `system` is empty where it is the repository's own. `who` are roles by id, or a person by name where it is one's own
    (`is_person`). `day` is the last good day, of law, rules and vendors' terms the first of the new.
    """

    day: date
    kind: DueKind
    system: str
    title: str
    who: tuple[str, ...]
    what: str
    """what there is to do"""
    location: Location | None = None
    is_person: bool = False
    finding: str = ""
    """the finding that tells the same; empty where nothing lacks yet"""

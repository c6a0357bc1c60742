"""Hear the people: approvals, waivers, separation of duties, blame; findings and verdict in a Report."""

from typing import TYPE_CHECKING

from policy_gate.govern.approvals import for_of, subject_of
from policy_gate.govern.findings import findings_of
from policy_gate.govern.settle import bar_of, blamed, hears_people, settle
from policy_gate.govern.subject import Subject
from policy_gate.govern.untouched import leaves_all_as_it_is
from policy_gate.schema.later import later

if TYPE_CHECKING:
    from policy_gate.govern.rehearsal import compare
else:
    __getattr__ = later(__name__, {"compare": "rehearsal"})

__all__ = [
    "Subject",
    "bar_of",
    "blamed",
    "compare",
    "findings_of",
    "for_of",
    "hears_people",
    "leaves_all_as_it_is",
    "settle",
    "subject_of",
]

"""Hear the people: approvals, waivers, separation of duties, blame; findings and verdict in a Report."""

from policy_gate.govern.approvals import for_of, subject_of
from policy_gate.govern.findings import findings_of
from policy_gate.govern.settle import bar_of, blamed, hears_people, settle
from policy_gate.govern.trust import terms_of, trust_of
from policy_gate.govern.unanswered import no_answer
from policy_gate.govern.untouched import leaves_all_as_it_is, untouched_report

__all__ = [
    "bar_of",
    "blamed",
    "findings_of",
    "for_of",
    "hears_people",
    "leaves_all_as_it_is",
    "no_answer",
    "settle",
    "subject_of",
    "terms_of",
    "trust_of",
    "untouched_report",
]

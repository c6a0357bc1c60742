"""Hear the people: approvals, waivers, separation of duties, blame; findings and verdict in a Report."""

from policy_gate.govern.approvals import reviewed_commits
from policy_gate.govern.findings import findings_of
from policy_gate.govern.permission import Permission, Wish, permission
from policy_gate.govern.proposal import Proposal, proposal, subjects, subjects_asked
from policy_gate.govern.settle import blamed, hears_people, settle, wants_signed_authors
from policy_gate.govern.trust import terms_of, trust_of
from policy_gate.govern.unanswered import no_answer
from policy_gate.govern.untouched import leaves_all_as_it_is, untouched_report

__all__ = [
    "Permission",
    "Proposal",
    "Wish",
    "blamed",
    "findings_of",
    "hears_people",
    "leaves_all_as_it_is",
    "no_answer",
    "permission",
    "proposal",
    "reviewed_commits",
    "settle",
    "subjects",
    "subjects_asked",
    "terms_of",
    "trust_of",
    "untouched_report",
    "wants_signed_authors",
]

"""What the answer rests on: revisions, rules and approvals by their full ids, and what it cannot promise."""

from __future__ import annotations

from msgspec import Struct

from policy_gate.documents.spelling import listed
from policy_gate.report.wording import notes_of
from policy_gate.schema.report import Ref, Report

_MODES = {"change": "one change", "all": "the whole branch", "adoption": "a first adoption"}
_RESULTS = {
    "head": "the proposed commit itself",
    "merge": "git's own merge of it into base",
    "forge": "the forge's test merge",
    "worktree": "the work tree",
}


class TrustTold(Struct, frozen=True):
    """What the answer rests on, and what could not be verified."""

    facts: tuple[tuple[str, str, bool], ...]
    """(label, value, whether it is an id and set as code)"""
    notes: tuple[str, ...]
    grants: tuple[tuple[str, str], ...]
    adopting: bool
    roles_file: str


def trust_of(report: Report) -> TrustTold:
    """Facts for whoever checks this answer later, and the notes in words."""
    trust = report.trust
    facts = [
        ("Judged", _MODES[trust.mode], False),
        ("Base", _full(trust.base), True),
        ("Head", _full(trust.head), True),
        ("Result", _RESULTS[trust.result_from], False),
        ("Result tree", trust.result_tree, True),
        ("Policies", trust.policies_source + ("" if trust.policies_trusted else " (untrusted)"), False),
        ("Policies digest", trust.policies_digest, True),
        ("Approvals from", _approvals(report), False),
        ("Commits to fetch", ", ".join(report.lacking_commits), True),
    ]
    grants = tuple((grant.name, listed([report.titles.get(r, r) for r in grant.roles])) for grant in report.grants)
    adopting = trust.mode == "adoption"
    return TrustTold(tuple(fact for fact in facts if fact[1]), _notes(report), grants, adopting, trust.roles_file)


def _full(ref: Ref) -> str:
    return ref.ref if ref.commit in (None, ref.ref) else f"{ref.ref} {ref.commit}"


def _approvals(report: Report) -> str:
    sources = listed(report.trust.approval_sources) or "nowhere: nothing needed one"
    return sources if report.trust.approvals_complete else f"{sources} (not every source answered)"


def _notes(report: Report) -> tuple[str, ...]:
    trust = report.trust
    notes = notes_of(report)
    if trust.policies_source and not trust.policies_trusted and not any("untrusted" in note for note in notes):
        notes.insert(0, "The organisation's folder of rules lies in the judged checkout, so it may only tighten.")
    return tuple(notes)

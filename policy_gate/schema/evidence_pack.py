"""Evidence of a period by replay, and of today: plain data, which can be stored, counted again and set as a page.

Days are ISO 8601 dates and moments ISO 8601 in UTC; what nobody said is None or empty, which is not no.
"""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

PACK_SCHEMA: Final = "policy-gate/evidence-pack/v1"
STATE_SCHEMA: Final = "policy-gate/evidence-state/v1"

Touch = Literal["yes", "no", "unknown"]


class SystemChangeSeen(Struct, frozen=True):
    """One thing that a merge changed of the system."""

    kind: str
    field: str
    before: str
    after: str
    weakening: bool


class SystemSeen(Struct, frozen=True):
    """The system as one merge left it."""

    name: str
    presence: str
    stage: str
    base_stage: str | None
    tier: str
    base_tier: str | None
    score: int | None
    verdict: str
    gates: tuple[str, ...] = ()
    """those that it entered"""
    changes: tuple[SystemChangeSeen, ...] = ()
    subject_digest: str = ""


class ApprovalSeen(Struct, frozen=True):
    """Somebody's yes that a merge needed, whether it counted and why not; or that nobody gave it (`who` is empty)."""

    role: str
    purpose: str
    state: str
    who: str = ""
    counts: bool = False
    why: str = ""
    when: str | None = None
    subject_digest: str = ""


class WaiverSeen(Struct, frozen=True):
    """Something that a waiver let pass."""

    title: str
    subject: str
    waiver: str


class IncidentSeen(Struct, frozen=True):
    """An incident that a merge opened, or recorded steps of."""

    id: str
    type: str
    severity: str
    state: str
    is_new: bool
    steps: tuple[str, ...] = ()


class TestSeen(Struct, frozen=True):
    """A test result as one merge left it; `provenance` says whether it stands in the tree or came from a job."""

    __test__ = False

    id: str
    path: str
    blob: str | None
    outcome: str
    executed: int
    failed: int
    skipped: int
    completed: str | None
    provenance: str
    tool: str = ""
    detail: str = ""


class FindingSeen(Struct, frozen=True):
    """What stood in the way of a merge, or left it open."""

    title: str
    kind: str
    subject: str
    message: str


class RecordedVerdict(Struct, frozen=True):
    """What the audit log holds of a merge."""

    verdict: str
    entry: str
    at: str = ""


class MergeRecord(Struct, frozen=True):
    """One commit of the first-parent line, judged by the rules of its time."""

    commit: str
    base: str
    head: str
    parents: int
    kind: Literal["merge", "commit", "octopus", "edited-merge"]
    title: str
    who: str
    moment: str
    day: str
    verdict: str
    touches: Touch
    is_before_parent: bool = False
    """its date is before that of the commit it follows"""
    headline: str = ""
    problem: str = ""
    """why there is no answer, or no sure one"""
    policies_digest: str = ""
    policies_source: str = ""
    system: SystemSeen | None = None
    appeared: tuple[str, ...] = ()
    """other systems that appeared in a merge in which this one left"""
    approvals: tuple[ApprovalSeen, ...] = ()
    waivers: tuple[WaiverSeen, ...] = ()
    incidents: tuple[IncidentSeen, ...] = ()
    tests: tuple[TestSeen, ...] = ()
    blocking: tuple[FindingSeen, ...] = ()
    lacks_only_approvals: bool = False
    """nothing but approvals was missing, and no forge was asked, which may hold them"""
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    recorded: RecordedVerdict | None = None
    together: str = ""
    """commits pushed at once: the last one, up to which they pass where they are judged as one change"""
    reproduce: str = ""

    @property
    def is_against(self) -> bool:
        """Whether the replay would have stopped it."""
        return self.verdict in ("block", "undecided")


class Figure(Struct, frozen=True):
    """A number, how it is counted again from `merges.json`, and the commits that it counts."""

    id: str
    title: str
    value: int
    query: str
    commits: tuple[str, ...]
    note: str = ""
    from_git: str = ""
    """how git alone counts it, where it can"""


class PackDocument(Struct, frozen=True):
    """A file as it was at the end of the period; `member` is its name in the pack, empty where it is left out."""

    path: str
    what: str
    blob: str
    size: int
    sha256: str = ""
    member: str = ""
    left_out: str = ""


class PackHead(Struct, frozen=True):
    """What the evidence is of, and what it rests on."""

    system: str
    name: str
    repository: str
    branch: str
    first_day: str
    last_day: str
    tip: str
    """the newest commit of the branch in the period; empty where the branch is younger"""
    version: str
    present: bool
    """whether the system stood in the tree at the end of the period"""
    stage: str = ""
    tier: str = ""
    branch_commit: str = ""
    """where the branch stood when this was made"""
    forge: str = "not asked"
    audit_log: str = ""
    outside: tuple[str, ...] = ()
    """commits that stand between merges of the period and are dated outside of it"""
    more: int = 0
    """merges of the period that were not replayed, as the number was limited"""


class DocumentState(Struct, frozen=True):
    """A document that the system names, as it stands."""

    id: str
    title: str
    path: str
    state: str
    completed: str | None
    digest: str
    detail: str = ""


class LawState(Struct, frozen=True):
    """A regulation, how many of its rows apply, and how far the evidence for them is complete."""

    regulation: str
    title: str
    applicable: int
    met: int
    gaps: int
    unknown: int
    upcoming: int
    state: str


class LawRowState(Struct, frozen=True):
    """A row of law that applies or will."""

    id: str
    regulation: str
    citation: str
    requirement: str
    state: str
    applies_from: str | None
    evidence: tuple[tuple[str, str], ...] = ()


class ApprovalState(Struct, frozen=True):
    """A record of a yes, given for the content that its digest is over."""

    purpose: str
    role: str
    who: str
    approved_on: str
    expires: str
    is_signed: bool
    subject_digest: str


class WaiverState(Struct, frozen=True):
    """A permission to go on without something."""

    rule: str
    subject: str
    reason: str
    expires: str
    is_over: bool


class OpenPoint(Struct, frozen=True):
    """What is missing, not known, waived or owed."""

    title: str
    state: str
    enforcement: str
    due: str | None
    message: str


class SystemEvidence(Struct, frozen=True):
    """One system as it stands, with what there is and what is not."""

    id: str
    name: str
    description: str
    owner: str
    contact: str
    stage: str
    tier: str
    score: int | None
    score_range: tuple[int, int]
    why: tuple[str, ...]
    undeclared: tuple[str, ...]
    verdict: str
    law_class: tuple[str, ...]
    next_due: str
    subject_digest: str
    law: tuple[LawState, ...] = ()
    rows: tuple[LawRowState, ...] = ()
    documents: tuple[DocumentState, ...] = ()
    tests: tuple[TestSeen, ...] = ()
    approvals: tuple[ApprovalState, ...] = ()
    waivers: tuple[WaiverState, ...] = ()
    open_points: tuple[OpenPoint, ...] = ()
    incidents: tuple[IncidentSeen, ...] = ()


class EvidenceState(Struct, frozen=True):
    """The evidence of some systems on one day."""

    repository: str
    branch: str
    commit: str
    day: str
    version: str
    policies_digest: str
    verdict: str
    notes: tuple[str, ...]
    systems: tuple[SystemEvidence, ...]
    problems: tuple[str, ...] = ()
    schema: str = STATE_SCHEMA

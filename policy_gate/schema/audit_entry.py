"""Entries of the audit log as plain data, and what their verification comes to.

Instants are ISO 8601 in UTC to the second. An entry's `id` is over what happened, and not over when or in which
order it was recorded: the same thing recorded twice has one id.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from msgspec import Struct, field

from policy_gate.schema.canonical import digest_of

REF: Final = "refs/policy-gate/audit"

Kind = Literal["verdict", "approval", "waiver", "stage", "incident"]
KINDS: Final[tuple[Kind, ...]] = ("verdict", "approval", "waiver", "stage", "incident")


class JudgedSystem(Struct, frozen=True):
    """One system as the verdict saw it."""

    id: str
    stage: str
    tier: str
    verdict: str
    subject_digest: str


class Blocking(Struct, frozen=True):
    """One thing that made a verdict block; `system` is empty where it is about the repository."""

    system: str
    kind: str
    subject: str
    rules: tuple[str, ...]


class VerdictRecord(Struct, frozen=True, tag_field="kind", tag="verdict"):
    """What a check answered."""

    verdict: str
    systems: tuple[JudgedSystem, ...]
    blocking: tuple[Blocking, ...]


class ApprovalGiven(Struct, frozen=True, tag_field="kind", tag="approval", rename={"for_": "for"}):
    """A yes that counted: who, in which role, for what."""

    system: str
    for_: str
    role: str
    person: str
    given: str
    subject_digest: str


class WaiverStep(Struct, frozen=True, tag_field="kind", tag="waiver"):
    """A waiver that came to the branch, left it, or can no longer be read there, so that it permits nothing."""

    step: Literal["granted", "withdrawn", "unreadable"]
    system: str
    rule: str
    subject: str
    owner: str
    approver: str
    reason: str
    ticket: str
    created: str
    expires: str


class StageChange(Struct, frozen=True, tag_field="kind", tag="stage"):
    """A system that came, moved on, moved back or left; `before` or `after` is empty where there is none."""

    system: str
    before: str
    after: str


class IncidentStep(Struct, frozen=True, tag_field="kind", tag="incident"):
    """A step of an incident: `reported`, or one of its timeline."""

    incident: str
    system: str
    type: str
    severity: str
    step: str
    at: str
    by: str
    clock: str


Record = VerdictRecord | ApprovalGiven | WaiverStep | StageChange | IncidentStep


class Side(Struct, frozen=True, omit_defaults=True):
    """A revision as it was called, and its commit."""

    ref: str
    commit: str
    on_branch: bool = False
    """it was known to be a commit of the branch when the entry was recorded"""


class Inputs(Struct, frozen=True):
    """All that the check was made of, so that it can be made again."""

    base: Side
    head: Side
    result_tree: str
    branch: str
    mode: str
    as_of: str
    policies: str
    """the digest of the rules in force"""
    organisation: bool
    """a layer of rules was given to the check"""
    evidence: bool
    """files were given to the check that are in no commit"""
    require_stage: str
    require_governed_base: bool
    approval_sources: tuple[str, ...]


class Previous(Struct, frozen=True):
    """The entry before: its commit, and the digest of its statement."""

    commit: str
    statement: str


class AuditEntry(Struct, frozen=True):
    """One entry as its statement says it; `sequence` counts from 0."""

    sequence: int
    previous: Previous | None
    recorded: str
    id: str
    version: str
    repository: str
    inputs: Inputs
    record: Record

    @property
    def kind(self) -> str:
        return str(self.record.__struct_config__.tag)

    @property
    def headline(self) -> str:
        """What happened, in a few words."""
        return _headline(self.record)

    @property
    def systems(self) -> tuple[str, ...]:
        """The systems that it is about."""
        if isinstance(self.record, VerdictRecord):
            blocked = (item.system for item in self.record.blocking)
            return tuple(dict.fromkeys(it for it in (*(one.id for one in self.record.systems), *blocked) if it))
        return (self.record.system,) if self.record.system else ()

    @property
    def people(self) -> tuple[str, ...]:
        """The people whom it names."""
        record = self.record
        if isinstance(record, ApprovalGiven):
            return (record.person,)
        if isinstance(record, WaiverStep):
            return (record.owner, record.approver)
        return (record.by,) if isinstance(record, IncidentStep) and record.by else ()


def entry_id(inputs: Inputs, record: Record, plain: dict[str, Any]) -> str:
    """The id of what happened; `plain` is the record as plain data.

    A verdict is one of its day, its commits and its rules; an approval and a step of an incident are themselves,
    wherever they are seen; what can come and go again (a waiver, a stage) hangs on the commit that it left.
    """
    if isinstance(record, VerdictRecord):
        about: dict[str, Any] = {
            "base": inputs.base.commit,
            "head": inputs.head.commit,
            "tree": inputs.result_tree,
            "mode": inputs.mode,
            "policies": inputs.policies,
            "day": inputs.as_of[:10],
        }
    elif isinstance(record, WaiverStep | StageChange):
        about = {"base": inputs.base.commit}
    else:
        about = {}
    return digest_of({"about": about, "record": plain})


def _headline(record: Record) -> str:
    if isinstance(record, VerdictRecord):
        return record.verdict
    if isinstance(record, ApprovalGiven):
        return f"{record.person} as {record.role} for {record.for_}"
    if isinstance(record, WaiverStep):
        return f"{record.rule} {record.step}, until {record.expires}"
    if isinstance(record, StageChange):
        return f"{record.before or 'none'} to {record.after or 'none'}"
    return f"{record.incident} {record.step}"


SignatureKind = Literal["ssh", "sigstore"]
MergedState = Literal["yes", "edited", "superseded", "no", "unknown"]
MERGED_STATES: Final[tuple[MergedState, ...]] = ("yes", "edited", "superseded", "no", "unknown")


class Signature(Struct, frozen=True):
    """Whether an entry is signed by a key or an identity that was pinned when it was recorded, and whose it is.

    Of one with Sigstore: whom its certificate names, and the time that is proven.
    """

    state: Literal["unsigned", "good", "bad", "unchecked", "unread"] = "unread"
    person: str = ""
    key: str = ""
    reason: str = ""
    issuer: str = ""
    identity: str = ""
    signed: str = ""


class ReplayResult(Struct, frozen=True):
    """Whether the same comes out where it is judged again; `untold` where that cannot be told here."""

    state: Literal["same", "different", "untold"]
    reason: str = ""


class Merged(Struct, frozen=True):
    """Whether what an entry tells came to the branch, as git tells it now; no part of the entry.

    `superseded` is a check whose commits came in under a later head, `edited` one whose merge holds something else
    than git makes of it. `how`, `commit` and `moment` say what brought it; `reason` says why nothing can be told.
    """

    state: MergedState
    branch: str
    tip: str
    how: str = ""
    commit: str = ""
    moment: str = ""
    reason: str = ""


class LoggedEntry(Struct, frozen=True):
    """One commit of the log; `entry` is None where its statement cannot be read, `faults` say what is wrong in it."""

    commit: str
    entry: AuditEntry | None
    statement: bytes
    signature: bytes | None = None
    signature_kind: SignatureKind = "ssh"
    faults: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    signed: Signature = Signature()
    replay: ReplayResult | None = None
    merged: Merged | None = None


class Fault(Struct, frozen=True):
    """One thing that is wrong: with which entry (its number from the oldest, from 0), and what."""

    number: int | None
    commit: str
    what: str

    def __str__(self) -> str:
        place = f"entry {self.number}" if self.number is not None else "the log"
        return f"{place} ({self.commit[:12]}): {self.what}" if self.commit else f"{place}: {self.what}"


class LeftCommit(Struct, frozen=True):
    """A commit that was on the branch when entry `number` was recorded, and is not on it any more."""

    number: int
    commit: str
    is_here: bool
    """this clone holds it still"""


class BranchCoverage(Struct, frozen=True):
    """What the entries say of the branch merged into, by its line of first parents.

    `unrecorded` are its commits between recorded ones that no entry covers, the oldest first; `newer` counts those
    after the newest recorded one.
    """

    branch: str
    tip: str
    recorded: int
    newer: int
    unrecorded: tuple[str, ...] = ()
    left: tuple[LeftCommit, ...] = ()


class Verification(Struct, frozen=True):
    """What the verification of a log came to.

    `broken` are in order from the oldest; `untold` is what could be neither confirmed nor refuted here; `notes` need
    no doing. It is `ok` where all was verified.
    """

    head: str
    entries: tuple[LoggedEntry, ...]
    """from the oldest"""
    broken: tuple[Fault, ...] = ()
    untold: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    replayed: dict[str, int] = field(default_factory=dict)
    coverage: BranchCoverage | None = None
    """None where it cannot be told here"""

    @property
    def ok(self) -> bool:
        return not self.broken and not self.untold

    @property
    def signed(self) -> int:
        """How many entries carry a signature that is good."""
        return sum(1 for one in self.entries if one.signed.state == "good")

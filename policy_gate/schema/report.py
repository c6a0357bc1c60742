"""The Report: everything one check found, ready to be told in any format."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct, field

from policy_gate.schema.change import Change
from policy_gate.schema.due import DueItem
from policy_gate.schema.finding import Finding
from policy_gate.schema.policy_docs import PolicyDocs
from policy_gate.schema.policy_impact import PolicyImpact
from policy_gate.schema.source import Problem
from policy_gate.schema.vocabulary import EXIT_CODES, ROLES_FILE, Presence, Scope, Verdict


class Ref(Struct, frozen=True):
    """A revision as asked for and as found; `commit` is None for a work tree or tree in memory."""

    ref: str
    commit: str | None


class Trust(Struct, frozen=True):
    """How far the answer can be trusted, and why not further."""

    mode: Literal["change", "all", "adoption"]
    enforcing: bool
    base: Ref
    head: Ref
    result_tree: str
    result_from: Literal["head", "merge", "forge", "worktree"]
    policies_source: str
    policies_digest: str
    policies_trusted: bool
    approval_sources: tuple[str, ...] = ()
    approvals_complete: bool = True
    notes: tuple[str, ...] = ()
    misplaced: tuple[str, ...] = ()
    """of the notes those on what nobody reads: documents at other places, and code that nobody can look into"""
    repository: str = ""
    """its name by base's policy-gate.yaml; empty where that gives none"""
    roles_file: str = ROLES_FILE
    """where base's roles stand, or would"""
    reproduce: str = ""
    """the command that asks the same again, by commits; empty where no answer could be given"""


class GateReport(Struct, frozen=True):
    """One gate that is entered or owed, by the lesson's lists."""

    id: str
    title: str
    entered: bool
    subject_digest: str
    verdict: Verdict
    missing_artifacts: tuple[str, ...] = ()
    missing_approvals: tuple[str, ...] = ()
    failed_tests: tuple[str, ...] = ()
    tests_not_run: tuple[str, ...] = ()


class LawReport(Struct, frozen=True):
    """How far the evidence for one regulation is complete; never a claim of compliance."""

    regulation: str
    applicable: int
    met: int
    gaps: int
    unknown: int
    upcoming: int
    evidence_complete: bool


class SystemReport(Struct, frozen=True):
    """One system of the union of base and result."""

    id: str
    name: str
    manifest: str
    presence: Presence
    stage: str
    base_stage: str | None
    score: int | None
    score_range: tuple[int, int]
    score_tier: str | None
    tier: str
    tier_range: tuple[str, str]
    undeclared: tuple[str, ...]
    effective_tier: str
    base_tier: str | None
    law_class: tuple[str, ...]
    required_controls: tuple[str, ...]
    subject_digest: str
    changes: tuple[Change, ...]
    gates: tuple[GateReport, ...]
    law: tuple[LawReport, ...]
    verdict: Verdict
    next_due: date | None = None
    next_due_title: str = ""
    line: int = 0
    """where its entry begins in the manifest; 0 for one that the result no longer holds"""
    edits: tuple[Change, ...] = ()
    """at critical and high, other words in and above purpose and limits, to compare (D53)"""
    card_gains: tuple[Change, ...] = ()
    """what its model card says anew"""


class ClockReport(Struct, frozen=True):
    """A legal clock that runs, ran out, or of which it cannot be told; `deadline` is UTC in ISO 8601, None without."""

    id: str
    title: str
    law: str
    state: Literal["running", "overdue", "unknown"]
    deadline: str | None
    recipient: str
    missing: tuple[str, ...] = ()
    """the facts that would tell whether it runs"""


class IncidentReport(Struct, frozen=True):
    """An incident that is not behind its system; what lacks is said of a resolved one."""

    id: str
    system: str
    type: str
    severity: str
    state: str
    path: str
    clocks: tuple[ClockReport, ...]
    duties_open: tuple[str, ...] = ()
    tests_open: tuple[str, ...] = ()


class RoleGrant(Struct, frozen=True):
    """Whom a new roles file makes able to approve, and in which roles (the adoption box, D26)."""

    name: str
    roles: tuple[str, ...]


class Ask(Struct, frozen=True):
    """Somebody to ask for approvals, and the roles in which."""

    name: str
    roles: tuple[str, ...]


class Report(Struct, frozen=True):
    """What merging this change would do to base, by the rules that base holds: plain data, which can be stored.

    `scope` says of what AI the answer speaks: of declared systems, of none because there is none (D28), of AI that
    nobody has declared, or of what could not be looked at. `headline` is one sentence where there is no system to
    speak of (nothing governed changed, no answer). `preview` lines say what the result's own policies would have
    decided; never obeyed.
    """

    version: str
    verdict: Verdict
    as_of: date
    trust: Trust
    systems: tuple[SystemReport, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...] = ()
    headline: str = ""
    hint: str = ""
    scope: Scope = "systems"
    system_count: int = 0
    """systems known, judged or not"""
    grants: tuple[RoleGrant, ...] = ()
    preview: tuple[str, ...] = ()
    incidents: tuple[IncidentReport, ...] = ()
    """of the judged systems, those that are open or whose clocks or duties are; the first to end first"""
    due: tuple[DueItem, ...] = ()
    """in the full check: what is late or falls due within the time that the policies look ahead, by day"""
    policy_impact: PolicyImpact | None = None
    """of a change that touches policies: what they would do to every system of the result, taken as the full check"""
    ask: tuple[Ask, ...] = ()
    """the fewest people whose yes would give every approval that is missing"""
    lacking_commits: tuple[str, ...] = ()
    """commits that somebody reviewed and this clone does not hold: fetched, they may count (D12, D44)"""
    docs: PolicyDocs | None = None
    """of the policies in force, for formats that carry them; None where none could be read or none was asked for"""
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """role id to the names of those who hold it in base (or, at adoption, in the result)"""
    teams: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """role id to the teams of a forge that hold it in base"""
    titles: dict[str, str] = field(default_factory=dict)
    """role, gate and control ids to their titles"""

    @property
    def exit_code(self) -> int:
        return EXIT_CODES[self.verdict]

    def count(self, state: str) -> int:
        return sum(1 for finding in self.findings if finding.state == state)

    def blamed(self, blame: str) -> int:
        return sum(1 for finding in self.findings if finding.blame == blame and finding.state in ("gap", "unknown"))

"""What the policies set once for all rules: who counts, whose work it is, how long debt runs, tiers of vendors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from policy_gate.schema.dates import Period
from policy_gate.schema.vocabulary import Severity, Tier, VendorTier


class Assurance(Struct, frozen=True):
    """What counts as an approval and as authorship, by tier (D14, D18)."""

    approvals: Mapping[str, str]
    governed_changes: str
    authors: Mapping[str, str]
    self_approval: frozenset[str]
    separate_roles: tuple[frozenset[str], ...]
    service_committers: frozenset[str]
    """addresses, and names of tools, in lower case"""
    valid_for: Period
    binds_code: frozenset[str]
    agents: tuple[str, ...] = ()
    """patterns of accounts, addresses and names of bots and coding agents, in lower case"""
    agent_trailers: frozenset[str] = frozenset()
    """keys of trailers by which a commit says that a tool wrote it, in lower case"""


class Owners(Struct, frozen=True):
    """Roles that do, and that answer for, what names nobody of its own; and the stage that a job requires."""

    responsible: tuple[str, ...]
    accountable: tuple[str, ...]
    stage_responsible: tuple[str, ...]
    stage_accountable: tuple[str, ...]


class WaiverSettings(Struct, frozen=True):
    """How long a waiver may run by tier; whoever may give an approval that one of the rules asks for may approve it."""

    max_period: Mapping[Tier, Period]
    approved_like: tuple[str, ...]


class DebtPeriods(Struct, frozen=True):
    """How long a team has, by tier, after each kind of start (D22)."""

    enrolment: Mapping[Tier, Period]
    reclassification: Mapping[Tier, Period]
    effective: Mapping[Tier, Period]
    expiry: Mapping[Tier, Period]
    answers: Period
    """after `enrolled`, for first answers that nobody in base could read (D48)"""
    enrol_by: date | None = None
    """from this day on, AI in a repository that declares none blocks (D28); None: it never does"""


class CalendarSettings(Struct, frozen=True):
    """How far the full check looks ahead: what falls due within this time is listed before it is late."""

    window: Period


class VendorTierRule(Struct, frozen=True, kw_only=True):
    """A tier of vendors and what it means; see `VendorTierSpec` for each."""

    id: VendorTier
    title: str
    at_least: int
    severities: tuple[Severity, ...] = ()
    blocked_by: tuple[Severity, ...] = ()
    use_approved: bool
    recommendation: str
    review_every: Period

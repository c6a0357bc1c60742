"""What the policies in force say of incidents: types, severities, clocks, serious incidents and notices, compiled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from msgspec import Struct, field

from policy_gate.schema.rule_condition import Condition
from policy_gate.schema.vocabulary import Severity

TARGET_MINUTES: Final = ("triage", "containment", "leadership_notify")
"""what each severity gives minutes for; lines of its escalation may say them in braces"""


class IncidentType(Struct, frozen=True, kw_only=True):
    """A kind of incident; see `IncidentTypeSpec` for each."""

    id: str
    title: str
    about: str
    first_actions: tuple[str, ...]
    containment_options: tuple[str, ...]
    reopens_data: bool = False
    harms: tuple[str, ...] = ()


class IncidentSeverity(Struct, frozen=True, kw_only=True):
    """How fast an incident so severe is answered, in minutes from its detection; see `IncidentSeveritySpec`."""

    id: Severity
    title: str
    triage: int
    containment: int
    leadership_notify: int
    escalation: tuple[str, ...] = ()
    window: str
    oecd: str


class Need(Struct, frozen=True):
    """What has to be so for a clock to run, or else why it does not."""

    that: Condition
    otherwise: str


class BindsLater(Struct, frozen=True):
    """A later day from when a clock's duty binds, of systems for which `when` surely holds."""

    from_: date
    when: Condition


class Rests(Struct, frozen=True):
    """Systems that a clock's duty does not bind: those for which `when` surely holds."""

    when: Condition
    because: str


class IncidentClock(Struct, frozen=True, kw_only=True):
    """A time within which law wants somebody told; see `IncidentClockSpec` for each."""

    id: str
    title: str
    law: str
    needs: tuple[Need, ...] = ()
    starts: str = "aware_at"
    hours: int | None = None
    days: int | None = None
    business_days: int | None = None
    before: bool = False
    calendar: str | None = None
    zone: str | None = None
    applies_from: date | None = None
    binds_later: tuple[BindsLater, ...] = ()
    rests: tuple[Rests, ...] = ()
    recipient: str
    tells: tuple[str, ...] = ("regulators",)
    note: str | None = None
    reports: tuple[str, ...] = ()
    citation: str | None = None
    checked: str
    checked_on: date


class SeriousIncidentTerm(Struct, frozen=True, kw_only=True):
    """A word of `serious_incident`, with where the AI Act defines it."""

    id: str
    title: str
    citation: str | None = None
    harms: tuple[str, ...] = ()


class NoticeSection(Struct, frozen=True):
    """Something that a notice has to say; `when` says to which incidents, None to all."""

    title: str
    asks: str
    when: Condition | None = None


class Notice(Struct, frozen=True, kw_only=True):
    """A notice to one audience: what it has to say, and who writes it."""

    id: str
    title: str
    about: str
    parts: tuple[NoticeSection, ...]
    roles: tuple[str, ...]


class IncidentRules(Struct, frozen=True):
    """Everything that the policies say of incidents, each by its id."""

    types: Mapping[str, IncidentType] = field(default_factory=dict)
    severities: Mapping[str, IncidentSeverity] = field(default_factory=dict)
    clocks: Mapping[str, IncidentClock] = field(default_factory=dict)
    serious: Mapping[str, SeriousIncidentTerm] = field(default_factory=dict)
    notices: Mapping[str, Notice] = field(default_factory=dict)

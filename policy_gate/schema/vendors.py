"""What an assessment of a vendor comes to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from msgspec import Struct

from policy_gate.schema.dates import lies_ahead
from policy_gate.schema.documents import Manifest
from policy_gate.schema.rule_set import VendorFinding
from policy_gate.schema.rule_settings import VendorTierRule
from policy_gate.schema.source import Document
from policy_gate.schema.vendor_document import VendorEntry
from policy_gate.schema.vendor_terms import TermsFrom
from policy_gate.schema.vocabulary import Severity


class OpenFinding(Struct, frozen=True):
    """A finding that is not resolved: the entry says what is wrong, or does not say that it is right.

    `missing` are the fields that would decide it, by their names in the entry. `is_sure` says that it applies: of one
    that is not sure, it cannot be told from the entry whether it concerns the vendor.
    """

    finding: VendorFinding
    state: Literal["found", "unknown"]
    issue: str
    missing: tuple[str, ...] = ()
    is_sure: bool = True

    @property
    def severity(self) -> Severity:
        """How much it weighs."""
        return self.finding.severity


class VendorAssessment(Struct, frozen=True):
    """What the policies make of one vendor.

    `score` counts an open question as a bad answer, `least` only what the entry says to be wrong: with all answers the
    score lies between both. `answer` is the tier whose recommendation holds: that of the score, or a higher one where
    a finding is so severe.
    """

    open: tuple[OpenFinding, ...]
    score: int
    least: int
    tier: VendorTierRule
    answer: VendorTierRule
    use_approved: bool
    review_due: date | None

    @property
    def severities(self) -> tuple[Severity, ...]:
        """The severities of what is open, each once, the worst first."""
        return tuple(dict.fromkeys(item.severity for item in self.open))

    @property
    def questions(self) -> tuple[OpenFinding, ...]:
        """What the entry does not answer."""
        return tuple(item for item in self.open if item.state == "unknown")


class LaterAssessment(Struct, frozen=True):
    """What the policies will make of a vendor from a day on for which it announced other terms."""

    terms: TermsFrom
    assessment: VendorAssessment


class AssessedVendor(Struct, frozen=True):
    """A described vendor, the systems that use it, and what the policies make of it on a day.

    `in_force` is what it announced for that day or earlier ones, `later` what it announced for the days after.
    """

    entry: VendorEntry
    manifest: Document[Manifest]
    index: int
    systems: tuple[str, ...]
    values: Mapping[str, Any]
    assessment: VendorAssessment
    in_force: tuple[TermsFrom, ...] = ()
    later: tuple[LaterAssessment, ...] = ()

    def said_of(self, field: str) -> Any:
        """What a field of it says on the day: what was announced last, else what the entry states."""
        announced = [term.value for it in self.in_force for term in it.terms if term.field == field]
        return announced[-1] if announced else getattr(self.entry, field)

    @property
    def place(self) -> str:
        """Where it is described."""
        return str(self.manifest.at("vendors", self.index))

    def next_review(self, today: date) -> date:
        """The day on which it is to be looked at next: of one that never was, or only on a day to come, now."""
        return today if self.is_seen_ahead(today) else self.assessment.review_due or today

    def review_state(self, today: date) -> Literal["never", "overdue", "due"]:
        """How its review stands."""
        due = self.assessment.review_due
        return "never" if due is None or self.is_seen_ahead(today) else "overdue" if due < today else "due"

    def is_seen_ahead(self, today: date) -> bool:
        """Whether its `assessed_on` is a day to come, on which nobody can have looked at it."""
        day = self.entry.assessed_on
        return day is not None and lies_ahead(day, today)

"""What a vendor announced, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from policy_gate.schema.vendor_document import AnnouncedTerm
from policy_gate.schema.vendors import VendorAssessment

_YES_NO: Final[Mapping[str, tuple[str, str]]] = {
    "soc2_type2_certified": ("there is a SOC 2 Type 2 report", "there is no SOC 2 Type 2 report"),
    "iso27001_certified": ("it is certified to ISO/IEC 27001", "it is not certified to ISO/IEC 27001"),
    "penetration_tested": ("it is tested for penetration", "it is not tested for penetration"),
    "bug_bounty_program": ("there is a bug bounty programme", "there is no bug bounty programme"),
    "opt_out_of_training": ("data is kept out of training", "data may be used for training"),
    "has_fallback_provider": ("another provider can take over", "no other provider can take over"),
    "has_dpa": ("there is a data processing agreement", "there is no data processing agreement"),
    "eu_data_residency": ("data stays in the European Union", "data may leave the European Union"),
    "audit_rights": ("it may be audited", "it may not be audited"),
}
_SAID: Final[Mapping[str, str]] = {
    "access_type": "access is {}",
    "data_classes": "the data sent is {}",
    "sla_uptime_percentage": "{}% uptime is promised",
    "liability_cap": "it answers for {}",
}


def said_of_terms(terms: Iterable[AnnouncedTerm], found: VendorAssessment | None) -> str:
    """What these terms change, each with its source, and what the vendor then comes to."""
    said = "; ".join(f"{term_in_words(term.field, term.value)} (source {term.source})" for term in terms)
    return said if found is None else f"{said}; then {outcome_in_words(found)}"


def term_in_words(field: str, value: Any) -> str:
    """What a field of a vendor says, as a clause."""
    if field in _YES_NO:
        return _YES_NO[field][0 if value else 1]
    if field == "data_retention_days":
        days = f"for {value} days" if value > 1 else "for 1 day"
        return f"data is kept {days if value else 'for no time'}"
    shown = ", ".join(value) if isinstance(value, list) else f"{value:g}" if isinstance(value, float) else str(value)
    return _SAID[field].format(shown)


def outcome_in_words(found: VendorAssessment) -> str:
    """Tier and points, as `high, 8 points`."""
    return f"{found.tier.id}, {found.score} {'point' if found.score == 1 else 'points'}"

"""What is wrong with a vendor by the policies, and what that comes to.

A finding applies unless the entry says that it does not; what the entry does not say is an open question, and weighs
as much as a bad answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.rule_set import RuleSet, VendorFinding
from policy_gate.schema.rule_settings import VendorTierRule
from policy_gate.schema.rule_targets import VENDOR_WORKED_OUT
from policy_gate.schema.vendor_document import PERSONAL_DATA, VENDOR_FIELDS
from policy_gate.schema.vendors import OpenFinding, VendorAssessment
from policy_gate.schema.vocabulary import SEVERITIES

_FIELD = lazy_pattern(r"\{(\w+)\}")


def with_assessment(vendor: Mapping[str, Any], personal: bool | None, policy: RuleSet) -> dict[str, Any]:
    """The `vendor.*` values with those that are worked out; what was worked out before is worked out again.

    `personal` says whether the system handles personal data, None where it does not say. Without findings or tiers in
    the policies nothing is said of its risk.
    """
    values = {name: value for name, value in vendor.items() if name not in VENDOR_WORKED_OUT}
    values["vendor.declared"] = _declared(values)
    values["vendor.terms_change_on"] = values["vendor.announced_risk_tier"] = ""
    values |= _data_sent(values, personal)
    found = assess(values, policy)
    if found is None:
        return values
    values["vendor.risk_score"] = found.score
    values["vendor.risk_tier"] = found.tier.id
    values["vendor.use_approved"] = found.use_approved
    values["vendor.open_findings"] = [item.finding.id for item in found.open]
    values["vendor.open_severities"] = list(found.severities)
    values["vendor.review_due"] = found.review_due.isoformat() if found.review_due else ""
    return values


def _declared(values: Mapping[str, Any]) -> list[str]:
    return [name for name in VENDOR_FIELDS if f"vendor.{name}" in values]


def _data_sent(values: Mapping[str, Any], personal: bool | None) -> dict[str, bool]:
    """Whether it gets data at all, and data about persons, as far as that can be told.

    What the entry says of the vendor goes before what is said of the system; that all of the system's data is
    impersonal says so of what is sent, too. Some words in `data_sent` say that there is data, not which.
    """
    classes = values.get("vendor.data_classes")
    if classes is not None:
        said = set(classes)
        return {"vendor.gets_no_data": said == {"none"}, "vendor.gets_personal_data": bool(said & set(PERSONAL_DATA))}
    found = {} if personal is None else {"vendor.gets_personal_data": personal}
    return {**found, "vendor.gets_no_data": False} if str(values.get("vendor.data_sent", "")).strip() else found


def assess(values: Mapping[str, Any], policy: RuleSet) -> VendorAssessment | None:
    """What the policies make of a vendor, the worst finding first; None where they say nothing of vendors."""
    if not policy.vendor_findings or not policy.vendor_tiers:
        return None
    found = [item for spec in policy.vendor_findings.values() for item in _open(spec, values)]
    found.sort(key=lambda item: -SEVERITIES.index(item.severity))
    score = sum(item.finding.points for item in found)
    least = sum(item.finding.points for item in found if item.state == "found" and item.is_sure)
    tiers = sorted(policy.vendor_tiers.values(), key=lambda tier: -tier.at_least)
    severities = {item.severity for item in found}
    tier = _first(tiers, (score >= it.at_least for it in tiers))
    answer = _first(tiers, (score >= it.at_least or not severities.isdisjoint(it.severities) for it in tiers))
    assessed = values.get("vendor.assessed_on")
    return VendorAssessment(
        open=tuple(found),
        score=score,
        least=least,
        tier=tier,
        answer=answer,
        use_approved=tier.use_approved and severities.isdisjoint(tier.blocked_by),
        review_due=tier.review_every.after(date.fromisoformat(assessed)) if assessed else None,
    )


def _first(tiers: list[VendorTierRule], holds: Iterable[bool]) -> VendorTierRule:
    """The first tier of which it holds, else the last."""
    return next((tier for tier, is_so in zip(tiers, holds, strict=True) if is_so), tiers[-1])


def _open(spec: VendorFinding, values: Mapping[str, Any]) -> Iterator[OpenFinding]:
    """The finding, where it applies and is not resolved."""
    applies = spec.when.truth(values)
    if applies.value is False:
        return
    holds = spec.that.truth(values)
    if holds.value is True:
        return
    if holds.value is False:
        yield OpenFinding(spec, "found", _issue(spec, values), is_sure=applies.value is True)
    else:
        missing = (name.removeprefix("vendor.") for name in holds.missing)
        yield OpenFinding(spec, "unknown", spec.asks, tuple(missing), applies.value is True)


def _issue(spec: VendorFinding, values: Mapping[str, Any]) -> str:
    return _FIELD.sub(lambda found: _said(values.get(f"vendor.{found[1]}")), spec.issue)


def _said(value: Any) -> str:
    return "not stated" if value is None else f"{value:g}" if isinstance(value, float) else str(value)

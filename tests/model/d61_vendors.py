"""D61: what a vendor of a system comes to, and which of its answers read better than base's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from conditions import condition
from tables import Policies

Terms = Mapping[str, Any]
HERE = ("licensed_weights", "self_hosted")
YES = ("has_dpa", "opt_out_of_training", "soc2_type2_certified", "penetration_tested", "has_fallback_provider")
RIGHTS = ("audit_rights", "eu_data_residency")
PERSONAL = {"personal", "special_category"}
BETTER: Mapping[str, Callable[[Any, Any], bool]] = {
    **dict.fromkeys((*YES, *RIGHTS), lambda old, new: new and not old),
    "access_type": lambda old, new: new in HERE and (old not in HERE or HERE.index(new) > HERE.index(old)),
    "data_classes": lambda old, new: bool(set(old) - {"none", *new}) if old else not PERSONAL & set(new),
    "data_retention_days": lambda old, new: old is None or new < old,
    "sla_uptime_percentage": lambda old, new: old is None or new > old,
}
"""Whether a stated answer reads better than base's, which is None where base gives none."""


def known_of(id_: str, terms: Terms, is_personal: Any, policies: Policies) -> dict[str, Any]:
    """What rules may ask of a vendor: its answers, and what is open about it.

    Where it does not say which data it is sent, it is what the system processes, if that is known.
    """
    classes = terms.get("data_classes")
    said = {f"vendor.{name}": value for name, value in terms.items()} | {
        "vendor.id": id_,
        "vendor.gets_no_data": classes == ["none"],
        "vendor.gets_personal_data": bool(PERSONAL & set(classes)) if classes else is_personal,
    }
    found = [it for it in policies.listed("vendor_findings")
             if condition(it["when"])(said) is not False and condition(it["that"])(said) is not True]  # fmt: skip
    score = sum(it["points"] for it in found)
    tier = max((it["at_least"], it["id"]) for it in policies.listed("vendor_tiers") if it["at_least"] <= score)[1]
    return said | {"vendor.risk_tier": tier, "vendor.announced_risk_tier": "",
                   "vendor.open_severities": [it["severity"] for it in found]}  # fmt: skip


def better(was: Terms, now: Terms) -> list[str]:
    """The answers that read better though nobody looked since base's `assessed_on`."""
    is_seen = now.get("assessed_on", "") > was.get("assessed_on", "")
    fields = () if is_seen else sorted(BETTER.keys() & now.keys())
    return [name for name in fields if BETTER[name](was.get(name), now[name])]

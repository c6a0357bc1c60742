"""Changes of vendors: which a system uses, what they are used for, and answers that read easier unassessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policy_gate.cards.text_normal import key_of
from policy_gate.facts.change_kinds import FactsPair
from policy_gate.schema.facts import Change

USED_FOR: Final = ("access_type", "data_sent", "product_name", "use_case", "vendor_name")
BETTER_WHEN_TRUE: Final = (
    "audit_rights", "bug_bounty_program", "eu_data_residency", "has_dpa", "has_fallback_provider",
    "iso27001_certified", "opt_out_of_training", "penetration_tested", "soc2_type2_certified",
)  # fmt: skip
BETTER_WHEN_HIGHER: Final = ("sla_uptime_percentage",)
BETTER_WHEN_LOWER: Final = ("data_retention_days",)


def vendor_changes(pair: FactsPair) -> Iterator[Change]:
    """Vendors added, dropped or used for something else; and fields that improved while `assessed_on` did not move.

    To drop one weakens: it could come back with better answers, which nobody could tell from a new one's.
    """
    was, now = by_id(pair.was.vendors), by_id(pair.now.vendors)
    for id_ in sorted({*was, *now}):
        if id_ not in now:
            yield pair.change("vendor-dropped", id_, id_, None, "vendors")
            continue
        if id_ not in was:
            yield pair.change("vendor-changed", id_, None, id_, "vendors")
            continue
        for name in USED_FOR:
            before, after = was[id_].get(f"vendor.{name}"), now[id_].get(f"vendor.{name}")
            if key_of(before or "") != key_of(after or ""):
                yield pair.change("vendor-changed", f"{id_}.{name}", before, after, "vendors")
        for name in improved_unassessed(was[id_], now[id_]):
            before, after = was[id_].get(f"vendor.{name}"), now[id_].get(f"vendor.{name}")
            yield pair.change("vendor-weakened", f"{id_}.{name}", before, after, "vendors")


def by_id(vendors: tuple[Mapping[str, Any], ...]) -> dict[str, Mapping[str, Any]]:
    """Vendor values by the vendor's id."""
    return {str(vendor["vendor.id"]): vendor for vendor in vendors}


def improved_unassessed(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The fields whose answer looks better than base's though no later assessment is dated."""
    if now.get("vendor.assessed_on", "") > was.get("vendor.assessed_on", ""):
        return []
    names = (*BETTER_WHEN_TRUE, *BETTER_WHEN_HIGHER, *BETTER_WHEN_LOWER)
    return sorted(name for name in names if _is_better(name, was.get(f"vendor.{name}"), now.get(f"vendor.{name}")))


def _is_better(name: str, before: Any, after: Any) -> bool:
    if after is None or before == after:
        return False
    if name in BETTER_WHEN_TRUE:
        return bool(after)
    if before is None:
        return True
    return bool(after > before) if name in BETTER_WHEN_HIGHER else bool(after < before)

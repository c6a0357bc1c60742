"""What a vendor is judged by over time: its terms as they are stated, and what it announced, each from a day on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from policy_gate.schema.vendor_document import AnnouncedTerm


class TermsFrom(Struct, frozen=True):
    """The `vendor.*` values that hold from a day on: what is stated, with all that is announced by then.

    `terms` are those that begin on the day, `told` says in words what they change and what the vendor then comes to.
    """

    day: date
    terms: tuple[AnnouncedTerm, ...]
    values: Mapping[str, Any]
    told: str


class VendorTerms(Struct, frozen=True):
    """The `vendor.*` values of one vendor as its entry states them, and those from each announced day on, by day."""

    stated: Mapping[str, Any]
    later: tuple[TermsFrom, ...] = ()

    @property
    def terms(self) -> tuple[AnnouncedTerm, ...]:
        """Everything that is announced, by day."""
        return tuple(term for item in self.later for term in item.terms)

    def on(self, day: date | None) -> Mapping[str, Any]:
        """The values that hold on a day; without one, those that the entry states."""
        held = [item for item in self.later if day is not None and item.day <= day]
        return held[-1].values if held else self.stated

    def ahead(self, day: date) -> tuple[TermsFrom, ...]:
        """What is announced for the days after this one."""
        return tuple(item for item in self.later if item.day > day)

    def days_of(self, field: str) -> set[date]:
        """The days from which a field has an announced value."""
        return {term.from_ for term in self.terms if term.field == field}

    def announced_by(self, field: str, day: date | None) -> date | None:
        """The day of the announcement of a field that holds on a day; None where what is stated holds."""
        return max((it for it in self.days_of(field) if day is not None and it <= day), default=None)


def terms_by_id(
    vendors: Iterable[Mapping[str, Any]], announced: Mapping[str, tuple[TermsFrom, ...]]
) -> dict[str, VendorTerms]:
    """The terms of each vendor, by its id."""
    ids = ((str(vendor["vendor.id"]), vendor) for vendor in vendors)
    return {id_: VendorTerms(vendor, announced.get(id_, ())) for id_, vendor in ids}


def later_by_id(vendors: Iterable[VendorTerms]) -> dict[str, tuple[TermsFrom, ...]]:
    """What is announced, by the id of its vendor; none of those that announced nothing."""
    return {str(it.stated["vendor.id"]): it.later for it in vendors if it.later}

"""The facts of a vendor from each day on for which it announced other terms; which day it is, nobody here knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.vendor_document import AnnouncedTerm
from policy_gate.schema.vendor_terms import TermsFrom, VendorTerms
from policy_gate.vendors.announced import said_of_terms
from policy_gate.vendors.assessment import assess, with_assessment


def assessed_terms(
    stated: Mapping[str, Any], announced: Sequence[AnnouncedTerm], personal: bool | None, policy: RuleSet
) -> VendorTerms:
    """What the policies make of a vendor as it is stated, and from each announced day on.

    Announcements of one field follow each other by their days; one that says what holds anyway changes nothing and is
    left out.
    """
    values = with_assessment(stated, personal, policy)
    first, later = values, []
    for day, items in groupby(sorted(announced, key=lambda it: it.from_), key=lambda it: it.from_):
        terms = tuple(it for it in items if values.get(f"vendor.{it.field}") != it.value)
        if terms:
            other = {**values, **{f"vendor.{it.field}": it.value for it in terms}}
            values = with_assessment(other, personal, policy)
            later.append(TermsFrom(day, terms, values, said_of_terms(terms, assess(values, policy))))
    return VendorTerms(first, tuple(later))

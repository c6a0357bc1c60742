"""Changes of vendors: which a system uses, what they are used for, and terms that read otherwise unassessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from msgspec.structs import replace

from policy_gate.cards.text_normal import key_of
from policy_gate.facts.change_kinds import FactsPair
from policy_gate.schema.documents import PERSONAL_DATA, VENDOR_TERMS
from policy_gate.schema.facts import Change, Facts
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.rule_targets import VENDOR_WORKED_OUT
from policy_gate.schema.vocabulary import VENDOR_TIERS

_NUMBER: Final = lazy_pattern(r"\d(?:[\d.,']*\d)?")
_SCALES: Final = {
    "k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "mio": 10**6, "million": 10**6, "bn": 10**9,
    "billion": 10**9,
}  # fmt: skip
_PERSONAL: Final = frozenset(PERSONAL_DATA)
_UNBOUND: Final = ("unlimited", "uncapped")


def vendor_changes(pair: FactsPair) -> Iterator[Change]:
    """Vendors added, dropped or used for something else; and answers that improved while `assessed_on` did not move.

    To drop one weakens: it could come back with better answers, which nobody could tell from a new one's.
    So does a sum that it answers for no more, assessed or not.
    """
    was, now = by_id(pair.was.vendors), by_id(pair.now.vendors)
    for id_ in sorted({*was, *now}):
        if id_ not in now:
            yield pair.change("vendor-dropped", id_, id_, None, "vendors")
        elif id_ not in was:
            yield pair.change("vendor-changed", id_, None, id_, "vendors")
            yield from _risk(pair, id_, None, now[id_])
        else:
            yield from _answers(pair, id_, was[id_], now[id_])
            yield from _risk(pair, id_, was[id_], now[id_])


def with_former_vendors(was: Sequence[Facts], now: Sequence[Facts]) -> tuple[Facts, ...]:
    """Base's systems; a vendor whose id is another company's in the result has that company's name beside it (D58).

    So the one company is dropped and the other added, each judged by its own terms.
    """
    later = {facts.id: by_id(facts.vendors) for facts in now}
    return tuple(_with_former(facts, later.get(facts.id, {})) for facts in was)


def _with_former(facts: Facts, later: Mapping[str, Mapping[str, Any]]) -> Facts:
    vendors = tuple(_former(vendor, later.get(str(vendor["vendor.id"]))) for vendor in facts.vendors)
    return facts if vendors == facts.vendors else replace(facts, vendors=vendors)


def _former(vendor: Mapping[str, Any], later: Mapping[str, Any] | None) -> Mapping[str, Any]:
    name = vendor["vendor.vendor_name"]
    if later is None or key_of(later["vendor.vendor_name"]) == key_of(name):
        return vendor
    return {**vendor, "vendor.id": f"{vendor['vendor.id']} ({name})"}


def _answers(pair: FactsPair, id_: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    """What one vendor's entry says otherwise than base's."""
    improved = improved_unassessed(was, now)
    for name in sorted(VENDOR_TERMS):
        before, after = was.get(f"vendor.{name}"), now.get(f"vendor.{name}")
        kind = "vendor-weakened" if name in improved else _kind_of(VENDOR_TERMS[name], before, after)
        if kind is not None:
            yield pair.change(kind, f"{id_}.{name}", before, after, "vendors")


def _risk(pair: FactsPair, id_: str, was: Mapping[str, Any] | None, now: Mapping[str, Any]) -> Iterator[Change]:
    """That a vendor is of a higher tier than before, or comes with one that is not the lowest.

    Of one that stays, only where its own entry says otherwise: other policies or facts are changes by themselves.
    """
    before, after = (was or {}).get("vendor.risk_tier"), now.get("vendor.risk_tier")
    if after is None or (was is not None and (before is None or _stated(was) == _stated(now))):
        return
    if VENDOR_TIERS.index(after) > VENDOR_TIERS.index(before or VENDOR_TIERS[0]):
        yield pair.change("vendor-risk-raised", id_, before, after, "vendors")


def _stated(vendor: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in vendor.items() if name not in VENDOR_WORKED_OUT}


def _kind_of(reads: str, before: Any, after: Any) -> str | None:
    """The kind of a change that needs no look at the assessment; None where the answer says the same."""
    if reads == "use":
        return "vendor-changed" if key_of(before or "") != key_of(after or "") else None
    if reads == "fewer":
        return "vendor-changed" if set(before or ()) != set(after or ()) else None
    if reads == "right" and before is True and after is not True:
        return "vendor-right-lost"
    if reads == "amount":
        more = exceeds(after, before)
        return "vendor-liability-lowered" if more is False else "vendor-changed" if more else None
    is_worse = before is not None and before != after and not _is_better(reads, before, after)
    return "vendor-changed" if is_worse else None


def by_id(vendors: tuple[Mapping[str, Any], ...]) -> dict[str, Mapping[str, Any]]:
    """Vendor values by the vendor's id."""
    return {str(vendor["vendor.id"]): vendor for vendor in vendors}


def improved_unassessed(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The fields whose answer looks better than base's though no later assessment is dated."""
    if now.get("vendor.assessed_on", "") > was.get("vendor.assessed_on", ""):
        return []
    return sorted(
        name
        for name, reads in VENDOR_TERMS.items()
        if _is_better(reads, was.get(f"vendor.{name}"), now.get(f"vendor.{name}"))
    )


def _is_better(reads: str, before: Any, after: Any) -> bool:
    if reads == "use" or after is None or before == after:
        return False
    if reads in ("true", "right"):
        return bool(after)
    if reads == "fewer":
        return not _PERSONAL & set(after) if before is None else not set(before) - {"none"} <= set(after)
    if reads == "amount":
        return exceeds(after, before) is True
    if before is None:
        return True
    return bool(after > before) if reads == "higher" else bool(after < before)


def exceeds(one: str | None, other: str | None) -> bool | None:
    """Whether one sum is more than the other; None where they are the same, and False where nobody can tell.

    A sum that is not stated is less than any that is.
    """
    if one is None or other is None:
        return one is not None if one != other else None
    if key_of(one) == key_of(other):
        return None
    mine, theirs = _amount(one), _amount(other)
    if mine is None or theirs is None:
        return False
    if mine[1] != theirs[1] and not mine[0].is_infinite():
        return False
    return None if mine == theirs else mine[0] > theirs[0]


def _amount(text: str) -> tuple[Decimal, str] | None:
    """The one number of a text, scaled, and the other words, such as the currency; None where it is no plain sum."""
    words = key_of(text)
    if words in _UNBOUND:
        return Decimal("Infinity"), ""
    found = _NUMBER.findall(words)
    if len(found) != 1:
        return None
    number = _number(found[0])
    before, _, after = words.partition(found[0])
    scale, _, rest = after.strip().partition(" ")
    if scale not in _SCALES:
        scale, rest = "", after
    others = " ".join((before + " " + rest).split())
    return None if number is None else (number * _SCALES.get(scale, 1), others)


def _number(text: str) -> Decimal | None:
    """`1,500,000`, `1'500` and `2.5`; None where a mark may part thousands or decimals, as in `1.500`."""
    plain = text.replace("'", "")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d{1,2})?", plain):
        plain = plain.replace(",", "")
    return Decimal(plain) if re.fullmatch(r"\d+(\.\d{1,2})?", plain) else None

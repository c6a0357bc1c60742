"""Changes of vendors: which a system uses, what they are used for, and terms that read otherwise, now or later."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from msgspec.structs import replace

from policy_gate.cards.text_normal import key_of
from policy_gate.facts.change_kinds import FactsPair
from policy_gate.schema.change import Change
from policy_gate.schema.facts import Facts
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.rule_targets import VENDOR_WORKED_OUT
from policy_gate.schema.vendor_document import NEARER, PERSONAL_DATA, VENDOR_TERMS
from policy_gate.schema.vendor_terms import VendorTerms, later_by_id, terms_by_id
from policy_gate.schema.vocabulary import VENDOR_TIERS, VendorTier

_NUMBER: Final = lazy_pattern(r"\d(?:[\d.,']*\d)?")
_SCALES: Final = {
    **dict.fromkeys(("k", "thousand", "tausend"), 10**3),
    **dict.fromkeys(("m", "mn", "mio", "mln", "million", "millions", "millionen"), 10**6),
    **dict.fromkeys(("bn", "mrd", "billion", "billions", "milliarden"), 10**9),
}
_CURRENCIES: Final = {"€": "eur", "euro": "eur", "euros": "eur", "£": "gbp", "us $": "usd", "us$": "usd"}
"""signs and words that are one currency; "$" alone is of many countries"""
_CURRENCY: Final = lazy_pattern(r"€|£|\bus ?\$|\beuros?\b")
_PARTED: Final = lazy_pattern(r"(?<![\d.,'])\d{1,3}(?:(?: \d{3})+|(?:\.\d{3}){2,}|(?:’\d{3})+)(?![\d.,'’])")
"""thousands that are parted by what is no decimal mark, or by more of them than there is of that"""
_PERSONAL: Final = frozenset(PERSONAL_DATA)
_UNBOUND: Final = ("unlimited", "uncapped")


def vendor_changes(pair: FactsPair) -> Iterator[Change]:
    """Vendors added, dropped or used for something else; and answers that improved while `assessed_on` did not move.

    To drop one weakens: it could come back with better answers, which nobody could tell from a new one's. So does a
    sum that it answers for no more, assessed or not. Both sides are held against each other as of today and as of each
    later day from which a term was announced: what is announced no more, or for later, reads better on some of them.
    """
    was, now = terms_of(pair.was), terms_of(pair.now)
    for id_ in sorted({*was, *now}):
        if id_ not in now:
            yield pair.change("vendor-dropped", id_, id_, None, "vendors")
        elif id_ not in was:
            yield pair.change("vendor-changed", id_, None, id_, "vendors")
            yield from _risk(pair, id_, None, now[id_])
        else:
            yield from _answers(pair, id_, was[id_], now[id_])
            yield from _risk(pair, id_, was[id_], now[id_])


def terms_of(facts: Facts) -> dict[str, VendorTerms]:
    """The terms of a system's vendors, by the vendor's id."""
    return terms_by_id(facts.vendors, facts.announced)


def with_former_vendors(was: Sequence[Facts], now: Sequence[Facts]) -> tuple[Facts, ...]:
    """Base's systems; a vendor whose id is another company's in the result has that company's name beside it (D58).

    So the one company is dropped and the other added, each judged by its own terms.
    """
    later = {facts.id: terms_of(facts) for facts in now}
    return tuple(_with_former(facts, later.get(facts.id, {})) for facts in was)


def _with_former(facts: Facts, later: Mapping[str, VendorTerms]) -> Facts:
    former = {id_: f"{id_} ({old['vendor.vendor_name']})" for id_, old in _others(facts, later)}
    if not former:
        return facts
    terms = [_renamed(it, former.get(id_, id_)) for id_, it in terms_of(facts).items()]
    return replace(facts, vendors=tuple(it.stated for it in terms), announced=later_by_id(terms))


def _others(facts: Facts, later: Mapping[str, VendorTerms]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The vendors of whom the result says under the same id that they are another company."""
    for vendor in facts.vendors:
        id_ = str(vendor["vendor.id"])
        if id_ in later and key_of(later[id_].stated["vendor.vendor_name"]) != key_of(vendor["vendor.vendor_name"]):
            yield id_, vendor


def _renamed(terms: VendorTerms, id_: str) -> VendorTerms:
    later = tuple(replace(it, values={**it.values, "vendor.id": id_}) for it in terms.later)
    return VendorTerms({**terms.stated, "vendor.id": id_}, later)


def _answers(pair: FactsPair, id_: str, was: VendorTerms, now: VendorTerms) -> Iterator[Change]:
    """What one vendor's entry says otherwise than base's, each kind of change of a field by the first day of it."""
    for name in sorted(VENDOR_TERMS):
        told = set[str]()
        for day in (pair.today, *_days_ahead(pair.today, was.days_of(name) | now.days_of(name))):
            before, after = (side.on(day).get(f"vendor.{name}") for side in (was, now))
            is_easier = is_improved(name, was, now, day)
            kind = "vendor-weakened" if is_easier else _kind_of(VENDOR_TERMS[name], before, after)
            if kind is not None and kind not in told:
                told.add(kind)
                yield pair.change(kind, f"{id_}.{name}", *_told_with_day(before, after, pair.today, day), "vendors")


def _days_ahead(today: date | None, days: set[date]) -> list[date]:
    return sorted(day for day in days if today is None or day > today)


def _told_with_day(before: Any, after: Any, today: date | None, day: date | None) -> tuple[Any, Any]:
    """Both values, with the day from which they differ where it lies ahead."""
    if day == today:
        return before, after
    return tuple(None if it is None else f"{it} from {day}" for it in (before, after))  # type: ignore[return-value]


def _risk(pair: FactsPair, id_: str, was: VendorTerms | None, now: VendorTerms) -> Iterator[Change]:
    """That a vendor is, or will be, of a higher tier than before, or comes with one that is not the lowest.

    Of one that stays, only where its own entry says otherwise: other policies or facts are changes by themselves.
    """
    rises = [rise for day in _days_of_both(pair.today, was, now) if (rise := _rise(was, now, day)) is not None]
    if rises:
        before, after = max(rises, key=lambda rise: VENDOR_TIERS.index(rise[1]))
        yield pair.change("vendor-risk-raised", id_, before, after, "vendors")


def _days_of_both(today: date | None, was: VendorTerms | None, now: VendorTerms) -> list[date | None]:
    days = {it.day for terms in (was, now) if terms is not None for it in terms.later}
    return [today, *_days_ahead(today, days)]


def _rise(was: VendorTerms | None, now: VendorTerms, day: date | None) -> tuple[VendorTier | None, VendorTier] | None:
    """The tiers of both sides on a day, where the later one is higher."""
    old, new = was.on(day) if was is not None else {}, now.on(day)
    before, after = old.get("vendor.risk_tier"), new.get("vendor.risk_tier")
    if after is None or (was is not None and (before is None or _stated(old) == _stated(new))):
        return None
    is_higher = VENDOR_TIERS.index(after) > VENDOR_TIERS.index(before or VENDOR_TIERS[0])
    return (before, after) if is_higher else None


def _stated(vendor: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in vendor.items() if name not in VENDOR_WORKED_OUT}


def _kind_of(reads: str, before: Any, after: Any) -> str | None:
    """The kind of a change that needs no look at the assessment; None where the answer says the same."""
    if reads in ("use", "nearer"):
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


def is_improved(name: str, was: VendorTerms, now: VendorTerms, day: date | None) -> bool:
    """Whether a field reads better on a day than it may: than in base, and than what was looked at since."""
    after = now.on(day).get(f"vendor.{name}")
    held = (was.on(day).get(f"vendor.{name}"), held_against(name, was, now, day))
    return all(_is_better(VENDOR_TERMS[name], before, after) for before in held)


def held_against(name: str, was: VendorTerms, now: VendorTerms, day: date | None) -> Any:
    """What a field may at best say on a day: base's value, or what the entry itself says since a later assessment.

    An assessment has seen what was announced for its own day or an earlier one; nobody can look at a later one.
    """
    assessed = now.stated.get("vendor.assessed_on", "")
    announced = was.announced_by(name, day)
    has_seen = assessed > was.stated.get("vendor.assessed_on", "")
    has_seen = has_seen and (announced is None or announced.isoformat() <= assessed)
    return (now.stated if has_seen else was.on(day)).get(f"vendor.{name}")


def _is_better(reads: str, before: Any, after: Any) -> bool:
    if reads == "use" or after is None or before == after:
        return False
    if reads in ("true", "right"):
        return bool(after)
    if reads == "nearer":
        return after in NEARER and (before not in NEARER or NEARER.index(after) > NEARER.index(before))
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
    words = _CURRENCY.sub(lambda found: f" {_CURRENCIES[found[0]]} ", key_of(text))
    words = _PARTED.sub(lambda found: "".join(filter(str.isdigit, found[0])), words)
    if words.strip() in _UNBOUND:
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

"""What a card says more than once: which of two numbers counts, and what is said where two places differ.

Nobody has the better of two numbers by writing both down: the one that is less good beside its limit counts, and the
card is told to say one thing. Of purpose and limits all places count: no reader knows which of them a rule reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from policy_gate.cards.quantities import RATIO, NumberReading, on_one_scale
from policy_gate.cards.text_normal import key_of
from policy_gate.schema.card_fields import CARD_FIELD_KINDS
from policy_gate.schema.facts import CardField, Metric
from policy_gate.schema.patterns import lazy_pattern

OF_ONE_VALUE: Final = (
    "version", "release_date", "license", "base_model", "weights_digest", "training_data_cutoff", "risk_tier",
    "approval_date",
)  # fmt: skip
"""fields that have one value, whatever number of places gives it"""
USES: Final = ("primary_intended_uses", "primary_intended_users", "required_oversight_level")
LIMITS: Final = ("identified_biases", "known_limitations", "out_of_scope_uses", "prohibited_uses")
_NOBODY: Final = frozenset({"none", "no", "no oversight", "not required", "not needed"})
_SAME: Final = 1e-9
_MOST_TOLD: Final = 3
_NO_LICENSE: Final = frozenset({"other", "unknown"})
"""what the Hub takes for a licence that it has no id for"""
_DAY: Final = lazy_pattern(r"\d{4}-\d\d-\d\d")
_PARTS: Final = lazy_pattern(r"[^\W\d_]+|\d+")
_RANKS: Final = {"missed": 0, "inconclusive": 1, "unknown": 2, "met": 3}


def worst_of(stated: Sequence[Metric]) -> Metric:
    """The one that counts of several readings of a number, with what the others say.

    A limit that cannot be read goes before one that can. A value that cannot be read says nothing beside one that can.
    """
    if len(stated) == 1:
        return stated[0]
    readable = [it for it in stated if it.value is not None or it.has_unread_limit] or list(stated)
    worst = readable[0]
    for it in readable[1:]:
        if _is_worse(it, worst):
            worst = it
    said = [_said(it) for it in readable if not _is_the_same(it, worst)]
    if not said:
        return worst
    told = list(dict.fromkeys(said))
    others = " and ".join((*told[:_MOST_TOLD], *(["more"] if len(told) > _MOST_TOLD else [])))
    return replace(worst, also=f"The card also says {others}; of what it says twice the less good counts.")


def differing(name: str, one: CardField, other: CardField) -> str:
    """What to say where two places of a card give a field of one value differently; empty where they agree.

    One may say more than the other ("apache-2.0" and "Apache License 2.0"). Of days only those written out are held
    against each other.
    """
    if name not in OF_ONE_VALUE or one.state != "present" or other.state != "present":
        return ""
    texts = [" ".join(it.words.split()) for it in (one, other)]
    words = [set(_PARTS.findall(text.casefold())) for text in texts]
    if not all(words) or words[0] <= words[1] or words[1] <= words[0]:
        return ""
    if CARD_FIELD_KINDS[name] == "day" and not all(_DAY.fullmatch(text) for text in texts):
        return ""
    if name == "license" and any(it <= _NO_LICENSE for it in words):
        return ""
    places = [f"at line {it.line}" if it.line else "elsewhere" for it in (one, other)]
    return f"{name.replace('_', ' ')}: {texts[0][:60]!r} {places[0]}, and {texts[1][:60]!r} {places[1]}"


def with_all_places(fields: Mapping[str, CardField], stated: Iterable[tuple[str, CardField]]) -> dict[str, CardField]:
    """The fields; of purpose and limits with what other places say of them and the one that is read does not."""
    more: dict[str, dict[str, str]] = {}
    for name, other in stated:
        if name not in (*USES, *LIMITS) or fields[name].state != "present" or not _states(name, other):
            continue
        own = {key_of(item) for item in (*fields[name].items, fields[name].words)}
        if key_of(other.words) not in own:
            said = other.items or (other.words,)
            more.setdefault(name, {}).update({key_of(it): it for it in said if key_of(it) not in own})
    return {**fields, **{name: replace(fields[name], also=tuple(items.values())) for name, items in more.items()}}


def _states(name: str, field: CardField) -> bool:
    """Whether a place says something: that nobody has to look is said by a word that elsewhere leaves a field open."""
    return field.state == "present" or (name == "required_oversight_level" and key_of(field.words) in _NOBODY)


def told_beside(fields: Mapping[str, CardField]) -> Iterable[str]:
    """What to say of purpose and limits that places of a card give differently."""
    for name in (*USES, *LIMITS):
        for item in fields[name].also[:_MOST_TOLD]:
            where = f"beside line {fields[name].line}" if fields[name].line else "in another place"
            yield f"{name.replace('_', ' ')}: also {item[:60]!r} {where}"


def _is_worse(one: Metric, other: Metric) -> bool:
    if one.has_unread_limit != other.has_unread_limit:
        return one.has_unread_limit
    if one.value is None or other.value is None:
        return False
    if (rank := _RANKS[one.verdict]) != (known := _RANKS[other.verdict]):
        return rank < known
    if one.threshold is not None and other.threshold is not None and _differs(one, one.threshold, other.threshold):
        pair = _pair(one, one.threshold, other, other.threshold)
        return pair is not None and _is_less(pair[1], pair[0], one.higher_is_better)
    pair = _pair(one, one.value, other, other.value)
    return pair is not None and _is_less(*pair, one.higher_is_better)


def _pair(one: Metric, value: float, other: Metric, seen: float) -> tuple[float, float] | None:
    pair = on_one_scale(one.name, NumberReading(value, one.unit), NumberReading(seen, other.unit))
    return None if pair is None else (pair[0].value, pair[1].value)


def _is_less(one: float, other: float, higher_is_better: bool) -> bool:
    return one < other if higher_is_better else one > other


def _differs(metric: Metric, one: float, other: float) -> bool:
    return abs(one - other) > _SAME * max(abs(other), 1.0)


def _is_the_same(one: Metric, other: Metric) -> bool:
    """Whether two readings say one thing, each perhaps rounded as it is written."""
    if one.value is None or other.value is None or (one.threshold is None) != (other.threshold is None):
        return one == other
    pair = _pair(one, one.value, other, other.value)
    if pair is None or abs(pair[0] - pair[1]) > one.step + other.step + _SAME * max(abs(pair[1]), 1.0):
        return False
    if one.threshold is None or other.threshold is None:
        return True
    limits = _pair(one, one.threshold, other, other.threshold)
    return limits is not None and abs(limits[0] - limits[1]) <= _SAME * max(abs(limits[1]), 1.0)


def _said(metric: Metric) -> str:
    wanted = "" if metric.threshold is None else f", wanted {_number(metric, metric.threshold)},"
    value = "a limit that cannot be read" if metric.value is None else _number(metric, metric.value)
    return f"{value}{wanted} at line {metric.line}" if metric.line else f"{value}{wanted} in its front matter or keys"


def _number(metric: Metric, value: float) -> str:
    return f"{value * 100:.4g}%" if metric.unit == RATIO else f"{value:.6g} {metric.unit}".strip()

"""Changes of the dates that debt and reviews count from: enrolled, reclassified, stage_since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from policy_gate.facts.change_kinds import FactsPair
from policy_gate.schema.change import Change
from policy_gate.schema.vocabulary import stage_rank

RAISED: Final = ("tier", "law_class")
"""Fields whose raising sets `reclassified` anew: a fact alone, such as a trivial one, buys no new period."""


def clock_changes(pair: FactsPair, *, raises: bool) -> Iterator[Change]:
    """Dates that moved without right; `raises` says whether this change raises tier or law class (D52)."""
    was, now = pair.was.declared.entry, pair.now.declared.entry
    if was.enrolled != now.enrolled:
        yield _moved(pair, "enrolled", was.enrolled, now.enrolled)
    if was.reclassified != now.reclassified and not (raises and now.reclassified is not None):
        yield _moved(pair, "reclassified", was.reclassified, now.reclassified)
    if _postpones(pair):
        yield _moved(pair, "stage_since", was.stage_since, now.stage_since)


def _moved(pair: FactsPair, field: str, before: date | None, after: date | None) -> Change:
    return pair.change(f"{field.replace('_', '-')}-moved", field, _text(before), _text(after), field)


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _postpones(pair: FactsPair) -> bool:
    """Whether reviews would count from a later day, or from none, than base's entry says (D06).

    What runs without any date has its reviews due at once, and the first date puts them off.
    """
    was, now = pair.was.declared.entry, pair.now.declared.entry
    if was.stage_since == now.stage_since or stage_rank(pair.now.stage) > stage_rank(pair.was.stage):
        return False
    before, after = was.stage_since or was.enrolled, now.stage_since or now.enrolled
    if before is None:
        return pair.was.stage == pair.now.stage == "production"
    return after is None or after > before

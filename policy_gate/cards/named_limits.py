"""Limits that a card of data gives under names of their own, such as `min_accuracy` or `accuracy_threshold`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from msgspec.structs import replace

from policy_gate.cards.numbers_in_data import limit_by_name
from policy_gate.cards.quantities import begins_like_number
from policy_gate.cards.stated_number import StatedNumber, spelled

_TESTED: Final = ("test ", "results ", "metrics ", "overall ")
"""how the name of a result begins that stands in a map of results, where its limit is named without it"""


def limits_by_names(
    stated: list[StatedNumber], limits: list[StatedNumber]
) -> tuple[list[StatedNumber], list[StatedNumber]]:
    """Results and limits, where a name such as `min_accuracy` is a limit of a result that stands there, too.

    A limit of what nothing is called holds for what was tested: "accuracy" for the accuracy below `test`.
    """
    known = {_key_of(it) for it in stated}
    results: list[StatedNumber] = []
    wanted: list[StatedNumber] = []
    for kept, several in ((results, stated), (wanted, limits)):
        for it in several:
            named = limit_by_name(it.name)
            is_own = kept is wanted and _key_of(it) in known
            if named is None or is_own or not _is_known(it, named[0], known):
                kept.append(it)
            elif kept is wanted or not named[1]:
                raw = f"{named[1]} {getattr(it.raw, 'text', it.raw)}" if _is_plain(it.raw) and named[1] else it.raw
                wanted.append(replace(it, name=named[0], raw=raw))
            else:
                kept.append(it)
    missing = {_key_of(it) for it in wanted} - known
    tested = ((it, key) for it in results for key in _tested_as(it) if key in missing)
    return [*results, *(replace(it, name=name.strip()) for it, (_, name) in tested)], wanted


def _tested_as(it: StatedNumber) -> Iterator[tuple[str, str]]:
    group, name = _key_of(it)
    yield from ((group, name.removeprefix(kind)) for kind in _TESTED if name.startswith(kind))


def _is_known(it: StatedNumber, name: str, known: set[tuple[str, str]]) -> bool:
    return any((spelled(it.group), spelled(f"{kind}{name}")) in known for kind in ("", *_TESTED))


def _key_of(it: StatedNumber) -> tuple[str, str]:
    return spelled(it.group), spelled(it.name)


def _is_plain(raw: Any) -> bool:
    return isinstance(raw, int | float) or (isinstance(raw, str) and begins_like_number(raw))

"""Whether two results of a test are of one run: told by its cases, how long they took and when they ran (D52)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

_ENOUGH_DIGITS: Final = 4
"""of durations that are not zero, each counted once: as many do not come out alike in two runs by chance"""


class CaseOfRun(NamedTuple):
    """One test case of a run, in a normal form: blanks, zones, trailing zeros and order tell no runs apart."""

    name: str
    outcome: str
    duration: str
    """in the report's own unit; empty where none is stated, or zero"""
    moment: str
    """the case's own, else that of the nearest suite that states one; empty where none is readable"""
    ids: str = ""
    """words by which the tool that wrote it calls the run, or what ran; no other run has them"""


def normal_duration(text: str) -> str:
    """A duration without what does not tell it from another of the same length; empty for none and for zero."""
    plain = text.strip().removesuffix("s").strip()
    plain = plain.replace(",", "") if "." in plain else plain.replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return ""
    return str(number.normalize()) if number.is_finite() and number else ""


def is_one_run(before: Iterable[CaseOfRun], now: Iterable[CaseOfRun]) -> bool:
    """Whether `now` is the run `before`, in another dress or in part; also where nothing in it says that it is not.

    A run anew has other durations or later times. Where durations say too little to tell, the times decide, and a
    result that states none at all is told from another by its cases and outcomes alone.
    """
    earlier, later = tuple(before), tuple(now)
    if not _ids(earlier).isdisjoint(_ids(later)):
        return True
    times = {it.moment for it in later if it.moment}
    if _digits(it.duration for it in later) >= _ENOUGH_DIGITS and _durations(earlier) == _durations(later):
        return True
    old, new = _by_name(earlier), _by_name(later)
    shared = [name for name in new if name in old]
    if not shared:
        # Two runs do not begin in the same second, whatever their tests are called.
        return any(map(_has_clock, times)) and times <= {it.moment for it in earlier}
    if not all(_took_as_long(old[name], new[name]) for name in shared):
        return False
    told = (it.duration for name in shared for it in new[name] if any(was.duration for was in old[name]))
    if _digits(told) >= _ENOUGH_DIGITS or not times.isdisjoint(it.moment for it in earlier):
        return True
    return not times and not any(_ended_better(old[name], new[name]) for name in shared)


def is_one_run_of_other_name(before: Iterable[CaseOfRun], now: Iterable[CaseOfRun]) -> bool:
    """Whether `now` is surely the run `before`, which stands as that of another system or test.

    One job runs the tests of many in the same second, and what says nothing of itself is nobody's.
    """
    earlier, later = tuple(before), tuple(now)
    if marks_of_run(earlier).isdisjoint(marks_of_run(later)):
        return False
    is_alike = _digits(it.duration for it in later) >= _ENOUGH_DIGITS and _durations(earlier) == _durations(later)
    names = _by_name(earlier)
    return is_alike or (not names.keys().isdisjoint(_by_name(later)) and is_one_run(earlier, later))


def marks_of_run(cases: Iterable[CaseOfRun]) -> set[str]:
    """What hardly another run has, too: its tool's words for it, seconds in which tests began, exact durations."""
    found = set[str]()
    for it in cases:
        found.update(it.ids.split())
        if _has_clock(it.moment):
            found.add(it.moment)
        if _digits([it.duration]) >= _ENOUGH_DIGITS - 1:
            found.add(it.duration)
    return found


def _ids(cases: Iterable[CaseOfRun]) -> set[str]:
    return {word for it in cases for word in it.ids.split()}


def _has_clock(moment: str) -> bool:
    return " " in moment


def _by_name(cases: Iterable[CaseOfRun]) -> Mapping[str, list[CaseOfRun]]:
    found: dict[str, list[CaseOfRun]] = {}
    for case in cases:
        found.setdefault(" ".join(case.name.casefold().split()), []).append(case)
    return found


def _durations(cases: Iterable[CaseOfRun]) -> list[str]:
    return sorted(case.duration for case in cases if case.duration)


def _digits(durations: Iterable[str]) -> int:
    return sum(len(Decimal(text).as_tuple().digits) for text in set(durations) if text)


def _took_as_long(old: list[CaseOfRun], new: list[CaseOfRun]) -> bool:
    """Whether no duration of one name is another; one that is not stated is no other."""
    before, after = _durations(old), _durations(new)
    return not before or not after or before == after


def _ended_better(old: list[CaseOfRun], new: list[CaseOfRun]) -> bool:
    """Whether a case passes that did not: what was left out since is no news of what ran."""
    return any(it.outcome == "passed" for it in new) and not any(it.outcome == "passed" for it in old)

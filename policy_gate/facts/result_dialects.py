"""How tools write a result: the words for an outcome and the forms of a time, in whatever attribute they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final, Literal

from msgspec import Struct

from policy_gate.schema.patterns import lazy_pattern

CaseOutcome = Literal["passed", "skipped", "unknown", "failed", "error"]

_STATED: Final = ("status", "result", "outcome")
"""attributes that say how a test ended and nothing else: a word in them that nobody knows is no pass"""
_HINTED: Final = ("state", "verdict", "label", "runstate")
"""attributes that may speak of something else: only a word for a failure or a skip counts"""
_YES_IS_GOOD: Final = ("success", "successful", "succeeded", "passed", "pass")
_YES_IS_BAD: Final = ("failed", "failure", "failures", "error", "errors")
_YES_IS_SKIPPED: Final = ("skipped", "skip", "ignored", "disabled", "pending", "notrun")
_YES_IS_RUN: Final = ("executed", "ran", "run")
_OF_SUITE: Final = (*_STATED, *_HINTED, "success")
_OF_CASE: Final = (*_STATED, *_HINTED, *_YES_IS_GOOD, *_YES_IS_BAD, *_YES_IS_SKIPPED, *_YES_IS_RUN)
_YES: Final = frozenset({"true", "yes", "y"})
_NO: Final = frozenset({"false", "no", "n", "0"})

_PASSED_WORDS: Final = """
    passed pass success successful succeeded ok okay run ran completed complete finished done executed true
    flaky expected fixed bpass
    """
_SKIPPED_WORDS: Final = """
    skipped skip skipping ignored ignore pending notrun notexecuted notstarted unexecuted untested undefined
    disabled inconclusive blocked suppressed filtered deferred todo incomplete excluded explicit warning xfail
    xfailed expectedfailure knownfailure bxfail queued running inprogress
    """
_FAILED_WORDS: Final = """
    failed fail failing failure failures unsuccessful false ko nok notok bad broken unexpected xpass xpassed
    unexpectedsuccess bfail bxpass rejected invalid notrunnable
    """
_ERROR_WORDS: Final = """
    error errored errors hookerror cleanuperror crashed crash fatal panicked panic aborted abort cancelled
    canceled interrupted killed timedout timeout
    """
_PASSED, _SKIPPED, _FAILED, _ERROR = (
    frozenset(words.split()) for words in (_PASSED_WORDS, _SKIPPED_WORDS, _FAILED_WORDS, _ERROR_WORDS)
)
_RANK: Final[tuple[CaseOutcome, ...]] = ("passed", "skipped", "unknown", "failed", "error")
_ELEMENTS: Final[Mapping[str, CaseOutcome]] = {
    "failure": "failed",
    "failed": "failed",
    "rerunfailure": "failed",
    "error": "error",
    "rerunerror": "error",
    **dict.fromkeys(("skipped", "skip", "ignored", "disabled", "pending", "notrun", "incomplete"), "skipped"),
}


class StatedOutcome(Struct, frozen=True):
    """What attributes say of how a test ended, and the attribute that says so, as written."""

    outcome: CaseOutcome = "passed"
    said: str = ""


def worse(one: CaseOutcome, other: CaseOutcome) -> CaseOutcome:
    """The worse of two outcomes; `one` where they are as bad, as a failure and an error are."""
    bad = ("failed", "error")
    return one if one in bad or _RANK.index(one) >= _RANK.index(other) else other


def outcome_of_element(tag: str) -> CaseOutcome | None:
    """The outcome that an element inside a test or suite stands for; a test that passed when run again has none."""
    return _ELEMENTS.get(tag)


def outcome_of_attributes(attributes: Mapping[str, str], *, of_suite: bool = False) -> StatedOutcome:
    """The worst that the attributes say (names folded); `of_suite` leaves out what are counts or flags there."""
    found = StatedOutcome()
    for name in _OF_SUITE if of_suite else _OF_CASE:
        value = attributes[name].strip() if name in attributes else ""
        outcome = _of_attribute(name, value) if value else "passed"
        if worse(found.outcome, outcome) != found.outcome:
            found = StatedOutcome(outcome, f'{name}="{value[:40]}"')
    return found


def _of_attribute(name: str, value: str) -> CaseOutcome:
    word = re.sub(r"[\s_-]+", "", value.casefold())
    if name in _STATED:
        return _of_word(word) or "unknown"
    if name in _HINTED:
        return _bad_word(word) or "passed"
    if name in _YES_IS_GOOD:
        return (
            "failed" if word in _NO else "passed" if word in _YES or word.isdecimal() else _of_word(word) or "unknown"
        )
    if name in _YES_IS_BAD:
        return "failed" if _is_yes(word) else "passed"
    if name in _YES_IS_SKIPPED:
        return "skipped" if _is_yes(word) else "passed"
    return "skipped" if word in _NO else "passed"  # of _YES_IS_RUN


def _is_yes(word: str) -> bool:
    return word in _YES or (word.isdecimal() and int(word) > 0)


def _of_word(word: str) -> CaseOutcome | None:
    return "passed" if word in _PASSED else _bad_word(word)


def _bad_word(word: str) -> CaseOutcome | None:
    """A word for a failure or a skip, also where more follows it, as in `Failed:Error`."""
    head = re.split(r"[:;,(/.]", word, maxsplit=1)[0]
    for known in (word, head):
        if known in _ERROR:
            return "error"
        if known in _FAILED:
            return "failed"
        if known in _SKIPPED:
            return "skipped"
    return None


_NO_DATE_BEFORE: Final = date(2000, 1, 1)
"""a day before this is what a clock or a field says that nobody has set: 1970, the year 1, 1601"""
_YEAR_FIRST: Final = lazy_pattern(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?=$|[T\s])")
_BASIC: Final = lazy_pattern(r"(\d{4})(\d{2})(\d{2})(?:[T ]?\d{4}(?:\d{2})?(?:[.,]\d+)?(?:Z|[+-]\d{2}:?(?:\d{2})?)?)?")
_EPOCH: Final = lazy_pattern(r"-?(\d{1,19})(?:\.\d+)?")
_EPOCH_UNITS: Final = ((11, 1), (14, 1_000), (17, 1_000_000), (20, 1_000_000_000))
"""below this many digits, that many ticks are a second"""
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = rf"({'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_DAY_FIRST: Final = lazy_pattern(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?[ -]{_MONTH}[ ,-]+(\d{{4}})\b", re.IGNORECASE)
_MONTH_FIRST: Final = lazy_pattern(
    rf"\b{_MONTH} +(\d{{1,2}})(?:st|nd|rd|th)?\b,?(?: [^a-z]{{0,30}}?| .{{0,40}}? )((?<![+:.-])\d{{4}})\b(?!:)",
    re.IGNORECASE,
)


def read_timestamp(text: str) -> date | None:
    """The day of a timestamp as tools write it, as it stands there (of an epoch time: in UTC), or None.

    ISO 8601 with or without its signs, RFC 1123 and 850, what C, Java and JavaScript print, and the epoch in
    seconds to nanoseconds. A day that nobody has set, such as 1970-01-01, is none, nor is 11/20/2026: it could
    be read in two ways.
    """
    plain = " ".join(text.split())[:80]
    try:
        day = _written_day(plain)
    except (ValueError, OverflowError, OSError):
        return None
    return day if day is not None and day >= _NO_DATE_BEFORE else None


def _written_day(text: str) -> date | None:
    if found := _YEAR_FIRST.match(text):
        return date(int(found[1]), int(found[3]), int(found[4]))
    if found := _BASIC.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _EPOCH.fullmatch(text):
        unit = next(ticks for digits, ticks in _EPOCH_UNITS if len(found[1]) < digits)
        return datetime.fromtimestamp(int(found[1]) / unit, UTC).date()
    if found := _DAY_FIRST.search(text):
        return date(int(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1]))
    if found := _MONTH_FIRST.search(text):
        return date(int(found[3]), _MONTHS.index(found[1].lower()) + 1, int(found[2]))
    return None

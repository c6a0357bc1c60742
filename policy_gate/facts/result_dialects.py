"""How tools write a result: the words for an outcome and the forms of a time, in whatever attribute they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final, Literal

from msgspec import Struct

from policy_gate.schema.patterns import lazy_pattern

CaseOutcome = Literal["passed", "skipped", "unknown", "failed", "error"]

_STATED: Final = ("status", "result", "outcome", "verdict", "conclusion")
"""attributes that say how a test ended and nothing else: a word in them that nobody knows is no pass"""
_HINTED: Final = ("state", "label", "runstate")
"""attributes that may speak of something else: only a word for a failure or a skip counts"""
_YES_IS_GOOD: Final = ("success", "successful", "succeeded", "passed", "pass", "ok")
_YES_IS_BAD: Final = ("failed", "failure", "failures", "error", "errors")
_YES_IS_SKIPPED: Final = ("skipped", "skip", "ignored", "disabled", "pending", "notrun")
_YES_IS_RUN: Final = ("executed", "ran", "run", "enabled")
_OF_SUITE: Final = (*_STATED, *_HINTED, "success")
_OF_CASE: Final = (*_STATED, *_HINTED, *_YES_IS_GOOD, *_YES_IS_BAD, *_YES_IS_SKIPPED, *_YES_IS_RUN)
_OF_RUN: Final = (*_STATED, *_YES_IS_GOOD, *_YES_IS_BAD)
_OF_EITHER: Final = """
    name id uuid guid classname class package namespace module type kind file filename path filepath source url line
    lineno column time timestamp date duration elapsed hostname host machine device platform os browser tool framework
    version seed random-seed random_seed randomseed owner author tags tag group groups category description title
    fullname full-name displayname display-name project feature suite fixture asserts assertions log thread worker shard
    order index schemalocation nonamespaceschemalocation lang space base
    """
_HARMLESS_OF_CASE: Final = frozenset(
    f"""
    {_OF_EITHER} method methodname function value_param type_param parameters params retries retry attempts attempt
    time-retries reruns iteration repetition stage priority severity requirement requirements issue
    site testcase
    """.split()
)
"""attributes of a test that say what it is, where it ran and for how long, and never how it ended"""
_HARMLESS_OF_SUITE: Final = frozenset(
    f"""
    {_OF_EITHER} tests total count testcasecount test-case-count passed passes pass successes succeeded successful
    executed ran run flakes flaky retries reruns suites testsuites level port pid exclude runstate config environment
    """.split()
)
"""attributes of a suite that say what it is, or that are read as counts of what it holds"""
COUNTED_AS_FAILED: Final = ("failures", "failed", "failure")
COUNTED_AS_ERRORS: Final = ("errors", "error")
COUNTED_AS_PASSED: Final = ("passed", "passes", "pass", "successes", "succeeded", "successful", "executed", "ran")
"""at least as many as passed: what ran is counted, too"""
COUNTED_AS_SKIPPED: Final = ("skipped", "skips", "ignored", "pending", "notrun", "not-run", "inconclusive", "blocked")
_COUNTS: Final = (*COUNTED_AS_FAILED, *COUNTED_AS_ERRORS, *COUNTED_AS_SKIPPED, "disabled")
"""attributes of a suite that are read as numbers; anything else in them is as strange as an unknown one"""
_NAMES_SOMETHING: Final = lazy_pattern(r"(?:id|name|url|file|path|time|date|version)$")
_SPEAKS_OF_TROUBLE: Final = lazy_pattern(
    r"fail|\berr|error|abort|crash|tim(?:ed)?[-_]?out|broken|unexpected|interrupt|cancel|\bkill|panic|invalid|missing"
    r"|incomplete|not[-_]?run|inconclusive|blocked|reject|exception|fatal|unsuccess|\bbad\b|problem|exit|return"
)
_PRINTED: Final = "system-out system-err systemout systemerr stdout stderr output out err log logs"
FREE_TEXT: Final = frozenset(_PRINTED.split())
"""elements that hold what a test printed: what stands in them is no more than that"""
SET_ASIDE: Final = frozenset({"flakyfailure", "flakyerror"})
"""an earlier failure of a test that passed when it was run again, with whatever tells of it"""
SAYS_IT_PASSED: Final = ("passed", "success")
"""elements that stand in a test that passed, unless what stands in them says no"""
_DESCRIBING: Final = """
    testcase testsuite testsuites properties property attachments attachment traits trait categories category tags tag
    description metadata parameters parameter links link owner passed success
    """
_HARMLESS_ELEMENTS: Final = FREE_TEXT | SET_ASIDE | frozenset(_DESCRIBING.split())
"""what stands in a test that passed, or in its suite, in what tools write"""
_EARLIER: Final = ("previous", "baseline", "before", "last", "history", "earlier", "prior")
"""how members begin that tell of another run than this one"""
_LONGEST_WORD: Final = 24
"""a longer text is one that people or models wrote, and no outcome"""
_YES: Final = frozenset({"true", "yes", "y"})
_NO: Final = frozenset({"false", "no", "n", "0"})
_NOTHING: Final = frozenset({"", "-", "none", "null", "nil", "na", "n/a"})

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
_OUTCOME_PROPERTY: Final = lazy_pattern(
    r"(?:(?:(?:unit|pytest|junit|gtest|xray)?test(?:case|run|suite)?|case|final|overall)\.?)?"
    r"(?:status|result|outcome|verdict|conclusion)"
)
_PROPERTY_WORDS: Final[Mapping[str, CaseOutcome]] = {
    **dict.fromkeys(("failed", "fail", "failure", "failures"), "failed"),
    **dict.fromkeys(("error", "errored", "crashed", "aborted", "timedout"), "error"),
    **dict.fromkeys(("notrun", "notexecuted", "notstarted", "skipped"), "skipped"),
}
_FLAGS: Final[Mapping[str, tuple[CaseOutcome, frozenset[str]]]] = {
    **dict.fromkeys(("passed", "success", "successful", "succeeded"), ("failed", _NO - {"0"})),
    **dict.fromkeys(("failed", "failure"), ("failed", _YES)),
    **dict.fromkeys(("skipped", "disabled", "notrun"), ("skipped", _YES)),
}
"""properties that are a yes or a no, with what they say and the answer by which they say it"""
_ASSERTED: Final = ("assertions", "asserts")
NOTHING_ASSERTED: Final = "it counts no assertion"
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
    return one if one == "failed" else max(one, other, key=_RANK.index)


def outcome_of_element(tag: str) -> CaseOutcome | None:
    """The outcome that an element inside a test or suite stands for; a test that passed when run again has none."""
    return _ELEMENTS.get(tag)


def is_harmless_element(tag: str) -> bool:
    """Whether what stands in a test or a suite is known to say nothing against it; what nobody knows may (T59)."""
    return tag in _HARMLESS_ELEMENTS


def outcome_of_attributes(attributes: Mapping[str, str], *, of_suite: bool = False) -> StatedOutcome:
    """The worst that the attributes say (names folded); `of_suite` leaves out what are counts or flags there."""
    found = StatedOutcome()
    known = _OF_SUITE if of_suite else _OF_CASE
    for name in () if attributes.keys().isdisjoint(known) else known:
        value = attributes[name].strip() if name in attributes else ""
        outcome = _of_attribute(name, value) if value else "passed"
        if worse(found.outcome, outcome) != found.outcome:
            found = StatedOutcome(outcome, f'{name}="{value[:40]}"')
    if found.outcome != "passed":
        return found
    strange = next((it for it in attributes.items() if _is_strange(*it, of_suite=of_suite)), None)
    if strange is None and not of_suite and _asserts_nothing(attributes):
        return StatedOutcome("skipped", NOTHING_ASSERTED)
    return StatedOutcome("unknown", f'{strange[0]}="{strange[1].strip()[:40]}"') if strange else found


def _asserts_nothing(attributes: Mapping[str, str]) -> bool:
    """Whether a test counts no assertion and no word says that it passed, as tools write it that do not count them."""
    counted = [attributes[name].strip() for name in _ASSERTED if name in attributes]
    return counted == ["0"] and not any(attributes.get(name, "").strip() for name in _STATED)


def outcome_of_members(members: Mapping[str, object]) -> StatedOutcome:
    """The worst that members of a JSON object say, of which its format knows none (names as written).

    Tools add members with each version, so that one nobody knows is harmless, unless its name speaks of trouble or its
    value is a word for a failure or a skip.
    """
    plain = {name.casefold(): _as_written(value) for name, value in members.items()}
    found = StatedOutcome()
    for name, value in plain.items():
        outcome: CaseOutcome = "passed"
        if name in _OF_CASE:
            outcome = _of_attribute(name, value) if value else "passed"
        elif _SPEAKS_OF_TROUBLE.search(name) and not _is_nothing(_folded(value)):
            outcome = "unknown"
        elif name not in _HARMLESS_OF_CASE:
            outcome = _bad_word(_folded(value)) or "passed" if len(value) <= _LONGEST_WORD else "passed"
        if worse(found.outcome, outcome) != found.outcome:
            found = StatedOutcome(outcome, f'{name}="{value[:40]}"')
    return found


def outcome_of_run(members: Mapping[str, object], *, sampled: bool) -> StatedOutcome:
    """The worst that a JSON report says of its run as a whole, numbers aside, in members that can say nothing else.

    Where its cases are a sample, of which a share may be wrong, only errors speak of the run.
    """
    found = StatedOutcome()
    for name, value in ((name.casefold(), value) for name, value in members.items()):
        is_list = isinstance(value, list)
        if name not in (COUNTED_AS_ERRORS if sampled else _OF_RUN) or (is_list and name not in _YES_IS_BAD):
            continue
        if isinstance(value, Mapping | float) or (isinstance(value, int) and not isinstance(value, bool)):
            continue
        written = _as_written(value)
        outcome = _of_attribute(name, written) if written else "passed"
        if outcome != "skipped" and worse(found.outcome, outcome) != found.outcome:
            found = StatedOutcome(outcome, f'{name}="{written[:40]}"')
    return found


def failure_inside(members: Mapping[str, object]) -> str:
    """The first member, at any depth, that says in a word that something ended badly; empty where none does.

    What is told of an earlier run says nothing of this one.
    """
    ways: list[object] = [members]
    while ways:
        value = ways.pop()
        if isinstance(value, list):
            ways += value
        elif isinstance(value, Mapping):
            for name, inner in value.items():
                folded = _folded(str(name))
                if folded.startswith(_EARLIER):
                    continue
                is_word = isinstance(inner, str) and folded in _STATED and len(inner) <= _LONGEST_WORD
                if is_word and _bad_word(_folded(str(inner))) in ("failed", "error"):
                    return f'{name}="{inner}"'
                ways.append(inner)
    return ""


def _as_written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value).strip()
    return "something" if value else ""


def _folded(value: str) -> str:
    return re.sub(r"[\s_-]+", "", value.casefold())


def _is_strange(name: str, value: str, *, of_suite: bool) -> bool:
    """Whether an attribute may say of what passed that it did not: nobody knows its name, and it is no plain no.

    Of a suite, which tools describe at length, only a count, a yes, a word for trouble, or a name for it.
    """
    if name in (_HARMLESS_OF_SUITE if of_suite else _HARMLESS_OF_CASE) or name in (_OF_SUITE if of_suite else _OF_CASE):
        return False
    word = _folded(value)
    is_trouble = _SPEAKS_OF_TROUBLE.search(name) is not None
    if _is_nothing(word):
        return not (of_suite or is_trouble) and word in _NO - {"0"}  # the no to something good is bad
    if of_suite and name in _COUNTS:
        return not word.isdecimal()
    if is_trouble:
        return True
    if _NAMES_SOMETHING.search(name) or word in _PASSED - _YES:
        return False
    return not of_suite or word in _YES or _bad_word(word) is not None or bool(re.fullmatch(r"[\d.,]+", word))


def _is_nothing(word: str) -> bool:
    return word in _NO or word in _NOTHING or bool(re.fullmatch(r"0+(?:[.,]0+)?", word))


def _of_attribute(name: str, value: str) -> CaseOutcome:
    word = _folded(value)
    if name in _STATED:
        return _of_word(word) or "unknown"
    if name in _HINTED:
        return _bad_word(word) or "passed"
    if name in _YES_IS_GOOD:
        return (
            "failed" if word in _NO else "passed" if word in _YES or word.isdecimal() else _of_word(word) or "unknown"
        )
    if name in _YES_IS_BAD:
        return "passed" if _is_nothing(word) or word in _PASSED - _YES else "failed"
    if name in _YES_IS_SKIPPED:
        return "passed" if _is_nothing(word) or word in _PASSED - _YES else "skipped"
    if word in _NO:  # of _YES_IS_RUN
        return "skipped"
    return "passed" if word in _YES or word[:1].isdecimal() else _of_word(word) or "unknown"


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


def outcome_of_property(name: str, value: str) -> CaseOutcome:
    """What a property says of how a test ended: only one called so, and only in words that say nothing else.

    What is recorded of an answer, such as "rejected" or "invalid", is no word for how the test of it ended.
    """
    key, word = _folded(name), _folded(value)
    if key in _FLAGS:
        outcome, wanted = _FLAGS[key]
        return outcome if word in wanted else "passed"
    if not _OUTCOME_PROPERTY.fullmatch(key):
        return "passed"
    return _PROPERTY_WORDS.get(re.split(r"[:;,(/.]", word, maxsplit=1)[0], "passed")


def outcome_of_text(tag: str, text: str) -> CaseOutcome:
    """What the bare words inside a test say, or those in an element that says by its name that it passed."""
    word = _folded(text.strip())
    if tag in SAYS_IT_PASSED and word in _NO:
        return "failed"
    return _bad_word(word) or "passed"


_NO_DATE_BEFORE: Final = date(2000, 1, 1)
"""a day before this is what a clock or a field says that nobody has set: 1970, the year 1, 1601"""
_YEAR_FIRST: Final = lazy_pattern(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?=$|[T\s])")
_BASIC: Final = lazy_pattern(r"(\d{4})(\d{2})(\d{2})(?:[T ]?\d{4}(?:\d{2})?(?:[.,]\d+)?(?:Z|[+-]\d{2}:?(?:\d{2})?)?)?")
_EPOCH: Final = lazy_pattern(r"-?(\d{1,19})(?:\.\d+)?")
_EPOCH_UNITS: Final = ((11, 1), (14, 1_000), (17, 1_000_000), (20, 1_000_000_000))
"""below this many digits, that many ticks are a second"""
_CLOCK: Final = lazy_pattern(r"(?<!\d)(\d{1,2}):(\d{2})(?::(\d{2}))?")
_BASIC_CLOCK: Final = lazy_pattern(r"^\d{8}[T ]?(\d{2})(\d{2})(\d{2})?")
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


@lru_cache(maxsize=1024)  # of a suite's time each of its tests asks
def read_moment(text: str) -> str:
    """Day and time of a timestamp to the second, its zone and form aside; empty where it holds no day that counts."""
    plain = " ".join(text.split())[:80]
    day = read_timestamp(plain)
    if day is None:
        return ""
    if not _BASIC.fullmatch(plain) and (found := _EPOCH.fullmatch(plain)):
        return f"{_instant(found[1]):%Y-%m-%d %H%M%S}"
    clock = _CLOCK.search(plain) or _BASIC_CLOCK.search(plain)
    return f"{day} {''.join(part.rjust(2, '0') for part in clock.groups('00'))}" if clock else day.isoformat()


def _written_day(text: str) -> date | None:
    if found := _YEAR_FIRST.match(text):
        return date(int(found[1]), int(found[3]), int(found[4]))
    if found := _BASIC.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _EPOCH.fullmatch(text):
        return _instant(found[1]).date()
    if found := _DAY_FIRST.search(text):
        return date(int(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1]))
    if found := _MONTH_FIRST.search(text):
        return date(int(found[3]), _MONTHS.index(found[1].lower()) + 1, int(found[2]))
    return None


def _instant(ticks: str) -> datetime:
    """The time of a whole number of ticks since 1970, whose unit its length tells."""
    unit = next(unit for digits, unit in _EPOCH_UNITS if len(ticks) < digits)
    return datetime.fromtimestamp(int(ticks) / unit, UTC)

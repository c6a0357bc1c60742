"""A cell or value read as one number with its unit, or not at all: never the first number of a sentence."""

from __future__ import annotations

import math
import re
from typing import Any, Final

from msgspec import Struct

from policy_gate.schema.patterns import lazy_pattern

RATIO: Final = "ratio"
"""the unit of what is known to be a part of one: a percentage, "95 out of 136"; its value is that part"""
_TOO_LARGE: Final = 1e300
_TOO_LONG: Final = 160
_STRUCK: Final = lazy_pattern(r"~~.*?(?:~~|\Z)|<(del|s|strike)\b[^>]*>.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_SIGNS: Final = r"""(?:(?:[<>]=?|[≤≥=~≈]|(?:at\ least|at\ most|no(?:t)?\ (?:less|more|fewer|lower|higher|worse)\ than
    |less\ than|more\ than|fewer\ than|max(?:imum)?\.?|min(?:imum)?\.?|below|under|above|over|up\ to|about|around
    |approx\.?|ca\.?|target|limit|threshold)\b(?:\ of)?)\s*:?\s*){0,3}"""
_DIGITS: Final = r"(?:\d{1,3}(?:[,_']\d{3})+(?:\.\d+)?|\d[\d_]*(?:[.,]\d+)?|\.\d+)"
_NUMBER: Final = lazy_pattern(
    rf"{_SIGNS}(?P<sign>[-−+]?)(?P<currency>[$€£]?)(?P<digits>{_DIGITS})(?:e(?P<power>[-+]?\d{{1,3}})(?![\w.]))?(?![\d.,:/]*\d)"
    rf"(?:\s*%)?(?:\s*(?:±|\+/-|\+-)\s*{_DIGITS})?(?P<rest>.*)",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_FRACTION: Final = lazy_pattern(
    rf"{_SIGNS}(?P<part>\d{{1,12}}(?:\.\d{{1,6}})?)\s*(?:/|out\ of|of)\s*(?P<whole>\d{{1,12}})"
    r"(?![\d.,:/-]*\d)(?P<rest>.*)",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_BEGINNING: Final = lazy_pattern(rf"{_SIGNS}[±.+\-−$€£\s]*\d", re.IGNORECASE | re.VERBOSE)
_DECIMAL_COMMA: Final = lazy_pattern(r"0,\d+|\d+,(?:\d{1,2}|\d{4,})")
_NOTE: Final = lazy_pattern(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_INTERVAL: Final = lazy_pattern(
    rf"""(?:\d{{1,2}}(?:\.\d)?\s*%?\s*)?(?:c\.?i\.?|confidence\ interval|iqr|range)?\s*[:=]?\s*
        [-−]?{_DIGITS}\s*%?\s*(?:[-–—,;]|to)\s*[-−]?{_DIGITS}\s*%?
        |(?:±|\+/-|std|sd|se|stderr)\.?\s*[:=]?\s*{_DIGITS}\s*%?|n\s*[:=]\s*[\d,_]+|\d+-(?:shot|fold)|top-?\d+|pass@\d+
        |\d+\ (?:runs|seeds|samples|trials|folds)""",
    re.IGNORECASE | re.VERBOSE,
)
_NOT_SO: Final = lazy_pattern(
    r"\b(?:not|never|no|n/a|was|were|old|previous(?:ly)?|formerly|withdrawn|obsolete|outdated|deprecated|retracted|invalid"
    r"|planned|target|goal|aim|expected|projected|hoped|hypothetical|wrong|tbd|todo|pending|failed|unverified)\b",
    re.IGNORECASE,
)
"""words beside a number which say that it is no result"""
_CLAUSE: Final = lazy_pattern(
    r"(?:on|for|in|across|over|at|with|without|under|using|when|while|by|from|or|and|per group)\b[^\d]{0,100}",
    re.IGNORECASE,
)
_LIMIT_WORD: Final = lazy_pattern(r"max(?:imum)?|min(?:imum)?|target|limit|threshold|required", re.IGNORECASE)
_PER_CENT: Final = lazy_pattern(
    r"(?:%|percent|per cent|pct\.?)(?:\s*points?|\s*pp)?|pp|percentage points?", re.IGNORECASE
)
_RATIOS: Final = {
    "‰": 1000,
    "per mille": 1000,
    "permille": 1000,
    "bps": 10_000,
    "basis points": 10_000,
    "ppm": 1_000_000,
}
_UNITS: Final = {
    **dict.fromkeys(("ns", "nanoseconds"), ("s", 1e-9)),
    **dict.fromkeys(("us", "µs", "μs", "microseconds"), ("s", 1e-6)),
    **dict.fromkeys(("ms", "msec", "millisecond", "milliseconds"), ("s", 1e-3)),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), ("s", 1.0)),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), ("s", 60.0)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), ("s", 3600.0)),
    **{f"{prefix}b": ("b", 1000.0**power) for power, prefix in enumerate("kmgt", 1)},
    **{f"{prefix}ib": ("b", 1024.0**power) for power, prefix in enumerate("kmgt", 1)},
}
_OPEN_NAMES: Final = lazy_pattern(
    r"latency|\btime\b|duration|loss|perplexity|throughput|speed|second|tokens|count|number|size|memory|cost|price|distance"
    r"|ratio|odds|lift|reward|energy|divergence|deviation|absolute|squared|likelihood|bits|gain|improvement|length"
    r"|\b(?:mae|mse|rmse|fid|psnr|snr|elo|rtf|flops?|kl|psi|nll|di|ppl)\b",
    re.IGNORECASE,
)
"""names of what may well be below one and above it; the rest is a part of one, or of a hundred"""


class NumberReading(Struct, frozen=True):
    """A number with its unit: RATIO, empty where none is written, else the unit's word, folded."""

    value: float
    unit: str = ""


def read_number(raw: Any, *, of_limit: bool = False) -> NumberReading | None:
    """The one number that a value is, such as 0.91, "91.2%", "0.93 ± 0.02", "≥ 1,000", "95 out of 136" or "120 ms".

    None where it is no number, or not only one: a date, a version, a range, struck text, two values in one cell, or
    a number that the words beside it take back. `of_limit` says that it is a limit, which may be called a target.
    """
    if isinstance(raw, bool) or raw is None:
        return None
    if isinstance(raw, int | float):
        return NumberReading(float(raw)) if abs(raw) < _TOO_LARGE else None
    text = _plain(str(raw))
    return _read(text, of_limit=of_limit) if 0 < len(text) <= _TOO_LONG else None


def begins_like_number(text: str) -> bool:
    """Whether a text is meant as a number, be it that it can be read as one or not."""
    return bool(_BEGINNING.match(text.strip(" *_`~")))


def is_struck(text: str) -> bool:
    """Whether nothing but struck text stands here."""
    return bool(_STRUCK.search(text)) and not _STRUCK.sub("", text).strip(" *_`")


def on_one_scale(name: str, one: NumberReading, other: NumberReading) -> tuple[NumberReading, NumberReading] | None:
    """Two numbers of the metric of this name, brought to one unit; None where nobody can tell that they have one.

    Beside a percentage a bare number up to one is a part of one, a larger one is a percentage. Two bare numbers of
    which one is below one and one is above are on two scales, but for metrics that have no upper end.
    """
    is_open = bool(_OPEN_NAMES.search(re.sub(r"[_-]", " ", name)))
    low, high = sorted((abs(one.value), abs(other.value)))
    if one.unit == other.unit and one.unit != RATIO:
        return None if not one.unit and 0 < low < 1 < high and not is_open else (one, other)
    if RATIO in (one.unit, other.unit):
        first, second = _as_ratio(one), _as_ratio(other)
        if first is None or second is None:
            return None
        low, high = sorted((abs(first.value), abs(second.value)))
        return None if low <= 1 < high and not is_open else (first, second)
    if one.unit in _UNITS and other.unit in _UNITS and _UNITS[one.unit][0] == _UNITS[other.unit][0]:
        return _in_base(one), _in_base(other)
    bare, named = (one, other) if not one.unit else (other, one)
    words = set(re.findall(r"[^\W_]+", name.casefold()))
    is_said = not bare.unit and words >= set(re.findall(r"[^\W_]+", named.unit))
    return (NumberReading(one.value, named.unit), NumberReading(other.value, named.unit)) if is_said else None


def _plain(text: str) -> str:
    text = re.sub(r"[*`]|(?<!\w)_|_(?!\w)", "", _STRUCK.sub(" ", text))
    return " ".join(text.split())


def _read(text: str, *, of_limit: bool) -> NumberReading | None:
    fraction = _FRACTION.fullmatch(text)
    if fraction:
        part, whole = float(fraction["part"]), int(fraction["whole"])
        rest = _rest(fraction["rest"], part / whole if whole else 0.0, of_limit=of_limit)
        return NumberReading(part / whole, RATIO) if 0 < whole >= part and rest == "" else None
    found = _NUMBER.fullmatch(text)
    value = _value(found) if found else None
    if found is None or value is None:
        return None
    between = text[found.end("digits") : found.start("rest")]
    if "%" in between:
        value, unit = value / 100, RATIO
        return (
            NumberReading(value, unit)
            if _rest(_after_per_cent(found["rest"]), value, of_limit=of_limit) == ""
            else None
        )
    return _with_unit(value, found["rest"] or found["currency"], of_limit=of_limit)


def _with_unit(value: float, rest: str, *, of_limit: bool) -> NumberReading | None:
    per_cent = _PER_CENT.match(rest.strip(" ("))
    if per_cent:
        after = rest.strip(" (")[per_cent.end() :].removeprefix(")")
        is_whole_word = not re.match(r"\w", after)
        is_clear = is_whole_word and _rest(after, value / 100, of_limit=of_limit) == ""
        return NumberReading(value / 100, RATIO) if is_clear else None
    unit = _rest(rest, value, of_limit=of_limit)
    if unit in _RATIOS:
        return NumberReading(value / _RATIOS[unit], RATIO)
    return None if unit is None else NumberReading(value, unit)


def _after_per_cent(rest: str) -> str:
    return re.sub(r"\A\s*(?:%|points?\b|pp\b)", "", rest)


def _value(found: re.Match[str]) -> float | None:
    digits = found["digits"]
    if _DECIMAL_COMMA.fullmatch(digits):
        digits = digits.replace(",", ".")
    plain = re.sub("[,_']", "", digits)
    sign = "-" if found["sign"] in ("-", "−") else ""
    value = float(f"{sign}{plain}e{found['power'] or 0}")
    return value if math.isfinite(value) else None


def _rest(rest: str, value: float, *, of_limit: bool) -> str | None:
    """The unit that stands behind a number, folded; None where what stands there leaves open what the number says."""
    notes = [one or other for one, other in _NOTE.findall(rest)]
    if not all(_is_harmless(note.strip(), value) for note in notes):
        return None
    if not of_limit and _NOT_SO.search(rest):
        return None
    words = " ".join(_NOTE.sub(" ", rest).split()).strip(" .;,†‡")
    if not words or _CLAUSE.fullmatch(words) or _LIMIT_WORD.fullmatch(words):
        return ""
    head, _, clause = words.partition(" ")
    if clause and _CLAUSE.fullmatch(clause) and not re.search(r"\d", head):
        words = head
    is_part = re.search(r"\b(?:of|out|to|than|is|are)\b", words, re.IGNORECASE)
    is_unit = not is_part and re.fullmatch(r"[$€£°]|(?:[^\W\d_][\w²³]*)(?:[ /·][^\W\d_][\w²³]*){0,2}", words)
    return words.casefold() if is_unit else None


def _is_harmless(note: str, value: float) -> bool:
    """Whether a note in brackets has no number, an interval or a count of runs, or the same number once more."""
    if not re.search(r"\d", note) or _INTERVAL.fullmatch(note):
        return True
    again = _read(note, of_limit=False) if "(" not in note else None
    return again is not None and abs(again.value - value) <= 0.01 * max(abs(value), 0.01) + 0.005


def _as_ratio(number: NumberReading) -> NumberReading | None:
    if number.unit == RATIO:
        return number
    if number.unit or abs(number.value) > 100:
        return None
    return NumberReading(number.value / 100 if abs(number.value) > 1 else number.value, RATIO)


def _in_base(number: NumberReading) -> NumberReading:
    base, factor = _UNITS[number.unit]
    return NumberReading(number.value * factor, base)

"""A cell or value read as one number with its unit, or not at all: never the first number of a sentence."""

from __future__ import annotations

import math
import re
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.schema.patterns import lazy_pattern

RATIO: Final = "ratio"
"""the unit of what is known to be a part of one: a percentage, "95 out of 136"; its value is that part"""
_TOO_LARGE: Final = 1e300
_TOO_LONG: Final = 160
_STRUCK: Final = lazy_pattern(r"~~.*?(?:~~|\Z)|<(del|s|strike)\b[^>]*>.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_SIGNS: Final = r"""(?:(?:[<>]=?|[≤≥≦≧⩽⩾=~≈]|(?:at\ least|at\ most
    |no(?:t)?\ (?:less|more|fewer|lower|higher|worse)\ than|less\ than|more\ than|fewer\ than|max(?:imum)?\.?
    |min(?:imum)?\.?|below|under|above|over|up\ to|about|around|approx\.?|ca\.?|target|limit|threshold)\b(?:\ of)?)
    \s*:?\s*){0,3}"""
_DIGITS: Final = r"(?:\d{1,3}(?:[,_']\d{3})+(?:\.\d+)?|\d[\d_]*(?:[.,]\d+)?|\.\d+)"
_NUMBER: Final = lazy_pattern(
    rf"{_SIGNS}(?P<sign>[-−+]?)(?P<currency>[$€£]?)(?P<digits>{_DIGITS})(?:e(?P<power>[-+]?\d{{1,3}})(?![\w.]))?(?![\d.,:/]*\d)"
    rf"(?:\s*%)?(?:\s*(?:±|\+/-|\+-)\s*(?P<spread>{_DIGITS}))?(?P<rest>.*)",
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
_DEVIATION: Final = lazy_pattern(rf"(?:±|\+/-|std|sd|se|stderr)\.?\s*[:=]?\s*({_DIGITS})\s*%?", re.IGNORECASE)
_RANGE: Final = lazy_pattern(
    rf"""(?:(?:\d{{1,2}}(?:\.\d)?\s*%?\s*)?(?:c\.?i\.?|confidence\ interval|iqr|range)|\d\d(?:\.\d)?\s*%(?=\s))?
        \s*[:=]?\s*
        ([-−]?{_DIGITS})\s*%?\s*(?:[-–—,;]|to)\s*([-−]?{_DIGITS})\s*%?""",
    re.IGNORECASE | re.VERBOSE,
)
_SIZE: Final = lazy_pattern(r"[(\[,;]\s*n\s*[:=]\s*(\d[\d,_]{0,14})\s*[)\],;]", re.IGNORECASE)
_EXACT: Final = 1e-6
"""of what is counted: the fraction says the number itself"""
_MOST_PLACES: Final = 300
_ROUGH: Final = 0.005
"""of a whole number: as far off it may be for having been rounded"""
_AIM: Final = lazy_pattern(r"\W*(?:target|limit|threshold)\b", re.IGNORECASE)
"""before a number, a word that makes it none that was measured"""
_NOT_SO: Final = lazy_pattern(
    r"\b(?:not|never|no|n/a|was|were|old|previous(?:ly)?|formerly|withdrawn|obsolete|outdated|deprecated|retracted|invalid"
    r"|planned|target|goal|aim|expected|projected|hoped|hypothetical|wrong|tbd|todo|pending|failed|unverified)\b",
    re.IGNORECASE,
)
"""words beside a number which say that it is no result"""
_LIMIT_CLAUSE: Final = lazy_pattern(
    r"(?:on|for|in|across|over|at|with|without|under|using|when|while|by|from|or|and|per group)\b[^\d]{0,100}",
    re.IGNORECASE,
)
_CLAUSE: Final = lazy_pattern(
    r"(?:on|for|in|across|over|at|by|per|using|measured|evaluated|tested|averaged)\b", re.IGNORECASE
)
_HARMLESS_TEXT: Final = """
    a accepted accuracy adults all an and annotated answers applicants arc arc-c as at auc auprc auroc average
    averaged avg balanced batch bbq benchmark better bleu blind boolq both by calls cases children chinese cifar-10
    cifar-100 class classes clean coco cohort cola computed corpus cross-validated cross-validation customers cv
    data dataset datasets day dev development documents drop each english entire eval evaluated evaluation exact
    examples expert f1 f1-score female few-shot final flores fold folds for french fresh from full games german glue
    gold golden groups gsm8k hand-labelled held held-out hellaswag hidden higher holdout human humaneval imagenet
    imagenet-1k images in independent internal is items japanese labeled labelled large level librispeech lower
    macro macro-averaged macro-f1 male mbpp mean measured median men met micro micro-averaged micro-f1 mmlu mmlu-pro
    mnist mnli model month ms-coco mteb naturalquestions new ok on one-shot orders our ours out out-of-sample
    out-of-time over overall p50 p90 p95 p99 pages pass passed patients people per piqa points precision production
    prompts public qnli qqp quarter queries questions random rate recall records reported roc-auc rouge-l rows rte
    run runs sample samples score seeds sentences set sets shot single small spanish split splits squad squad2 sst-2
    suite superglue task tasks test tested tests texts the their these this times top-1 triviaqa truthfulqa turns
    unseen users using val validation we week weighted wer whole wikitext wikitext-103 winogrande with wmt14 women
    xnli year zero-shot
    """
_HARMLESS: Final = frozenset(_HARMLESS_TEXT.split())
"""words beside a result that say what was measured, and on what, names of common data among them"""
_BOUND: Final = lazy_pattern(
    r"or (?:less|lower|fewer|more|higher)|at (?:least|most)|max(?:imum)?|min(?:imum)?", re.IGNORECASE
)
"""a bound behind a number; whether it says anything depends on which way is better"""
_GRAMMAR_TEXT: Final = """
    or and at if by with but when under from as on in for without not less more most least best worst of out to than is
    are so once maybe about then until unless before after
    """
_GRAMMAR: Final = frozenset(_GRAMMAR_TEXT.split())
"""words that are in no unit"""
_WIDE: Final = 0.25
"""of a value, from which on half of the spread beside it makes it no result"""
_DATA_NAME: Final = lazy_pattern(r"(?=.*[A-Za-z])(?:[\w.]*\d[\w.-]*|[A-Z]\w*-[\w.-]+|[A-Z][a-z]+[A-Z]\w*)")
"""a name of data that is on no list: with a number, a hyphen, or two capitals"""
_MONEY: Final = lazy_pattern(r"cost|price|fee|spend|expense|revenue|profit|saving|budget|income|amount", re.IGNORECASE)
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


class _Beside(Struct, frozen=True):
    """What stands behind a number and says what it is a number of."""

    unit: str
    spread: tuple[float, float] | None


class NumberReading(Struct, frozen=True):
    """A number with its unit: RATIO, empty where none is written, else the unit's word, folded."""

    value: float
    unit: str = ""
    spread: tuple[float, float] | None = None
    """the lower and the higher end of the spread or interval that is written beside the value, in its unit"""


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
    found = _read(text, of_limit=of_limit) if 0 < len(text) <= _TOO_LONG else None
    return None if found is not None and not of_limit and is_wide(found) else found


def is_wide(found: NumberReading) -> bool:
    """Whether the spread beside a number is so wide that the number says little."""
    if found.spread is None:
        return False
    low, high = found.spread
    return (high - low) / 2 > abs(found.value) * _WIDE


def sample_size(raw: Any) -> int | None:
    """How many were counted for a number, where it says so: "95 out of 136", "0.91 (n=1,200)"; else None."""
    if not isinstance(raw, str) or len(raw) > _TOO_LONG:
        return None
    text = _plain(raw)
    fraction, noted = _FRACTION.fullmatch(text), _SIZE.search(text)
    found = fraction["whole"] if fraction else noted[1] if noted else ""
    size = int(re.sub("[,_]", "", found) or 0)
    return size or None


def written_step(raw: Any, reading: NumberReading) -> float:
    """By how much a number may be off for having been rounded as it is written, in the unit of its reading."""
    text = getattr(raw, "text", None) or (repr(raw) if isinstance(raw, int | float) else _plain(str(raw)))
    if _FRACTION.fullmatch(text):
        return _EXACT * max(abs(reading.value), 1.0)
    found = _NUMBER.fullmatch(text)
    written = _value(found) if found else None
    if found is None or written is None:
        return 0.0
    digits = found["digits"].replace(",", ".") if _DECIMAL_COMMA.fullmatch(found["digits"]) else found["digits"]
    # A power of ten above the digits rounds no share to tens or hundreds: 1e2 % is written as exactly as 100 %.
    places = len(digits.partition(".")[2]) - int(found["power"] or 0)
    if reading.unit == RATIO or not written:
        places = max(places, 0)
    half = 0.5 * 10.0 ** -max(places, -_MOST_PLACES)
    scale = abs(reading.value / written) if written else _scale_of_nought(text, found)
    if places > 0 or reading.unit == RATIO:
        return half * scale
    return min(half, _ROUGH * abs(written)) * scale


def _scale_of_nought(text: str, found: re.Match[str]) -> float:
    """What a number that is nought is multiplied with to be in the unit of its reading: told by a one in its place."""
    one = f"{text[: found.start('digits')]}1{text[max(found.end('digits'), found.end('power')) :]}"
    reading = _read(one, of_limit=False)
    return abs(reading.value) if reading else 1.0


def begins_like_number(text: str) -> bool:
    """Whether a text is meant as a number, be it that it can be read as one or not."""
    return bool(_BEGINNING.match(text.strip(" *_`~")))


def is_known_unit(unit: str) -> bool:
    """Whether this is a unit of time or of memory."""
    return unit.casefold() in _UNITS


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
    words, unit = set(re.findall(r"[^\W_]+", name.casefold())), set(re.findall(r"[^\W_]+", named.unit))
    names_unit = words >= unit if unit else named.unit in ("$", "€", "£") and bool(_MONEY.search(name))
    is_said = not bare.unit and names_unit
    return (NumberReading(one.value, named.unit), NumberReading(other.value, named.unit)) if is_said else None


def _plain(text: str) -> str:
    text = re.sub(r"[*`]|(?<!\w)_|_(?!\w)", "", _STRUCK.sub(" ", text))
    return " ".join(text.split())


def _read(text: str, *, of_limit: bool) -> NumberReading | None:
    fraction = _FRACTION.fullmatch(text)
    if fraction:
        part, whole = float(fraction["part"]), int(fraction["whole"])
        beside = _beside(fraction["rest"], part / whole if whole else 0.0, 0.01, of_limit=of_limit)
        is_part = 0 < whole >= part and beside is not None and beside.unit == ""
        return NumberReading(part / whole, RATIO, beside.spread if beside else None) if is_part else None
    found = _NUMBER.fullmatch(text)
    value = _value(found) if found else None
    if found is None or value is None or (not of_limit and _AIM.match(text)):
        return None
    around = _plain_number(found["spread"]) if found["spread"] else None
    if "%" in text[found.end("digits") : found.start("rest")]:
        beside = _beside(_after_per_cent(found["rest"]), value / 100, 0.01, of_limit=of_limit)
        reading = NumberReading(value / 100, RATIO, beside.spread) if beside and beside.unit == "" else None
        return _spread_by(reading, around and around / 100)
    return _spread_by(*_with_unit(value, found["rest"] or found["currency"], around, of_limit=of_limit))


def _spread_by(reading: NumberReading | None, around: float | None) -> NumberReading | None:
    """The reading with the deviation that is written beside its number."""
    if reading is None or around is None:
        return reading
    low, high = reading.spread or (reading.value, reading.value)
    return replace(reading, spread=(min(low, reading.value - around), max(high, reading.value + around)))


def _with_unit(
    value: float, rest: str, around: float | None, *, of_limit: bool
) -> tuple[NumberReading | None, float | None]:
    """The number with the unit behind it, and its deviation in that unit."""
    per_cent = _PER_CENT.match(rest.strip(" ("))
    if per_cent:
        after = rest.strip(" (")[per_cent.end() :].removeprefix(")")
        beside = None if re.match(r"\w", after) else _beside(after, value / 100, 0.01, of_limit=of_limit)
        is_clear = beside is not None and beside.unit == ""
        reading = NumberReading(value / 100, RATIO, beside.spread if beside else None) if is_clear else None
        return reading, around and around / 100
    beside = _beside(rest, value, 1.0, of_limit=of_limit)
    if beside is None:
        return None, None
    parts = _RATIOS.get(beside.unit)
    if parts:
        return NumberReading(value / parts, RATIO), around and around / parts
    return NumberReading(value, beside.unit, beside.spread), around


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


def _beside(rest: str, value: float, scale: float, *, of_limit: bool) -> _Beside | None:
    """What stands behind a number: its unit, folded, and its spread; None where it leaves open what the number says.

    `scale` is what the number as written was multiplied with.
    """
    notes = [(one or other).strip() for one, other in _NOTE.findall(rest)]
    if not all(_is_harmless(note, value, of_limit=of_limit) for note in notes):
        return None
    if not of_limit and _NOT_SO.search(rest):
        return None
    ends = [end for note in notes for end in _ends(note, value, scale)]
    spread = (min(ends), max(ends)) if ends else None
    if spread and not of_limit and not spread[0] <= value <= spread[1]:
        return None
    words = " ".join(_NOTE.sub(" ", rest).split()).strip(" .;,†‡")
    is_clause = _is_limit_clause if of_limit else _is_harmless_clause
    if not words or is_clause(words) or (of_limit and _LIMIT_WORD.fullmatch(words)):
        return _Beside("", spread)
    head, _, clause = words.partition(" ")
    if clause and is_clause(clause) and not re.search(r"\d", head):
        words = head
    is_grammar = not _GRAMMAR.isdisjoint(words.casefold().split())
    is_unit = not is_grammar and re.fullmatch(r"[$€£°]|(?:[^\W\d_][\w²³]*)(?:[ /·][^\W\d_][\w²³]*){0,2}", words)
    return _Beside(words.casefold(), spread) if is_unit else None


def _is_limit_clause(words: str) -> bool:
    return bool(_LIMIT_CLAUSE.fullmatch(words))


def _is_harmless_clause(words: str) -> bool:
    """Whether words behind a result only say on what it was measured, or bound it."""
    return bool(_BOUND.fullmatch(words) or (_CLAUSE.match(words) and _are_harmless(words)))


def _are_harmless(words: str) -> bool:
    parts = re.findall(r"[^\s,;:/]+", words)
    return all(part.casefold().strip(".") in _HARMLESS or _DATA_NAME.fullmatch(part) for part in parts)


def _is_harmless(note: str, value: float, *, of_limit: bool) -> bool:
    """Whether a note in brackets says on what was measured, is a spread or a count of runs, or the number once more."""
    if not re.search(r"\d", note):
        return of_limit or _are_harmless(note)
    if _INTERVAL.fullmatch(note) or _are_harmless(note):
        return True
    again = _read(note, of_limit=False) if "(" not in note else None
    return again is not None and abs(again.value - value) <= 0.01 * max(abs(value), 0.01) + 0.005


def _ends(note: str, value: float, scale: float) -> list[float]:
    """Both ends of the spread or interval that a note states, on the scale of the value; none where it states none."""
    is_per_cent = "%" in re.sub(r"\A\s*\d{1,2}(?:\.\d)?\s*%?\s*(?:c\.?i|confidence)", "", note, flags=re.IGNORECASE)
    deviation, interval = _DEVIATION.fullmatch(note), _RANGE.fullmatch(note)
    if deviation:
        around = _plain_number(deviation[1]) * (0.01 if is_per_cent and abs(value) <= 1 else scale)
        return [value - around, value + around]
    if interval is None:
        return []
    ends = [_plain_number(interval[1]), _plain_number(interval[2])]
    on_hundred = is_per_cent or (scale != 1 and max(map(abs, ends)) > 1)
    return [end * (0.01 if on_hundred and (scale != 1 or abs(value) <= 1) else 1) for end in ends]


def _plain_number(text: str) -> float:
    text = text.replace("−", "-")
    text = text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text.lstrip("-")) else text
    return float(re.sub("[,_']", "", text))


def _as_ratio(number: NumberReading) -> NumberReading | None:
    if number.unit == RATIO:
        return number
    if number.unit or abs(number.value) > 100:
        return None
    return NumberReading(number.value / 100 if abs(number.value) > 1 else number.value, RATIO)


def _in_base(number: NumberReading) -> NumberReading:
    base, factor = _UNITS[number.unit]
    return NumberReading(number.value * factor, base)

"""Which way a metric is better: by the sign of its limit, by an arrow, or by its name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from policy_gate.schema.patterns import lazy_pattern

_LOWER_SIGN: Final = lazy_pattern(
    r"<=?|[≤≦⩽]|\b(?:at most|max(?:imum)?|below|under|less than|no more than|up to|or less|or lower|or fewer)\b",
    re.IGNORECASE,
)
_HIGHER_SIGN: Final = lazy_pattern(
    r">=?|[≥≧⩾]|\b(?:at least|min(?:imum)?|above|over|(?<!no )more than|no less than|or more|or higher)\b",
    re.IGNORECASE,
)
_BOUND_BEHIND: Final = lazy_pattern(
    r"\b(?:or (?:less|lower|fewer|more|higher)|at (?:least|most)|max(?:imum)?|min(?:imum)?)\W*\Z", re.IGNORECASE
)
_LOWER_NAMES: Final = lazy_pattern(
    r"error|loss|latency|perplexity|toxic|hallucinat|drift|violation|leak|jailbreak|attack success|"
    r"\b(?:fpr|fnr|far|frr|mae|mse|rmse|mape|wer|cer|ece|eer|brier|bpb|fid|ter)\b|false (?:positive|negative|alarm)|"
    r"\b(?:bias|parity|odds|opportunity) difference\b|\bgap\b|disparity",
    re.IGNORECASE,
)
_SPEAKS_OF_TROUBLE: Final = lazy_pattern(
    r"\bfail(?:s|ed|ures?)?\b|\bmis(?:classif|match|label|diagnos|identif|s(?:es|ed)?\b)|incorrect|\bwrong|unsafe|\bharm(?!less)"
    r"|\bexposure|complaint|fabricat|\bdivergence|\bvariance\b|injection success|\bresponse time|processing time"
    r"|fehler|erreur|\berr?or[ei]s?\b|\berro\b|\bfallos?\b|\bfalhas?\b|\béchecs?\b|ошиб|错误|誤り",
    re.IGNORECASE,
)
_SPEAKS_WELL: Final = lazy_pattern(
    r"accura|precision|recall|\bf1\b|\bauc|\broc\b|score|detect|caught|catch|block|refus|reject|correct(?:ed|ion|ness|ly)"
    r"|resist|robust|\bsafety\b|safely|avoid|prevent|reduc|improve|explained|between|free\b|without|\bto fail"
    r"|recover|sav(?:ed|ings?)\b|found|identified|flagged|handled|erkennung|trefferquote",
    re.IGNORECASE,
)
"""words of a name by which the trouble that it speaks of is found or kept away"""
_LONGER_IS_BETTER: Final = lazy_pattern(
    r"\blife\b|lifetime|horizon|between|uptime|\bto fail|endurance|window|context|retention|coverage"
    r"|autonomy|\baudio\b",
    re.IGNORECASE,
)
_DISTANCE: Final = lazy_pattern(
    r"\b(?:differences?|gaps?|disparity|parity|bias(?:es)?|drift|skew|imbalance|deviation|errors?|shift)\b",
    re.IGNORECASE,
)
_OF_TIME: Final = frozenset(
    {"ns", "us", "µs", "μs", "ms", "msec", "s", "sec", "secs", "second", "seconds", "min", "mins"}
)


def is_distance(name: str) -> bool:
    """Whether a number below zero is as far off as the same one above it."""
    return bool(_DISTANCE.search(re.sub(r"[_-]", " ", name)))


def is_bounded(raw: str, *, higher: bool) -> bool:
    """Whether a bound on the side that says nothing stands before or behind the number."""
    sign = _LOWER_SIGN if higher else _HIGHER_SIGN
    behind = _BOUND_BEHIND.search(raw)
    return bool(sign.match(raw.strip(" *_`")) or (behind and sign.search(behind[0])))


def higher_is_better(name: str, wanted: Any, unit: str = "") -> bool:
    """Which way is better: as the limit says, else as the name does, else as a unit of time does."""
    return _is_up(name, wanted if isinstance(wanted, str) else "", unit)


@lru_cache(maxsize=512)
def _is_up(name: str, text: str, unit: str) -> bool:
    if _LOWER_SIGN.search(text) or "↓" in name:
        return False
    if _HIGHER_SIGN.search(text) or "↑" in name:
        return True
    plain = re.sub(r"[_-]", " ", name)
    if _LOWER_NAMES.search(plain):
        return False
    if _SPEAKS_WELL.search(plain):
        return True
    return not (_SPEAKS_OF_TROUBLE.search(plain) or (unit in _OF_TIME and not _LONGER_IS_BETTER.search(plain)))

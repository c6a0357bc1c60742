"""Which way a metric is better: by the sign of its limit, by an arrow, or by its name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from policy_gate.schema.patterns import lazy_pattern

_LOWER_SIGN: Final = lazy_pattern(
    r"<=?|≤|\b(?:at most|max(?:imum)?|below|under|less than|no more than|up to|or less|or lower|or fewer)\b",
    re.IGNORECASE,
)
_HIGHER_SIGN: Final = lazy_pattern(
    r">=?|≥|\b(?:at least|min(?:imum)?|above|over|(?<!no )more than|no less than|or more|or higher)\b", re.IGNORECASE
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


def is_bounded(raw: str, *, higher: bool) -> bool:
    """Whether a bound on the side that says nothing stands before or behind the number."""
    sign = _LOWER_SIGN if higher else _HIGHER_SIGN
    behind = _BOUND_BEHIND.search(raw)
    return bool(sign.match(raw.strip(" *_`")) or (behind and sign.search(behind[0])))


def higher_is_better(name: str, wanted: Any) -> bool:
    """Which way is better: as the limit says, else as the name does."""
    return _is_up(name, wanted if isinstance(wanted, str) else "")


@lru_cache(maxsize=512)
def _is_up(name: str, text: str) -> bool:
    if _LOWER_SIGN.search(text) or "↓" in name:
        return False
    if _HIGHER_SIGN.search(text) or "↑" in name:
        return True
    return not _LOWER_NAMES.search(re.sub(r"[_-]", " ", name))

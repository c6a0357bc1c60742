"""Dates in texts: taking all of them out."""

from __future__ import annotations

import re
from typing import Final

from policy_gate.schema.patterns import lazy_pattern

_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE: Final = (
    r"\b(?=[\djfmasond])(?=\d|j[au]|fe|ma[ry]|ap|au|se|oc|no|de)"
    r"(?:\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?\b"
    r"|\d{4}[/.]\d{1,2}[/.]\d{1,2}\b|\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d{2})\b|\d{4}-\d{2}\b"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+\d{{4}}\b"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}\b|{_MONTH}\s+\d{{4}}\b"
    r"|(?:19|20)\d{2}\b|\d{1,2}:\d{2}(?::\d{2})?\s*(?:UTC|Z|am|pm)?\b)"
    r"|\d{4}年\d{1,2}月(?:\d{1,2}日)?"
)
"""Most words are passed over by what a date may begin with."""
_DATES: Final = lazy_pattern(_DATE, re.IGNORECASE)
_ONLY_WHEN: Final = lazy_pattern(
    rf"""^[ \t>*_|-]*[^\W\d_][\w ]{{0,40}}[*_]*[ \t]*[:|][*_ \t"']*(?:{_DATE})[ \t.*_|"']*$""",
    re.IGNORECASE | re.MULTILINE,
)


def without_date_lines(text: str) -> str:
    """The text without the lines that only name a date, such as `Reviewed: 2026-11-02`."""
    return _ONLY_WHEN.sub("", text)


def without_dates(text: str) -> str:
    """The text with every date, year and time of day taken out."""
    return _DATES.sub(" ", text)

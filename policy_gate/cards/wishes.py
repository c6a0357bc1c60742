"""Sentences about results that are hoped for, and not there."""

from __future__ import annotations

import re
from typing import Final

from policy_gate.schema.patterns import lazy_pattern

_LONGEST: Final = 400
"""characters of a sentence about nothing but a wish"""
_WISH: Final = lazy_pattern(
    r"\b(?:we|the team|the project|it|the model|this model|this version)\s+(?:still\s+)?"
    r"(?:aims?|hopes?|plans?|expects?|intends?|wants?|wishes|strives?|targets?)\b"
    r"|\b(?:is|are)\s+(?:expected|planned|projected|anticipated|hoped|supposed|meant|due|intended|estimated)\s+to\b"
    r"|\b(?:goals?|targets?|aims?|objectives?)\s*(?:is|are|for\b[^.]{0,40}\bis|:)"
    r"|\b(?:will|should|must|shall|ought to)\s+(?:reach|achieve|attain|exceed|surpass|be (?:at least|above|over))\b"
    r"|\bexpected (?:after|once|with|in|by)\b"
    r"|\bangestrebt\w*|\bwir (?:streben|erwarten|hoffen|planen)\b|\b(?:unser )?ziel ist\b"
    r"|\bsoll(?:en)?\b[^.]{0,80}\berreichen\b"
    r"|\bnous (?:visons|espérons|attendons|prévoyons)\b|\b(?:l['’])?objectif est\b|\bdevrait atteindre\b"
    r"|\b(?:el )?objetivo es\b|\bse espera\b|\besperamos\b|\bdebería alcanzar\b|\bl['’]obiettivo è\b|\bpuntiamo a\b"
    r"|\bo objetivo é\b|\bespera-se\b|\bwe streven\b|\bhet doel is\b",
    re.IGNORECASE,
)
_DONE: Final = lazy_pattern(
    r"\b(?:achieve[sd]|achieving|reache[sd]|reaching|attain(?:s|ed)|obtain(?:s|ed)|scor(?:es|ed|ing)|measured|got|gets"
    r"|yield(?:s|ed)|report(?:s|ed)?|evaluated|tested|was|were|has|had|met|exceed(?:s|ed)|surpass(?:es|ed)|now|currently"
    r"|so far|already|today|beats?|outperform(?:s|ed)|erreicht|gemessen|atteint|mesuré|alcanza|alcanzó|medido|raggiunge"
    r"|misurato|atinge|behaalt|gemeten)\b",
    re.IGNORECASE,
)


def is_wish(sentence: str) -> bool:
    """Whether a sentence is about a result to come, and about none that is there."""
    is_short = len(sentence) <= _LONGEST
    return is_short and _WISH.search(sentence) is not None and _DONE.search(sentence) is None

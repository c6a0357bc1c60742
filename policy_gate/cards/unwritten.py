"""Sentences of any length by which a text says of itself that it is still to be written, or stands somewhere else."""

from __future__ import annotations

import re
from typing import Final

from policy_gate.cards.text_normal import holds_any, lower_as_matched
from policy_gate.schema.patterns import lazy_pattern

_HERE: Final = r"(?:this|the|that) (?:\w+ )?(?:section|part|chapter|paragraph|page)"
_WHOLE: Final = r"this (?:\w+ )?(?:document|assessment|report|plan|description|text|analysis|record)"
_ABOUT: Final = r"(?: (?:on|about|of|for|regarding)\b[^.;:]{0,60}?)?"
_WRITTEN: Final = (
    r"(?:added|written|completed|filled(?: in| out)?|finished|drafted|inserted|expanded|provided|done|supplied)"
)
_WILL: Final = (
    r"(?:will|shall|is going to|is to|has to|needs to|must|should|remains to|(?:is|has) (?:yet|still) to"
    r"|still (?:has|needs) to)"
)
_LATER: Final = (
    r"(?:later|soon|shortly|in due course|before (?:the )?(?:launch|release|go-?live|production|deployment)"
    r"|after (?:the )?(?:launch|release|go-?live)|once the (?:product|system|model) is"
    r"|in (?:the|a) (?:next|coming|future|later)\b)"
)
_WRITERS: Final = r"(?:we|i|somebody|someone|(?:the|our) (?:\w+ )?(?:teams?|authors?|owners?))"
_INTEND: Final = r"(?:will|shall|intends? to|plans? to|(?:is|are|am) going to|hopes? to|still (?:has|have|needs?) to)"
_PLACES: Final = r"(?:wiki|confluence|sharepoint|notion|jira|intranet|google (?:docs?|drive)|slack)"
_UNWRITTEN: Final = lazy_pattern(
    "|".join(
        (
            rf"\b{_HERE}\b{_ABOUT} {_WILL} (?:\w+ )?be {_WRITTEN}\b",
            rf"\b(?:{_WHOLE}|description|details?|content|text|documentation|answers?)\b{_ABOUT} {_WILL} (?:\w+ )?"
            rf"be {_WRITTEN} {_LATER}",
            rf"\b{_HERE}\b[^.;:]{{0,60}}? (?:is|was|has been) (?:\w+ly )?(?:left )?"
            r"(?:blank|empty|skipped|omitted|unfinished|incomplete"
            r"|not (?:yet )?(?:written|filled|finished|complete|done))\b",
            rf"\b{_WRITERS} {_INTEND} (?:\w+ )?(?:write|add|complete|fill|finish|draft|do|expand) (?:(?:in|out|up) )?"
            r"(?:this|the) (?:\w+ )?(?:section|part|chapter|paragraph|page|text|rest)\b",
            rf"\A\W*(?:please )?(?:see|look (?:at|in|into)|refer to|check|consult|go to) (?:\w+ ){{0,4}}{_PLACES}\b",
            r"\b(?:is|are) (?:described|documented|explained|written down|covered|to be found) (?:in|on|at) "
            rf"(?:\w+ ){{0,3}}{_PLACES}\b",
            r"\A\W*(?:work on [^.;:]{0,40} is )?tracked (?:in|as|under) (?:\w+ ){0,3}[A-Z][A-Z0-9]+-\d+",
            r"\bas an? (?:ai |large )?language model, i\b",
            r"\bas an ai(?: assistant)?, i\b",
            r"\bhere is an? (?:\w+ )?template\b",
            r"\b(?:adapt|customi[sz]e) (?:it |this |them )?to (?:your|the) (?:organi[sz]ation|needs)",
        )
    ),
    re.IGNORECASE,
)
_SIGNS: Final = (
    "added", "written", "completed", "filled", "finished", "drafted", "inserted", "expanded", "provided", "done",
    "supplied", "blank", "empty", "skipped", "omitted", "unfinished", "incomplete", "section", "chapter", "paragraph",
    "part", "page", "text", "rest", "wiki", "confluence", "sharepoint", "notion", "jira", "intranet", "google",
    "slack", "tracked", "language model", "as an ai", "template", "adapt", "custom",
)  # fmt: skip
"""one of these, in lower case, is in every sentence that says so"""
_ENDS: Final = lazy_pattern(r"((?<=[.!?])\s+|\n\s*\n)")
_FILLER_TEXT: Final = """
    blindtext blindtexte blindtexten wortbergen vokalien konsonantien buchstabhausen sprachozeans regelialien
    paradiesmatisches unorthographisches oxmox typoblindtext
    perspiciatis accusantium doloremque laudantium aperiam explicabo consequuntur nesciunt dolorem accusamus
    dignissimos ducimus blanditiis praesentium deleniti obcaecati eligendi impedit repellendus quibusdam debitis
    рыбные рыбными рыбного безорфографичный парадигматическая оксмокс
    """
_FILLER: Final = frozenset(_FILLER_TEXT.split())
"""words of texts that fill a page and that nobody writes of a system"""


def says_unwritten(sentence: str) -> bool:
    """Whether a sentence says that what should stand here is not written, or where else it stands."""
    if not holds_any(lower_as_matched(sentence), _SIGNS):
        return False
    return _UNWRITTEN.search(" ".join(sentence.split())) is not None


def without_unwritten(text: str) -> str:
    """A text without the sentences that say so, also where they go over several lines."""
    if not holds_any(lower_as_matched(text), _SIGNS):
        return text
    return "".join(part for part in _ENDS.split(text) if not says_unwritten(part))


def holds_filler(words: list[str]) -> bool:
    """Whether the words are those of a text that only fills a page."""
    return not _FILLER.isdisjoint(words)

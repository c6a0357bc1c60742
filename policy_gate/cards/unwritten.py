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
    r"|in (?:the|a) (?:next|coming|future|later|final|full|camera-ready|revised|updated|public)\b)"
)
_WRITERS: Final = r"(?:we|i|somebody|someone|(?:the|our) (?:\w+ )?(?:teams?|authors?|owners?))"
_INTEND: Final = r"(?:will|shall|intends? to|plans? to|(?:is|are|am) going to|hopes? to|still (?:has|have|needs?) to)"
_PLACES: Final = r"(?:wiki|confluence|sharepoint|notion|jira|intranet|google (?:docs?|drive)|slack)"
_THINGS: Final = (
    r"(?:limit(?:ation)?s?|bias(?:es)?|risks?|issues?|restrictions?|problems?|failure modes?|failures|weaknesses|uses?"
    r"|measures?|mitigations?|groups?|caveats?)"
)
_KNOW: Final = r"(?:know(?: of)?|are aware(?: of)?|have seen)"
_SO_FAR: Final = (
    r"(?: (?:at this (?:point|time|moment|stage)(?: in time)?|at present|to date|so far|as of now|yet|at all|now"
    r"|currently|today))*"
)
_LOOK: Final = (
    r"(?:testing|tests?|evaluations?|assessments?|audits?|analys[ei]s|reviews?|measurements?|documentation|study)"
)
_LOOKED_AT: Final = (
    r"(?:documented|described|determined|assessed|listed|evaluated|tested|identified|defined|analy[sz]ed|investigated"
    r"|published|measured|examined|studied|looked at|worked out|addressed)"
)
_NOT_WELL: Final = (
    r"(?:(?:may|might|can|could|will|does|would) (?:\w+ )?(?:not|fail to|struggle to)?|fails to|struggles to)"
    r" ?(?:\w+ ){0,2}?(?:generali[sz]e|perform|work|behave|extrapolate|transfer|degrade)"
)
_UNWRITTEN: Final = lazy_pattern(
    "|".join(
        (
            rf"\b{_HERE}\b{_ABOUT} {_WILL} (?:\w+ )?be {_WRITTEN}\b",
            rf"\b(?:{_WHOLE}|description|details?|information|content|text|documentation"
            rf"|answers?)\b{_ABOUT} {_WILL} (?:\w+ )?"
            rf"be {_WRITTEN} {_LATER}",
            rf"\b{_HERE}\b[^.;:]{{0,60}}? (?:is|was|has been) (?:\w+ly )?(?:left )?"
            r"(?:blank|empty|skipped|omitted|unfinished|incomplete"
            r"|not (?:yet )?(?:written|filled|finished|complete|done))\b",
            rf"\b{_HERE}(?: \w+ly)? left (?:blank|empty)\b",
            rf"\b{_WRITERS} {_INTEND} (?:\w+ )?(?:write|add|complete|fill|finish|draft|do|expand|update"
            rf"|extend) (?:(?:in|out|up) )?"
            r"(?:this|the) (?:\w+ )?(?:section|part|chapter|paragraph|page|text|rest)\b",
            rf"\A\W*(?:please )?(?:see|look (?:at|in|into)|refer to|check|consult|go to) (?:\w+ ){{0,4}}{_PLACES}\b",
            r"\b(?:is|are) (?:described|documented|explained|written down|covered|to be found) (?:in|on|at) "
            rf"(?:\w+ ){{0,3}}{_PLACES}\b",
            r"\A\W*(?:work on [^.;:]{0,40} is )?tracked (?:in|as|under) (?:\w+ ){0,3}[A-Z][A-Z0-9]+-\d+",
            rf"\b{_THINGS}\b[^.;:]{{0,60}} {_WILL} (?:\w+ )?be {_LOOKED_AT} (?:\w+ ){{0,3}}{_LATER}",
            rf"\A\W*(?:\w+ ){{0,4}}{_LOOK}\b[^.;:]{{0,40}} (?:is|are) (?:planned|scheduled|foreseen|envisaged|due) "
            r"(?:for|in|after|once|by|later|next)\b",
            rf"\A\W*(?:there (?:are|is)|we (?:know of|are aware of|see)|(?:the|this|our) (?:model|system) has) "
            rf"(?:\w+ly )?no (?:\w+ )?{_THINGS}(?:,? (?:that|which|of which) we {_KNOW})?{_SO_FAR}\W*\Z",
            r"\A\W*(?:we|our (?:team|tests?)|the team) (?:did not|didn['’]t|have not|haven['’]t|could not) "
            r"(?:find|found|see|seen|observed?|identify|identified|noticed?|detect(?:ed)?) any "
            rf"(?:\w+ )?{_THINGS}{_SO_FAR}\W*\Z",
            r"\A\W*(?:as with|like) (?:any|all|every|most) (?:\w+ ){0,5}(?:models?|systems?|ai)\b[^.;:]{0,50}\b"
            rf"(?:may|might|can|could|will|has|have|is|are) (?:\w+ ){{0,4}}(?:{_THINGS}|errors?|mistakes?)\W*\Z",
            r"\A\W*(?:(?:the|this|our) (?:\w+ )?(?:model|system) (?:(?:may|might|can|could|will) )?(?:has|have)"
            rf"|there (?:are|is|(?:may|might|can|could|will) be)) (?:\w+ )?{_THINGS}\W*\Z",
            rf"\A\W*(?:the|this|our|it)(?: \w+)?(?: (?:model|system))? {_NOT_WELL}\b[^.;:]{{0,40}}\b"
            r"(?:outside|beyond|unlike|different (?:from|to)|not (?:in|part of)|far from) (?:\w+ ){0,3}training"
            r"(?: (?:data|set|distribution|domain|examples))?\W*\Z",
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
    "limit", "bias", "risk", "issue", "restriction", "problem", "fail", "weakness", "use", "measure", "mitigat",
    "group", "caveat", "training", "planned", "scheduled", "foreseen", "envisaged", "due",
)  # fmt: skip
"""one of these, in lower case, is in every sentence that `_UNWRITTEN` finds"""
_OPEN_END: Final = lazy_pattern(
    r"\b(?:is|are|was|were|be|been|to|because|since|that|which|of|by|with|for|on|in|as|from|at|about|the|an?|not"
    r"|do(?:es)?|did|can|cannot|could|should|may|might|must|will|would|has|have|had|includes?|contains?|uses?"
    r"|comprises?"
    r"|recommend(?:s|ed)?|consider(?:s|ed)?|advise|suggest"
    r"|est|sont|était|pour|es|son|era|para|ist|sind|war|für|zu|è|sono|per|é|são)\s*(?:\.{3,}|…)[\s*_\"'”)\]]*\Z"
    r"|\A\W*(?:here|below|above) (?:is|are) (?:\w+ ){1,8}?\w+\s*(?:\.{3,}|…)\W*\Z",
    re.IGNORECASE,
)
"""how a sentence ends that somebody began and nobody finished: "The training data are ..."; a list may go on so"""
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
_LATIN_TEXT: Final = """
    lorem ipsum dolor amet consectetur adipiscing elit eiusmod tempor incididunt labore dolore magna aliqua enim minim
    veniam quis nostrud exercitation ullamco laboris nisi aliquip commodo consequat duis aute irure reprehenderit
    voluptate velit esse cillum fugiat nulla pariatur excepteur sint occaecat cupidatat proident culpa officia deserunt
    mollit laborum vestibulum curabitur pellentesque vivamus suspendisse
    """
_LATIN: Final = frozenset(_LATIN_TEXT.split())


def says_unwritten(sentence: str) -> bool:
    """Whether a sentence says that what should stand here is not written, or where else it stands."""
    if not holds_any(lower_as_matched(sentence), _SIGNS):
        return False
    return _UNWRITTEN.search(" ".join(sentence.split())) is not None


def is_left_open(sentence: str) -> bool:
    """Whether a sentence was begun for somebody else to finish."""
    return ("..." in sentence or "…" in sentence) and _OPEN_END.search(sentence) is not None


def without_unwritten(text: str) -> str:
    """A text without the sentences that say that it is not written, also where they go over several lines."""
    if not holds_any(lower_as_matched(text), _SIGNS):
        return text
    return "".join(part for part in _ENDS.split(text) if not says_unwritten(part))


def is_filler(words: list[str]) -> bool:
    """Whether the words are those of a text that only fills a page."""
    if not _FILLER.isdisjoint(words):
        return True
    latin = {word for word in words if word in _LATIN}
    return len(latin) >= 3 and 3 * sum(word in latin for word in words) >= len(words)

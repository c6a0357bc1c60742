"""Sentences by which a card says of its own limits that they hold no more, while these still stand there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from policy_gate.cards.text_normal import SENTENCE_END, key_of
from policy_gate.schema.patterns import lazy_pattern

_LIMITS: Final = r"(?:limit(?:ation)?s?|restrictions?|caveats?|bias(?:es)?|failure modes?|prohibitions?)"
_POINTS: Final = r"(?:points?|items?|issues?|problems?|weakness(?:es)?)"
_ABOUT: Final = (
    r"(?:both|all|none|neither|nothing|everything|each|this|that|these|those)"
    rf"(?: (?:of|in) (?:this|these|them|those|the)(?: (?:above|below|list|{_LIMITS}))?)?(?: (?:{_LIMITS}|{_POINTS}))?"
    rf"|(?:(?:the|all|most|known|above|earlier|previous|listed|stated|our|its) ){{0,4}}{_LIMITS}"
    r"(?: (?:above|below|listed|named|stated|here|of|this|the|model|card|earlier|version|\d[\d.]*)){0,5}"
    rf"|the (?:above|former|latter|first|second|last|(?:\w+ )?(?:{_POINTS}|effects?|impact))"
)
"""what a sentence is about that speaks of limits as a whole, or of the one before it"""
_BE: Final = r"(?:is|are|was|were|has been|have been|had been|got)"
_ADVERBS: Final = r"(?:(?:now|since|all|both|meanwhile|already|fully|completely|mostly|largely|long) ){0,3}"
_MENDED: Final = (
    r"(?:fixed|solved|resolved|mended|repaired|overcome|gone|history|lifted|eliminated|corrected|rectified)"
)
_UNTRUE: Final = r"(?:untrue|false|wrong|moot|negligible|harmless|irrelevant|(?:of )?no concern|obsolete|outdated|void)"
_HOLDS: Final = (
    r"(?:so|true|valid|relevant|correct|current|the case|in force|hold|holds|apply|applies|exist|exists|matter|matters"
    r"|remain|remains|stand|stands|occur|occurs|a (?:problem|concern|limit|limitation))"
)
_MORE: Final = r"any ?(?:more|longer)"
_TAIL: Final = r"(?=\W*\Z|\s*[,;:(]|\s+(?:now|since|in|by|with|as of|anymore|any (?:more|longer)|today|and)\b)"
_DENIED: Final = lazy_pattern(
    rf"\b(?:none|neither|nothing)(?: (?:of|in)(?: \w+){{1,4}}?)? {_BE} {_ADVERBS}(?:{_MENDED}|{_UNTRUE})\b",
    re.IGNORECASE,
)
"""that none of them is mended says that they hold"""
_SAYS: Final = lazy_pattern(
    rf"\b(?:{_ABOUT}) (?:{_BE} {_ADVERBS}(?:{_MENDED}|{_UNTRUE})"
    r"|(?:can|may|could|should) (?:now |safely )?be (?:ignored|disregarded)"
    rf"|(?:{_BE} |do |does )?no longer (?:be )?{_HOLDS}|(?:(?:{_BE}|do|does) )?not {_HOLDS} {_MORE}){_TAIL}"
    rf"|\b(?:none|neither|nothing)(?: (?:of|in) \w+(?: \w+)?)? (?:{_BE} )?(?:now )?{_HOLDS}{_TAIL}"
    rf"|\b(?:it|they) (?:{_BE}) {_ADVERBS}(?:fixed|solved|resolved|mended|gone){_TAIL}",
    re.IGNORECASE,
)
_ALONE: Final = lazy_pattern(
    rf"\W*(?:now |since |already |meanwhile |status:? )?(?:{_MENDED}|no longer (?:so|true|valid|the case|relevant)"
    rf"|not (?:so|true)(?: {_MORE})?|untrue|behoben|erledigt|gelöst|corrigée?s?|résolue?s?|corregid[oa]s?|resuelt[oa]s?"
    r"|corrigid[oa]s?|resolvid[oa]s?|已修复|已解决|解決済み)"
    r"(?:\W*| (?:in|by|since|with|as of|on|seit|mit|depuis|desde|en)\b.*)\Z",
    re.IGNORECASE,
)
"""all that stands behind a limit, in brackets or in a column"""
_IN_OTHER_LANGUAGES: Final = lazy_pattern(
    r"\b(?:gilt|gelten|trifft|treffen|besteht|bestehen)\b.{0,40}\bnicht mehr\b"
    r"|\b(?:ist|sind|wurden?) (?:alle |beide )?(?:behoben|gelöst|hinfällig)"
    r"|\bne s['’]appliqu\w+ plus|\b(?:n['’]est|ne sont) plus (?:vrai|valable|le cas|d['’]actua)"
    r"|\b(?:ont|a) été (?:corrigé|résolu)|\bya no (?:se aplica|es cierto|son ciert|vale)"
    r"|\b(?:fueron|fue|han sido) (?:corregid|resuelt|solucionad)|\b(?:já )?não se aplica|\bforam (?:corrigid|resolvid)"
    r"|不再适用|不再存在|已修复|已解决|もう当てはまら|解消され",
    re.IGNORECASE,
)
_NAMES_LIMITS: Final = lazy_pattern(
    r"\b(?:limit(?:ation)?s?|restrictions?|caveats?|prohibitions?)\b|einschränkung|limites?\b|limita[cç]|限制|制限",
    re.IGNORECASE,
)
_LONGEST: Final = 30
_CHARACTERS: Final = 300
"""words and characters of a sentence about what stands around it"""


def taken_back(texts: Iterable[str], before: Iterable[str], *, must_name_limits: bool = False) -> list[str]:
    """Of these texts the sentences, none of them said before, by which limits hold no more."""
    known = {key_of(sentence) for text in before for sentence in SENTENCE_END.split(text)}
    found = (sentence.strip() for text in texts for sentence in SENTENCE_END.split(text))
    return [
        it
        for it in dict.fromkeys(found)
        if _takes_back(it) and key_of(it) not in known and (not must_name_limits or _NAMES_LIMITS.search(it))
    ]


def only_asked(before: Iterable[str], after: Iterable[str]) -> list[str]:
    """Of the statements before, those that stand there as questions now."""
    stated = list(after)
    asked = {key_of(it) for it in stated if it.rstrip(" *_\"'").endswith(("?", "？"))}
    said = {key_of(it) for it in stated if not it.rstrip(" *_\"'").endswith(("?", "？"))}
    return [it for it in before if not it.rstrip().endswith("?") and key_of(it) in asked - said]


@lru_cache(maxsize=4096)
def _takes_back(sentence: str) -> bool:
    if len(sentence) > _CHARACTERS or len(sentence.split()) > _LONGEST:
        return False
    return bool(
        _SAYS.search(_DENIED.sub("", sentence)) or _ALONE.match(sentence) or _IN_OTHER_LANGUAGES.search(sentence)
    )

"""What a card's own sentences say of people: that their data is in it, that machines decide about them alone.

Only plain statements count: a sentence with a denial, a condition or a possibility in it says neither, and one that
leaves the decision to a person is no automatic decision.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from policy_gate.schema.patterns import lazy_pattern

_WHOSE: Final = r"(?:patients?|medical|health|employees?|personnel|applicants?|candidates?|students?|pupils?|clients?)"
_PERSONAL: Final = lazy_pattern(
    r"\b(?:personal(?:ly)? (?:data|information|identifiable information)|PII"
    r"|(?:e-?mail|home|postal|IP) addresses|(?:tele)?phone numbers|dates? of birth|birth ?dates"
    r"|social security numbers|passport numbers|(?:full|first and last) names"
    r"|names(?:,| and) (?:e-?mail |home |postal )?addresses"
    rf"|(?:names|faces|photos|photographs|voices) of (?:people|persons|users|customers|{_WHOSE})"
    rf"|{_WHOSE}['’]?s?['’]? (?:records|files|histories|charts|names|data)"
    r"|CVs|curricula vitae|résumés of|job applications of"
    r"|personenbezogene[rn]? Daten|données (?:personnelles|à caractère personnel)|datos personales)(?!\w)",
    re.IGNORECASE,
)
_DENIED: Final = lazy_pattern(
    r"\b(?:no|not|never|without|none|nor|neither|cannot|free of|instead of|rather than|remov\w+|stripp\w+|redact\w+"
    r"|anonymi[sz]\w+|pseudonymi[sz]\w+|de-?identif\w+|exclud\w+|scrub\w+|mask\w+|filter\w+|synthe\w+|fictional"
    r"|fictitious|invented|delet\w+|dropp\w+|hash\w+|aggregat\w+|generated|simulated|may|might|could|if|unless|should"
    r"|must|avoid\w*|keine?n?|ohne|nicht|anonymisiert\w*|sans|aucune?|pas|sin|ningun\w*)\b|\w+n['’]t\b",
    re.IGNORECASE,
)
_NO_PERSON: Final = (
    r"(?:without|with no|no) (?:a |any |further )?(?:human|manual|person)(?:['’]s)?"
    r"(?: (?:review|intervention|involvement|oversight|approval|check|in the loop|input))?"
)
_OUTCOMES: Final = (
    r"(?:(?:reject|approv|decid|declin|grant|refus|dismiss)\w*|den(?:y|ies|ied)|(?:hir|fir)(?:es?|ed|ing))\b"
)
_AUTOMATIC: Final = lazy_pattern(
    rf"\b(?:(?:fully|solely|completely|entirely|purely)[ -]automat\w+"
    rf"|{_OUTCOMES}[^.;]*\b(?:automatically|{_NO_PERSON})"
    rf"|automatic(?:ally)? {_OUTCOMES}|are automatically {_OUTCOMES}|automated decisions?(?:[ -]making)?"
    r"|vollautomatisch\w*|décisions? (?:entièrement )?automatisées?|decisiones automatizadas)(?!\w)",
    re.IGNORECASE,
)
_WITHOUT_A_PERSON: Final = lazy_pattern(_NO_PERSON, re.IGNORECASE)
_A_PERSON_DECIDES: Final = lazy_pattern(
    r"\b(?:decision support|supports?|assists?|recommend\w*|suggest\w*|propos\w*|advis\w*|human[- ]in[- ]the[- ]loop"
    r"|(?:a |an |the |each |every )?(?:human|person|people|recruiters?|clinicians?|doctors?|reviewers?|officers?|staff"
    r"|experts?|teams?|analysts?|operators?|caseworkers?) (?:\w+ ){0,3}(?:decid|review|confirm|approv|check|sign)\w*"
    r"|(?:decided|reviewed|confirmed|approved|checked|signed off) by)\b",
    re.IGNORECASE,
)


def names_personal_data(sentences: Iterable[str]) -> bool:
    """Does one of these say that data of people is in it?"""
    return any(_PERSONAL.search(text) and not _DENIED.search(text) for text in sentences)


def names_automatic_decisions(sentences: Iterable[str]) -> bool:
    """Does one of these say that decisions are taken by the system alone, and none that a person takes them?"""
    said = tuple(sentences)
    return any(map(_is_automatic, said)) and not any(map(_leaves_it_to_a_person, said))


def _is_automatic(text: str) -> bool:
    return bool(_AUTOMATIC.search(text)) and not _DENIED.search(_WITHOUT_A_PERSON.sub(" ", text))


def _leaves_it_to_a_person(text: str) -> bool:
    return bool(_A_PERSON_DECIDES.search(_WITHOUT_A_PERSON.sub(" ", text)))

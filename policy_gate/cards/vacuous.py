"""Short sentences that fill a field and say nothing of it.

The rule in one sentence: a short sentence says something where one of its words stands in none of the closed classes
of its language and is no word of the field's own name; what only refers to something it does not name, promises an
answer or says who will give it is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from policy_gate.cards.own_words import NAMES, OWN, RISKS, SPEAKS
from policy_gate.cards.text_normal import as_typed
from policy_gate.cards.vacuous_words import CHECKED, TONGUES, Tongue
from policy_gate.schema.patterns import lazy_pattern

_MOST: Final = 12
"""words of a sentence that is looked at"""
_POINTS: Final = 9
"""and of one that begins by sending its reader elsewhere"""
_TAIL: Final = 6
"""words that tell who is to give an answer"""
_WORD: Final = lazy_pattern(r"[^\W_]+(?:['.-][^\W_]+)*")
_ELIDED: Final = lazy_pattern(r"(?:[ldnsjcmt]|qu|un|quest|(?:d|n)?ell|(?:d)?all|sull)'(?=\w)", re.IGNORECASE)
_VERSION: Final = lazy_pattern(r"v?\d+(?:\.\d+)*", re.IGNORECASE)
_MEASURES: Final = frozenset({"mitigation_measures", "review_schedule", ""})
"""fields in which to check something is an answer; "" is a text of no known field"""
_NO_NAMES: Final = (frozenset[str](),) * len(TONGUES)


@lru_cache(maxsize=4096)
def says_nothing(sentence: str, field: str = "", own: frozenset[str] = frozenset()) -> bool:
    """Whether a sentence of a few words says nothing of the field, or of what is called by its `own` words."""
    if len(sentence) > 160:
        return False
    written = _WORD.findall(_ELIDED.sub("", as_typed(sentence)))
    if not 0 < len(written) <= _MOST:
        return False
    names = zip(TONGUES, OWN.get(field, _NO_NAMES), strict=True)
    return any(_is_vacuous(written, tongue, field, own | named) for tongue, named in names)


def _is_vacuous(written: Sequence[str], tongue: Tongue, field: str, own: frozenset[str]) -> bool:
    words = _without_counts([word.casefold() for word in written], NAMES.get(field, frozenset()))
    if words[0] in tongue.points | tongue.looks:
        return _points(written, tongue)
    if words[0] not in tongue.grammar and not _may_begin(words[0], tongue, own):
        return False
    asked = len(list(_without_agent(words, tongue, tongue.decided | CHECKED)))
    named = [word.casefold() if word.casefold() in own else word for word in written[:asked]]
    if _holds_a_name(named, tongue) or _denies(words, tongue, own | tongue.filler if field in RISKS else frozenset()):
        return False
    speaks = SPEAKS.get(field, frozenset())
    core = (tongue.filler - speaks) | own
    plain = core if field in _MEASURES else core | tongue.status
    closed = (plain | tongue.grammar | tongue.negations | tongue.after_negation | tongue.status) - speaks
    if not tongue.status.isdisjoint(words):
        closed |= tongue.elsewhere
    said = plain | tongue.last if tongue.negations.isdisjoint(words) else plain | tongue.after_negation
    says_so = not said.isdisjoint(words)
    words = list(_without_filler_nouns(words, tongue, own, speaks))
    if closed.issuperset(words) and says_so:
        return True
    return speaks.isdisjoint(words) and (_refers(words, tongue, closed) or _promises(words, tongue, closed, field))


def _without_counts(words: Sequence[str], names: frozenset[str]) -> list[str]:
    """The words without a digit or letter that only counts the field's own name: "Limitation 1", "Risk B"."""
    return [word for before, word in pairwise(("", *words)) if len(word) > 1 or before not in names]


def _points(written: Sequence[str], tongue: Tongue) -> bool:
    """Whether a sentence sends its reader elsewhere by its first word, and says nothing else."""
    if not 1 < len(written) <= _POINTS or any(word.isdigit() for word in written):
        return False
    known = tongue.places | tongue.grammar | tongue.filler
    is_place = all(word[0].isupper() or word.casefold() in known for word in written[1:])
    return is_place or written[0].casefold() in tongue.points


def _may_begin(word: str, tongue: Tongue, own: frozenset[str]) -> bool:
    """False where no sentence begins so that says nothing; most sentences are told by it."""
    several = (
        own, tongue.filler, tongue.status, tongue.like, tongue.first_like, tongue.negations, tongue.promises,
        tongue.decided, tongue.later, CHECKED,
    )  # fmt: skip
    return any(word in words for words in several)


def _holds_a_name(written: Sequence[str], tongue: Tongue) -> bool:
    """Whether a word behind the first is a name: in capitals, or with one where not all words have them."""
    if all(word.isupper() for word in written):
        return False
    if any(len(word) > 1 and word.isupper() for word in written):
        return True
    behind = [word[0].isupper() for word in written[1:]]
    return not tongue.names_nouns and any(behind) and not all(behind)


def _denies(words: Sequence[str], tongue: Tongue, hollow: frozenset[str]) -> bool:
    """Whether something is denied that says something by it, be it the word that the field is called.

    The `hollow` words say nothing either way.
    """
    for at, word in enumerate(words):
        if word in tongue.negations:
            behind = next((it for it in words[at + 1 :] if it not in tongue.grammar), "")
            if behind not in tongue.after_negation | hollow:
                return True
    return False


def _without_filler_nouns(
    words: Sequence[str], tongue: Tongue, own: frozenset[str], speaks: frozenset[str]
) -> Iterator[str]:
    """The words without nouns for anything, behind an article or a filler, and without a verb that lacks its object."""
    before = ""
    for word, behind in zip(words, [*words[1:], ""], strict=True):
        is_led = before in tongue.grammar | tongue.filler | tongue.referred | tongue.like
        is_noun = word in tongue.nouns - own and is_led and behind not in own | tongue.nouns
        if not (is_noun and word not in speaks) and not (word in tongue.last and not behind and before):
            yield word
        before = word


def _refers(words: Sequence[str], tongue: Tongue, closed: frozenset[str]) -> bool:
    """Whether a sentence says that it is as with something else, and not what that is."""
    is_as_it_was = not tongue.negations.isdisjoint(words) and not tongue.after_negation.isdisjoint(words)
    is_like = words[0] in tongue.first_like or is_as_it_was or not tongue.like.isdisjoint(words)
    told = list(_without_agent(words, tongue, tongue.referred & tongue.decided))
    rest = [word for word in told if not _VERSION.fullmatch(word)]
    known = closed | tongue.like | tongue.first_like | tongue.referred
    return is_like and len(rest) > (words[0] in tongue.first_like) and known.issuperset(rest)


def _promises(words: Sequence[str], tongue: Tongue, closed: frozenset[str], field: str) -> bool:
    """Whether a sentence says that there will be an answer, with who will give it or when."""
    decided = tongue.decided if field in _MEASURES else tongue.decided | tongue.status | CHECKED
    if tongue.promises.isdisjoint(words) or decided.isdisjoint(words):
        return False
    kept = list(_without_agent(words, tongue, decided))
    return (closed | decided | tongue.promises | tongue.later).issuperset(kept)


def _without_agent(words: Sequence[str], tongue: Tongue, decided: frozenset[str]) -> Iterator[str]:
    """The words but for those who are to give an answer, where these are named at the end or before the last verb."""
    for at, word in enumerate(words):
        is_tail = word in tongue.agents and 0 < len(words) - at - 1 < _TAIL
        if is_tail and at and not any(map(str.isdigit, "".join(words[at:]))):
            if words[at - 1] in decided:
                return
            if tongue.ends_on_verb and words[-1] in decided:
                yield words[-1]
                return
        yield word

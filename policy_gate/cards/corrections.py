"""Sentences by which a card corrects a number that it gives in another place, or takes it back.

A corrected number is one more statement of its metric: of the two the less good counts, so that no sentence makes a
number better, and both lines are told. A number that is only taken back is none that was measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.cards.measured import no_result
from policy_gate.cards.metrics import OVERALL, flat
from policy_gate.cards.quantities import read_number
from policy_gate.cards.stated_number import StatedNumber, spelled
from policy_gate.cards.statements import Passage
from policy_gate.cards.text_normal import SENTENCE_END, holds_any, lower_as_matched
from policy_gate.schema.patterns import lazy_pattern

_RESULTS: Final = "overall_performance"
_OF_THE_PAST: Final = frozenset({"changelog_summary", "previous_version"})
"""fields whose sentences are about what no longer is"""
_LONGEST: Final = 240
_MOST: Final = 64
"""metrics of which corrections are looked for"""
_MOST_ASKED: Final = 1024
"""sentences that name one of them, over all of these"""
_SIGNS: Final = (
    "corr", "errat", "actual", "real", "true", "in fact", "should", "instead", "rather", "not ", "stated", "estimated",
    "reported", "calculated", "inflated", "wrong", "invalid", "unreliable", "too ", "update", "edit", "korrektur",
    "berichtig", "tats", "richtig", "rectif", "réel", "vérita", "effettiv", "turned out", "retract", "withdrawn", "now",
)  # fmt: skip
"""one of these, in lower case, is in every sentence that corrects something"""
_MARKED: Final = lazy_pattern(
    r"\A\W*(?:correction|corrected|corrigend(?:um|a)|errat(?:um|a)|amendment|update|edit|korrektur|berichtigung"
    r"|rectificatif|erratum|rectification|corrección|rectificación|correzione|rettifica|correção|retificação)\b"
    r"[^:.]{0,40}[:–—]\s*",
    re.IGNORECASE,
)
"""how a sentence begins that corrects what stands elsewhere"""
_TRUE: Final = (
    r"(?:actual|real|true|correct(?:ed)?|right|updated|revised|re-?measured|tatsächliche[rn]?|richtige[rn]?"
    r"|korrigierte[rn]?|réelle?|véritable|corrigée?|real|correcta?|corregida?|reale|effettiva|corretta)"
)
_LED: Final = (
    r"(?:the|our|this|its|an?|overall|mean|average|reported|stated|published|claimed|measured|new|final|test|model['’]?s?"
    r"|die|der|das|la|le|les|el|il|lo|o|a)"
)
_OF: Final = (
    r"(?:\s*\([^()\d]{1,40}\)|\s+(?:of|for)\s+(?:the|this|our)\s+(?:model|system|version)"
    r"|\s+on\s+(?:the|our)\s+(?:\w+\s+)?(?:test|held-?out|evaluation)\s+(?:set|data|split)|\s+(?:above|here|value|score"
    r"|given above|in the table|stated above|reported above)){0,2}"
)
_IS: Final = (
    r"(?:\s*[:=]|\s+(?:is|was|are|were|of|to|should\s+(?:read|be|have\s+been|have\s+read)|(?:drops?|fell|falls|comes|came"
    r"|amounts|turned\s+out)\s+(?:to|at)(?:\s+be)?|turns?\s+out\s+to\s+be|ist|beträgt|liegt\s+bei|est(?:\s+de)?|es(?:\s+de)?"
    r"|é(?:\s+de)?|è(?:\s+del)?))"
)
_ADVERBS: Final = (
    r"(?:\s+(?P<adverb>actually|really|in\s+fact|in\s+reality|now|rather)|\s+(?:only|just|about|approximately|merely))*"
)
_NUMBER: Final = r"\s*(?P<number>\d[\d.,]*\d\s*%?|\d\s*%?)"
_OTHER: Final = (
    r"(?:not|instead\s+of|rather\s+than|and\s+not|down\s+from|(?:previously|formerly)|nicht|statt|et\s+non|no)"
)
_TAIL: Final = (
    rf"(?P<tail>\s*[,(]?\s*{_OTHER}\s*(?:the\s+)?(?:\w+\s+)?\d[\d.,]*\s*%?)?"
    r"(?:\s*[.;!)]*\s*\Z|\s*[,;(]|\s+(?:because|due|and|but|weil|car|parce|porque|perché)\b)"
)
_UNSOUND: Final = (
    r"(?:(?:over|under|mis)-?(?:stated|estimated|reported|calculated|counted)|wrong|incorrect|invalid|unreliable|inflated"
    r"|mistaken|void|retracted|withdrawn|not\s+(?:reliable|valid|correct|right|trustworthy|true)"
    r"|too\s+(?:good|optimistic))"
)
_ENDS: Final = r"(?:\W*\Z|\s*[,;:(–—]|\s+(?:because|since|as|due|after)\b)"


_BEGINS: Final = (
    r"(?:\A\W*|[,;:–—]\s*"
    r"|\b(?:that|so|and|but|dass|que|measured?|found|got|get|obtain(?:ed)?|report(?:ed)?)\s+)"
)
"""before a metric's name, where nothing makes another metric of it"""


class _Sentence(Struct, frozen=True):
    """A sentence, also in lower case, with its line, and whether it is marked as a correction."""

    text: str
    plain: str
    line: int | None
    is_marked: bool


class _Patterns(Struct, frozen=True):
    """How a metric's number is given anew in a sentence, in one that is marked, and how it is taken back."""

    word: str
    """the first of its name, in every sentence about it"""
    number: re.Pattern[str]
    marked: re.Pattern[str]
    unsound: re.Pattern[str]

    def is_in(self, plain: str) -> bool:
        """False where a sentence in lower case surely does not name the metric."""
        return self.word in plain


class _Correction(Struct, frozen=True):
    """What a sentence says of a metric: another number, or that the one that stands is none."""

    name: str
    line: int | None
    number: str
    sentence: str


class Corrected(Struct, frozen=True):
    """The numbers of a card, those that it gives once more, and the lines of the sentences that take one back."""

    numbers: Mapping[str, Mapping[str, Any]]
    again: tuple[StatedNumber, ...]
    lines: Mapping[str, int]


def with_corrections(
    numbers: Mapping[str, Mapping[str, Any]], again: Sequence[StatedNumber], told: Iterable[Passage]
) -> Corrected:
    """The numbers of a card and those that it gives once more, with what its sentences correct of the results."""
    kept: dict[str, Mapping[str, Any]] = dict(numbers)
    stated = list(again)
    lines: dict[str, int] = {}
    for it in _found(dict(flat(numbers.get(_RESULTS, {}))), told):
        if it.number:
            stated.append(StatedNumber(_RESULTS, OVERALL, it.name, it.number, it.line))
            continue
        own = spelled(it.name)
        results = kept[_RESULTS].items()
        kept[_RESULTS] = {name: _taken_back(raw, it) if spelled(name) == own else raw for name, raw in results}
        stated = [_again_without(other, it) for other in stated]
        lines |= {it.name: it.line} if it.line else {}
    return Corrected(kept, tuple(stated), lines)


def _again_without(stated: StatedNumber, it: _Correction) -> StatedNumber:
    is_it = stated.part in ("", _RESULTS) and stated.group == OVERALL and spelled(stated.name) == spelled(it.name)
    is_new = stated.line is not None and it.line is not None and stated.line >= it.line
    return replace(stated, raw=_taken_back(stated.raw, it), line=it.line) if is_it and not is_new else stated


def _taken_back(raw: Any, it: _Correction) -> Any:
    if isinstance(raw, Mapping):
        return {**raw, "value": _taken_back(raw["value"], it)} if "value" in raw else raw
    return no_result(str(getattr(raw, "text", raw)), it.sentence)


def _found(results: Mapping[str, Any], told: Iterable[Passage]) -> Iterator[_Correction]:
    names = [(name, raw, known) for name, raw in list(results.items())[:_MOST] if (known := _patterns(name))]
    asked = ((it, *named) for it in (_sentences(told) if names else ()) for named in names if named[-1].is_in(it.plain))
    for it, name, raw, known in islice(asked, _MOST_ASKED):
        found = known.number.search(it.text) if not it.is_marked else known.marked.search(it.text)
        if found is not None and (it.is_marked or _is_new(found)):
            if not _is_the_same(found["number"], raw):
                yield _Correction(name, it.line, found["number"].strip(), it.text)
        elif known.unsound.search(it.text):
            yield _Correction(name, it.line, "", it.text)


def _sentences(told: Iterable[Passage]) -> Iterator[_Sentence]:
    """The sentences that may correct something, without the word that says so before them."""
    for passage in told:
        if not _OF_THE_PAST.isdisjoint(passage.within):
            continue
        is_headed = bool(passage.under) and _MARKED.match(f"{passage.under[-1]}:") is not None
        if not is_headed and not holds_any(lower_as_matched(passage.text), _SIGNS):
            continue
        for sentence in SENTENCE_END.split(" ".join(passage.text.split())):
            plain = sentence.casefold()
            if len(sentence) <= _LONGEST and (is_headed or holds_any(plain, _SIGNS)):
                marked = _MARKED.match(sentence)
                text = sentence[marked.end() :] if marked else sentence
                yield _Sentence(text, plain, passage.line, is_headed or marked is not None)


@lru_cache(maxsize=512)
def _patterns(name: str) -> _Patterns | None:
    """How sentences say a number of this metric, or that it is none; None for what is no name."""
    words = re.findall(r"[^\W_]+", name)
    if not words or name[:1].isdigit():
        return None
    spelling = r"[\s_-]*".join(map(re.escape, words))
    about = rf"{_BEGINS}(?:(?:{_LED}|(?P<true>{_TRUE}))\s+|l['’])*\b{spelling}\b{_OF}"
    beside = r"(?:(?:\s*,|\s+and|\s+or)\s+(?:the\s+)?[\w-]+){0,3}\s+(?:is|was|are|were|has been|have been)\s+"
    number, marked, unsound = (
        re.compile(about + rest, re.IGNORECASE)
        for rest in (
            rf"(?P<verb>{_IS}){_ADVERBS}{_NUMBER}{_TAIL}",
            rf"(?P<verb>{_IS})?{_ADVERBS}{_NUMBER}{_TAIL}",
            rf"{beside}(?:\w+ly\s+|all\s+)?{_UNSOUND}{_ENDS}",
        )
    )
    return _Patterns(words[0].casefold(), number, marked, unsound)


def _is_new(found: re.Match[str]) -> bool:
    """Whether a number is given as the one that holds, against another one."""
    is_to_be_read = re.search(r"should\s+(?:read|have)", found["verb"], re.IGNORECASE) is not None
    return is_to_be_read or any(found[part] for part in ("true", "adverb", "tail"))


def _is_the_same(number: str, raw: Any) -> bool:
    one, other = read_number(number), read_number(raw.get("value") if isinstance(raw, Mapping) else raw)
    return one is not None and other is not None and one.value == other.value and one.unit == other.unit

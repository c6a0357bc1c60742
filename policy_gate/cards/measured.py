"""What stands beside a number, above it or in a note to it, and says that nobody measured it on data it did not know.

A result on the training data, an estimate and a target are no results. What is noted so is handed on with its note, so
that it cannot be read as one; a note that says anything else is no part of the number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from policy_gate.cards.piece import Piece
from policy_gate.cards.result_columns import is_limit, looks_like_number
from policy_gate.schema.patterns import lazy_pattern

_SET: Final = (
    r"(?:[ -]?(?:sets?|data|datasets?|splits?|samples?|examples|corpus|partition|folds?|scores?|performance|accuracy"
    r"|values?|results?|metrics?|figures?|only))*"
)
_TRAIN: Final = (
    rf"(?:(?:train(?:ing)?|in-sample){_SET}|trainings?(?:daten|satz|set|menge)|(?:(?:données|jeu|datos|conjunto|dados)\s+)?"
    r"(?:d['’e]\s*)?(?:entra[iî]nement|entrenamiento|treinamento))"
)
_KINDS: Final = (
    r"estimat(?:es?|ed)|guess(?:es|ed)?|expected|projected|projections?|planned|assumed|assumptions?|hypothetical"
    r"|illustrative|aspirational|anticipated|extrapolated|made[- ]up|invented|fictitious|dummy"
    r"|placeholders?|(?:(?:geschätzt|erwartet|geplant)(?:e[nrsm]?)?|estimée?s?|prévue?s?|estimad[oa]s?|previst[oa]s?)"
)
_AIMS: Final = (
    r"targets?|targeted|goals?|aims?|desired|hoped[- ]for|zielwerte?|objectifs?|(?:valeurs?\s+)?(?:cibles?|visées?)"
    r"|objetivos?"
)
_UNDONE: Final = (
    r"(?:not|never) (?:yet )?(?:been )?(?:actually )?(?:measured|evaluated|tested|run)"
    r"|(?:to|will|must|shall) be (?:measured|evaluated|tested|determined|confirmed|verified)\b(?! again)"
    r"|(?:to|will|shall|should) be (?:reached|achieved|attained|obtained)"
    r"|unmeasured|untested"
)
_HOPED: Final = (
    r"(?:expected|anticipated|projected|planned|promised|hoped(?: for)?)\s+(?:after|once|when|with|by|in|from)\b.*"
    r"|(?:what )?(?:we|the team) (?:still )?(?:aim|hope|strive|plan|intend|want)"
    r" (?:for|at|to (?:reach|achieve|get|attain))\b\D*"
    r"|(?:only )?once (?:\w+ ){0,4}(?:re-?trained|re-?tuned|finished|released|fixed)\W*"
)
"""what is to come, and not only said to be estimated"""
_OLD: Final = r"(?:old(?:er)?|previous|prior|earlier|former|superseded|legacy)"
_UNSOUND: Final = (
    r"(?:wrong|incorrect|invalid|unreliable|inflated|overstated|not (?:reliable|valid|correct|trustworthy))"
)
_REASON: Final = r"(?:\s*,|\s+(?:because|since|due|as)\b)"
_PAST: Final = (
    rf"(?:of|from|with|on|by|for) (?:the |our )?{_OLD} (?:model|version|release|system)"
    rf"|(?:(?:this|the|it) (?:\w+ )?(?:is |was |are |were ))?{_UNSOUND}(?:{_REASON}.*)?"
    r"|(?:corrected|correction|errat(?:um|a)|now|actually|in fact|should (?:be|read))(?: to| value| only)?\s*[:=]?\s*"
    r"\d[\d.,]*\s*%?|"
    r"(?:this |the )?(?:\w+ )?(?:is |was |now ){0,2}(?:outdated|out of date|retracted|withdrawn|obsolete|superseded)"
    r"|(?:.*\W)?no longer (?:reached|valid|reproducible|correct|true|holds?)\b.*"
    r"|(?:.*\W)?(?:not|never) (?:be )?reproduced?\b.*"
)
_NUMBERS: Final = (
    r"(?:results?|evaluations?|performance|values?|figures?|numbers?|scores?|metrics?|accuracy|quality|rates?|measurements?"
    r"|werte?|ergebnisse?|zahlen|leistung|valeurs?|résultats?|chiffres|valores?|resultados?)"
)
_FIRST: Final = (
    r"(?:\W|\b(?:the|our|all|these|this|those|best|rough|conservative|an?|only|just|mere(?:ly)?|initial)\b)*"
)
_WHERE: Final = rf"(?:on|in|over|from|with|for)\s+(?:\b(?:the|our|its|same|own|full|whole)\b\s*)*{_TRAIN}"
_NOTE: Final = lazy_pattern(
    rf"{_FIRST}(?:(?:measured|evaluated|computed|obtained|reported|calculated)\s+)?(?:{_WHERE}|{_TRAIN})\W*"
    rf"|{_FIRST}(?:{_NUMBERS}\s+)?{_WHERE}\b.*"
    rf"|{_FIRST}(?:{_KINDS}|{_AIMS})(?:\s+{_NUMBERS})*(?:(?:[,;:(]|\s(?:for|of|at|until|before|as|not|only|without|-|–|—)\b).*)?"
    rf"|(?:.*\W)?(?:{_UNDONE})\b.*|{_FIRST}(?:{_HOPED})"
    rf"|(?:(?:measured|evaluated|computed|obtained|reported)\s+)?(?:{_PAST})\W*",
    re.IGNORECASE | re.DOTALL,
)
"""a note that is about the number beside it, and says no more"""
_SINCE: Final = (
    r"(?:old(?:er)?|previous|prior|earlier|former|outdated|obsolete|superseded|legacy|frühere|alte|vorherige|anciens?"
    r"|anciennes|précédente?s|antiguos|antigos|vecchi|precedenti)"
)
"""numbers from before; those called historical or past may well be of data from then"""
_HEADING: Final = lazy_pattern(
    rf"(?:(?:table|figure|tab\.|fig\.)\s*\d*\s*[:.]?)?{_FIRST}(?:\w+\s+)?"
    rf"(?:(?P<kind>(?:{_KINDS})\s+(?:\w+\s+)?{_NUMBERS}\b.*|(?:{_NUMBERS}|evaluation)\s*[(,:–—-]+\s*(?:{_KINDS})\b.*)"
    rf"|(?P<aim>(?:{_AIMS})(?:\s+{_NUMBERS})*\W*|(?:{_AIMS})\s+(?:for|of|until|by)\b(?!.*\b(?:is|are|was|were|to)\b).*)"
    rf"|(?P<wish>(?:{_AIMS}|expectations?|(?:{_KINDS})\s+{_NUMBERS})\s+(?:is|are)\s+(?:as follows|the following|below"
    r"|(?:listed|shown|given) below)|(?:.*\W)?(?:we|the team) (?:expect|target|(?:aim|hope|plan|strive) (?:for|at)"
    r"|(?:aim|hope|plan|want) to (?:reach|achieve|see))(?: the following)?\W*)"
    rf"|(?P<old>{_SINCE}\s+(?:\w+\s+)?{_NUMBERS}\W*(?:\(.*\))?"
    rf"|{_NUMBERS}\s*[(,:–—-]+\s*(?:old|outdated|obsolete|superseded|previous \w+|before the \w+)\W*"
    rf"|{_NUMBERS}\s+(?:(?:of|for|from|with)\s+(?:the |our )?{_OLD}\s+(?:model|version|release|system)s?"
    r"|before the \w+)\W*)"
    rf"|(?P<train>(?:{_NUMBERS}\s+)?(?:{_WHERE}|\(?{_TRAIN}\)?)\W*))",
    re.IGNORECASE | re.DOTALL,
)
_OF_FIGURES: Final = lazy_pattern(
    rf"\b{_NUMBERS}\b(?:\s+\w+){{0,3}}\s+(?:is|are|was|were|have been|has been)\s+"
    r"(?:\b(?:only|all|just|our|the|mere|rough|still|currently|so far|an?)\b\s*)*"
    rf"(?:(?P<kind>{_UNDONE}|(?:{_KINDS})\b(?!\s+(?:by|with|using|from|over|on|via|through)\b)|{_WHERE}"
    rf"|(?:measured|evaluated|computed|obtained|calculated)\s+{_WHERE})|(?P<aim>(?:{_AIMS})\b(?!\s+(?:that|which|met))))"
    rf"|\b(?:these|those|all|the)\s+{_NUMBERS}(?:\s+(?:above|below|here|in this \w+))?"
    rf"\s+(?:have|has|had|are|were)\s+{_UNDONE}"
    rf"|\bnone of (?:these|those|the|our) {_NUMBERS}(?:\s+\w+)?\s+(?:is|are|was|were|has been|have been)\s+"
    r"(?:actually )?(?:measured|tested|verified|real)\b"
    r"|\A\W*(?:(?:all|none) of )?(?:these|those|all|the|our|the above)\s+(?:reported |stated |published |test )?"
    rf"{_NUMBERS}"
    r"(?:\s+(?:above|below|here|reported|shown|given|in (?:this|the) table))*\s+(?:are|were|is|was)\s+(?:\w+ly\s+)?"
    rf"{_UNSOUND}(?:\W*\Z|{_REASON})",
    re.IGNORECASE,
)
"""a sentence about all numbers around it"""
_SIMULATED: Final = lazy_pattern(
    rf"{_FIRST}(?:(?:measured|evaluated|tested|computed|obtained)\s+)?(?:(?:on|with|from|in|using|over)\s+)?(?:\w+ly\s+)?"
    r"(?:simulated|synthetic|made-up|toy|dummy|mock|invented)(?:\s+\w+){1,2}\W*"
    rf"|{_FIRST}(?:(?:measured|evaluated|tested)\s+)?in (?:a )?simulat(?:ion|or)\W*|simulated\W*",
    re.IGNORECASE,
)
_MADE: Final = lazy_pattern(r"simulat|synthetic|artificial|generated|made-up|\btoy\b|\bmock\b", re.IGNORECASE)
"""what a card speaks of that is about such data; a note to one number of it says nothing new then"""
_POINT_ESTIMATE: Final = lazy_pattern(r"(?:point )?estimates?(?: \(.*\))?", re.IGNORECASE)
_ELSEWHERE: Final = lazy_pattern(
    r"test|held|hold|validat|unseen|eval|out-of|compar|real|fresh|bootstrap", re.IGNORECASE
)
"""a note on training data that also names other data, or another way of knowing, says not that nothing else was used"""
_REMARK: Final = lazy_pattern(r"[(\[](?P<text>[^\W\d_]+)[)\]]\Z")
"""one word in brackets behind a name"""
_SPLIT: Final = lazy_pattern(r"[.!?;]\s+|\n")
_MAY_SPEAK: Final = lazy_pattern(
    r"train|in-sample|entra|treina|estim|guess|expect|project|plan|assum|hypoth|illustr|aspir|anticip|extrapol|made|invent"
    r"|fictit|dummy|placeholder|gesch|erwart|gepl|prév|previst|visée|cible|target|goal|aim|desired|hoped|ziel|obje|not|never"
    r"|to be|will be|must be|shall be|unmeas|untest|outdated|out of date|retract|withdrawn|obsol|supersed"
    r"|no longer|none of|old|previous|prior|earlier|former|last|legacy|wrong|incorrect|invalid|unreliable|inflated"
    r"|overstated|reliable|valid|correct|trustworthy|errat|now|actually|in fact|should|anticip|promised|hope|strive"
    r"|intend|want|once|frühere|alte|vorherige|ancien|précédent|antig|vecchi|precedent|before the",
    re.IGNORECASE,
)
"""in all that the patterns above find something in"""
_NOTE_KEYS: Final = frozenset(
    {
        "split", "data split", "dataset split", "dataset", "data", "subset", "partition", "note", "notes", "comment",
        "remark", "status", "kind", "source", "basis", "measured on", "evaluated on", "description",
    }
)  # fmt: skip
"""keys beside a value that may say of it that nobody measured it"""
_LONGEST: Final = 240
_MARK_TEXT: Final = r"\[\^[^\]\s]{1,40}\]|\*{1,3}|[†‡§¶]{1,3}|[¹²³⁴⁵⁶⁷⁸⁹⁰]{1,2}|\^\d{1,2}"
_MARK: Final = lazy_pattern(rf"(?P<mark>{_MARK_TEXT})\Z")
_DEFINED: Final = lazy_pattern(rf"(?P<mark>{_MARK_TEXT}) ?[:.)]? ?(?P<text>\S.*)")


def names_no_measurement(header: str) -> bool:
    """Whether a column's name says that its numbers are no results; statisticians call a result an estimate."""
    return not _POINT_ESTIMATE.fullmatch(header.strip()) and is_no_measurement(header)


@lru_cache(maxsize=2048)
def is_no_measurement(note: str) -> bool:
    """Whether a note to a number says that it was measured on the training data, or is an estimate or a target."""
    plain = " ".join(note.split())
    if not plain or len(plain) > _LONGEST or not _MAY_SPEAK.search(plain):
        return False
    parts = [part for part in _SPLIT.split(plain) if part]
    if (remark := _REMARK.search(plain)) is not None:
        parts.append(remark["text"])
    return any(_NOTE.fullmatch(part) and not _speaks_of_tests(part) for part in parts)


def _speaks_of_tests(text: str) -> bool:
    return bool(re.search(r"train|in-sample", text, re.IGNORECASE) and _ELSEWHERE.search(text))


def of_all_below(title: str, *, has_limits: bool) -> bool:
    """Whether a heading or caption calls all numbers below it no results; a table with limits may speak of targets."""
    plain = " ".join(title.split()).rstrip(":： ")
    found = _HEADING.fullmatch(plain) if len(plain) <= _LONGEST and _MAY_SPEAK.search(plain) else None
    is_aim = found is not None and bool(found["aim"] or found["wish"])
    return found is not None and not _speaks_of_tests(plain) and not (has_limits and is_aim)


def of_all_around(text: str, *, has_limits: bool) -> bool:
    """Whether a sentence of a text says that the numbers of its section are no results."""
    if not _MAY_SPEAK.search(text):
        return False
    for part in _SPLIT.split(text):
        found = _OF_FIGURES.search(part) if len(part) <= _LONGEST else None
        if found is not None and not _speaks_of_tests(part) and not (has_limits and found["aim"]):
            return True
    return False


def notes_in(data: Mapping[Any, Any]) -> Iterator[str]:
    """What keys of a map say of the numbers in it, where they say that nobody measured them."""
    for key, value in data.items():
        is_note = isinstance(value, str) and str(key).casefold().replace("_", " ").replace("-", " ") in _NOTE_KEYS
        if is_note and (is_no_measurement(value) or of_all_around(value, has_limits=False)):
            yield value


def with_note(value: Any, notes: Iterable[object]) -> Any:
    """A value with the first of the notes beside it, where there is one that says that nobody measured it."""
    said = (it for it in notes if isinstance(it, str))
    note = next((it for it in said if is_no_measurement(it) or of_all_around(it, has_limits=False)), None)
    return value if note is None or value is None else no_result(str(getattr(value, "text", value)), note)


def no_result(value: str, note: str) -> str:
    """A number that cannot be read as a result, with the reason beside it."""
    return f"{value} (no result: {re.sub('[()]', '', ' '.join(note.split()))[:60]})"


class Notes:
    """What a text says of its numbers, apart from them: notes by their marks, and sentences by their sections."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.section = 0
        """where the reader is: the line of the heading above"""
        self._by_mark: dict[str, list[tuple[int, str]]] = {}
        self._by_section: dict[int, list[str]] = {}
        self._before: dict[int, str] = {}
        self._said: dict[tuple[int, bool], str] = {}
        self._is_made = False
        """whether the card says elsewhere than in a note that its data are simulated"""
        section = 0
        for piece in pieces:
            if piece.kind == "heading":
                section = piece.line
            elif piece.kind in ("text", "item"):
                self._before[piece.block + 1] = piece.text
                self._take(piece.text, section)

    def _take(self, text: str, section: int) -> None:
        for line in text.split("\n"):
            found = _DEFINED.match(" ".join(line[:_LONGEST].split()))
            if found:
                self._by_mark.setdefault(found["mark"], []).append((section, found["text"]))
            elif not self._is_made:
                self._is_made = _MADE.search(line) is not None
        if _MAY_SPEAK.search(text):
            self._by_section.setdefault(section, []).append(text)

    def without_mark(self, text: str) -> tuple[str, str]:
        """A cell without the mark of a note behind it, and what the note says; as it is where there is no such note."""
        plain = text.strip()
        found = _MARK.search(plain) if self._by_mark else None
        notes = self._by_mark.get(found["mark"], []) if found else []
        here = [text for section, text in notes if section == self.section] or [text for _, text in notes]
        note = next((text for text in here if is_no_measurement(text)), here[0] if here else "")
        return (plain[: found.start()].rstrip(), note) if found and note else (text, "")

    def about(self, piece: Piece, titles: Iterable[str], headers: Sequence[str]) -> str:
        """Which of the words around a number say that it is none that was measured; empty where none do."""
        has_limits = any(is_limit(header) for header in headers)
        before = self._before.get(piece.block, "").strip()
        if piece.kind == "text":
            before = next((it for it in (piece.text.split("\n")[0].strip(), before) if it.endswith(":")), "")
        last = _SPLIT.split(before)[-1].rstrip(".")
        announced = last.endswith(":") and is_no_measurement(last.rstrip(":"))
        for title in (*titles, last):
            if of_all_below(title, has_limits=has_limits) or (title is last and announced):
                return title
        section = self.section
        if (section, has_limits) not in self._said:
            texts = self._by_section.get(section, ())
            told = (text for text in texts if of_all_around(text, has_limits=has_limits))
            self._said[section, has_limits] = next(told, "")
        return self._said[section, has_limits]

    @staticmethod
    def first_of(notes: Iterable[str]) -> str:
        """The first of the notes that says that nobody measured what it is about; empty where none does."""
        return next((it for it in notes if is_no_measurement(it) and not looks_like_number(it)), "")

    def noted(self, value: str, beside: Iterable[str] = (), around: str = "") -> str:
        """A number as it is to be read: without the mark of its note, or with what says that it is no result."""
        plain, note = self.without_mark(value)
        is_simulated = bool(note) and not self._is_made and _SIMULATED.fullmatch(note) is not None
        said = self.first_of((note, *beside)) or around or (note if is_simulated else "")
        return no_result(plain, said) if said else plain

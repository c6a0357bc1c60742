"""What a card states outside a field's own section: sentences with a phrase of the field.

The rule in one sentence: where no section of a card is a field's own, a sentence that uses one of the field's phrases,
as the policies list them, states it wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.cards.field_names import CardVocabulary
from policy_gate.cards.placeholders import is_mostly_open, split_sentences, states_nothing, strip_placeholders
from policy_gate.cards.text_normal import visible
from policy_gate.schema.facts import CardField
from policy_gate.schema.patterns import lazy_pattern

ELSEWHERE: Final = "stated elsewhere"
"""what such a sentence stands under: no section of its field"""
_LEAST: Final = 7
"""words of a sentence that states something by itself"""
_ITEMS: Final = {
    "training_data_description": ("training_data_size", 2),
    "mitigation_measures": ("required_oversight_level", 5),
    "known_limitations": ("identified_biases", 5),
}
"""sections in which that many words state another field: "- 9,406 pairs" below training data"""
_NONE: Final = ("", _LEAST)
_LIST_MARK: Final = lazy_pattern(r"\s*(?:[-*•+]|\d{1,2}[.)])\s")
_HOW_TO: Final = lazy_pattern(
    r"\b(?:how to|get(?:ting)? started|quick ?start|install\w*|usage|inference|download\w*|citations?|cite|bibtex"
    r"|acknowledge?ments?|references|prompt (?:format|template)|tool use|chat template|running|example code"
    r"|requirements|code examples?|demo|dependencies|environmental impact|carbon|hardware|glossary|contents)\b",
    re.IGNORECASE,
)
"""headings below which a card tells how to use it, or of others, and states nothing of itself"""
_ELSEWHERE: Final = lazy_pattern(
    r"\b(?:refer to|see (?:the|our|also|section|below|above|appendix)|can be found|find (?:the|more)"
    r"|more (?:details|information))\b",
    re.IGNORECASE,
)
"""words that send the reader elsewhere"""
_MAY_SEND: Final = frozenset({"incident_contact", "license", "prohibited_uses"})
"""fields that such a sentence may state"""
_TRAINING: Final = frozenset({"training_data_size", "training_data_cutoff"})
"""fields that say how much there was and until when, and look the same of any other data"""
_EVALUATION: Final = frozenset({"evaluation_data_description", "overall_performance", "performance_by_group"})
_OF_OTHERS: Final = lazy_pattern(
    r"\b(?:evaluat|test|benchmark|validat|held[ -]out|hold-?out|scored?\b|context (?:window|length|size)"
    r"|max(?:imum)? (?:input|length|sequence|\d)|tokens? long|at most \d|up to \d+ \w+ (?:per|an?|each)\b"
    r"|\b(?:requires?|needs?) (?:a |an )?(?:minimum|at least|\d)|\bminimum (?:of )?\d"
    r"|évalué|testé|validé|evaluado|avaliado|getestet"
    r"|\b(?:per|par|por|pro|each|every) (?:session|answer|réponse|request|requête|query|call|prompt|user|day|jour"
    r"|minute|second|hour|page|document|conversation)\b)",
    re.IGNORECASE,
)
"""what is counted is a test, or how much the model takes in at once or in one go"""
_OF_TRAINING: Final = lazy_pattern(
    r"\btrain(?!er)|\b(?:pre-?train|fine-?tun)(?:ing|ed (?:on|with|using|from))", re.IGNORECASE
)
"""a pretrained model that was tested on 300 images was not trained on them"""


_PLACE: Final = lazy_pattern(
    r"\b(?:sections?|tables?|figures?|fig|appendix|chapters?|steps?|pages?)\.? \d[\d.]*"
    r"|\d[\d.,]*\s?%|\b\d{1,2}/\d{1,2}(?:/\d{1,2})?\b(?!/)",
    re.IGNORECASE,
)
"""a number of a place in another text, or a share, neither of which counts anything"""
_FIGURE: Final = lazy_pattern(r"\d|\b(?:thousands?|millions?|billions?|trillions?)\b", re.IGNORECASE)
_OF_A_LICENCE: Final = lazy_pattern(
    r"\b(?:use|copy|modify|distribute) th(?:is|e) (?:file|software|work)\b[^.;]{0,40} (?:except|unless|only|without)\b",
    re.IGNORECASE,
)
"""what the text of a software licence says of its file"""
_NOT_USED: Final = frozenset({"out_of_scope_uses", "prohibited_uses"})
"""sections of what is not to be done with the model, be it to look for a bias"""
_NO_RESULT: Final = lazy_pattern(
    r"\b(?:targets?|goals?|aim\w*|expect\w*|should|must|shall|will|would|could|may|might|can|needs? to|want\w*|hop\w+"
    r"|plan\w*|at (?:least|most)|minimum|thresholds?|limits?|requir\w+|baselines?|previous|prior|earlier|estimat\w+"
    r"|in-sample|if|unless|until|human\w*|other|others|competitors?|they|state of the art|sota|random|guess\w*"
    r"|predecessor|(?:old|older|base|original|underlying|teacher|parent|upstream|vendor'?s?) (?:model|version|release)"
    r"|next (?:release|version|iteration|quarter|year)|once (?:it|we|the|\w+ed)|fail\w* to|yet to|nobody|no one|none"
    r"|claim\w*|for example|e\.g"
    r"|assum\w+|hypothe\w+|project(?:ed|ion)|ideal\w*|acceptable|dummy|placeholder)\b"
    r"|\btraining (?:set|data|split|accuracy|loss|error)|\bon (?:the )?train\b|\btrain (?:set|split|accuracy)",
    re.IGNORECASE,
)
"""words by which a number in a sentence is a wish, a limit, another model's, or of the training data"""
_NAMED: Final = lazy_pattern(
    r"\b(?P<name>(?:chat)?gpt|claude|gemini|llama|mistral|mixtral|qwen|deepseek|grok|gemma|palm)\b"
    r"(?:[ -](?-i:[A-Z\d])[\w.-]*){0,4} (?:achiev|reach|attain|obtain|yield|scor|has\b|had\b)",
    re.IGNORECASE,
)
"""a model that everybody knows, as the one that did what a sentence says"""


class Passage(Struct, frozen=True):
    """A stretch of a card's own text: its line, the fields of the section it stands in, and the headings above it."""

    line: int | None
    text: str
    within: tuple[str, ...] = ()
    under: tuple[str, ...] = ()


def with_statements(
    fields: Mapping[str, CardField], passages: Sequence[Passage], words: CardVocabulary
) -> dict[str, CardField]:
    """The fields, and of those that are absent what the rest of the card states by their phrases.

    The rest is what the fields say that are there, and the passages that are of none.
    """
    known = dict(fields)
    looked_at = [passage for passage in passages if not passage.within and not _is_how_to(passage.under)]
    looked_at += (_of_field(name, field) for name, field in fields.items() if field.state == "present")
    looked_at += (_on_one_line(passage) for passage in passages if passage.within and _is_wrapped(passage.text))
    while looked_at:
        wanted = {name for name, field in known.items() if field.state == "absent"}
        stated = _of_this_model(_stated(looked_at, words, wanted), fields)
        found = {name: _field(sentences, passages) for name, sentences in stated.items()}
        known |= found
        looked_at = [_of_field(name, field) for name, field in found.items()]
    return known


def _of_this_model(
    stated: dict[str, dict[str, int | None]], fields: Mapping[str, CardField]
) -> dict[str, dict[str, int | None]]:
    """What is stated, less results of a known model after which this one is not called."""
    own = fields["model_name"].words.casefold()
    results = stated.get("overall_performance", {})
    named = {text: found["name"].casefold() for text in results if (found := _NAMED.search(text)) is not None}
    kept = {text: line for text, line in results.items() if text not in named or named[text] in own}
    rest = {name: sentences for name, sentences in stated.items() if name != "overall_performance"}
    return rest | ({"overall_performance": kept} if kept else {})


def _is_wrapped(text: str) -> bool:
    """Whether sentences of a text go on over lines."""
    lines = text.strip().split("\n")
    return len(lines) > 1 and not any(_LIST_MARK.match(line) for line in lines)


def _on_one_line(passage: Passage) -> Passage:
    return replace(passage, text=" ".join(passage.text.split()))


def _of_field(name: str, field: CardField) -> Passage:
    return Passage(field.line, "\n".join(field.items) or field.text or "", (name,))


@lru_cache(maxsize=512)
def _is_how_to(under: tuple[str, ...]) -> bool:
    return any(_HOW_TO.search(heading) for heading in under)


def _stated(looked_at: Sequence[Passage], words: CardVocabulary, wanted: set[str]) -> dict[str, dict[str, int | None]]:
    """For each of the wanted fields the sentences that state it, with the line of their passage."""
    found: dict[str, dict[str, int | None]] = {}
    for passage in looked_at:
        for sentence in _sentences(passage):
            is_short = sentence.count(" ") < _LEAST - 1
            asked = wanted & {_items_of(passage)[0]} if is_short else wanted
            for name in _fields_in(sentence, passage, words, asked) if asked else ():
                found.setdefault(name, {}).setdefault(sentence, passage.line)
    return found


def _field(sentences: Mapping[str, int | None], passages: Sequence[Passage]) -> CardField:
    first, line = next(iter(sentences.items()))
    told = (it.line for it in passages if it.line is not None and first in " ".join(it.text.split()))
    items = tuple(sentences)
    return CardField("present", next(told, line), "\n".join(items), items, (ELSEWHERE,) * len(items))


def _sentences(passage: Passage) -> Iterator[str]:
    """The sentences that are long enough; those of a field are apart already, others go on over lines."""
    least = min(_LEAST, _items_of(passage)[1])
    text = visible(passage.text)
    for sentence in split_sentences(text if passage.within else " ".join(text.split())):
        plain = " ".join(sentence.split()) if passage.within else sentence
        if plain.count(" ") >= least - 1 and not plain.endswith("?"):
            yield plain


def _items_of(passage: Passage) -> tuple[str, int]:
    return _ITEMS.get(passage.within[0], _NONE) if len(passage.within) == 1 else _NONE


def _fields_in(sentence: str, passage: Passage, words: CardVocabulary, wanted: set[str]) -> set[str]:
    said = words.phrases.found_in(sentence, wanted)
    stated = {phrase.field for phrase in said if not phrase.within or phrase.within in passage.within}
    if stated and _ELSEWHERE.search(sentence):
        stated &= _MAY_SEND
    if not _TRAINING.isdisjoint(stated) and _is_of_other_data(sentence, passage):
        stated -= _TRAINING
    if "training_data_size" in stated and not _FIGURE.search(_PLACE.sub("", sentence)):
        stated.discard("training_data_size")
    if _OF_A_LICENCE.search(sentence):
        stated -= _NOT_USED
    if "overall_performance" in stated and _NO_RESULT.search(sentence):
        stated.discard("overall_performance")
    if passage.within and _NOT_USED.issuperset(passage.within):
        stated.discard("identified_biases")
    return stated if stated and _is_whole(sentence) else set()


def _is_of_other_data(sentence: str, passage: Passage) -> bool:
    """Whether what a sentence counts or dates are data of a test, or one input, and it speaks of no training."""
    is_there = not _EVALUATION.isdisjoint(passage.within) or bool(_OF_OTHERS.search(sentence))
    return is_there and not _OF_TRAINING.search(sentence)


def _is_whole(sentence: str) -> bool:
    """Whether a sentence has nothing of a template in it, and says something."""
    return strip_placeholders(sentence) == sentence and not is_mostly_open(sentence) and not states_nothing(sentence)

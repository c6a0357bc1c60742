"""A model card as one document: its fields, its numbers and its own keys, whatever format it is written in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from policy_gate.cards.card_values import plain_data
from policy_gate.cards.field_names import CardVocabulary
from policy_gate.cards.metrics import OVERALL, THRESHOLDS, metric, metrics_of, real_groups
from policy_gate.cards.stated_number import StatedNumber
from policy_gate.cards.text_normal import key_of
from policy_gate.schema.card_fields import CARD_FIELDS
from policy_gate.schema.facts import CardField, Metric

NUMBERS: Final = ("overall_performance", "performance_by_group", "performance_thresholds")


NO_PLACE: Final = ": there is no place for this key"
"""how a loss ends that is a key of the card's data"""
_OF_TITLES: Final = frozenset({"model", "card", "modelcard", "for", "of", "the"})


class CardDocument(Struct, frozen=True):
    """One card. `fields` has every name of CARD_FIELDS, as present, placeholder or absent.

    `numbers` are the values under each name of NUMBERS as they were written ("91%", 0.9, "<= 0.1"), `number_lines`
    their lines by metric, or by group and metric. `words` are those that it was read by. `title` is the document's
    own heading. `data` is what the file holds as keys and values: all of YAML or JSON, the front matter of Markdown.
    """

    format: str
    words: CardVocabulary
    fields: Mapping[str, CardField]
    numbers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    number_lines: Mapping[str, int] = field(default_factory=dict)
    title: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    unclaimed: tuple[tuple[int, str], ...] = ()
    """line and words of what stands in no field's section"""
    again: tuple[StatedNumber, ...] = ()
    """numbers that it gives once more than `numbers` has them"""
    twice: tuple[str, ...] = ()
    """fields of which two places say different things, in words"""

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """Every number with its threshold, in one unit, sorted by group and name."""
        overall, groups, thresholds = (self.numbers.get(name, {}) for name in NUMBERS)
        return metrics_of(overall, groups, thresholds, self.number_lines, self.again)

    def as_it_counts(self) -> CardDocument:
        """The same card, in which every number that it gives twice is the one that counts."""
        if not self.again:
            return self
        counts = {(item.group, item.name): item.value for item in self.metrics}
        numbers = {part: dict(values) for part, values in self.numbers.items()}
        for it in self.again:
            is_overall = it.group == OVERALL
            held = numbers.get(NUMBERS[0], {}) if is_overall else numbers.get(NUMBERS[1], {}).get(it.group, {})
            value = metric(it.name, it.group, it.raw).value if it.part != THRESHOLDS and it.name in held else None
            if value is not None and value == counts.get((it.group, it.name)):
                changed = {**held, it.name: it.raw}
                numbers[NUMBERS[not is_overall]] = changed if is_overall else {**numbers[NUMBERS[1]], it.group: changed}
        return replace(self, numbers=numbers, again=())

    @property
    def groups(self) -> int:
        """How many groups have a name of their own and at least one number."""
        return real_groups(self.numbers.get("performance_by_group", {}))


class WrittenCard(Struct, frozen=True):
    """A card in one format, and what a reader of it will not find as the card says it: a sentence for each."""

    text: str
    losses: tuple[str, ...] = ()


def differences(card: CardDocument, other: CardDocument) -> tuple[str, ...]:
    """What `other` does not say as `card` does, in words; lines and layout aside."""
    return (
        *(f"{name}: {told}" for name in CARD_FIELDS if (told := _other_words(card.fields[name], other.fields[name]))),
        *_other_numbers(card, other),
        *([f"title: {card.title!r} is not kept"] if card.title != other.title and _says_more(card) else []),
        *(f"{key}{NO_PLACE}" for key in own_keys(card) if not _same(key, card, other)),
    )


def own_keys(card: CardDocument) -> tuple[str, ...]:
    """The keys of a card's data that are about no field."""
    return tuple(key for key in card.data if key != "schema" and not card.words.fields_named(key))


def _says_more(card: CardDocument) -> bool:
    """Whether the title says something beside the model's name and that this is its card."""
    names = (card.fields["model_name"].text or "").split("\n")
    known = {word for name in names for word in key_of(name).split()}
    return bool(set(key_of(card.title).split()) - known - _OF_TITLES)


def _other_words(was: CardField, now: CardField) -> str:
    if was.state != now.state:
        return f"{was.state} in the card, {now.state} in what is written"
    return "" if was.text == now.text else "its text is not kept word for word"


def _other_numbers(card: CardDocument, other: CardDocument) -> list[str]:
    kept = {replace(metric, line=None, also="") for metric in other.metrics}
    lost = [metric for metric in card.metrics if replace(metric, line=None, also="") not in kept]
    added = len(other.metrics) - len(card.metrics) + len(lost)
    told = [f"metric {metric.name} of {metric.group}: not kept" for metric in lost]
    return [*told, *([f"metrics: {added} that the card does not have"] if added > 0 else [])]


def _same(key: str, card: CardDocument, other: CardDocument) -> bool:
    return key in other.data and plain_data(other.data[key]) == plain_data(card.data[key])

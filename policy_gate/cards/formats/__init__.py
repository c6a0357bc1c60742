"""One module for each way to write a model card; each recognises, reads and writes its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from policy_gate.cards.card import CardDocument, WrittenCard
from policy_gate.cards.field_names import CardVocabulary
from policy_gate.cards.formats import cyclonedx, huggingface, markdown, yaml_json
from policy_gate.schema.snapshot import Evidence


class CardFormat(NamedTuple):
    """A format: whether a file is written in it, from file to card, from card to text.

    `read` raises DocumentError for a file that is no card.
    """

    recognises: Callable[[Evidence], bool]
    read: Callable[[Evidence, CardVocabulary], CardDocument]
    spell: Callable[[CardDocument], WrittenCard]

    def write(self, card: CardDocument) -> WrittenCard:
        """The card in this format, of a number that it gives twice the one that counts; and what cannot be held.

        DocumentError for a card that is larger than the format's reader takes.
        """
        return self.spell(card.as_it_counts())


FORMATS: Final[dict[str, CardFormat]] = {
    "cyclonedx": CardFormat(cyclonedx.recognises, cyclonedx.read, cyclonedx.write),
    "json": CardFormat(yaml_json.recognises_json, yaml_json.read, yaml_json.write_json),
    "yaml": CardFormat(yaml_json.recognises, yaml_json.read, yaml_json.write),
    "huggingface": CardFormat(huggingface.recognises, huggingface.read, huggingface.write),
    "markdown": CardFormat(markdown.recognises, markdown.read, markdown.write),
}
"""The first that recognises a file reads it; Markdown takes whatever text is left."""


def format_of(evidence: Evidence) -> str:
    """The name of the format that a file is written in."""
    return next(name for name, format_ in FORMATS.items() if format_.recognises(evidence))

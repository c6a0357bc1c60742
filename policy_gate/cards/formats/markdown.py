"""Cards as plain Markdown: a section for each field, as people write them by hand."""

from __future__ import annotations

from policy_gate.cards.card import CardDocument, WrittenCard, own_keys
from policy_gate.cards.field_names import CardVocabulary
from policy_gate.cards.markdown_document import read_document, write_document
from policy_gate.schema.snapshot import Evidence

FORMAT = "markdown"


def recognises(evidence: Evidence) -> bool:
    """Any text may be Markdown."""
    return evidence.text is not None


def read(evidence: Evidence, words: CardVocabulary) -> CardDocument:
    """The card that the headings, labels and tables of the text give."""
    return read_document(evidence, FORMAT, words)


def write(card: CardDocument) -> WrittenCard:
    """A heading for each field; front matter only for numbers, and for keys that a Markdown card had before."""
    kept = own_keys(card) if card.format == FORMAT else ()
    return write_document(card, {key: card.data[key] for key in kept}, FORMAT)

"""A system's model card as a fact: what its format reads of it, or why it does not count."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from msgspec.structs import replace

from policy_gate.cards.field_names import CardVocabulary
from policy_gate.cards.formats import FORMATS, format_of
from policy_gate.cards.markdown_outline import MAX_TEXT
from policy_gate.cards.models_in_text import of_one_model
from policy_gate.cards.notebook_text import as_shown
from policy_gate.cards.overall_limits import with_overall_limits
from policy_gate.cards.text_normal import visible
from policy_gate.errors import DocumentError
from policy_gate.schema.card_fields import CARD_FIELDS
from policy_gate.schema.facts import CardFact, CardField
from policy_gate.schema.snapshot import Evidence
from policy_gate.schema.source import Location
from policy_gate.schema.vocabulary import Cause

_CAUSES: Final[dict[str, Cause]] = {"absent": "absent"}
_MOST_READ: Final = 128
"""cards that are kept as read: both sides of most changes hold the same one, and so do the changes of a history"""
_READ: Final[dict[tuple[str, str, str, str, int, CardVocabulary, tuple[str, ...]], CardFact]] = {}


def read_card(
    evidence: Evidence, declared_at: Location, words: CardVocabulary, names: Collection[str] = ()
) -> CardFact:
    """The card that a manifest names, by these words: every field of CARD_FIELDS as present, placeholder or absent.

    Of a text that describes several models, what it says of the one of these names, else of its first.

    `cause` is absent, refused (no file that can be read, or a malformed card), empty, or template
    where it has headings or keys and nothing filled in; else None.
    """
    blank = CardFact(evidence.path, evidence.oid, None, "", _absent(), declared_at=declared_at)
    if evidence.state != "file" or evidence.text is None:
        cause = _CAUSES.get(evidence.state, "refused")
        detail = evidence.problem.message if evidence.problem else f"the card is {_state_words(evidence.state)}"
        return replace(blank, cause=cause, detail=detail)
    if not visible(evidence.text).strip():
        return replace(blank, cause="empty", detail="the card is empty")
    card = _read_once(evidence, evidence.text, blank, words, tuple(names))
    if card.cause is None and not any(field.state == "present" for field in card.fields.values()):
        return replace(card, cause="template", detail="no field of the card is filled in")
    return card


def _state_words(state: str) -> str:
    return "missing" if state == "absent" else f"no regular text file ({state})"


def _absent() -> dict[str, CardField]:
    return {name: CardField("absent") for name in CARD_FIELDS}


def _read_once(
    evidence: Evidence, text: str, blank: CardFact, words: CardVocabulary, names: tuple[str, ...]
) -> CardFact:
    """As `_read`; a card that is sound is read once for all who call it the same and declare it anywhere."""
    if evidence.problem is not None:
        return _read(evidence, blank, words, names)
    # Its data are not always those of its text: what is wrong in a card is left out where the rest is read.
    key = (evidence.path, evidence.oid or "", text, repr(evidence.data), evidence.body_line, words, names)
    known = _READ.get(key)
    if known is None:
        if len(_READ) >= _MOST_READ:
            _READ.clear()
        known = _READ[key] = _read(evidence, blank, words, names)
    return replace(known, declared_at=blank.declared_at)


def _read(evidence: Evidence, blank: CardFact, words: CardVocabulary, names: Collection[str]) -> CardFact:
    evidence = as_shown(evidence)
    if evidence.problem is not None:
        flaw = evidence.problem.location
        return replace(blank, cause="refused", detail=f"{flaw}: {evidence.problem.message}", flaw_at=flaw)
    if len(evidence.text or "") > MAX_TEXT:
        return replace(blank, cause="refused", detail="the card is too large to be read")
    own, models = of_one_model(evidence, words, names)
    try:
        card = FORMATS[format_of(evidence)].read(own, words)
    except DocumentError as error:
        first = error.problems[0] if error.problems else None
        detail = f"line {first.line}: {first.message}" if first else error.message
        return replace(blank, cause="refused", detail=detail, flaw_at=first.location if first else None)
    return replace(
        blank,
        fields=card.fields,
        metrics=with_overall_limits(card.metrics),
        groups=card.groups,
        unclaimed=card.unclaimed,
        twice=card.twice,
        title=card.title,
        models=models,
    )

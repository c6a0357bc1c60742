"""What policy documents say of a model card's fields: which tiers want them (`card_fields`), what cards call them."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from policy_gate.schema.card_fields import CARD_FIELDS
from policy_gate.schema.document_types import FactName, Line
from policy_gate.schema.strict import Strict
from policy_gate.schema.vocabulary import Tier


def _known(name: str) -> str:
    if name not in CARD_FIELDS:
        raise ValueError(f'"{name}" is no field of a card (expected one of {", ".join(CARD_FIELDS)})')
    return name


_PHRASE_WORD = r"[^\W_]+(?:[-'’.,/][^\W_]+)*[%+@]?\*?|#{1,2}|\*"


def _phrase(text: str) -> str:
    """A phrase of words that a sentence can have: with any other it would never be found."""
    words = (word for part in text.removeprefix("~").split() for word in part.split("|"))
    strange = next((word for word in words if not re.fullmatch(_PHRASE_WORD, word)), None)
    if strange is not None:
        raise ValueError(
            f'"{strange}" is no word of a sentence (expected words without signs, `word*`, `#`, `##` or `*` alone)'
        )
    return text


Phrase = Annotated[Line, AfterValidator(_phrase)]
CardFieldName = Annotated[FactName, AfterValidator(_known)]


class CardFieldSpec(Strict):
    """Whether tiers want a card field; `form` says what counts as filled."""

    id: FactName
    title: Line
    tiers: Annotated[list[Tier], Field(min_length=1)]
    form: Literal["text", "list", "metrics", "groups"] = "text"
    why: Line | None = None


class CardNamesSpec(Strict):
    """What cards call a field, beside its own name; a layer adds names and takes none away."""

    id: CardFieldName
    headings: list[Line] = Field(default=[], description="headings, labels, table rows and keys that mean it")
    under: dict[CardFieldName, list[Line]] = Field(
        default={}, description="names that mean it in the section of another field only, by that field"
    )
    joint: list[Line] = Field(
        default=[],
        description="words of which a text under a heading of several fields must have one; `word*` begins one",
    )
    loose: list[Line] = Field(
        default=[], description="headings that mean it, where the text has one of the joint words, shared or not"
    )
    phrases: list[Phrase] = Field(
        default=[], description="phrases with which a sentence states it wherever it stands, where no section does"
    )
    phrases_in: dict[CardFieldName, list[Phrase]] = Field(
        default={}, description="the same, in the section of another field only, by that field"
    )

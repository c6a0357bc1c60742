"""What policy documents say of a model card's fields: which tiers want them (`card_fields`), what cards call them."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from policy_gate.schema.card_fields import CARD_FIELDS
from policy_gate.schema.documents import FactName, Line
from policy_gate.schema.strict import Strict
from policy_gate.schema.vocabulary import Tier


def _known(name: str) -> str:
    if name not in CARD_FIELDS:
        raise ValueError(f'"{name}" is no field of a card (expected one of {", ".join(CARD_FIELDS)})')
    return name


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
    phrases: list[Line] = Field(
        default=[], description="phrases with which a sentence states it wherever it stands, where no section does"
    )
    phrases_in: dict[CardFieldName, list[Line]] = Field(
        default={}, description="the same, in the section of another field only, by that field"
    )

"""A model card in our own format (`policy-gate/card/v1`), made from the table of its fields."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import Field, create_model

from policy_gate.schema.card_fields import CARD_FIELD_KINDS, CardFieldKind
from policy_gate.schema.strict import Strict
from policy_gate.schema.vocabulary import Tier


class StatedFindings(Strict):
    """An assessed list that may honestly be empty."""

    assessed: bool
    method: str = ""
    findings: list[str] = []


_WRITTEN: Mapping[CardFieldKind, Any] = {
    "word": str | None,
    "day": str | date | None,
    "text": str | list[str] | StatedFindings | None,
    "words": list[str] | str | None,
    "numbers": dict[str, Any] | str | None,
    "tier": Tier | None,
}

_FIELDS: dict[str, Any] = {
    "schema_": (Literal["policy-gate/card/v1"], Field(alias="schema")),
    **{name: (_WRITTEN[kind], None) for name, kind in CARD_FIELD_KINDS.items()},
}

Card: type[Strict] = create_model(
    "Card",
    __base__=Strict,
    __doc__="A model card as YAML or JSON; the names are the lesson's ModelCard. Strings may be empty.",
    **_FIELDS,
)

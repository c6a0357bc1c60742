"""Periods in policy documents: one, or one for each tier."""

from typing import Annotated

from pydantic import AfterValidator

from policy_gate.schema.dates import Period
from policy_gate.schema.vocabulary import Tier


def _duration(text: str) -> str:
    Period.parse(text)
    return text


Duration = Annotated[str, AfterValidator(_duration)]
ByTier = dict[Tier, Duration]

"""What every policy document may say of itself."""

from typing import Literal

from pydantic import Field

from policy_gate.schema.document_types import KebabId
from policy_gate.schema.strict import Strict


class PolicyHead(Strict):
    """A policy document without its sections."""

    schema_: Literal["policy-gate/policy/v1"] = Field(alias="schema")
    about: str | None = None
    pack: KebabId | None = None

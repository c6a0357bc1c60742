"""One requirement of a rule as it is written, before it is compiled."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from policy_gate.schema.document_types import FactName, KebabId, Line
from policy_gate.schema.period_text import ByTier, Duration
from policy_gate.schema.strict import FieldsError, Strict


class RequirementSpec(Strict):
    """One requirement: exactly one of artifact, test, approval, card, that, all_of, any_of."""

    artifact: KebabId | None = None
    test: KebabId | None = None
    approval: KebabId | None = None
    card: Literal["complete"] | list[FactName] | None = None
    that: Line | None = None
    all_of: "Annotated[list[RequirementSpec], Field(min_length=1)] | None" = None
    any_of: "Annotated[list[RequirementSpec], Field(min_length=1)] | None" = None

    when: Line | None = Field(default=None, description="CEL; the requirement is wanted only where this holds")
    status: Literal["draft", "final"] | None = None
    max_age: Duration | ByTier | None = Field(default=None, json_schema_extra={"stricter": "shorter"})
    sections: list[Line] = []
    updated_in_change: bool = False
    count: int = Field(default=1, ge=1, json_schema_extra={"stricter": "higher"})
    message: Line | None = Field(default=None, description="the sentence to print when a `that` fails")
    fix: Line | None = None
    may_be_not_applicable: bool = Field(default=False, json_schema_extra={"stricter": "false"})

    @model_validator(mode="after")
    def _one_kind(self) -> "RequirementSpec":
        kinds = [name for name in REQUIREMENT_KINDS if getattr(self, name) is not None]
        if len(kinds) != 1:
            raise FieldsError(
                f"a requirement is exactly one of {', '.join(REQUIREMENT_KINDS)}; got {', '.join(kinds) or 'none'}",
                "begin another entry of the list with `- ` for each" if kinds else "name what is wanted",
            )
        if kinds == ["that"] and not self.message:
            raise ValueError("`that` needs a `message`: the sentence to print when it fails")
        return self


REQUIREMENT_KINDS = ("artifact", "test", "approval", "card", "that", "all_of", "any_of")

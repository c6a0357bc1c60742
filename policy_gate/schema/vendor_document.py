"""A vendor as a manifest describes it: its terms, how another answer to each reads, and what it announced."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, cast

from msgspec import Struct
from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from policy_gate.schema.document_types import Day, FactValue, KebabId, Line, Source
from policy_gate.schema.strict import Strict, empty_list, literal_words


class VendorTerm(Struct, frozen=True):
    """How another answer to a vendor's field reads: `use` is what the system has it for; `true`, `higher`,
    `lower`, of a list, `fewer` and, of where a model runs, `nearer` look better, and so want a new assessment. A
    `right` that is lost, and of an `amount`, a sum in words, less, weakens by itself; a right won looks better.
    """

    reads: Literal["use", "true", "higher", "lower", "fewer", "nearer", "right", "amount"]


_Use = VendorTerm("use")
_Nearer = VendorTerm("nearer")
NEARER = ("licensed_weights", "self_hosted")
"""The kinds of access by which a model runs here, the one that asks less of its vendor last."""
_BetterYes = Annotated[bool | None, VendorTerm("true")]
_Right = Annotated[bool | None, VendorTerm("right")]


DataClass = Literal["none", "public", "internal", "confidential", "personal", "special_category"]
PERSONAL_DATA: tuple[DataClass, ...] = ("personal", "special_category")
"""The classes of data that are about persons."""


TermName = Literal[
    "access_type", "data_classes", "soc2_type2_certified", "iso27001_certified", "penetration_tested",
    "bug_bounty_program", "data_retention_days", "opt_out_of_training", "sla_uptime_percentage",
    "has_fallback_provider", "has_dpa", "eu_data_residency", "liability_cap", "audit_rights",
]  # fmt: skip
"""What a vendor may announce: the fields of its entry but names, days and what we do with it."""


class AnnouncedTerm(Strict):
    """A term that a vendor said it will change, and from which day on; its value is of the field's own type."""

    field: TermName
    value: FactValue
    from_: Day = Field(alias="from", description="the first day on which it holds, YYYY-MM-DD")
    source: Source

    @field_validator("value")
    @classmethod
    def _of_the_fields_type(cls, value: FactValue, info: ValidationInfo) -> FactValue:
        name = info.data.get("field")
        if name is not None:
            _hold_against_field(name, value)
        return float(value) if name == "sla_uptime_percentage" and isinstance(value, int) else value


def _hold_against_field(name: str, value: FactValue) -> None:
    """Raise what the vendor's entry would say of such a value in that field."""
    try:
        VendorEntry.model_validate({"id": "vendor", "vendor_name": "Vendor", name: value})
    except ValidationError as refused:
        fault = refused.errors(include_url=False)[0]
        if fault["type"] == "value_error":
            raise ValueError(str(fault["ctx"]["error"])) from None
        words = literal_words(VendorEntry.model_fields[name].annotation)
        context = {**fault.get("ctx", {}), **({"choices": words} if fault["type"] == "literal_error" else {})}
        raise PydanticCustomError(cast("Any", fault["type"]), cast("Any", fault["msg"]), context) from None


class VendorEntry(Strict):
    """A supplier of models or services; the field names are the lesson's AIVendorAssessment."""

    # Every field but `id`, `assessed_on` and `announced` says how a change of it reads.
    id: KebabId
    vendor_name: Annotated[Line, _Use]
    product_name: Annotated[Line | None, _Use] = None
    access_type: Annotated[Literal["api", "self_hosted", "fine_tuned", "licensed_weights"] | None, _Nearer] = None
    data_sent: Annotated[str | None, _Use] = None
    data_classes: Annotated[list[DataClass] | None, VendorTerm("fewer")] = Field(
        default=None, min_length=1, description="the kinds of data among it; left out: not known"
    )
    use_case: Annotated[str | None, _Use] = None
    soc2_type2_certified: _BetterYes = None
    iso27001_certified: _BetterYes = None
    penetration_tested: _BetterYes = None
    bug_bounty_program: _BetterYes = None
    data_retention_days: Annotated[int | None, VendorTerm("lower")] = Field(default=None, ge=0)
    opt_out_of_training: _BetterYes = None
    sla_uptime_percentage: Annotated[float | None, VendorTerm("higher")] = Field(default=None, ge=0, le=100)
    has_fallback_provider: _BetterYes = None
    has_dpa: _BetterYes = None
    eu_data_residency: _Right = None
    liability_cap: Annotated[str | None, VendorTerm("amount")] = None
    audit_rights: _Right = None
    assessed_on: Day | None = None
    announced: list[AnnouncedTerm] = empty_list("terms that it said it will change, each from a day on")

    @field_validator("announced")
    @classmethod
    def _one_value_a_day(cls, terms: list[AnnouncedTerm]) -> list[AnnouncedTerm]:
        said = set[tuple[str, date]]()
        for term in terms:
            if (term.field, term.from_) in said:
                raise ValueError(f"{term.field} is announced twice from {term.from_}; leave one out")
            said.add((term.field, term.from_))
        return terms

    @model_validator(mode="after")
    def _none_alone(self) -> "VendorEntry":
        if self.data_classes and "none" in self.data_classes and len(self.data_classes) > 1:
            raise ValueError("data_classes says `none` beside others; leave one or the other out")
        return self


VENDOR_TERMS: Mapping[str, str] = {
    name: term.reads
    for name, spec in VendorEntry.model_fields.items()
    for term in spec.metadata
    if isinstance(term, VendorTerm)
}
"""Fields of a vendor to how a change of them reads."""

VENDOR_FIELDS: tuple[str, ...] = tuple(name for name in VendorEntry.model_fields if name != "announced")
"""What an entry says of a vendor as it stands."""

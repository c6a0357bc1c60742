"""What vendors and models are called, as policy documents write it (`known_vendors`)."""

from typing import Annotated

from pydantic import Field, StringConstraints

from policy_gate.schema.document_types import Day, KebabId, Line
from policy_gate.schema.strict import Strict


class KnownVendorSpec(Strict):
    """Whose product a sign in code is, by the sign's vendor, and by which words a manifest may name it."""

    id: KebabId
    title: Line
    overridable: bool = False
    names: list[Line] = Field(default=[], description="words of a vendor's entry that mean it, beside the id itself")
    models: list[Line] = Field(default=[], description="how the names of its models begin")
    offers: list[KebabId] = Field(default=[], description="vendors whose models and clients it serves, too")
    serves_others: bool = Field(default=False, description="its client speaks to services of others, too")
    runs_here: bool = Field(default=False, description="what it gives runs on one's own machines: no supplier")


class ModelNameSpec(Strict):
    """Names of hosted models of which something is known: that they move, or when their vendor ends them."""

    id: KebabId
    title: Line
    overridable: bool = False
    names: list[Line] = Field(
        min_length=1, description="names as code writes them, with `*`; a provider before is let go"
    )
    moving: bool = Field(
        default=False,
        json_schema_extra={"stricter": "true"},
        description="what such a name stands for changes without notice, while the vendor has names that do not move",
    )
    retires: Day | None = Field(default=None, description="the day on which the vendor ends them")
    source: Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$", max_length=300)] | None = None
    read_on: Day | None = Field(default=None, description="the day on which the source said so")

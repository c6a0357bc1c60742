"""What vendors and models are called, as policy documents write it (`known_vendors`)."""

from pydantic import Field

from policy_gate.schema.documents import KebabId, Line
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

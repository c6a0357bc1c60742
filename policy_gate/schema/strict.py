"""`Strict`, the base of all documents: frozen, no unknown keys, no silent conversions."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A frozen record that refuses unknown keys and never turns one type into another.

    Its validator is built when the first document of its kind is read: most runs meet few kinds.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True, defer_build=True)

"""What a registry holds of the systems of many repositories: their facts, to try other policies on without a clone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

SCHEMA: Final = "policy-gate/facts/v1"


class RecordedSystem(Struct, frozen=True):
    """One system as a repository recorded it; `facts` are its `system.*` values, None where only a report named it.

    `vendors` and `models` are the `vendor.*` and `model.*` values of each, None where they were not recorded.
    """

    id: str
    name: str = ""
    manifest: str = ""
    facts: Mapping[str, Any] | None = None
    vendors: tuple[Mapping[str, Any], ...] | None = None
    models: tuple[Mapping[str, Any], ...] | None = None


class RecordedRepository(Struct, frozen=True):
    """The systems of one repository as of one commit, and the digest of the policies that they were read under."""

    repository: str
    systems: tuple[RecordedSystem, ...]
    schema: str = SCHEMA
    commit: str | None = None
    as_of: str = ""
    policies_digest: str = ""

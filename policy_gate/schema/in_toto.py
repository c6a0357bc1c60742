"""What attestations and entries of the audit log are called as in-toto statements (v1)."""

from __future__ import annotations

from typing import Final

STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE: Final = "https://slsa.dev/verification_summary/v1"
EXTENSION: Final = "urn:policy-gate:check:v1"
"""What a summary has no field for: which base, result and rules a verdict is about."""
POLICY: Final = "urn:policy-gate:policies"
"""What the rules in force are called."""
AUDIT_EXTENSION: Final = "urn:policy-gate:audit:v1"
"""The key of a predicate that holds what the audit log itself needs."""
EVENT_TYPE: Final = "urn:policy-gate:audit-event:v1"
"""The predicate type of entries that are no verdict."""

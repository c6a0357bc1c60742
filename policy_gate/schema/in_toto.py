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
REPORT_NAME: Final = "policy-gate.json"
"""The subject that is the JSON report, byte for byte: signers that know no git digests sign for this one."""

LEVELS: Final = {
    "pass": ["SLSA_BUILD_LEVEL_UNEVALUATED", "POLICY_GATE_PASS"],
    "conditions": ["SLSA_BUILD_LEVEL_UNEVALUATED", "POLICY_GATE_CONDITIONS"],
    "block": ["FAILED"],
}
"""No level of SLSA is judged here. The second says which of the two verdicts that let a change merge it was."""

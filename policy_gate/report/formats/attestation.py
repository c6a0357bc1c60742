"""The verdict as an in-toto Statement (v1) that carries a SLSA verification summary (v1), ready to be signed.

https://slsa.dev/verification_summary/v1 gives the fields; what it has no field for stands under one key of ours,
a URI as it asks for. Nothing here signs, reads a clock or decides.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from policy_gate.report.formats.json import dumped, json_report
from policy_gate.report.sanitise import terminal
from policy_gate.report.style import RenderOptions
from policy_gate.schema.in_toto import EXTENSION, LEVELS, POLICY, PREDICATE_TYPE, REPORT_NAME, STATEMENT_TYPE
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.report import Report, SystemReport

VERIFIER = "urn:policy-gate:verifier"
_SLSA_VERSION = "1.1"
_OBJECT_ID = lazy_pattern(r"[0-9a-f]{40}|[0-9a-f]{64}")
_WEB = lazy_pattern(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)+")


def unattestable(report: Report) -> str:
    """Why nothing may be attested of this report, as half a sentence; empty where it may."""
    trust = report.trust
    if report.verdict == "undecided":
        return "the verdict is undecided"
    if not trust.enforcing:
        why = terminal(trust.notes[0]) if trust.notes else "it was asked for on weaker terms"
        return f"this check does not enforce ({why})"
    if trust.result_from == "worktree" or not (trust.base.commit and trust.head.commit):
        return "what was judged is no commit"
    if not all(_OBJECT_ID.fullmatch(it) for it in (trust.base.commit, trust.head.commit, trust.result_tree)):
        return "what was judged is no commit"
    if not trust.policies_digest:
        return "the policies in force cannot be named"
    return ""


def attestation(report: Report, verified: datetime, repository_url: str = "") -> str:
    """The Statement as JSON with a final line break; `verified` is the aware instant that the check judged by.

    `repository_url` is the repository's web address where the place that runs the check tells it.
    ValueError where `unattestable` gives a reason: there is no way to get a Statement around it.
    """
    return dumped(attestation_data(report, verified, repository_url))


def attestation_data(report: Report, verified: datetime, repository_url: str = "") -> dict[str, Any]:
    """The Statement as plain data; ValueError as `attestation`."""
    why_not = unattestable(report)
    if why_not:
        raise ValueError(f"nothing to attest: {why_not}")
    return {
        "_type": STATEMENT_TYPE,
        "subject": _subjects(report),
        "predicateType": PREDICATE_TYPE,
        "predicate": _predicate(report, verified, repository_url),
    }


def resource_uri(report: Report, repository_url: str = "") -> str:
    """The repository as a URI: its web address, else base's name for it, else the tree that was judged."""
    named = report.trust.repository
    for url in (repository_url, named):
        if _WEB.fullmatch(url):
            return f"git+{url}"
    if named:
        return "urn:policy-gate:repository:" + quote(named, safe="/", errors="surrogatepass")
    tree = report.trust.result_tree
    return f"gitoid:tree:{'sha1' if len(tree) == 40 else 'sha256'}:{tree}"


def _subjects(report: Report) -> list[dict[str, Any]]:
    """What was judged, what was proposed, and the report itself; git's digests as in-toto's digest set names them."""
    said = json_report(report, RenderOptions()).encode("utf-8")
    return [
        {"name": "result", "digest": {"gitTree": report.trust.result_tree}},
        {"name": "head", "digest": {"gitCommit": report.trust.head.commit}},
        {"name": REPORT_NAME, "digest": {"sha256": hashlib.sha256(said).hexdigest()}},
    ]


def _predicate(report: Report, verified: datetime, repository_url: str) -> dict[str, Any]:
    return {
        "verifier": {"id": VERIFIER, "version": {"policy-gate": report.version}},
        "timeVerified": verified.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "resourceUri": resource_uri(report, repository_url),
        "policy": {"uri": POLICY, "digest": {"sha256": report.trust.policies_digest.removeprefix("sha256:")}},
        "inputAttestations": [],
        "verificationResult": "FAILED" if report.verdict == "block" else "PASSED",
        "verifiedLevels": LEVELS[report.verdict],
        "slsaVersion": _SLSA_VERSION,
        EXTENSION: _check(report),
    }


def _check(report: Report) -> dict[str, Any]:
    """What binds the summary to one base, one result and one set of policies, as the signer needs it inside."""
    trust = report.trust
    return {
        "verdict": report.verdict,
        "mode": trust.mode,
        "as_of": report.as_of.isoformat(),
        "repository": terminal(trust.repository),
        "base": {"ref": terminal(trust.base.ref), "commit": trust.base.commit},
        "head": {"ref": terminal(trust.head.ref), "commit": trust.head.commit},
        "result": {"tree": trust.result_tree, "from": trust.result_from},
        "policies": {
            "source": terminal(trust.policies_source),
            "digest": trust.policies_digest,
            "trusted": trust.policies_trusted,
        },
        "approvals": {"sources": list(trust.approval_sources), "complete": trust.approvals_complete},
        "systems": [_system(system) for system in report.systems],
        "notes": [terminal(note) for note in trust.notes],
    }


def _system(system: SystemReport) -> dict[str, str]:
    return {
        "id": terminal(system.id),
        "stage": system.stage,
        "tier": system.effective_tier,
        "verdict": system.verdict,
        "subject_digest": system.subject_digest,
    }

"""What is written for the gate declares: what a text in it looks like is no sign, unless a system claims the file."""

from __future__ import annotations

import pytest
from looked_at import LAYOUT, observed

from policy_gate.schema.observed import Observed


def manifest(id_: str, name: str) -> str:
    return (
        "schema: policy-gate/manifest/v1\nsystems:\n"
        f"  - {{id: {id_}, name: {name}, owner_team: T, stage: development, paths: ['src/**'], risk_profile: {{}}}}\n"
    )


@pytest.mark.parametrize("name", ["'docker run ollama/ollama:1'", "'gpt-4o by OpenAI'", "'calls api.openai.com'"])
def test_words_of_a_manifest_are_no_signs(name: str) -> None:
    before = {"governance.yaml": manifest("SYS-001", "A"), "src/app.py": "1"}
    assert observed(before, {**before, "governance.yaml": manifest("SYS-001", name)}) == Observed()


@pytest.mark.parametrize("path", [LAYOUT.policies + "/own.yaml", "governance/approvals/a.yaml", "policy-gate.yaml"])
def test_words_of_policies_and_records_are_no_signs(path: str) -> None:
    before = {"governance.yaml": manifest("SYS-001", "A"), "src/app.py": "1"}
    own = "schema: policy-gate/policy/v1\nimage: ollama/ollama:1\n"
    assert observed(before, {**before, path: own}) == Observed()
    for other in ("deploy/app.yaml", f"{LAYOUT.policies}/app.yaml"):
        elsewhere = observed(before, {**before, other: "image: ollama/ollama:1\n"})
        assert [it.path for it in elsewhere.unclaimed] == [other]


def test_a_manifest_that_a_system_names_as_its_paper_is_looked_at() -> None:
    own = (
        "schema: policy-gate/manifest/v1\nsystems:\n  - id: SYS-001\n    name: A\n    owner_team: T\n"
        "    stage: development\n    paths: ['src/**']\n    risk_profile: {}\n"
        "    artifacts: [{id: system-description, path: src/governance.yaml, status: final}]\n"
    )
    before = {"governance.yaml": own, "src/governance.yaml": manifest("SYS-002", "A"), "src/app.py": "1"}
    after = {**before, "src/governance.yaml": manifest("SYS-002", "'docker run ollama/ollama:1'")}
    assert "SYS-001" in observed(before, after).by_system

"""H15: Kyverno and OPA files in `policies/`: ignored aloud (D34)."""

from __future__ import annotations

from scratch import Scratch
from world import low_system

FOREIGN = {
    "policies/kyverno.yaml": "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: no-root}\n",
    "policies/helm.yaml": "{{- if .Values.on }}\na: b\n{{- end }}\n",
    "policies/anchors.yml": "a: &x 1\nb: *x\n",
    "policies/opa.rego": "package main\n",
}


def test_h15_foreign_files_are_counted_and_editing_them_is_no_policy_change(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"), files=FOREIGN)
    scratch.branch("theirs")
    scratch.commit("Edit Kyverno's", files={"policies/kyverno.yaml": FOREIGN["policies/kyverno.yaml"] + "spec: {}\n"})
    found = scratch.check()
    assert (found.verdict, found.findings("gap")) == ("pass", []), found
    assert "3 YAML file(s) that are not policy-gate's are not read" in " ".join(found.report["trust"]["notes"])
    assert "3 YAML file(s)" in scratch.run("policy", "list").out

    scratch.branch("ours")
    scratch.commit("Edit ours", files={"policies/org.yaml": scratch.read("policies/org.yaml") + "# more\n"})
    assert scratch.check().blocking() == ["approval:ai-governance-committee"]

    scratch.branch("nearly")
    scratch.commit("Nearly ours", files={"policies/new.yaml": "schema: policy-gate/polcy/v1\nrules: []\n"})
    found = scratch.check()
    assert found.verdict == "block"
    assert 'did you mean "policy-gate/policy/v1"?' in str(found.report["problems"])

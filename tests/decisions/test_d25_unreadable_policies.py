"""D25: unreadable policies in base are undecided; a repair alone is judged, by the last readable ones before it."""

from __future__ import annotations

from scratch import Scratch
from world import base_files, low_system, org_policy, to_yaml

BROKEN = "schema: policy-gate/policy/v1\nrulez: []\n"


def test_d25_the_last_readable_policies_judges_the_repair_and_not_the_repairs_own(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"))
    for number in range(3):
        scratch.commit("Broken", by="Rae Kim", files={"policies/org.yaml": f"{BROKEN}# {number}\n"})
    assert scratch.check("--all").code == 3
    scratch.branch()
    strict = org_policy(governed_changes="verified")
    scratch.commit("Repair, and ask for more", files={"policies/org.yaml": to_yaml(strict)})
    scratch.approve("ai-governance-committee", "policy-change", None)
    found = scratch.check()
    assert found.verdict == "pass", "the earlier law takes recorded approvals"
    assert "last readable" in " ".join(found.report["trust"]["notes"])


def test_d25_without_any_readable_policies_there_is_no_answer(scratch: Scratch) -> None:
    scratch.write(base_files() | {"policies/org.yaml": BROKEN})
    scratch.declare(low_system("development"))
    scratch.commit("Born broken", by="Rae Kim")
    scratch.branch()
    scratch.commit("Repair", files={"policies/org.yaml": to_yaml(org_policy())})
    found = scratch.check()
    assert found.code == 3
    assert "rulez" in found.err

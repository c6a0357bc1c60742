"""D26: the first adoption asks for no approval; a base that names nobody lets policies alone be changed, aloud."""

from __future__ import annotations

from scratch import Scratch
from world import base_files, days_ago, high_system, low_system, org_policy, roles, to_yaml

ALONE = "base names nobody who could approve this"


def _adopting(repo: Scratch, **entry: object) -> None:
    repo.commit("Years of work", files={"screener/app.py": "x = 1\n"})
    repo.branch()
    repo.write(base_files())
    repo.declare_only(high_system("production", **({"model_card": None} | entry)))
    repo.commit("Adopt")


def test_d26_nobody_is_asked_and_what_lacks_a_start_is_due_at_once(scratch: Scratch) -> None:
    _adopting(scratch)
    found = scratch.check()
    assert (found.code, found.verdict) == (0, "conditions")
    assert {item["state"] for item in found.findings() if item["requirement"]["kind"] == "approval"} == {
        "not-applicable"
    }
    assert found.finding("red-team-report")["blame"] == "overdue"


def test_d26_claims_of_no_concern_and_attested_evidence_do_not_count_yet(scratch: Scratch) -> None:
    attested = {"id": "red-team-report", "url": "https://x.example.com", "sha256": "ab" * 32, "held_by": "Us"}
    scope = [{"id": "shadow-mode-validation", "reason": "nothing to shadow"}]
    _adopting(scratch, enrolled=days_ago(0), artifacts=[attested | {"status": "final"}], not_applicable=scope)
    found = scratch.check()
    assert found.finding("red-team-report")["state"] == "gap"
    assert found.verdict == "block"
    refused = [item for item in found.findings("gap") if item["requirement"]["kind"] == "approval"]
    assert refused
    assert all("leave it for the next change" in item["message"] for item in refused), refused
    assert all("leave it for the next change" in item["fix"] for item in refused), refused
    said = scratch.run("check").out
    assert "fix    leave it for the next change" in said
    assert "names nobody" not in said, "of a base that could name nobody"


def test_d26_it_is_adoption_only_where_base_has_neither_manifest_nor_policies(scratch: Scratch) -> None:
    scratch.write(base_files())
    scratch.commit("Policies first", by="Rae Kim", files={"screener/app.py": "x = 1\n"})
    scratch.branch()
    scratch.declare_only(high_system("production", model_card=None))
    scratch.commit("Then a system")
    found = scratch.check()
    assert (found.code, found.report["trust"]["mode"]) == (1, "change")


def test_d26_policies_alone_merges_where_base_names_nobody_and_nothing_else_with_it(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"))
    nobody = {"policies/roles.yaml": to_yaml(roles(ai_governance_committee=None))}
    scratch.commit("Nobody is named", by="Rae Kim", files=nobody)
    scratch.branch("alone")
    scratch.commit("Name somebody", files={"policies/roles.yaml": to_yaml(roles())})
    alone = scratch.check()
    assert (alone.code, alone.verdict) == (0, "conditions")
    assert "Ada Example  ciso, ai-governance-committee" in scratch.run("check").out

    scratch.edit("SYS-003", incident_contact="x@example.com")
    scratch.commit("And something else")
    mixed = scratch.check()
    assert mixed.code == 1
    assert ALONE in str(mixed.findings("gap"))

    scratch.branch("others")
    scratch.edit("SYS-003", incident_contact="x@example.com")
    scratch.commit("Something else alone")
    assert scratch.check().verdict == "pass"


def test_d26_control_where_somebody_is_named_policies_alone_wants_them(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"))
    scratch.branch()
    scratch.commit("Loosen", files={"policies/org.yaml": to_yaml(org_policy(self_approval=["low"]))})
    assert scratch.check().blocking() == ["approval:ai-governance-committee"]

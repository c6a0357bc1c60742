"""T01: law, roles, waivers or configuration edited or deleted in the change that they would judge.

The control is the same promotion without the trick: it blocks for the three approvals of its gate. With the
trick it blocks for the same three, and for the edit itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from approved import GATE, NOT_APPROVED, Approved
from world import AUTHOR, days_ago, email_of, from_yaml, org_policy, roles, to_yaml

pytestmark = pytest.mark.real_git

COMMITTEE = "approval:ai-governance-committee"
CONFIG = "policy-gate.yaml"
LAX_GATE: dict[str, Any] = {
    "id": GATE,
    "title": "Pre-Deployment Security Review",
    "why": "A word with the team is enough.",
    "from": "development",
    "to": "pre_deployment",
    "tiers": ["critical", "high"],
    "none_for": ["medium", "low"],
    "enforcement": "advise",
    "require": [{"artifact": "model-card"}],
}
LAX = org_policy() | {"gates": [LAX_GATE]}
MINE = roles(ciso=AUTHOR, legal=AUTHOR, product_owner=AUTHOR, ai_governance_committee=AUTHOR)
WAIVER = {
    "system": "SYS-001",
    "rule": GATE,
    "owner": email_of("Sam Lee"),
    "approver": email_of("Rae Kim"),
    "reason": "The review is to follow in the spring.",
    "created": days_ago(1),
    "expires": days_ago(-20),
}


def _writes(**files: Any) -> Callable[[Approved], None]:
    """Rewrite law files by their short names; None takes one away."""
    paths = {"org": "policies/org.yaml", "roles": "policies/roles.yaml", "lax": "elsewhere/org.yaml"}

    def write(repo: Approved) -> None:
        repo.write({paths[name]: to_yaml(data) for name, data in files.items() if data is not None})
        repo.remove(*(paths[name] for name, data in files.items() if data is None))

    return write


def _configures(**fields: Any) -> Callable[[Approved], None]:
    def configure(repo: Approved) -> None:
        repo.write({CONFIG: to_yaml(from_yaml(repo.read(CONFIG)) | fields)})

    return configure


def _moves_the_law(repo: Approved) -> None:
    _writes(lax=LAX)(repo)
    _configures(policies="elsewhere")(repo)


TRICKS: dict[str, Callable[[Approved], None]] = {
    "a gate that only advises": _writes(org=LAX),
    "no law of its own": _writes(org=None, roles=None),
    "the author in every role": _writes(roles=MINE),
    "no roles": _writes(roles=None),
    "law that cannot be read": lambda repo: repo.write(
        {"policies/org.yaml": "schema: policy-gate/policy/v1\nrules: [\n"}
    ),
    "law in another folder": _moves_the_law,
    "no configuration": lambda repo: repo.remove(CONFIG),
    "another repository": _configures(repository="example-org/other"),
    "another tool": _configures(tool={"version": "99.0"}),
    "a pack more": _configures(packs=["gdpr"]),
    "everything shared": _configures(shared=["**"]),
    "no CI file looked at": _configures(enforcement=[]),
}


def test_t01_control_the_promotion_without_a_trick(approved: Approved) -> None:
    approved.restart()
    assert approved.check().code == 0
    approved.restart("unapproved")
    assert approved.check().blocking() == NOT_APPROVED


@pytest.mark.parametrize("trick", TRICKS)
def test_t01_base_judges_and_the_edit_is_asked_about(approved: Approved, trick: str) -> None:
    approved.restart("unapproved")
    TRICKS[trick](approved)
    approved.commit(trick)
    done = approved.check()
    assert done.code == 1, done
    assert done.blocking() == sorted([*NOT_APPROVED, COMMITTEE])
    assert {item["for"] for item in done.findings("gap") if item["system"] is None} == {"policy-change"}


@pytest.mark.parametrize("trick", TRICKS)
def test_t01_an_approved_promotion_passes_no_policies_along(approved: Approved, trick: str) -> None:
    approved.restart()
    TRICKS[trick](approved)
    approved.commit(trick)
    done = approved.check()
    assert (done.code, done.blocking()) == (1, [COMMITTEE]), done


def test_t01_what_the_new_policies_would_say_is_shown_and_not_obeyed(approved: Approved) -> None:
    approved.restart("unapproved")
    approved.write({"policies/org.yaml": to_yaml(org_policy(valid_for="P30D"))})
    approved.commit("Stricter")
    assert "would be block" in approved.check().report["preview"][0]
    TRICKS["a gate that only advises"](approved)
    approved.commit("Laxer")
    done = approved.check()
    assert done.code == 1
    assert "base's policies decide" in done.report["preview"][0]
    assert not [item for item in done.findings("gap") if item["enforcement"] == "advise"], "base's gate blocks"


def test_t01_manifests_looked_for_elsewhere_are_still_looked_at(approved: Approved) -> None:
    approved.restart("unapproved")
    _configures(manifests=["elsewhere/governance.yaml"])(approved)
    approved.commit("Look elsewhere")
    done = approved.check()
    assert done.code == 1
    assert {*NOT_APPROVED, COMMITTEE} <= set(done.blocking())
    assert "is lost" in done.report["problems"][0]["message"]


@pytest.mark.parametrize("file", ["added", "edited", "emptied", "deleted"])
def test_t01_waivers_of_the_change_waive_nothing_in_it(approved: Approved, file: str) -> None:
    held = {"schema": "policy-gate/waiver/v1", "waivers": [WAIVER | {"rule": "red-team-engagement"}]}
    approved.git("checkout", "-q", "-f", "main")
    approved.branch("waived", at="main")
    if file != "added":
        approved.commit("A waiver of base", by="Rae Kim", files={"governance/waivers.yaml": to_yaml(held)})
    approved.branch("attempt", at="waived")
    approved.git("merge", "-q", "--no-edit", "unapproved")
    assert approved.check("--base", "waived").blocking() == NOT_APPROVED
    if file == "deleted":
        approved.remove("governance/waivers.yaml")
    else:
        waivers = [] if file == "emptied" else [WAIVER]
        approved.write({"governance/waivers.yaml": to_yaml({"schema": "policy-gate/waiver/v1", "waivers": waivers})})
    approved.commit("Waive")
    done = approved.check("--base", "waived")
    assert (done.code, done.blocking()) == (1, sorted([*NOT_APPROVED, COMMITTEE])), done
    assert done.finding("waiver")["state"] == "gap"


def test_t01_an_edit_of_the_policies_that_the_committee_approved_merges(approved: Approved) -> None:
    approved.branch("law", at="main")
    approved.commit("Shorter", files={"policies/org.yaml": to_yaml(org_policy(valid_for="P30D"))})
    assert (approved.check().code, approved.check().blocking()) == (1, [COMMITTEE])
    approved.approve("ai-governance-committee", "policy-change", system=None)
    assert approved.check().code == 0
    approved.commit("Longer", files={"policies/org.yaml": to_yaml(org_policy(valid_for="P60D"))})
    assert approved.check().blocking() == [COMMITTEE], "what was approved is another edit"


def test_t01_whoever_edits_the_policies_does_not_approve_it(approved: Approved) -> None:
    approved.branch("own", at="main")
    approved.commit("Shorter", by="Ada Example", files={"policies/org.yaml": to_yaml(org_policy(valid_for="P30D"))})
    approved.approve("ai-governance-committee", "policy-change", system=None)
    done = approved.check()
    assert (done.code, done.blocking()) == (1, [COMMITTEE])
    assert "wrote commit" in str(done.finding("policy-change")["claims"])


def test_t01_policies_of_nobody_else_asks_nobody(approved: Approved) -> None:
    done = approved.attempt({"policies/kyverno.yaml": "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\n"})
    assert done.code == 0, done

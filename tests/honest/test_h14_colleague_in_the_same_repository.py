"""H14: a colleague's change to another system in the same monorepo: neither void nor blame."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import days_ago, high_system, medium_system

GATE = "pre-deployment-security-review"


@pytest.fixture
def approved(scratch: Scratch) -> Scratch:
    """Two systems in one manifest; the promotion of one is approved."""
    scratch.adopt()
    scratch.declare(high_system("development"), medium_system("development"))
    scratch.commit("Two systems", by="Rae Kim")
    scratch.branch()
    scratch.declare(high_system("pre_deployment"))
    scratch.commit("Promote")
    for role in ("ciso", "legal", "product-owner"):
        scratch.approve(role, GATE)
    assert scratch.check().verdict == "pass"
    return scratch


def test_h14_a_colleagues_gap_in_base_neither_voids_nor_blames(approved: Scratch) -> None:
    approved.checkout("main")
    entry = approved.entry("SYS-002")
    kept = [item for item in entry["artifacts"] if item["id"] != "system-description"]
    approved.edit("SYS-002", artifacts=kept, enrolled=days_ago(400))
    approved.commit("A gap of their own", by="Col League")
    approved.checkout("work")
    found = approved.check()
    assert found.verdict == "pass", found
    assert found.findings("gap", "SYS-001") == []


def test_h14_control_who_undoes_bases_edit_in_a_merge_is_an_author(approved: Scratch) -> None:
    approved.checkout("main")
    approved.edit("SYS-001", incident_contact="jobs-oncall@example.com")
    approved.commit("Base mends the contact", by="Col League")
    approved.checkout("work")
    identity = ("-c", "user.name=Ada Example", "-c", "user.email=ada@example.com")
    approved.git(*identity, "merge", "-q", "-s", "ours", "-m", "Update branch", "main")
    reasons = [claim["why"] for claim in approved.check().finding("ciso")["claims"]]
    assert any("wrote commit" in why for why in reasons), reasons


def test_h14_who_edits_another_entry_of_the_file_is_no_author_of_this_one(approved: Scratch) -> None:
    approved.edit("SYS-002", incident_contact="chat-oncall@example.com")
    approved.commit("The CISO mends another system's contact", by="Ada Example")
    assert approved.check().verdict == "pass"

    approved.edit("SYS-001", incident_contact="jobs-oncall@example.com")
    approved.commit("The CISO edits the very system", by="Ada Example")
    approved.approve("ciso", GATE)
    reasons = [claim["why"] for claim in approved.check().finding("ciso")["claims"]]
    assert any("wrote commit" in why for why in reasons), reasons

"""D19 for tests: a tester's PDF, or a result held elsewhere, is met by the accountable role's word for its digest."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from evidence import junit
from keys import Keyring, needs_openssh, real_crypto, with_keys
from scratch import Result, Scratch
from world import ROLE_HOLDERS, days_ago, high_system, roles, to_yaml

GATE = "pre-deployment-security-review"
ID = "security-penetration-test"
PATH = "reports/pentest.pdf"
PDF = b"%PDF-1.7\n\x00\x01found nothing"
OWN = hashlib.sha256(PDF).hexdigest()
ATTESTED = {"id": ID, "report": PATH, "sha256": OWN, "held_by": "Acme Testers", "completed": days_ago(3)}
ELSEWHERE = {
    "id": ID,
    "url": "https://acme.example/r/7",
    "sha256": OWN,
    "held_by": "Acme Testers",
    "completed": days_ago(3),
}

pytestmark = [real_crypto, needs_openssh]


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path)


@pytest.fixture
def promoting(scratch: Scratch, keys: Keyring) -> Scratch:
    scratch.adopt(high_system("development"), files={"policies/roles.yaml": to_yaml(with_keys(roles(), keys))})
    scratch.branch()
    scratch.declare(high_system("pre_deployment"))
    return scratch


def _with(repo: Scratch, entry: dict[str, Any], data: bytes = PDF) -> Result:
    repo.edit(tests=[*(item for item in repo.entry()["tests"] if item["id"] != ID), entry])
    repo.commit("A tester's report", files={PATH: data})
    return repo.check()


@pytest.mark.parametrize("entry", [ATTESTED, ELSEWHERE], ids=["pdf", "elsewhere"])
def test_d19_a_testers_report_counts_once_the_accountable_role_vouches_for_it(
    promoting: Scratch, keys: Keyring, entry: dict[str, Any]
) -> None:
    gap = _with(promoting, entry).finding(ID)
    assert (gap["state"], gap["for"], gap["accountable"]) == ("gap", GATE, ["ciso"])
    assert "attested by digest" in gap["message"]
    for role in ("legal", "product-owner"):
        promoting.approve(role, GATE)
    promoting.branch("unsigned", at="work")
    promoting.approve("ciso", GATE)
    assert promoting.check().blocking() == [f"test:{ID}"]

    promoting.checkout("work")
    promoting.approve("ciso", GATE, key=keys[ROLE_HOLDERS["ciso"]])
    found = promoting.check()
    assert (found.verdict, found.finding(ID)["state"]) == ("pass", "met"), found
    promoting.branch("other", at="work")
    changed = _with(promoting, entry | {"sha256": "cd" * 32})
    assert f"test:{ID}" in changed.blocking()


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({**ATTESTED, "sha256": "ab" * 32}, "and not the one of the entry"),
        ({key: value for key, value in ATTESTED.items() if key != "held_by"}, "sha256 and held_by would attest it"),
        ({key: value for key, value in ELSEWHERE.items() if key != "sha256"}, "needs sha256"),
        ({**ATTESTED, "completed": days_ago(400)}, "not older than 6 months"),
        ({**ATTESTED, "completed": days_ago(-9)}, "in the future"),
        ({key: value for key, value in ATTESTED.items() if key != "completed"}, "no completed date"),
    ],
)
def test_d19_what_does_not_attest_it_offers_no_approval(promoting: Scratch, entry: dict[str, Any], said: str) -> None:
    gap = _with(promoting, entry).finding(ID)
    assert (gap["state"], said in gap["message"] + gap["title"]) == ("gap", True), gap
    assert gap.get("for") is None


def test_d19_an_entry_without_any_result_is_a_problem(promoting: Scratch) -> None:
    found = _with(promoting, {"id": ID})
    assert any("names no result" in problem["message"] for problem in found.report["problems"])
    assert f"test:{ID}" in found.blocking()


def test_t52_a_result_slipped_in_beforehand_is_vouched_for_then(scratch: Scratch, keys: Keyring) -> None:
    scratch.adopt(high_system("development"), files={"policies/roles.yaml": to_yaml(with_keys(roles(), keys))})
    scratch.branch()
    found = _with(scratch, ELSEWHERE) if scratch.entry().get("tests") else _first(scratch)
    assert "evidence-attested" in found.changes()
    assert found.blocking() == ["approval:ciso"]


def _first(repo: Scratch) -> Result:
    repo.edit(tests=[ELSEWHERE])
    repo.commit("A tester's report")
    return repo.check()


@pytest.fixture
def live(scratch: Scratch) -> Scratch:
    scratch.adopt(high_system("production", stage_since=days_ago(20)))
    scratch.branch()
    return scratch


def test_d19_a_report_that_failed_is_not_replaced_by_a_paper_without_anybody(live: Scratch) -> None:
    found = _with(live, ATTESTED)
    assert "evidence-attested" in found.changes()
    assert "approval:ciso" in found.blocking()


def test_t12_the_same_paper_with_a_later_day_is_evidence_redated(live: Scratch) -> None:
    _with(live, ATTESTED | {"completed": days_ago(30)})
    live.merge()
    live.branch("later")
    found = _with(live, ATTESTED)
    assert found.changes() == ["evidence-redated"]


def test_d19_control_a_report_that_can_be_read_needs_nobody(live: Scratch) -> None:
    item = {"id": ID, "report": "reports/again.xml", "held_by": "Acme Testers", "sha256": OWN}
    live.edit(tests=[*(it for it in live.entry()["tests"] if it["id"] != ID), item])
    live.commit("Read here", files={"reports/again.xml": junit(ID).replace("0.01", "0.02")})
    found = live.check()
    assert found.code == 0, found

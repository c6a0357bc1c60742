"""D19: evidence held elsewhere is met only by an approval of the accountable role for its digest."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from keys import Keyring, needs_openssh, real_crypto, with_keys
from scratch import Result, Scratch
from world import ROLE_HOLDERS, days_ago, high_system, roles, to_yaml

GATE = "pre-deployment-security-review"
DIGEST = "ab" * 32
PDF = b"%PDF-1.7\n\x00\x01binary"
ELSEWHERE = {
    "id": "security-assessment-report",
    "url": "https://drive.example.com/x",
    "sha256": DIGEST,
    "held_by": "Security",
    "status": "final",
    "completed": days_ago(3),
}


pytestmark = [real_crypto, needs_openssh]


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path)


@pytest.fixture
def promoting(scratch: Scratch, keys: Keyring) -> Scratch:
    pinned = {"policies/roles.yaml": to_yaml(with_keys(roles(), keys))}
    scratch.adopt(high_system("development"), files=pinned)
    scratch.branch()
    scratch.declare(high_system("pre_deployment"))
    return scratch


def _with(repo: Scratch, entry: dict[str, str]) -> Result:
    kept = [item for item in repo.entry()["artifacts"] if item["id"] != entry["id"]]
    repo.edit(artifacts=[*kept, entry])
    repo.commit("Held elsewhere")
    return repo.check()


def test_d19_it_counts_once_the_accountable_role_vouches_for_exactly_this_digest(
    promoting: Scratch, keys: Keyring
) -> None:
    gap = _with(promoting, ELSEWHERE).finding("security-assessment-report")
    assert (gap["state"], gap["for"], gap["accountable"]) == ("gap", GATE, ["ciso"])
    for role in ("legal", "product-owner"):
        promoting.approve(role, GATE)
    promoting.branch("unsigned", at="work")
    promoting.approve("ciso", GATE)
    recorded = promoting.check()
    assert recorded.blocking() == ["artifact:security-assessment-report"], recorded
    claims = str(recorded.finding("security-assessment-report")["claims"])
    assert "evidence that cannot be read here wants one or a forge review" in claims

    promoting.checkout("work")
    promoting.approve("ciso", GATE, key=keys[ROLE_HOLDERS["ciso"]])
    found = promoting.check()
    assert found.verdict == "pass", found
    assert found.finding("security-assessment-report")["state"] == "met"

    promoting.branch("other", at="work")
    changed = _with(promoting, ELSEWHERE | {"sha256": "cd" * 32})
    assert {"approval:ciso", "artifact:security-assessment-report"} <= set(changed.blocking())


def test_d19_another_role_does_not_vouch_for_it(promoting: Scratch) -> None:
    _with(promoting, ELSEWHERE)
    for role in ("legal", "product-owner"):
        promoting.approve(role, GATE)
    assert "artifact:security-assessment-report" in promoting.check().blocking()


@pytest.mark.parametrize("lacking", ["sha256", "held_by"])
def test_d19_without_digest_or_holder_there_is_nothing_to_vouch_for(promoting: Scratch, lacking: str) -> None:
    found = _with(promoting, {key: value for key, value in ELSEWHERE.items() if key != lacking})
    gap = found.finding("security-assessment-report")
    assert (gap["state"], lacking in gap["message"] + gap["title"]) == ("gap", True)
    assert gap.get("for") is None, "no approval is offered"


def test_d19_a_binary_file_may_be_attested_and_stays_approved_once_merged(promoting: Scratch, keys: Keyring) -> None:
    promoting.write({"governance/pentest.pdf": PDF})
    entry = {key: value for key, value in ELSEWHERE.items() if key != "url"} | {"path": "governance/pentest.pdf"}
    assert _with(promoting, entry).finding("security-assessment-report").get("for") is None, "not this file's digest"
    entry["sha256"] = hashlib.sha256(PDF).hexdigest()
    assert _with(promoting, entry).finding("security-assessment-report")["for"] == GATE
    for role in ("ciso", "legal", "product-owner"):
        promoting.approve(role, GATE, key=keys[ROLE_HOLDERS[role]])
    assert promoting.check().verdict == "pass"
    promoting.merge()
    promoting.branch("next")
    promoting.edit(incident_contact="x@example.com")
    promoting.commit("Work goes on")
    assert promoting.check().verdict == "pass"

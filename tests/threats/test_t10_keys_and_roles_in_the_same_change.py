"""T10: a key, a person, a role or an end of a revocation that a change brings and uses at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from keys import Keyring, SignedScratch, needs_openssh, real_crypto
from world import days_ago, email_of, from_yaml, to_yaml

pytestmark = [pytest.mark.real_git, real_crypto, needs_openssh]

Law = dict[str, Any]


def _plain(policy: Law, _: Keyring) -> Law:
    return policy


def _without_key(policy: Law, _: Keyring) -> Law:
    policy["roles"]["ai-safety-lead"]["members"][0].pop("keys")
    return policy


def _revoked(policy: Law, keys: Keyring) -> Law:
    return policy | {"revoked_keys": [{"key": keys.public("Rae Kim"), "revoked_on": days_ago(3), "reason": "Lost."}]}


def _with_key(policy: Law, keys: Keyring) -> Law:
    policy["roles"]["ai-safety-lead"]["members"][0]["keys"] = [keys.public("Rae Kim")]
    return policy


def _with_person(policy: Law, keys: Keyring) -> Law:
    person = {"name": "Nia New", "email": email_of("Nia New"), "keys": [keys.public("Nia New")]}
    policy["roles"]["ai-safety-lead"]["members"].append(person)
    return policy


def _with_role(policy: Law, keys: Keyring) -> Law:
    policy["roles"]["ai-safety-lead"]["members"].append(
        dict(policy["roles"]["legal"]["members"][0]) | {"keys": [keys.public("Lin Park")]}
    )
    return policy


def _without_revocation(policy: Law, _: Keyring) -> Law:
    return {name: value for name, value in policy.items() if name != "revoked_keys"}


def _with_identity(policy: Law, _: Keyring) -> Law:
    pinned = {"issuer": "https://example.com", "identity": "mallory@example.com"}
    policy["roles"]["ai-safety-lead"]["members"][0]["identities"] = [pinned]
    return policy


def _with_revoked_identity(policy: Law, _: Keyring) -> Law:
    gone = {"issuer": "https://example.com", "identity": "mallory@example.com"}
    return policy | {"revoked_identities": [gone | {"revoked_on": days_ago(3), "reason": "It leaked."}]}


Edit = Callable[[Law, Keyring], Law]

CASES: dict[str, tuple[Edit, Edit, str, str]] = {
    "key": (_without_key, _with_key, "Rae Kim", "is pinned for nobody in base's"),
    "person": (_plain, _with_person, "Nia New", "is pinned for nobody in base's"),
    "role": (_plain, _with_role, "Lin Park", "holds legal, not ai-safety-lead"),
    "revocation": (_revoked, _without_revocation, "Rae Kim", "was revoked on"),
}


@pytest.mark.parametrize("case", CASES)
def test_t10_counts_once_base_holds_it_and_not_before(tmp_path: Path, case: str) -> None:
    before, edit, signer, said = CASES[case]
    repo = SignedScratch(tmp_path, before)

    def change_roles() -> None:
        policy = edit(from_yaml(repo.read("policies/roles.yaml")), repo.keys)
        repo.commit("Change who may approve", files={"policies/roles.yaml": to_yaml(policy)})

    repo.narrowed("both")
    change_roles()
    repo.approve("ai-governance-committee", "policy-change", system=None, key=repo.keys["Ada Example"])
    repo.sign_as(signer)
    assert said in repo.why()
    assert repo.check().blocking() == ["approval:ai-safety-lead"]

    repo.restart("main", "law")
    change_roles()
    assert repo.check().blocking() == ["approval:ai-governance-committee"]
    repo.approve("ai-governance-committee", "policy-change", system=None, key=repo.keys["Ada Example"])
    assert repo.check().code == 0
    repo.merge("law")

    repo.narrowed("after")
    repo.sign_as(signer)
    assert repo.is_approved()


def test_t10_the_committee_does_not_pin_its_own_key_and_use_it(tmp_path: Path) -> None:
    def keyless(policy: Law, _: Keyring) -> Law:
        policy["roles"]["ai-governance-committee"]["members"][0].pop("keys")
        policy["roles"]["ciso"]["members"][0].pop("keys")
        return policy

    repo = SignedScratch(tmp_path, keyless)
    repo.restart("main", "law")
    policy = from_yaml(repo.read("policies/roles.yaml"))
    policy["roles"]["ai-governance-committee"]["members"][0]["keys"] = [repo.keys.public("Ada Example")]
    repo.commit("Pin Ada's key", files={"policies/roles.yaml": to_yaml(policy)})
    repo.approve("ai-governance-committee", "policy-change", system=None, key=repo.keys["Ada Example"])
    done = repo.check()
    assert done.code == 1, done
    assert "is pinned for nobody in base's" in str(done.finding("policy-change")["claims"])


def _without_identity(policy: Law, _: Keyring) -> Law:
    policy["roles"]["ai-safety-lead"]["members"][0].pop("identities")
    return policy


def _without_revoked_identity(policy: Law, _: Keyring) -> Law:
    return {name: value for name, value in policy.items() if name != "revoked_identities"}


@pytest.mark.parametrize(
    ("before", "edit"),
    [
        (_plain, _with_identity),
        (_with_identity, _without_identity),
        (_with_identity, _with_revoked_identity),
        (_with_revoked_identity, _without_revoked_identity),
    ],
)
def test_t10_who_signs_the_audit_log_is_a_change_of_policies(tmp_path: Path, before: Edit, edit: Edit) -> None:
    """It asks the same people as a key that signs approvals does."""
    repo = SignedScratch(tmp_path, before)
    repo.restart("main", "law")
    policy = edit(from_yaml(repo.read("policies/roles.yaml")), repo.keys)
    repo.commit("Who signs", files={"policies/roles.yaml": to_yaml(policy)})
    assert repo.check().blocking() == ["approval:ai-governance-committee"]
    repo.approve("ai-governance-committee", "policy-change", system=None, key=repo.keys["Ada Example"])
    assert repo.check().code == 0

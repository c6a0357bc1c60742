"""T10: a person, a key or an address slipped in among the roles is told to whoever agrees to the change."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from scratch import Scratch
from world import email_of, from_yaml, low_system, to_yaml

ROLES = "policies/roles.yaml"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJwTqkGJuYXZ4IvQRMMHaLbhbDqMF3ZnLcZJvVvA3Tqk"
LEAD = "ai-safety-lead"

Held = dict[str, Any]


def _joined(roles: Held) -> None:
    roles[LEAD]["members"].append({"name": "Nia New", "email": "nia@example.com", "github": "nia-x", "keys": [KEY]})


def _left(roles: Held) -> None:
    roles[LEAD]["members"] = [{"name": "Nia New", "email": "nia@example.com"}]


def _other_key(roles: Held) -> None:
    roles[LEAD]["members"][0]["keys"] = [KEY]


def _other_account(roles: Held) -> None:
    roles[LEAD]["members"][0] |= {"email": "somebody@example.com", "github": "somebody"}


def _twin(roles: Held) -> None:
    roles[LEAD]["members"].append({"name": "Rae Kim", "email": "bo@example.com"})


def _team(roles: Held) -> None:
    roles[LEAD]["teams"] = ["github:example-org/all"]


def _same_as(roles: Held) -> None:
    roles[LEAD] = {"same_as": "engineering"}


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (_joined, f"{LEAD}: Nia New is new (nia@example.com, GitHub nia-x, 1 key)"),
        (_left, f"{LEAD}: Nia New is new (nia@example.com); Rae Kim is gone"),
        (_other_key, f"{LEAD}: Rae Kim differs in keys"),
        (_other_account, f"{LEAD}: Rae Kim differs in email and github"),
        (_twin, f"{LEAD}: Rae Kim differs in email"),
        (_team, f"{LEAD}: team github:example-org/all is new"),
        (_same_as, f"{LEAD}: Rae Kim is gone; held by whoever holds engineering"),
    ],
)
def test_t10_who_comes_and_who_goes_is_told(scratch: Scratch, edit: Callable[[Held], None], said: str) -> None:
    scratch.adopt(low_system("development"))
    written = from_yaml(scratch.read(ROLES))
    assert written["roles"][LEAD]["members"] == [{"name": "Rae Kim", "email": email_of("Rae Kim")}]
    edit(written["roles"])
    scratch.branch()
    scratch.commit("Some roles", files={ROLES: to_yaml(written)})
    done = scratch.run("check")
    told = " ".join(done.out.split())
    told = told.partition("From the next change on:")[2]
    assert done.code == 1
    assert re.search(re.escape(said) + r"(?! and |,|;)", told), done.out
    assert sum(f"{role}: " in told for role in written["roles"]) == 1, "no other role is spoken of"


def test_t10_a_revoked_key_that_is_taken_back_is_told(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"))
    lost = {"key": KEY, "revoked_on": "2026-01-02", "reason": "Lost."}
    written = from_yaml(scratch.read(ROLES)) | {"revoked_keys": [lost]}
    scratch.commit("A lost key", files={ROLES: to_yaml(written)})
    scratch.branch()
    scratch.commit("Found again", files={ROLES: to_yaml(written | {"revoked_keys": []})})
    assert "revoked_keys: 0 more, 1 taken out" in scratch.run("check").out


def test_t10_control_a_remark_in_the_file_speaks_of_nobody(scratch: Scratch) -> None:
    """The control: a policy beside it asks for the same approval, and roles that say the same are told as that."""
    scratch.adopt(low_system("development"))
    scratch.branch()
    own = "schema: policy-gate/policy/v1\ndebt:\n  enrolment: {high: P30D}\n"
    scratch.commit("A rule", files={ROLES: "# Who\n" + scratch.read(ROLES), "policies/own.yaml": own})
    done = scratch.run("check")
    told = done.out.partition("From the next change on:")[2]
    assert done.code == 1
    assert LEAD not in told

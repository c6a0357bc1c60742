"""T07: one person passes as two because base lists them twice, or once and in a team; or by a private address.

Git and the command are real; GitHub is a fake on loopback.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fakes.github import GitHub
from fakes.github_job import Hub, login_of
from scratch import Scratch
from world import high_system, to_yaml

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]

ADA, LIN, PAT = "Ada Example", "Lin Park", "Pat Moss"
APART = {
    "schema": "policy-gate/policy/v1",
    "about": "Two people.",
    "assurance": {"separate_roles": [["ciso", "product-owner"]]},
}
TEAM = "example-org/product"


@pytest.fixture
def hub(scratch: Scratch) -> Iterator[Hub]:
    with GitHub() as github:
        github.team(TEAM, login_of(ADA), login_of(PAT))
        scratch.write({"policies/apart.yaml": to_yaml(APART)})
        yield Hub(scratch, github)


def _promoted(hub: Hub, product_owner: dict[str, Any]) -> None:
    """Ada is the CISO by account and by address; who is a product owner is the test's."""
    ada = hub.person(ADA) | {"email": "ada@example.com"}
    hub.adopt(high_system("development"), ciso={"members": [ada]}, product_owner=product_owner)
    hub.scratch.branch("work")
    hub.scratch.declare(high_system("pre_deployment"))
    hub.scratch.commit("Promote")


@pytest.mark.parametrize("way", ["entry", "team"])
def test_t07_one_account_fills_one_of_two_roles_that_are_kept_apart(hub: Hub, way: str) -> None:
    by_entry = {"members": [hub.person(ADA), hub.person(PAT)]}
    _promoted(hub, by_entry if way == "entry" else {"teams": [f"github:{TEAM}"]})
    number = hub.open("work")
    hub.approve(number, ADA, LIN)
    done = hub.check(hub.github.event(number))
    assert (done.code, done.blocking()) == (1, ["approval:product-owner"]), done
    hub.approve(number, PAT)
    done = hub.check(hub.github.event(number))
    assert done.code == 0, done


def test_t07_who_wrote_it_by_address_is_known_in_the_team_too(hub: Hub) -> None:
    del hub.github.addresses["ada@example.com"]
    _promoted(hub, {"teams": [f"github:{TEAM}"]})
    hub.scratch.commit("Code", by=ADA, files={"screener/rank.py": "RANK = 2\n"})
    number = hub.open("work")
    hub.approve(number, ADA)
    finding = hub.check(hub.github.event(number)).finding("product-owner")
    assert finding["state"] == "gap", finding
    assert "wrote commit" in str(finding["claims"])


@pytest.mark.parametrize(
    ("address", "counts"),
    [
        ("ada-x@users.noreply.ghe.example.com", False),
        ("7+ada-x@users.noreply.github.example.com", False),
        ("bo-x@users.noreply.ghe.example.com", True),
    ],
)
def test_t07_the_private_address_of_a_server_of_ones_own_names_the_account(
    scratch: Scratch, address: str, counts: bool
) -> None:
    scratch.adopt(high_system("development"))
    ada = {"name": ADA, "email": "ada@example.com", "github": "ada-x"}
    held = {"schema": "policy-gate/roles/v1", "roles": {"ciso": {"members": [ada]}}}
    scratch.commit("Accounts", by="Rae Kim", files={"policies/roles.yaml": to_yaml(held)})
    scratch.branch("work")
    scratch.declare(high_system("pre_deployment"))
    scratch.git("add", "-A")
    scratch.git("-c", "user.name=x", "-c", f"user.email={address}", "commit", "-q", "-m", "Promote")
    scratch.approve("ciso", "pre-deployment-security-review")
    finding = scratch.check().finding("ciso")
    assert finding["state"] == ("met" if counts else "gap"), finding

"""D16: every governed change is approved by the same command and by a forge review, each in its own role.

Git and the command are real, signatures too; GitHub is a fake on loopback.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes.github import GitHub
from fakes.github_job import Hub
from keys import Keyring, needs_openssh, real_crypto, with_keys
from scratch import Scratch
from world import ROLE_HOLDERS, days_ago, email_of, from_yaml, high_system, low_system, medium_system, to_yaml

LEAD, COMMITTEE = "ai-safety-lead", "ai-governance-committee"
WORKFLOW = ".github/workflows/gate.yml"
HARMLESS = {
    "decision_impact": "informational",
    "data_sensitivity": "non_sensitive",
    "human_oversight": "full",
    "user_vulnerability": "professionals",
    "deployment_scale": "internal",
}
WAIVER = {
    "system": "SYS-001",
    "rule": "annual-production-review",
    "subject": "annual-performance-report",
    "owner": "Pat Moss",
    "approver": "Rae Kim",
    "reason": "The numbers of the last quarter come next month.",
    "created": days_ago(0),
    "expires": days_ago(-20),
}


def _purpose(repo: Scratch) -> None:
    repo.edit(description="AI decides who is invited")


def _rules(repo: Scratch) -> None:
    repo.write({"policies/extra.yaml": "schema: policy-gate/policy/v1\nabout: Nothing yet.\n"})


CHANGES: dict[str, tuple[str | None, str, Callable[[Scratch], None]]] = {
    "tier-lowering": ("SYS-002", LEAD, lambda repo: repo.edit("SYS-002", risk_profile=HARMLESS)),
    "law-class-drop": ("SYS-001", LEAD, lambda repo: repo.edit(facts={"annex_iii_points": None})),
    "weakening": ("SYS-001", LEAD, lambda repo: repo.edit(risk_profile={"human_oversight": "full"})),
    "stage-regression": ("SYS-001", LEAD, lambda repo: repo.edit(stage="conception")),
    "use-case-change": ("SYS-001", LEAD, _purpose),
    "first-classification": ("SYS-003", LEAD, lambda repo: repo.declare(low_system("conception"))),
    "enrolment": ("SYS-003", LEAD, lambda repo: repo.declare_only(low_system("development", enrolled=days_ago(0)))),
    "waiver": (
        None,
        COMMITTEE,
        lambda repo: repo.write(
            {"governance/waivers.yaml": to_yaml({"schema": "policy-gate/waiver/v1", "waivers": [WAIVER]})}
        ),
    ),
    "policy-change": (None, COMMITTEE, _rules),
    "enforcement-change": (None, COMMITTEE, lambda repo: repo.write({WORKFLOW: "run: policy-gate check --advisory\n"})),
}
"""What `approve --for` takes: the system it is about, who approves, and an edit that asks for it."""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """SYS-001 in development under the shipped policies, with people named by account, address and key."""
    folder = tmp_path_factory.mktemp("d16")
    scratch, keys = Scratch(folder), Keyring(folder)
    with GitHub() as github:
        hub = Hub(scratch, github)
        hub.adopt(high_system("development"), medium_system("development"))
        roles = with_keys(from_yaml(scratch.read("policies/roles.yaml")), keys)
        for held in roles["roles"].values():
            for person in held["members"]:
                person |= {"email": email_of(person["name"]), "github_id": int(person["github_id"])}
        scratch.write({"policies/roles.yaml": to_yaml(roles), WORKFLOW: "run: policy-gate check\n"})
        scratch.commit("Keys, and a workflow", by="Rae Kim", files={"summariser/run.py": "RUN = 1\n"})
        yield hub


def _begun(hub: Hub, for_: str) -> tuple[str | None, str]:
    system, role, edit = CHANGES[for_]
    hub.scratch.branch(f"change-{for_}")
    edit(hub.scratch)
    hub.scratch.commit("A governed change")
    return system, role


@pytest.mark.contract_fake
@pytest.mark.parametrize("for_", CHANGES)
def test_d16_a_review_by_the_role_approves_it_and_one_by_another_does_not(hub: Hub, for_: str) -> None:
    _, role = _begun(hub, for_)
    number = hub.open(f"change-{for_}")
    hub.approve(number, ROLE_HOLDERS[COMMITTEE if role == LEAD else LEAD])
    done = hub.check(hub.github.event(number))
    assert done.code == 1, done
    assert f"not {role}" in str(done.finding(for_)["claims"])
    hub.approve(number, ROLE_HOLDERS[role])
    done = hub.check(hub.github.event(number))
    assert done.code == 0, done
    assert done.finding(for_)["state"] == "met"


@real_crypto
@needs_openssh
@pytest.mark.parametrize("for_", CHANGES)
def test_d16_a_signed_record_for_it_approves_it(hub: Hub, for_: str) -> None:
    system, role = _begun(hub, for_)
    blocked = hub.scratch.check()
    assert blocked.code == 1, blocked
    assert blocked.finding(for_)["fix"].startswith(f"policy-gate approve --for {for_}")
    key: Path = Keyring(hub.scratch.path.parent)[ROLE_HOLDERS[role]]
    hub.scratch.approve(role, for_, system, key=key)
    done = hub.scratch.check()
    assert done.code == 0, done
    assert done.finding(for_)["state"] == "met"

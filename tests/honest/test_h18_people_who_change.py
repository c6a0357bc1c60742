"""H18, H21: an account gets another name or is gone, a holder is away, leaves or is the author: what the report says
to do is the whole of it, and then the change passes.

Git and the command are real; GitHub is a fake on loopback.
"""

from __future__ import annotations

from typing import Any

import pytest
from fakes.forge_server import Answer
from fakes.github import GitHub
from fakes.github_job import Hub, login_of
from keys import Keyring, needs_openssh, real_crypto, with_keys
from scratch import Result, Scratch
from world import GATE_ROLES, ROLE_HOLDERS, base_files, days_ago, high_system, roles, to_yaml

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]

ADA, RAE = "Ada Example", "Rae Kim"
GATE = "pre-deployment-security-review"


def by_login(name: str) -> dict[str, Any]:
    return {"members": [{"name": name, "github": login_of(name)}]}


def judged(hub: Hub, number: int) -> Result:
    return hub.check(hub.github.event(number))


def passes(done: Result) -> bool:
    return (done.code, done.verdict) == (0, "pass")


def promoted(hub: Hub, by: str = "Bo Author", **members: Any) -> int:
    """The promotion of SYS-001 as a pull request of somebody's, approved by all but the CISO."""
    hub.adopt(high_system("development"), **members)
    hub.scratch.branch("work")
    hub.scratch.declare(high_system("pre_deployment"))
    hub.scratch.commit("Promote", by=by)
    number = hub.open(by=by)
    hub.approve(number, *(ROLE_HOLDERS[role] for role in GATE_ROLES if role != "ciso"))
    return number


def test_h18_an_account_with_another_name_is_asked_for_its_number(scratch: Scratch, github: GitHub) -> None:
    hub = Hub(scratch, github)
    number = promoted(hub, ciso=by_login(ADA), ai_governance_committee=by_login(RAE), ai_safety_lead=by_login(RAE))
    github.account(login_of(ADA))["login"] = "ada-married"
    hub.approve(number, ADA)
    done = judged(hub, number)
    why = f"which names ada-x without a number; this is github_id {github.number_of(login_of(ADA))}"
    assert (done.code, done.blocking()) == (1, ["approval:ciso"]), done
    assert why in str(done.finding("ciso")["claims"])

    scratch.branch("names")
    mended = hub.roles(ai_governance_committee=by_login(RAE), ai_safety_lead=by_login(RAE))
    scratch.commit("Her number", files={"policies/roles.yaml": mended})
    of_roles = hub.open("names")
    hub.approve(of_roles, RAE)
    assert judged(hub, of_roles).code == 0
    scratch.merge("names")
    scratch.checkout("work")
    assert passes(judged(hub, number)), "the very review of before"


def test_h18_a_number_outlives_every_name(scratch: Scratch, github: GitHub) -> None:
    hub = Hub(scratch, github)
    number = promoted(hub)
    github.account(login_of(ADA))["login"] = "ada-married"
    hub.approve(number, ADA)
    assert passes(judged(hub, number))


def test_h18_where_who_opened_it_is_gone_it_is_opened_again(scratch: Scratch, github: GitHub) -> None:
    hub = Hub(scratch, github)
    number = promoted(hub)
    hub.approve(number, ADA)
    assert passes(judged(hub, number))
    event = github.event(number)
    github.fail(f"/pulls/{number}", Answer(200, event["pull_request"] | {"user": None}))
    done = hub.check(event)
    assert done.code == 3, done
    assert "close it and open another one of its branch" in str(done.report["trust"]["notes"])
    again = hub.open()
    hub.approve(again, *(ROLE_HOLDERS[role] for role in GATE_ROLES))
    assert passes(judged(hub, again))


def test_h21_nobody_is_asked_to_approve_what_nobody_can(scratch: Scratch, github: GitHub) -> None:
    hub = Hub(scratch, github)
    number = promoted(hub, by=ADA)
    event = github.event(number)
    done = judged(hub, number)
    assert (done.code, done.blocking()) == (1, ["approval:ciso"]), done
    assert str(done.finding("ciso")["fix"]).startswith("name another person as ciso")
    hub.approve(number, ADA)
    told = scratch.home / "report.txt"
    hub.check(event, "--format", f"text={told}")
    text = told.read_text("utf-8")
    assert "nobody else in base holds the role" in " ".join(text.split())
    assert "approve the pull request" not in text


@real_crypto
@needs_openssh
@pytest.mark.parametrize(
    ("days", "author", "code"),
    [((1, -1), "Bo Author", 0), ((-1, -9), "Bo Author", 1), ((9, 1), "Bo Author", 1), ((1, -1), "Di Deputy", 1)],
    ids=["while Ada is away", "too early", "too late", "who wrote it"],
)
def test_h18_a_deputy_signs_for_the_days_of_an_absence(
    scratch: Scratch, days: tuple[int, int], author: str, code: int
) -> None:
    keys = Keyring(scratch.home)
    held = with_keys(roles(), keys)
    start, end = (days_ago(day) for day in days)
    key = {"key": keys.public("Di Deputy"), "valid_from": start, "valid_until": end}
    held["roles"]["ciso"]["members"].append({"name": "Di Deputy", "email": "di@example.com", "keys": [key]})
    files = {name: text for name, text in base_files().items() if name != "policies/org.yaml"}
    scratch.write(files | {"policies/roles.yaml": to_yaml(held)})
    scratch.declare(high_system("development"))
    scratch.commit("Govern", by="Sam Lee")
    scratch.branch("work")
    scratch.declare(high_system("pre_deployment"))
    scratch.commit("Promote", by=author)
    for role in GATE_ROLES:
        who = "Di Deputy" if role == "ciso" else ROLE_HOLDERS[role]
        scratch.approve(role, GATE, by=who, key=keys[who])
    done = scratch.check()
    assert done.code == code, done
    assert done.blocking() == ([] if code == 0 else ["approval:ciso"])


def test_h18_an_address_that_nobody_knows_is_added_to_its_account(scratch: Scratch, github: GitHub) -> None:
    hub = Hub(scratch, github)
    number = promoted(hub)
    hub.approve(number, ADA)
    scratch.iam("Bo Author", "bo@laptop.example")
    scratch.write({"screener/more.py": "MORE = 1\n"})
    scratch.git("add", "-A")
    scratch.git("commit", "-q", "-m", "More code")
    github.push(number, *hub.made("main..work")[-1:])
    hub.approve(number, *(ROLE_HOLDERS[role] for role in GATE_ROLES))
    done = judged(hub, number)
    assert done.code == 3, done
    assert "add that address to their account on the forge" in done.finding("ciso")["seen"]
    github.account(login_of("Bo Author"), "bo@laptop.example")
    assert passes(judged(hub, number))

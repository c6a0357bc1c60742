"""T16: two entries of one list under one name, of which whoever reads them would take the one or the other."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from incident_world import incident
from scratch import Result, Scratch
from world import days_ago, from_yaml, low_system, to_yaml

pytestmark = pytest.mark.real_git
VENDOR: dict[str, Any] = {"id": "acme", "vendor_name": "Acme", "access_type": "api"}
WAIVER: dict[str, Any] = {
    "system": "SYS-001",
    "rule": "smoke",
    "owner": "Bo Author",
    "approver": "Rae Kim",
    "reason": "Being written.",
    "created": days_ago(3),
    "expires": days_ago(-20),
}


def _of_entry(name: str, *entries: dict[str, Any]) -> Callable[[Scratch], None]:
    return lambda repo: repo.edit(**{name: list(entries)})


def _vendors(repo: Scratch) -> None:
    repo.rewrite(lambda told: {**told, "vendors": [VENDOR, {**VENDOR, "has_dpa": True}]})


def _systems(repo: Scratch) -> None:
    repo.rewrite(lambda told: {**told, "systems": [*told["systems"], told["systems"][0]]})


def _incidents(repo: Scratch) -> None:
    told = incident(severity="low")
    repo.write({**told, "governance/incidents/again.yaml": next(iter(told.values()))})


def twice(found: Result) -> list[dict[str, Any]]:
    return [it for it in found.report["problems"] if "twice" in it["message"]]


IN_A_CHANGE: dict[str, Callable[[Scratch], None]] = {
    "vendors": _vendors,
    "systems": _systems,
    "artifacts": _of_entry("artifacts", *({"id": "system-description", "path": f"{it}.md"} for it in "ab")),
    "tests": _of_entry("tests", *({"id": "smoke-test-suite", "report": f"{it}.xml"} for it in "ab")),
    "metrics": _of_entry("metrics", {"name": "Accuracy", "value": 0.9}, {"name": "accuracy ", "value": 0.7}),
    "models": _of_entry("models", {"name": "gpt-4o", "version": "1"}, {"name": "gpt-4o", "version": "1"}),
    "not_applicable": _of_entry("not_applicable", *({"id": "bias-testing", "reason": it} for it in ("a", "b"))),
    "incidents": _incidents,
}


@pytest.mark.parametrize("what", IN_A_CHANGE)
def test_t16_a_second_entry_of_one_name_is_one_located_problem(scratch: Scratch, what: str) -> None:
    scratch.adopt(low_system("development", id="SYS-001"))
    scratch.branch()
    IN_A_CHANGE[what](scratch)
    scratch.commit("Twice")
    found = scratch.check()
    told = twice(found)
    assert (found.code, len(told)) == (1, 1), found
    assert told[0]["line"] > 1, told
    assert told[0]["hint"], told


def test_t16_control_entries_that_differ_in_their_name_are_two(scratch: Scratch) -> None:
    scratch.adopt(low_system("development", id="SYS-001"))
    scratch.branch()
    scratch.rewrite(lambda told: {**told, "vendors": [VENDOR, {**VENDOR, "id": "other"}]})
    scratch.edit(metrics=[{"name": "accuracy", "value": 0.9}, {"name": "accuracy", "group": "women", "value": 0.9}])
    waivers = [WAIVER, {**WAIVER, "created": days_ago(0), "expires": days_ago(-60)}]  # asked for anew before it ends
    scratch.write({"governance/waivers.yaml": to_yaml({"schema": "policy-gate/waiver/v1", "waivers": waivers})})
    scratch.commit("Two")
    assert not twice(scratch.check())


def test_t16_what_base_holds_twice_is_no_fault_of_a_change_elsewhere(scratch: Scratch) -> None:
    scratch.adopt(low_system("development", id="SYS-001"))
    _vendors(scratch)
    scratch.commit("Twice", by="Rae Kim")
    scratch.branch()
    scratch.commit("Notes", files={"NOTES.md": "Notes.\n"})
    assert scratch.check().code == 0


TITLED = {"title": "T", "about": "A.", "why": "W."}
ITEMS: dict[str, Any] = {
    "facts": {"id": "extra", "about": "A.", "type": "BOOL"},
    "artifacts": {"id": "extra", **TITLED, "responsible": ["product"], "accountable": ["ciso"]},
    "roles": {"id": "extra", **TITLED},
    "rules": {
        "id": "extra",
        "title": "T",
        "why": "W.",
        "when": "true",
        "enforcement": "advise",
        "require": [{"artifact": "model-card"}],
    },
}


@pytest.mark.parametrize("section", ITEMS)
def test_t16_an_item_of_policies_that_is_there_twice_is_told(scratch: Scratch, section: str) -> None:
    scratch.adopt(low_system("development", id="SYS-001"))
    item = deepcopy(ITEMS[section])
    told = {"schema": "policy-gate/policy/v1", "about": "Twice.", section: [item, deepcopy(item)]}
    scratch.write({"policies/twice.yaml": to_yaml(told)})
    found = scratch.run("policy", "lint", "policies")
    assert found.code in (1, 3)
    assert "is there twice in one layer" in str(found)


def test_t16_a_role_that_is_there_twice_is_told(scratch: Scratch) -> None:
    scratch.adopt(low_system("development", id="SYS-001"))
    told = scratch.read("policies/roles.yaml")
    assert from_yaml(told)["roles"]["ciso"]
    scratch.write({"policies/roles.yaml": told + "  ciso:\n    members: [{name: Bo, email: bo@example.com}]\n"})
    found = scratch.run("policy", "lint", "policies")
    assert (found.code, "'ciso' is there twice" in str(found)) == (1, True), found

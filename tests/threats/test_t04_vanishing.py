"""T04: a system that leaves the manifest, by whatever road, without having been decommissioned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from scratch import Scratch
from world import days_ago, high_system, low_system, to_yaml


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("t04"))
    repo.adopt(high_system("development"), low_system("development"))
    return repo


def _drop(repo: Scratch) -> None:
    repo.rewrite(lambda data: data | {"systems": data["systems"][1:]})


def _called(repo: Scratch, ids: dict[str, str]) -> None:
    repo.rewrite(lambda data: data | {"systems": [it | {"id": ids.get(it["id"], it["id"])} for it in data["systems"]]})


def _rename(repo: Scratch) -> None:
    _called(repo, {"SYS-001": "SYS-777"})


def _case(repo: Scratch) -> None:
    _called(repo, {"SYS-001": "sys-001"})


def _no_manifest(repo: Scratch) -> None:
    repo.remove("governance.yaml")


def _empty_with_a_reason(repo: Scratch) -> None:
    repo.write({"governance.yaml": "schema: policy-gate/manifest/v1\nsystems: []\nreason: We use no AI.\n"})


def _last_stage_and_out(repo: Scratch) -> None:
    repo.edit(stage="decommissioned")
    repo.commit("First decommissioned")
    _drop(repo)


TRICKS: dict[str, Callable[[Scratch], None]] = {
    "deleted": _drop,
    "renamed": _rename,
    "another case": _case,
    "manifest deleted": _no_manifest,
    "nothing declared": _empty_with_a_reason,
    "decommissioned on the way out": _last_stage_and_out,
}


@pytest.mark.parametrize("trick", TRICKS)
def test_t04_a_system_does_not_vanish(repo: Scratch, trick: str) -> None:
    repo.branch("trick")
    TRICKS[trick](repo)
    repo.commit(trick)
    done = repo.check()
    assert done.code == 1, done
    gone = done.system()
    assert (gone["presence"], gone["tier"], gone["verdict"]) == ("removed", "high", "block")
    vanished = [item for item in done.findings("gap", "SYS-001") if item["because"][0]["rule"] == "system-vanished"]
    assert [item["enforcement"] for item in vanished] == ["block"]


@pytest.mark.parametrize("lost", [True, False], ids=["settings lose the manifest", "settings keep it"])
def test_t04_a_problem_of_the_manifest_hides_nobody_who_left_it(tmp_path: Path, lost: bool) -> None:
    own = {"schema": "policy-gate/manifest/v1", "systems": [high_system("conception")]}
    repo = Scratch(tmp_path)
    repo.adopt(low_system("development"), files={"apps/governance.yaml": to_yaml(own)})
    repo.branch("trick")
    renamed = {**own, "systems": [high_system("conception", id="SYS-777")]}
    patterns = ["governance.yaml"] if lost else ["governance.yaml", "apps/governance.yaml"]
    settings = {"schema": "policy-gate/config/v1", "repository": "example-org/screener", "manifests": patterns}
    repo.write({"apps/governance.yaml": to_yaml(renamed), "policy-gate.yaml": to_yaml(settings)})
    repo.commit("Another id, and settings that say where manifests stand")
    done = repo.check()
    assert done.code == 1, done
    assert [item["path"] for item in done.report["problems"]] == (["apps/governance.yaml"] if lost else [])
    vanished = [item for item in done.findings("gap", "SYS-001") if item["because"][0]["rule"] == "system-vanished"]
    assert [item["enforcement"] for item in vanished] == ["block"]


def test_t04_a_renamed_system_is_a_new_one_too(repo: Scratch) -> None:
    repo.branch("renamed")
    _rename(repo)
    repo.commit("Another id")
    done = repo.check()
    assert done.system("SYS-777")["presence"] in ("added", "enrolled")
    assert done.finding("first-classification")["state"] == "gap"


def test_t04_swapped_ids_are_other_systems_under_known_names(repo: Scratch) -> None:
    repo.branch("swapped")
    _called(repo, {"SYS-001": "SYS-003", "SYS-003": "SYS-001"})
    repo.commit("Swap the ids")
    done = repo.check()
    assert done.code == 1, done
    assert "tier-lowered" in done.changes("SYS-001")
    assert done.system("SYS-001")["effective_tier"] == "high"


def test_t04_another_name_or_order_takes_nothing_away(repo: Scratch) -> None:
    repo.branch("honest")
    repo.edit(name="CV Screener")
    repo.rewrite(lambda data: data | {"systems": data["systems"][::-1]})
    repo.commit("Rename and reorder")
    assert repo.check().code == 0


def test_t04_a_decommissioned_system_may_leave(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(low_system("decommissioned", stage_since=days_ago(10)), high_system("development"))
    repo.branch("work")
    repo.rewrite(lambda data: data | {"systems": [item for item in data["systems"] if item["id"] == "SYS-001"]})
    repo.commit("It is gone")
    done = repo.check()
    assert done.system("SYS-003")["presence"] == "removed"
    assert done.code == 0, done

"""T47: a manifest where, or under a name by which, the gate would not find it."""

from __future__ import annotations

import json

import pytest
from promotion import Promotion
from scratch import Result
from world import low_system, to_yaml

HOME = "governance.yaml"
LOW = to_yaml({"schema": "policy-gate/manifest/v1", "systems": [low_system("production")]})


def vanished(result: Result) -> bool:
    """Is the system of the manifest that is read no more told to be gone, and does that block?"""
    assert result.code == 1, result
    return result.system()["presence"] == "removed" and "that:system-vanished" in result.blocking()


def moved(promotion: Promotion, path: str) -> Result:
    promotion.restart()
    (promotion.path / path).parent.mkdir(parents=True, exist_ok=True)
    (promotion.path / HOME).rename(promotion.path / path)
    return promotion.judge()


@pytest.mark.parametrize("path", ["Governance.yaml", "governance.YAML", "governance.yml", "governance.json"])
def test_t47_another_case_or_ending_is_no_hiding_place(promotion: Promotion, path: str) -> None:
    result = moved(promotion, path)
    [problem] = result.report["problems"]
    assert vanished(result)
    assert (problem["path"], problem["hint"]) == (path, "name it governance.yaml, or remove it")


@pytest.mark.parametrize("path", ["docs/ai.yaml", "g\u043evernance.yaml", "governance.yaml.txt"])
def test_t47_a_name_outside_the_patterns_is_a_vanished_system(promotion: Promotion, path: str) -> None:
    assert vanished(moved(promotion, path))


def test_t47_a_new_manifest_outside_the_patterns_is_told(promotion: Promotion) -> None:
    for path in ("summariser/Governance.yaml", "summariser/governance.yml"):
        result = promotion.attempt({path: LOW}, at="main")
        assert (result.code, [item["path"] for item in result.report["problems"]]) == (1, [path])
    notes = promotion.attempt({"summariser/ai.yaml": LOW}, at="main").report["trust"]["notes"]
    assert any(note.startswith("summariser/ai.yaml is no manifest by the patterns") for note in notes)
    seen = promotion.attempt({"summariser/governance.yaml": LOW}, at="main")
    assert (seen.code, seen.system("SYS-003")["presence"]) == (1, "added")


def test_t47_a_manifest_in_a_submodule_is_a_vanished_system(promotion: Promotion) -> None:
    promotion.restart()
    promotion.git("rm", "-q", "--cached", HOME)
    promotion.git("update-index", "--add", "--cacheinfo", f"160000,{'b' * 40},modules")
    promotion.git("commit", "-q", "-m", "Into a submodule")
    assert vanished(promotion.check("--defer", "approval"))


def test_t47_a_manifest_that_is_a_submodule_or_a_link_is_a_problem(promotion: Promotion) -> None:
    promotion.restart()
    promotion.git("rm", "-q", "--cached", HOME)
    promotion.git("update-index", "--add", "--cacheinfo", f"160000,{'b' * 40},{HOME}")
    promotion.git("commit", "-q", "-m", "A submodule")
    result = promotion.check("--defer", "approval")
    assert (result.code, result.report["problems"][0]["message"]) == (1, "is a submodule (expected a regular file)")
    promotion.restart()
    (promotion.path / HOME).rename(promotion.path / "other.yaml")
    (promotion.path / HOME).symlink_to("other.yaml")
    result = promotion.judge()
    assert (result.code, result.report["problems"][0]["message"]) == (1, "is a symbolic link (expected a regular file)")


def test_t47_an_ignored_folder_is_read_where_its_files_are_tracked(promotion: Promotion) -> None:
    promotion.restart("main")
    promotion.write({".gitignore": "summariser/\n", "summariser/governance.yaml": LOW})
    promotion.git("add", "-f", "summariser/governance.yaml")
    result = promotion.judge()
    assert (result.code, result.system("SYS-003")["presence"]) == (1, "added")
    assert promotion.check("--worktree").system("SYS-003")["presence"] == "added"


def test_t47_patterns_that_are_narrowed_lose_no_system(promotion: Promotion) -> None:
    promotion.restart()
    config = promotion.read("policy-gate.yaml")
    narrowed = promotion.attempt(
        {"policy-gate.yaml": config + 'manifests: ["ai/*.yaml"]\n', "reports/bias-benchmark-suite.xml": ""}
    )
    assert (narrowed.code, narrowed.blocking()) == (1, ["test:bias-benchmark-suite"])
    assert [item["path"] for item in narrowed.report["problems"]] == [HOME]
    assert "is lost: the patterns ai/*.yaml of this change do not find it" in narrowed.report["problems"][0]["message"]
    same = promotion.attempt({"policy-gate.yaml": f"{config}policies: policies\n"})
    assert (same.code, same.finding("policy-change")["state"]) == (0, "deferred")


def test_t47_patterns_that_are_widened_bring_their_systems_in(promotion: Promotion) -> None:
    promotion.restart("main")
    config = promotion.read("policy-gate.yaml") + 'manifests: ["**/governance.yaml", "ai/*.yaml"]\n'
    result = promotion.attempt({"policy-gate.yaml": config, "ai/low.yaml": LOW}, at="main")
    assert (result.code, result.system("SYS-003")["presence"]) == (1, "added")


def test_t47_moving_manifest_and_patterns_together_loses_nothing(promotion: Promotion) -> None:
    promotion.restart("main")
    config = promotion.read("policy-gate.yaml") + 'manifests: ["ai.yaml"]\n'
    (promotion.path / HOME).rename(promotion.path / "ai.yaml")
    promotion.write({"policy-gate.yaml": config})
    result = promotion.judge()
    assert (result.code, result.system()["presence"], result.blocking()) == (0, "unchanged", [])


@pytest.mark.parametrize(
    "path",
    [
        "policy-gate.yml", "Policy-Gate.yaml", ".policy_gate.yaml", "policy-gate.toml", "gate/policy-gate.yaml",
        ".github/policy-gate.yaml", "settings.json",
    ],
)  # fmt: skip
def test_t47_settings_under_another_name_are_told_when_they_come(promotion: Promotion, path: str) -> None:
    text = "schema: policy-gate/config/v1\nmanifests: [elsewhere.yaml]\n"
    text = '{"schema": "policy-gate/config/v1"}' if path.endswith(".json") else text
    brought = promotion.attempt({path: text}, at="main")
    [note] = [it for it in brought.report["trust"]["notes"] if path in it]
    assert note.startswith(f"{path} is not read: the settings of the gate stand in policy-gate.yaml")
    assert brought.code == 0
    control = promotion.attempt({"docs/policy-gate.yml": text, "gates.yml": text}, at="main")
    assert not [it for it in control.report["trust"]["notes"] if "no settings" in it]


@pytest.mark.parametrize(
    ("path", "schema", "place"),
    [
        ("governance/incident/INC-1.yaml", "incident", "governance/incidents/"),
        ("governance/approval/ciso.yaml", "approval", "governance/approvals/"),
        ("governance/approvals/ciso.json", "approval", "approvals are YAML in governance/approvals/"),
        ("waivers.yml", "waiver", "governance/waivers.yaml"),
        ("policy/own.yaml", "policy", "policies/"),
        ("roles.yaml", "roles", "policies/roles.yaml"),
        ("ai/systems.yaml", "manifest", "**/governance.yaml"),
    ],
)
def test_t47_what_nothing_reads_where_it_stands_is_told_beside_the_pass(
    promotion: Promotion, path: str, schema: str, place: str
) -> None:
    said = {"schema": f"policy-gate/{schema}/v1"}
    text = json.dumps(said, indent=1) if path.endswith("json") else to_yaml(said)
    promotion.restart("main")
    promotion.write({path: text})
    promotion.commit("A record")
    told = " ".join(promotion.run("check").out.split())
    assert told.startswith("PASS")
    assert f"{path} is no" in told
    assert place in told
    promotion.restart("main")
    promotion.write({path: text.replace("policy-gate/", "other-tool/")})
    promotion.commit("Another tool's")
    assert len(promotion.run("check").out.strip().splitlines()) == 1


def test_t47_control_a_workflow_of_that_name_is_none_and_not_spoken_of(promotion: Promotion) -> None:
    path = ".github/workflows/governance.yml"
    files = {path: "on: push\n", "docs/governance.yml": "on: push\n"}
    notes = " ".join(promotion.attempt(files, at="main").report["trust"]["notes"])
    assert path not in notes
    assert "docs/governance.yml is no manifest" in notes
    claims = promotion.attempt({path: LOW}, at="main")
    assert (claims.code, [item["path"] for item in claims.report["problems"]]) == (1, [path])

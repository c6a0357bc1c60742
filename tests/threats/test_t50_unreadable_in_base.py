"""T50: what base holds and nobody can read is "cannot tell", and never nothing (D45)."""

from __future__ import annotations

import pytest
from scratch import Result, Scratch
from world import AUTHOR, base_files, days_ago, high_system, low_system, org_policy, roles, to_yaml

HOME = "governance.yaml"
OTHERS = "project:\n  name: screener\nchecks:\n  budget: {enabled: true}\n"
MANIFEST = to_yaml({"schema": "policy-gate/manifest/v1", "systems": [high_system("production", enrolled=days_ago(9))]})
UNREADABLE = {
    "a key with a slip": MANIFEST.replace("owner_team", "owner_taem"),
    "no YAML": MANIFEST + "\t}{\n",
    "another tool's": OTHERS,
    "too large": MANIFEST + "# x\n" * 300_000,
    "a pointer": f"version https://git-lfs.github.com/spec/v1\noid sha256:{'ab' * 32}\nsize 700\n",
    "its schema lost": MANIFEST.replace("schema: policy-gate/manifest/v1\n", ""),
    "two documents": f"{MANIFEST}---\n{MANIFEST}",
}


def governed(repo: Scratch, text: str, *, path: str = HOME, policies: bool = True) -> None:
    """Base with a manifest that cannot be read, one in `a/` that can, and code of both."""
    files = base_files() if policies else {"README.md": "# Scratch\n"}
    repo.write({**files, path: text, "screener/app.py": "x = 1\n", "b/src/app.py": "x = 1\n"})
    repo.declare_only(low_system("development", paths=["**"]), path="a/governance.yaml")
    repo.commit("Base", by="Rae Kim", files={"a/app.py": "x = 1\n"})
    repo.branch()


def is_undecided(found: Result, *said: str) -> bool:
    assert (found.code, found.verdict) == (3, "undecided"), found
    return all(words in str(found.report) for words in said)


@pytest.mark.parametrize("way", UNREADABLE)
def test_t50_a_root_manifest_that_cannot_be_read_may_govern_everything_else(scratch: Scratch, way: str) -> None:
    governed(scratch, UNREADABLE[way])
    scratch.commit("Code", files={"screener/app.py": "x = 2\n"})
    assert is_undecided(scratch.check(), "governance.yaml of base cannot be read, and could govern screener/app.py")
    scratch.branch("readme")
    scratch.commit("A typo", files={"README.md": "# Scratched\n"})
    assert is_undecided(scratch.check())
    scratch.branch("neighbour")
    scratch.edit("SYS-003", path="a/governance.yaml", incident_contact="x@example.com")
    scratch.commit("In a folder of its own", files={"a/app.py": "x = 2\n"})
    assert scratch.check().code == 0
    assert scratch.check("--all").code == 1


def test_t50_links_in_a_manifests_place_tell_as_little(scratch: Scratch) -> None:
    governed(scratch, MANIFEST)
    scratch.checkout("main")
    (scratch.path / HOME).rename(scratch.path / "other.yaml")
    (scratch.path / HOME).symlink_to("other.yaml")
    scratch.commit("A link", by="Rae Kim")
    scratch.branch("code")
    scratch.commit("Code", files={"screener/app.py": "x = 2\n"})
    assert is_undecided(scratch.check())


def test_t50_a_nested_one_may_govern_its_folder_and_nothing_else(scratch: Scratch) -> None:
    governed(scratch, UNREADABLE["a key with a slip"], path="b/governance.yaml")
    scratch.commit("Code", files={"b/src/app.py": "x = 2\n"})
    assert is_undecided(scratch.check(), "b/governance.yaml of base cannot be read")
    scratch.branch("elsewhere")
    scratch.commit("Elsewhere", files={"screener/app.py": "x = 2\n"})
    assert scratch.check().code == 0


@pytest.mark.parametrize("way", ["a key with a slip", "another tool's"])
def test_t50_what_vanishes_unread_asks_the_committee(scratch: Scratch, way: str) -> None:
    governed(scratch, UNREADABLE[way])
    scratch.git("rm", "-q", HOME)
    scratch.commit("Delete it")
    assert scratch.check().blocking() == ["approval:ai-governance-committee"]
    scratch.approve("ai-governance-committee", "enforcement-change", None)
    assert scratch.check().code == 0
    empty = {"schema": "policy-gate/manifest/v1", "systems": [], "reason": "No AI here."}
    scratch.branch("emptied")
    scratch.commit("Nothing is declared", files={HOME: to_yaml(empty)})
    assert scratch.check().finding("enforcement-change")["state"] == "gap"
    scratch.branch("moved")
    scratch.git("mv", HOME, "b/governance.yaml")
    scratch.commit("Move it")
    assert scratch.check().code == 1


def test_t50_what_becomes_readable_is_new_and_not_enrolled(scratch: Scratch) -> None:
    governed(scratch, UNREADABLE["a key with a slip"])
    scratch.commit("Mend it", files={HOME: MANIFEST})
    found = scratch.check()
    assert (found.code, found.system()["presence"], found.report["problems"]) == (1, "added", [])
    scratch.git("rm", "-q", HOME)
    scratch.declare_only(high_system("production", enrolled=days_ago(9), model_card=None), path="ai/governance.yaml")
    scratch.commit("Elsewhere")
    assert scratch.check().system()["presence"] == "added"


def test_t50_a_manifest_in_the_change_narrows_nothing(scratch: Scratch) -> None:
    governed(scratch, UNREADABLE["no YAML"])
    own = {"schema": "policy-gate/manifest/v1", "systems": [low_system("conception", id="SYS-9", paths=["**"])]}
    scratch.commit("Mine now", files={"screener/governance.yaml": to_yaml(own), "screener/app.py": "x = 2\n"})
    assert scratch.check().code in (1, 3)
    scratch.branch("patterns")
    config = scratch.read("policy-gate.yaml") + 'manifests: ["a/*.yaml"]\n'
    scratch.commit("Look elsewhere", files={"policy-gate.yaml": config})
    scratch.approve("ai-governance-committee", "policy-change", None)
    assert "is lost" in str(scratch.check().report["problems"])
    assert scratch.check().code == 1


@pytest.mark.parametrize("way", UNREADABLE)
def test_t50_it_is_no_adoption_while_base_may_hold_a_manifest(scratch: Scratch, way: str) -> None:
    scratch.commit("Base", by="Rae Kim", files={HOME: UNREADABLE[way], "screener/app.py": "x = 1\n"})
    scratch.branch()
    taken = {"policies/roles.yaml": to_yaml(roles(ciso=AUTHOR)), "policies/org.yaml": to_yaml(org_policy())}
    scratch.commit("Roles", files=taken)
    if way == "another tool's":
        assert is_undecided(scratch.check(), "whether base is governed")
    scratch.commit("And code", files={"screener/app.py": "x = 2\n"})
    assert scratch.check().code != 0
    assert scratch.check("--require-governed-base").code != 0
    config = {"schema": "policy-gate/config/v1", "manifests": ["ai/governance.yaml"]}
    scratch.write({"policy-gate.yaml": to_yaml(config)})
    scratch.declare_only(high_system("production", model_card=None), path="ai/governance.yaml")
    scratch.commit("Adopt, and look elsewhere")
    found = scratch.check()
    is_others = way == "another tool's"
    assert (found.code == 0, found.report["trust"]["mode"] == "adoption") == (is_others, is_others), found


def test_t50_another_tools_file_is_left_alone_once_the_config_says_so(scratch: Scratch) -> None:
    governed(scratch, OTHERS)
    config = scratch.read("policy-gate.yaml") + 'manifests: ["*/governance.yaml"]\n'
    scratch.commit("Look elsewhere", files={"policy-gate.yaml": config})
    assert scratch.check().blocking() == ["approval:ai-governance-committee"]
    scratch.approve("ai-governance-committee", "policy-change", None)
    assert scratch.check().code == 0
    scratch.merge()
    scratch.branch("next")
    scratch.commit("Work goes on", files={"README.md": "# Scratched\n", HOME: OTHERS + "extra: 1\n"})
    assert scratch.check().verdict == "pass"


POLICY = to_yaml(org_policy())


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("policies/org.json", b'{"schema": "policy-gate/policy/v1", "rules": []}'),
        ("policies/org.yaml.txt", POLICY.encode()),
        ("policies/more.yaml", POLICY.encode("utf-16")),
        ("policies/more.yaml", b"version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 1\n"),
        ("policies/more.yaml", POLICY.encode() + b"# x\n" * 300_000),
    ],
)
def test_t50_a_policy_that_cannot_be_read_is_no_less_there(scratch: Scratch, path: str, data: bytes) -> None:
    scratch.adopt(low_system("development"))
    (scratch.path / path).write_bytes(data)
    scratch.commit("Unreadable", by="Rae Kim")
    scratch.branch()
    scratch.edit("SYS-003", incident_contact="x@example.com")
    scratch.commit("Work")
    assert scratch.check().code == 3
    found = scratch.run("policy", "lint")
    assert (found.code, path in found.out) == (1, True), found


@pytest.mark.parametrize("place", ["policies/roles.yaml", "policies"])
def test_t50_roles_behind_a_link_are_not_nobodys(scratch: Scratch, place: str) -> None:
    scratch.write(base_files())
    scratch.declare(low_system("development"))
    (scratch.path / place).rename(scratch.path / "elsewhere")
    (scratch.path / place).symlink_to("elsewhere" if place == "policies" else "../elsewhere")
    scratch.commit("Born linked", by="Rae Kim")
    scratch.branch()
    scratch.git("rm", "-q", place)
    (scratch.path / "policies").mkdir(exist_ok=True)
    scratch.commit("Take", files={"policies/roles.yaml": to_yaml(roles(ai_governance_committee=AUTHOR))})
    assert scratch.check().code == 3


def test_t50_control_what_is_no_policy_stays_nobodys_business(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"))
    (scratch.path / "policies" / "kyverno.yaml").symlink_to("../README.md")
    readme = "# Rules\n\n```yaml\nschema: policy-gate/policy/v1\n```\n"
    scratch.commit("Others", by="Rae Kim", files={"policies/README.md": readme, "policies/opa.json": '{"a": 1}\n'})
    scratch.branch()
    scratch.edit("SYS-003", incident_contact="x@example.com")
    scratch.commit("Work")
    assert scratch.check().verdict == "pass"

"""Loading the inputs of a real repository: trees, policies, mode, people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from scratch import Scratch

from policy_gate.approvals.people import load_people
from policy_gate.approvals.role_holders import names_only
from policy_gate.collect.inputs import OpenInputs, earlier_layers, load_inputs
from policy_gate.collect.policy_files import builtin_layer, of_folder, of_tree
from policy_gate.errors import PolicyError, UndecidedError, UsageError
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.source import Unread
from policy_gate.vcs.memory_tree import MemoryTree

pytestmark = pytest.mark.real_git

MANIFEST = """schema: policy-gate/manifest/v1
systems:
  - {id: SYS-001, name: A, owner_team: T, stage: development, paths: ["src/**"], risk_profile: {}}
"""
POLICY = "schema: policy-gate/policy/v1\nabout: ours\n"
ROLES = """schema: policy-gate/roles/v1
roles:
  ciso: {members: [{name: Ada, email: ada@example.com}], same_as: legal}
  legal: {members: [{name: Lin, email: lin@example.com}], same_as: ciso}
  dpo: {same_as: nobody, teams: ["github:x/y"]}
"""
BASE = {"governance.yaml": MANIFEST, "src/a.py": "1", "policies/roles.yaml": ROLES, "policies/own.yaml": POLICY}
Fetch = Callable[..., OpenInputs]


@pytest.fixture
def inputs(scratch: Scratch) -> Iterator[Fetch]:
    """Fetches the papers of the scratch repository; closes them afterwards."""
    opened: list[OpenInputs] = []

    def go(**more: Any) -> OpenInputs:
        opened.append(load_inputs(request_of(scratch, **more)))
        return opened[-1]

    yield go
    for item in opened:
        item.close()


def request_of(scratch: Scratch, **more: Any) -> Request:
    return replace(Request(scratch.path, datetime(2026, 11, 22, tzinfo=UTC), base="main"), **more)


def on_branch(scratch: Scratch, files: dict[str, str], base: dict[str, str] = BASE) -> None:
    scratch.commit("base", files=base)
    scratch.branch("work")
    scratch.commit("work", files=files)


def layers_of(found: OpenInputs) -> list[str]:
    return [layer.name for layer in found.layers]


def test_base_and_result_are_read_and_the_policies_is_base_s(scratch: Scratch, inputs: Fetch) -> None:
    on_branch(scratch, {"governance.yaml": MANIFEST.replace("development", "production")})
    found = inputs()
    assert [side.systems[0].entry.stage for side in (found.base, found.result)] == ["development", "production"]
    assert (found.mode, found.result_from, found.target_branch) == ("change", "head", "main")
    assert layers_of(found) == ["builtin", "base:policies"]
    assert (found.result_layers, found.not_enforcing, found.policies_only) == (None, (), False)
    assert found.changed_paths == {"governance.yaml"}


def test_t02_the_result_is_what_merging_gives(scratch: Scratch, inputs: Fetch) -> None:
    on_branch(scratch, {"src/b.py": "2"})
    scratch.checkout("main")
    scratch.commit("meanwhile", files={"governance.yaml": MANIFEST.replace("SYS-001", "SYS-009")})
    scratch.checkout("work")
    found = inputs()
    assert found.result_from == "merge"
    assert found.result.systems[0].key.id == "SYS-009"
    assert [file.path for file in found.result.systems[0].code] == ["src/a.py", "src/b.py"]


def test_t01_policies_of_the_change_is_shown_and_not_in_force(scratch: Scratch, inputs: Fetch) -> None:
    on_branch(scratch, {"policies/roles.yaml": ROLES.replace("Ada", "Mal"), "policies/more.yaml": POLICY})
    found = inputs()
    assert layers_of(found) == ["builtin", "base:policies"]
    assert found.result_layers is not None
    assert [document.path for document in found.result_layers[-1].documents] == [
        "policies/more.yaml",
        "policies/own.yaml",
    ]
    assert found.roles is not None
    assert found.roles.content.roles["ciso"].members[0].name == "Ada"
    assert found.result_roles is not None
    assert found.result_roles.content.roles["ciso"].members[0].name == "Mal"
    assert found.policies_only
    assert {file.path for file in found.result.policy_files} - {file.path for file in found.base.policy_files} == {
        "policies/more.yaml"
    }


def test_t47_the_patterns_of_a_change_hide_nothing_and_bring_in_what_they_find(scratch: Scratch, inputs: Fetch) -> None:
    config = "schema: policy-gate/config/v1\nmanifests: [other.yaml]\n"
    on_branch(scratch, {"policy-gate.yaml": config, "other.yaml": MANIFEST.replace("SYS-001", "SYS-002")})
    found = inputs()
    assert [system.key.id for system in found.base.systems] == ["SYS-001"]
    assert [system.key.id for system in found.result.systems] == ["SYS-001", "SYS-002"]
    assert [(problem.path, "is lost" in problem.message) for problem in found.result.problems] == [
        ("governance.yaml", True)
    ]


@pytest.mark.parametrize("to", ["Governance.yaml", "governance.yml"])
def test_t47_a_manifest_that_leaves_the_patterns_has_vanished(scratch: Scratch, inputs: Fetch, to: str) -> None:
    on_branch(scratch, {})
    scratch.git("mv", "governance.yaml", to)
    scratch.commit("rename")
    found = inputs()
    assert [system.key.id for system in found.base.systems] == ["SYS-001"]
    assert found.result.systems == ()
    assert [problem.path for problem in found.result.problems] == [to]


def test_a_moved_manifest_is_read_on_both_sides(scratch: Scratch, inputs: Fetch) -> None:
    on_branch(scratch, {}, {"a/governance.yaml": MANIFEST, "b/x": "1", "policies/roles.yaml": ROLES})
    scratch.git("mv", "a/governance.yaml", "b/governance.yaml")
    scratch.commit("move")
    found = inputs()
    assert [side.systems[0].key for side in (found.base, found.result)] == [
        ("a/governance.yaml", "SYS-001"), ("b/governance.yaml", "SYS-001")
    ]  # fmt: skip


TWO = {
    **BASE,
    "a/governance.yaml": MANIFEST.replace("SYS-001", "A"),
    "b/governance.yaml": MANIFEST.replace("SYS-001", "B"),
}
VENDORS = "vendors:\n  - {id: one, vendor_name: One}\n"


@pytest.mark.parametrize(
    ("files", "read"),
    [
        ({"a/src/x.py": "1"}, ["A", "SYS-001"]),
        ({"governance.yaml": MANIFEST.replace("name: A", "name: B")}, ["SYS-001"]),
        ({"governance.yaml": MANIFEST + VENDORS}, ["A", "B", "SYS-001"]),
        ({"policies/own.yaml": POLICY + "# more\n"}, ["A", "B", "SYS-001"]),
        ({"policy-gate.yaml": "schema: policy-gate/config/v1\n"}, ["A", "B", "SYS-001"]),
        ({"policies/kyverno.yaml": "kind: x\n"}, ["SYS-001"]),
    ],
)
def test_what_concerns_everybody_reads_everything(
    scratch: Scratch, inputs: Fetch, files: dict[str, str], read: list[str]
) -> None:
    on_branch(scratch, files, TWO)
    assert sorted(system.key.id for system in inputs().result.systems) == read


def test_shared_files_concern_everybody(scratch: Scratch, inputs: Fetch) -> None:
    config = {"policy-gate.yaml": 'schema: policy-gate/config/v1\nshared: ["shared/**"]\n'}
    on_branch(scratch, {"shared/x.md": "1"}, {**TWO, **config})
    assert len(inputs().result.systems) == 3


def test_the_full_check_reads_one_tree_by_base_s_policies(scratch: Scratch, inputs: Fetch) -> None:
    on_branch(scratch, {"policies/more.yaml": POLICY, "governance.yaml": MANIFEST.replace("SYS-001", "SYS-002")})
    found = inputs(everything=True)
    assert found.mode == "all"
    assert found.base is found.result
    assert found.result.systems[0].key.id == "SYS-002"
    assert [document.path for document in found.layers[-1].documents] == ["policies/own.yaml"]


def test_the_work_tree_is_a_result(scratch: Scratch, inputs: Fetch) -> None:
    on_branch(scratch, {})
    scratch.write({"governance.yaml": MANIFEST.replace("SYS-001", "SYS-002"), "src/new.py": "1"})
    found = inputs(worktree=True)
    assert (found.result_from, found.head_ref.commit) == ("worktree", None)
    assert found.result.systems[0].key.id == "SYS-002"
    assert found.changed_paths == {"governance.yaml", "src/new.py"}


def test_h08_the_first_manifest_is_adoption(scratch: Scratch, inputs: Fetch) -> None:
    on_branch(scratch, BASE, {"README.md": "x"})
    found = inputs()
    assert (found.mode, layers_of(found), found.roles) == ("adoption", ["builtin"], None)
    assert found.result_roles is not None


@pytest.mark.parametrize(
    "held", [{"policies/own.yaml": POLICY}, {"deep/governance.yaml": MANIFEST.replace("SYS-001", "X")}]
)
def test_no_adoption_where_base_holds_a_manifest_or_policies(
    scratch: Scratch, inputs: Fetch, held: dict[str, str]
) -> None:
    on_branch(scratch, {"governance.yaml": MANIFEST}, {"README.md": "x", **held})
    assert inputs().mode == "change"


def test_no_adoption_under_an_organisation(
    scratch: Scratch, inputs: Fetch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("organisation")
    (outside / "law.yaml").write_text(POLICY)
    on_branch(scratch, {"governance.yaml": MANIFEST}, {"README.md": "x"})
    found = inputs(organisation_policies=outside)
    assert found.mode == "change"
    assert [layer.trusted for layer in found.layers] == [True, True]


def test_policies_inside_the_checkout_are_untrusted(scratch: Scratch, inputs: Fetch) -> None:
    on_branch(scratch, {"org/law.yaml": POLICY})
    found = inputs(organisation_policies=scratch.path / "org")
    assert [layer.trusted for layer in found.layers] == [True, False, True]
    assert any("may only tighten" in note for note in found.notes)


def test_options_that_weaken_are_named(scratch: Scratch, inputs: Fetch) -> None:
    on_branch(scratch, {})
    scratch.git("branch", "other", "main")
    found = inputs(as_of_given=True, systems=("SYS-001",), defer_approval=True, advisory=True, evidence=(scratch.path,))
    assert [reason.split()[0] for reason in found.not_enforcing] == [
        "--as-of",
        "--system",
        "--defer",
        "--advisory",
        "--evidence",
    ]
    assert inputs(evidence=(scratch.path,), environment={"CI": "true"}).not_enforcing == ()


def test_t42_another_tool_than_base_pins_gives_no_answer(scratch: Scratch, inputs: Fetch) -> None:
    pin = 'schema: policy-gate/config/v1\ntool: {version: "99.1"}\n'
    on_branch(scratch, {"policy-gate.yaml": "schema: policy-gate/config/v1\n"}, {**BASE, "policy-gate.yaml": pin})
    with pytest.raises(UndecidedError, match=r"pins policy-gate 99\.1"):
        inputs()


def test_a_head_that_is_none_is_a_usage_error(scratch: Scratch, inputs: Fetch) -> None:
    on_branch(scratch, {})
    with pytest.raises(UsageError, match="nowhere"):
        inputs(head="nowhere")


@pytest.mark.parametrize("path", ["policies/own.yaml", "policies/roles.yaml", "policy-gate.yaml"])
def test_h11_broken_policies_of_base_makes_no_policies_and_earlier_policies_is_found(
    scratch: Scratch, inputs: Fetch, path: str
) -> None:
    scratch.commit("good", files={**BASE, "policy-gate.yaml": "schema: policy-gate/config/v1\n"})
    good = (scratch.path / path).read_text()
    on_branch(scratch, {path: good + "# mended\n"}, {path: good + "about: [\n"})
    found = inputs()
    assert found.policies_only
    assert path in {problem.path for problem in found.layers[-1].problems}
    assert path in {problem.path for problem in found.base.problems}
    assert not found.result.problems
    assert [document.path for document in found.layers[-1].documents if isinstance(document.content, Unread)] == [path]
    ((earlier, _packs),) = earlier_layers(request_of(scratch), found)
    assert [layer.layer for layer in earlier] == ["builtin", "repository"]
    assert not earlier[-1].problems


def record(digest: str = "0") -> str:
    return f"""schema: policy-gate/approval/v1
system: SYS-001
for: enrolment
role: ciso
approver: {{name: Ada, email: ada@example.com}}
approved_on: 2026-11-01
expires: 2026-12-01
subject_digest: "sha256:{digest * 64}"
target_branch: main
statement: I approve.
"""


def test_people_are_roles_authors_and_claims(scratch: Scratch, inputs: Fetch) -> None:
    on_branch(scratch, {"src/a.py": "2"}, {**BASE, "governance/approvals/old.yaml": record("1")})
    scratch.commit("approve", by="Ada Example", files={"governance/approvals/new.yaml": record("2")})
    scratch.commit(
        "replay", files={"governance/approvals/copy.yaml": record("1"), "governance/approvals/bad.yaml": "x: 1\n"}
    )
    found = inputs()
    answers = load_people(request_of(scratch), found)
    assert [(claim.path[21:], claim.spent, [it.name for it in claim.added_by]) for claim in answers.claims] == [
        ("copy.yaml", True, ["Bo Author"]), ("new.yaml", False, ["Ada Example"]), ("old.yaml", True, [])
    ]  # fmt: skip
    assert {claim.assurance for claim in answers.claims} == {"recorded"}
    assert (answers.sources, answers.attributed, answers.target_branch) == (("records",), True, "main")
    assert len(answers.commits) == 3
    assert [problem.path for problem in found.result.problems][:1] == ["governance/approvals/bad.yaml"]


def test_same_as_is_followed_and_circles_end(scratch: Scratch, inputs: Fetch) -> None:
    on_branch(scratch, {})
    answers = names_only(inputs())
    assert {role: [it.name for it in held] for role, held in answers.members.items()} == {
        "ciso": ["Ada", "Lin"], "dpo": [], "legal": ["Lin", "Ada"]
    }  # fmt: skip
    assert answers.sources == ()
    assert len([note for note in answers.notes if note.startswith("role dpo")]) == 2


def test_h15_foreign_yaml_is_counted_and_not_read() -> None:
    layer = of_tree(
        MemoryTree({
            "policies/own.yaml": POLICY,
            "policies/kyverno.yaml": "apiVersion: kyverno.io/v1\n---\na: *b\n",
            "policies/opa/data.yml": "schema: other/v1\n",
            "policies/tests/cases.yaml": "schema: policy-gate/case/v1\ncases: []\n",
        }),
        "policies", "here",
    )  # fmt: skip
    assert [document.path for document in layer.documents] == ["policies/own.yaml"]
    assert [document.path for document in layer.cases] == ["policies/tests/cases.yaml"]
    assert layer.notes == ("here: 2 YAML file(s) that are not policy-gate's are not read",)


@pytest.mark.parametrize(
    "schema", ["policy-gate/polcy/v1", "policy_gate/policy/v1", "Policy-Gate/policy/v1", "policy-gate/policy/v2"]
)
def test_a_nearly_right_schema_is_an_error_with_the_right_one(schema: str) -> None:
    with pytest.raises(PolicyError) as caught:
        of_tree(MemoryTree({"policies/own.yaml": f"schema: {schema}\n"}), "policies", "here")
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (1, 9)
    assert "policy-gate/policy/v1" in problem.hint


def test_roles_are_read_from_their_place_only() -> None:
    with pytest.raises(PolicyError, match=r"policies/sub/roles\.yaml.*policies/roles\.yaml only"):
        of_tree(MemoryTree({"policies/sub/roles.yaml": ROLES}), "policies", "here")


def test_every_unreadable_policy_is_told_at_once() -> None:
    with pytest.raises(PolicyError) as caught:
        of_tree(MemoryTree({"p/a.yaml": POLICY + "about: x\n", "p/b.yaml": POLICY + "x: *y\n"}), "p", "here")
    assert [problem.path for problem in caught.value.problems] == ["p/a.yaml", "p/b.yaml"]


def test_an_organisation_s_folder_must_hold_policies(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        of_folder(tmp_path / "none", True)
    with pytest.raises(UsageError, match="no policy document"):
        of_folder(tmp_path, True)


def test_the_built_in_policies_is_found() -> None:
    layer = builtin_layer()
    assert layer.documents
    assert layer.cases
    assert layer.trusted
    assert builtin_layer(with_cases=False).cases == ()
    assert builtin_layer(with_cases=False).documents == layer.documents


OWN = 'schema: policy-gate/policy/v1\nrules: []\n# "own"\n'


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("policies/rules.YAML", OWN),
        ("policies/rules.Yml", OWN),
        ("policies/rules.yaml", "".join(f"  {line}\n" for line in OWN.splitlines())),
        ("policies/rules.yaml", "--- {schema: policy-gate/policy/v1, rules: []}\n"),
    ],
)
def test_a_policy_is_one_however_its_file_is_spelt(path: str, text: str) -> None:
    layer = of_tree(MemoryTree({path: text}), "policies", "here")
    assert [document.path for document in layer.documents] == [path]
    assert layer.notes == ()


@pytest.mark.parametrize(
    "text", [OWN + "# more\n" * 160_000, "\ufeff" + OWN], ids=["over the limit", "a byte order mark"]
)
def test_t50_a_policy_that_cannot_be_read_is_an_error_and_never_left_out(text: str) -> None:
    with pytest.raises(PolicyError) as caught:
        of_tree(MemoryTree({"policies/rules.yaml": text}), "policies", "here")
    assert [problem.path for problem in caught.value.problems] == ["policies/rules.yaml"]


def test_h15_a_large_file_of_another_tool_stays_its_own() -> None:
    text = "apiVersion: kyverno.io/v1\n" + "# more\n" * 160_000
    layer = of_tree(MemoryTree({"policies/kyverno.yaml": text}), "policies", "here")
    assert layer.documents == ()
    assert layer.notes == ("here: 1 YAML file(s) that are not policy-gate's are not read",)

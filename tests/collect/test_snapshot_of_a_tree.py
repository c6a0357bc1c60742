"""What of a tree becomes a snapshot: selection, systems, code, near misses, problems."""

from __future__ import annotations

import pytest

from policy_gate.collect.layout import Layout
from policy_gate.collect.manifests import Selection
from policy_gate.collect.snapshot import TreeSide, snapshot
from policy_gate.documents.cache import DocumentCache
from policy_gate.schema.documents import Config
from policy_gate.schema.snapshot import Snapshot
from policy_gate.vcs.memory_tree import MemoryTree
from policy_gate.vcs.tree import Tree

EVERYTHING = Selection(True)


def layout(**config: object) -> Layout:
    return Layout(Config.model_validate({"schema": "policy-gate/config/v1", **config}))


def manifest(system: str = "SYS-001", *, paths: str = '["src/**"]', more: str = "") -> str:
    return f"""schema: policy-gate/manifest/v1
systems:
  - id: {system}
    name: A system
    owner_team: Team
    stage: development
    paths: {paths}
    risk_profile: {{}}
{more}"""


def taken(
    files: dict[str, str] | Tree,
    selection: Selection = EVERYTHING,
    place: Layout | None = None,
    before: Tree | None = None,
) -> Snapshot:
    tree = MemoryTree(files) if isinstance(files, dict) else files
    return snapshot(TreeSide(tree, before=before), selection, place or layout(), DocumentCache())


def changed(*paths: str) -> Selection:
    return Selection(False, frozenset(paths))


def ids(seen: Snapshot) -> list[str]:
    return [system.key.id for system in seen.systems]


MONOREPO = {
    "governance.yaml": manifest("ROOT"),
    "a/governance.yaml": manifest("A"),
    "a/b/governance.yaml": manifest("B"),
    "c/governance.yaml": manifest("C"),
    "a/b/src/x.py": "1",
}


@pytest.mark.parametrize(
    ("paths", "read"),
    [
        (["a/b/src/x.py"], ["ROOT", "B", "A"]),
        (["a/other"], ["ROOT", "A"]),
        (["README.md"], ["ROOT"]),
        (["c/governance.yaml", "a/x"], ["ROOT", "A", "C"]),
        ([], []),
    ],
)
def test_a_change_reads_the_manifests_above_it(paths: list[str], read: list[str]) -> None:
    assert sorted(ids(taken(MONOREPO, changed(*paths)))) == sorted(read)


def test_the_full_check_reads_every_manifest() -> None:
    assert sorted(ids(taken(MONOREPO))) == ["A", "B", "C", "ROOT"]


def test_a_manifest_that_is_not_read_is_still_known_to_be_there() -> None:
    assert taken({"a/governance.yaml": manifest()}, changed("README.md")).any_manifest
    assert not taken({"README.md": ""}, changed("README.md")).any_manifest


class CountingTree(MemoryTree):
    """Counts the folders that are listed."""

    listed: frozenset[str] = frozenset()

    def children(self, folder: str):  # type: ignore[no-untyped-def]
        self.listed |= {folder}
        return super().children(folder)


def test_the_cost_follows_the_change() -> None:
    files = {f"s{n:03}/governance.yaml": manifest(f"S{n}") for n in range(300)}
    files |= {f"s{n:03}/src/a/b.py": "1" for n in range(300)}
    tree = CountingTree(files)
    assert ids(taken(tree, changed("s150/src/a/b.py"))) == ["S150"]
    assert len({folder.partition("/")[0] for folder in tree.listed if folder.startswith("s")}) <= 2


def test_patterns_may_leave_the_name_open() -> None:
    files = {"a/one.gov.yaml": manifest("A"), "a/two.gov.yaml": manifest("B"), "a/x.yaml": "x"}
    seen = taken(files, changed("a/src/x.py"), layout(manifests=["**/*.gov.yaml"]))
    assert ids(seen) == ["A", "B"]


def test_a_duplicate_id_is_a_problem_and_the_first_counts() -> None:
    seen = taken({"a/governance.yaml": manifest("X"), "b/governance.yaml": manifest("X")})
    assert [system.key.manifest for system in seen.systems] == ["a/governance.yaml"]
    (problem,) = seen.problems
    assert (problem.path, problem.line) == ("b/governance.yaml", 3)
    assert "a/governance.yaml" in problem.message


def test_a_malformed_manifest_is_a_problem_and_its_neighbour_is_read() -> None:
    seen = taken({"a/governance.yaml": manifest().replace("paths", "pahts"), "b/governance.yaml": manifest("B")})
    assert ids(seen) == ["B"]
    assert {problem.path for problem in seen.problems} == {"a/governance.yaml"}
    assert seen.any_manifest


@pytest.mark.parametrize(
    "name",
    ["Governance.yaml", "GOVERNANCE.YAML", "governance.yml", ".governance.yaml", "governance.json", "governance"],
)
def test_t47_a_nearly_right_name_is_no_silence(name: str) -> None:
    for selection in (EVERYTHING, changed(f"a/{name}")):
        (problem,) = taken({f"a/{name}": manifest()}, selection).problems
        assert problem.path == f"a/{name}"
        assert "governance.yaml" in problem.hint


def test_t47_a_manifest_outside_the_patterns_is_no_silence() -> None:
    seen = taken({"b/governance.yaml": manifest()}, place=layout(manifests=["a/**/governance.yaml"]))
    assert [problem.path for problem in seen.problems] == ["b/governance.yaml"]


def test_t47_a_twin_by_case_is_a_problem_whatever_it_says() -> None:
    seen = taken({"governance.yaml": manifest(), "Governance.yaml": "hello: 1\n"})
    assert [problem.path for problem in seen.problems] == ["Governance.yaml"]


def test_somebody_elses_file_of_such_a_name_is_a_note() -> None:
    seen = taken({"docs/governance.yml": "board: [x]\n", "GOVERNANCE.md": "# Board"})
    assert seen.problems == ()
    assert [note.split()[0] for note in seen.notes] == ["docs/governance.yml"]


def test_t13_a_manifest_that_is_a_link_is_a_problem() -> None:
    tree = MemoryTree({"real.yaml": manifest()}, links={"governance.yaml": "real.yaml"})
    seen = taken(tree, changed("governance.yaml"))
    assert seen.systems == ()
    assert "symbolic link" in seen.problems[0].message


def test_t47_a_manifest_that_moved_into_a_submodule_is_gone() -> None:
    tree = MemoryTree({"x": ""}, submodules={"a": "1" * 40})
    assert taken(tree, changed("a", "a/governance.yaml")).systems == ()


ARTIFACTS = """    model_card: docs/card.md
    artifacts:
      - {id: red-team-report, path: docs/red.md}
      - {id: privacy-review, path: ../secret.md}
      - {id: basic-documentation}
"""


def test_named_files_are_resolved_and_looked_at() -> None:
    seen = taken({"a/governance.yaml": manifest(more=ARTIFACTS), "a/docs/card.md": "# Card", "secret.md": "s"})
    system = seen.systems[0]
    assert system.files == {"docs/card.md": "a/docs/card.md", "docs/red.md": "a/docs/red.md"}
    assert {path: it.state for path, it in seen.evidence.items()} == {
        "a/docs/card.md": "file",
        "a/docs/red.md": "absent",
    }


def test_a_path_of_windows_is_told_as_it_is_to_be_written() -> None:
    more = ARTIFACTS.replace("docs/red.md", "docs\\red.md")
    seen = taken({"a/governance.yaml": manifest(more=more, paths="['src\\**']"), "a/docs/red.md": "# Red"})
    told = {problem.line: problem.hint for problem in seen.systems[0].problems}
    assert (told[11], told[7]) == ("write docs/red.md", "write src/**")
    assert seen.systems[0].files.get("docs\\red.md") is None


def test_t13_a_path_out_of_its_folder_is_a_located_problem() -> None:
    seen = taken({"a/governance.yaml": manifest(more=ARTIFACTS, paths='["../b/**", "src"]')})
    told = [(problem.line, problem.message.split(" (")[0]) for problem in seen.systems[0].problems]
    assert (12, 'path "../secret.md" leaves the folder of its manifest') in told
    assert (7, 'path "../b/**" leaves the folder of its manifest') in told
    assert (13, "artifact basic-documentation names no file") in told
    assert "secret.md" not in seen.evidence


def test_shared_evidence_is_reached_by_a_leading_slash() -> None:
    files = {"a/governance.yaml": manifest(more="    model_card: /shared/card.md\n"), "shared/card.md": "# Card"}
    assert taken(files, place=layout(shared=["shared/**"])).evidence["shared/card.md"].state == "file"
    assert taken(files).evidence == {}


def test_vendors_are_those_of_the_manifest_or_the_root() -> None:
    root = "schema: policy-gate/manifest/v1\nvendors:\n"
    root += "  - {id: one, vendor_name: Root}\n  - {id: two, vendor_name: Root}\n"
    own = (
        "    vendors: [one, two, thre]\nvendors:\n  - {id: two, vendor_name: Own}\n  - {id: three, vendor_name: Own}\n"
    )
    seen = taken({"governance.yaml": root, "a/governance.yaml": manifest(more=own)}, changed("a/x"))
    system = seen.systems[0]
    assert [(vendor.id, vendor.vendor_name) for vendor in system.vendors] == [("one", "Root"), ("two", "Own")]
    assert [(it.message, it.hint) for it in system.problems] == [
        ('vendor "thre" is described nowhere', 'did you mean "three"?')
    ]


CODE = {
    "governance.yaml": manifest(paths='["**"]', more="    model_card: CARD.md\n    artifacts:\n"
                                "      - {id: basic-documentation, path: src/main.py}\n"),
    "CARD.md": "# Card",
    "src/main.py": "1",
    "src/x.py": "2",
    "policies/roles.yaml": "schema: policy-gate/roles/v1\nroles: {}\n",
    "policies/run.py": "3",
    "policy-gate.yaml": "schema: policy-gate/config/v1\n",
    "governance/approvals/a.yaml": "x",
    "governance/waivers.yaml": "schema: policy-gate/waiver/v1\n",
    ".github/workflows/gate.yml": "run: policy-gate check\n",
    ".github/workflows/other.yml": "run: make\n",
}  # fmt: skip


def test_code_is_what_paths_hold_less_papers_policies_and_records() -> None:
    paths = [file.path for file in taken(CODE).systems[0].code]
    assert paths == [
        ".github/workflows/gate.yml",
        ".github/workflows/other.yml",
        "policies/run.py",
        "src/main.py",
        "src/x.py",
    ]


def test_t44_a_program_named_as_evidence_stays_code() -> None:
    assert "src/main.py" in [file.path for file in taken(CODE).systems[0].code]


@pytest.mark.parametrize(
    ("path", "touches"),
    [("src/x.py", True), ("CARD.md", False), (".github/workflows/gate.yml", False), ("policies/roles.yaml", False)],
)
def test_t48_touching_code_is_told_from_touching_papers_and_ci(path: str, touches: bool) -> None:
    assert taken(CODE, changed(path, "governance.yaml")).systems[0].touched is touches


def test_t48_whether_code_existed_is_asked_of_base() -> None:
    after = {"a/governance.yaml": manifest(), "a/src/x.py": "1"}
    selection = changed("a/governance.yaml")
    assert taken(after, selection, before=MemoryTree({"a/src/old.py": "0"})).systems[0].existed
    assert not taken(after, selection, before=MemoryTree({"a/README.md": "0"})).systems[0].existed


def test_t35_files_that_base_claims_and_the_result_does_not_are_left_behind() -> None:
    was = taken({"a/governance.yaml": manifest(), "a/src/x.py": "1"})
    after = MemoryTree({"a/governance.yaml": manifest(paths='["lib"]'), "a/src/x.py": "1", "a/lib/x.py": "1"})
    side = TreeSide(after, before=after, was=was)
    system = snapshot(side, changed("a/governance.yaml"), layout(), DocumentCache()).systems[0]
    assert [file.path for file in system.left_behind or ()] == ["a/src/x.py"]
    assert taken(after).systems[0].left_behind is None


def test_t38_systems_that_claim_the_same_file_know_each_other() -> None:
    files = {"governance.yaml": manifest("ROOT", paths='["a/src/x.py"]'), "a/governance.yaml": manifest("A")}
    files |= {"a/src/x.py": "1", "b/governance.yaml": manifest("B"), "b/src/y.py": "1"}
    seen = taken(files)
    assert {system.key.id: system.shares_with for system in seen.systems} == {"A": ("ROOT",), "B": (), "ROOT": ("A",)}


def test_a_system_is_built_whole_from_both_trees() -> None:
    named = "    artifacts: [{id: red-team-report, path: src/report.md}]\n"
    before = {"governance.yaml": manifest(paths='["**"]', more=named), "src/a.py": "1", "lib/b.py": "1"}
    now = {
        "governance.yaml": manifest(more=named) + manifest("SYS-002").partition("systems:\n")[2],
        "src/a.py": "2",
        "src/report.md": "# Report",
        "lib/b.py": "1",
    }
    was = snapshot(TreeSide(MemoryTree(before)), EVERYTHING, layout(), DocumentCache())
    side = TreeSide(MemoryTree(now), before=MemoryTree(before), was=was)
    first, second = snapshot(side, changed("src/a.py", "governance.yaml"), layout(), DocumentCache()).systems
    paths = {name: [file.path for file in getattr(first, name) or ()] for name in ("code", "inside", "left_behind")}
    assert paths == {"code": ["src/a.py"], "inside": ["src/report.md"], "left_behind": ["lib/b.py"]}
    assert (first.touched, first.existed, first.shares_with) == (True, True, ("SYS-002",))
    assert (first.files, first.problems) == ({"src/report.md": "src/report.md"}, ())
    assert (second.left_behind, second.shares_with) == (None, ("SYS-001",)), "base has no such system"


def test_the_cost_of_a_system_does_not_follow_its_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = "".join(f"      - {{id: a-{number}, path: d/{number}.md}}\n" for number in range(11))
    resolved: list[str] = []
    original = Layout.resolved

    def counted(self: Layout, folder: str, written: str) -> str | None:
        resolved.append(written)
        return original(self, folder, written)

    monkeypatch.setattr(Layout, "resolved", counted)

    def cost(systems: int) -> int:
        head, line, each = manifest("NAME", more=f"    artifacts:\n{documents}").partition("systems:\n")
        several = (each.replace("NAME", f"SYS-{number}").replace("src/", f"s{number}/") for number in range(systems))
        text = head + line + "".join(several)
        before = MemoryTree({"governance.yaml": text})
        was = snapshot(TreeSide(before), changed("governance.yaml"), layout(), DocumentCache())
        resolved.clear()
        side = TreeSide(MemoryTree({"governance.yaml": text}), before=before, was=was)
        assert len(snapshot(side, changed("governance.yaml"), layout(), DocumentCache()).systems) == systems
        return len(resolved)

    assert cost(40) - cost(20) == cost(60) - cost(40)


def test_ci_files_that_name_the_gate_are_enforcement() -> None:
    assert [file.path for file in taken(CODE).enforcement_files] == [".github/workflows/gate.yml"]
    globs = layout(enforcement=["Makefile", ".github/**"])
    found = taken({**CODE, "Makefile": "all:"}, place=globs).enforcement_files
    assert [file.path for file in found] == [".github/workflows/gate.yml", ".github/workflows/other.yml", "Makefile"]


@pytest.mark.parametrize(
    ("text", "is_told"), [("schema: policy-gate/manifest/v1\nsystems: []\nreason: none\n", True), ("systems: [", False)]
)
def test_d20_what_a_manifest_that_breaks_may_still_declare_is_not_told_as_taken_out(text: str, is_told: bool) -> None:
    report = """schema: policy-gate/incident/v1
id: INC-1
system: A
type: availability
severity: high
description: The service gave no answers.
detected_at: 2026-11-20T10:00:00Z
"""
    before = MemoryTree({"governance.yaml": manifest("A"), "governance/incidents/INC-1.yaml": report})
    was = snapshot(TreeSide(before), changed("governance.yaml"), layout(), DocumentCache())
    after = MemoryTree({"governance.yaml": text, "governance/incidents/INC-1.yaml": report})
    side = TreeSide(after, before=before, was=was)
    found = snapshot(side, changed("governance.yaml"), layout(), DocumentCache()).problems
    assert any('no system "A" is declared' in problem.message for problem in found) is is_told


def test_malformed_waivers_and_records_are_problems() -> None:
    seen = taken({**CODE, "governance/waivers.yaml": "schema: policy-gate/waiver/v1\nwaivers: x\n"})
    assert {problem.path for problem in seen.problems} == {"governance/waivers.yaml", "governance/approvals/a.yaml"}


def test_an_explicit_nothing_has_its_reason() -> None:
    nothing = "schema: policy-gate/manifest/v1\nsystems: []\nreason: no AI here\n"
    assert taken({"governance.yaml": nothing}).declares_nothing == "no AI here"
    assert taken({"governance.yaml": nothing, "a/governance.yaml": manifest()}).declares_nothing is None

"""D31: which files run the gate, read from trees in memory."""

from __future__ import annotations

from policy_gate.collect.enforcement_files import enforcement_files, files_that_ci_runs
from policy_gate.collect.layout import Layout
from policy_gate.documents.cache import DocumentCache
from policy_gate.schema.documents import Config
from policy_gate.vcs.memory_tree import MemoryTree

WORKFLOW = ".github/workflows/gate.yml"
CALL = "policy-gate check\n"


DEFAULT = Layout(Config.model_validate({"schema": "policy-gate/config/v1"}))


def found(files: dict[str, str], layout: Layout = DEFAULT, **links: dict[str, str]) -> list[str]:
    return [file.path for file in enforcement_files(MemoryTree(files, **links), layout, DocumentCache())]


def test_what_lies_between_a_ci_file_and_the_call_is_found() -> None:
    files = {
        WORKFLOW: "run: ./scripts/one.sh\n",
        "scripts/one.sh": 'source "$(dirname "$0")/two.sh"\n',
        "scripts/two.sh": "cd ../tools && ./three\n",
        "tools/three": f"#!/bin/sh\n{CALL}",
    }
    assert found(files) == sorted(files)


def test_what_does_not_lead_to_the_call_is_not() -> None:
    files = {
        WORKFLOW: "run: ./scripts/build.sh && policy-gate check\n",
        "scripts/build.sh": "# policy-gate comes later\n// policy-gate\nmake\n",
        ".github/workflows/tests.yml": "run: ./scripts/build.sh\n",
        "docs/gate.md": CALL,
        "scripts/alone.sh": CALL,
        "Makefile": f"gate:\n\t{CALL}",
        "governance.yaml": "schema: policy-gate/manifest/v1\n",
    }
    assert found(files) == [WORKFLOW]


def test_scripts_that_name_each_other_come_to_an_end() -> None:
    round_ = {"ci/a.sh": "ci/b.sh\n", "ci/b.sh": "ci/a.sh\n"}
    assert found({WORKFLOW: "run: ci/a.sh\n", **round_}) == []
    called = {**round_, "ci/b.sh": f"ci/a.sh\n{CALL}"}
    assert found({WORKFLOW: "run: ci/a.sh\n", **called}) == [WORKFLOW, "ci/a.sh", "ci/b.sh"]


def test_a_link_on_the_way_is_followed() -> None:
    files = {WORKFLOW: "run: ci/gate.sh\n", "tools/gate.sh": CALL}
    assert found(files, links={"ci/gate.sh": "../tools/gate.sh"}) == [WORKFLOW, "ci/gate.sh", "tools/gate.sh"]


def test_where_base_lists_the_files_nothing_is_followed() -> None:
    files = {WORKFLOW: "run: ci/gate.sh\n", "ci/gate.sh": CALL, "Makefile": "all:\n"}
    listed = Layout(Config.model_validate({"schema": "policy-gate/config/v1", "enforcement": ["Makefile"]}))
    assert found(files, listed) == ["Makefile"]


def test_what_ci_runs_is_told_with_the_gate_in_it_or_not() -> None:
    """So that a hook looks more closely where one of them begins to call the gate."""
    files = {WORKFLOW: "run: ./build.sh && ./missing.sh\n", "build.sh": "make\n", "other.sh": "make\n"}
    assert files_that_ci_runs(MemoryTree(files), DEFAULT, DocumentCache()) == [WORKFLOW, "build.sh"]

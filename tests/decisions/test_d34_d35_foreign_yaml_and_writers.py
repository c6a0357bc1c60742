"""D34: only what begins with our schema is a policy. D35: what writes shows it first, and writes over nothing."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system, low_system

OURS = "schema: policy-gate/policy/v1\nrules:\n  - id: one\n    title: One\n    why: b\n    enforcement: block\n"
OURS += "    when: size(system.declared) >= 0\n"
OURS += "    require: [{that: size(system.declared) < 0, message: never}]\n"


@pytest.mark.parametrize(
    ("name", "text", "code", "counted"),
    [
        ("kyverno.yaml", "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\n", 0, True),
        ("other.yaml", OURS.replace("policy-gate/", "another-gate/"), 0, True),
        ("none.yaml", OURS.split("\n", 1)[1], 0, True),
        ("nearly.yaml", OURS.replace("policy-gate/policy", "policy-gate/polcy"), 3, False),
        ("ours.yaml", OURS, 1, False),
    ],
)
def test_d34_a_policy_is_what_says_that_it_is_ours(
    scratch: Scratch, name: str, text: str, code: int, counted: bool
) -> None:
    scratch.adopt(low_system("development"), files={f"policies/{name}": text})
    found = scratch.check("--all")
    assert found.code == code, found
    notes = " ".join(found.report.get("trust", {}).get("notes", []))
    assert ("1 YAML file(s) that are not policy-gate's are not read" in notes) is counted


def _files(repo: Scratch) -> dict[str, bytes]:
    paths = (path for path in sorted(repo.path.rglob("*")) if path.is_file() and ".git" not in path.parts)
    return {str(path.relative_to(repo.path)): path.read_bytes() for path in paths}


def test_d35_an_approval_is_shown_and_written_only_when_told_to(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch()
    scratch.edit(paths=["screener/rank/**"])
    scratch.commit("Narrow it")
    args = ("approve", "--for", "weakening", "--system", "SYS-001", "--role", "ai-safety-lead")
    before = _files(scratch)
    shown = scratch.run(*args, stdin="n\n")
    assert _files(scratch) == before
    assert "screener/rank/**" in shown.out, "what one would agree to"
    scratch.iam("Rae Kim")
    told = scratch.run(*args, "--yes")
    assert told.code == 0, told
    after = _files(scratch)
    assert {name: after[name] for name in before} == before, "nothing else was touched"
    assert [name.rpartition("/")[0] for name in after.keys() - before.keys()] == ["governance/approvals"]


def test_d35_a_draft_is_not_written_over_a_document(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    args = ("draft", "appeal-procedure", "--system", "SYS-001")
    before = _files(scratch)
    assert scratch.run(*args).code == 0
    (made,) = _files(scratch).keys() - before.keys()
    scratch.write({made: "Written by hand.\n"})
    assert scratch.run(*args).code != 0
    assert scratch.read(made) == "Written by hand.\n"
    assert _files(scratch).keys() - before.keys() == {made}, "and no file half written is left"

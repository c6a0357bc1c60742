"""D28: where no system is declared the code is asked whether there is one; an empty list with a reason is an answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from evidence import document
from scratch import Result, Scratch
from world import base_files, days_ago, low_system, to_yaml

from policy_gate.collect import undeclared
from policy_gate.collect.layout import Layout
from policy_gate.collect.policies_of_tree import DEFAULT_CONFIG
from policy_gate.documents.cache import DocumentCache
from policy_gate.vcs.memory_tree import MemoryTree

EMPTY = {"schema": "policy-gate/manifest/v1", "systems": [], "reason": "a library of colours"}


def ungoverned(scratch: Scratch, files: dict[str, str]) -> Result:
    """What is said of a change in a repository that holds these files and no manifest."""
    scratch.commit("What there is", files={"app.py": "x = 1\n", **files})
    scratch.branch()
    scratch.commit("Work", files={"notes.txt": "done\n"})
    return scratch.check()


def enrolled_by(folder: Path, day: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "a.yaml").write_text(f"schema: policy-gate/policy/v1\ndebt: {{enrol_by: {day}}}\n", "utf-8")
    return str(folder)


_NONE = {
    "plain code": {"lib/table.ts": "export const x = 1;\n"},
    "a test of a client": {"tests/test_client.py": "import openai\n"},
    "a name alone": {"names.py": 'KNOWN = ["gpt-4o", "claude-haiku"]\n'},
    "a card about a model held elsewhere": {"registry/a/model_card.yaml": "model_name: a\n"},
    "words about AI": {"README.md": "We use no AI, no openai, no torch.\n"},
    "a lock file of a large project": {"package-lock.json": '{"a": "' + "x" * 1_100_000 + '"}\n'},
}


@pytest.mark.parametrize("files", _NONE.values(), ids=_NONE)
def test_d28_without_a_sign_of_ai_it_is_pass_and_says_so(scratch: Scratch, files: dict[str, str]) -> None:
    said = ungoverned(scratch, files)
    assert (said.code, said.verdict, said.report["scope"], said.findings()) == (0, "pass", "none", []), said
    assert "no file shows AI" in scratch.run("check").out
    whole = scratch.check("--all")
    assert (whole.code, whole.report["scope"]) == (0, "none")
    assert scratch.check("--require-governed-base").code == 3


def test_d28_a_file_that_does_not_parse_is_looked_at_by_text_and_said_so(scratch: Scratch) -> None:
    said = ungoverned(scratch, {"old.py": "print 'gpt-4o'\n", "tests/bad.py": "print 'gpt-4o'\n"})
    assert (said.code, said.report["scope"]) == (0, "none"), said
    told = " ".join(scratch.run("check").out.split())
    assert "looked at; old.py: does not parse as Python, so only its text was looked at)" in told, told


def test_d28_policies_without_a_system_are_no_sign(scratch: Scratch) -> None:
    said = ungoverned(scratch, base_files())
    assert (said.code, said.report["scope"]) == (0, "none"), said


_SIGNS = {
    "a client": {"bot/a.py": "import openai\n"},
    "another language": {"web/a.ts": 'import { generateText } from "ai";\n'},
    "a host": {"bot/a.py": 'import requests\nrequests.post("https://api.anthropic.com/v1/messages", json={})\n'},
    "a step of CI": {".github/workflows/ai.yml": "on: issues\njobs: {a: {steps: [{uses: actions/ai-inference@v1}]}}\n"},
    "behind many files": {f"a/{number}.txt": "x\n" for number in range(600)} | {"z/a.py": "import openai\n"},
    "in a folder for tests that the product loads": {
        "app/run.py": "from tests.client import ask\nask()\n",
        "tests/client.py": "import openai\n",
    },
}


@pytest.mark.parametrize("files", _SIGNS.values(), ids=_SIGNS)
def test_d28_with_signs_it_is_conditions_until_the_day_and_block_after_it(
    scratch: Scratch, tmp_path: Path, files: dict[str, str]
) -> None:
    said = ungoverned(scratch, files)
    assert (said.code, said.verdict, said.report["scope"]) == (0, "conditions", "undeclared"), said
    [found] = said.findings("gap")
    assert (found["blame"], found["fix"]) == ("inherited", "policy-gate init")
    assert next(path for path, text in files.items() if path in found["message"])
    early = scratch.check("--policies", enrolled_by(tmp_path / "org", days_ago(-30)))
    assert (early.code, early.findings("gap")[0]["due"]) == (0, days_ago(-30))
    late = scratch.check("--policies", enrolled_by(tmp_path / "org", days_ago(0)))
    assert (late.code, late.verdict) == (1, "block"), late
    assert scratch.check("--all", "--policies", enrolled_by(tmp_path / "org", days_ago(3))).code == 1


def test_d28_an_unsure_sign_is_told_and_never_blocks(scratch: Scratch, tmp_path: Path) -> None:
    said = ungoverned(scratch, {"ml/fit.py": "from sklearn.linear_model import LogisticRegression\n"})
    assert (said.code, said.verdict, said.report["scope"]) == (0, "conditions", "undeclared"), said
    late = scratch.check("--policies", enrolled_by(tmp_path / "org", days_ago(9)))
    assert (late.code, late.findings()[0]["enforcement"]) == (0, "advise")


def test_d28_what_was_not_looked_at_never_ends_in_no_ai(scratch: Scratch, tmp_path: Path) -> None:
    said = ungoverned(scratch, {"bot/tables.py": "x = 1\n" + "#" * 16_000_000})
    assert (said.code, said.verdict, said.report["scope"]) == (0, "conditions", "unknown"), said
    assert "cannot be told: bot/tables.py: the file is too large" in said.report["headline"]
    assert scratch.check("--policies", enrolled_by(tmp_path / "org", days_ago(9))).code == 3


def test_d28_a_scan_that_ends_at_its_limit_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undeclared, "MOST_FILES", 2)
    tree = MemoryTree({f"{name}.py": b"x = 1\n" for name in "abc"})
    seen = undeclared.undeclared_ai(tree, (), Layout(DEFAULT_CONFIG), DocumentCache())
    assert (seen.files, [it.path for it in seen.left_out]) == (2, ["c.py"])


def test_d28_the_day_of_the_organisation_is_not_the_repositorys_to_move(scratch: Scratch, tmp_path: Path) -> None:
    later = f"schema: policy-gate/policy/v1\ndebt: {{enrol_by: {days_ago(-300)}}}\n"
    scratch.commit("Ours", files={"policies/ours.yaml": later, "bot/a.py": "import openai\n"})
    scratch.branch()
    scratch.commit("Work", files={"notes.txt": "done\n"})
    assert scratch.check().verdict == "conditions"
    said = scratch.run("check", "--policies", enrolled_by(tmp_path / "org", days_ago(9)))
    assert said.code != 0, said


def test_d28_the_change_that_brings_the_first_ai_is_told_of_it(scratch: Scratch) -> None:
    scratch.commit("What there is", files={"app.py": "x = 1\n"})
    scratch.branch()
    scratch.commit("A feature", files={"bot/a.py": "import anthropic\n"})
    said = scratch.check()
    [found] = said.findings("gap")
    assert (said.verdict, found["blame"], found["location"]["path"]) == ("conditions", "introduced", "bot/a.py")
    assert "policy-gate init" in scratch.run("check").out


def test_d28_an_empty_list_with_a_reason_counts_once_base_holds_it(scratch: Scratch) -> None:
    scratch.write(base_files() | {"governance.yaml": to_yaml(EMPTY)})
    scratch.commit("No AI here", by="Rae Kim")
    scratch.branch()
    scratch.commit("Work", files={"app.py": "x = 1\n"})
    said = scratch.run("check")
    assert said.code == 0, said
    assert "a library of colours" in said.out
    assert scratch.check().report["scope"] == "none"

    scratch.branch("system")
    scratch.declare(low_system("development"))
    scratch.commit("There is one after all")
    assert scratch.check().blocking() == ["approval:ai-safety-lead"]


def test_d28_a_decommissioned_system_may_leave_and_a_live_one_may_not(scratch: Scratch) -> None:
    inputs = ("data-retention-and-deletion-plan", "decommissioning-record")
    held = [{"id": it, "path": f"governance/{it}.md", "status": "final", "completed": days_ago(9)} for it in inputs]
    scratch.adopt(files={f"governance/{it}.md": document(it, "SYS-003") for it in inputs})
    scratch.declare_only(low_system("decommissioned", artifacts=held), low_system("production") | {"id": "SYS-004"})
    scratch.commit("One is off", by="Rae Kim")
    scratch.branch("off")
    scratch.declare_only(low_system("production") | {"id": "SYS-004"})
    data = scratch.manifest()
    data["systems"] = [item for item in data["systems"] if item["id"] != "SYS-003"]
    scratch.write({"governance.yaml": to_yaml(data)})
    scratch.commit("Take it off the list")
    found = scratch.check()
    assert (found.code, found.findings("gap", "SYS-003")) == (0, []), found

    scratch.branch("live")
    data = scratch.manifest()
    data["systems"] = [item for item in data["systems"] if item["id"] != "SYS-004"]
    scratch.write({"governance.yaml": to_yaml(data)})
    scratch.commit("Take the live one off")
    assert "that:system-vanished" in scratch.check().blocking()

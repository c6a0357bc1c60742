"""`init`: what it sees, what it writes, and what it leaves alone."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from scratch import Scratch
from world import from_yaml, high_system


@pytest.fixture
def untouched(scratch: Scratch) -> Scratch:
    """A repository with two AI systems and no governance."""
    scratch.commit(
        "Code",
        files={
            "src/screener/rank.py": "from transformers import pipeline\n",
            "src/screener/MODEL_CARD.md": "# Model card: Resume ranker\n\nRanks applications.\n",
            "bot/main.py": "import os\nimport anthropic\n",
            "tests/test_bot.py": "import openai\n",
            "web/app.ts": "export const x = 1\n",
            ".github/workflows/ci.yml": "name: ci\n",
        },
    )
    return scratch


def test_init_declares_what_it_sees(untouched: Scratch) -> None:
    done = untouched.run("init", "--yes")
    assert done.code == 0
    systems = untouched.manifest()["systems"]
    assert [(item["paths"], item.get("model_card")) for item in systems] == [
        (["bot/**"], None),
        (["src/screener/**"], "src/screener/MODEL_CARD.md"),
    ]
    assert all(item["stage"] == "production" and item["enrolled"] for item in systems)
    assert "# human_oversight:   # one of none, partial, full" in untouched.read("governance.yaml")
    workflow = from_yaml(untouched.read(".github/policy-gate.yml.proposed"))
    assert workflow["permissions"] == {}
    (job,) = workflow["jobs"].values()
    assert job["permissions"] == {"contents": "read", **dict.fromkeys(("actions", "pull-requests", "issues"), "write")}
    assert not (untouched.path / ".github/workflows/policy-gate.yml").exists()


def test_init_shows_every_file_before_it_writes(untouched: Scratch) -> None:
    shown = untouched.run("init")
    assert shown.code == 2
    assert "--yes" in shown.err
    assert untouched.git("status", "--porcelain") == ""
    written = untouched.run("init", "--yes")
    assert written.out == shown.out
    for name in untouched.git("ls-files", "--others", "--exclude-standard").splitlines():
        assert f"+++ b/{name}" in shown.out


def test_what_init_writes_is_read_without_a_problem(untouched: Scratch) -> None:
    untouched.run("init", "--yes")
    assert untouched.run("policy", "lint").code == 0
    done = untouched.run("classify", "--format", "json")
    assert done.code == 0
    assert [item["score"] for item in done.report["systems"]] == [None, None]


def test_h08_first_adoption_through_init_is_conditions(untouched: Scratch) -> None:
    untouched.branch()
    untouched.run("init", "--yes")
    untouched.commit("Adopt policy-gate")
    done = untouched.check()
    assert (done.code, done.verdict, done.report["trust"]["mode"]) == (0, "conditions", "adoption")
    assert done.findings("gap"), "what is owed is listed as debt"
    required = untouched.check("--require-governed-base")
    assert (required.code, required.verdict) == (3, "undecided")


def test_init_never_writes_over_anything(untouched: Scratch) -> None:
    untouched.commit("Ours", files={"policies/roles.yaml": "schema: policy-gate/roles/v1\nroles: {}\n"})
    assert untouched.run("init", "--yes").code == 0
    assert untouched.read("policies/roles.yaml").endswith("roles: {}\n")
    before = untouched.read("governance.yaml")
    again = untouched.run("init", "--yes")
    assert again.code == 2
    assert "already there" in again.err
    assert untouched.read("governance.yaml") == before


def test_init_does_not_follow_a_link_out_of_the_repository(untouched: Scratch, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (untouched.path / "policies").symlink_to(outside)
    done = untouched.run("init", "--yes")
    assert done.code == 2
    assert list(outside.iterdir()) == []
    assert not (untouched.path / "governance.yaml").exists()


def test_init_without_a_sign_of_ai_writes_nothing(scratch: Scratch) -> None:
    scratch.commit("Code", files={"app.py": "import os\n"})
    done = scratch.run("init", "--yes")
    assert done.code == 2
    assert scratch.git("status", "--porcelain") == ""


def test_init_says_what_it_could_not_look_into(untouched: Scratch) -> None:
    assert "not looked into" not in untouched.run("init").err
    untouched.commit("Data", files={"bot/tables.py": "import openai\n" + "#" * 16_000_000})
    assert "not looked into, 1 in all: bot/tables.py: the file is too large" in untouched.run("init").err


def test_init_from_a_card_takes_its_name_and_folder(untouched: Scratch) -> None:
    assert untouched.run("init", "--yes", "--from-card", "src/screener/MODEL_CARD.md").code == 0
    (system,) = untouched.manifest()["systems"]
    assert (system["name"], system["paths"]) == ("Resume ranker", ["src/screener/**"])
    missing = untouched.run("init", "--yes", "--from-card", "nowhere.md")
    assert missing.code == 2
    again = untouched.run("init", "--yes", "--from-card", "src/screener/MODEL_CARD.md")
    assert (again.code, "nothing new is seen" in again.err) == (2, True)


def test_hostile_names_stay_text_in_what_init_writes(scratch: Scratch) -> None:
    name = 'a: [b] "c" #d'
    scratch.commit("Code", files={f"{name}/x.py": "import openai\n", "MODEL_CARD.md": "# x\n"})
    assert scratch.run("init", "--yes").code == 0
    assert scratch.manifest()["systems"][0]["paths"] == [f"{name}/**"]


def test_init_says_that_it_wrote_no_ci_file_where_no_forge_is_in_sight(untouched: Scratch) -> None:
    assert "no CI file" not in untouched.run("init", "--yes").err
    untouched.remove("governance.yaml", ".github/workflows/ci.yml", ".github/policy-gate.yml.proposed")
    assert "no CI file" in untouched.run("init", "--yes").err


def test_init_in_a_governed_repository_points_at_check(scratch: Scratch) -> None:
    scratch.adopt(high_system())
    done = scratch.run("init", "--yes")
    assert done.code == 2
    assert "policy-gate check --worktree" in done.err


_SHAPES = {
    "owners": {".github/CODEOWNERS": "* @acme/all\n"},
    "a workflow": {".github/workflows/ci.yml": "name: ci\n"},
    "a form": {".github/ISSUE_TEMPLATE/bug.yml": "name: bug\n"},
}


@pytest.mark.parametrize("files", _SHAPES.values(), ids=_SHAPES)
def test_no_placeholder_survives_into_a_ci_file_and_the_printed_line_finishes_it(
    scratch: Scratch, files: dict[str, str]
) -> None:
    scratch.commit("Code", files={"bot/main.py": "import anthropic\n", **files})
    done = scratch.run("init", "--yes")
    workflows = scratch.path / ".github/workflows"
    assert not [it for it in workflows.glob("*") if "<" in it.read_text("utf-8")]
    line = next(line for line in done.err.splitlines() if "mkdir -p" in line)
    subprocess.run(["/bin/sh", "-c", line.replace("ACCOUNT", "acme")], cwd=scratch.path, check=True)
    finished = scratch.read(".github/workflows/policy-gate.yml")
    assert "uses: acme/policy-gate@v1" in finished
    assert not (scratch.path / ".github/policy-gate.yml.proposed").exists()
    scratch.remove("governance.yaml", ".github/workflows/policy-gate.yml")
    assert scratch.run("init", "--yes", "--action-owner", "acme").code == 0
    assert scratch.read(".github/workflows/policy-gate.yml") == finished
    assert scratch.run("init", "--yes", "--action-owner", "acme/x").code == 2


_OTHERS = {
    "checks": "project:\n  name: screener\nchecks:\n  budget: {enabled: true}\n",
    "a kind of its own": "apiVersion: acme.example/v1\nkind: Governance\n",
    "a schema of its own": "schema: https://acme.example/governance.json\nowners: [a]\n",
}


@pytest.mark.parametrize("text", _OTHERS.values(), ids=_OTHERS)
def test_init_names_the_way_out_for_another_tools_file_under_our_name(scratch: Scratch, text: str) -> None:
    scratch.commit("Code", files={"bot/main.py": "import anthropic\n", "governance.yaml": text})
    scratch.branch("govern")
    refused = scratch.run("init", "--yes")
    assert refused.code == 2
    assert "another tool's file" in refused.err
    lines = re.findall("`([^`]+)`", refused.err.partition("hint:")[2].replace("\n", " "))
    scratch.write({"policy-gate.yaml": "\n".join(lines) + "\n"})
    done = scratch.run("init", "--yes")
    assert done.code == 0, done
    assert scratch.read("governance.yaml") == text
    assert scratch.run("classify").out.startswith("SYS-001")
    assert scratch.run("draft", "system-description", "--system", "SYS-001").code == 0, "before the first commit, too"
    assert scratch.run("check", "--all", "--worktree").code in (0, 1)
    scratch.commit("Adopt")
    assert (scratch.check().code, scratch.check().verdict) == (0, "conditions")
    scratch.merge("govern")
    scratch.branch("theirs")
    scratch.commit("Theirs", files={"governance.yaml": text + "more: 1\n"})
    assert "nothing governed changed" in scratch.run("check").out


def test_init_writes_no_manifest_where_nobody_would_read_it(untouched: Scratch) -> None:
    config = 'schema: policy-gate/config/v1\nmanifests: ["ai/*.yaml"]\n'
    untouched.commit("Ours", files={"policy-gate.yaml": config})
    done = untouched.run("init", "--yes")
    assert done.code == 2
    assert "looks for manifests at ai/*.yaml" in done.err


def test_a_repository_without_a_commit_is_told_so(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    scratch.write({"bot/main.py": "import anthropic\n"})
    scratch.run("init", "--yes")
    done = scratch.run("check", "--worktree")
    assert done.code == 3
    assert "has no commit yet" in done.out + done.err
    assert "git fetch" not in done.out + done.err

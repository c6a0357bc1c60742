"""`init`: what it sees, what it writes, and what it leaves alone."""

from __future__ import annotations

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
    workflow = from_yaml(untouched.read(".github/workflows/policy-gate.yml"))
    assert workflow["permissions"] == {}
    (job,) = workflow["jobs"].values()
    assert job["permissions"] == {"contents": "read", **dict.fromkeys(("actions", "pull-requests", "issues"), "write")}
    assert "for <owner> in .github/workflows/policy-gate.yml" in done.err


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
    untouched.commit("Data", files={"bot/tables.py": "import openai\n" + "#" * 200_000})
    assert "not looked into, 1 in all: bot/tables.py: the file is too large" in untouched.run("init").err


def test_init_from_a_card_takes_its_name_and_folder(untouched: Scratch) -> None:
    assert untouched.run("init", "--yes", "--from-card", "src/screener/MODEL_CARD.md").code == 0
    (system,) = untouched.manifest()["systems"]
    assert (system["name"], system["paths"]) == ("Resume ranker", ["src/screener/**"])
    missing = untouched.run("init", "--yes", "--from-card", "nowhere.md")
    assert missing.code == 2


def test_hostile_names_stay_text_in_what_init_writes(scratch: Scratch) -> None:
    name = 'a: [b] "c" #d'
    scratch.commit("Code", files={f"{name}/x.py": "import openai\n", "MODEL_CARD.md": "# x\n"})
    assert scratch.run("init", "--yes").code == 0
    assert scratch.manifest()["systems"][0]["paths"] == [f"{name}/**"]


def test_init_says_that_it_wrote_no_ci_file_where_no_forge_is_in_sight(untouched: Scratch) -> None:
    assert "no CI file" not in untouched.run("init", "--yes").err
    untouched.remove("governance.yaml", ".github/workflows/ci.yml", ".github/workflows/policy-gate.yml")
    assert "no CI file" in untouched.run("init", "--yes").err


def test_init_in_a_governed_repository_points_at_check(scratch: Scratch) -> None:
    scratch.adopt(high_system())
    done = scratch.run("init", "--yes")
    assert done.code == 2
    assert "policy-gate check --worktree" in done.err

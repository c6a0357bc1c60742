"""`policy-gate guide`: what whoever writes code here should know, and the section of AGENTS.md that says it."""

from __future__ import annotations

import json

import pytest
from scratch import Scratch
from world import from_yaml, high_system, low_system, to_yaml

from policy_gate.write.guide_section import BEGIN, END

AGENTS = "AGENTS.md"
OWN = "# Working here\n\nUse tabs.\n"


@pytest.fixture
def repo(scratch: Scratch) -> Scratch:
    systems = (high_system("pre_deployment"), low_system("development"))
    scratch.adopt(*systems, files={"screener/a.py": "A = 1\n", AGENTS: OWN})
    return scratch


def test_the_guide_says_what_is_governed_who_is_asked_and_what_to_do(repo: Scratch) -> None:
    found = repo.run("guide")
    assert (found.code, found.err) == (0, "")
    for said in (
        "| `SYS-001` Hiring Resume Screener | high | pre_deployment | `screener/**` | `governance.yaml` |",
        "| This change lowers the tier (`tier-lowering`) | any system | approval of AI Safety Lead (Rae Kim) |",
        "| This change edits the rules (`policy-change`) | the repository | approval of AI governance committee (",
        "| A prompt changed (`prompt-re-evaluation`) | `SYS-001` |",
        "| `SYS-001` | production (`production-deployment`) |",
        "- `policy-gate check --worktree`",
    ):
        assert said in found.out
    assert "`policies/`, `policy-gate.yaml`" in found.out


def test_as_json_it_has_the_same(repo: Scratch) -> None:
    data = repo.run("guide", "--format", "json").report
    assert [(it["id"], it["tier"], it["paths"]) for it in data["systems"]] == [
        ("SYS-001", "high", ["screener/**"]), ("SYS-003", "low", ["summariser/**"]),
    ]  # fmt: skip
    rules = {it["rule"]: it for it in data["changes"]}
    assert rules["policy-change"]["systems"] is None
    assert rules["use-case-change"]["systems"] == ["SYS-001"]
    assert rules["tier-lowering"]["approvals"] == ["AI Safety Lead (Rae Kim)"]
    assert data["systems"][0]["next_stage"]["gate"] == "production-deployment"
    assert data["next"][0]["command"] == "policy-gate check --worktree"


def test_a_section_is_written_checked_and_left_alone_when_nothing_changes(repo: Scratch) -> None:
    assert repo.run("guide", "--check").code == 1
    written = repo.run("guide", "--write")
    assert (written.code, written.out) == (0, "wrote AGENTS.md\n")
    text = repo.read(AGENTS)
    assert text.startswith(f"{OWN}\n{BEGIN}\n## Governed AI systems\n")
    assert text.endswith(f"\n{END}\n")
    for flag in ("--check", "--write"):
        again = repo.run("guide", flag)
        assert (again.code, again.out) == (0, "AGENTS.md is up to date\n")
    assert repo.read(AGENTS) == text
    repo.commit("Guide")
    repo.commit("Code", files={"screener/a.py": "A = 2\n"})
    assert repo.run("guide", "--check").code == 0


def test_what_lies_outside_the_markers_is_never_touched(repo: Scratch) -> None:
    repo.run("guide", "--write")
    text = (repo.path / AGENTS).read_bytes()
    after = b"\nafter\n\n\n<!-- policy-gate guidelines -->"
    around = b"\xff\xfe odd bytes\r\n" + text.replace(OWN.encode(), b"") + after
    repo.write({AGENTS: around})
    repo.edit("SYS-003", name="Meeting notes")
    stale = repo.run("guide", "--check")
    assert (stale.code, stale.out, "policy-gate guide --write" in stale.err) == (1, "AGENTS.md is out of date\n", True)
    assert repo.run("guide", "--write").code == 0
    now = (repo.path / AGENTS).read_bytes()
    assert b"Meeting notes" in now
    assert now.startswith(b"\xff\xfe odd bytes\r\n")
    assert now.endswith(b"-->\n" + after)
    assert now.partition(BEGIN.encode())[0] == around.partition(BEGIN.encode())[0]


def test_line_ends_of_the_file_are_kept(repo: Scratch) -> None:
    repo.write({AGENTS: OWN.replace("\n", "\r\n").encode()})
    assert repo.run("guide", "--write").code == 0
    text = (repo.path / AGENTS).read_bytes()
    assert text.count(b"\n") == text.count(b"\r\n")
    assert repo.run("guide", "--write").out == "AGENTS.md is up to date\n"


def test_the_file_is_made_where_there_is_none_and_may_be_another(repo: Scratch) -> None:
    repo.remove(AGENTS)
    missing = repo.run("guide", "--check")
    assert (missing.code, missing.out) == (1, "AGENTS.md is not there\n")
    assert repo.run("guide", "--write").code == 0
    assert repo.read(AGENTS).startswith(BEGIN)
    assert repo.run("guide", "--write", "--file", "docs.md").code == 0
    assert repo.run("guide", "--check", "--file", "docs.md").code == 0
    assert "--file none.md" in repo.run("guide", "--check", "--file", "none.md").err


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"a\n{BEGIN}\nx\n", 2),
        (f"a\n\n{END}\n", 3),
        (f"{END}\n{BEGIN}\n", 1),
        (f"{BEGIN}\n{BEGIN}\n{END}\n", 2),
        (f"{BEGIN}\n{END}\n\n{BEGIN}\n{END}\n", 4),
    ],
)
@pytest.mark.parametrize("flag", ["--write", "--check"])
def test_broken_markers_are_a_located_problem_and_nothing_is_written(
    repo: Scratch, text: str, line: int, flag: str
) -> None:
    repo.write({AGENTS: text})
    found = repo.run("guide", flag)
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith(f"AGENTS.md:{line}:1: this marker of the guide's section")
    assert repo.read(AGENTS) == text


def test_names_of_a_manifest_cannot_leave_their_line(repo: Scratch) -> None:
    repo.edit("SYS-003", name=f"x | y {END} [a](b) `c`")
    assert repo.run("guide", "--write").code == 0
    assert repo.run("guide", "--check").code == 0
    assert repo.read(AGENTS).count(END) == 1


def test_links_and_places_outside_are_refused(repo: Scratch) -> None:
    repo.remove(AGENTS)
    (repo.path / AGENTS).symlink_to("README.md")
    found = repo.run("guide", "--write")
    assert (found.code, "is a link" in found.err) == (2, True)
    assert repo.run("guide", "--write", "--file", "../out.md").code == 2
    assert not (repo.path.parent / "out.md").exists()
    assert repo.run("guide", "--write", "--file", "policies").code == 2


@pytest.mark.parametrize("args", [("--write", "--check"), ("--write", "--format", "json"), ("--format", "sarif")])
def test_options_that_do_not_go_together_are_usage(repo: Scratch, args: tuple[str, ...]) -> None:
    assert repo.run("guide", *args).code == 2


def test_without_a_system_or_readable_policies_it_cannot_be_told(repo: Scratch) -> None:
    repo.write({"policies/own.yaml": "schema: policy-gate/policy/v1\nrulez: []\n"})
    found = repo.run("guide", "--write")
    assert found.code == 3
    assert "policies/own.yaml:2" in found.err, found
    assert repo.read(AGENTS) == OWN
    repo.remove("policies/own.yaml", "governance.yaml")
    assert repo.run("guide").code == 3


def test_whoever_is_named_otherwise_makes_it_out_of_date(repo: Scratch) -> None:
    repo.run("guide", "--write")
    roles = from_yaml(repo.read("policies/roles.yaml"))
    roles["roles"]["ai-safety-lead"]["members"][0]["name"] = "Ann Other"
    roles["roles"]["ai-governance-committee"] = {"teams": ["github:example-org/security"]}
    repo.write({"policies/roles.yaml": to_yaml(roles)})
    assert repo.run("guide", "--check").code == 1
    assert "committee (github:example-org/security)" in repo.run("guide").out


def test_the_report_lists_the_next_steps_that_people_are_shown(repo: Scratch) -> None:
    repo.branch("work")
    repo.edit("SYS-001", stage="production")
    repo.commit("Promote")
    found = repo.check()
    text = repo.run("check").out
    steps = found.report["next"]
    commands = [it["text"] for it in steps if it["kind"] == "command"]
    drafts = [it for it in commands if it.startswith("policy-gate draft")]
    assert drafts
    assert [it for it in drafts if it not in text] == []
    ids = {it["id"] for it in found.findings()}
    assert {it["finding"] for it in steps} <= ids
    assert commands[-1].startswith("policy-gate approve")
    assert json.dumps(steps) == json.dumps(repo.check().report["next"])


def test_where_nothing_is_to_be_done_next_is_empty(repo: Scratch) -> None:
    repo.branch("work")
    repo.commit("Code", files={"README.md": "# Other\n"})
    assert repo.check().report["next"] == []

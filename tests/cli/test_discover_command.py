"""`policy-gate discover`: each sign with its file, line and claimant; with --base only what is new."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import low_system

APP = 'import anthropic\nMODEL = "claude-sonnet-4-5"\n'


@pytest.fixture
def repo(scratch: Scratch) -> Scratch:
    scratch.adopt(
        low_system("development"), files={"summariser/app.py": APP, "legacy/old.py": "x = 1\nimport cohere\n"}
    )
    return scratch


def test_every_sign_is_told_with_its_place_and_the_system_that_claims_it(repo: Scratch) -> None:
    found = repo.run("discover", "--format", "json")
    assert found.code == 0, found
    told = [(it["path"], it["line"], it["kind"], it["vendor"], it["system"]) for it in found.report["signals"]]
    assert told == [
        ("legacy/old.py", 2, "sdk", "cohere", None),
        ("summariser/app.py", 1, "sdk", "anthropic", "SYS-003"),
        ("summariser/app.py", 2, "model", "anthropic", "SYS-003"),
    ]
    assert (found.report["unread"], found.report["files"] > 2) == ([], True)
    text = repo.run("discover")
    assert "SYS-003: 2 signs" in text.out
    assert 'An entry that would: paths: ["legacy/**"]' in text.out
    assert text.err == ""


def test_with_a_base_only_what_is_new_is_told(repo: Scratch) -> None:
    assert "shows no sign of AI that main does not" in repo.run("discover", "--base", "main").out
    repo.branch("work")
    repo.commit("More", files={"summariser/app.py": f"\n{APP}import openai\n", "new/a.ts": 'import "ai";\n'})
    repo.write({"summariser/b.py": 'HOST = "https://api.mistral.ai/v1"\n'})
    found = repo.run("discover", "--base", "main", "--format", "json")
    told = [(it["path"], it["line"], it["found"]) for it in found.report["signals"]]
    assert told == [("new/a.ts", 1, "ai"), ("summariser/app.py", 4, "openai"), ("summariser/b.py", 1, "api.mistral.ai")]


def test_what_was_not_looked_into_is_told_and_nothing_is_no_answer(repo: Scratch) -> None:
    repo.write({"summariser/large.py": "#" * 16_000_001, "legacy/old.py": "x = 1\n", "summariser/app.py": "x = 1\n"})
    found = repo.run("discover")
    assert found.code == 0
    assert "shows no sign of AI" in found.out
    assert "Not looked into, so what they show is not known: 1" in found.out
    assert "summariser/large.py" in found.out


def test_a_repository_without_a_manifest_is_looked_at_too(scratch: Scratch) -> None:
    scratch.commit("Code", files={"app.py": APP})
    found = scratch.run("discover", "--format", "json")
    assert [(it["path"], it["system"]) for it in found.report["signals"]] == [("app.py", None)] * 2


def test_a_base_that_is_none_is_a_usage_error(repo: Scratch) -> None:
    assert repo.run("discover", "--base", "nowhere").code in (2, 3)


def test_what_is_retired_or_only_named_as_evidence_claims_nothing(scratch: Scratch) -> None:
    retired = low_system("decommissioned", id="SYS-009", name="Old", paths=["old/**"])
    scratch.adopt(low_system("development"), retired, files={"old/app.py": APP, "hire/app.py": APP})
    scratch.edit("SYS-003", tests=[{"id": "smoke-test-suite", "report": "hire/app.py"}])
    scratch.commit("A report")
    found = scratch.run("discover", "--format", "json")
    assert {(it["path"], it["system"]) for it in found.report["signals"]} == {
        ("old/app.py", None),
        ("hire/app.py", None),
    }


def test_a_manifest_that_cannot_be_read_is_told_and_claims_nothing(repo: Scratch) -> None:
    repo.write({"governance.yaml": repo.read("governance.yaml").replace("owner_team", "owner_taem")})
    found = repo.run("discover")
    assert "No system claims: 3 signs" in found.out
    assert "governance.yaml: cannot be read, so what its systems claim is not known" in " ".join(found.out.split())

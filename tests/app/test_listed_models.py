"""The models that an entry lists: names that move, and models that their vendor ends, through the command."""

from __future__ import annotations

from typing import Any

import pytest
from scratch import Result, Scratch
from world import high_system, low_system


def told(found: Result, rule: str) -> list[tuple[str, str]]:
    """State and line of what a rule came to for each model."""
    findings = (it for it in found.findings() if it["requirement"]["subject"] == rule)
    return sorted((it["state"], it["enforcement"]) for it in findings)


def listing(scratch: Scratch, entry: dict[str, Any], *models: dict[str, str]) -> Result:
    scratch.adopt(entry)
    scratch.branch("work")
    scratch.edit(entry["id"], models=[dict(model) for model in models])
    scratch.commit("List the models")
    return scratch.check("--as-of", "2026-11-28")


def test_each_model_that_moves_or_ends_is_a_finding_of_its_own(scratch: Scratch) -> None:
    found = listing(
        scratch,
        high_system(),
        {"name": "claude-sonnet-4-5"},
        {"name": "house-model", "version": "latest"},
        {"name": "gpt-5", "version": "2025-08-07"},
        {"name": "anthropic/claude-2.1"},
        {"name": "house-model-2", "version": "3"},
    )
    assert told(found, "model-name-moves") == [("gap", "advise")] * 2, found
    assert told(found, "model-ends") == [("gap", "remediate"), ("upcoming", "remediate")], found
    ending = (it for it in found.findings("upcoming") if it["requirement"]["subject"] == "model-ends")
    assert [it["due"] for it in ending] == ["2026-12-11"]
    assert found.code == 0


@pytest.mark.parametrize("models", [[], [{"name": "ranker", "version": "1.0"}]])
def test_nothing_is_said_where_nothing_moves(scratch: Scratch, models: list[dict[str, str]]) -> None:
    found = listing(scratch, low_system(), *models)
    assert told(found, "model-name-moves") == told(found, "model-ends") == []
    assert found.system("SYS-003")["changes"] == []


def test_a_digest_that_is_none_is_a_problem_of_the_manifest(scratch: Scratch) -> None:
    found = listing(scratch, high_system(), {"name": "ranker", "digest": "abc"})
    assert found.code == 1
    assert any("{64}" in problem["message"] for problem in found.report["problems"]), found


END = {"retires": "2027-03-01", "source": "https://house.example/models"}


def ended(found: Result) -> dict[str, Any]:
    (finding,) = (it for it in found.findings() if it["requirement"]["subject"] == "model-ends")
    return finding


def test_an_end_that_the_entry_says_is_judged_like_one_of_the_policies(scratch: Scratch) -> None:
    found = listing(scratch, high_system(), {"name": "house-model", "version": "3", **END})
    told_now = ended(found)
    assert (told_now["state"], told_now["due"], found.code) == ("upcoming", "2027-03-01", 0)
    assert "house-model ends on 2027-03-01 (source https://house.example/models)." in told_now["message"]
    assert ended(scratch.check("--as-of", "2027-03-01"))["state"] == "gap"


def test_an_end_does_not_move_without_somebody_elses_yes(scratch: Scratch) -> None:
    scratch.adopt(high_system())
    scratch.edit("SYS-001", models=[{"name": "house-model", "version": "3", **END}])
    scratch.commit("List the model")
    scratch.branch("work")
    listed = {"name": "house-model", "version": "3"}
    for models in ([listed], [{**listed, **END, "retires": "2027-03-02"}]):
        scratch.edit("SYS-001", models=models)
        scratch.commit("It lives on")
        found = scratch.check("--as-of", "2027-03-01")
        assert (found.code, "model-end-moved" in found.changes(), ended(found)["state"]) == (1, True, "gap"), found
    scratch.edit("SYS-001", models=[{"name": "house-model", "version": "3", **END, "retires": "2027-02-01"}])
    scratch.commit("It ends sooner")
    assert scratch.check("--as-of", "2026-11-28").changes() == []


@pytest.mark.parametrize(
    "said", [{"retires": "2027-03-01"}, {"source": "x"}, {"retires": "2027-03-01", "source": " "}], ids=str
)
def test_an_end_without_its_source_is_a_problem_of_the_manifest(scratch: Scratch, said: dict[str, str]) -> None:
    found = listing(scratch, low_system(), {"name": "ranker", **said})
    assert found.code == 1
    (problem,) = found.report["problems"]
    assert "source" in problem["message"], problem
    assert problem["path"] == "governance.yaml"
    assert problem["line"] > 1

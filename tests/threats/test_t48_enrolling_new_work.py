"""T48: new work enrolled as old: an approval, a date that stays, and no code touched in the same change."""

from __future__ import annotations

from typing import Any

import pytest
from scratch import Result, Scratch
from world import days_ago, high_system, low_system


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("t48"))
    repo.adopt(low_system("development"))
    repo.commit("Code that nobody has declared", files={"screener/app.py": "print('old')\n"})
    return repo


def _declared(repo: Scratch, files: dict[str, str] | None = None, **fields: Any) -> Result:
    repo.branch("enrol")
    fields = {"enrolled": days_ago(0), "model_card": None} | fields
    repo.declare_only(high_system("production", **fields))
    repo.commit("Declare the screener", files=files)
    return repo.check()


def test_t48_enrolment_wants_one_approval_and_gives_debt_with_dates(repo: Scratch) -> None:
    done = _declared(repo)
    assert (done.code, done.system()["presence"]) == (1, "enrolled"), done
    assert (done.blocking(), done.finding("enrolment")["state"]) == (["approval:ai-safety-lead"], "gap")
    repo.approve("ai-safety-lead", "enrolment")
    agreed = repo.check()
    assert (agreed.code, agreed.verdict) == (0, "conditions"), agreed
    assert {item["due"] > days_ago(0) for item in agreed.findings("gap", "SYS-001") if item["due"]} == {True}


@pytest.mark.parametrize(
    ("files", "fields"),
    [
        ({"screener/new.py": "print('new')\n"}, {}),
        ({"screener/app.py": "print('changed')\n"}, {}),
        ({}, {"enrolled": None}),
        ({"brandnew/app.py": "print()\n"}, {"paths": ["brandnew/**"]}),
        ({}, {"paths": []}),
    ],
    ids=["new code", "changed code", "no date", "code of this change alone", "no code at all"],
)
def test_t48_what_is_not_plainly_old_is_judged_as_added(
    repo: Scratch, files: dict[str, str], fields: dict[str, Any]
) -> None:
    done = _declared(repo, files, **fields)
    assert (done.code, done.system()["presence"]) == (1, "added"), done
    assert {"artifact:red-team-report", "approval:ciso", "test:smoke-test-suite"} <= set(done.blocking())
    assert done.finding("first-classification")["state"] == "gap"


def test_t48_papers_beside_the_code_are_no_code(repo: Scratch) -> None:
    done = _declared(
        repo, {"screener/README.md": "# Screener\n", "MODEL_CARD.md": "# Card\n"}, model_card="MODEL_CARD.md"
    )
    assert done.system()["presence"] == "added", "a README under paths is a file of the system"
    again = _declared(repo, {"MODEL_CARD.md": "# Card\n"}, model_card="MODEL_CARD.md")
    assert again.system()["presence"] == "enrolled", again


def test_t48_a_date_to_come_is_refused(repo: Scratch) -> None:
    done = _declared(repo, enrolled=days_ago(-400))
    repo.approve("ai-safety-lead", "enrolment")
    approved = repo.check()
    assert (done.code, approved.code) == (1, 1), approved
    assert "enrolled lies in the future" in approved.report["problems"][0]["message"]


def test_t48_what_is_forbidden_is_no_debt(repo: Scratch) -> None:
    facts = {"eu_market": True, "annex_iii_points": ["4-a"], "art5_practices": ["f"]}
    _declared(repo, facts=facts)
    repo.approve("ai-safety-lead", "enrolment")
    done = repo.check()
    assert done.code == 1, done
    assert [item["because"][0]["rule"] for item in done.findings("gap") if item["blame"] == "introduced"] == [
        "prohibited-practice"
    ]


def test_t48_the_date_of_enrolment_is_fixed(repo: Scratch) -> None:
    _declared(repo, enrolled=days_ago(300))
    repo.approve("ai-safety-lead", "enrolment")
    overdue = repo.check()
    assert "overdue" in {item["blame"] for item in overdue.findings("gap", "SYS-001")}
    repo.git("branch", "-f", "enrolled", "HEAD")
    for moved in (days_ago(0), None):
        repo.branch("later", at="enrolled")
        repo.edit(enrolled=moved)
        repo.commit("Start the clock again")
        done = repo.check("--base", "enrolled")
        assert (done.code, "enrolled-moved" in done.changes()) == (1, True), done
        assert "overdue" in {item["blame"] for item in done.findings("gap", "SYS-001")}, "the old date holds"
    repo.branch("promote", at="enrolled")
    repo.edit(incident_contact="desk@example.com")
    repo.commit("Something else")
    assert repo.check("--base", "enrolled").code == 0


def test_t48_enrolling_owes_the_gates_to_come(repo: Scratch) -> None:
    repo.branch("young")
    repo.declare_only(high_system("development", enrolled=days_ago(0), model_card=None))
    repo.commit("Enrolled in development")
    repo.approve("ai-safety-lead", "enrolment")
    assert repo.check().code == 0
    repo.git("branch", "-f", "young-base", "HEAD")
    repo.branch("go", at="young-base")
    repo.edit(stage="production")
    repo.commit("And live")
    done = repo.check("--base", "young-base")
    assert done.code == 1, done
    assert {"artifact:red-team-report", "approval:ciso", "test:smoke-test-suite"} <= set(done.blocking())


def test_t48_code_that_nobody_declares_is_told_in_the_change_that_brings_it(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    bare = Scratch(tmp_path_factory.mktemp("t48-bare"))
    bare.commit("Nothing with AI", files={"app.py": "x = 1\n"})
    for number, (path, text) in enumerate(
        {
            "rank/a.py": "from openai import OpenAI\n",
            "rank/a.ts": 'import Anthropic from "@anthropic-ai/sdk";\n',
            "rank/model.safetensors": "weights",
        }.items()
    ):
        bare.branch(f"new-{number}")
        bare.commit("New work, undeclared", files={path: text})
        told = bare.check()
        [found] = told.findings("gap")
        assert (told.verdict, found["blame"], found["location"]["path"]) == ("conditions", "introduced", path)
    bare.branch("plain")
    bare.commit("Plain work", files={"rank/b.py": "y = 2\n"})
    assert bare.check().verdict == "pass"

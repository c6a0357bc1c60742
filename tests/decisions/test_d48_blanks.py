"""D48, H16, H21: what base left open or guessed is answered once: read by somebody, or let pass for a time."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from scratch import Result, Scratch
from world import base_files, days_ago, high_system, low_system, roles, to_yaml

MILD = {
    "decision_impact": "informational",
    "human_oversight": "full",
    "data_sensitivity": "non_sensitive",
    "user_vulnerability": "professionals",
    "deployment_scale": "internal",
    "decision_reversibility": "reversible",
}
NOBODY = {"policies/roles.yaml": to_yaml({"schema": "policy-gate/roles/v1", "roles": {}})}


def _adopted(repo: Scratch, enrolled: int = 0, *, nobody: bool = True, **fields: Any) -> None:
    """SYS-003 in production, every dimension left open, merged as the first adoption."""
    repo.commit("Years of work", files={"summariser/app.py": "x = 1\n"})
    repo.write(base_files() | (NOBODY if nobody else {}))
    profile = fields.pop("profile", {})
    entry = low_system("production", enrolled=days_ago(enrolled), **fields)
    repo.declare_only(entry | {"risk_profile": profile})
    repo.commit("Adopt")
    repo.branch()


def _said(repo: Scratch, **fields: Any) -> Result:
    repo.edit("SYS-003", **fields)
    repo.commit("Say it")
    return repo.check()


def _asks(done: Result) -> bool:
    return done.finding("first-classification")["state"] == "gap" and done.code == 1


def test_d48_somebody_who_holds_the_role_reads_all_blanks_once(scratch: Scratch) -> None:
    _adopted(scratch, nobody=False)
    done = _said(scratch, risk_profile=MILD, facts={"eu_market": False, "annex_iii_points": []})
    assert done.blocking() == ["approval:ai-safety-lead"], done
    assert _asks(done)
    assert not any(change["weakening"] for change in done.system("SYS-003")["changes"])
    assert (done.system("SYS-003")["tier"], done.system("SYS-003")["effective_tier"]) == ("low", "critical")
    scratch.approve("ai-safety-lead", "first-classification", "SYS-003")
    assert scratch.check().code == 0
    scratch.merge()
    scratch.branch("next")
    assert _said(scratch, incident_contact="x@example.com").system("SYS-003")["effective_tier"] == "low"


@pytest.mark.parametrize(
    "fields",
    [
        {"risk_profile": MILD},
        {"risk_profile": {"human_oversight": "partial"}},
        {"facts": {"eu_market": False}},
        {"facts": {"annex_iii_points": []}, "risk_profile": {"deployment_scale": "thousands"}},
    ],
)
def test_d48_where_nobody_could_read_them_they_merge_with_conditions(scratch: Scratch, fields: dict[str, Any]) -> None:
    _adopted(scratch, enrolled=30)
    done = _said(scratch, **fields)
    assert (done.code, done.verdict) == (0, "conditions"), done
    assert f"until {days_ago(0)} they merge unread" in scratch.run("check").out.replace("\n              ", " ")


def test_d48_once_for_each_field(scratch: Scratch) -> None:
    _adopted(scratch)
    assert _said(scratch, risk_profile={"human_oversight": "partial"}).code == 0
    scratch.merge()
    scratch.branch("another")
    assert _said(scratch, risk_profile={"deployment_scale": "internal"}).code == 0, "a field of its own"
    scratch.merge("another")
    scratch.branch("again")
    assert _said(scratch, risk_profile={"human_oversight": "full"}).code == 1
    scratch.branch("out")
    assert _said(scratch, risk_profile={"human_oversight": None}).code == 1, "no way back to a blank"


@pytest.mark.parametrize(
    ("enrolled", "fields"),
    [
        (31, {}),
        (31, {"enrolled": days_ago(0)}),
        (0, {"stage": "deprecated"}),
        (0, {"paths": ["summariser/lib/**"]}),
        (0, {"guessed": ["stage"]}),
    ],
)
def test_d48_control_too_late_through_a_gate_or_with_something_weakened(
    scratch: Scratch, enrolled: int, fields: dict[str, Any]
) -> None:
    _adopted(scratch, enrolled)
    assert _said(scratch, risk_profile=MILD, **fields).code == 1


def test_d48_control_a_system_that_comes_later_has_no_grace(scratch: Scratch) -> None:
    _adopted(scratch)
    scratch.commit("Old code", files={"tools/app.py": "x = 1\n"})
    scratch.merge()
    scratch.branch("second")
    scratch.declare_only(low_system("production", id="SYS-004", paths=["tools/**"], enrolled=days_ago(0)))
    scratch.commit("Enrol another")
    assert scratch.check().code == 1


def test_d48_control_a_real_lowering_beside_an_answer_is_a_lowering(scratch: Scratch) -> None:
    profile = {"decision_impact": "life_safety", "user_vulnerability": "vulnerable_populations"}
    _adopted(scratch, profile=profile)
    done = _said(scratch, risk_profile=MILD)
    assert done.code == 1
    assert {"tier-lowered", "dimension-lowered"} <= set(done.changes("SYS-003"))


def test_d48_control_a_fact_that_a_passed_gate_rested_on_is_a_weakening(scratch: Scratch) -> None:
    scratch.adopt(high_system("production"))
    scratch.branch()
    scratch.edit(facts={"replaces_existing_process": False})
    scratch.commit("It replaced nothing")
    assert scratch.check().finding("weakening")["state"] == "gap"
    scratch.branch("other")
    scratch.edit(facts={"emotion_recognition": False})
    scratch.commit("No gate asked")
    assert scratch.check().finding("first-classification")["state"] == "gap"


GUESSED = ["id", "stage", "paths"]


@pytest.mark.parametrize(
    "fields", [{"stage": "development"}, {"paths": ["summariser/*.py"]}, {"id": "bot"}], ids=["stage", "paths", "id"]
)
def test_d48_a_guess_is_mended_and_what_is_no_guess_is_not(scratch: Scratch, fields: dict[str, Any]) -> None:
    _adopted(scratch, guessed=GUESSED)
    entry = scratch.entry("SYS-003") | fields
    scratch.rewrite(lambda manifest: manifest | {"systems": [entry]})
    scratch.commit("Mend it")
    done = scratch.check()
    assert (done.code, done.verdict) == (0, "conditions"), done
    scratch.checkout("main")
    scratch.edit("SYS-003", guessed=None)
    scratch.commit("Confirmed")
    scratch.branch("late")
    scratch.rewrite(lambda manifest: manifest | {"systems": [entry]})
    scratch.commit("Mend it")
    assert scratch.check().code == 1


def test_d48_the_adoption_says_what_is_open_what_was_guessed_and_who_is_missing(scratch: Scratch) -> None:
    scratch.commit("Work", files={"bot/app.py": "import openai\n"})
    scratch.branch()
    assert scratch.run("init", "--yes").code == 0
    scratch.commit("Adopt")
    notes = scratch.check().report["trust"]["notes"]
    assert any(note.startswith("SYS-001: fill in decision_impact, ") for note in notes), notes
    assert (
        "SYS-001: guessed, so mend it now or take it off `guessed`: id SYS-001; stage production; paths bot/**" in notes
    )
    assert any("can approve as" in note and "AI Safety Lead" in note for note in notes)


def test_d48_blank_empty_and_false_are_three_things(scratch: Scratch) -> None:
    _adopted(scratch)
    _said(scratch, facts={"annex_iii_points": [], "eu_market": False})
    out = scratch.run("check").out
    assert "annex_iii_points: (not stated) -> []" in out
    assert "eu_market: (not stated) -> false" in out


@pytest.mark.parametrize("name", ["text", "markdown", "html", "sarif", "junit", "github", "codequality"])
def test_d48_so_in_every_format(scratch: Scratch, name: str) -> None:
    _adopted(scratch)
    _said(scratch, facts={"annex_iii_points": [], "eu_market": False})
    said = re.sub(r"\\(.)|<[^>]*>", r"\1", html.unescape(scratch.run("check", "--format", name).out))
    for line in ("annex_iii_points: (not stated) -> []", "eu_market: (not stated) -> false"):
        assert line in said, said
    assert "(nothing)" not in said


def test_h21_alone_in_every_role_is_told_at_adoption_and_when_it_stops_them(scratch: Scratch) -> None:
    scratch.commit("Work", files={"summariser/app.py": "x = 1\n"})
    scratch.branch()
    alone = dict.fromkeys((name.replace("-", "_") for name in roles()["roles"]), "Bo Author")
    scratch.write(base_files() | {"policies/roles.yaml": to_yaml(roles(**alone))})
    scratch.declare_only(low_system("production", enrolled=days_ago(0)))
    scratch.commit("Adopt")
    told = " ".join(scratch.check().report["trust"]["notes"])
    assert "Bo Author is alone in every role" in told
    assert "self_approval: [low, medium]" in told
    scratch.merge()
    scratch.branch("next")
    stopped = _said(scratch, risk_profile={"data_sensitivity": "non_sensitive"})
    assert stopped.code == 1
    assert "let somebody else write the change" in " ".join(stopped.report["trust"]["notes"])


def test_h21_control_two_people_are_told_nothing(scratch: Scratch) -> None:
    scratch.commit("Work", files={"summariser/app.py": "x = 1\n"})
    scratch.branch()
    scratch.write(base_files())
    scratch.declare_only(low_system("production", enrolled=days_ago(0)))
    scratch.commit("Adopt")
    assert "alone" not in " ".join(scratch.check().report["trust"]["notes"])

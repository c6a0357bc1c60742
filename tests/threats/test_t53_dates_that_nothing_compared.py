"""T53, D52: a date is compared with today, with what it speaks of, and with the date that base gave."""

from __future__ import annotations

from typing import Any

import pytest
from evidence import document, junit
from scratch import Result, Scratch
from world import days_ago, high_system

REVIEW = "annual-production-review"
PAPERS = ("annual-performance-report", "bias-drift-assessment", "security-incident-log-review", "model-card-update")
RERUNS = ("bias-benchmark-rerun", "adversarial-robustness-rerun")


def papers(day: str | None) -> list[dict[str, str]]:
    date = {"completed": day} if day else {}
    return [{"id": name, "path": f"governance/{name}.md", "status": "final", **date} for name in PAPERS]


def reviewed(repo: Scratch, day: str | None, **entry: Any) -> Scratch:
    """In production for 900 days, with the papers of one review."""
    files = {f"governance/{name}.md": document(name) for name in PAPERS}
    repo.adopt(high_system("production", stage_since=days_ago(900), enrolled=days_ago(900)), files=files)
    repo.edit(artifacts=[*repo.entry()["artifacts"], *papers(day)], **entry)
    repo.commit("Reviewed", by="Rae Kim")
    return repo


def state(found: Result, paper: str = PAPERS[0]) -> tuple[str, str | None]:
    item = found.finding(paper)
    return item["state"], item["blame"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (days_ago(800), ("gap", "overdue")),
        (days_ago(400), ("gap", "overdue")),
        (days_ago(901), ("gap", "overdue")),
        (None, ("gap", "overdue")),
        (days_ago(300), ("met", None)),
        (days_ago(1), ("met", None)),
    ],
)
def test_t53_a_review_is_owed_again_one_period_after_its_papers(
    scratch: Scratch, day: str | None, expected: tuple[str, str | None]
) -> None:
    assert state(reviewed(scratch, day).check("--all")) == expected


def test_t53_one_old_paper_among_new_ones_is_owed_again(scratch: Scratch) -> None:
    reviewed(scratch, days_ago(10))
    old = [item | {"completed": days_ago(500)} if item["id"] == PAPERS[1] else item for item in papers(days_ago(10))]
    kept = [item for item in scratch.entry()["artifacts"] if item["id"] not in PAPERS]
    scratch.edit(artifacts=[*kept, *old])
    scratch.commit("One old", by="Rae Kim")
    found = scratch.check("--all")
    assert (state(found, PAPERS[1])[0], state(found, PAPERS[0])[0]) == ("gap", "met")


def test_t53_papers_from_before_it_went_live_pay_for_nothing_and_enter_nothing(scratch: Scratch) -> None:
    scratch.adopt(high_system("production", stage_since=days_ago(900)))
    scratch.branch()
    files = {f"governance/{name}.md": document(name) for name in PAPERS}
    scratch.edit(artifacts=[*scratch.entry()["artifacts"], *papers(days_ago(901))])
    scratch.commit("Backdated", files=files)
    found = scratch.check()
    assert (found.code, state(found)) == (0, ("gap", "overdue")), found
    scratch.edit(artifacts=[item | {"completed": days_ago(1)} if item["id"] in PAPERS else item
                            for item in scratch.entry()["artifacts"]])  # fmt: skip
    scratch.commit("Dated now")
    assert "approval:product-owner" in scratch.check().blocking(), "a review that is held is agreed to"


def test_d52_a_yearly_review_in_time_passes(scratch: Scratch) -> None:
    reviewed(scratch, days_ago(360))
    scratch.branch()
    tests = [item for item in scratch.entry()["tests"] if item["id"] not in RERUNS]
    reruns = [{"id": name, "report": f"reports/{name}.xml"} for name in RERUNS]
    kept = [item for item in scratch.entry()["artifacts"] if item["id"] not in PAPERS]
    scratch.edit(artifacts=[*kept, *papers(days_ago(1))], tests=[*tests, *reruns])
    files = {f"governance/{name}.md": document(name, words=90) for name in PAPERS}
    scratch.commit("Review of the year", files=files | {f"reports/{name}.xml": junit(name) for name in RERUNS})
    assert scratch.check().blocking() == ["approval:ai-safety-lead", "approval:product-owner"]
    for role in ("ai-safety-lead", "product-owner"):
        scratch.approve(role, REVIEW)
    found = scratch.check()
    assert found.verdict == "pass", found


@pytest.mark.parametrize(
    "fields",
    [
        {"facts": {"profiles_persons": True}},
        {"facts": {"children": True}},
        {"regulatory_scope": ["EU_AI_Act", "GDPR", "EEOC", "HIPAA"]},
        {"risk_profile": {"deployment_scale": "millions"}},
    ],
    ids=["fact", "another fact", "regulation", "a dimension within the tier"],
)
@pytest.mark.parametrize("before", [None, days_ago(300)])
def test_t53_a_trivial_raise_buys_no_new_period(scratch: Scratch, before: str | None, fields: dict[str, Any]) -> None:
    old = {"reclassified": before} if before else {}
    scratch.adopt(high_system("development", **old))
    scratch.branch()
    scratch.edit(reclassified=days_ago(0), **fields)
    scratch.commit("Say a little more")
    found = scratch.check()
    assert "reclassified-moved" in found.changes(), found
    assert found.finding("weakening")["state"] == "gap"


def test_d52_a_raised_tier_dated_today_stays_debt(scratch: Scratch) -> None:
    lower = {"decision_impact": "financial", "decision_reversibility": "reversible", "deployment_scale": "internal"}
    was = high_system("pre_deployment", risk_profile=lower, facts={"eu_market": True, "annex_iii_points": []})
    scratch.adopt(was)
    scratch.branch()
    scratch.edit(risk_profile=high_system()["risk_profile"], reclassified=days_ago(0))
    scratch.commit("It is worse than we thought")
    found = scratch.check()
    assert (found.code, found.verdict) == (0, "conditions"), found
    assert "reclassified-moved" not in found.changes()


PROHIBITED = "prohibited-practice"


def test_t53_what_may_be_no_debt_blocks_when_inherited_too(scratch: Scratch) -> None:
    stated = {"eu_market": True, "art5_practices": ["a"]}
    scratch.adopt(high_system("development", facts=stated))
    assert scratch.check("--all").finding(PROHIBITED)["state"] == "gap"
    assert scratch.check("--all").code == 1
    scratch.branch()
    scratch.edit(incident_contact="else@example.com")
    scratch.commit("Something else")
    assert f"that:{PROHIBITED}" in scratch.check().blocking()
    scratch.branch("unrelated")
    scratch.commit("A typo", files={"README.md": "# Scratch!\n"})
    assert scratch.check().code == 0, "a change of nothing governed is not held up"


def test_d52_giving_up_the_practice_and_retiring_are_not_held_up_by_it(scratch: Scratch) -> None:
    scratch.adopt(high_system("production", facts={"eu_market": True, "art5_practices": ["a"]}))
    scratch.branch()
    scratch.edit(facts={"art5_practices": []})
    scratch.commit("Take it out")
    found = scratch.check()
    assert f"that:{PROHIBITED}" not in found.blocking() or found.finding(PROHIBITED)["blame"] == "inherited"
    for role, what in (("ai-safety-lead", "law-class-drop"), ("ai-safety-lead", "weakening")):
        if what in {item.get("for") for item in found.findings("gap")}:
            scratch.approve(role, what)
    assert scratch.check().code == 0, scratch.check()
    scratch.branch("retire")
    scratch.edit(stage="deprecated")
    scratch.commit("Retire")
    assert scratch.check().code == 0, scratch.check()

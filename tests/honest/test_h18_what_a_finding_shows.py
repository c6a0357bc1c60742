"""H18: a finding shows the change that it is about, and what it shows is not told a second time below."""

from __future__ import annotations

from scratch import Scratch
from world import days_ago, high_system, low_system, medium_system, to_yaml

ACME = {"id": "acme", "vendor_name": "Acme", "access_type": "api", "assessed_on": days_ago(3)}


def _text(repo: Scratch) -> str:
    return " ".join(repo.run("check").out.split())


def _finding(repo: Scratch, title: str) -> str:
    """What the text report shows of the finding of this title, above its reasons."""
    return _text(repo).partition(title)[2].partition(" why ")[0]


def test_h18_another_purpose_at_medium_is_shown_side_by_side_and_once(scratch: Scratch) -> None:
    entry = medium_system("production", stage_since=days_ago(20))
    scratch.adopt(entry)
    scratch.branch()
    scratch.edit("SYS-002", description="Answers about orders, and about refunds")
    scratch.commit("Say what else it does")
    found, said = scratch.check(), _text(scratch)
    assert found.finding("use-case-note")["fix"].startswith("Compare both versions")
    assert f"was {entry['description']} now Answers about orders, and about refunds" in said
    assert said.count("Answers about orders, and about refunds") == 1


def test_h18_a_vendor_of_high_risk_is_named_where_the_ciso_is_asked(scratch: Scratch) -> None:
    scratch.adopt(medium_system("production", stage_since=days_ago(20)))
    scratch.branch()
    scratch.declare_only(
        {**scratch.entry("SYS-002"), "vendors": [*scratch.entry("SYS-002").get("vendors", []), "acme"]},
        vendors=[*scratch.manifest().get("vendors", []), ACME],
    )
    scratch.commit("Take up Acme")
    assert "vendor acme is of high risk" in _finding(scratch, "takes up a vendor of high risk")


def test_h18_new_ai_is_named_where_its_place_is_looked_at(scratch: Scratch) -> None:
    scratch.adopt(low_system("production", stage_since=days_ago(20)))
    scratch.branch()
    scratch.edit("SYS-003", paths=[*scratch.entry("SYS-003")["paths"], "faq/**"])
    scratch.commit("A part of it", files={"faq/app.py": "import openai\nclient = openai.OpenAI()\n"})
    assert "new there: faq/app.py:1 OpenAI client (openai)" in _finding(scratch, "New AI came under the claim")


def test_h18_another_id_is_told_from_a_system_that_is_gone(scratch: Scratch) -> None:
    scratch.adopt(low_system("production", stage_since=days_ago(20)))
    scratch.branch()
    entry = scratch.entry("SYS-003")
    scratch.rewrite(lambda data: {**data, "systems": [{**entry, "id": "summaries"}]})
    scratch.commit("Call it by its name")
    assert scratch.check().code == 1
    assert "under another id, give it the old one back" in _text(scratch)
    scratch.rewrite(lambda data: {**data, "systems": [{**entry, "name": "Summaries"}]})
    scratch.commit("Its id stays")
    assert scratch.check().code == 0


def test_h18_what_the_ciso_is_asked_about_a_vendor_stands_in_the_title(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch()
    scratch.declare_only({**scratch.entry("SYS-001"), "stage": "pre_deployment", "vendors": ["acme"]}, vendors=[ACME])
    scratch.commit("Move on with Acme")
    titles = {item["for"]: item["title"] for item in scratch.check().findings("gap") if item.get("for")}
    assert titles["vendor-high-risk"] == "The system moves on with a vendor of high risk"
    assert titles["pre-deployment-security-review"].endswith(" has not approved"), "the control: a gate asks by role"


def test_h18_an_analysis_is_one_thing_and_results_are_several(scratch: Scratch) -> None:
    facts = {"decision_domain": ["employment"], "us_states": ["NY"]}
    scratch.adopt(high_system("development", facts=facts))
    scratch.branch()
    scratch.edit("SYS-001", stage="pre_deployment")
    scratch.commit("Move on")
    titles = {item["title"] for item in scratch.check().findings()}
    assert {"Adverse impact analysis is missing", "Bias evaluation results are missing"} <= titles


def test_h18_what_is_false_of_a_system_is_told_at_its_entry(scratch: Scratch) -> None:
    """The control: what is false of a change has the place of that change, or none."""
    scratch.adopt(high_system("development"))
    scratch.branch()
    scratch.declare(high_system("pre_deployment", incident_contact=None))
    scratch.commit("Nobody to call")
    line = next(n for n, said in enumerate(scratch.read("governance.yaml").splitlines(), 1) if "SYS-001" in said)
    found = scratch.check().finding("incident-contact")
    assert (found["location"]["path"], found["location"]["line"]) == ("governance.yaml", line)
    said = scratch.run("check", "--format", "github").out.splitlines()
    assert f"file=governance.yaml,line={line}," in next(it for it in said if "Nobody is named to call" in it)

    scratch.branch("gone")
    reason = "A website without any model, own or hosted."
    none = {"schema": "policy-gate/manifest/v1", "systems": [], "reason": reason}
    scratch.commit("Without it", files={"governance.yaml": to_yaml(none)})
    assert scratch.check().finding("system-vanished")["location"] is None

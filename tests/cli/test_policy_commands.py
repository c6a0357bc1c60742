"""`policy`, `explain`, `raci` and `classify`, as a risk officer uses them."""

from __future__ import annotations

import json

import jsonschema
import pytest
from scratch import Scratch
from world import days_ago, high_system, low_system, medium_system, to_yaml

OWN_RULE = """\
schema: policy-gate/policy/v1
rules:
  - id: own-rule
    title: The system is no draft
    why: Somebody has to say so.
    when: "true"
    enforcement: block
    effective: 2026-01-01
    require:
      - that: system.has_vendors
        message: No vendor is named.
"""


def test_shipped_policies_have_no_fault_and_pass_their_cases(scratch: Scratch) -> None:
    lint = scratch.run("policy", "lint", "--format", "json")
    faults = [problem for problem in lint.report["problems"] if "last checked more than" not in problem["message"]]
    assert (lint.code, faults) == (0, [])
    cases = scratch.run("policy", "test", "--format", "json")
    assert cases.code == 0, cases
    assert cases.report["cases"] > 50
    assert cases.report["failed"] == []
    assert cases.report["rules_without_cases"] == []


def test_lint_names_the_place_and_the_nearest_word(scratch: Scratch) -> None:
    scratch.adopt()
    rule = {
        "id": "own-rule",
        "title": "Own",
        "why": "Because",
        "when": 'system.tierr == "high"',
        "enforcement": "block",
        "require": [{"artifact": "model-card"}],
    }
    scratch.write({"policies/own.yaml": to_yaml({"schema": "policy-gate/policy/v1", "rules": [rule]})})
    done = scratch.run("policy", "lint")
    assert done.code == 1
    assert "policies/own.yaml:6:" in done.out
    assert "system.tier" in done.out
    report = scratch.run("policy", "lint", "--format", "json").report
    assert {problem["path"] for problem in report["problems"]} == {"policies/own.yaml"}


@pytest.mark.parametrize("text", ["", "apiVersion: rbac.example.com/v1\nkind: Role\n"])
def test_lint_tells_of_a_roles_file_that_names_no_roles(scratch: Scratch, text: str) -> None:
    scratch.adopt()
    scratch.write({"policies/roles.yaml": text})
    (told,) = scratch.run("policy", "lint", "--format", "json").report["problems"]
    assert (told["path"], "nobody can approve" in told["message"]) == ("policies/roles.yaml", True)
    assert "policy-gate/roles/v1" in told["hint"]


def test_lint_and_the_views_know_which_packs_are_asked_for(scratch: Scratch) -> None:
    scratch.adopt()
    config = (scratch.path / "policy-gate.yaml").read_text()
    scratch.write({"policy-gate.yaml": config + "packs: [eu-ai-akt]\n"})
    done = scratch.run("policy", "lint")
    assert (done.code, 'unknown pack "eu-ai-akt"' in done.out, '"eu-ai-act"' in done.out) == (1, True, True)
    assert scratch.run("raci").code == 3
    scratch.write({"policy-gate.yaml": config + "packs: [eu-ai-act]\n"})
    assert (scratch.run("policy", "lint").code, scratch.run("raci").code) == (0, 0)


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("rules:\n\t- id: mine\n", "3:1", "takes no tab"),
        ("rules:\n  - id: mine\n   title: Mine\n", "4:4", "indentation"),
        ('rules:\n  - when: "gdpr" in system.regulations\n', "3:18", "the whole value in quotes of the other kind"),
        ("rules:\n  - when: !system.eu_market\n", "3:11", "put text that begins with ! in quotes"),
    ],
)
def test_lint_tells_of_a_file_that_is_no_yaml_as_of_any_other_fault(
    scratch: Scratch, text: str, place: str, hint: str
) -> None:
    scratch.adopt(high_system())
    scratch.write({"policies/own.yaml": f"schema: policy-gate/policy/v1\n{text}"})
    for folder in ((), ("policies",)):
        done = scratch.run("policy", "lint", *folder, "--format", "json")
        (problem,) = done.report["problems"]
        assert (done.code, hint in problem["hint"]) == (1, True), done
        assert f"{problem['line']}:{problem['column']}" == place
    done = scratch.run("policy", "lint")
    assert (done.code, done.out.splitlines()[-1]) == (1, "1 wrong, 0 to consider")


def test_list_with_origin_names_the_layer_of_an_own_number(scratch: Scratch) -> None:
    scratch.adopt()
    debt = {"schema": "policy-gate/policy/v1", "debt": {"enrolment": {"high": "P10D"}}}
    scratch.write({"policies/own.yaml": to_yaml(debt)})
    done = scratch.run("policy", "list", "--origin")
    assert done.code == 0
    assert "P10D" in done.out
    assert "policies/own.yaml:3:" in done.out
    listed = scratch.run("policy", "list", "--format", "json").report["origins"]
    layers = {item["item"]: item["layer"] for item in listed}
    assert (layers["debt:debt.enrolment.high"], layers["gate:production-deployment"]) == ("repository", "builtin")


def test_a_folder_of_policies_can_be_linted_alone(scratch: Scratch) -> None:
    scratch.write({"org/extra.yaml": "schema: policy-gate/policy/v1\nrulez: []\n"})
    done = scratch.run("policy", "lint", "org")
    assert done.code == 1
    assert "rulez" in done.out
    assert "org/extra.yaml:2:" in done.out


@pytest.mark.parametrize(
    ("expression", "code", "said"),
    [
        ('system.tier == "high"', 0, "true"),
        ("system.score > 13", 0, "false"),
        ("system.user_facing", 3, "unknown: not known is system.user_facing"),
        ("false && system.user_facing", 0, "false"),
    ],
)
def test_eval_says_true_false_or_what_is_missing(scratch: Scratch, expression: str, code: int, said: str) -> None:
    scratch.adopt(high_system())
    done = scratch.run("policy", "eval", expression, "--system", "SYS-001")
    assert (done.code, done.out.strip()) == (code, said)


@pytest.mark.parametrize("expression", ["system.tierr == 1", "system.tier == 5", "system.tier =="])
def test_eval_of_a_wrong_expression_is_usage(scratch: Scratch, expression: str) -> None:
    scratch.adopt(high_system())
    done = scratch.run("policy", "eval", expression, "--system", "SYS-001")
    assert (done.code, done.out) == (2, "")
    assert "expression:1:" in done.err


@pytest.mark.parametrize("document", ["manifest", "config", "roles", "card", "policy", "approval", "waiver", "case"])
def test_schemas_are_valid_and_accept_what_the_tool_writes(scratch: Scratch, document: str) -> None:
    done = scratch.run("policy", "schema", document)
    assert done.code == 0
    jsonschema.Draft202012Validator.check_schema(done.report)
    assert done.report["properties"]["schema"]["const"] == f"policy-gate/{document}/v1"


def test_report_satisfies_its_published_schema(scratch: Scratch) -> None:
    scratch.adopt(low_system())
    scratch.branch()
    scratch.edit("SYS-003", stage="production")
    scratch.commit("go live")
    schema = scratch.run("policy", "schema", "report").report
    report = scratch.check().report
    jsonschema.Draft202012Validator(schema).validate(report)


def test_a_rule_of_ones_own_fails_no_shipped_case(scratch: Scratch) -> None:
    scratch.adopt()
    scratch.write({"policies/own.yaml": OWN_RULE})
    run = scratch.run("policy", "test", "--format", "json")
    assert (run.code, run.report["failed"]) == (0, [])
    assert run.report["rules_without_cases"] == ["rule own-rule: no case makes it fire or shows it at rest"]


def test_skeleton_case_is_a_case_that_runs(scratch: Scratch) -> None:
    done = scratch.run("policy", "case", "tier-lowering")
    scratch.adopt()
    scratch.write({"policies/tests/own.yaml": done.out})
    run = scratch.run("policy", "test", "--format", "json")
    assert not [failure for failure in run.report["failed"] if "unknown" in failure]
    assert run.report["cases"] > 2


def test_classify_gives_the_lesson_its_three_systems(scratch: Scratch) -> None:
    scratch.adopt(high_system(), medium_system(), low_system())
    systems = {item["id"]: item for item in scratch.run("classify", "--format", "json").report["systems"]}
    assert {key: (item["score"], item["tier"]) for key, item in systems.items()} == {
        "SYS-001": (13, "high"),
        "SYS-002": (11, "medium"),
        "SYS-003": (6, "low"),
    }
    assert systems["SYS-001"]["score_range"] == [5, 23]
    assert len(systems["SYS-001"]["required_controls"]) == 11
    text = scratch.run("classify").out
    for name in ("Hiring Resume Screener", "Customer Service Chatbot", "Internal Document Summarizer"):
        assert name in text


def test_classify_keeps_to_the_width_where_nothing_is_declared(scratch: Scratch) -> None:
    entry = {**low_system("development"), "risk_profile": {}}
    scratch.declare_only(entry)
    said = scratch.run("classify").out
    assert "low to critical: decision_impact" in said
    assert max(map(len, said.splitlines())) <= 80


def test_classify_one_system_and_an_unknown_one(scratch: Scratch) -> None:
    scratch.adopt(high_system(), low_system())
    one = scratch.run("classify", "--system", "SYS-003", "--format", "json")
    assert [item["id"] for item in one.report["systems"]] == ["SYS-003"]
    none = scratch.run("classify", "--system", "SYS-004")
    assert (none.code, none.out) == (2, "")


def test_classify_where_no_system_is_declared_is_no_answer(scratch: Scratch) -> None:
    scratch.commit("Code", files={"app.py": "import os\n"})
    done = scratch.run("classify")
    assert (done.code, done.out) == (3, "")
    assert "policy-gate init" in done.err


def test_a_missing_dimension_gives_a_range(scratch: Scratch) -> None:
    scratch.adopt(high_system(risk_profile={"human_oversight": None}, facts=None))
    done = scratch.run("classify")
    assert done.code == 0
    assert "human_oversight" in done.out


@pytest.mark.parametrize(
    "name",
    ["red-team-report", "pre-deployment-security-review", "ciso", "tier-lowering", "bias-benchmark-suite",
     "red-team-engagement", "limit-dropped", "control:model-card", "gdpr"],
)  # fmt: skip
def test_explain_knows_every_kind_of_id(scratch: Scratch, name: str) -> None:
    done = scratch.run("explain", name)
    assert done.code == 0
    assert name.rsplit(":", maxsplit=1)[-1] in done.out
    assert scratch.run("explain", name, "--format", "json").report["matches"]


def test_explain_of_a_rule_with_an_activity_names_who_does_it_and_who_signs(scratch: Scratch) -> None:
    said = " ".join(scratch.run("explain", "incident-clock-missed").out.split())
    assert "who DPO, Legal signs Legal" in said
    assert " who " not in scratch.run("explain", "no-code-claimed").out, "the control: one that names none"


def test_explain_of_a_change_kind_names_the_rules_that_it_sets_off(scratch: Scratch) -> None:
    def rules(kind: str) -> list[str]:
        (entry,) = scratch.run("explain", kind, "--format", "json").report["matches"]
        return [rule["id"] for rule in entry["wanted_by"]]

    assert set(rules("tier-lowered")) == {"tier-lowering", "written-by-agent"}
    assert set(rules("dimension-lowered")) == {"weakening", "decision-reclassification", "written-by-agent"}
    assert rules("path-widened") == ["written-by-agent"], "whoever wrote it, not what it is"


def test_raci_has_one_accountable_role_for_each_activity(scratch: Scratch) -> None:
    activities = scratch.run("raci", "--format", "json").report["activities"]
    assert len(activities) >= 10
    for row in activities:
        assert isinstance(row["accountable"], str)
        assert row["responsible"]
        assert set(row) == {"id", "title", "responsible", "accountable", "consulted", "informed"}
    one = scratch.run("raci", activities[0]["id"], "--format", "json").report["activities"]
    assert one == activities[:1]


def test_raci_names_the_people_of_each_role(scratch: Scratch) -> None:
    """Who asks who answers for something wants a name; a role alone sends them to another file."""
    alone = scratch.run("raci", "risk-tier-classification")
    assert "accountable  CISO" in alone.out
    scratch.adopt(high_system())
    named = scratch.run("raci", "risk-tier-classification")
    assert "accountable  Ada Example (CISO)" in named.out
    assert "Rae Kim (AI Safety Lead)" in named.out
    (row,) = scratch.run("raci", "risk-tier-classification", "--format", "json").report["activities"]
    assert (row["accountable"], row["people"]["ciso"]) == ("ciso", ["Ada Example"])
    assert max(map(len, scratch.run("raci").out.splitlines())) <= 80
    scratch.write({"policies/roles.yaml": "roles: [\n"})
    assert "(CISO)" not in scratch.run("raci").out


def test_broken_manifest_is_told_with_its_place(scratch: Scratch) -> None:
    scratch.adopt(high_system())
    scratch.branch()
    text = scratch.read("governance.yaml").replace("human_oversight: partial", "human_oversight: partal")
    scratch.write({"governance.yaml": text})
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "partal" in row)
    scratch.commit("typo")
    done = scratch.run("check")
    assert done.code == 1
    assert f"governance.yaml:{line}:" in done.out + done.err
    assert 'did you mean "partial"?' in done.out + done.err


def test_json_of_views_is_the_same_twice(scratch: Scratch) -> None:
    scratch.adopt(high_system(enrolled=days_ago(10)))
    for command in (("classify",), ("raci",), ("policy", "list"), ("check",)):
        first, second = (scratch.run(*command, "--format", "json").out for _ in range(2))
        assert first == second
        json.loads(first)

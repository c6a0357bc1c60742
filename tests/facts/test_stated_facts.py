"""What a manifest states, typed by the policies; what they do not know is a located problem."""

from __future__ import annotations

import pytest
from facts_world import entry, policy, snapshot
from msgspec.structs import replace

from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.facts.declared_facts import are_evaluated
from policy_gate.facts.facts import facts_of, values_of_words
from policy_gate.schema.documents import Manifest
from policy_gate.schema.facts import Facts
from policy_gate.schema.rule_targets import VENDOR_WORKED_OUT
from policy_gate.schema.source import Document
from policy_gate.schema.vendor_document import VendorEntry


def facts(**fields: object) -> Facts:
    return facts_of(snapshot(entry(**fields)), policy())[0]


def test_plain_values_of_a_system() -> None:
    values = facts(incident_contact="a@example.com", deployment_date="2027-03").values
    assert values["system.id"] == "SYS-001"
    assert values["system.stage"] == values["system.from_stage"] == "development"
    assert values["system.score"] == 13
    assert values["system.deployment_date"] == "2027-03"
    assert values["system.has_incident_contact"] is True
    assert values["system.claims_code"] is True
    assert values["system.has_model_card"] is False
    assert values["system.has_vendors"] is False
    assert values["system.reclassified_declared"] is False


def test_stated_facts_are_typed_and_listed_as_declared() -> None:
    found = facts(facts={"eu_market": True, "annex_iii_points": ["4-b", "4-a", "4-a"]})
    assert found.problems == ()
    assert found.values["system.eu_market"] is True
    assert found.values["system.annex_iii_points"] == ["4-a", "4-b"]
    assert {"eu_market", "annex_iii_points", "decision_impact"} <= set(found.values["system.declared"])
    assert "deployment_date" not in found.values["system.declared"]


@pytest.mark.parametrize(
    ("stated", "message", "hint"),
    [
        ({"eu_markt": True}, "unknown fact (got eu_markt)", 'did you mean "eu_market"?'),
        ({"eu_market": "yes"}, "eu_market has the wrong type (got 'yes', expected true or false)", ""),
        ({"tier": "low"}, "tier is worked out, not declared under facts", "remove the line"),
    ],
)
def test_a_fact_that_is_wrong_is_a_problem_and_decides_nothing(
    stated: dict[str, object], message: str, hint: str
) -> None:
    found = facts(facts=stated)
    assert [(problem.message, problem.hint) for problem in found.problems] == [(message, hint)]
    assert found.tier == "high"
    assert not {f"system.{name}" for name in stated if name != "tier"} & found.values.keys()


def test_whole_numbers_are_accepted_where_a_measure_is_meant() -> None:
    name = next(spec.id for spec in policy().facts.values() if spec.type == "DOUBLE")
    value = facts(facts={name: 3}).values[f"system.{name}"]
    assert value == 3.0
    assert isinstance(value, float)


def test_a_value_outside_the_list_names_the_nearest() -> None:
    spec = next(spec for spec in policy().facts.values() if spec.values and spec.type == "STRING")
    assert spec.values
    (problem,) = facts(facts={spec.id: spec.values[0] + "x"}).problems
    assert problem.hint == f'did you mean "{spec.values[0]}"?'


def test_regulations_resolve_through_aliases_in_any_case() -> None:
    found = facts(regulatory_scope=["EU_AI_Act", "gdpr", "GDPR"])
    assert found.regulations == ("eu-ai-act", "gdpr")
    assert found.values["system.regulations"] == ["eu-ai-act", "gdpr"]


@pytest.mark.parametrize("name", ["EEOC", "eeoc", " Eeoc "])
def test_e04_an_agency_leads_to_every_law_that_it_enforces(name: str) -> None:
    assert facts(regulatory_scope=[name]).regulations == ("us-ada", "us-title-vii", "us-ugesp")
    assert facts(regulatory_scope=["Title VII"]).regulations == ("us-title-vii",)


def test_an_unknown_regulation_is_a_problem_with_the_nearest_name() -> None:
    found = facts(regulatory_scope=["GDRP"])
    assert found.regulations == ()
    assert found.problems[0].message == "unknown regulation (got GDRP)"
    assert "gdpr" in found.problems[0].hint


def test_what_no_pack_evaluates_is_unknown_and_not_untrue() -> None:
    assert facts(regulatory_scope=[]).values["system.regulations_evaluated"] is True
    assert facts(regulatory_scope=["gdpr"]).values["system.regulations_evaluated"] is True
    without = {"gdpr": replace(policy().regulations["gdpr"], pack=None)}
    assert not are_evaluated(("gdpr",), replace(policy(), regulations=without))


@pytest.mark.parametrize(
    ("fields", "message", "hint"),
    [
        (
            {"artifacts": [{"id": "red-team-reprt", "path": "a.md"}]},
            "unknown artifact (got red-team-reprt)",
            "red-team-report",
        ),
        (
            {"tests": [{"id": "bias-benchmark", "report": "a.xml"}]},
            "unknown test (got bias-benchmark)",
            "bias-benchmark-",
        ),
        (
            {"not_applicable": [{"id": "shadow-mode", "reason": "no"}]},
            "unknown requirement (got shadow-mode)",
            "shadow-mode-",
        ),
        ({"vendors": ["anthropik"]}, "unknown vendor (got anthropik)", "anthropic"),
    ],
)
def test_an_unknown_id_is_a_problem_with_the_nearest_name(fields: dict[str, object], message: str, hint: str) -> None:
    vendors = [{"id": "anthropic", "vendor_name": "Anthropic"}]
    (problem,) = facts_of(snapshot(entry(**fields), vendors=vendors), policy())[0].problems
    assert problem.message == message
    assert hint in problem.hint


def test_an_artifact_named_twice_is_a_problem_and_the_first_counts() -> None:
    twice = [{"id": "red-team-report", "path": "a.md"}, {"id": "red-team-report", "path": "b.md"}]
    found = facts(artifacts=twice)
    assert [problem.message for problem in found.problems] == ["artifact red-team-report is named twice"]
    assert found.artifacts["red-team-report"].path == "a.md"


def test_problems_stand_on_the_line_of_the_fact() -> None:
    text = (
        "schema: policy-gate/manifest/v1\nsystems:\n- id: S\n  name: S\n  owner_team: T\n  stage: development\n"
        "  paths: []\n  risk_profile: {}\n  facts:\n    eu_market: true\n    eu_markt: true\n"
    )
    data, marks = read_yaml("governance.yaml", text.encode())
    base = snapshot(entry(id="S"))
    document = Document("governance.yaml", "", Manifest.model_validate(data), marks)
    system = replace(base.systems[0], manifest=document, entry=document.content.systems[0])
    (problem,) = facts_of(replace(base, systems=(system,)), policy())[0].problems
    assert (problem.path, problem.line) == ("governance.yaml", 11)


def test_vendor_values_carry_only_what_is_stated() -> None:
    vendors = [{"id": "anthropic", "vendor_name": "Anthropic", "has_dpa": True, "assessed_on": "2026-05-01"}]
    (vendor,) = facts_of(snapshot(entry(vendors=["anthropic"]), vendors=vendors), policy())[0].vendors
    assert {name: value for name, value in vendor.items() if name not in VENDOR_WORKED_OUT} == {
        "vendor.id": "anthropic",
        "vendor.vendor_name": "Anthropic",
        "vendor.has_dpa": True,
        "vendor.assessed_on": "2026-05-01",
    }


def test_order_of_systems_does_not_matter() -> None:
    one, two = entry(), entry(id="SYS-000")
    assert [f.id for f in facts_of(snapshot(one, two), policy())] == [
        f.id for f in facts_of(snapshot(two, one), policy())
    ]


def test_what_a_card_says_of_its_uses_is_read_though_it_says_nothing_of_data() -> None:
    card = "# Card\n\n## Intended uses\n\nApplications below 0.2 are automatically rejected.\n"
    (found,) = facts_of(snapshot(entry(model_card="card.md"), files={"card.md": card}), policy())
    assert found.stated["system.names_automatic_decisions"] is True
    assert found.stated["system.names_personal_data"] is False


@pytest.mark.parametrize(("said", "names"), [("The names of patients.", True), ("Random numbers.", False)])
def test_what_front_matter_says_of_data_is_read_beside_a_text_that_is_silent(said: str, *, names: bool) -> None:
    card = f"---\ntraining_data_description: {said}\n---\n# Card\n\n## Training data\n\nMany numbers of our own.\n"
    (found,) = facts_of(snapshot(entry(model_card="card.md"), files={"card.md": card}), policy())
    assert found.stated["system.names_personal_data"] is names


def test_what_a_vendor_is_sent_is_read_though_there_is_no_card() -> None:
    vendor = VendorEntry.model_validate({"id": "acme", "vendor_name": "Acme", "data_sent": "names of patients"})
    assert values_of_words(None, [vendor])["system.names_personal_data"] is True
    assert values_of_words(None, [vendor.model_copy(update={"data_sent": None})])["system.names_personal_data"] is False


def test_a_claim_about_what_nobody_knows_stands_on_its_own_line() -> None:
    text = (
        "schema: policy-gate/manifest/v1\nsystems:\n- id: S\n  name: S\n  owner_team: T\n  stage: development\n"
        "  paths: []\n  risk_profile: {}\n  not_applicable:\n  - {id: smoke-test-suite, reason: none}\n"
        "  - {id: shadow-mode, reason: none}\n"
    )
    data, marks = read_yaml("governance.yaml", text.encode())
    base = snapshot(entry(id="S"))
    document = Document("governance.yaml", "", Manifest.model_validate(data), marks)
    system = replace(base.systems[0], manifest=document, entry=document.content.systems[0])
    (found,) = facts_of(replace(base, systems=(system,)), policy())
    assert [problem.line for problem in found.problems] == [11]


@pytest.mark.parametrize("raw", [float("inf"), float("-inf"), float("nan"), 1e301])
def test_a_number_without_an_end_is_none(raw: float) -> None:
    (problem,) = facts(facts={"training_compute_flops": raw}).problems
    assert "training_compute_flops" in problem.message


def test_a_card_outside_the_repository_is_refused_and_not_merely_gone() -> None:
    outside, gone = (
        facts_of(snapshot(entry(model_card=path)), policy())[0].card for path in ("../other/card.md", "card.md")
    )
    assert outside is not None
    assert gone is not None
    assert (outside.cause, gone.cause) == ("refused", "absent")

"""What a rule may be about: one table, from which names, types, lint and waivers follow."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from small_policies import BUILTIN, base, refused

from policy_gate.decide.waiver_validity import is_of_one
from policy_gate.policy.load import lint_policies
from policy_gate.policy.variables import variables
from policy_gate.schema.published import document_schema
from policy_gate.schema.rule import Rule
from policy_gate.schema.rule_targets import CHANGES_OF_REPOSITORY, TARGETS, TODAY, VENDOR_WORKED_OUT
from policy_gate.schema.vendor_document import VENDOR_FIELDS
from policy_gate.schema.vocabulary import Subject

RULE = "rules:\n  - id: mine\n    title: Mine\n    why: So.\n    enforcement: block\n    for_each: {for_each}\n"


def added(when: str, require: str = "[{approval: ciso}]", for_each: str = "change") -> str:
    return RULE.format(for_each=for_each) + f"    when: '{when}'\n    require: {require}\n"


def test_the_table_holds_every_target_and_no_other() -> None:
    assert tuple(TARGETS) == get_args(Subject)
    for_each = document_schema("policy")["$defs"]["RuleSpec"]["properties"]["for_each"]
    assert tuple(for_each["enum"]) == tuple(TARGETS)


def test_conditions_see_the_system_the_day_and_the_targets_own_names() -> None:
    for name, target in TARGETS.items():
        assert set(variables({})[name]) == {*TARGETS["system"].fields, TODAY, *target.fields}


def test_a_vendors_names_are_the_fields_of_its_entry() -> None:
    fields = TARGETS["vendor"].fields
    stated = [name for name in fields if name not in VENDOR_WORKED_OUT]
    assert [name.removeprefix("vendor.") for name in stated] == list(VENDOR_FIELDS)
    assert {fields[f"vendor.{name}"] for name in ("id", "assessed_on", "access_type", "liability_cap")} == {"STRING"}
    assert fields["vendor.has_dpa"] == "BOOL"
    assert fields["vendor.data_retention_days"] == "INT"
    assert fields["vendor.sla_uptime_percentage"] == "DOUBLE"


def test_a_waiver_names_one_vendor_or_metric_and_no_system_or_change() -> None:
    def of(for_each: Any) -> bool:
        return is_of_one(Rule("rule", "x", "X", "", None, (), "block", for_each))

    assert {name for name in TARGETS if of(name)} == {"vendor", "metric", "model", "test", "incident"}


def test_a_rule_about_incidents_is_typed() -> None:
    (problem,) = refused(BUILTIN, base(added('incident.severty == "high"', for_each="incident")))
    assert "incident.severty" in problem.message
    (problem,) = refused(BUILTIN, base(added('incident.severity == "hihg"', for_each="incident")))
    assert 'incident.severity is never "hihg"' in problem.message
    (problem,) = refused(BUILTIN, base(added("incident.is_open", for_each="incidents")))
    assert 'for_each is "incidents"' in problem.message
    assert problem.hint == 'did you mean "incident"?'


@pytest.mark.parametrize(
    ("when", "require", "place", "message"),
    [
        ('change.kind == "policy-changed" && system.tier == "high"', "[{approval: ciso}]", "8:46",
         "has no system.tier"),
        ('change.kind in ["waivers-changed", "tier-lowered"] && system.eu_market', "[{approval: ciso}]", "8:65",
         "has no system.eu_market"),
        ('system.tier == "high"', "[{approval: ciso}]", "8:11", "has no system.tier"),
        ('change.of == "repository"', "[{approval: ciso, when: system.eu_market}]", "9:38", "has no system.eu_market"),
        ('change.of == "repository"', "[{that: system.eu_market, message: No}]", "9:22", "has no system.eu_market"),
        ('change.of == "repository"', "[{artifact: model-card}]", "9:15", "has no artifact, and this asks for model-"),
        ('change.field != ""', "[{any_of: [{test: bias-suite}, {approval: ciso}]}]", "9:25", "has no test"),
        ('change.of == "repository"', "[{card: complete}]", "9:15", "has no card"),
    ],
)  # fmt: skip
def test_what_a_change_of_the_repository_never_has_is_refused(
    when: str, require: str, place: str, message: str
) -> None:
    kinds = "change_kinds:\n" + "".join(f"  - {{id: {kind}, title: T}}\n" for kind in CHANGES_OF_REPOSITORY)
    found = refused(BUILTIN, base(added(when, require) + kinds))
    (problem,) = [problem for problem in found if message in problem.message]
    assert str(problem.location).startswith(f"policies/own.yaml:{place}")
    assert 'change.of == "system"' in problem.hint
    assert "change.kind" in problem.hint or "ask for approval" in problem.hint


@pytest.mark.parametrize(
    "when",
    [
        'change.kind == "tier-lowered" && system.tier == "high"',
        'change.of == "system" && system.tier == "high"',
        'change.kind == "policy-changed" || (change.of == "system" && system.tier == "high")',
        '!(change.of == "repository") && system.eu_market',
        'change.field == "x" && change.weakening',
    ],
)
def test_what_every_change_that_it_is_about_has_is_sound(when: str) -> None:
    kinds = "change_kinds:\n" + "".join(f"  - {{id: {kind}, title: T}}\n" for kind in CHANGES_OF_REPOSITORY)
    assert not [problem for problem in lint_policies((BUILTIN, base(added(when) + kinds))) if not problem.advice]


def test_a_word_that_no_change_is_of_is_refused() -> None:
    (problem,) = refused(BUILTIN, base(added('change.of == "sistem"')))
    assert 'change.of is never "sistem"' in problem.message
    assert problem.hint == 'did you mean "system"?'

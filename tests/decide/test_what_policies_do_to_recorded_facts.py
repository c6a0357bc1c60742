"""Two sets of policies over facts that a registry recorded: what the second would do, and what facts do not tell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from decision_world import RULES, TODAY, rules_with
from golden_lines import held_against
from msgspec.structs import replace

from policy_gate.collect.policy_files import builtin_layer
from policy_gate.decide.recorded_impact import differing_parts, impact_on_recorded
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.policy.load import load_policies
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.policy_impact import SystemImpact
from policy_gate.schema.recorded import RecordedSystem
from policy_gate.schema.rule import Rule
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Document, Location

GOLDEN = Path(__file__).parent / "golden" / "recorded.txt"
FACTS: dict[str, Any] = {"system.tier": "high", "system.stage": "production", "system.has_vendors": True}
YES, NO, OPEN = 'system.stage == "production"', 'system.stage == "development"', "system.children"


def that(condition: str, when: str | None = None) -> dict[str, Any]:
    asked = {"that": condition, "message": "It is so."}
    return asked if when is None else {**asked, "when": when}


PAPER = {"artifact": "red-team-report"}
WRITTEN: dict[str, dict[str, Any]] = {
    # one statement
    "holds": {"require": [that(YES)]},
    "fails": {"require": [that(NO)]},
    "is open": {"require": [that(OPEN)]},
    "fails and only tells": {"require": [that(NO)], "enforcement": "advise"},
    "is open and only tells": {"require": [that(OPEN)], "enforcement": "advise"},
    "fails and is to be mended": {"require": [that(NO)], "enforcement": "remediate"},
    # of whom it speaks
    "fails where it speaks": {"require": [that(NO)], "when": YES},
    "fails where it is silent": {"require": [that(NO)], "when": NO},
    "fails where that is open": {"require": [that(NO)], "when": OPEN},
    "is open where that is open": {"require": [that(OPEN)], "when": OPEN},
    # what facts alone do not tell
    "a paper": {"require": [PAPER]},
    "a paper where it is silent": {"require": [PAPER], "when": NO},
    "a paper that is only told": {"require": [PAPER], "enforcement": "advise"},
    # several at once, and such as are asked under a condition of their own
    "fails beside what is open": {"require": [that(OPEN), that(NO), that(YES)]},
    "is open beside what holds": {"require": [that(YES), that(OPEN)]},
    "fails under a condition": {"require": [that(NO, YES)]},
    "fails under a condition that is not met": {"require": [that(NO, NO)]},
    "fails under a condition that is open": {"require": [that(NO, OPEN)]},
    "holds under a condition that is open": {"require": [that(YES, OPEN)]},
    # for each part of the system
    "fails for a vendor": {"require": [that("vendor.has_dpa")], "for_each": "vendor"},
    "a vendor of the stage": {"require": [that("vendor.has_dpa")], "for_each": "vendor", "when": NO},
    "a model": {"require": [that('model.name == "gpt-4o"')], "for_each": "model"},
    "a number": {"require": [that("metric.value > 0.5")], "for_each": "metric"},
    "a change": {"require": [that(NO)], "for_each": "change", "when": 'change.kind == "stage-advanced"'},
    # by the day
    "from today": {"require": [that(NO)], "effective": TODAY.isoformat()},
    "from tomorrow": {"require": [that(NO)], "effective": (TODAY + timedelta(days=1)).isoformat()},
    "from yesterday": {"require": [that(NO)], "effective": (TODAY - timedelta(days=1)).isoformat()},
}
PARTS: dict[str, Any] = {
    "its parts were not recorded": {},
    "it has none": {"vendors": (), "models": ()},
    "they are as they should be": {"vendors": ({"vendor.has_dpa": True},), "models": ({"model.name": "gpt-4o"},)},
    "one is not": {
        "vendors": ({"vendor.has_dpa": True}, {"vendor.has_dpa": False}),
        "models": ({"model.name": "gpt-4o"}, {"model.name": "claude-3-opus"}),
    },
    "of one it is open": {
        "vendors": ({"vendor.has_dpa": True}, {"vendor.id": "x"}),
        "models": ({"model.name": "gpt-4o"}, {"model.version": "1"}),
    },
    "one is not and of one it is open": {
        "vendors": ({"vendor.id": "x"}, {"vendor.has_dpa": False}),
        "models": ({"model.version": "1"}, {"model.name": "claude-3-opus"}),
    },
}


@cache
def written() -> Mapping[str, Rule]:
    """Each rule by its name above."""
    usual = {"title": "Mine", "why": "So.", "enforcement": "block", "when": 'system.tier in ["high", "low"]'}
    rules = [{**usual, "id": _id(name), **fields} for name, fields in WRITTEN.items()]
    raw, marks = read_yaml("own.yaml", json.dumps({"schema": "policy-gate/policy/v1", "rules": rules}).encode())
    own = LayerSource("repository", "own", (Document("own.yaml", "0" * 40, raw, marks),), trusted=True)
    policy = load_policies((builtin_layer(with_cases=False), own))
    return {name: policy.plain_rules[_id(name)] for name in WRITTEN}


def _id(name: str) -> str:
    return name.replace(" ", "-")


def of(*rules: Rule) -> RuleSet:
    return replace(RULES, rules=rules)


def system(**fields: Any) -> RecordedSystem:
    return RecordedSystem(**{"id": "SYS", "name": "One", "manifest": "governance.yaml", "facts": FACTS, **fields})


def impact(was: RuleSet, now: RuleSet, **fields: Any) -> SystemImpact:
    return impact_on_recorded(was, now, system(**fields), "org/repo", TODAY)


def lines(way: str, found: SystemImpact) -> list[str]:
    said = [f"{way}: {found.effect}, {found.now}"]
    for one in found.differences:
        (rule,) = one.rules
        signs = f"{'decides ' if one.decides else ''}{'stops ' if one.stops else ''}"
        where = rule.place.path if rule.place else "nowhere"
        named = f"{one.requirement.kind} {one.requirement.subject}, {rule.enforcement}"
        said.append(f"  {signs}{named}: {one.was} -> {one.now}")
        assert (one.title, rule.rule) == (rule.title, one.requirement.subject)
        assert where in ("own.yaml", "builtin:lifecycle.yaml")
    assert (found.id, found.name, found.manifest) == ("SYS", "One (org/repo)", "governance.yaml")
    assert found.was == "undecided"
    return said


def both_ways(*rules: Rule, **fields: Any) -> list[str]:
    came, went = impact(of(), of(*rules), **fields), impact(of(*rules), of(), **fields)
    return [*lines("comes", came), *lines("goes", went)]


@pytest.mark.parametrize("name", [name for name, rule in WRITTEN.items() if rule.get("for_each") in (None, "change")])
def test_what_a_rule_that_comes_or_goes_does_to_a_system(name: str) -> None:
    held_against(GOLDEN, name, both_ways(written()[name]))


@pytest.mark.parametrize("name", [name for name, rule in WRITTEN.items() if rule.get("for_each", "change") != "change"])
def test_what_a_rule_about_its_parts_does_to_a_system(name: str) -> None:
    found = [f"{parts}, {line}" for parts in PARTS for line in both_ways(written()[name], **PARTS[parts])]
    held_against(GOLDEN, name, found)


GATE = next(rule for rule in RULES.rules if rule.id == "pre-deployment-security-review")


@pytest.mark.parametrize("tier", ["low", "high", None])
def test_a_gate_speaks_of_its_tiers_and_is_never_told_from_facts(tier: str | None) -> None:
    statement = replace(written()["fails"], kind="gate", tiers=frozenset({"high"}), when=None)
    facts = {name: value for name, value in {**FACTS, "system.tier": tier}.items() if value is not None}
    found = [*both_ways(GATE, facts=facts), *both_ways(statement, facts=facts)]
    held_against(GOLDEN, f"a gate, tier {tier}", found)
    assert impact(of(), of(GATE), facts=facts).tier_was == impact(of(), of(GATE), facts=facts).tier_now == (tier or "")


PAIRS = (
    ("fails", "is open"), ("fails", "fails and only tells"), ("holds", "fails"), ("is open", "is open and only tells"),
    ("a paper", "fails"), ("a paper", "a paper that is only told"), ("fails where it is silent", "from tomorrow"),
    ("is open", "a paper"), ("fails", "fails and is to be mended"),
)  # fmt: skip


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_what_it_does_that_a_rule_says_something_else(one: str, other: str) -> None:
    old, new = written()[one], replace(written()[other], id=written()[one].id)
    found = [*lines("there", impact(of(old), of(new))), *lines("back", impact(of(new), of(old)))]
    held_against(GOLDEN, f"{one}, then {other}", found)


def test_several_differences_are_told_in_the_order_of_the_rules_and_the_hardest_decides() -> None:
    rules = [written()[name] for name in ("is open", "fails and only tells", "fails", "holds")]
    held_against(GOLDEN, "several", [*both_ways(*rules), *lines("by half", impact(of(*rules[:2]), of(*rules[2:])))])
    held_against(GOLDEN, "several, none of which blocks", both_ways(*rules[:2]))


def test_a_rule_that_both_have_does_nothing_wherever_it_stands() -> None:
    for rule in written().values():
        moved = replace(rule, location=Location("elsewhere.yaml", 9, 1), layer="organisation")
        found = impact(of(rule), of(moved))
        assert (found.effect, found.differences) == ("unchanged", ())


def test_what_differs_is_found_after_what_does_not() -> None:
    rules = written()
    same, other = rules["holds"], rules["fails"]
    found = impact(of(same), of(same, other))
    assert [it.requirement.subject for it in found.differences] == [other.id]


def test_of_a_system_whose_facts_were_not_recorded_nothing_is_known() -> None:
    found = impact(of(), of(written()["fails"]), facts=None)
    assert (found.effect, found.now) == ("unknown", "undecided")
    assert (found.differences, found.tier_was, found.tier_now) == ((), "", "")
    unnamed = impact_on_recorded(of(), of(), system(name=""), "", TODAY)
    assert (unnamed.name, unnamed.effect) == ("()", "unchanged")


OTHER_PARTS: dict[str, tuple[RuleSet, tuple[str, ...]]] = {
    "the same": (RULES, ()),
    "another digest, source and note": (replace(RULES, digest="x", source="y", notes=("z",), trusted=False), ()),
    "another rule": (rules_with("vendor-without-dpa", enforcement="block"), ()),
    "another threshold": (
        replace(RULES, scoring=replace(RULES.scoring, thresholds=RULES.scoring.thresholds[:1])),
        ("scoring",),
    ),
    "other demands": (replace(RULES, demanded={}), ("demanded",)),
    "a renamed role": (replace(RULES, renamed_roles={"a": "b"}, owners=RULES.owners), ("renamed roles",)),
    "a document that moved": (
        replace(
            RULES,
            artifacts={
                id_: replace(spec, location=Location("x.yaml", 1, 1)) if hasattr(spec, "location") else spec
                for id_, spec in RULES.artifacts.items()
            },
        ),
        (),
    ),
    "documents in another order": (replace(RULES, artifacts=dict(reversed(RULES.artifacts.items()))), ()),
    "a fact less": (replace(RULES, facts=dict(list(RULES.facts.items())[1:])), ("facts",)),
    "a fact more": (
        replace(RULES, facts={**RULES.facts, "x": replace(next(iter(RULES.facts.values())), id="x")}),
        (),
    ),
    "a fact of another type": (
        replace(
            RULES,
            facts={**RULES.facts, "eu_market": replace(RULES.facts["eu_market"], weaker="any")},
        ),
        ("facts",),
    ),
}


@pytest.mark.parametrize("name", OTHER_PARTS)
def test_what_differs_beside_rules_is_named_and_its_effect_not_told(name: str) -> None:
    other, parts = OTHER_PARTS[name]
    assert differing_parts(RULES, other) == parts
    quiet = replace(other, rules=())
    assert impact(of(), quiet).effect == ("unknown" if parts else "unchanged")
    if parts:
        assert impact(of(), replace(quiet, rules=(written()["fails"],))).effect == "newly-blocked", "that is told"
        assert impact(of(written()["fails"]), quiet).effect == "unknown", "freed of this, and who knows of what else"

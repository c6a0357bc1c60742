"""The same papers under two sets of policies: what the other would do to each system, and which rules do it."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from decision_world import RULES, rules_with
from golden_lines import held_against
from msgspec.structs import replace
from repository_edits import edited
from told_world import DAY, Tree, answer, start

from policy_gate.decide.policy_impact import impact_on_systems, in_order, worst_effect
from policy_gate.schema.finding import Finding, Reason
from policy_gate.schema.policy_impact import SystemImpact
from policy_gate.schema.report import Report
from policy_gate.schema.rule_set import Origin, RuleSet
from policy_gate.schema.source import Location

GOLDEN = Path(__file__).parent / "golden" / "impact.txt"


def judged(policy: RuleSet, tree: Tree, **fields: Any) -> Report:
    base = start().snapshot()
    return answer(base, tree.snapshot(), policy=policy, **fields)[1]


def lines(found: tuple[SystemImpact, ...]) -> list[str]:
    said = [f"worst {worst_effect(found)}"]
    for it in found:
        said.append(
            f"{it.id} {it.name} {it.manifest}: {it.effect}, {it.was} -> {it.now}, {it.tier_was} -> {it.tier_now}"
        )
        for one in it.differences:
            rules = ", ".join(f"{rule.kind} {rule.rule} {rule.enforcement} {rule.place}" for rule in one.rules)
            what = f"{one.requirement.kind} {one.requirement.subject}: {one.was} -> {one.now}"
            signs = f"{'decides ' if one.decides else ''}{'stops ' if one.stops else ''}"
            said.append(f"  {signs}{what} | {one.due} | {one.location} | {one.fix} | {rules}")
    return said


def without(rule: str) -> RuleSet:
    return replace(RULES, rules=tuple(item for item in RULES.rules if item.id != rule))


OTHERS: dict[str, tuple[RuleSet, str, dict[str, Any]]] = {
    "the same": (RULES, "", {"mode": "all"}),
    "a rule blocks that told": (rules_with("vendor-without-dpa", enforcement="block"), "", {"mode": "all"}),
    "a rule tells that blocked": (rules_with("incident-response-plan", enforcement="advise"), "", {"mode": "all"}),
    "a rule is gone": (without("red-team-engagement"), "a paper is taken out", {"mode": "all"}),
    "a gate is gone": (without("pre-deployment-security-review"), "a paper is taken out", {"mode": "all"}),
    "a fact is asked for": (rules_with("law-facts-missing", enforcement="block"), "", {"mode": "all"}),
    "a rule is due from now on": (rules_with("vendor-without-dpa", effective=DAY), "", {"mode": "all"}),
    "a rule will block": (
        rules_with("vendor-without-dpa", enforcement="block", effective=DAY + timedelta(days=30)),
        "",
        {"mode": "all"},
    ),
    "other tiers": (
        replace(
            RULES, scoring=replace(RULES.scoring, thresholds=tuple((t, n - 3) for t, n in RULES.scoring.thresholds))
        ),
        "",
        {"mode": "all"},
    ),
    "of a change that it blocks": (
        rules_with("oversight-reclassification", enforcement="block"),
        "people decide less",
        {},
    ),
    "of a change that it frees": (without("weakening"), "people decide more", {}),
    "of a change that leaves the rest alone": (
        rules_with("vendor-without-dpa", enforcement="block"),
        "to production",
        {},
    ),
    "of a change of another system": (
        rules_with("vendor-without-dpa", enforcement="block"),
        "the start of the stage moves",
        {},
    ),
    "of a change that leaves what is not stated alone": (
        rules_with("law-facts-missing", enforcement="block"),
        "a paper is old",
        {},
    ),
    "of a change of the policies themselves": (without("policy-change"), "the policies change", {}),
    "of a change of the policies, other words": (
        rules_with("policy-change", enforcement="remediate"),
        "the policies change",
        {},
    ),
    "of approvals set aside": (without("weakening"), "people decide more", {"defer_approval": True}),
    "of a new system": (rules_with("first-classification", enforcement="advise"), "a system comes", {}),
}


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("way", ["there", "back"])
def test_what_other_policies_would_do(name: str, way: str) -> None:
    other, edit, fields = OTHERS[name]
    tree = edited(edit) if edit else start()
    pair = (RULES, other) if way == "there" else (other, RULES)
    was, now = (judged(policy, tree, **fields) for policy in pair)
    held_against(GOLDEN, f"{name}, {way}", lines(impact_on_systems(was, now, RULES.origins)))


@pytest.mark.parametrize("rule", ["vendor-without-dpa", "law-facts-missing"])
def test_what_only_tells_from_now_on_is_freed_and_not_blocked_anew(rule: str) -> None:
    strict, mild = (rules_with(rule, enforcement=enforcement) for enforcement in ("block", "advise"))
    reports = [judged(policy, start(), mode="all", only=("SCREEN",)) for policy in (strict, mild)]
    (freed,) = impact_on_systems(*reports, RULES.origins)
    (stopped,) = impact_on_systems(*reports[::-1], RULES.origins)
    assert freed.effect == "freed"
    assert stopped.effect == ("unknown" if rule == "law-facts-missing" else "newly-blocked")


@pytest.mark.parametrize(
    ("presence", "mode", "fields", "effect"),
    [
        ("changed", "change", {}, "changed"),
        ("unchanged", "change", {}, "unchanged"),
        ("unchanged", "all", {}, "changed"),
        ("unchanged", "change", {"blocks": True}, "newly-blocked"),
        ("unchanged", "change", {"undecided": True}, "newly-blocked"),
        ("unchanged", "change", {"undecided": True, "state": "unknown"}, "unknown"),
        ("changed", "change", {"state": "deferred", "blame": "introduced", "enforcement": "block"}, "newly-blocked"),
        ("changed", "change", {"state": "deferred", "blame": "inherited", "enforcement": "block"}, "changed"),
        ("changed", "change", {"state": "deferred", "blame": "introduced", "enforcement": "remediate"}, "changed"),
        ("changed", "change", {"blame": "introduced", "enforcement": "block"}, "changed"),
        ("changed", "change", {"state": "unknown", "enforcement": "block"}, "changed"),
        ("changed", "all", {"state": "unknown", "enforcement": "block"}, "unknown"),
        ("changed", "all", {"state": "unknown", "enforcement": "remediate"}, "changed"),
        ("changed", "all", {"state": "gap", "enforcement": "block"}, "changed"),
        ("changed", "all", {"state": "met", "blocks": True}, "unchanged"),
    ],
)
def test_what_a_finding_more_comes_to(presence: Any, mode: Any, fields: dict[str, Any], effect: str) -> None:
    without, asked = bare_report(presence, mode), finding(system="SCREEN", **fields)
    (impact,) = impact_on_systems(without, replace(without, findings=(asked,)), {})
    assert impact.effect == effect


@pytest.mark.parametrize(
    ("fields", "verdict", "effect"),
    [
        ({}, "pass", "changed"),
        ({"blocks": True}, "block", "newly-blocked"),
        ({"undecided": True, "state": "unknown"}, "undecided", "unknown"),
    ],
)
def test_what_a_finding_more_about_the_repository_comes_to(fields: dict[str, Any], verdict: str, effect: str) -> None:
    without, asked = bare_report("unchanged", "change"), finding(system=None, **fields)
    (own, _) = impact_on_systems(without, replace(without, findings=(asked,)), {})
    assert (own.id, own.was, own.now, own.effect) == (None, "pass", verdict, effect)


A, B = Reason("rule", "a", "A", None, enforcement="block"), Reason("rule", "b", "B", None, enforcement="block")
MILD = replace(A, enforcement="advise")


@pytest.mark.parametrize(
    ("was", "now", "told", "states"),
    [
        (None, ("gap", A), (A,), (None, "gap")),
        (("gap", A), None, (A,), ("gap", None)),
        (("gap", A), ("met", A), (A,), ("gap", "met")),
        (("gap", A), ("unknown", A, B), (B,), ("gap", "unknown")),
        (("gap", A, B), ("unknown", A), (A,), ("gap", "unknown")),
        (("gap", MILD), ("unknown", A), (A,), ("gap", "unknown")),
        (("met", A), ("gap", A, B), (A, B), ("met", "gap")),
        (("waived", A), ("gap", B), (B,), ("waived", "gap")),
        (("met", A), ("not-applicable", B), None, ()),
        (("gap", A), ("gap", B), None, ()),
    ],
)
def test_the_rules_that_make_a_difference_are_those_that_are_new_or_all_that_want_it(
    was: Any, now: Any, told: tuple[Reason, ...] | None, states: tuple[Any, ...]
) -> None:
    without = bare_report("changed", "change")
    reports = [
        replace(without, findings=(finding(system="SCREEN", state=it[0], because=it[1:]),) if it else ())
        for it in (was, now)
    ]
    origin = Origin("builtin", Location("rules.yaml", 7, 1))
    (impact,) = impact_on_systems(*reports, {"rule:b": origin})
    assert [(it.was, it.now) for it in impact.differences] == ([] if told is None else [states])
    for one in impact.differences:
        assert [(it.rule, it.enforcement) for it in one.rules] == [(it.rule, it.enforcement) for it in told or ()]
        assert [it.place for it in one.rules] == [origin.location if it is B else None for it in told or ()]


def bare_report(presence: Any, mode: Any) -> Report:
    """What is said of one system of which nothing is found."""
    found = _report()
    systems = tuple(replace(it, presence=presence) for it in found.systems if it.id == "SCREEN")
    return replace(found, findings=(), systems=systems, trust=replace(found.trust, mode=mode))


def finding(**fields: Any) -> Finding:
    plain = {"state": "gap", "enforcement": "remediate", "blame": "inherited", "blocks": False, "undecided": False}
    return replace(_report().findings[0], **{**plain, **fields})


@cache
def _report() -> Report:
    return judged(RULES, start(), only=("SCREEN",))


def test_the_hardest_hit_come_first_and_then_each_by_its_id() -> None:
    def impact(id_: str | None, effect: Any) -> SystemImpact:
        return SystemImpact(id_, "", "", effect, "pass", "pass", "", "")

    found = in_order([impact("b", "freed"), impact("c", "freed"), impact("a", "freed"), impact(None, "freed"),
                      impact("z", "newly-blocked")])  # fmt: skip
    assert [it.id for it in found] == ["z", None, "a", "b", "c"]


def test_nothing_to_compare_is_unchanged() -> None:
    assert worst_effect(()) == "unchanged"


def test_another_tier_alone_is_a_change_and_nothing_else() -> None:
    found = judged(RULES, start(), mode="all", only=("SCREEN",))
    (system,) = found.systems
    for other in ({"effective_tier": "critical"}, {"law_class": ("other",)}):
        raised = replace(found, systems=(replace(system, **other),))
        (impact,) = impact_on_systems(found, raised, RULES.origins)
        assert (impact.effect, impact.differences) == ("changed", ())
    (same,) = impact_on_systems(found, found, RULES.origins)
    assert same.effect == "unchanged"

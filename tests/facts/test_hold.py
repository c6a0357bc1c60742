"""A change never profits from its own weakening: base's values judge while it is made."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from facts_world import PROFILE, entry, policy, snapshot
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from policy_gate.facts.changes import changes_between
from policy_gate.facts.facts import facts_of
from policy_gate.facts.held_facts import as_if_raised, at_shared_tiers, hold
from policy_gate.schema.change import Change
from policy_gate.schema.facts import Facts
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.snapshot import CodeFile, Snapshot
from policy_gate.schema.vocabulary import tier_rank

CODE = {"screener/main.py": "1" * 40, "screener/rank/model.py": "2" * 40}


def tree(**fields: Any) -> Snapshot:
    files = fields.pop("files", {})
    vendors = [{"id": "acme", "vendor_name": "Acme", **fields.pop("vendor", {})}]
    return snapshot(entry(**fields), files=files, code=CODE, vendors=vendors)


def held(base: Snapshot, result: Snapshot, rules: RuleSet | None = None) -> Facts:
    rules = rules or policy()
    was, now = facts_of(base, rules), facts_of(result, rules)
    (facts,) = hold(was, now, changes_between(was, now, base, result, rules), rules)
    return facts


def profile(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in {**PROFILE, **values}.items() if value is not None}


def test_t03_the_higher_tier_and_score_judge_the_lowering_change() -> None:
    facts = held(tree(), tree(risk_profile=profile(data_sensitivity="non_sensitive", human_oversight="full")))
    assert (facts.rating.score, facts.tier) == (13, "high")
    assert facts.values["system.human_oversight"] == "partial"
    assert facts.values["system.tier"] == "high"


def test_a_raised_dimension_beside_a_lowered_one_counts_in_full() -> None:
    facts = held(tree(), tree(risk_profile=profile(data_sensitivity="non_sensitive", decision_impact="life_safety")))
    assert facts.rating.score == 14


def test_a_removed_dimension_is_held() -> None:
    facts = held(tree(), tree(risk_profile=profile(human_oversight=None)))
    assert (facts.rating.score, facts.rating.undeclared) == (13, ())
    assert "human_oversight" in facts.values["system.declared"]


def test_t03_law_class_and_floor_stand_while_the_fact_goes() -> None:
    low = profile(decision_impact="informational", human_oversight="full", deployment_scale="internal")
    listed = {"annex_iii_points": ["4-a"], "eu_market": True}
    for later in ({}, {**listed, "annex_iii_points": []}, {**listed, "eu_market": False}):
        facts = held(tree(risk_profile=low, facts=listed), tree(risk_profile=low, facts=later))
        assert facts.tier == "high"
        assert facts.law_class == ("eu-ai-act:high-risk-annex-iii",)
        assert facts.values["system.law_class"] == ["eu-ai-act:high-risk-annex-iii"]
        assert facts.values["system.annex_iii_points"] == ["4-a"]


def test_a_list_that_loses_one_item_and_gains_another_holds_both() -> None:
    facts = held(tree(facts={"annex_iii_points": ["1-a"]}), tree(facts={"annex_iii_points": ["4-a"]}))
    assert facts.values["system.annex_iii_points"] == ["1-a", "4-a"]


def test_t36_a_fact_stated_as_false_for_the_first_time_stays_unstated() -> None:
    facts = held(tree(), tree(facts={"eu_market": False}))
    assert "system.eu_market" not in facts.values
    assert "eu_market" not in facts.values["system.declared"]


def test_regulations_and_stage_are_held_and_from_stage_is_bases() -> None:
    facts = held(tree(stage="production", regulatory_scope=["gdpr"]), tree(regulatory_scope=["EU_AI_Act"]))
    assert facts.regulations == ("eu-ai-act", "gdpr")
    assert facts.stage == "production"
    assert facts.values["system.stage"] == facts.values["system.from_stage"] == "production"


def test_d42_a_scope_that_is_held_is_evaluated_no_better_than_it_was() -> None:
    known = policy().regulations
    without = replace(policy(), regulations={**known, "gdpr": replace(known["gdpr"], pack=None)})
    facts = held(tree(regulatory_scope=["gdpr"]), tree(), without)
    assert facts.regulations == ("gdpr",)
    assert "system.regulations_evaluated" not in facts.values, "no pack evaluates it: unknown, never true"
    assert held(tree(), tree(description="another purpose")).values["system.regulations_evaluated"] is True
    assert facts_of(tree(), policy())[0].values["system.regulations_evaluated"] is True, "the control: as declared"


@pytest.mark.parametrize(("before", "after"), [("2026-01-01", None), ("2026-01-01", "2026-06-01")])
def test_whether_a_raise_is_dated_is_held_as_its_date_is(before: str, after: str | None) -> None:
    facts = held(tree(reclassified=before), tree(reclassified=after))
    assert facts.declared.entry.reclassified == date(2026, 1, 1)
    assert facts.values["system.reclassified_declared"] is True


def test_a_raise_that_base_does_not_date_is_undated_while_it_is_held() -> None:
    base, result = tree(), tree(reclassified="2026-06-01")
    was, now = facts_of(base, policy()), facts_of(result, policy())
    moved = [Change("reclassified-moved", "SYS-001", "reclassified", None, "2026-06-01", weakening=True)]
    (facts,) = hold(was, now, moved, policy())
    assert facts.declared.entry.reclassified is None
    assert facts.values["system.reclassified_declared"] is False
    (plain,) = hold(was, now, [], policy())
    assert plain.values["system.reclassified_declared"] is True, "the control: nothing is held"


def test_an_advance_keeps_its_stage_and_knows_where_it_came_from() -> None:
    facts = held(tree(), tree(stage="production"))
    assert (facts.stage, facts.values["system.from_stage"]) == ("production", "development")


def test_an_added_system_comes_from_none_and_a_removed_one_stays_as_in_base() -> None:
    assert held(snapshot(), tree()).values["system.from_stage"] == "none"
    assert held(tree(stage="production"), snapshot()).stage == "production"


def test_narrowed_paths_bind_the_code_of_both_sides() -> None:
    facts = held(tree(), tree(paths=["screener/main.py"]))
    assert [file.path for file in facts.declared.code] == sorted(CODE)


def test_t44_code_left_behind_is_bound_as_it_is_now() -> None:
    result = tree(paths=["screener/main.py"])
    left = (CodeFile("screener/rank/model.py", "100644", "9" * 40),)
    result = replace(result, systems=(replace(result.systems[0], left_behind=left),))
    assert {file.path: file.oid for file in held(tree(), result).declared.code} == {
        "screener/main.py": "1" * 40,
        "screener/rank/model.py": "9" * 40,
    }


def test_t12_the_old_date_of_redated_evidence_holds() -> None:
    def dated(day: str) -> Snapshot:
        item = {"id": "red-team-report", "path": "r.md", "completed": day}
        return tree(artifacts=[item], files={"r.md": "We attacked the ranking service for two weeks.\n"})

    assert held(dated("2025-01-01"), dated("2026-11-01")).artifacts["red-team-report"].completed == date(2025, 1, 1)


def test_what_is_held_of_evidence_dated_anew_is_data() -> None:
    def dated(day: str) -> Snapshot:
        item = {"id": "red-team-report", "path": "r.md", "completed": day}
        return tree(artifacts=[item], enrolled=day, files={"r.md": "We attacked the ranking service for two weeks.\n"})

    kinds = policy().change_kinds
    rules = replace(
        policy(), change_kinds={**kinds, "evidence-redated": replace(kinds["evidence-redated"], holds="nothing")}
    )
    facts = held(dated("2025-01-01"), dated("2026-11-01"), rules)
    assert facts.artifacts["red-team-report"].completed == date(2026, 11, 1)
    assert facts.declared.entry.enrolled == date(2025, 1, 1), "the control: that date is held"


MOVED = Change("enrolled-moved", "SYS-001", "enrolled", None, "2026-06-01", weakening=True)


def test_a_law_class_is_held_where_it_drops_though_no_fact_of_it_does() -> None:
    (plain,) = facts_of(tree(), policy())
    was = replace(plain, rating=replace(plain.rating, law_class=("a-law:high",)))
    dropped = Change("law-class-dropped", "SYS-001", "law_class", "a-law:high", None, weakening=True)
    assert policy().change_kinds[dropped.kind].holds == "law-class"
    assert [it.law_class for it in hold([was], [plain], [dropped], policy())] == [("a-law:high",)]
    assert [it.law_class for it in hold([was], [plain], [MOVED], policy())] == [()]


def test_limits_are_held_where_they_were_loosened_and_both_sides_have_a_card() -> None:
    def carded(threshold: float | None) -> Facts:
        table = f"| Metric | Value | Threshold |\n|---|---|---|\n| accuracy | 0.9 | {threshold} |\n"
        named = {} if threshold is None else {"model_card": "c.md"}
        return facts_of(tree(**named, files={"c.md": f"# C\n\n## Evaluation\n\n{table}"}), policy())[0]

    def limits(was: float | None, now: float | None, change: Change) -> list[float | None]:
        (facts,) = hold([carded(was)], [carded(now)], [change], policy())
        return [metric.threshold for metric in facts.card.metrics] if facts.card else []

    dropped = Change("limit-dropped", "SYS-001", "threshold accuracy[overall]", 0.9, 0.8, weakening=True)
    assert limits(0.9, 0.8, dropped) == [0.9]
    assert limits(0.9, 0.8, MOVED) == [0.8]
    assert limits(None, 0.8, dropped) == [0.8]
    assert limits(0.9, None, dropped) == []


def test_code_that_is_gone_is_not_bound_by_a_weakening_of_something_else() -> None:
    less = {"risk_profile": profile(human_oversight="full")}
    result = snapshot(entry(**less), code={"screener/main.py": "1" * 40})
    assert [file.path for file in held(tree(), result).declared.code] == ["screener/main.py"]


def test_dates_and_vendor_fields_are_held() -> None:
    facts = held(
        tree(enrolled="2026-01-01", vendors=["acme"], vendor={"has_dpa": False}),
        tree(enrolled="2026-06-01", vendors=["acme"], vendor={"has_dpa": True, "iso27001_certified": True}),
    )
    assert facts.declared.entry.enrolled == date(2026, 1, 1)
    assert facts.vendors[0]["vendor.has_dpa"] is False
    assert "vendor.iso27001_certified" not in facts.vendors[0]


def test_t03_a_vendor_that_comes_is_assessed_by_what_base_states_of_the_system() -> None:
    of_persons, of_none = ({"processes_personal_data": it} for it in (True, False))
    result = tree(facts=of_none, vendors=["acme"])
    whole, (plain,) = tree(facts=of_persons, vendors=["acme"]), facts_of(result, policy())[0].vendors
    (wanted,) = facts_of(whole, policy())[0].vendors
    assert wanted != plain, "the control: it matters"
    assert held(tree(facts=of_persons), result).vendors == (wanted,)
    assert held(whole, result).vendors == (wanted,)
    assert held(tree(facts=of_none), result).vendors == (plain,)
    assert held(whole, tree(facts=of_none)).vendors == (wanted,), "one that goes meanwhile"
    assert held(tree(facts=of_persons), tree(facts=of_none)).vendors == ()


def test_a_vendor_that_left_is_held_beside_the_others() -> None:
    facts = held(tree(vendors=["acme"], vendor={"has_dpa": False}), tree(vendors=[]))
    assert [(vendor["vendor.id"], vendor["vendor.has_dpa"]) for vendor in facts.vendors] == [("acme", False)]


def test_numbers_are_measured_against_the_threshold_that_was_loosened() -> None:
    def carded(value: float, threshold: float) -> Snapshot:
        table = f"| Metric | Value | Threshold |\n|---|---|---|\n| accuracy | {value} | {threshold} |\n"
        return tree(model_card="c.md", files={"c.md": f"# C\n\n## Evaluation\n\n{table}"})

    card = held(carded(0.91, 0.9), carded(0.86, 0.85)).card
    assert card is not None
    assert [(m.value, m.threshold) for m in card.metrics] == [(0.86, 0.9)]


def test_a_threshold_that_comes_stands_beside_one_that_was_loosened() -> None:
    def carded(*rows: str) -> Snapshot:
        head = "| Metric | Value | Threshold |\n|---|---|---|\n"
        return tree(model_card="c.md", files={"c.md": f"# C\n\n## Evaluation\n\n{head}" + "".join(rows)})

    base = carded("| accuracy | 0.91 | 0.9 |\n", "| recall | 0.8 | |\n", "| auc | 0.7 | 0.6 |\n")
    card = held(
        base,
        carded(
            "| accuracy | 0.91 | 0.8 |\n", "| recall | 0.8 | 0.7 |\n", "| auc | 0.7 | 0.65 |\n", "| f1 | 0.7 | 0.6 |\n"
        ),
    ).card
    assert card is not None
    assert {m.name: m.threshold for m in card.metrics} == {"accuracy": 0.9, "recall": 0.7, "auc": 0.65, "f1": 0.6}


def test_a_change_without_weakening_is_as_declared() -> None:
    base, result = tree(), tree(risk_profile=profile(decision_impact="life_safety"), description="another purpose")
    assert held(base, result) == facts_of(result, policy())[0]


risk = st.fixed_dictionaries(
    {},
    optional={
        name: st.sampled_from([*dimension.points])
        for name, dimension in ((dimension.id, dimension) for dimension in policy().scoring.dimensions)
    },
)
stated = st.sampled_from([{}, {"eu_market": True, "annex_iii_points": ["4-a"]}, {"annex_iii_points": []}])


def as_cel(facts: Facts) -> dict[str, Any]:
    """What the fields say, as conditions must see it."""
    said = {
        "id": facts.id,
        "stage": facts.stage,
        "from_stage": facts.from_stage,
        "tier": facts.tier,
        "law_class": list(facts.law_class),
        "regulations": list(facts.regulations),
        "reclassified_declared": facts.declared.entry.reclassified is not None,
    }
    if facts.rating.score is not None:
        said["score"] = facts.rating.score
    return {f"system.{name}": value for name, value in said.items()}


LISTED = {"annex_iii_points": ["4-a"], "eu_market": True}


@pytest.mark.parametrize(
    ("what", "was", "now", "kept"),
    [
        ("nothing", {}, {"description": "another purpose"}, {}),
        ("a dimension", {}, {"risk_profile": profile(human_oversight="full")}, {"human_oversight": "partial"}),
        ("a dimension that is removed", {}, {"risk_profile": profile(human_oversight=None)}, {"score": 13}),
        ("a fact", {"facts": LISTED}, {"facts": {**LISTED, "eu_market": False}}, {"eu_market": True}),
        ("the tier", {}, {"risk_profile": profile(data_sensitivity="non_sensitive")}, {"tier": "high", "score": 13}),
        ("the law class", {"facts": LISTED}, {}, {"law_class": ["eu-ai-act:high-risk-annex-iii"]}),
        ("a regulation", {"regulatory_scope": ["gdpr"]}, {}, {"regulations": ["gdpr"]}),
        ("the stage", {"stage": "production"}, {}, {"stage": "production", "from_stage": "production"}),
        ("an advance", {}, {"stage": "production"}, {"stage": "production", "from_stage": "development"}),
        ("the raise", {"reclassified": "2026-01-01"}, {}, {"reclassified_declared": True}),
    ],
)
def test_conditions_see_what_is_held(what: str, was: dict[str, Any], now: dict[str, Any], kept: dict[str, Any]) -> None:
    facts = held(tree(**was), tree(**now))
    expected = as_cel(facts) | {f"system.{name}": value for name, value in kept.items()}
    assert {name: facts.values.get(name) for name in expected} == expected, what
    assert ("system.score" in facts.values) is (facts.rating.score is not None)


def test_conditions_see_what_a_raise_brings_to_light_over_what_base_has() -> None:
    base, result = tree(), tree(risk_profile=profile(decision_impact="life_safety"), incident_contact="a@example.org")
    was, now = facts_of(base, policy()), facts_of(result, policy())
    changes = changes_between(was, now, base, result, policy())
    (raised,) = as_if_raised(was, hold(was, now, changes, policy()), changes, policy())
    assert raised.values == {**raised.values, **as_cel(raised)}
    assert (raised.values["system.score"], raised.rating) == (14, now[0].rating)
    assert (raised.values["system.has_incident_contact"], raised.declared) == (False, was[0].declared)


def test_a_raise_does_not_take_a_deployment_date_of_the_same_change_for_base_s() -> None:
    base = tree()
    result = tree(risk_profile=profile(decision_impact="life_safety"), deployment_date="2020-01-01")
    was, now = facts_of(base, policy()), facts_of(result, policy())
    changes = changes_between(was, now, base, result, policy())
    (raised,) = as_if_raised(was, hold(was, now, changes, policy()), changes, policy())
    assert "system.deployment_date" not in raised.values
    assert "deployment_date" not in raised.values["system.declared"]


def test_a_field_that_is_replaced_is_replaced_for_conditions_too() -> None:
    (facts,) = facts_of(tree(), policy())
    assert facts.values["system.tier"] == "high"
    later = replace(facts, stage="production", rating=replace(facts.rating, tier_range=("low", "critical")))
    seen = (later.values["system.stage"], later.values["system.tier"], later.tier)
    assert seen == ("production", "critical", "critical")


def test_code_that_two_systems_claim_is_judged_at_the_higher_tier_by_conditions_too() -> None:
    low = profile(decision_impact="informational", human_oversight="full", deployment_scale="internal")
    result = snapshot(entry(), entry(id="SYS-002", risk_profile=low), code=CODE)
    shared = replace(result.systems[1], shares_with=("SYS-001",))
    result = replace(result, systems=(result.systems[0], shared))
    was, now = (), facts_of(result, policy())
    held = hold(was, now, changes_between(was, now, snapshot(), result, policy()), policy())
    _, second = at_shared_tiers(was, held)
    assert (second.tier, second.values["system.tier"], now[1].tier) == ("high", "high", "medium")


@settings(max_examples=60)
@given(before=risk, after=risk, old=stated, new=stated)
def test_no_declaration_is_ever_judged_below_base(
    before: dict[str, str], after: dict[str, str], old: dict[str, Any], new: dict[str, Any]
) -> None:
    base, result = tree(risk_profile=before, facts=old), tree(risk_profile=after, facts=new)
    facts, was = held(base, result), facts_of(base, policy())[0]
    assert tier_rank(facts.tier) >= tier_rank(was.tier)
    assert set(was.law_class) <= set(facts.law_class)
    assert facts.values == {**facts.values, **as_cel(facts)}


@pytest.mark.parametrize(
    ("was", "stage", "fields", "tier"),
    [
        # declared anew, or moved on: what is shared counts
        (None, "development", {"shares_with": ("BIG",)}, "critical"),
        (None, "development", {"takes_from": ("BIG",)}, "low"),
        ("development", "production", {"shares_with": ("BIG",)}, "critical"),
        ("development", "production", {"takes_from": ("BIG",)}, "low"),
        # left as it is, or moved back: what is taken over counts
        ("development", "development", {"shares_with": ("BIG",)}, "low"),
        ("development", "development", {"takes_from": ("BIG",)}, "critical"),
        ("production", "development", {"takes_from": ("BIG",)}, "critical"),
        (None, "development", {"shares_with": ("SMALL",)}, "low"),
        (None, "development", {"shares_with": ("NOBODY",)}, "low"),
        (None, "development", {"shares_with": ("SMALL", "BIG")}, "critical"),
    ],
)
def test_d51_code_of_two_systems_is_judged_at_the_higher_tier(
    was: str | None, stage: str, fields: dict[str, Any], tier: str
) -> None:
    least = {name: min(values, key=lambda it: values[it]) for name, values in POINTS.items()}
    most = {name: max(values, key=lambda it: values[it]) for name, values in POINTS.items()}
    others = [entry(id="BIG", risk_profile=most, paths=["b/**"]), entry(id="SMALL", risk_profile=least, paths=["c/**"])]

    def side(at: str | None) -> tuple[Facts, ...]:
        own = [entry(id="OWN", stage=at, risk_profile=least, paths=["a/**"])] if at else []
        return facts_of(snapshot(*own, *others), policy())

    now = tuple(replace(it, declared=replace(it.declared, **fields)) if it.id == "OWN" else it for it in side(stage))
    held = at_shared_tiers(side(was), hold(side(was), now, (), policy()))
    (own,) = [it for it in held if it.id == "OWN"]
    assert own.tier == tier


def test_d51_what_it_takes_from_others_raises_no_more_than_the_upper_end() -> None:
    open_ = entry(id="OWN", paths=["a/**"], risk_profile=profile(decision_impact=None))
    most = {name: max(values, key=lambda it: values[it]) for name, values in POINTS.items()}
    own, big = facts_of(snapshot(open_, entry(id="ZZZ", risk_profile=most, paths=["b/**"])), policy())
    own = replace(own, declared=replace(own.declared, shares_with=("ZZZ",)))
    held_own, _ = at_shared_tiers((), hold((), (own, big), (), policy()))
    assert own.rating.tier_range == ("medium", "high")
    assert held_own.rating.tier_range == ("medium", "critical")


POINTS = {spec.id: dict(spec.points) for spec in policy().scoring.dimensions}


def test_a_kind_of_change_that_the_policies_do_not_know_holds_nothing_nor_does_one_of_the_repository() -> None:
    was, now = facts_of(tree(stage="production"), policy()), facts_of(tree(stage="development"), policy())
    unknown = Change("unheard-of", "SYS-001", "stage", "production", "development", weakening=True)
    known = Change("stage-regressed", "SYS-001", "stage", "production", "development", weakening=True)
    assert [it.stage for it in hold(was, now, [unknown], policy())] == ["development"]
    assert [it.stage for it in hold(was, now, [replace(known, system=None)], policy())] == ["development"]
    assert [it.stage for it in hold(was, now, [replace(known, weakening=False)], policy())] == ["development"]
    assert [it.stage for it in hold(was, now, [known], policy())] == ["production"]


@pytest.mark.parametrize(
    ("was", "now", "held"),
    [
        # the tier falls: neither end of the range below base's
        (("low", "high"), ("low", "medium"), ("low", "high")),
        (("medium", "high"), ("low", "medium"), ("medium", "high")),
        (("low", "high"), ("medium", "medium"), ("medium", "high")),
        (("high", "critical"), ("low", "low"), ("high", "critical")),
        # it does not: as it is declared
        (("low", "medium"), ("medium", "medium"), ("medium", "medium")),
        (("medium", "high"), ("low", "high"), ("low", "high")),
        (("low", "medium"), ("low", "critical"), ("low", "critical")),
    ],
)
def test_an_open_range_of_tiers_is_held_at_both_ends(was: Any, now: Any, held: Any) -> None:
    (plain,) = facts_of(tree(), policy())
    base, result = (replace(plain, rating=replace(plain.rating, tier_range=ends)) for ends in (was, now))
    moved = [Change("enrolled-moved", "SYS-001", "enrolled", None, "2026-06-01", weakening=True)]
    assert policy().change_kinds["enrolled-moved"].holds == "entry-date", "nothing that the rating is worked out from"
    assert [it.rating.tier_range for it in hold([base], [result], moved, policy())] == [held]

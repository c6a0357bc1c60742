"""A first answer that takes away what a passed gate asked is no mere answer; and what else moves a class or tier."""

from __future__ import annotations

from typing import Any

import pytest
from facts_world import PROFILE, entry, policy, snapshot
from msgspec.structs import replace
from own_rules_of_risk import with_floor

from policy_gate.facts.change_kinds import FactsPair
from policy_gate.facts.changes import changes_between, with_mended_ids
from policy_gate.facts.changes_classification import classification_changes, rests_on_absence
from policy_gate.facts.changes_vendors import with_former_vendors
from policy_gate.facts.facts import facts_of
from policy_gate.facts.held_facts import hold
from policy_gate.policy.load import compile_condition
from policy_gate.schema.change import Change
from policy_gate.schema.facts import Facts
from policy_gate.schema.snapshot import Snapshot, UnreadManifest
from policy_gate.schema.source import Location, Mark

LOW = {
    **PROFILE,
    "decision_impact": "informational",
    "human_oversight": "full",
    "deployment_scale": "internal",
    "data_sensitivity": "non_sensitive",
    "user_vulnerability": "professionals",
    "decision_reversibility": "reversible",
}


def changes(base: Snapshot, result: Snapshot) -> list[Change]:
    return list(changes_between(facts_of(base, policy()), facts_of(result, policy()), base, result, policy()))


def between(was: dict[str, Any], now: dict[str, Any]) -> list[Change]:
    return changes(snapshot(entry(**was)), snapshot(entry(**now)))


def kinds(was: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, str]]:
    return [(change.kind, change.field) for change in between(was, now)]


@pytest.mark.parametrize(
    ("fact", "fields", "excuses"),
    [
        # the gate asked for it, and lies behind the system
        ("processes_personal_data", {"stage": "development"}, True),
        ("processes_personal_data", {"stage": "conception"}, False),
        ("replaces_existing_process", {"stage": "production"}, True),
        ("replaces_existing_process", {"stage": "deprecated"}, True),
        ("replaces_existing_process", {"stage": "pre_deployment"}, False),
        # a gate that asks nothing of the tier has asked nothing; one before adoption asked nobody
        ("replaces_existing_process", {"stage": "production", "risk_profile": LOW}, False),
        ("decides_about_persons", {"stage": "pre_deployment", "risk_profile": LOW}, False),
        ("processes_personal_data", {"stage": "development", "risk_profile": LOW}, False),
        ("processes_personal_data", {"stage": "development", "enrolled": "2026-01-01"}, False),
        ("processes_personal_data", {"stage": "development", "enrolled": "2026-01-01", "stage_since": "2026-01-01"},
         False),
        ("processes_personal_data", {"stage": "development", "enrolled": "2026-01-01", "stage_since": "2026-01-02"},
         True),
        ("processes_personal_data", {"stage": "development", "enrolled": "2026-01-02", "stage_since": "2026-01-01"},
         False),
        ("processes_personal_data", {"stage": "pre_deployment", "enrolled": "2026-01-01", "stage_since": "2026-02-01"},
         True),
        ("replaces_existing_process", {"stage": "deprecated", "enrolled": "2026-01-01", "stage_since": "2026-02-01"},
         False),
        # what no gate asks for, and a review, which is no gate of a stage
        ("workplace_use", {"stage": "production"}, False),
        ("decides_about_persons", {"stage": "development"}, False),
    ],
)  # fmt: skip
def test_a_first_no_to_what_a_passed_gate_asked_is_no_mere_answer(
    fact: str, fields: dict[str, Any], excuses: bool
) -> None:
    found = kinds(fields, {**fields, "facts": {fact: False}})
    assert found == [("fact-flipped" if excuses else "fact-answered", fact)]
    assert kinds(fields, {**fields, "facts": {fact: True}}) == [("fact-added", fact)]


@pytest.mark.parametrize(
    ("name", "before", "after", "found"),
    [
        ("data_sensitivity", "sensitive", "special_category", ["data-changed", "dimension-raised"]),
        ("data_sensitivity", "sensitive", "non_sensitive", ["data-changed", "dimension-lowered"]),
        ("user_vulnerability", "general_public", "vulnerable_populations", ["dimension-raised", "population-changed"]),
        ("deployment_scale", "thousands", "internal", ["dimension-lowered", "population-changed"]),
        ("human_oversight", "full", "partial", ["oversight-weakened"]),
        ("human_oversight", "partial", "full", ["dimension-lowered"]),
        ("decision_impact", "financial", "life_safety", ["dimension-raised"]),
        ("decision_impact", "employment", None, ["dimension-removed"]),
        ("decision_impact", None, "informational", ["dimension-answered"]),
        ("decision_impact", None, "life_safety", ["dimension-stated"]),
    ],
)
def test_each_way_that_a_dimension_moves(name: str, before: Any, after: Any, found: list[str]) -> None:
    sides = [{**PROFILE, name: value} for value in (before, after)]
    made = between(*({"risk_profile": {k: v for k, v in side.items() if v is not None}} for side in sides))
    own = [change for change in made if change.field == name]
    assert [change.kind for change in own] == found
    assert {(change.before, change.after) for change in own} == {(before, after)}


def test_another_use_with_as_many_points_is_another_use() -> None:
    alike = {}
    for spec in policy().scoring.dimensions:
        for value, points in spec.points.items():
            alike.setdefault((spec.id, points), []).append(value)
    pairs = {id_: values[:2] for (id_, _), values in alike.items() if len(values) > 1}
    assert pairs
    for id_, (one, other) in pairs.items():
        found = kinds({"risk_profile": {**PROFILE, id_: one}}, {"risk_profile": {**PROFILE, id_: other}})
        named = {"user_vulnerability": "population-changed", "deployment_scale": "population-changed",
                 "data_sensitivity": "data-changed"}.get(id_, "use-case-changed")  # fmt: skip
        assert (named, id_) in found


def test_every_change_of_a_dimension_stands_at_its_line() -> None:
    for was, now in ((None, "informational"), (None, "life_safety"), ("employment", None), ("employment", "financial")):
        sides = []
        for value, line in ((was, 5), (now, 8)):
            profile = {k: v for k, v in {**PROFILE, "decision_impact": value}.items() if v is not None}
            side = snapshot(entry(risk_profile=profile))
            marks = {("systems", 0): Mark(2, 5), ("systems", 0, "risk_profile", "decision_impact"): Mark(line, 7)}
            manifest = replace(side.manifests[0], marks=marks)
            sides.append(replace(side, systems=(replace(side.systems[0], manifest=manifest),)))
        own = [change for change in changes(*sides) if change.field == "decision_impact"]
        assert own
        for change in own:
            assert (change.location, change.base_location) == (
                Location("governance.yaml", 8, 7), Location("governance.yaml", 5, 7),
            )  # fmt: skip


def test_d48_what_was_a_guess_is_mended_and_no_new_guess_is_slipped_in() -> None:
    guessed = {"guessed": ["stage"], "stage": "production"}
    assert kinds(guessed, {"stage": "development"}) == [("stage-mended", "stage")]
    assert kinds({"stage": "production"}, {"stage": "development"}) == [("stage-regressed", "stage")]
    assert kinds({**guessed, "stage": "development"}, {"stage": "production"}) == [("stage-advanced", "stage")]
    (claimed,) = between({"guessed": ["paths"]}, {"guessed": ["stage", "paths"]})
    assert (claimed.kind, claimed.before, claimed.after) == ("guess-claimed", ["paths"], ["paths", "stage"])
    assert kinds({"guessed": ["stage", "paths"]}, {"guessed": ["paths"]}) == []


LISTED = {"eu_market": True, "annex_iii_points": ["4-a"]}


@pytest.mark.parametrize(
    ("when", "excuses"),
    [
        ("system.replaces_existing_process", True),
        ('system.replaces_existing_process && system.tier == "high"', True),
        ('system.replaces_existing_process && system.tier == "critical"', False),
        ("!system.replaces_existing_process", False),
        ('system.tier == "critical"', False),
    ],
)
def test_a_first_no_excuses_from_what_was_asked_until_then(when: str, excuses: bool) -> None:
    asked = next(rule for rule in policy().rules if rule.id == "production-deployment")
    own = replace(asked, when=compile_condition(when, "system", policy()), requirements=())
    rules = replace(policy(), rules=(own,))
    (was,) = facts_of(snapshot(entry(stage="production")), rules)
    assert rests_on_absence(FactsPair(was, was, rules), rules.facts["replaces_existing_process"], False) is excuses


def test_a_first_yes_is_no_excuse_though_a_condition_falls_away_by_it() -> None:
    asked = next(rule for rule in policy().rules if rule.id == "production-deployment")
    when = compile_condition("!system.replaces_existing_process", "system", policy())
    rules = replace(policy(), rules=(replace(asked, when=when, requirements=()),))
    base, result = (
        snapshot(entry(stage="production", **more)) for more in ({}, {"facts": {"replaces_existing_process": True}})
    )
    found = changes_between(facts_of(base, rules), facts_of(result, rules), base, result, rules)
    assert [change.kind for change in found if change.field == "replaces_existing_process"] == ["fact-added"]


def test_a_tier_falls_by_an_answer_to_a_fact_as_by_one_to_a_dimension() -> None:
    rules = with_floor("!system.eu_market", "critical")
    base, result = snapshot(entry()), snapshot(entry(facts={"eu_market": True}))
    found = changes_between(facts_of(base, rules), facts_of(result, rules), base, result, rules)
    assert [change.kind for change in found if change.field == "tier"] == ["tier-answered"]


def test_a_tier_falls_by_answers_only_where_nothing_but_blanks_was_filled() -> None:
    open_ = {name: value for name, value in PROFILE.items() if name != "human_oversight"}

    def tier(was: dict[str, Any], now: dict[str, Any]) -> list[str]:
        return [change.kind for change in between(was, now) if change.field == "tier"]

    answered = {**open_, "decision_impact": "financial"}
    lowered = {**answered, "human_oversight": "full"}
    assert tier({"risk_profile": answered}, {"risk_profile": lowered}) == ["tier-answered"]
    assert tier({"risk_profile": PROFILE}, {"risk_profile": LOW}) == ["tier-lowered"]
    assert tier({"risk_profile": LOW}, {"risk_profile": PROFILE}) == ["tier-raised"]
    assert tier({"risk_profile": open_}, {"risk_profile": lowered}) == ["tier-lowered"]
    classed = {"risk_profile": {name: LOW[name] for name in LOW if name != "human_oversight"}, "facts": LISTED}
    assert tier(classed, {"risk_profile": LOW}) == ["tier-lowered"], "a law class that falls away is no answer"


def test_a_class_of_law_that_is_new_beside_them_leaves_answers_answers() -> None:
    open_ = {name: value for name, value in PROFILE.items() if name != "human_oversight"}
    answered = {**open_, "decision_impact": "financial"}
    (was,) = facts_of(snapshot(entry(risk_profile=answered)), policy())
    (now,) = facts_of(snapshot(entry(risk_profile={**answered, "human_oversight": "full"})), policy())
    known = policy().scoring.law_classes[0].id
    now = replace(now, rating=replace(now.rating, law_class=(*now.law_class, known)))
    found = {change.field: change.kind for change in classification_changes(FactsPair(was, now, policy()))}
    assert (found["law_class"], found["tier"]) == ("law-class-added", "tier-answered")


def test_a_class_of_one_law_makes_up_for_no_class_of_another() -> None:
    plain = facts_of(snapshot(entry()), policy())[0]
    known = policy().scoring.law_classes
    own = sorted((it for it in known if it.regulation == known[0].regulation), key=lambda it: it.rank)
    low, high = own[0], own[-1]
    other = replace(high, id="other:law", regulation="other")
    law = replace(policy(), scoring=replace(policy().scoring, law_classes=(*known, other)))

    def told(was: str, now: str) -> list[str]:
        sides = (replace(plain, rating=replace(plain.rating, law_class=(name,) if name else ())) for name in (was, now))
        found = classification_changes(FactsPair(*sides, law))
        return [change.kind for change in found if change.field == "law_class"]

    assert low.rank < high.rank
    assert told(low.id, high.id) == ["law-class-added"]
    assert told(high.id, low.id) == ["law-class-dropped"]
    assert told(low.id, other.id) == ["law-class-dropped", "law-class-added"]
    assert told("", low.id) == ["law-class-added"]
    assert told(low.id, "") == ["law-class-dropped"]


def test_d42_regulations_that_a_pack_evaluates_stay_evaluated_while_they_are_held() -> None:
    law = policy().regulations["gdpr"]

    def held(was: list[str], now: list[str], pack: str | None) -> Facts:
        rules = replace(policy(), regulations={**policy().regulations, "gdpr": replace(law, pack=pack)})
        base, result = (snapshot(entry(regulatory_scope=scope)) for scope in (was, now))
        sides = facts_of(base, rules), facts_of(result, rules)
        return hold(*sides, changes_between(*sides, base, result, rules), rules)[0]

    assert held(["gdpr"], [], "gdpr-pack").values["system.regulations_evaluated"] is True
    assert "system.regulations_evaluated" not in held(["gdpr"], [], None).values


# Vendors, links, and systems that are new


def test_d58_a_vendor_under_the_id_of_another_company_is_another_vendor() -> None:
    def side(name: str | None, id_: str = "acme", **more: Any) -> tuple[Facts, ...]:
        vendors = [] if name is None else [{"id": id_, "vendor_name": name, "has_dpa": True}]
        return facts_of(snapshot(entry(vendors=[id_] if name else [], **more), vendors=vendors), policy())

    def ids(was: tuple[Facts, ...], now: tuple[Facts, ...]) -> list[str]:
        return [vendor["vendor.id"] for facts in with_former_vendors(was, now) for vendor in facts.vendors]

    assert ids(side("Acme"), side("Other")) == ["acme (Acme)"]
    (former,) = with_former_vendors(side("Acme"), side("Other"))
    assert former.vendors[0]["vendor.has_dpa"] is True
    for same in (side("Acme"), side("ACME "), side(None), side("Other", "other"), side("Other", id="SYS-002")):
        assert with_former_vendors(side("Acme"), same) == side("Acme")
    assert with_former_vendors(side("Acme"), ()) == side("Acme")


def test_every_change_of_a_vendor_stands_where_the_entry_names_its_vendors() -> None:
    vendors = [{"id": "acme", "vendor_name": "Acme"}]
    base, result = snapshot(entry(vendors=["acme"]), vendors=vendors), snapshot(entry(), vendors=vendors)
    (dropped,) = changes(base, result)
    added, risen = changes(result, base)
    assert (dropped.kind, dropped.before, dropped.after) == ("vendor-dropped", "acme", None)
    assert (added.kind, added.before, added.after) == ("vendor-changed", None, "acme")
    assert (risen.kind, risen.field, risen.before, risen.after) == ("vendor-risk-raised", "acme", None, "high")
    assert dropped.location == added.location == risen.location == result.systems[0].at("vendors")


def of_system(tree: Snapshot, **fields: Any) -> Snapshot:
    return replace(tree, systems=(replace(tree.systems[0], **fields),))


def test_d58_code_behind_a_link_out_is_a_problem_where_an_approval_binds_code() -> None:
    links = ("a", "b\n", "c", "d")
    high, low = (of_system(snapshot(entry(risk_profile=risk)), links_out=links) for risk in (PROFILE, LOW))
    (problem,) = facts_of(high, policy())[0].problems
    assert problem.message.endswith("leads out of the repository: a, 'b\\n', c")
    assert problem.location == high.systems[0].at("paths")
    assert facts_of(low, policy())[0].problems == ()
    assert facts_of(snapshot(entry()), policy())[0].problems == ()


def test_t48_d45_enrolled_is_only_what_base_cannot_have_declared() -> None:
    def kind(unread: str | None, **fields: Any) -> str:
        tree = snapshot(entry(enrolled=fields.pop("enrolled", "2026-11-01")), code={"screener/a.py": "1" * 40})
        result = of_system(tree, **{"existed": True, "touched": False, **fields})
        base = snapshot()
        if unread is not None:
            base = replace(base, unread=(UnreadManifest(unread, "1" * 40),))
        return next(change.kind for change in changes(base, result) if change.kind.startswith("system-"))

    assert kind(None) == "system-enrolled"
    assert kind(None, enrolled=None) == kind(None, existed=False) == kind(None, touched=True) == "system-added"
    assert kind("governance.yaml") == "system-added"
    assert kind("screener/governance.yaml") == "system-added"
    assert kind("elsewhere/governance.yaml") == "system-enrolled"


def test_a_manifest_that_nobody_could_read_and_that_is_gone_is_told() -> None:
    unread = (UnreadManifest("x/governance.yaml", "1" * 40),)
    base, none = replace(snapshot(entry()), unread=unread), snapshot(entry())
    (gone,) = changes(base, none)
    assert (gone.kind, gone.field, gone.before, gone.after) == (
        "unread-manifest-removed", "x/governance.yaml", "1" * 40, None,
    )  # fmt: skip
    assert gone.base_location == Location("x/governance.yaml")
    assert changes(base, base) == []
    read = snapshot(entry(id="SYS-002"), manifest="x/governance.yaml")
    both = replace(none, manifests=(*none.manifests, *read.manifests))
    assert changes(base, both) == [], "it declares systems now"
    empty = snapshot(manifest="x/governance.yaml")
    assert [it.kind for it in changes(base, replace(none, manifests=(*none.manifests, *empty.manifests)))] == [
        gone.kind
    ]


def test_d48_a_system_whose_id_was_a_guess_is_the_one_of_the_same_paths_and_files() -> None:
    code = {"screener/a.py": "1" * 40}

    def ids(base: Snapshot, result: Snapshot) -> list[str]:
        return [facts.id for facts in with_mended_ids(facts_of(base, policy()), facts_of(result, policy()))]

    guessed = snapshot(entry(guessed=["id"]), code=code)
    assert ids(guessed, snapshot(entry(id="HR-1"), code=code)) == ["HR-1"]
    assert ids(guessed, guessed) == ["SYS-001"]
    assert ids(snapshot(entry(), code=code), snapshot(entry(id="HR-1"), code=code)) == ["SYS-001"]
    assert ids(guessed, snapshot(entry(id="HR-1", paths=["other/**"]), code=code)) == ["SYS-001"]
    assert ids(guessed, snapshot(entry(id="HR-1"), code={"screener/a.py": "2" * 40})) == ["SYS-001"]
    assert ids(guessed, snapshot(entry(id="HR-1"), code=code, manifest="x/governance.yaml")) == ["SYS-001"]
    twice = snapshot(entry(id="HR-1"), entry(id="HR-2"), code=code)
    assert ids(guessed, twice) == ["SYS-001"], "which of them cannot be told"
    renamed = replace(guessed.systems[0], key=guessed.systems[0].key._replace(id="HR-1"))
    (mended,) = changes(replace(guessed, systems=(renamed,)), snapshot(entry(id="HR-1", guessed=["id"]), code=code))
    assert (mended.kind, mended.before, mended.after) == ("id-mended", "SYS-001", "HR-1")

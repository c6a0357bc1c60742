"""Guards of the decision, each with the input that needs it: policies that lack something, and edges of weight."""

from __future__ import annotations

from typing import Any

import pytest
from decision_world import (
    RULES,
    change,
    evaluation,
    facts,
    one,
    only,
    options,
    outcomes,
    report,
    rules_with,
    system_change,
    weighed,
    with_entry,
)  # fmt: skip
from msgspec.structs import replace

from policy_gate.decide.blame import weigh
from policy_gate.decide.decision_context import blamed
from policy_gate.decide.findings import findings_of
from policy_gate.decide.gates_entered import Reviewed, entered_gates
from policy_gate.decide.governed_paths import GovernedPaths, is_quiet
from policy_gate.decide.subject_digest import subject
from policy_gate.decide.waiver_validity import roles_asked_of_edits
from policy_gate.decide.weighed_outcome import WeighedOutcome, verdict_of
from policy_gate.evaluate.headings import WantedSections
from policy_gate.policy.load import compile_condition
from policy_gate.schema.facts import Section
from policy_gate.schema.finding import Outcome
from policy_gate.schema.rule_set import RuleSet, WantedSection

FORBIDDEN = next(rule for rule in RULES.rules if rule.id == "prohibited-practice")
GATE = "pre-deployment-security-review"


def without_kinds(*names: str) -> RuleSet:
    return replace(RULES, change_kinds={name: spec for name, spec in RULES.change_kinds.items() if name not in names})


def test_who_approves_edits_of_waivers_is_asked_though_no_kind_of_change_says_so() -> None:
    assert roles_asked_of_edits(RULES)
    assert set(roles_asked_of_edits(without_kinds("waivers-changed"))) > set(roles_asked_of_edits(RULES))


@pytest.mark.parametrize(
    ("when", "is_asked"),
    [
        ('change.of == "repository"', True),
        ('change.of == "system"', False),
        ('change.kind == "waivers-changed"', True),
        ('change.kind == "policy-changed"', False),
        ("change.weakening", False),
        ("!change.weakening", True),
        ('change.field == "x"', True),
        (None, True),
    ],
)
def test_who_approves_edits_of_waivers_is_asked_by_what_is_known_of_each_edit(when: str | None, is_asked: bool) -> None:
    asking = next(rule for rule in RULES.rules if rule.for_each == "change" and rule.requirements[0].kind == "approval")
    condition = None if when is None else compile_condition(when, "change", RULES)
    rules = (replace(asking, when=condition, requirements=(replace(asking.requirements[0], subject="ciso"),)),)
    assert roles_asked_of_edits(replace(RULES, rules=rules)) == (("ciso",) if is_asked else ())
    assert roles_asked_of_edits(replace(RULES, rules=(replace(rules[0], for_each="system"),))) == ()


@pytest.mark.parametrize("weakens", [True, False])
def test_who_approves_weakenings_is_asked_of_waivers_where_their_edits_are_some(weakens: bool) -> None:
    asking = next(rule for rule in RULES.rules if rule.for_each == "change" and rule.requirements[0].kind == "approval")
    want = replace(asking.requirements[0], subject="ciso")
    rule = replace(asking, when=compile_condition("change.weakening", "change", RULES), requirements=(want,))
    kinds = {**RULES.change_kinds, "waivers-changed": replace(RULES.change_kinds["waivers-changed"], weakening=weakens)}
    asked = roles_asked_of_edits(replace(RULES, rules=(rule,), change_kinds=kinds))
    assert asked == (("ciso",) if weakens else ())


def test_a_card_is_bound_where_the_catalogue_has_no_model_card() -> None:
    rules = replace(RULES, artifacts={name: spec for name, spec in RULES.artifacts.items() if not spec.is_model_card})
    place = system_change(facts(), facts())
    card = only(outcomes(facts()), "model-card")
    requirement = replace(card.requirement, kind="card", subject="complete")

    def parts(rules: RuleSet) -> dict[str, str]:
        asked = replace(card, requirement=requirement, rule=card.rule)
        return dict(subject(GATE, place, [asked], (), rules, options()).parts)

    assert parts(RULES)["card"] == parts(rules)["card"]
    assert "artifact model-card" in parts(RULES)
    assert "artifact model-card" not in parts(rules)


def test_what_a_gate_asks_of_a_card_is_the_model_card_of_whoever_answers_for_it() -> None:
    gate = next(rule for rule in RULES.rules if rule.id == GATE)
    wanted = replace(gate.requirements[0], kind="card", subject="complete")
    rules = rules_with(GATE, requirements=(wanted,))
    bare = replace(rules, artifacts={id_: replace(it, is_model_card=False) for id_, it in rules.artifacts.items()})
    lacking = replace(facts(), card=None)

    def told(rules: RuleSet) -> tuple[Any, ...]:
        found = report(evaluation([facts(stage="development")], [lacking], [change("stage-advanced", "stage")], rules))
        (gap,) = [it for it in found.findings if it.kind == "card"]
        (gate,) = [it for it in found.systems[0].gates if it.id == GATE]
        return gate.missing_artifacts, gap.responsible, gap.accountable

    card, owners = RULES.artifacts["model-card"], RULES.owners
    assert told(rules) == (("model-card",), tuple(card.responsible), tuple(card.accountable))
    assert told(bare) == (("card",), owners.responsible, owners.accountable)


def test_two_rules_that_offer_the_same_choice_are_two_findings() -> None:
    made = outcomes(facts(artifacts={"red-team-report": "absent"}))
    gap = next(item for item in made if item.requirement.subject == "red-team-report")
    choice = replace(gap.requirement, kind="any_of", alternatives=(gap.requirement,))
    rules = (gap.rule, replace(gap.rule, id="another", kind="rule"))
    items = [
        WeighedOutcome(replace(gap, requirement=choice, rule=rule), system_change(facts(), facts()), "introduced")
        for rule in rules
    ]
    assert len(findings_of(items, RULES, "change")) == 2
    assert len({found.id for found in findings_of(items, RULES, "change")}) == 2


def test_what_is_open_comes_before_what_only_advises() -> None:
    lacking = [it for it in outcomes(facts()) if it.rule.id == GATE and it.requirement.kind == "artifact"][:2]
    place = system_change(facts(), facts())
    open_ = [replace(it, state="unknown", cause="unknown") for it in lacking]
    advice = WeighedOutcome(open_[0], place, "introduced", enforcement="advise")
    blocks = WeighedOutcome(open_[1], place, "introduced")
    assert [it.undecided for it in findings_of([advice, blocks], RULES, "change")] == [True, False]


@pytest.mark.parametrize(
    ("blame", "verdict"), [("introduced", "block"), ("overdue", "block"), ("inherited", "conditions")]
)
def test_d52_what_may_be_no_debt_blocks_unless_the_change_ends_it(blame: Any, verdict: str) -> None:
    outcome = Outcome("CASE", FORBIDDEN, FORBIDDEN.requirements[0], "", "gap", "false")
    item = WeighedOutcome(outcome, system_change(facts(), facts()), blame)
    assert verdict_of(item, "change") == verdict


@pytest.mark.parametrize(
    ("path", "is_named"),
    [
        ("a/systems.yaml", True),
        ("a/systems.yaml.bak", True),
        ("a/systems.old.bak.txt", True),
        ("a/_systems.txt", True),
        ("a/.systems.v2.json", True),
        ("a/old.systems.txt", False),
        ("a/sys.txt", False),
    ],
)
def test_d04_a_near_miss_of_a_manifest_s_name_is_looked_at(path: str, is_named: bool) -> None:
    governed = GovernedPaths(("systems.yaml",), (), "rules", (), {})
    assert is_quiet(governed, [(path, (), True)], lambda _: b"") is not is_named


def test_d06_only_a_control_that_recurs_is_entered_by_its_date() -> None:
    now = facts(stage="production")
    dated = {rule.id: options().as_of.date() for rule in RULES.rules}
    found = entered_gates(RULES, now, now, Reviewed({}, dated))
    rules = rules_with("incident-contact", recurring={"high": RULES.debt.answers})
    assert entered_gates(rules, now, now, Reviewed({}, dated)) == found
    recurring = {rule.id for rule in RULES.rules if rule.kind == "control" and rule.recurring is not None}
    assert set(found) - set(RULES.gates) == recurring


@pytest.mark.parametrize(("gate", "is_asked"), [(None, True), (GATE, False)])
def test_what_a_law_wants_of_no_gate_is_asked_whatever_is_entered(gate: str | None, is_asked: bool) -> None:
    wanted = next(it for it in outcomes(facts()) if it.rule.id == GATE and it.requirement.kind == "test")
    lacking = replace(
        wanted, rule=replace(wanted.rule, kind="law", gate=gate), state="gap", cause="not-run", event=True
    )
    found = weigh(lacking, system_change(facts(), facts()), RULES, options())
    assert (found.asked, found.outcome.state) == ((True, "gap") if is_asked else (False, "not-applicable"))


def test_what_is_not_known_of_the_repository_is_of_this_change() -> None:
    asked = replace(only(outcomes(facts()), GATE, "ciso"), system=None)
    for state, blame in (("gap", "introduced"), ("unknown", "introduced"), ("met", None)):
        assert weigh(replace(asked, state=state), None, RULES, options()).blame == blame


def test_a_name_that_is_no_text_has_a_fingerprint_all_the_same() -> None:
    odd = replace(only(outcomes(facts()), GATE, "ciso"), instance="\ud800", state="gap")
    odd = replace(odd, requirement=replace(odd.requirement, kind="that"))
    (found,) = findings_of([WeighedOutcome(odd, system_change(facts(), facts()))], RULES, "change")
    assert len(found.id) == 16


def test_what_covers_is_asked_of_changes_and_the_next_date_is_the_first() -> None:
    lowered = [
        change("tier-lowered", "tier", "high", "medium"),
        change("dimension-lowered", "decision_impact", "a", "b"),
    ]
    made = evaluation([facts()], [facts("medium")], lowered)
    assert one(weighed(made), "weakening", "dimension-lowered:decision_impact").outcome.state == "not-applicable"
    (place,) = report(evaluation([facts()], [with_entry(facts(), name="Other")])).systems
    assert (place.next_due, place.next_due_title) == (None, "")
    assert blamed(made, options()).weighed
    assert weigh(only(outcomes(facts()), GATE, "ciso"), system_change(facts(), facts()), RULES, options()).blame is None


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("Where the data comes from", 40),
        ("where data COMES from", 40),
        ("From where comes the data", 40),
        ("Where the data really comes from and goes", 0),
        ("Where it comes from", 0),
    ],
)
def test_d54_a_heading_that_the_manifest_names_is_that_heading_in_whatever_order(heading: str, words: int) -> None:
    wanted = [WantedSection(title="Data sources")]
    found = WantedSections(wanted).find([Section(heading, 3, 40)], {"Data Sources": "Where the data comes from"})
    assert [it.words for it in found] == [words]

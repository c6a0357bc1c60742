"""What a later layer may and may not do to an earlier one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_policies import BUILTIN, base, edited, organisation, policies_of, refused

from policy_gate.policy.load import lint_policies, load_policies
from policy_gate.schema.dates import Period

RULE = "rules:\n  - id: hiring-in-eu\n    "
GATE = "gates:\n  - id: security-review\n    "
CARD = "artifacts:\n  - id: model-card\n    "


@pytest.mark.parametrize(
    "tighter",
    [
        RULE + "enforcement: block",
        RULE + "title: Another title",
        RULE + "fix: Ask first",
        RULE + "require: [{approval: ciso}]",
        "thresholds: [{tier: high, at_least: 11}]",
        "dimensions: [{id: human_oversight, points: {partial: 3}}]",
        "floors: [{id: life-safety, tier: critical}]",
        "tests: [{id: bias-suite, min_executed: 3, max_age: P1Y}]",
        "artifacts: [{id: red-team-report, may_be_attested: false, sections: [{title: Attacks tried}]}]",
        "controls: [{id: assessment, tiers: [high, medium, critical]}]",
        "controls: [{id: assessment, satisfied_by: []}]",
        "controls: [{id: logging, recurring: {high: P3M}}]",
        "change_kinds: [{id: use-case-changed, weakening: true}]",
        "card_fields: [{id: known_limitations, tiers: [high, critical, low]}]",
        "assurance: {valid_for: P30D, authors: signed, binds_code: [critical, high, medium]}",
        "debt: {expiry: {low: P1M}}",
        "waivers: {max_period: {low: P1M}}",
        "regulations: [{id: gdpr, aliases: [RGPD]}]",
    ],
)
def test_tightening_is_taken_without_a_note(tighter: str) -> None:
    policy = policies_of(base(tighter))
    assert policy.notes == ()
    assert policy.digest != policies_of().digest


@pytest.mark.parametrize(
    ("looser", "column", "said"),
    [
        (RULE + "enforcement: advise", 18, "rule hiring-in-eu: enforcement loosens remediate to advise"),
        (RULE + "waivable: true", 15, "rule hiring-in-eu: waivable loosens false to true"),
        (RULE + "effective: 2099-01-01", 16, "rule hiring-in-eu: effective loosens nothing to 2099-01-01"),
        (RULE + "when: system.users < 3", 11, "rule hiring-in-eu: when loosens"),
        (RULE + "for_each: vendor", 15, "rule hiring-in-eu: for_each loosens system to vendor"),
        (RULE + "overridable: true", 18, "rule hiring-in-eu: overridable loosens false to true"),
    ],
)
def test_loosening_what_is_not_overridable_is_refused_where_it_stands(looser: str, column: int, said: str) -> None:
    (problem,) = refused(BUILTIN, base(looser))
    assert str(problem.location) == f"policies/own.yaml:4:{column}"
    assert problem.message.startswith(said)
    assert "builtin/c.yaml:37:5 does not mark it `overridable: true`" in problem.hint


@pytest.mark.parametrize(
    ("looser", "said"),
    [
        ("thresholds: [{tier: high, at_least: 13}]", "threshold high: at_least loosens 12 to 13"),
        (
            "dimensions: [{id: human_oversight, points: {none: 3}}]",
            "dimension human_oversight: points.none loosens 4 to 3",
        ),
        (
            "controls: [{id: logging, recurring: null, due_at: security-review}]",
            "control logging: recurring drops P1Y",
        ),
        ("floors: [{id: life-safety, tier: medium}]", "floor life-safety: tier loosens high to medium"),
        ("floors: [{id: life-safety, when: system.eu_market}]", "floor life-safety: when loosens"),
        ("controls: [{id: assessment, tiers: [high]}]", "control assessment: tiers loosens high, medium to high"),
        (
            "controls: [{id: full-assessment, satisfied_by: [checklist]}]",
            "control full-assessment: satisfied_by loosens",
        ),
        ("controls: [{id: logging, recurring: P2Y}]", "control logging: recurring loosens P1Y to P2Y"),
        ("artifacts: [{id: red-team-report, accountable: [ai-safety-lead]}]", "artifact red-team-report: accountable"),
        ("artifacts: [{id: red-team-report, min_words: 3}]", "artifact red-team-report: min_words loosens 40 to 3"),
        ("change_kinds: [{id: tier-lowered, weakening: false}]", "change-kind tier-lowered: weakening loosens true to"),
        ("facts: [{id: users, weaker: none}]", "fact users: weaker loosens lower to none"),
        ("card_fields: [{id: known_limitations, tiers: [high]}]", "card-field known_limitations: tiers loosens"),
    ],
)
def test_loosening_of_other_kinds_is_refused(looser: str, said: str) -> None:
    problems = refused(BUILTIN, base(looser))
    assert problems[0].message.startswith(said)
    assert problems[0].path == "policies/own.yaml"
    assert problems[0].hint


def test_an_overridable_item_may_be_loosened_and_every_loosening_is_told() -> None:
    policy = policies_of(base(CARD + "min_words: 5\n    max_age: {high: P2Y}\n" + GATE + "enforcement: advise\n"))
    assert policy.notes == (
        "base:policies loosens artifact:model-card.min_words: 40 to 5",
        "base:policies loosens artifact:model-card.max_age.high: P1Y to P2Y",
        "base:policies loosens gate:security-review.enforcement: block to advise",
    )
    assert policy.artifacts["model-card"].min_words == 5
    ages = {tier: str(age) for tier, age in (policy.artifacts["model-card"].max_age or {}).items()}
    assert ages == {"low": "P1Y", "medium": "P1Y", "high": "P2Y", "critical": "P1Y"}
    assert policy.artifacts["model-card"].title == "Model card"


def test_require_is_joined_and_keeps_the_earlier_ones_first() -> None:
    policy = policies_of(base(RULE + "require:\n      - {approval: ciso}\n      - {test: bias-suite}\n"))
    rule = next(rule for rule in policy.rules if rule.id == "hiring-in-eu")
    assert [part.kind for part in rule.requirements] == ["that", "approval", "test"]


def test_faults_in_joined_requirements_are_where_they_were_written() -> None:
    (problem,) = refused(BUILTIN, base(RULE + "require:\n      - {approval: ciso}\n      - {test: bias-siute}\n"))
    assert str(problem.location) == "policies/own.yaml:6:16"
    assert problem.hint == 'did you mean "bias-suite"?'


def test_require_of_an_overridable_item_is_replaced_and_what_is_dropped_is_named() -> None:
    policy = policies_of(base(GATE + "require: [{approval: ciso}]\n"))
    assert [part.subject for part in policy.rules[0].requirements] == ["ciso"]
    assert policy.notes == ("base:policies drops gate:security-review.require: artifact model-card, test bias-suite",)


def test_lint_tells_who_names_one_thing_more_that_all_others_are_dropped() -> None:
    """Whoever writes the id and only what differs means one approver more, and not one instead of all the rest."""
    told = lint_policies([BUILTIN, base(GATE + "require: [{approval: ciso}]\n")])
    assert [(problem.advice, problem.message) for problem in told if "require" in problem.message] == [
        (
            True,
            "gate security-review: require takes the place of the list of builtin, and drops artifact model-card, test"
            " bias-suite",
        )
    ]
    whole = "require: [{artifact: model-card, status: final}, {test: bias-suite, max_age: P6M}, {approval: ciso}]\n"
    assert not [it for it in lint_policies([BUILTIN, base(GATE + whole)]) if "drops" in it.message]


@pytest.mark.parametrize(
    "loosened", [CARD + "min_words: 5", GATE + "enforcement: advise", "assurance: {valid_for: P1Y}"]
)
def test_an_untrusted_layer_loosens_nothing_not_even_what_is_overridable(loosened: str) -> None:
    (problem,) = refused(BUILTIN, base(loosened, trusted=False))
    assert "lies inside the judged checkout" in problem.hint


def test_an_untrusted_layer_may_add_to_what_is_required() -> None:
    policy = policies_of(base(GATE + "require: [{artifact: red-team-report}]\n", trusted=False))
    assert [part.subject for part in policy.rules[0].requirements] == [
        "model-card",
        "ciso",
        "bias-suite",
        "red-team-report",
    ]
    assert policy.notes == ()


def test_what_an_organisation_restates_a_repository_cannot_loosen() -> None:
    strict = organisation(CARD + "min_words: 60\n")
    (problem,) = refused(BUILTIN, strict, base(CARD + "min_words: 50\n"))
    assert problem.message == "artifact model-card: min_words loosens 60 to 50"
    lenient = organisation(CARD + "min_words: 60\n    overridable: true\n")
    assert policies_of(lenient, base(CARD + "min_words: 50\n")).artifacts["model-card"].min_words == 50


def test_assurance_may_be_loosened_by_base_aloud_unless_the_organisation_has_set_it() -> None:
    own = base("assurance: {approvals: {low: recorded}, self_approval: [low]}")
    policy = policies_of(own)
    assert policy.assurance.approvals == {
        "low": "recorded",
        "medium": "verified",
        "high": "verified",
        "critical": "verified",
    }
    assert policy.assurance.self_approval == {"low"}
    assert policy.notes == (
        "base:policies loosens assurance.approvals.low: verified to recorded",
        "base:policies loosens assurance.self_approval: nothing to low",
    )
    other = organisation("assurance: {approvals: {high: verified}}")
    assert policies_of(other, own).assurance.approvals["low"] == "recorded"
    same = organisation("assurance: {approvals: {low: verified}}")
    (problem,) = refused(BUILTIN, same, own)
    assert str(problem.location) == "policies/own.yaml:2:30"
    assert problem.hint == "a layer may add and tighten; the organisation's layer has set this"


def test_debt_periods_may_be_lengthened_aloud() -> None:
    policy = policies_of(base("debt: {enrolment: {critical: P2M}}"))
    assert policy.debt.enrolment["critical"] == Period(2, 0)
    assert policy.notes == ("base:policies loosens debt.enrolment.critical: P1M to P2M",)


def test_a_duplicate_in_one_layer_names_both_places() -> None:
    (problem,) = refused(edited("  - {id: ai-safety-lead,", "  - {id: ciso,"))
    assert problem.message == "role ciso: is there twice in one layer (first at builtin/b.yaml:11:5)"
    assert str(problem.location) == "builtin/b.yaml:12:5"


def test_a_misspelt_id_of_a_restated_item_is_named() -> None:
    problems = refused(BUILTIN, base("gates:\n  - {id: securty-review, enforcement: block}\n"))
    assert 'did you mean gate "security-review"?' in {problem.hint for problem in problems}


LIMITS = st.integers(min_value=1, max_value=80)


@settings(max_examples=30)
@given(LIMITS, LIMITS)
def test_a_number_that_may_not_be_loosened_never_gets_looser(first: int, second: int) -> None:
    layers = [BUILTIN]
    strictest = 40
    for words in (first, second):
        tried = [*layers, base(f"artifacts: [{{id: red-team-report, min_words: {words}}}]")]
        if words >= strictest:
            layers, strictest = tried, words
        else:
            assert "loosens" in refused(*tried)[0].message
    assert load_policies(layers).artifacts["red-team-report"].min_words == strictest


def test_a_gate_restated_word_for_word_changes_nothing() -> None:
    policy = policies_of(base(GATE + "from: development\n    to: pre_deployment\n    tiers: [critical, high]\n"))
    assert policy.notes == ()
    assert policy.digest == policies_of().digest
    moved = policies_of(base(GATE + "from: conception\n"))
    assert moved.notes == ("base:policies loosens gate:security-review.from: development to conception",)

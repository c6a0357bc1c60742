"""What small policies is once it is loaded."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_policies import BUILTIN, FILES, base, layer, organisation, policies_of

from policy_gate.policy.load import lint_policies, load_policies, policies_as_written
from policy_gate.policy.variables import variables
from policy_gate.schema.dates import Period
from policy_gate.schema.vendor_document import VENDOR_FIELDS


def test_gates_controls_and_rules_come_in_file_order_in_one_shape() -> None:
    policy = policies_of()
    assert [(rule.kind, rule.id) for rule in policy.rules] == [
        ("gate", "security-review"),
        ("control", "full-assessment"),
        ("control", "assessment"),
        ("control", "checklist"),
        ("control", "logging"),
        ("rule", "use-case-change"),
        ("rule", "hiring-in-eu"),
    ]
    gate, control = policy.rules[0], policy.rules[2]
    assert [(part.kind, part.subject, part.status) for part in gate.requirements] == [
        ("artifact", "model-card", "final"),
        ("approval", "ciso", None),
        ("test", "bias-suite", None),
    ]
    assert gate.gate == "security-review"
    assert control.gate == "security-review"
    assert policy.rules[-1].waivable is False


def test_plain_durations_hold_for_every_tier() -> None:
    policy = policies_of()
    assert policy.rules[0].requirements[2].max_age == dict.fromkeys(("low", "medium", "high", "critical"), Period(6, 0))
    assert policy.rules[4].recurring == dict.fromkeys(("low", "medium", "high", "critical"), Period(12, 0))


def test_lower_controls_are_demanded_unless_an_own_one_satisfies_them() -> None:
    policy = policies_of()
    assert policy.controls_by_tier["critical"] == ("full-assessment",)
    # checklist is satisfied by assessment, and through it by full-assessment; logging by nothing
    assert policy.demanded == {
        "low": ("checklist", "logging"),
        "medium": ("assessment", "logging"),
        "high": ("assessment", "logging"),
        "critical": ("full-assessment", "logging"),
    }
    assert policy.rules[4].tiers == {"low", "medium", "high", "critical"}
    assert policy.rules[3].tiers == {"low"}


def test_score_tiers_are_listed_from_the_top_and_low_begins_at_the_least_score() -> None:
    policy = policies_of()
    assert policy.scoring.thresholds == (("critical", 17), ("high", 12), ("medium", 7), ("low", 5))
    assert policy.scoring.score_range == (5, 23)
    (floor,) = policy.scoring.floors
    assert (floor.id, floor.tier, floor.title) == ("life-safety", "high", "Life safety")
    assert floor.when.truth({"system.decision_impact": "life_safety"}).value is True


def test_aliases_know_every_spelling_in_lower_case() -> None:
    aliases = policies_of().aliases
    assert {aliases[word] for word in ("eu-ai-act", "eu_ai_act")} == {"eu-ai-act"}
    assert aliases["dsgvo"] == "gdpr"


def test_a_regulation_without_an_active_pack_is_not_evaluated() -> None:
    pack = layer(
        {
            **FILES,
            "eu.yaml": FILES["builtin/c.yaml"].partition("gates:")[0]
            + "pack: eu-ai-act\nrules:\n  - {id: eu, title: EU, why: Law., when: system.eu_market,"
            " enforcement: block, require: [{artifact: model-card}]}\n",
        }
    )
    without, with_ = load_policies((pack,)), load_policies((pack,), ("eu-ai-act",))
    assert without.regulations["eu-ai-act"].pack is None
    assert with_.regulations["eu-ai-act"].pack == "eu-ai-act"
    assert "eu" not in without.plain_rules
    assert "eu" in with_.plain_rules
    assert without.digest != with_.digest


def test_an_active_pack_that_this_version_does_not_hold_is_told() -> None:
    policy = load_policies((BUILTIN,), ("gdpr",))
    assert policy.notes == ("pack gdpr: this version holds no rules for it, so gdpr is not evaluated",)
    assert policy.regulations["gdpr"].pack is None


@given(st.permutations(sorted(FILES)), st.lists(st.sampled_from("xyz"), min_size=3, max_size=3, unique=True))
def test_neither_order_nor_names_of_files_matter(order: list[str], names: list[str]) -> None:
    renamed = layer({f"{name}.yaml": FILES[path] for name, path in zip(names, order, strict=True)})
    policy = load_policies((renamed,))
    assert policy.digest == policies_of().digest
    assert policy.digest.startswith("sha256:")
    assert policy.demanded == policies_of().demanded


def test_the_digest_follows_the_content() -> None:
    stricter = policies_of(base("thresholds: [{tier: high, at_least: 11}]"))
    assert stricter.digest != policies_of().digest
    assert stricter.source == "builtin + base:policies"


def test_all_of_is_flattened_and_carries_every_condition_above_it() -> None:
    policy = policies_of(
        base(
            """rules:
  - id: grouped
    title: Grouped
    why: To see.
    when: system.has_vendors
    enforcement: advise
    require:
      - when: system.eu_market
        all_of:
          - {artifact: model-card, when: system.users > 5}
          - {test: bias-suite}
      - any_of:
          - {artifact: red-team-report}
          - all_of: [{test: bias-suite}, {approval: ciso}]
"""
        )
    )
    (rule,) = (rule for rule in policy.rules if rule.id == "grouped")
    assert [(part.kind, part.subject, [when.text for when in part.when]) for part in rule.requirements] == [
        ("artifact", "model-card", ["system.eu_market", "system.users > 5"]),
        ("test", "bias-suite", ["system.eu_market"]),
        ("any_of", "red-team-report or bias-suite", []),
        ("any_of", "red-team-report or ciso", []),
    ]
    assert [part.kind for part in rule.requirements[2].alternatives] == ["artifact", "test"]


def test_several_sentences_of_one_rule_have_different_subjects() -> None:
    policy = policies_of(
        base(
            """rules:
  - id: two-sentences
    title: Two
    why: To see.
    when: system.has_vendors
    enforcement: advise
    effective: 2027-03-01
    require:
      - {that: system.eu_market, message: One}
      - {that: system.users > 1, message: Two}
"""
        )
    )
    rule = policy.rules[-1]
    assert [part.subject for part in rule.requirements] == ["two-sentences", "two-sentences-2"]
    assert rule.effective == date(2027, 3, 1)


def test_origins_name_the_layer_and_the_place_of_every_value() -> None:
    own = organisation("artifacts:\n  - id: model-card\n    min_words: 90\n")
    policy = policies_of(own)
    assert str(policy.origins["artifact:model-card"].location) == "builtin/b.yaml:14:5"
    assert policy.origins["artifact:model-card"].layer == "builtin"
    assert policy.origins["artifact:model-card.min_words"].layer == "organisation"
    assert str(policy.origins["artifact:model-card.min_words"].location) == "org.yaml:4:16"
    said = policies_as_written((BUILTIN, own))["artifact:model-card"]
    assert (said["min_words"], said["max_age"]) == (90, "P1Y")


def test_variables_offer_every_field_of_a_vendor_and_each_declared_fact() -> None:
    names = variables(policies_of().facts)
    assert set(names["vendor"]) >= {f"vendor.{field}" for field in VENDOR_FIELDS}
    assert names["change"]["change.weakening"] == "BOOL"
    assert names["metric"]["metric.value"] == "DOUBLE"
    for subject in names:
        assert names[subject]["system.users"] == "INT"
        assert names[subject]["today.date"] == "STRING"
    assert "change.kind" not in names["system"]


def test_lint_of_a_good_policies_finds_nothing() -> None:
    assert lint_policies((BUILTIN,)) == ()


def test_lint_advises_an_effective_date_for_what_a_repository_adds() -> None:
    added = base(
        "rules:\n  - {id: mine, title: M, why: So., when: system.eu_market, enforcement: block,"
        " require: [{test: bias-suite}]}\n"
    )
    (problem,) = lint_policies((BUILTIN, added))
    assert problem.advice
    assert str(problem.location) == "policies/own.yaml:3:5"
    assert "effective" in problem.hint
    assert load_policies((BUILTIN, added)).plain_rules["mine"].effective is None


@pytest.mark.parametrize("name", ["origins", "digest", "trusted"])
def test_an_untrusted_layer_makes_the_policies_untrusted(name: str) -> None:
    policy = policies_of(base("roles: [{id: dpo, title: DPO, about: Data}]", trusted=False))
    assert policy.trusted is False
    assert getattr(policy, name) != getattr(policies_of(), name)

"""D42: a regulation that no active pack evaluates is unknown, advisory and told, and never a hundred per cent."""

from __future__ import annotations

from decision_world import RULES, change, evaluation, facts, only, outcomes, report
from msgspec.structs import replace

from policy_gate.schema.facts import Facts
from policy_gate.schema.rule_set import RuleSet

RULE = "regulation-not-evaluated"


def rules_with_packs(*names: str) -> RuleSet:
    packed = {id_: replace(law, pack=id_ if id_ in names else None) for id_, law in RULES.regulations.items()}
    return replace(RULES, regulations=packed, law=None)


def in_scope_of(rules: RuleSet, *scope: str) -> Facts:
    now = replace(facts(), regulations=scope)
    stated = {name: value for name, value in now.stated.items() if name != "system.regulations_evaluated"}
    if all(rules.regulations[name].pack for name in scope):
        stated["system.regulations_evaluated"] = True
    return replace(now, stated=stated)


def test_d42_a_scope_that_nobody_evaluates_is_unknown_and_advice() -> None:
    rules = rules_with_packs()
    found = only(outcomes(in_scope_of(rules, "gdpr"), rules=rules), RULE)
    assert (found.state, found.rule.enforcement) == ("unknown", "advise")
    assert found.missing_facts == (), "nobody could supply it"
    assert "No active pack" in found.seen
    assert not [item for item in outcomes(facts()) if item.rule.id == RULE], "the control: nothing in scope"


def test_d42_it_is_met_only_where_a_pack_evaluates_every_regulation_in_scope() -> None:
    def state(*names: str) -> str:
        rules = rules_with_packs(*names)
        return only(outcomes(in_scope_of(rules, "eu-ai-act", "gdpr"), rules=rules), RULE).state

    assert (state(), state("gdpr"), state("gdpr", "eu-ai-act")) == ("unknown", "unknown", "met")


def test_d42_the_report_never_says_that_its_evidence_is_complete() -> None:
    rules = rules_with_packs()
    scoped = in_scope_of(rules, "gdpr")
    found = report(evaluation([scoped], [scoped], [change("path-widened", "paths")], rules=rules))
    (policy,) = found.systems[0].law
    assert (policy.regulation, policy.evidence_complete, policy.met) == ("gdpr", False, 0)
    assert found.verdict == "pass", "advice stops nobody"


def test_d42_a_law_whose_rows_cannot_be_told_is_not_complete_either() -> None:
    scoped = facts(entry={"regulatory_scope": ["gdpr"]})
    found = report(evaluation([scoped], [scoped], [change("path-widened", "paths")]))
    (policy,) = found.systems[0].law
    assert (policy.regulation, policy.evidence_complete, policy.applicable) == ("gdpr", False, 0)
    assert policy.unknown == 18
    assert found.verdict == "pass", "advice stops nobody"

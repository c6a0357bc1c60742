"""D42: a regulation that no active pack evaluates is unknown, advisory and told, and never a hundred per cent."""

from __future__ import annotations

from decision_world import RULES, change, evaluation, facts, only, outcomes, report
from msgspec.structs import replace

RULE = "regulation-not-evaluated"


def test_d42_a_scope_that_nobody_evaluates_is_unknown_and_advice() -> None:
    found = only(outcomes(facts(entry={"regulatory_scope": ["gdpr"]})), RULE)
    assert (found.state, found.rule.enforcement) == ("unknown", "advise")
    assert found.missing_facts == (), "nobody could supply it"
    assert "No active pack" in found.seen
    assert not [item for item in outcomes(facts()) if item.rule.id == RULE], "the control: nothing in scope"


def test_d42_it_is_met_only_where_a_pack_evaluates_every_regulation_in_scope() -> None:
    def with_packs(*names: str) -> str:
        packed = {name: replace(spec, pack=name) if name in names else spec for name, spec in RULES.regulations.items()}
        rules = replace(RULES, regulations=packed)
        now = replace(facts(), regulations=("eu-ai-act", "gdpr"))
        evaluated = all(packed[name].pack for name in now.regulations)
        stated = {**now.stated, "system.regulations_evaluated": True}
        stated = stated if evaluated else {k: v for k, v in stated.items() if k != "system.regulations_evaluated"}
        return only(outcomes(replace(now, stated=stated), rules=rules), RULE).state

    assert (with_packs(), with_packs("gdpr"), with_packs("gdpr", "eu-ai-act")) == ("unknown", "unknown", "met")


def test_d42_the_report_never_says_that_its_evidence_is_complete() -> None:
    scoped = facts(entry={"regulatory_scope": ["gdpr"]})
    found = report(evaluation([scoped], [scoped], [change("path-widened", "paths")]))
    (policy,) = found.systems[0].law
    assert (policy.regulation, policy.evidence_complete, policy.met) == ("gdpr", False, 0)
    assert found.verdict == "pass", "advice stops nobody"

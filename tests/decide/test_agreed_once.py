"""D47, D52: the same agreement is asked for once, where it is asked as surely: of the rule, the gate, or the change."""

from __future__ import annotations

from typing import Any

from decision_world import (
    RULES,
    change,
    claim,
    day,
    evaluation,
    facts,
    one,
    people,
    rules_with,
    weighed,
    with_artifact,
    with_entry,
    with_test,
)
from msgspec.structs import replace

from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.schema.change import Change
from policy_gate.schema.documents import NotApplicable
from policy_gate.schema.facts import Facts
from policy_gate.schema.rule_set import RuleSet

GATE = "pre-deployment-security-review"
REPORT = "red-team-report"
TEST = "shadow-mode-validation"
ATTESTED = change("evidence-attested", REPORT, None, "sha256:aaaa held by Us")
RENEWED = change("evidence-renewed", REPORT, "2025-01-01", "2026-01-01")
CLAIMED = change("not-applicable-claimed", TEST, None, "no predecessor")
PROMOTED = change("stage-advanced", "stage", "development", "pre_deployment")


def elsewhere(stage: str = "pre_deployment") -> Facts:
    return with_artifact(facts(stage=stage, artifacts={REPORT: "not-approved"}), REPORT, attested="a" * 64)


def claiming(stage: str = "pre_deployment") -> Facts:
    bare = facts(stage=stage, tests={TEST: "absent"})
    return with_entry(bare, not_applicable=[NotApplicable(id=TEST, reason="no predecessor")])


def made(was: Facts, now: Facts, *edits: Change, rules: RuleSet = RULES, **on: Any) -> list[WeighedOutcome]:
    return list(weighed(evaluation([was], [now], edits, rules), **on))


def of_change(found: list[WeighedOutcome], kind: str) -> WeighedOutcome:
    (item,) = [item for item in found if item.outcome.instance.startswith(f"{kind}:")]
    return item


def vouchable(found: list[WeighedOutcome], subject: str) -> list[WeighedOutcome]:
    return [item for item in found if subject in item.outcome.requirement.subjects and item.outcome.is_vouchable]


def weaker(kind: str) -> RuleSet:
    """The shipped rules, in which what asks about this kind of change only advises."""
    asking = of_change(made(elsewhere(), elsewhere(), change(kind, REPORT, None, "x")), kind).outcome.rule.id
    changed = tuple(replace(rule, enforcement="advise") if rule.id == asking else rule for rule in RULES.rules)
    return replace(RULES, rules=changed)


def test_where_a_rule_wants_the_evidence_the_change_is_not_asked_beside_it() -> None:
    found = made(facts(stage="development"), elsewhere(), PROMOTED, ATTESTED)
    asked = of_change(found, "evidence-attested")
    assert (asked.outcome.state, asked.for_, asked.digest, asked.blame) == ("not-applicable", None, None, None)
    assert asked.outcome.seen == f"covered by {GATE}"
    assert {item.outcome.state for item in vouchable(found, REPORT) if item.gate == GATE} == {"gap"}


def test_where_nothing_wants_it_now_the_change_is_asked() -> None:
    unasked = with_artifact(facts("low", "development"), REPORT, attested="a" * 64)
    found = made(facts("low", "development"), unasked, ATTESTED)
    asked = of_change(found, "evidence-attested")
    assert asked.outcome.state == "gap"
    assert asked.for_ is not None


def test_a_claim_of_no_concern_is_covered_by_what_asks_about_the_same_claim() -> None:
    promoted = change("stage-advanced", "stage", "pre_deployment", "production")
    found = made(facts(), claiming("production"), promoted, CLAIMED)
    asked = of_change(found, "not-applicable-claimed")
    assert (asked.outcome.state, asked.outcome.seen) == ("not-applicable", "covered by production-deployment")
    assert [(item.gate, item.outcome.state) for item in vouchable(found, TEST)] == [("production-deployment", "gap")]
    people_of = {id_: spec.accountable for id_, spec in (*RULES.artifacts.items(), *RULES.tests.items())}
    alike = [id_ for id_, held in people_of.items() if held == people_of[TEST] and id_ != TEST]
    for field in ("other-test", *alike):
        other = made(facts(), claiming("production"), promoted, replace(CLAIMED, field=field))
        assert of_change(other, "not-applicable-claimed").outcome.state == "gap", "the same people, another claim"
    unasked = made(facts(), claiming(), CLAIMED)
    assert of_change(unasked, "not-applicable-claimed").outcome.state == "gap", "nothing wants the test here"


def test_d52_a_paper_renewed_by_a_word_is_covered_only_by_the_gate_that_this_change_enters() -> None:
    entering = of_change(made(facts(stage="development"), facts(), PROMOTED, RENEWED), "evidence-renewed")
    assert (entering.outcome.state, entering.outcome.seen) == ("not-applicable", f"covered by {GATE}")
    staying = of_change(made(facts(), facts(), RENEWED), "evidence-renewed")
    assert staying.outcome.state == "gap"
    other = replace(RENEWED, field="decommissioning-plan")
    found = of_change(made(facts(stage="development"), facts(), PROMOTED, other), "evidence-renewed")
    assert found.outcome.state == "gap"


def test_work_that_is_asked_for_excuses_another_text_and_no_other_change_of_the_paper() -> None:
    (rule,) = [it for it in RULES.rules if it.id == "red-team-engagement"]
    wants = tuple(replace(it, updated_in_change=True) if it.subject == REPORT else it for it in rule.requirements)
    rules = rules_with(rule.id, requirements=wants)
    was = with_artifact(facts(), REPORT, completed=day(-400))
    now = with_artifact(facts(), REPORT, oid="9" * 40, substance="other words", completed=day(0))
    replaced = change("evidence-replaced", REPORT, "1", "2")
    found = made(was, now, RENEWED, replaced, rules=rules)
    assert one(found, rule.id).outcome.state == "met"
    assert of_change(found, "evidence-renewed").outcome.state == "gap"


def test_d47_a_result_that_somebody_vouches_for_is_covered_as_a_paper_is() -> None:
    suite = next(id_ for id_, spec in RULES.tests.items() if spec.may_be_attested and _is_wanted(id_))
    held = with_test(facts(), suite, attested="a" * 64, cause=None)
    attested = change("evidence-attested", suite, None, "sha256:aaaa held by Us")
    found = made(facts(stage="development"), held, PROMOTED, attested)
    asked = of_change(found, "evidence-attested")
    assert (asked.outcome.state, asked.outcome.seen) == ("not-applicable", f"covered by {GATE}")
    unknown = made(facts(stage="development"), held, PROMOTED, replace(attested, field="no-such-suite"))
    assert of_change(unknown, "evidence-attested").outcome.state == "gap", "the control: about another result"
    other = with_test(facts(), suite, cause=None)
    found = made(facts(stage="development"), other, PROMOTED, attested)
    assert of_change(found, "evidence-attested").outcome.state == "gap", "the control: it is read here"


def test_d47_two_papers_of_one_digest_are_agreed_to_by_the_people_of_each() -> None:
    before = facts(stage="development")
    wanted = {id_ for item in made(before, elsewhere(), PROMOTED) for id_ in item.outcome.requirement.subjects}
    people_of = {id_: {*spec.accountable} for id_, spec in RULES.artifacts.items() if id_ not in wanted}
    own = {*RULES.artifacts[REPORT].accountable}
    apart = next(id_ for id_, held in people_of.items() if held.isdisjoint(own))
    alike = next(id_ for id_, held in people_of.items() if held == own)
    for other, state in ((apart, "gap"), (alike, "not-applicable")):
        now = with_artifact(elsewhere(), other, attested="a" * 64)
        found = made(before, now, PROMOTED, replace(ATTESTED, field=other))
        assert of_change(found, "evidence-attested").outcome.state == state


def test_what_nobody_has_a_paper_of_is_no_matter_of_a_paper_that_the_same_people_vouch_for() -> None:
    now, role = elsewhere(), set(RULES.artifacts[REPORT].accountable)
    without = next(id_ for id_, it in RULES.artifacts.items() if role & {*it.accountable} and id_ != REPORT)
    now = replace(now, artifacts={id_: it for id_, it in now.artifacts.items() if id_ != without})
    claimed = change("not-applicable-claimed", without, None, "nothing of the kind")
    found = made(facts(stage="development"), now, PROMOTED, ATTESTED, claimed)
    assert of_change(found, "not-applicable-claimed").outcome.state == "gap"
    assert of_change(found, "evidence-attested").outcome.state == "not-applicable"


def _is_wanted(id_: str) -> bool:
    gate = next(rule for rule in RULES.rules if rule.id == GATE)
    return any(want.kind == "test" and want.subject == id_ for want in gate.requirements)


def test_what_only_advises_is_covered_by_what_blocks() -> None:
    kind = "evidence-attested"
    soft = weaker(kind)
    found = made(facts(stage="development"), elsewhere(), PROMOTED, ATTESTED, rules=soft)
    assert of_change(found, kind).outcome.state == "not-applicable"
    assert {item.outcome.state for item in vouchable(found, REPORT) if item.gate == GATE} == {"gap"}


def test_what_only_advises_about_the_paper_is_covered_by_the_change_that_blocks() -> None:
    wanting = [rule for rule in RULES.rules if any(REPORT in want.subjects for want in rule.requirements)]
    rules = tuple(replace(rule, enforcement="advise") if rule in wanting else rule for rule in RULES.rules)
    soft = replace(RULES, rules=rules)
    found = made(facts(stage="development"), elsewhere(), PROMOTED, ATTESTED, rules=soft)
    asked = of_change(found, "evidence-attested")
    assert (asked.outcome.state, asked.for_) == ("gap", "evidence-vouched")
    covered = vouchable(found, REPORT)
    assert covered
    assert {(it.outcome.state, it.outcome.seen, it.for_) for it in covered} == {
        ("not-applicable", "covered by evidence-vouched", None)
    }
    other = made(facts(stage="development"), elsewhere(), PROMOTED, replace(ATTESTED, field="x"), rules=soft)
    assert {it.outcome.state for it in vouchable(other, REPORT)} == {"gap"}, "the control: about another paper"


def test_d47_who_vouched_for_the_paper_in_this_change_has_agreed_to_its_gate() -> None:
    wanting = [rule for rule in RULES.rules if any(REPORT in want.subjects for want in rule.requirements)]
    rules = tuple(replace(rule, enforcement="advise") if rule in wanting else rule for rule in RULES.rules)
    soft = replace(RULES, rules=rules)
    evaluated = evaluation([facts(stage="development")], [elsewhere()], [PROMOTED, ATTESTED], soft)
    digest = of_change(list(weighed(evaluated)), "evidence-attested").digest
    role = RULES.artifacts[REPORT].accountable[0]
    found = list(weighed(evaluated, people(claim(role, "evidence-vouched", digest))))
    assert of_change(found, "evidence-attested").outcome.state == "met"
    agreed = [it for it in found if it.outcome.seen == "agreed to as evidence-vouched"]
    assert {it.outcome.state for it in agreed} == {"met"}
    assert agreed
    hard = list(weighed(evaluation([facts(stage="development")], [elsewhere()], [PROMOTED, ATTESTED]),
                        people(claim(role, "evidence-vouched", digest))))  # fmt: skip
    settled = of_change(hard, "evidence-attested")
    assert (settled.outcome.state, settled.for_) == ("met", "evidence-vouched"), "and is not asked for once more"

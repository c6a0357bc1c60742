"""D29: what a manifest says does not apply counts only where the requirement allows it, and only once approved."""

from __future__ import annotations

from typing import Any

import pytest
from decision_world import RULES, evaluation, facts, only, outcomes, people, rules_with, weighed, with_entry
from msgspec.structs import replace

from policy_gate.evaluate.statements import shown
from policy_gate.schema.documents import NotApplicable

TEST = "shadow-mode-validation"
STRICT = "smoke-test-suite"


def claimed(test: str, outcome: str = "absent", **claim: Any) -> Any:
    found = facts(stage="production", tests={test: outcome})
    said = NotApplicable(**{"id": test, "reason": "It replaces nothing.", **claim})
    return only(outcomes(with_entry(found, not_applicable=[said])), "production-deployment", test)


def test_d29_a_claim_turns_a_gap_into_one_that_an_approval_would_settle() -> None:
    found = claimed(TEST)
    assert (found.state, found.cause) == ("gap", "not-approved")
    assert found.claims_not_applicable == "It replaces nothing."


def test_d29_where_the_requirement_does_not_allow_it_the_claim_is_only_told() -> None:
    found = claimed(STRICT)
    assert (found.state, found.cause, found.claims_not_applicable) == ("gap", "not-run", None)
    assert "does not allow" in found.seen


@pytest.mark.parametrize("test", [TEST, STRICT])
def test_d29_a_claim_about_something_else_or_something_met_says_nothing(test: str) -> None:
    assert claimed(test, id="red-team-report").claims_not_applicable is None
    assert claimed(test, outcome="met").state == "met"


def test_d29_the_claim_of_the_right_id_is_found_among_several() -> None:
    found = facts(stage="production", tests={TEST: "absent"})
    claims = [NotApplicable(id=name, reason=f"About {name}.") for name in ("bias-benchmark-suite", TEST)]
    told = only(outcomes(with_entry(found, not_applicable=claims)), "production-deployment", TEST)
    assert told.claims_not_applicable == f"About {TEST}."
    assert replace(told, state="met").is_vouchable


OTHER_TEST, OTHER_PAPER = "bias-benchmark-suite", "bias-evaluation-results"


def either(*claims: str) -> Any:
    """A system of medium tier that says of one or both alternatives of a control that they do not apply."""
    found = facts("medium", tests={OTHER_TEST: "absent"}, artifacts={OTHER_PAPER: "absent"})
    said = [NotApplicable(id=name, reason=f"About {name}.") for name in claims]
    return with_entry(found, not_applicable=said)


def test_d29_where_the_whole_may_be_said_not_to_apply_no_alternative_is_told_that_it_may_not() -> None:
    told = only(outcomes(either(OTHER_PAPER)), "basic-bias-testing")
    assert told.claims_not_applicable == f"About {OTHER_PAPER}."
    assert "does not allow" not in told.seen


@pytest.mark.parametrize("claims", [(OTHER_TEST, OTHER_PAPER), (OTHER_PAPER, OTHER_TEST)])
def test_d05_a_second_claim_beside_one_that_base_holds_asks_nobody_again_in_either_order(claims: Any) -> None:
    def states(before: Any, after: Any) -> list[str]:
        found = weighed(evaluation([before], [after]), people())
        return [it.outcome.state for it in found if it.outcome.rule.id == "basic-bias-testing"]

    assert states(either(OTHER_PAPER), either(*claims)) == ["not-applicable"]
    assert states(either(), either(*claims)) == ["gap"], "the control: base holds none"


@pytest.mark.parametrize(("value", "said"), [(True, "true"), ("Read only", "Read only"), (["EU"], "[EU]"), (3, "3")])
def test_a_fact_is_shown_as_the_manifest_says_it(value: Any, said: str) -> None:
    assert shown(value) == said


@pytest.mark.parametrize("allowed", [True, False])
@pytest.mark.parametrize(("trains", "state"), [(None, "unknown"), (False, "gap"), (True, "met")])
def test_d29_a_claim_about_what_cannot_be_told_is_heard_as_one_about_a_gap_is(
    trains: bool | None, state: str, allowed: bool
) -> None:
    rule, answer = "vendor-trains-on-data", {} if trains is None else {"opt_out_of_training": trains}
    vendor = {"id": "acme", "vendor_name": "Acme", "access_type": "api", **answer}
    found = facts(stage="production", vendors=[vendor])
    (asked,) = RULES.plain_rules[rule].requirements
    rules = rules_with(rule, requirements=(replace(asked, may_be_not_applicable=allowed),))
    claim = NotApplicable(id=rule, reason="It is sent nothing.")
    without = only(outcomes(found, rules=rules), rule)
    told = only(outcomes(with_entry(found, not_applicable=[claim]), rules=rules), rule)
    assert (without.state, without.claims_not_applicable) == (state, None)
    if state == "met":
        assert told == without
    elif allowed:
        assert (told.state, told.cause, told.claims_not_applicable) == ("gap", "not-approved", claim.reason)
    else:
        assert (told.state, told.claims_not_applicable) == (state, None)
        assert claim.reason in told.seen

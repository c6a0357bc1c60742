"""Questions about facts: how each may be answered, what an answer comes to, and which is asked next."""

from __future__ import annotations

from typing import Any

import pytest
from facts_world import entry, policy, snapshot

from policy_gate.facts.facts import facts_of
from policy_gate.facts.interview import Refused, how_to_answer, next_fact, value_of, with_answers
from policy_gate.schema.rule_set import FactDefinition
from policy_gate.schema.vocabulary import FACT_TYPES


def named(type_: str, *, with_values: bool = False) -> FactDefinition:
    """The first shipped fact of a type, with a fixed choice or without."""
    kinds = policy().facts.values()
    return next(it for it in kinds if it.type == type_ and (it.values is not None) is with_values)


YES_OR_NO, NUMBER, SHARE = named("BOOL"), named("INT"), named("DOUBLE")
ONE_OF, SOME_OF = named("STRING", with_values=True), named("LIST<STRING>", with_values=True)


def made(type_: str, *values: str) -> FactDefinition:
    return FactDefinition(id="made", type=type_, about="?", values=values or None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fact", "how"),
    [
        (made("BOOL"), "yes, no"),
        (made("STRING", "a", "b"), "a, b"),
        (made("LIST<STRING>", "a", "b"), "any of a, b; or none"),
        (made("LIST<STRING>"), "separated by commas; or none"),
        (made("STRING"), FACT_TYPES["STRING"]),
        (made("INT"), FACT_TYPES["INT"]),
        (made("DOUBLE"), FACT_TYPES["DOUBLE"]),
    ],
)
def test_what_may_be_answered(fact: FactDefinition, how: str) -> None:
    assert how_to_answer(fact) == how


@pytest.mark.parametrize(
    ("fact", "said", "value"),
    [
        *((YES_OR_NO, said, True) for said in ("yes", "y", "true", "  YES ")),
        *((YES_OR_NO, said, False) for said in ("no", "n", "false", "No\n")),
        (YES_OR_NO, "perhaps", Refused),
        (NUMBER, " 250 ", 250),
        (NUMBER, "2.5", Refused),
        (NUMBER, "many", Refused),
        (SHARE, "2.5e25", 2.5e25),
        (SHARE, "7", 7.0),
        (ONE_OF, (ONE_OF.values or ())[0], (ONE_OF.values or ())[0]),
        (ONE_OF, "unheard-of", Refused),
        *((SOME_OF, said, []) for said in ("none", "[]", "None", " ,, ")),
        (SOME_OF, " , ".join((SOME_OF.values or ())[:2]), sorted((SOME_OF.values or ())[:2])),
        (SOME_OF, "unheard-of", Refused),
    ],
)
def test_what_an_answer_comes_to(fact: FactDefinition, said: str, value: Any) -> None:
    found = value_of(fact, said, policy())
    if value is Refused:
        assert isinstance(found, Refused)
    else:
        assert sorted(found) == value if isinstance(found, list) else found == value
        assert type(found) is type(value)


def test_the_first_fact_that_can_be_stated_and_was_not_passed_over_is_asked_next() -> None:
    one, two = YES_OR_NO.id, NUMBER.id
    assert next_fact([one, two], [], policy()) is YES_OR_NO
    assert next_fact([one, two], [one], policy()) is NUMBER
    assert next_fact(["unheard-of", two], [], policy()) is NUMBER
    assert next_fact([one], [one], policy()) is next_fact([], [], policy()) is None


def test_answers_rate_a_system_as_if_its_manifest_stated_them() -> None:
    answers = {"eu_market": True, "annex_iii_points": ["4-a"]}
    low = {"decision_impact": "informational", "human_oversight": "full", "deployment_scale": "internal"}
    (plain,) = facts_of(snapshot(entry(risk_profile=low, facts={"children": False})), policy())
    (whole,) = facts_of(snapshot(entry(risk_profile=low, facts={"children": False, **answers})), policy())
    found = with_answers(plain, answers, policy())
    assert (found.stated, found.rating, found.values) == (whole.stated, whole.rating, whole.values)
    assert found.rating != plain.rating
    assert with_answers(found, {"eu_market": False}, policy()).stated["system.eu_market"] is False

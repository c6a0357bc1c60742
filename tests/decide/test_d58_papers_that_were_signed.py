"""D58: a document that a gate has counted is not rewritten without a word; what base owed or lets lapse is work."""

from __future__ import annotations

from typing import Any

import pytest
from decision_world import RULES, change, day, facts, only, options, outcomes, system_change, with_artifact
from msgspec.structs import replace

from policy_gate.decide.blame import weigh
from policy_gate.decide.signed_papers import is_asked_anew, was_signed
from policy_gate.decide.system_change import SystemChange
from policy_gate.schema.facts import Facts
from policy_gate.schema.finding import Outcome

GATE, PAPER = "pre-deployment-security-review", "red-team-report"
REVIEW, REVIEWED = "annual-production-review", "annual-performance-report"
SYSTEM = facts(stage="production")


def rewriting(id_: str = PAPER) -> Outcome:
    found = outcomes(SYSTEM, change("evidence-replaced", id_, "a", "b"))
    return next(item for item in found if item.instance == f"evidence-replaced:{id_}")


def at(*before: Outcome, days: int | None = 0, now_days: int | None = 0, id_: str = PAPER) -> SystemChange:
    def dated(days: int | None) -> Facts:
        return with_artifact(SYSTEM, id_, completed=None if days is None else day(days))

    return system_change(dated(now_days), dated(days), before={item.key: item for item in before})


def held(rule: str = GATE, id_: str = PAPER, **fields: Any) -> Outcome:
    """What base's own document came to at a gate."""
    return replace(only(outcomes(SYSTEM), rule, id_), **fields)


GAP = {"state": "gap", "cause": "thin"}
STALE = {"state": "gap", "cause": "stale"}


@pytest.mark.parametrize(
    ("why", "before", "later", "signed"),
    [
        ("a gate counted it", [held()], False, True),
        ("and a later one does not undo that", [held()], True, True),
        ("no gate asked for it", [], False, False),
        ("base found it wanting", [held(**GAP)], False, False),
        ("and one of two that ask did", [held(), held("red-team-engagement", **GAP)], False, False),
        (
            "and of one of two nobody knew",
            [held(), held("red-team-engagement", state="unknown", cause="unknown")],
            False,
            False,
        ),
        ("nobody knew", [held(state="unknown", cause="unknown")], False, False),
        ("it was out of date, and is so still", [held(**STALE)], False, True),
        ("it was out of date, and here is the next", [held(**STALE)], True, False),
        ("it had no date, and has none", [held(state="gap", cause="undated")], False, True),
        ("it was vouched for, and no gap", [held(**GAP, needs_attestation="a")], False, True),
        ("it was not wanted", [held(state="not-applicable")], False, False),
        ("a review that recurs has its next document", [held(REVIEW, REVIEWED)], True, False),
        ("and no other one for the same day", [held(REVIEW, REVIEWED)], False, True),
        ("a gate beside the review counted it", [held(REVIEW, REVIEWED), held(id_=PAPER)], True, False),
    ],
)
def test_what_base_counted_is_signed(why: str, before: list[Outcome], later: bool, signed: bool) -> None:
    id_ = before[0].requirement.subject if before else PAPER
    place = at(*before, now_days=1 if later else 0, id_=id_)
    assert was_signed(rewriting(id_), place, RULES) is signed, why
    weighed = weigh(rewriting(id_), place, RULES, options())
    assert (weighed.outcome.state == "not-applicable") is not signed


@pytest.mark.parametrize(
    ("was", "now", "is_later"),
    [(0, 1, True), (0, 0, False), (1, 0, False), (None, 0, True), (None, None, False), (0, None, False)],
)
def test_only_a_later_date_makes_a_later_document(was: int | None, now: int | None, is_later: bool) -> None:
    place = at(held(**STALE), days=was, now_days=now)
    assert was_signed(rewriting(), place, RULES) is not is_later
    bare = replace(place, was=None)
    assert was_signed(rewriting(), bare, RULES)
    gone = replace(SYSTEM, artifacts={})
    assert was_signed(rewriting(), replace(place, was=gone), RULES)
    assert was_signed(rewriting(), replace(place, declared=gone), RULES)


def test_a_document_that_counts_as_another_was_signed_for_it() -> None:
    of_checklist = next(item for item in outcomes(facts("medium")) if item.requirement.subject == "security-checklist")
    twin = RULES.artifacts["security-checklist"].satisfied_by[0]
    assert was_signed(rewriting(twin), at(of_checklist, id_=twin), RULES)
    assert not was_signed(rewriting(PAPER), at(of_checklist), RULES), "the control: another paper"
    other = replace(of_checklist, requirement=replace(of_checklist.requirement, kind="test"))
    assert not was_signed(rewriting(twin), at(other, id_=twin), RULES)


def test_a_rule_that_is_no_gates_signs_nothing() -> None:
    plain = replace(held(), rule=replace(held().rule, kind="rule"))
    assert not was_signed(rewriting(), at(plain), RULES)


def test_what_this_change_is_asked_to_work_on_is_asked_anew() -> None:
    want = held().requirement
    worked = replace(held(), requirement=replace(want, updated_in_change=True))
    assert is_asked_anew(worked, PAPER)
    assert not is_asked_anew(worked, REVIEWED)
    assert not is_asked_anew(held(), PAPER)
    assert not is_asked_anew(replace(worked, state="gap"), PAPER)
    either = replace(want, subject="x", alternatives=(replace(want, subject="y"), worked.requirement))
    assert is_asked_anew(replace(held(), requirement=either), PAPER)


KEPT, KEEPING = "data-retention-and-deletion-plan", "deprecation"
RETIRING = facts(stage="deprecated")


@pytest.mark.parametrize(
    ("why", "tier", "was", "now", "enforcement"),
    [
        ("it counted and is gone", "high", {}, {"state": "gap", "cause": "absent"}, "block"),
        ("it counted and nobody can tell", "high", {}, {"state": "unknown", "cause": "unknown"}, "block"),
        ("at low it is told", "low", {}, {"state": "gap", "cause": "absent"}, "remediate"),
        ("it was late already", "high", GAP, {"state": "gap", "cause": "absent"}, "remediate"),
        ("it did not concern the system", "high", {"state": "not-applicable"}, GAP, "remediate"),
    ],
)
def test_what_a_gate_keeps_is_not_taken_back(
    why: str, tier: str, was: dict[str, Any], now: dict[str, Any], enforcement: str
) -> None:
    base, here = (facts(tier, stage="deprecated") for _ in range(2))
    whole = replace(only(outcomes(here), KEEPING, KEPT), state="met", cause=None)
    before = replace(whole, **was)
    place = system_change(here, base, before={before.key: before})
    assert weigh(replace(whole, **now), place, RULES, options()).enforcement == enforcement, why
    entering = replace(place, entered=(KEEPING,))
    assert weigh(replace(whole, **now), entering, RULES, options()).enforcement == "remediate", "entering is no loss"

"""T25: waivers of base and of the result beside each other: who is shown what, where it stands, which fault is told."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from decision_world import EMPTY, change, day, evaluation, facts, options, people
from msgspec.structs import replace

from policy_gate.decide.decide import settled
from policy_gate.decide.decision_context import blamed
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.schema.documents import Waiver, Waivers
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.source import Document, Location, Mark

GATE, PAPER, RECORD = "pre-deployment-security-review", "red-team-report", "decommissioning-record"
FILE = "governance/waivers.yaml"


def waiver(**over: Any) -> Waiver:
    """A sound one of the red team report."""
    fields = {"system": "CASE", "rule": GATE, "subject": PAPER, "owner": "Pat Moss", "approver": "Rae Kim",
              "reason": "Booked.", "created": day(-10), "expires": day(10), **over}  # fmt: skip
    return Waiver(**fields)


EXPIRED: dict[str, Any] = {"created": day(-30), "expires": day(-3)}


def side(*held: Waiver, first: int = 3) -> Snapshot:
    """A tree that holds these waivers, one a line."""
    content = Waivers.model_validate({"schema": "policy-gate/waiver/v1", "waivers": [*held]})
    marks = {("waivers", at): Mark(first + at, 5) for at in range(len(held))}
    return replace(EMPTY, waivers=Document(FILE, "0" * 40, content, marks))


def judged(
    made: Any, base: Snapshot, result: Snapshot, **on: Any
) -> tuple[tuple[WeighedOutcome, ...], tuple[str, ...]]:
    context, notes = settled(blamed(made, options(**on)), base, people(), result)
    return context.weighed, notes


def faults(found: tuple[WeighedOutcome, ...]) -> list[tuple[str, Location | None]]:
    return [(it.outcome.rule.id, it.outcome.location) for it in found if it.outcome.rule.id.startswith("waiver-")]


def test_whoever_approves_an_edit_is_shown_what_goes_and_what_comes_and_nothing_that_stays() -> None:
    kept, gone, comes = waiver(reason="Stays."), waiver(reason="Goes."), waiver(reason="Comes.")
    edit = change("waivers-changed", FILE, "1" * 40, "2" * 40, system=None)
    rules = change("policy-changed", "policies/org.yaml", "1" * 40, "2" * 40, system=None)
    found, _ = judged(evaluation([facts()], [facts()], [edit, rules]), side(kept, gone), side(kept, comes))
    (asked,) = [it for it in found if it.outcome.rule.id == "waiver"]
    assert [(it.split(":")[0], it.split()[-1]) for it in asked.outcome.details] == [("was", "Goes."), ("now", "Comes.")]
    others = [it for it in found if it.outcome.rule.id == "policy-change" and it is not asked]
    assert others
    assert not any("Goes." in detail for it in others for detail in it.outcome.details)


def test_a_number_that_is_called_like_an_edit_of_the_waivers_is_none() -> None:
    low = facts(metrics=[{"name": "waivers-changed:it", "value": 0.8, "threshold": 0.9}])
    found, _ = judged(evaluation([low], [low], [change("path-widened", "paths")]), side(waiver(reason="Goes.")), side())
    numbers = [it for it in found if it.outcome.instance.startswith("waivers-changed:")]
    assert numbers
    assert not any("Goes." in detail for it in numbers for detail in it.outcome.details)


@pytest.mark.parametrize(("mode", "is_noted"), [("change", True), ("adoption", False)])
def test_d26_at_adoption_no_waiver_is_promised_for_later(mode: str, is_noted: bool) -> None:
    lacking = facts(artifacts={PAPER: "absent"})
    edit = change("path-widened", "paths")
    _, notes = judged(evaluation([lacking], [lacking], [edit]), side(), side(waiver()), mode=mode)
    assert bool(notes) is is_noted


def test_a_fault_is_told_at_the_line_of_the_result_and_of_base_where_the_result_has_none() -> None:
    lacking = facts(artifacts={PAPER: "absent"})
    made = evaluation([lacking], [lacking], [change("path-widened", "paths")])
    late, other = waiver(**EXPIRED), waiver(subject="incident-response-plan", **EXPIRED)
    found, _ = judged(made, side(other, late), side(late, first=8))
    assert faults(found) == [("waiver-expired", Location(FILE, 8, 5))]
    found, _ = judged(made, side(other, late), side(), mode="all")
    assert faults(found) == [("waiver-expired", Location(FILE, 3, 5)), ("waiver-expired", Location(FILE, 4, 5))]


@pytest.mark.parametrize(
    ("over", "is_missing", "rule"),
    [
        ({}, True, []),
        ({}, False, ["waiver-unused"]),
        (EXPIRED, True, ["waiver-expired"]),
        (EXPIRED, False, ["waiver-expired"]),
        ({"owner": "Rae Kim"}, False, ["waiver-refused"]),
    ],
)
def test_what_is_wrong_with_a_waiver_goes_before_its_being_needless(
    over: dict[str, Any], is_missing: bool, rule: list[str]
) -> None:
    now = facts(artifacts={PAPER: "absent"}) if is_missing else facts()
    held = side(waiver(**over))
    found, _ = judged(evaluation([now], [now], [change("path-widened", "paths")]), held, held)
    assert [it for it, _ in faults(found)] == rule


@pytest.mark.parametrize(
    ("over", "why"),
    [
        ({}, "the entry goes for good"),
        (EXPIRED, "expired"),
        ({"owner": "Rae Kim"}, "its owner approved it alone"),
    ],
)
def test_what_is_wrong_with_a_waiver_goes_before_its_entry_s_going(over: dict[str, Any], why: str) -> None:
    off = facts(stage="decommissioned", artifacts={RECORD: "absent"})
    made = evaluation([off], [], [change("system-removed", "", "CASE", None)])
    held = side(waiver(rule="decommissioning", subject=RECORD, **over))
    found, _ = judged(made, held, held)
    (asked,) = [it for it in found if it.outcome.requirement.subject == RECORD]
    assert asked.outcome.state == "gap"
    assert why in " ".join(asked.outcome.details)
    assert ("goes for good" in " ".join(asked.outcome.details)) is (over == {})


@pytest.mark.parametrize(
    ("over", "rule", "blame", "due"),
    [
        (EXPIRED, "waiver-expired", "overdue", day(-3)),
        ({"owner": "Rae Kim"}, "waiver-refused", "overdue", day(0)),
        ({"expires": day(4000)}, "waiver-too-broad", "overdue", day(0)),
        ({"subject": "incident-response-plan"}, "waiver-unused", "inherited", None),
    ],
)
def test_a_fault_of_a_waiver_is_due_since_it_ended_or_at_once(
    over: dict[str, Any], rule: str, blame: str, due: date | None
) -> None:
    lacking = facts(artifacts={PAPER: "absent"})
    held = side(waiver(**over))
    found, _ = judged(evaluation([lacking], [lacking], [change("path-widened", "paths")]), held, held)
    (told,) = [it for it in found if it.outcome.rule.id.startswith("waiver-")]
    assert (told.outcome.rule.id, told.blame, told.due) == (rule, blame, due)
    assert (told.outcome.state, told.outcome.cause) == ("gap", "false")
    assert told.enforcement == told.outcome.rule.enforcement
    written = json.loads(told.outcome.instance)
    assert written.keys() == {*waiver().model_dump(exclude_none=True)}, "what it does not say is no part of its id"


def test_t25_of_a_system_that_was_not_read_nothing_is_told_beside_a_change() -> None:
    held = side(waiver(system="GONE", **EXPIRED))
    made = evaluation([facts()], [facts()], [change("path-widened", "paths")])
    assert faults(judged(made, held, held)[0]) == []
    assert [it for it, _ in faults(judged(made, held, held, mode="all")[0])] == ["waiver-expired"]

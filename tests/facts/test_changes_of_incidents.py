"""Which edits of an incident are changes, of which kind, and what judges meanwhile; a table, both ways."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from facts_world import entry, policy, snapshot
from msgspec.structs import replace

from policy_gate.facts.change_kinds import FactsPair
from policy_gate.facts.changes import changes_between
from policy_gate.facts.changes_incidents import incident_changes
from policy_gate.facts.facts import facts_of
from policy_gate.facts.held_facts import hold
from policy_gate.schema.change import Change
from policy_gate.schema.facts import Facts
from policy_gate.schema.incident_document import Incident
from policy_gate.schema.incidents import Clock
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.source import Document, Location

TRIAGED = {"at": "2026-11-20T10:20:00Z", "step": "triaged", "by": "rae"}
CONTAINED = {"at": "2026-11-20T12:20:00Z", "step": "contained", "by": "rae"}
RESOLVED = {"at": "2026-11-21T12:20:00Z", "step": "resolved", "by": "rae"}
TOLD: dict[str, Any] = {
    "schema": "policy-gate/incident/v1",
    "id": "INC-1",
    "system": "SYS-001",
    "type": "privacy_violation",
    "severity": "high",
    "description": "A customer saw the address of another.",
    "occurred_at": "2026-11-20T07:00:00Z",
    "detected_at": "2026-11-20T09:00:00Z",
    "aware_at": "2026-11-20T10:00:00Z",
    "affected_users_estimate": 3,
    "eu_residents_affected": True,
    "personal_data_exposed": True,
    "risk_to_persons": "risk",
    "serious_incident": "serious_harm",
    "clock_starts": {"co-1704": "2026-11-20T10:00:00Z"},
    "not_required": {"gdpr-34": "Encrypted."},
    "timeline": [TRIAGED, CONTAINED],
}
LOWERED, REWRITTEN, EASED = "incident-severity-lowered", "incident-rewritten", "incident-eased"


def tree(oid: str, **fields: Any) -> Snapshot:
    told = {name: value for name, value in {**TOLD, **fields}.items() if value is not None}
    document = Document("governance/incidents/INC-1.yaml", oid, Incident.model_validate(told), {})
    return snapshot(entry(), entry(id="SYS-002", paths=["b/**"]), incidents=(document,))


def kinds(was: Snapshot, now: Snapshot) -> dict[str, bool]:
    found = changes_between(facts_of(was, policy()), facts_of(now, policy()), was, now, policy())
    return {change.kind: change.weakening for change in found}


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"severity": "medium"}, LOWERED),
        ({"severity": "low"}, LOWERED),
        ({"occurred_at": None}, REWRITTEN),
        ({"occurred_at": "2026-11-20T06:00:00Z"}, REWRITTEN),
        ({"detected_at": "2026-11-20T09:30:00Z"}, REWRITTEN),
        ({"aware_at": "2026-11-20T11:00:00Z"}, REWRITTEN),
        ({"aware_at": None}, REWRITTEN),
        ({"clock_starts": {}}, REWRITTEN),
        ({"clock_starts": {"co-1704": "2026-11-21T10:00:00Z"}}, REWRITTEN),
        ({"clock_starts": {**TOLD["clock_starts"], "gdpr-33": "2026-11-21T10:00:00Z"}}, EASED),
        ({"timeline": []}, REWRITTEN),
        ({"timeline": [TRIAGED]}, REWRITTEN),
        ({"timeline": [CONTAINED]}, REWRITTEN),
        ({"timeline": [TRIAGED, {**TRIAGED, "step": "note"}, CONTAINED]}, REWRITTEN),
        ({"timeline": [TRIAGED, {**CONTAINED, "by": "bo"}]}, REWRITTEN),
        ({"type": "availability"}, EASED),
        ({"eu_residents_affected": False}, EASED),
        ({"eu_residents_affected": None}, EASED),
        ({"personal_data_exposed": False}, EASED),
        ({"personal_data_exposed": None}, EASED),
        ({"risk_to_persons": "none"}, EASED),
        ({"risk_to_persons": None}, EASED),
        ({"serious_incident": "none"}, EASED),
        ({"serious_incident": None}, EASED),
        ({"serious_incident": "property_or_environment"}, EASED),
        ({"data_role": "processor"}, EASED),
        ({"affected_users_estimate": 2}, EASED),
        ({"affected_users_estimate": None}, EASED),
        ({"not_required": {"gdpr-34": "Encrypted.", "gdpr-33": "No."}}, EASED),
        ({"not_required": {"gdpr-34": "Something else."}}, EASED),
    ],
)
def test_what_reads_milder_weakens_and_base_judges(fields: dict[str, Any], kind: str) -> None:
    was, now = tree("a"), tree("b", **fields)
    assert kinds(was, now) == {kind: True}
    before, after = facts_of(was, policy()), facts_of(now, policy())
    (told,) = found = changes_between(before, after, was, now, policy())
    if kind != LOWERED:
        assert {name.split()[0] for name in told.before} == {name.split()[0] for name in told.after} == {*fields}
    held = hold(before, after, found, policy())
    assert held[0].incidents[0].incident == before[0].incidents[0].incident


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {}),
        ({"severity": "critical"}, {}),
        ({"timeline": [TRIAGED, CONTAINED, {**CONTAINED, "step": "note"}]}, {}),
        ({"description": "In other words."}, {}),
        ({"risk_to_persons": "high"}, {}),
        ({"serious_incident": "death"}, {}),
        ({"serious_incident": "widespread"}, {}),
        ({"affected_users_estimate": 4}, {}),
        ({"not_required": {}}, {}),
        ({"clock_starts": {"co-1704": "2026-11-20T10:00:00Z", "ccpa-7155": "2026-11-20T10:00:00Z"}}, {}),
        ({"root_cause": "A cache key without the tenant."}, {}),
        ({"aware_at": "2026-11-20T11:00:00+01:00"}, {}),
        # a start that ends the clock as soon as it ended, or sooner; and one for a clock that ran for nobody
        ({"clock_starts": {**TOLD["clock_starts"], "gdpr-33": "2026-11-20T10:00:00Z"}}, {}),
        ({"clock_starts": {**TOLD["clock_starts"], "gdpr-33": "2026-11-20T09:00:00Z"}}, {}),
        ({"timeline": [TRIAGED, CONTAINED, RESOLVED]}, {"incident-resolved": False}),
    ],
)
def test_what_is_added_or_worse_asks_for_nothing(fields: dict[str, Any], expected: dict[str, bool]) -> None:
    assert kinds(tree("a"), tree("b", **fields)) == expected


@pytest.mark.parametrize(
    ("fields", "kind", "before", "after"),
    [
        ({"aware_at": "2026-11-20T11:00:00Z"}, REWRITTEN,
         {"aware_at": "2026-11-20T10:00:00+00:00"}, {"aware_at": "2026-11-20T11:00:00+00:00"}),
        ({"occurred_at": None, "detected_at": "2026-11-20T09:30:00Z"}, REWRITTEN,
         {"occurred_at": "2026-11-20T07:00:00+00:00", "detected_at": "2026-11-20T09:00:00+00:00"},
         {"occurred_at": None, "detected_at": "2026-11-20T09:30:00+00:00"}),
        ({"clock_starts": {"co-1704": "2026-11-21T10:00:00Z"}}, REWRITTEN,
         {"clock_starts co-1704": "2026-11-20T10:00:00+00:00"}, {"clock_starts co-1704": "2026-11-21T10:00:00+00:00"}),
        ({"clock_starts": {}}, REWRITTEN,
         {"clock_starts co-1704": "2026-11-20T10:00:00+00:00"}, {"clock_starts co-1704": None}),
        ({"timeline": [TRIAGED]}, REWRITTEN, {"timeline": [TRIAGED, CONTAINED]}, {"timeline": [TRIAGED]}),
        ({"affected_users_estimate": 2, "data_role": "processor"}, EASED,
         {"data_role": "controller", "affected_users_estimate": 3},
         {"data_role": "processor", "affected_users_estimate": 2}),
    ],
)  # fmt: skip
def test_who_agrees_to_it_sees_what_was_on_record_and_what_is_now(
    fields: dict[str, Any], kind: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    was, now = tree("a"), tree("b", **fields)
    (told,) = changes_between(facts_of(was, policy()), facts_of(now, policy()), was, now, policy())
    assert (told.kind, told.before, told.after) == (kind, before, after)


CLOSED: dict[str, Any] = {
    "timeline": [TRIAGED, CONTAINED, RESOLVED],
    "root_cause": "A cache key without the tenant.",
    "attack_vector": "None.",
    "new_tests": ["tests/test_tenants.py::test_one"],
    "control_changes": ["bias-testing"],
}


@pytest.mark.parametrize(
    "fields",
    [
        {"control_changes": ["smoke"]},
        {"control_changes": []},
        {"control_changes": ["bias-testing-2", "README.md"]},
        {"new_tests": []},
        {"new_tests": ["another-suite"]},
        {"root_cause": "Somebody pressed the wrong button."},
        {"root_cause": "A cache key without the tenant. That was no cause after all."},
        {"description": "Nothing worth a word."},
        {"attack_vector": None},
    ],
)
def test_what_a_closed_incident_tells_and_promises_stays(fields: dict[str, Any]) -> None:
    was, now = tree("a", **CLOSED), tree("b", **CLOSED | fields)
    assert kinds(was, now) == {REWRITTEN: True}
    opened = CLOSED | fields | {"timeline": [TRIAGED, CONTAINED, RESOLVED, {**RESOLVED, "step": "note"}]}
    assert kinds(was, tree("b", **opened)) == {REWRITTEN: True}
    still_open = {"timeline": [TRIAGED, CONTAINED]}
    assert kinds(tree("a", **CLOSED | still_open), tree("b", **CLOSED | still_open | fields)) == {}


@pytest.mark.parametrize(
    "fields",
    [
        {"control_changes": ["bias-testing", "drift-monitoring"]},
        {"new_tests": ["another-suite", "tests/test_tenants.py::test_one"]},
        {"root_cause": "A cache key\n  without the tenant.\n"},
        {"timeline": [TRIAGED, CONTAINED, RESOLVED, {**RESOLVED, "step": "note", "what": "It was the key."}]},
    ],
)
def test_what_is_added_to_a_closed_incident_asks_for_nothing(fields: dict[str, Any]) -> None:
    assert kinds(tree("a", **CLOSED), tree("b", **CLOSED | fields)) == {}


ANSWERS = ("eu_residents_affected", "personal_data_exposed", "risk_to_persons", "serious_incident")


@pytest.mark.parametrize("name", ANSWERS)
def test_a_mild_first_answer_is_agreed_to_and_a_bad_one_is_not_asked_about(name: str) -> None:
    mild: Any = "none" if name in ("risk_to_persons", "serious_incident") else False
    bad: Any = {"risk_to_persons": "risk", "serious_incident": "death"}.get(name, True)
    assert kinds(tree("a", **{name: None}), tree("b", **{name: mild})) == {EASED: True}
    assert kinds(tree("a", **{name: None}), tree("b", **{name: bad})) == {}


def test_an_incident_comes_goes_moves_and_opens_again() -> None:
    none = snapshot(entry(), entry(id="SYS-002", paths=["b/**"]))
    assert kinds(none, tree("a")) == {"incident-opened": False}
    assert kinds(tree("a"), none) == {"incident-dropped": True}
    assert kinds(tree("a"), tree("b", system="SYS-002")) == {"incident-dropped": True, "incident-opened": False}
    reopened = kinds(tree("a", timeline=[TRIAGED, RESOLVED]), tree("b", timeline=[TRIAGED]))
    assert reopened == {REWRITTEN: True, "incident-reopened": False}


def test_who_agrees_to_it_is_shown_where_it_stands_and_is_bound_to_what_it_says() -> None:
    none = snapshot(entry(), entry(id="SYS-002", paths=["b/**"]))

    def told(was: Snapshot, now: Snapshot) -> list[Change]:
        return list(changes_between(facts_of(was, policy()), facts_of(now, policy()), was, now, policy()))

    def place(side: Snapshot) -> Location:
        return facts_of(side, policy())[0].incidents[0].location

    high, milder = tree("a"), tree("b", severity="medium")
    (opened,), (other,) = told(none, high), told(none, milder)
    assert (opened.before, opened.after, other.after) == (None, "high", "medium")
    assert (opened.location, opened.base_location) == (place(high), None)
    assert opened.bound != other.bound
    (dropped,) = told(high, none)
    assert (dropped.before, dropped.after, dropped.base_location, dropped.bound) == ("high", None, place(high), "")
    (lowered,) = told(high, milder)
    assert (lowered.location, lowered.base_location, lowered.bound) == (place(milder), place(high), other.bound)
    over = tree("c", timeline=[TRIAGED, RESOLVED])
    assert [(it.kind, it.before, it.after) for it in told(none, over)] == [
        ("incident-opened", None, "high"), ("incident-resolved", "high", "resolved"),
    ]  # fmt: skip
    assert next((it.kind, it.before, it.after) for it in told(over, high)) == ("incident-reopened", "resolved", "high")


@pytest.mark.parametrize("answer", [True, False, None])
@pytest.mark.parametrize("name", ["eu_residents_affected", "personal_data_exposed"])
def test_an_answer_that_stays_asks_for_nothing(name: str, answer: bool | None) -> None:
    assert kinds(tree("a", **{name: answer}), tree("b", **{name: answer}, description="Reworded.")) == {}


@pytest.mark.parametrize(
    ("was", "now", "eased"),
    [(1, None, True), (1, 0, True), (2, 1, True), (None, None, False), (0, None, False), (None, 0, False),
     (None, 1, False), (0, 1, False), (1, 1, False)],
)  # fmt: skip
def test_fewer_people_are_milder_and_nobody_counted_is_none(was: int | None, now: int | None, eased: bool) -> None:
    found = kinds(
        tree("a", affected_users_estimate=was), tree("b", affected_users_estimate=now, description="Reworded.")
    )
    assert found == ({EASED: True} if eased else {})


@pytest.mark.parametrize(
    ("was", "now", "let_go"),
    [
        (["bias-benchmark-suite"], [], True),
        (["bias-benchmark-suite"], ["tests/test_tenants.py"], True),
        (["bias-benchmark-suite"], ["tests/test_tenants.py", "bias-benchmark-suite"], False),
        (["tests/test_tenants.py"], [], False),
        ([], ["bias-benchmark-suite"], False),
    ],
)
def test_a_new_test_that_has_not_passed_is_not_let_go_while_it_is_open(
    was: list[str], now: list[str], let_go: bool
) -> None:
    sides = tree("a", new_tests=was), tree("b", new_tests=now)
    before, after = (facts_of(side, policy()) for side in sides)
    found = changes_between(before, after, *sides, policy())
    assert [(it.kind, it.before, it.after) for it in found] == (
        [(EASED, {"new_tests": was}, {"new_tests": now})] if let_go else []
    )


def test_one_who_closes_and_lowers_at_once_is_asked_for_what_base_says() -> None:
    was, now = tree("a"), tree("b", severity="low", timeline=[TRIAGED, CONTAINED, RESOLVED])
    found = changes_between(facts_of(was, policy()), facts_of(now, policy()), was, now, policy())
    assert [(change.kind, change.before) for change in found] == [("incident-resolved", "high"), (LOWERED, "high")]


def test_a_clock_of_base_judges_although_the_facts_that_stop_it_stand_in_the_result() -> None:
    was, now = tree("a"), tree("b", risk_to_persons="none")
    before, after = facts_of(was, policy()), facts_of(now, policy())
    held = hold(before, after, changes_between(before, after, was, now, policy()), policy())
    late = datetime(2026, 12, 1, tzinfo=UTC)
    assert "gdpr-33" in held[0].incidents[0].values_at(late)["incident.clocks_missed"]
    assert "gdpr-33" not in after[0].incidents[0].values_at(late)["incident.clocks_missed"]


def test_a_high_risk_that_is_a_risk_now_reads_milder() -> None:
    assert kinds(tree("a", risk_to_persons="high"), tree("b", risk_to_persons="risk")) == {EASED: True}
    assert kinds(tree("a", risk_to_persons=None), tree("b", risk_to_persons="risk")) == {}, "the control: assessed"


def clock(id_: str, day: int | None, runs: bool = True, law: str = "law", to: str = "authority") -> Clock:
    """One that ends on that day of December."""
    return Clock(id_, "Clock", law, to, runs, deadline=None if day is None else datetime(2026, 12, day, tzinfo=UTC))


A5, A9, A9_STOPPED, A_OPEN = clock("a", 5), clock("a", 9), clock("a", 9, runs=False), clock("a", None)
B9, B3, B_TO_OTHERS, B_OF_ANOTHER_LAW = clock("b", 9), clock("b", 3), clock("b", 9, to="x"), clock("b", 9, law="x")


@pytest.mark.parametrize(
    ("before", "after", "stated", "eased"),
    [
        ([A5], [A9], ["a"], {"clock_starts a"}),
        ([A5], [A9], [], set()),
        ([A5], [A5], ["a"], set()),
        ([A9], [A5], ["a"], set()),
        ([A5], [A_OPEN], ["a"], set()),
        ([A5], [A9_STOPPED], ["a"], set()),
        ([A_OPEN], [A9], ["a"], set()),
        ([clock("a", 5, runs=False)], [A9], ["a"], set()),
        # another clock for the same authority takes its place, or runs beside it
        ([A5], [B9], ["b"], {"clock_starts b"}),
        ([A5], [B3], ["b"], set()),
        ([A5], [A9_STOPPED, B9], ["b"], {"clock_starts b"}),
        ([A5], [A5, B9], ["b"], set()),
        ([A5], [B9], [], set()),
        ([A5], [B_TO_OTHERS], ["b"], set()),
        ([A5], [B_OF_ANOTHER_LAW], ["b"], set()),
        # each clock by itself, whatever stands before it
        ([clock("c", 5, runs=False), clock("d", None), A5], [A9], ["a"], {"clock_starts a"}),
        ([A5, clock("b", 5)], [A9, B9], ["a", "b"], {"clock_starts a", "clock_starts b"}),
        ([A5, clock("b", 5)], [A9, B9], ["b"], {"clock_starts b"}),
    ],
)
def test_a_start_that_is_stated_anew_puts_off_what_ran_only_where_that_ends_later(
    before: list[Clock], after: list[Clock], stated: list[str], eased: set[str]
) -> None:
    def side(clocks: list[Clock], oid: str, starts: dict[str, str]) -> Facts:
        (found, _) = facts_of(tree(oid, clock_starts=starts), policy())
        return replace(found, incidents=tuple(replace(it, clocks=tuple(clocks)) for it in found.incidents))

    pair = FactsPair(side(before, "a", {}), side(after, "b", dict.fromkeys(stated, "2026-11-20T10:00:00Z")), policy())
    found = list(incident_changes(pair))
    assert {name for change in found for name in change.after} == eased
    assert [change.kind for change in found] == ([EASED] if eased else [])


def noticed(day: int | None, hour: int = 0, ends: int | None = 5, runs: bool | None = True) -> Clock:
    """One that ends at the beginning of a day of December, and by which somebody was told on a day."""
    told = None if day is None else datetime(2026, 12, day, hour, tzinfo=UTC)
    return replace(clock("a", ends), runs=runs, noticed_at=told)


MISSED = noticed(None)


@pytest.mark.parametrize(
    ("before", "after", "today", "is_told"),
    [
        (MISSED, noticed(4), 6, True),
        (MISSED, noticed(5), 6, True),
        (noticed(None, runs=None), noticed(4), 6, True),
        (MISSED, noticed(4, ends=9), 6, True),
        # the controls: late as it was, on the day itself, told before, no end, none to tell, no word, another clock
        (MISSED, noticed(5, 1), 6, False),
        (MISSED, noticed(4), 5, False),
        (MISSED, noticed(4), 4, False),
        (MISSED, noticed(4), None, False),
        (noticed(4), noticed(3), 6, False),
        (noticed(None, ends=None), noticed(4), 6, False),
        (noticed(None, runs=False), noticed(4), 6, False),
        (MISSED, MISSED, 6, False),
        (MISSED, replace(noticed(4), id="b"), 6, False),
    ],
)
def test_t64_a_notice_in_time_by_a_clock_that_had_run_out_is_agreed_to(
    before: Clock, after: Clock, today: int | None, is_told: bool
) -> None:
    def side(*clocks: Clock) -> Facts:
        found = facts_of(tree("a"), policy())[0]
        return replace(found, incidents=tuple(replace(it, clocks=clocks) for it in found.incidents))

    day = None if today is None else date(2026, 12, today)
    first = clock("none", None)
    found = list(incident_changes(FactsPair(side(first, before), side(first, after), policy(), today=day)))
    assert [change.kind for change in found] == (["incident-notice-backdated"] if is_told else [])
    if is_told:
        assert found[0].weakening
        assert [*found[0].before] == [*found[0].after] == ["a"]


@pytest.mark.parametrize(
    ("was", "now", "eased"),
    [
        (None, "none", True),
        *((None, kind, False) for kind in ("serious_harm", "property_or_environment", "death", "widespread")),
        *(("none", kind, False) for kind in ("serious_harm", "property_or_environment", "death", "widespread")),
        ("serious_harm", "none", True),
        ("serious_harm", None, True),
        ("serious_harm", "property_or_environment", True),
        ("serious_harm", "death", False),
        ("death", "serious_harm", True),
        ("death", "widespread", False),
        ("widespread", "death", True),
        ("widespread", "critical_infrastructure", True),
    ],
)
def test_how_serious_it_is_reads_milder_unless_it_is_to_be_reported_sooner(
    was: str | None, now: str | None, eased: bool
) -> None:
    found = kinds(tree("a", serious_incident=was), tree("b", serious_incident=now))
    assert found == ({EASED: True} if eased else {})


@pytest.mark.parametrize("name", ["occurred_at", "aware_at"])
def test_a_time_that_becomes_known_rewrites_nothing(name: str) -> None:
    assert kinds(tree("a", **{name: None}), tree("b")) == {}
    assert kinds(tree("a"), tree("b", **{name: None})) == {REWRITTEN: True}, "the control: the way back"


@pytest.mark.parametrize(
    ("now", "files", "rewritten"),
    [
        (["tests/b.py::one"], {"tests/b.py": "1" * 40}, False),
        (["tests/b.py::one"], {"tests/b.py": "2" * 40}, True),
        (["tests/b.py::two"], {"tests/b.py": "1" * 40}, True),
        (["tests/b.py"], {"tests/b.py": "1" * 40}, True),
        (["tests/b.py::one"], {}, True),
        (["tests/b.py::one"], {"tests/b.py": "1" * 40, "tests/a.py": "1" * 40}, False),
        (["tests/a.py::one"], {"tests/a.py": "2" * 40}, False),
    ],
)
@pytest.mark.parametrize("field", ["new_tests", "control_changes"])
def test_what_a_closed_incident_promises_may_move_with_its_file(
    field: str, now: list[str], files: dict[str, str], rewritten: bool
) -> None:
    was = replace(tree("a", **CLOSED | {field: ["tests/a.py::one"]}), incident_files={"tests/a.py": "1" * 40})
    after = replace(tree("b", **CLOSED | {field: now}), incident_files=files)
    assert kinds(was, after) == ({REWRITTEN: True} if rewritten else {})


def test_what_is_no_file_on_either_side_has_not_moved() -> None:
    was, now = (tree(oid, **CLOSED | {"new_tests": [f"tests/{oid}.py::one"]}) for oid in "ab")
    assert kinds(was, now) == {REWRITTEN: True}


def test_an_incident_that_is_dropped_or_opened_is_judged_by_what_base_says() -> None:
    listed = {"annex_iii_points": ["4-a"], "eu_market": True, "role": ["provider"], "us_states": ["CO"]}

    def side(stated: dict[str, Any], *incidents: Document[Incident]) -> Snapshot:
        return snapshot(entry(facts=stated), incidents=incidents)

    def clocks_of(base: Snapshot, result: Snapshot) -> list[tuple[str, list[str]]]:
        before, after = facts_of(base, policy()), facts_of(result, policy())
        (held,) = hold(before, after, changes_between(before, after, base, result, policy()), policy())
        return [(it.id, sorted(clock.id for clock in it.clocks if clock.runs)) for it in held.incidents]

    told = Document("governance/incidents/INC-1.yaml", "a", Incident.model_validate(TOLD), {})
    less = {**listed, "annex_iii_points": []}
    ((id_, running),) = clocks_of(side(listed), side(listed, told))
    assert (id_, "aia-73-2" in running) == ("INC-1", True)
    assert clocks_of(side(listed, told), side(listed)) == [(id_, running)], "dropped, and still open for base"
    assert clocks_of(side(listed), side(less, told)) == [(id_, running)], "what no longer holds is held"
    assert clocks_of(side(less), side(less, told)) == [(id_, [it for it in running if it != "aia-73-2"])]
    assert clocks_of(side(listed), side(less)) == [], "the control: there is none"


def test_a_type_or_clock_that_no_policy_knows_is_a_problem_where_it_stands() -> None:
    def told(**fields: Any) -> list[str]:
        (found, _) = facts_of(tree("1", **fields), policy())
        assert found.incidents[0].values["incident.reopens_data"] is (fields.get("type") == "data_poisoning")
        return [problem.message for problem in found.problems]

    assert told() == told(type="data_poisoning") == []
    assert told(type="no_such_type") == ['there is no type of incident "no_such_type"']

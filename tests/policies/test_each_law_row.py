"""Each row of law under facts by which it applies and facts by which it does not, and on the days around its dates."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from law_witness import DAY, around, conditions_of, result, values, witness, witnesses
from law_world import content, rules
from msgspec.structs import replace

from policy_gate.policy.lint_packs import aged_rows
from policy_gate.schema.law import LawRow, RowResult

ROWS = {row.id: row for row in content().rows}
OPEN = {id_: row for id_, row in ROWS.items() if row.status not in ("superseded", "draft")}
LATER = date(2031, 1, 1)
ONE_DAY = timedelta(days=1)
ROUTES = [(id_, index) for id_, row in OPEN.items() for index in range(len(row.applies))]


def applies(found: RowResult) -> bool:
    return found.state == "enforceable"


def rests(found: RowResult) -> bool:
    return found.state == "not-applicable"


def day_of(row: LawRow) -> date:
    """A day on which the row is in force where it applies at all."""
    return row.until or LATER


def firing(row: LawRow) -> dict[str, Any]:
    found = witness(row, day_of(row), applies)
    assert found is not None, f"no facts make {row.id} apply"
    return found


def test_there_are_as_many_rows_as_the_packs_say() -> None:
    assert len(ROWS) == 218
    assert set(ROWS) - set(OPEN) == {"us-co-sb24-205/all", "us-fed-sr-11-7/all", "us-fed-fda/ai-dsf-draft"}


@pytest.mark.parametrize("id_", OPEN)
def test_a_row_applies_under_some_facts_and_one_other_answer_takes_it_away(id_: str) -> None:
    row = ROWS[id_]
    facts = firing(row)
    taken = [
        (name, value)
        for name in facts
        for value in values(name)
        if result(row, {**facts, name: value}, day_of(row)).state == "not-applicable"
    ]
    assert taken, f"under {facts} no answer to one fact makes {id_} rest"
    deciding = {name for name, _ in taken}
    for name in deciding:
        less = {known: value for known, value in facts.items() if known != name}
        found = result(row, less, day_of(row))
        if any("system.tier" in text for text in conditions_of(row)):
            # What may raise the tier and is not stated raises it.
            assert found.state in ("unknown", "enforceable"), f"{id_} without {name}"
        else:
            assert (found.state, name in found.missing_facts) == ("unknown", True), f"{id_} without {name}"


@pytest.mark.parametrize("id_", OPEN)
def test_a_row_of_a_system_that_says_nothing_is_unknown(id_: str) -> None:
    found = result(ROWS[id_], {}, day_of(ROWS[id_]))
    assert found.state == "unknown"
    assert found.missing_facts


@pytest.mark.parametrize(("id_", "index"), ROUTES)
def test_a_row_begins_on_its_day_by_each_of_its_routes(id_: str, index: int) -> None:
    row = ROWS[id_]
    day = row.applies[index].from_

    def by_this_route(found: RowResult) -> bool:
        return applies(found) and found.applies_from == day

    facts = witness(row, day, by_this_route)
    assert facts is not None, f"{id_} never begins on {day}"
    before, on, after = (result(row, facts, day + step * ONE_DAY) for step in (-1, 0, 1))
    assert (before.state, before.applies_from) == ("upcoming", day)
    assert (on.state, on.applies_from) == ("enforceable", day)
    assert (after.state, after.applies_from) == ("enforceable", day)


def days_compared() -> dict[tuple[str, str], list[str]]:
    """Each fact and day that a condition compares, with the rows that it can decide."""
    found: dict[tuple[str, str], list[str]] = {}
    for id_, row in OPEN.items():
        for text in conditions_of(row):
            for name, day in re.findall(rf'system\.(\w+) < "({DAY.pattern})"', text):
                found.setdefault((name, day), []).append(id_)
    return found


DAYS = days_compared()


def test_every_day_that_stands_in_a_condition_is_compared_with_a_fact() -> None:
    written = {day for row in OPEN.values() for text in conditions_of(row) for day in DAY.findall(text)}
    assert {day for _, day in DAYS} == written
    assert len(DAYS) == 7


@pytest.mark.parametrize(("name", "day"), DAYS)
def test_a_day_in_a_condition_decides_the_day_before_and_not_on_it(name: str, day: str) -> None:
    before, after = ((date.fromisoformat(day) + step * ONE_DAY).isoformat() for step in (-1, 1))

    def told(row: LawRow, facts: dict[str, Any]) -> Any:
        found = result(row, facts, LATER)
        return found.state, found.applies_from, found.missing_facts

    def decides(row: LawRow) -> bool:
        for facts in witnesses(row, LATER, applies, {name: day}):
            if told(row, {**facts, name: before}) != told(row, facts):
                assert told(row, {**facts, name: after}) == told(row, facts)
                return True
        return False

    rows = [ROWS[id_] for id_ in DAYS[name, day]]
    by_route = [row for row in rows if any(route.when and day in route.when.text for route in row.applies)]
    assert all(map(decides, by_route)) if by_route else any(map(decides, rows))


FORMAL = {id_: row.formal_from for id_, row in OPEN.items() if row.formal_from is not None}


@pytest.mark.parametrize(("id_", "day"), FORMAL.items())
def test_a_row_is_on_the_books_by_the_letter_from_its_day_on(id_: str, day: date) -> None:
    row = ROWS[id_]
    facts = witness(row, day, lambda found: found.state == "upcoming")
    assert facts is not None
    told = [result(row, facts, day + step * ONE_DAY) for step in (-1, 0, 1)]
    assert [(it.state, it.is_advised) for it in told] == [("upcoming", False), ("upcoming", True), ("upcoming", True)]


def test_a_row_ends_after_its_last_day() -> None:
    assert not [id_ for id_, row in ROWS.items() if row.until is not None], "judge this one on its own last day"
    row = replace(ROWS["gdpr/art-5"], until=LATER)
    facts = firing(row)
    states = [result(row, facts, LATER + step * ONE_DAY).state for step in (-1, 0, 1)]
    assert states == ["enforceable", "enforceable", "not-applicable"]


@pytest.mark.parametrize("id_", ["us-co-sb24-205/all", "us-fed-sr-11-7/all"])
def test_a_superseded_row_is_never_in_force(id_: str) -> None:
    assert result(ROWS[id_], {}, LATER).state == "superseded"


@pytest.mark.parametrize(("is_device", "state"), [(True, "upcoming"), (False, "not-applicable")])
def test_a_draft_has_no_day(is_device: bool, state: str) -> None:
    found = result(ROWS["us-fed-fda/ai-dsf-draft"], {"medical_device": is_device}, LATER)
    assert (found.state, found.applies_from) == (state, None)


BANNED = {id_: row for id_, row in OPEN.items() if row.prohibited_when is not None}


@pytest.mark.parametrize("id_", BANNED)
def test_a_prohibited_practice_is_told_from_one_that_is_not_done(id_: str) -> None:
    row = BANNED[id_]
    done = witness(row, LATER, lambda it: applies(it) and it.practised)
    not_done = witness(row, LATER, lambda it: applies(it) and not it.practised)
    assert done
    assert not_done


NUMBERS = {
    ("training_compute_flops", 1e25): (
        "eu-ai-act/art-55", {"gpai_provider": True, "commission_designated": False},
        ("enforceable", "not-applicable", "not-applicable"),
    ),
    ("bank_assets_usd", 30e9): (
        "us-fed-sr-26-2/all", {"us_bank": True, "generative_ai": False, "agentic_ai": False},
        ("enforceable", "not-applicable", "not-applicable"),
    ),
    ("org_employees", 250): (
        "gdpr/art-30",
        {"processes_personal_data": True, "eu_residents": True, "occasional_processing": True,
         "special_category_data": False, "risk_to_individuals": "none"},
        ("enforceable", "enforceable", "not-applicable"),
    ),
}  # fmt: skip
"""The numbers that conditions compare, each with a row it decides, and what the row comes to above, at and below it."""

REVENUE = {100e6: ("2028-04-01", "2029-04-01", "2029-04-01"), 50e6: ("2029-04-01", "2029-04-01", "2030-04-01")}
"""What annual revenue decides is a day; the day above, at and below each number."""


def test_every_number_that_a_condition_compares_has_both_its_sides_tested() -> None:
    stated = {
        (name, number)
        for name, fact in rules().facts.items()
        if fact.type in ("DOUBLE", "INT")
        for number in values(name)[1::3]  # each stands between its neighbours
    }
    assert stated == {*NUMBERS, *(("annual_revenue_usd", number) for number in REVENUE)}


@pytest.mark.parametrize(("name", "number"), NUMBERS)
def test_a_number_decides_on_both_its_sides(name: str, number: int | float) -> None:
    id_, facts, states = NUMBERS[name, number]
    sides = (number + 1, number, number - 1) if isinstance(number, int) else around(number)
    found = tuple(result(ROWS[id_], {**facts, name: side}, LATER).state for side in sides)
    assert found == states


def test_a_row_is_looked_at_again_a_year_after_it_was_checked() -> None:
    row = replace(ROWS["gdpr/art-5"], checked_on=date(2026, 11, 22))
    packs = replace(content(), rows=(row,))
    told = [bool(list(aged_rows(packs, date(2027, 11, day)))) for day in (21, 22, 23)]
    assert told == [False, False, True]


@pytest.mark.parametrize("number", REVENUE)
def test_revenue_decides_from_when_a_cybersecurity_audit_is_owed(number: float) -> None:
    facts = {"ccpa_business": True, "cyber_audit_threshold": True}
    found = [
        result(ROWS["us-ca-ccpa/7120"], {**facts, "annual_revenue_usd": side}, LATER).applies_from
        for side in around(number)
    ]
    assert tuple(day.isoformat() for day in found if day) == REVENUE[number]

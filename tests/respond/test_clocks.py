"""The legal clocks: which there are, when each ends, and how it stands on both sides of every end."""

# ruff: noqa: E501 - tables of cases are read one a line

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from clock_world import AWARE, POLICY, RULES, SYSTEM, at, clocks, notified, written
from hypothesis import given
from hypothesis import strategies as st
from law_world import SCREENER, facts_with, results
from msgspec.structs import replace
from pydantic import ValidationError

from policy_gate.respond import business_days
from policy_gate.respond.business_days import NO_HOLIDAYS, not_counted, shifted
from policy_gate.respond.clocks import deadline_of, in_utc, targets_of
from policy_gate.schema.incidents import Clock

AUTHORITY = "market surveillance authority"
SECTION_11 = {
    "gdpr-33": ("72 hours", "aware_at", "gdpr", "supervisory authority", "V GDPR-1"),
    "gdpr-33-2": ("no length", "aware_at", "gdpr", "controller", "V GDPR-1"),
    "gdpr-34": ("no length", "aware_at", "gdpr", "affected people", "V GDPR-1"),
    "aia-73-2": ("15 days", "aware_at", "eu-ai-act", AUTHORITY, "V AIA-5"),
    "aia-73-3": ("2 days", "aware_at", "eu-ai-act", AUTHORITY, "V AIA-5"),
    "aia-73-4": ("10 days", "aware_at", "eu-ai-act", AUTHORITY, "V AIA-5"),
    "aia-26-5": ("no length", "aware_at", "eu-ai-act", "provider, then importer or distributor, then the authority", "V AIA-1"),
    "aia-55-1-c": ("no length", "aware_at", "eu-ai-act", "AI Office", "V AIA-1,2"),
    "aia-52-1": ("14 days", "stated", "eu-ai-act", "Commission", "V AIA-1,2"),
    "hipaa-404": ("60 days", "detected_at", "us-hipaa", "individuals, HHS, and the media where 500 or more are affected", "M"),
    "regb-1002-9": ("30 days", "stated", "us-ecoa", "applicant", "M"),
    "co-1704": ("30 days", "stated", "us-co-sb26-189", "consumer", "V CO-2"),
    "nyc-871-b": ("10 business days before", "stated", "us-nyc-ll144", "candidate", "V NYC-1"),
    "ccpa-7155": ("45 days", "stated", "us-ca-ccpa-admt", "internal", "V CA-1"),
}  # fmt: skip
"""The facts sheet: how long, from when, by which law, whom to tell, and how the row was checked."""
PHASED = {"gdpr-33", "aia-73-2", "aia-73-3", "aia-73-4"}
"""clocks whose first report a complete one may follow"""

RUNS: Mapping[str, Mapping[str, Any]] = {
    "gdpr-33": {},
    "gdpr-33-2": {"data_role": "processor"},
    "gdpr-34": {"risk_to_persons": "high"},
    "aia-73-2": {"serious_incident": "serious_harm"},
    "aia-73-3": {"serious_incident": "critical_infrastructure"},
    "aia-73-4": {"serious_incident": "death"},
    "aia-26-5": {"serious_incident": "fundamental_rights"},
    "aia-55-1-c": {"serious_incident": "property_or_environment"},
    "aia-52-1": {"clock_starts": {"aia-52-1": AWARE}},
    "hipaa-404": {},
    "regb-1002-9": {"clock_starts": {"regb-1002-9": AWARE}},
    "co-1704": {"clock_starts": {"co-1704": AWARE}},
    "nyc-871-b": {"clock_starts": {"nyc-871-b": AWARE}},
    "ccpa-7155": {"clock_starts": {"ccpa-7155": AWARE}},
}
"""what else is said of the leak where this clock runs"""
ENDS = {
    "gdpr-33": "2026-11-23T10:00:00Z",
    "aia-73-2": "2026-12-05T10:00:00Z",
    "aia-73-3": "2026-11-22T10:00:00Z",
    "aia-73-4": "2026-11-30T10:00:00Z",
    "aia-52-1": "2026-12-04T10:00:00Z",
    "hipaa-404": "2027-01-19T09:00:00Z",
    "regb-1002-9": "2026-12-20T10:00:00Z",
    "co-1704": "2026-12-20T10:00:00Z",
    "nyc-871-b": "2026-11-05T10:00:00Z",
    "ccpa-7155": "2027-01-04T10:00:00Z",
}
"""when each ends that has a length; of of the days before 20 November one is a holiday"""


def _length(id_: str) -> str:
    spec = RULES.clocks[id_]
    named = {"hours": spec.hours, "days": spec.days, "business days": spec.business_days}
    said = [f"{number} {unit}" for unit, number in named.items() if number is not None]
    return " ".join([*(said or ["no length"]), *(["before"] if spec.before else [])])


def test_the_clocks_are_those_of_the_facts_sheet() -> None:
    assert set(RULES.clocks) == set(SECTION_11)


@pytest.mark.parametrize("id_", SECTION_11)
def test_each_clock_says_how_long_from_when_to_whom_and_how_it_was_checked(id_: str) -> None:
    spec = RULES.clocks[id_]
    length, starts, law, recipient, checked = SECTION_11[id_]
    assert (_length(id_), spec.starts, spec.law, spec.checked) == (length, starts, law, checked)
    assert spec.recipient == recipient or (recipient == AUTHORITY and spec.recipient.startswith(AUTHORITY))
    assert spec.citation
    assert (spec.reports == ("initial", "complete")) is (id_ in PHASED)


def test_every_law_is_one_that_the_policies_know() -> None:
    assert {spec.law for spec in RULES.clocks.values()} <= set(POLICY.regulations)


@pytest.mark.parametrize("id_", RUNS)
def test_each_clock_can_run(id_: str) -> None:
    clock = clocks(written(**RUNS[id_]))[id_]
    assert (clock.runs, clock.missing, clock.because) == (True, (), "")
    assert in_utc(clock.deadline) == ENDS.get(id_)


@pytest.mark.parametrize("id_", ENDS)
def test_each_clock_stands_otherwise_on_both_sides_of_its_end(id_: str) -> None:
    clock, end = clocks(written(**RUNS[id_]))[id_], at(ENDS[id_])
    second = timedelta(seconds=1)
    assert [clock.state(end + it) for it in (-second, second * 0, second)] == ["running", "running", "overdue"]
    assert [clock.remaining(end + it) for it in (-second, second * 0, second)] == [second, second * 0, -second]
    binds = clock.applies_from is None
    assert [clock.is_missed(end + it) for it in (-second, second * 0, second)] == [False, False, binds]


@pytest.mark.parametrize("id_", sorted(it.id for it in RULES.clocks.values() if it.applies_from and it.id in ENDS))
def test_missing_a_clock_is_in_nobodys_way_before_its_law_binds(id_: str) -> None:
    first = RULES.clocks[id_].applies_from
    assert first is not None
    clock = clocks(written(**RUNS[id_]))[id_]
    assert f"Binds from {first} on" in clock.note
    day = datetime(first.year, first.month, first.day, tzinfo=UTC)
    for end, binds in ((day - timedelta(seconds=1), False), (day, True)):
        moved = replace(clock, deadline=end)
        assert (moved.state(end + timedelta(hours=1)), moved.is_missed(end + timedelta(hours=1))) == ("overdue", binds)


PRODUCT: Mapping[str, Any] = {"system.law_class": ["eu-ai-act:high-risk-annex-i"], "system.annex_iii_points": []}


@pytest.mark.parametrize("id_", sorted(it.id for it in RULES.clocks.values() if it.binds_later))
@pytest.mark.parametrize(
    ("system", "without", "binds"),
    [
        (PRODUCT, (), "2028-08-02"),
        ({**PRODUCT, "system.law_class": ["eu-ai-act:high-risk-annex-i", "eu-ai-act:high-risk-annex-iii"]}, (), "2027-12-02"),
        ({**PRODUCT, "system.annex_iii_points": ["5-b"]}, (), "2027-12-02"),
        (PRODUCT, ("system.annex_iii_points",), "2027-12-02"),
        ({}, (), "2027-12-02"),
    ],
    ids=["a product alone", "in a listed use", "in one that is exempt", "whose use nobody stated", "a listed use"],
)  # fmt: skip
def test_a_report_binds_with_the_rows_that_make_its_system_high_risk(
    id_: str, system: Mapping[str, Any], without: tuple[str, ...], binds: str
) -> None:
    stated = {name: it for name, it in {**SYSTEM, **system}.items() if name not in without}
    clock = clocks(written(**RUNS[id_]), stated)[id_]
    assert (clock.runs, str(clock.applies_from)) == (True, binds)
    assert f"Binds from {binds} on" in clock.note


ROWS = {
    "aia-73-2": "eu-ai-act/art-73",
    "aia-73-3": "eu-ai-act/art-73",
    "aia-73-4": "eu-ai-act/art-73",
    "aia-26-5": "eu-ai-act/art-26-5",
}


@pytest.mark.parametrize("id_", ROWS)
@pytest.mark.parametrize(
    ("facts", "binds"),
    [
        ({}, None),
        ({"placed_on_market_date": "2027-12-01"}, None),
        ({"placed_on_market_date": "2027-12-02"}, "2027-12-02"),
        ({"placed_on_market_date": "none"}, "2027-12-02"),
        ({"significant_design_change_date": "2027-12-01"}, None),
        ({"significant_design_change_date": "2027-12-02"}, "2027-12-02"),
        ({"org_type": ["bank", "public-body"]}, "2030-08-02"),
        ({"org_type": ["public-body"], "placed_on_market_date": "2027-12-02"}, "2027-12-02"),
        ({"annex_iii_points": []}, None),
        ({"annex_iii_points": [], "placed_on_market_date": "2028-08-01"}, None),
        ({"annex_iii_points": [], "placed_on_market_date": "2028-08-02"}, "2028-08-02"),
        ({"annex_iii_points": [], "org_type": ["public-body"], "placed_on_market_date": "2028-01-01"}, "2030-08-02"),
    ],
    ids=str,
)  # fmt: skip
def test_a_report_rests_and_binds_with_its_row_of_law(id_: str, facts: Mapping[str, Any], binds: str | None) -> None:
    legacy = {"placed_on_market_date": "2025-05-01", "significant_design_change_date": "none"}
    product = {"annex_i_section": "a", "annex_i_safety_component": True, "annex_i_third_party_assessment": True}
    stated = {**SCREENER, **product, **legacy, **facts}
    clock = clocks(written(**RUNS[id_]), facts_with(stated).values)[id_]
    row = results(stated, date(2026, 11, 22))[ROWS[id_]]
    if binds is None:
        assert (clock.runs, "Article 111" in clock.because) == (False, True)
        assert row.state == "not-applicable"
    else:
        assert (clock.runs, str(clock.applies_from)) == (True, binds)
        assert (row.state, str(row.applies_from)) == ("upcoming", binds)


@pytest.mark.parametrize("gone", ["placed_on_market_date", "significant_design_change_date", "org_type"])
def test_no_report_rests_by_what_nobody_stated(gone: str) -> None:
    legacy = {"placed_on_market_date": "2025-05-01", "significant_design_change_date": "none", "org_type": ["bank"]}
    values = {**SYSTEM, **{f"system.{name}": it for name, it in legacy.items() if name != gone}}
    values = {name: it for name, it in values.items() if name != f"system.{gone}"}
    clock = clocks(written(**RUNS["aia-73-2"]), values)["aia-73-2"]
    assert (clock.runs, str(clock.applies_from)) == (True, "2027-12-02")


@pytest.mark.parametrize("id_", ENDS)
def test_each_notice_is_met_or_late_on_both_sides_of_the_end(id_: str) -> None:
    end, now = at(ENDS[id_]), at(ENDS[id_], days=400)
    found = []
    for seconds in (-1, 0, 1):
        told = end + timedelta(seconds=seconds)
        clock = clocks(written(**RUNS[id_], timeline=[notified(id_, told)]))[id_]
        found.append((clock.state(now), clock.remaining(now), clock.is_missed(now)))
    second = timedelta(seconds=1)
    assert found == [("met", second, False), ("met", second * 0, False), ("late", -second, False)]


@pytest.mark.parametrize("id_", sorted(set(RUNS) - set(ENDS)))
def test_a_clock_without_a_length_runs_until_somebody_is_told(id_: str) -> None:
    far = at(AWARE, days=4000)
    clock = clocks(written(**RUNS[id_]))[id_]
    assert (clock.state(far), clock.remaining(far), clock.is_missed(far)) == ("running", None, False)
    told = clocks(written(**RUNS[id_], timeline=[notified(id_, at(AWARE, days=3))]))[id_]
    assert (told.state(far), told.remaining(far)) == ("met", None)


NOT_REQUIRED = [
    ("gdpr-33", {"personal_data_exposed": False}, {}, "no personal data was exposed"),
    ("gdpr-33", {"eu_residents_affected": False}, {}, "nobody in the EU is affected"),
    ("gdpr-33", {"data_role": "processor"}, {}, "the data was handled for somebody else, who tells the authority"),
    ("gdpr-33", {"risk_to_persons": "none"}, {}, "a risk to persons is unlikely"),
    ("gdpr-33", {"not_required": {"gdpr-33": "told by our parent company"}}, {}, "told by our parent company"),
    ("gdpr-33-2", {}, {}, "the data is our own; nobody else is the controller"),
    ("gdpr-34", {}, {}, "the risk to persons is not high"),
    ("gdpr-34", {"risk_to_persons": "high", "not_required": {"gdpr-34": "it was encrypted"}}, {}, "it was encrypted"),
    ("aia-73-2", {}, {}, "it is no serious incident"),
    ("aia-73-2", {"serious_incident": "death"}, {}, "a shorter time runs for this kind of serious incident"),
    ("aia-73-2", {"serious_incident": "widespread"}, {}, "a shorter time runs for this kind of serious incident"),
    ("aia-73-2", {"serious_incident": "critical_infrastructure"}, {}, "a shorter time runs for this kind of serious incident"),
    ("aia-73-2", {"serious_incident": "serious_harm"}, {"system.law_class": [], "system.annex_iii_points": []}, "the system is in no class of high risk"),
    ("aia-73-2", {"serious_incident": "serious_harm"}, {"system.role": ["deployer"]}, "we do not provide the system"),
    ("aia-73-3", {"serious_incident": "death"}, {}, "it is neither widespread nor a disruption of critical infrastructure"),
    ("aia-73-4", {"serious_incident": "widespread"}, {}, "nobody died"),
    ("aia-26-5", {"serious_incident": "serious_harm"}, {"system.role": ["provider"]}, "we do not deploy the system"),
    ("aia-55-1-c", {"serious_incident": "serious_harm"}, {"system.gpai_provider": False}, "we provide no general-purpose model"),
    ("aia-55-1-c", {"serious_incident": "serious_harm"}, {"system.commission_designated": False, "system.training_compute_flops": 9.9e24}, "the model has no systemic risk"),
    ("aia-55-1-c", {"serious_incident": "serious_harm"}, {"system.commission_designated": False, "system.training_compute_flops": 1e25}, "the model has no systemic risk"),
    ("hipaa-404", {}, {"system.us_phi": False}, "the system handles no health data under HIPAA"),
    *((id_, {}, {}, f"nothing here starts it; state when under clock_starts: {id_}") for id_, row in SECTION_11.items() if row[1] == "stated"),
]  # fmt: skip


@pytest.mark.parametrize(("id_", "said", "system", "because"), NOT_REQUIRED)
def test_a_clock_that_does_not_run_says_why(
    id_: str, said: dict[str, Any], system: dict[str, Any], because: str
) -> None:
    clock, far = clocks(written(**said), {**SYSTEM, **system})[id_], at(AWARE, days=4000)
    assert (clock.state(far), clock.because, clock.remaining(far)) == ("not-required", because, None)
    assert not clock.is_missed(far)


LACKING = [
    ("gdpr-33", {}, "personal_data_exposed", ["incident.personal_data_exposed"]),
    ("gdpr-33", {}, "eu_residents_affected", ["incident.eu_residents_affected"]),
    ("gdpr-33", {}, "risk_to_persons", ["incident.risk_to_persons"]),
    ("gdpr-33", {}, "aware_at", ["incident.aware_at"]),
    ("gdpr-34", {}, "risk_to_persons", ["incident.risk_to_persons"]),
    ("aia-73-2", {}, "serious_incident", ["incident.serious_incident"]),
    ("aia-73-2", {"serious_incident": "serious_harm"}, "system.role", ["system.role"]),
    ("aia-73-4", {"serious_incident": "death"}, "system.annex_iii_points", []),
    ("hipaa-404", {}, "system.us_phi", ["system.us_phi"]),
]


@pytest.mark.parametrize(("id_", "said", "without", "missing"), LACKING)
def test_what_nobody_stated_leaves_a_clock_unknown_and_is_named(
    id_: str, said: dict[str, Any], without: str, missing: list[str]
) -> None:
    system = {name: value for name, value in SYSTEM.items() if name != without}
    clock = clocks(written(without, **said), system)[id_]
    assert list(clock.missing) == missing
    assert clock.state(at(AWARE)) == ("unknown" if missing else "running")


def test_a_clock_that_may_run_is_missed_once_its_time_is_over() -> None:
    clock = clocks(written("risk_to_persons"))["gdpr-33"]
    assert clock.state(at(AWARE, hours=73)) == "unknown"
    assert [clock.is_missed(at(AWARE, hours=it)) for it in (72, 73)] == [False, True]
    told = clocks(written("risk_to_persons", timeline=[notified("gdpr-33", at(AWARE, hours=80))]))["gdpr-33"]
    assert told.state(at(AWARE, hours=90)) == "late"


def test_a_fact_that_stops_a_clock_does_so_whatever_else_lacks() -> None:
    clock = clocks(written("aware_at", personal_data_exposed=False), {})["hipaa-404"]
    assert (clock.state(at(AWARE)), clock.missing) == ("not-required", ())


def test_the_start_of_a_clock_can_be_another_moment_than_that_of_the_incident() -> None:
    clock = clocks(written(clock_starts={"gdpr-33": "2026-11-20T12:00:00Z"}))["gdpr-33"]
    assert (in_utc(clock.starts_at), in_utc(clock.deadline)) == ("2026-11-20T12:00:00Z", "2026-11-23T12:00:00Z")


def test_a_first_report_stays_marked_until_the_complete_one() -> None:
    first = notified("aia-73-4", at(AWARE, days=1), report="initial")
    rest = notified("aia-73-4", at(AWARE, days=20), report="complete")
    some = clocks(written(serious_incident="death", timeline=[first]))["aia-73-4"]
    both = clocks(written(serious_incident="death", timeline=[first, rest]))["aia-73-4"]
    assert [(it.is_partial, it.state(at(AWARE, days=30))) for it in (some, both)] == [(True, "met"), (False, "met")]
    alone = clocks(written(**RUNS["gdpr-34"], timeline=[notified("gdpr-34", at(AWARE, days=1), report="initial")]))
    assert not alone["gdpr-34"].is_partial


def test_a_notice_for_another_clock_meets_none() -> None:
    said = [notified("gdpr-34", at(AWARE, hours=1)), {**notified("gdpr-33", at(AWARE, hours=1)), "step": "note"}]
    assert clocks(written(timeline=said))["gdpr-33"].state(at(AWARE, hours=80)) == "overdue"


def test_the_minutes_of_a_severity_run_from_detection_and_are_met_by_their_step() -> None:
    steps = [{"at": "2026-11-20T10:00:01Z", "step": "triaged", "by": "rae"}]
    found = {it.id: it for it in targets_of(written(timeline=steps), RULES)}
    now = at("2026-11-20T11:00:00Z")
    assert {id_: it.state(now) for id_, it in found.items()} == {
        "sla-triage": "late", "sla-containment": "running", "sla-leadership-notify": "running",
    }  # fmt: skip
    assert found["sla-triage"].remaining(now) == timedelta(seconds=-1)


@pytest.mark.parametrize(
    ("ended", "states"),
    [("2026-11-20T09:40:00Z", ["met", "met", "overdue"]), ("2026-11-20T10:30:00Z", ["late", "met", "overdue"])],
)
def test_what_is_resolved_was_triaged_and_contained_by_then_and_nobody_told_leadership(
    ended: str, states: list[str]
) -> None:
    """Without a step of its own it stayed overdue for ever, of an incident that was over within the hour."""
    found = targets_of(written(timeline=[{"at": ended, "step": "resolved", "by": "rae"}]), RULES)
    assert [it.state(at("2027-05-01T00:00:00Z")) for it in found] == states
    assert found[0].state(at("2026-11-20T09:30:00Z")) == "running"


def test_a_step_of_its_own_goes_before_the_end_of_the_incident() -> None:
    steps = [
        {"at": "2026-11-20T10:30:00Z", "step": "triaged", "by": "rae"},
        {"at": "2026-11-20T10:40:00Z", "step": "resolved", "by": "rae"},
    ]
    triage, *_ = targets_of(written(timeline=steps), RULES)
    assert triage.noticed_at == at("2026-11-20T10:30:00Z")


# Business days

NEW_YORK: Final = "America/New_York"
FRIDAY, SATURDAY, SUNDAY, MONDAY = "2026-11-06", "2026-11-07", "2026-11-08", "2026-11-09"


@pytest.mark.parametrize(
    ("start", "days", "calendar", "end"),
    [
        (FRIDAY, 0, None, FRIDAY),
        (SATURDAY, 0, None, SATURDAY),
        (FRIDAY, 1, None, MONDAY),
        (SATURDAY, 1, None, MONDAY),
        (SUNDAY, 1, None, MONDAY),
        (MONDAY, -1, None, FRIDAY),
        (SUNDAY, -1, None, FRIDAY),
        (SATURDAY, -1, None, FRIDAY),
        (MONDAY, 5, None, "2026-11-16"),
        (MONDAY, -5, None, "2026-11-02"),
        ("2026-11-20", -10, None, FRIDAY),
        ("2026-11-20", -10, "US", "2026-11-05"),
        ("2026-11-10", -5, "US", "2026-11-03"),
        ("2026-11-10", -5, "US-NY", "2026-11-02"),
        ("2026-11-25", 1, "US-NY", "2026-11-27"),
        ("2027-07-02", 1, "US", "2027-07-06"),
        ("2028-02-28", 1, None, "2028-02-29"),
        ("2027-01-05", -10, "US-NY", "2026-12-18"),
    ],
)
def test_business_days_leave_out_weekends_and_holidays(start: str, days: int, calendar: str | None, end: str) -> None:
    """11 November is Veterans Day, 3 November Election Day in New York; Independence Day of 2027 is kept on a Monday."""
    assert shifted(at(f"{start}T09:00:00-05:00"), days, calendar) == at(f"{end}T09:00:00-05:00")


def test_a_day_begins_by_the_clock_of_the_place() -> None:
    """Monday midnight in New York is Monday there, and Sunday by a clock in Los Angeles."""
    by_place = {
        shifted(at(it), -1, None, NEW_YORK) for it in ("2026-11-10T00:30:00-05:00", "2026-11-09T21:30:00-08:00")
    }
    as_written = [shifted(at(it), -1, None) for it in ("2026-11-10T00:30:00-05:00", "2026-11-09T21:30:00-08:00")]
    assert by_place == {at("2026-11-09T00:30:00-05:00")}
    assert as_written == [at("2026-11-09T00:30:00-05:00"), at("2026-11-06T21:30:00-08:00")]


def test_the_time_of_day_stays_while_clocks_are_put_back() -> None:
    """Clocks in New York went back on Sunday, 1 November 2026."""
    assert in_utc(shifted(at("2026-11-03T09:00:00-05:00"), -2, None, NEW_YORK)) == "2026-10-30T13:00:00Z"


@pytest.fixture
def without_holidays(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "holidays", None)
    business_days._holidays.cache_clear()
    yield
    business_days._holidays.cache_clear()


@pytest.mark.usefixtures("without_holidays")
def test_without_the_library_holidays_count_and_the_clock_says_so() -> None:
    clock = clocks(written(**RUNS["nyc-871-b"]))["nyc-871-b"]
    assert in_utc(clock.deadline) == "2026-11-06T10:00:00Z"
    assert NO_HOLIDAYS in clock.note
    assert NO_HOLIDAYS not in clocks(written())["gdpr-33"].note


def test_with_the_library_nothing_is_said_of_holidays() -> None:
    assert NO_HOLIDAYS not in clocks(written(**RUNS["nyc-871-b"]))["nyc-871-b"].note


def test_places_that_nobody_knows_are_told() -> None:
    assert not_counted("US-NY", NEW_YORK) == ()
    assert not_counted("XX", "Atlantis/Capital") == (
        "no holidays of XX are known, so none are counted",
        "the zone Atlantis/Capital is not known here, so days begin as the time is written",
    )
    assert shifted(at(f"{FRIDAY}T09:00:00Z"), 1, "XX", "Atlantis/Capital") == at(f"{MONDAY}T09:00:00Z")


# What holds for all moments

ZONES = [ZoneInfo(name) for name in (NEW_YORK, "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")]
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
ANYWHERE = st.one_of(OFFSETS, st.sampled_from(ZONES))
MOMENTS = st.one_of(
    st.datetimes(datetime(2001, 1, 1), datetime(2198, 12, 31)),
    st.sampled_from([datetime(2028, 2, 29, 0), datetime(2026, 10, 25, 1, 30), datetime(2027, 3, 14, 7, 30)]),
).map(lambda moment: moment.replace(tzinfo=UTC))
"""any moment, and those around which leap days and changes of clocks lie"""
LENGTHS = st.sampled_from([spec for spec in RULES.clocks.values() if _length(spec.id) != "no length"])
SPANS = st.timedeltas(timedelta(days=-500), timedelta(days=500))


@given(LENGTHS, MOMENTS, ANYWHERE, ANYWHERE)
def test_a_moment_gives_one_deadline_in_whatever_zone_it_is_written(
    spec: Any, start: Any, here: Any, there: Any
) -> None:
    ends = [deadline_of(spec, start.astimezone(zone)) for zone in (UTC, here, there)]
    assert len({in_utc(it) for it in ends}) == 1
    assert [it.utcoffset() is not None for it in ends if it] == [True] * 3


@given(LENGTHS, MOMENTS, ANYWHERE)
def test_hours_and_days_are_elapsed_time(spec: Any, start: datetime, zone: Any) -> None:
    if spec.business_days is None:
        end = deadline_of(spec, start.astimezone(zone))
        assert end is not None
        length = timedelta(hours=spec.hours or 0, days=spec.days or 0)
        assert end.astimezone(UTC) - start == (-length if spec.before else length)


@given(LENGTHS, MOMENTS, MOMENTS)
def test_a_clock_that_starts_later_ends_no_sooner(spec: Any, one: datetime, other: datetime) -> None:
    ends = [deadline_of(spec, it) for it in sorted((one, other))]
    if spec.business_days is None:
        assert ends[0] is not None
        assert ends[1] is not None
        assert ends[0] <= ends[1]


@given(MOMENTS, st.integers(-40, 40), st.sampled_from([None, "US-NY", "DE"]))
def test_as_many_business_days_lie_between_as_were_asked_for(start: datetime, days: int, calendar: str | None) -> None:
    import holidays

    free = holidays.country_holidays(*calendar.split("-")) if calendar else {}
    end = shifted(start, days, calendar)
    assert end.timetz() == start.timetz()
    between = sorted((start.date(), end.date()))
    passed = [between[0] + timedelta(days=it) for it in range((between[1] - between[0]).days + 1)]
    worked = [it for it in passed if it != start.date() and it.isoweekday() < 6 and it not in free]
    assert len(worked) == abs(days)
    assert days == 0 or end.date() in worked


def _clock(end: datetime, told: datetime | None = None) -> Clock:
    clock = clocks(written())["gdpr-33"]
    return replace(clock, deadline=end, noticed_at=told)


RANK = {"running": 0, "overdue": 1, "met": 0, "late": 1}
NOTICES = st.none() | SPANS


@given(MOMENTS, SPANS, SPANS, ANYWHERE, NOTICES)
def test_a_clock_never_gets_better_by_waiting(
    end: datetime, one: timedelta, other: timedelta, zone: Any, told: timedelta | None
) -> None:
    """Running may become overdue, and either the notice that it came to; what was met or late stays so."""
    clock = _clock(end, None if told is None else end + told)
    early, late = sorted((end + one, end + other))
    assert RANK[clock.state(early.astimezone(zone))] <= RANK[clock.state(late)]
    if clock.state(early) in ("met", "late"):
        assert clock.state(late) == clock.state(early)
    if told is None:
        assert clock.is_missed(early) <= clock.is_missed(late)


@given(MOMENTS, SPANS, SPANS, ANYWHERE)
def test_what_is_left_shrinks_as_time_goes_by(end: datetime, now: timedelta, later: timedelta, zone: Any) -> None:
    clock = _clock(end)
    left, then = clock.remaining((end + now).astimezone(zone)), clock.remaining(end + now + later)
    assert left is not None
    assert then == left - later
    assert (left < timedelta()) is (clock.state(end + now) == "overdue")


@given(MOMENTS, SPANS, SPANS, SPANS)
def test_a_later_notice_is_never_better(end: datetime, one: timedelta, other: timedelta, now: timedelta) -> None:
    first, second = (_clock(end, end + it) for it in sorted((one, other)))
    assert RANK[first.state(end + now)] <= RANK[second.state(end + now)]
    assert first.is_missed(end + now) <= second.is_missed(end + now)
    left = [it.remaining(end + now) for it in (first, second)]
    assert left[0] is not None
    assert left[1] is not None
    assert left[0] >= left[1]


def test_a_notice_that_is_still_to_come_meets_nothing() -> None:
    """Whoever writes down today what they mean to send tomorrow has told nobody."""
    told = notified("gdpr-33", at(AWARE, hours=71))
    clock = clocks(written(timeline=[told]))["gdpr-33"]
    assert [clock.state(at(AWARE, hours=it)) for it in (70, 71, 72, 80)] == ["running", "met", "met", "met"]
    assert [clock.remaining(at(AWARE, hours=it)) for it in (70, 80)] == [timedelta(hours=2), timedelta(hours=1)]
    late = clocks(written(timeline=[notified("gdpr-33", at(AWARE, hours=100))]))["gdpr-33"]
    assert [late.state(at(AWARE, hours=it)) for it in (72, 99, 100)] == ["running", "overdue", "late"]
    assert [late.is_missed(at(AWARE, hours=it)) for it in (72, 99, 100)] == [False, True, False]


STATED = ("aware_at", "occurred_at", "eu_residents_affected", "personal_data_exposed", "risk_to_persons", "serious_incident", "affected_users_estimate")  # fmt: skip
INCIDENTS = st.fixed_dictionaries(
    {
        "eu_residents_affected": st.booleans(),
        "personal_data_exposed": st.booleans(),
        "risk_to_persons": st.sampled_from(["none", "risk", "high"]),
        "serious_incident": st.sampled_from(["none", "death", "serious_harm", "critical_infrastructure", "widespread"]),
        "data_role": st.sampled_from(["controller", "processor"]),
    }
)
SYSTEMS = st.fixed_dictionaries(
    {
        "system.law_class": st.sampled_from([[], ["eu-ai-act:high-risk-annex-iii"], ["gdpr:controller"]]),
        "system.annex_iii_points": st.sampled_from([[], ["4-a"]]),
        "system.role": st.sampled_from([[], ["provider"], ["deployer"], ["provider", "deployer"]]),
        "system.gpai_provider": st.booleans(),
        "system.commission_designated": st.booleans(),
        "system.training_compute_flops": st.sampled_from([1e24, 1e25, 1.1e25]),
        "system.us_phi": st.booleans(),
    }
)


@given(INCIDENTS, SYSTEMS, st.sets(st.sampled_from([*STATED, *SYSTEM])), SPANS)
def test_a_fact_that_is_taken_away_stops_no_clock(
    said: dict[str, Any], system: dict[str, Any], gone: set[str], span: timedelta
) -> None:
    now = at(AWARE) + span
    full = clocks(written(**said), system)
    less = clocks(written(*gone, **said), {name: value for name, value in system.items() if name not in gone})
    for id_, clock in full.items():
        if clock.state(now) != "not-required":
            assert less[id_].state(now) != "not-required", id_
            ends = less[id_].deadline
            if "aware_at" in gone and clock.deadline is not None:
                assert ends is not None, "it runs out, whoever leaves out when it began"
                assert ends <= clock.deadline
            else:
                assert ends == clock.deadline


@given(INCIDENTS, SYSTEMS)
def test_who_does_not_say_how_the_data_was_handled_is_the_controller(
    said: dict[str, Any], system: dict[str, Any]
) -> None:
    now = at(AWARE)
    stated = clocks(written(**{**said, "data_role": "controller"}), system)
    left_out = clocks(written("data_role", **said), system)
    assert {id_: it.state(now) for id_, it in left_out.items()} == {id_: it.state(now) for id_, it in stated.items()}


# Moments as they are written


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20T10:00:00", "2026-11-20", "2026-02-29T10:00:00Z", "2026-11-20T24:30:00Z", "20.11.2026 10:00Z",
        "1999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2200-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
    ],
)  # fmt: skip
def test_a_moment_without_zone_or_out_of_reach_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="time"):
        written(aware_at=text)


@pytest.mark.parametrize("text", ["2000-01-01T00:00:00+14:00", "2199-12-31T23:59:59-12:00"])
def test_a_moment_at_the_edge_of_reach_is_counted(text: str) -> None:
    starts = {id_: text for id_, row in SECTION_11.items() if row[1] == "stated"}
    said = written("occurred_at", detected_at=text, aware_at=text, clock_starts=starts, serious_incident="death")
    assert all(in_utc(it.deadline) for id_, it in clocks(said).items() if it.runs and id_ in ENDS)

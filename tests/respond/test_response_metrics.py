"""How fast incidents were answered: counts, median and worst, and that what is late is never hidden."""

from __future__ import annotations

from dataclasses import dataclass

from desk_facts import at, seen
from hypothesis import given
from hypothesis import strategies as st

from policy_gate.respond.metrics import TimeSummary, grouped, measured

NOW = at("25T00:00")


def test_done_in_time_and_late() -> None:
    facts = [seen("triaged 20T09:30"), seen("triaged 20T10:00"), seen("triaged 20T12:00")]
    found = measured(facts, NOW)["triage"]
    assert found == TimeSummary(count=3, within=2, late=1, overdue=0, pending=0, median=60.0, worst=180.0)


def test_what_is_not_done_and_out_of_time_counts_as_worst() -> None:
    found = measured([seen("triaged 20T09:30"), seen()], at("20T19:00"))["triage"]
    assert (found.count, found.overdue, found.pending) == (1, 1, 0)
    assert (found.median, found.worst) == (30.0, 600.0)


def test_what_was_done_before_anybody_saw_it_took_no_time() -> None:
    found = measured([seen("contained 20T08:30")], NOW)["containment"]
    assert (found.within, found.median, found.worst) == (1, 0.0, 0.0)


def test_what_has_time_left_is_neither() -> None:
    found = measured([seen()], at("20T09:10"))["containment"]
    assert found == TimeSummary(count=0, within=0, late=0, overdue=0, pending=1, median=None, worst=None)


def test_notices_are_measured_by_their_clocks() -> None:
    facts = [seen("notified 20T15:00 gdpr-33"), seen("notified 24T10:00 gdpr-33"), seen(eu_residents_affected=False)]
    found = measured(facts, NOW)["notice"]
    assert (found.count, found.within, found.late, found.overdue) == (2, 1, 1, 0)
    assert found.worst == 96 * 60


def test_what_may_run_is_not_measured() -> None:
    assert measured([seen(risk_to_persons=None)], NOW)["notice"].overdue == 0
    assert measured([seen()], NOW)["notice"].overdue == 1


def test_resolution_has_no_limit() -> None:
    found = measured([seen("resolved 22T09:00"), seen()], NOW)["resolution"]
    assert found == TimeSummary(count=1, within=0, late=0, overdue=0, pending=1, median=2880.0, worst=2880.0)


def test_nothing_is_measured_of_no_incident() -> None:
    empty = TimeSummary(count=0, within=0, late=0, overdue=0, pending=0, median=None, worst=None)
    assert set(measured([], NOW).values()) == {empty}


def test_groups_stand_in_the_order_given_and_hold_each_incident_once() -> None:
    facts = [seen(severity="low"), seen(severity="critical"), seen(severity="low", type="availability")]
    by = grouped(facts, "severity", ("critical", "high", "medium", "low"))
    assert [(name, len(found)) for name, found in by.items()] == [("critical", 1), ("low", 2)]
    assert list(grouped(facts, "type", ())) == ["availability", "privacy_violation"]


@dataclass(frozen=True)
class Minutes:
    """How long after detection each of a few incidents was triaged; None where it was not."""

    taken: tuple[int | None, ...]


@given(st.lists(st.none() | st.integers(0, 4000), max_size=6).map(tuple).map(Minutes))
def test_every_incident_counts_once_in_each_measure(minutes: Minutes) -> None:
    facts = []
    for taken in minutes.taken:
        day, rest = divmod(9 * 60 + (taken or 0), 1440)
        step = () if taken is None else (f"triaged {20 + day}T{rest // 60:02}:{rest % 60:02}",)
        facts.append(seen(*step))
    found = measured(facts, NOW)["triage"]
    done = [it for it in minutes.taken if it is not None]
    assert found.count == len(done) == found.within + found.late
    assert found.within == sum(it <= 60 for it in done)
    assert found.overdue == len(minutes.taken) - len(done)
    assert found.pending == 0

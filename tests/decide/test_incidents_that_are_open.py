"""Which incidents a report lists, in what order; and one of base that nobody can read holds a promotion back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from clock_world import written
from decision_world import EMPTY, RULES, facts, options, system_change
from msgspec.structs import replace

from policy_gate.decide.document_problems import problems_verdict, unread_incidents
from policy_gate.decide.open_incidents import open_incidents
from policy_gate.decide.subject_digest import subject
from policy_gate.decide.system_change import SystemChange
from policy_gate.schema.incidents import TIMES, Clock, IncidentFact
from policy_gate.schema.report import IncidentReport
from policy_gate.schema.source import Document

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
RESOLVED = [{"at": "2026-11-24T12:00:00Z", "step": "resolved", "by": "rae"}]
UNREAD = "governance/incidents/INC-1.yaml"


def clock(runs: bool | None = True, hours: float | None = None, told: float | None = None, id_: str = "c") -> Clock:
    """One that ends, and whose notice went out, so many hours from now."""
    ends, noticed = (NOW + timedelta(hours=it) if it is not None else None for it in (hours, told))
    return Clock(id_, "Clock", "law", "authority", runs, deadline=ends, noticed_at=noticed)


def incident(*clocks: Clock, id_: str = "INC-1", resolved: bool = True, **fields: Any) -> IncidentFact:
    told = written(id=id_, timeline=RESOLVED if resolved else [])
    return IncidentFact(Document(UNREAD, "", told, {}), {}, {}, clocks, **fields)


def test_what_data_an_incident_puts_in_doubt_is_told_to_who_approves_a_gate_and_to_nobody_else() -> None:
    doubted = replace(incident(), values={"incident.reopens_data": True})
    sound = replace(incident(id_="INC-2"), values={"incident.reopens_data": False})
    change = system_change(replace(facts(), incidents=(doubted, sound)))

    def suspected(for_: str) -> str | None:
        return dict(subject(for_, change, (), (), RULES, options()).parts).get("suspected data")

    assert suspected("production-deployment") == "INC-1"
    assert suspected("weakening") is None


def listed(*found: IncidentFact) -> tuple[IncidentReport, ...]:
    return open_incidents([system_change(replace(facts(), incidents=found))], NOW)


@pytest.mark.parametrize(
    ("found", "is_listed"),
    [
        (incident(resolved=False), True),
        (incident(), False),
        (incident(duties_open=("review",)), True),
        (incident(tests_open=("test_tenants",)), True),
        (incident(clock(hours=1)), True),
        (incident(clock()), True),
        (incident(clock(hours=-1)), True),
        (incident(clock(hours=-1, told=-2)), False),
        (incident(clock(hours=-1, told=1)), True),
        (incident(clock(None, hours=-1)), True),
        (incident(clock(None, hours=1)), False),
        (incident(clock(False, hours=-1)), False),
        (incident(clock(False), clock(hours=1)), True),
    ],
)
def test_an_incident_is_listed_until_it_is_resolved_told_and_learnt_from(found: IncidentFact, is_listed: bool) -> None:
    assert [it.id for it in listed(found)] == (["INC-1"] if is_listed else [])


def test_what_is_left_to_learn_is_listed_once_it_is_resolved() -> None:
    left: dict[str, Any] = {"duties_open": ("review",), "tests_open": ("test_tenants",)}
    (after,), (before,) = listed(incident(**left)), listed(incident(resolved=False, **left))
    assert (after.duties_open, after.tests_open) == (("review",), ("test_tenants",))
    assert (before.duties_open, before.tests_open) == ((), ())


def test_what_ends_first_stands_first_and_what_is_settled_is_left_out() -> None:
    clocks = (clock(hours=9, id_="late"), clock(hours=2, id_="soon"), clock(id_="endless"), clock(None, id_="open"),
              clock(hours=1, told=-1, id_="told"), clock(False, id_="none"))  # fmt: skip
    first, second, third = listed(
        incident(resolved=False, id_="INC-9"), incident(*clocks, id_="INC-2"), incident(clock(hours=1), id_="INC-3")
    )
    assert (first.id, second.id, third.id) == ("INC-3", "INC-2", "INC-9")
    assert [it.id for it in second.clocks] == ["soon", "late", "endless", "open"]
    assert [it.state for it in second.clocks] == ["running", "running", "running", "unknown"]
    assert second.clocks[0].deadline == "2026-11-25T14:00:00Z"


def test_an_incident_of_base_that_cannot_be_read_holds_back_what_moves_on() -> None:
    unread = replace(EMPTY, unread_incidents=(UNREAD,))
    moves = system_change(facts(stage="production"), facts())
    stays = system_change(facts(), facts())
    verdict, (note,) = unread_incidents(unread, unread, [stays, moves])
    assert verdict == "undecided"
    assert note.startswith(f"{UNREAD} of base cannot be read, and may tell of an incident of {moves.id}: mend it first")
    for base, result, change in ((unread, unread, stays), (unread, EMPTY, moves), (EMPTY, unread, moves)):
        assert unread_incidents(base, result, [change]) == ("pass", ())


def hours(number: float) -> str:
    """The time so many hours from now, as a file writes it."""
    return (NOW + timedelta(hours=number)).isoformat()


def told_at(**said: Any) -> IncidentFact:
    return replace(incident(), document=Document(UNREAD, "", written(**said), {}))


def step(number: float) -> dict[str, Any]:
    return {"at": hours(number), "step": "note", "by": "rae"}


EARLY: dict[str, Any] = {name: hours(-90) for name in TIMES}


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({}, []),
        ({"occurred_at": None}, []),
        ({"timeline": []}, []),
        ({"timeline": [step(-50), step(24)]}, []),
        ({"timeline": [step(-50), step(24.1)]}, ["timeline"]),
        ({"timeline": [step(25), step(26)]}, ["timeline", "timeline"]),
        *(({**dict.fromkeys(TIMES[at:], hours(24))}, []) for at in range(len(TIMES))),
        *(({**dict.fromkeys(TIMES[at:], hours(24.1))}, [*TIMES[at:]]) for at in range(len(TIMES))),
    ],
)
def test_a_time_of_an_incident_that_no_time_zone_brings_near_is_refused_where_the_change_writes_it(
    said: dict[str, Any], named: list[str]
) -> None:
    found = replace(facts(), incidents=(told_at(**{**EARLY, "timeline": [step(-50)], **said}),))

    def refused(change: SystemChange) -> tuple[str, list[str]]:
        verdict, problems = problems_verdict(EMPTY, EMPTY, [change], frozenset(), "change", NOW)
        assert {it.path for it in problems} <= {UNREAD}
        return verdict, [it.message.split()[0] for it in problems]

    assert refused(system_change(found)) == ("block" if named else "pass", named)
    assert refused(system_change(found, found)) == ("conditions" if named else "pass", named), "base said so already"


@pytest.mark.parametrize(
    ("starts", "stated", "is_refused"),
    [(24, True, False), (24.1, True, True), (24.1, False, False), (None, True, False)],
)
def test_t64_a_clock_starts_at_a_stated_time_that_has_come(
    starts: float | None, stated: bool, is_refused: bool
) -> None:
    """One that no time is stated for counts back from a planned day, which may be to come."""
    told = told_at(**{**EARLY, "timeline": []}, clock_starts={"law-clock": hours(0)} if stated else {})
    at = NOW + timedelta(hours=starts) if starts is not None else None
    told = replace(told, clocks=(replace(clock(id_="law-clock"), starts_at=at), replace(clock(id_="x"), starts_at=at)))
    change = system_change(replace(facts(), incidents=(told,)))
    verdict, problems = problems_verdict(EMPTY, EMPTY, [change], frozenset(), "change", NOW)
    assert (verdict, len(problems)) == (("block", 1) if is_refused else ("pass", 0))
    assert all(it.message.startswith("clock_starts law-clock lies in the future") for it in problems)

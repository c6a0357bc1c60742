"""The calendar: what it holds as a calendar library reads it, and what text of a repository cannot make of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from icalendar.cal import Component
from msgspec.structs import replace
from sample_reports import AS_OF, HOSTILE, SAMPLES, blocked, debt, hostile, report, system

from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.report.formats.ics import LINE, MOST, NOTES, DueClock, DueReview, calendar, due_clock
from policy_gate.report.sanitise import ics, log_line
from policy_gate.schema.incidents import Clock
from policy_gate.schema.report import ClockReport, IncidentReport, Report
from policy_gate.schema.source import Problem

STAMP = datetime(2026, 11, 20, 11, 30, tzinfo=UTC)
LEAK = DueClock("INC-2026-001", "gdpr-33", "Tell the authority", datetime(2026, 11, 23, 10, tzinfo=UTC), "authority")
REVIEW = DueReview("SYS-001", "Annual review", date(2028, 2, 29))
INJECTED = (
    "a\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:forged",
    "a\nBEGIN:VALARM\nACTION:EMAIL\nATTENDEE:mailto:x@example.com",
    "one, two; three: four \\n five \\, six",
    "\u202eevil\u2066 \u200b\x00\x1b[31m",
    "<a href='https://evil.example'>click</a>",
    "x" * 70 + "é" * 40 + "\U0001f600" * 30,
    "::error::x ##[add-mask]x",
    '";LANGUAGE=de:x',
)
TEXTS = st.one_of(st.text(max_size=120), st.lists(st.sampled_from((*INJECTED, *HOSTILE)), max_size=3).map("".join))


def written(clocks: Sequence[DueClock] = (), reviews: Sequence[DueReview] = (), **said: str) -> str:
    return calendar(clocks, reviews, STAMP, of="incidents", title="Clocks that run", **said)  # type: ignore[arg-type]


def components(text: str, name: str = "VEVENT") -> list[Component]:
    return [it for it in Calendar.from_ical(text).subcomponents if it.name == name]


def of_report(shown: Report) -> str:
    return REPORTERS["ics"](shown, RenderOptions())


def dates(text: str) -> dict[str, date]:
    return {str(it["SUMMARY"]): it.decoded("DTSTART") for it in components(text)}


def test_a_clock_is_one_event_at_its_moment_with_alarms_a_day_and_an_hour_before() -> None:
    [event] = components(written([LEAK]))
    assert str(event["SUMMARY"]) == "INC-2026-001: Tell the authority"
    assert event.decoded("DTSTART") == LEAK.deadline
    assert str(event["DESCRIPTION"]) == "Clock: gdpr-33\nTo: authority"
    assert event.decoded("DTSTAMP") == STAMP
    assert "DTEND" not in event
    said = [(it.name, str(it["ACTION"]), it.decoded("TRIGGER")) for it in event.subcomponents]
    assert said == [("VALARM", "DISPLAY", timedelta(days=-1)), ("VALARM", "DISPLAY", timedelta(hours=-1))]


def test_a_clock_of_which_nobody_can_tell_whether_it_runs_says_so_where_a_calendar_shows_it() -> None:
    clock = Clock("gdpr-33", "Tell the authority", "gdpr", "authority", None, missing=("incident.risk_to_persons",))
    known = Clock("gdpr-33", "Tell the authority", "gdpr", "authority", True)
    said = [due_clock("INC-1", "SYS-001", it, LEAK.deadline).title for it in (clock, known)]
    assert said == ["Tell the authority, if it runs", "Tell the authority"]


def test_a_review_is_an_event_of_its_day() -> None:
    [event] = components(written(reviews=[REVIEW]))
    assert (str(event["SUMMARY"]), event.decoded("DTSTART")) == ("SYS-001: Annual review", date(2028, 2, 29))
    assert type(event.decoded("DTSTART")) is date


def test_each_clock_and_each_review_is_one_event_in_order_of_time() -> None:
    clocks = [replace(LEAK, clock=f"c-{hours}", deadline=LEAK.deadline + timedelta(hours=hours)) for hours in (9, 2, 5)]
    reviews = [REVIEW, replace(REVIEW, on=date(2026, 12, 1))]
    found = [it.decoded("DTSTART") for it in components(written(clocks, reviews))]
    assert found == [
        *(LEAK.deadline + timedelta(hours=hours) for hours in (2, 5, 9)), date(2026, 12, 1), date(2028, 2, 29),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "zone", [UTC, timezone(timedelta(hours=-11)), ZoneInfo("America/New_York"), ZoneInfo("Asia/Kathmandu")]
)
def test_moments_are_written_in_utc(zone: timezone) -> None:
    text = written([replace(LEAK, deadline=LEAK.deadline.astimezone(zone))])
    assert "DTSTART:20261123T100000Z\r\n" in text
    assert text == written([LEAK])


def uids(text: str) -> list[str]:
    return [str(it["UID"]) for it in components(text)]


def test_a_uid_is_that_of_the_clock_wherever_its_time_and_title_go() -> None:
    moved = replace(LEAK, deadline=LEAK.deadline + timedelta(days=1), title="Other words", recipient="other")
    assert uids(written([LEAK])) == uids(written([moved]))
    others = [
        written([replace(LEAK, clock="gdpr-34")]),
        written([replace(LEAK, incident="INC-2026-002")]),
        written([replace(LEAK, incident="INC-2026-001-gdpr", clock="33")]),
        written([LEAK], repository="example-org/other"),
        written(reviews=[replace(REVIEW, system=LEAK.incident, title=LEAK.clock)]),
    ]
    assert len({*uids(written([LEAK])), *(uid for text in others for uid in uids(text))}) == 6


def test_a_calendar_without_events_still_holds_what_it_is_of() -> None:
    text = written(notes=("Nothing runs",))  # type: ignore[arg-type]
    assert components(text) == []
    [journal] = components(text, "VJOURNAL")
    assert (str(journal["SUMMARY"]), str(journal["DESCRIPTION"])) == ("Clocks that run", "Nothing runs")
    assert journal.decoded("DTSTART") == date(2026, 11, 20)


def test_what_is_left_out_is_the_latest_and_is_counted() -> None:
    many = [replace(REVIEW, key=str(number), on=REVIEW.on + timedelta(days=number)) for number in range(MOST + 2)]
    text = written([LEAK], many)
    assert len(components(text)) == MOST
    assert components(text)[0].decoded("DTSTART") == LEAK.deadline
    assert str(components(text, "VJOURNAL")[0]["DESCRIPTION"]) == "3 later dates left out"


def test_of_many_notes_the_first_are_told_and_the_others_counted() -> None:
    problems = tuple(Problem(f"{number:03}.yaml", "no") for number in range(NOTES + 2))
    [journal] = components(of_report(report(problems=problems)), "VJOURNAL")
    told = str(journal["DESCRIPTION"]).split("\n")
    assert told[0] == "cannot be read: 000.yaml: no"
    assert told[-1] == "2 more left out"
    assert len(told) == NOTES + 1


# Text of a repository


def lines_of(text: str) -> list[str]:
    assert text.endswith("\r\n")
    found = text.removesuffix("\r\n").split("\r\n")
    assert not any("\n" in line or "\r" in line for line in found)
    return found


@pytest.mark.parametrize("text", INJECTED)
def test_injected_text_stays_inside_its_property(text: str) -> None:
    clock = DueClock(text, text, text, LEAK.deadline, text, (text,))
    said = written([clock], [DueReview(text, text, REVIEW.on, text, (text,))], repository=text, notes=(text, text))  # type: ignore[arg-type]
    plain = written([LEAK], [REVIEW])
    assert [line for line in lines_of(said) if line.startswith(("BEGIN:", "END:"))] == [
        line for line in lines_of(plain) if line.startswith(("BEGIN:", "END:"))
    ]
    found, control = Calendar.from_ical(said), Calendar.from_ical(plain)
    names = [sorted(it.keys()) for it in found.walk("VALARM")]
    assert names == [sorted(it.keys()) for it in control.walk("VALARM")]
    event = components(said)[0]
    assert event.decoded("DTSTART") == LEAK.deadline
    assert set(event.keys()) == set(components(plain)[0].keys())
    assert "\u202e" not in said
    assert "<a" not in said


def test_the_words_themselves_come_out_as_they_went_in() -> None:
    words = 'Screener, v2; part \\ one: 100% of `x` "quoted" é'
    [event] = components(written([replace(LEAK, title=words)]))
    assert str(event["SUMMARY"]) == f"INC-2026-001: {words}"


@given(TEXTS, TEXTS)
def test_no_text_makes_a_line_too_long_or_cuts_a_character(one: str, other: str) -> None:
    said = written([replace(LEAK, title=one, details=(other,))], [replace(REVIEW, system=one, title=other)])
    lines = said.encode().split(b"\r\n")
    assert max(len(line) for line in lines) <= LINE
    assert b"".join(lines).decode()
    for line in lines:
        line.decode()
    assert len(components(said)) == 2


@given(TEXTS)
def test_a_text_is_read_as_the_log_would_show_it(text: str) -> None:
    [event] = components(written([replace(LEAK, title="T", recipient="", details=(f"x{text}",))]))
    shown = str(event["DESCRIPTION"]).removeprefix("Clock: gdpr-33\nx")
    assert "\n" not in shown
    assert shown.replace(" ", "") == log_line(f"x{text}")[1:].replace(" ", "")


def test_a_fold_puts_no_command_first_in_a_line() -> None:
    for width in range(40, 80):
        said = written([replace(LEAK, title="x" * width + "::error::forged")])
        assert not any(line.lstrip().startswith("::") for line in lines_of(said))
    assert ics("a::b") == "a: :b"


# Reports


def test_the_report_lists_what_is_due_and_the_next_review_of_each_system() -> None:
    items = (debt("a", "A is missing", date(2027, 1, 2), "ciso"), debt("b", "B is old", date(2027, 3, 4), "ciso"))
    shown = report(systems=(system(next_due=date(2027, 6, 1), next_due_title="annual review"),), findings=items)
    assert dates(of_report(shown)) == {
        "SYS-001 Hiring Resume Screener: A is missing": date(2027, 1, 2),
        "SYS-001 Hiring Resume Screener: B is old": date(2027, 3, 4),
        "SYS-001 Hiring Resume Screener: annual review": date(2027, 6, 1),
    }


def test_the_report_lists_the_clocks_of_incidents_that_have_an_end() -> None:
    end = "2026-11-23T10:00:00Z"
    clocks = (
        ClockReport("gdpr-33", "Tell the authority", "gdpr", "running", end, "supervisory authority"),
        ClockReport("gdpr-34", "Tell people", "gdpr", "running", None, "affected people"),
        ClockReport("aia-73-4", "Report a death", "eu-ai-act", "unknown", "2026-11-30T10:00:00Z", "MSA", ("role",)),
        ClockReport("hipaa-404", "Tell HHS", "us-hipaa", "overdue", "2026-11-01T10:00:00Z", "HHS"),
    )
    incident = IncidentReport("INC-2026-001", "SYS-001", "privacy_violation", "high", "open", "x.yaml", clocks)
    events = components(of_report(report(incidents=(incident,))))
    assert [str(it["SUMMARY"]) for it in events] == [
        "INC-2026-001: Tell HHS",
        "INC-2026-001: Tell the authority",
        "INC-2026-001: Report a death, if it runs",
    ]
    assert events[1].decoded("DTSTART") == LEAK.deadline
    assert str(events[2]["DESCRIPTION"]).split("\n")[-2:] == ["Law: eu-ai-act", "Not known whether it runs: state role"]
    assert uids(of_report(report(incidents=(incident,))))[1] == uids(written([LEAK]))[0]
    [journal] = components(of_report(report(incidents=(incident,))), "VJOURNAL")
    assert str(journal["DESCRIPTION"]) == "INC-2026-001: Tell people, without undue delay"


def test_a_next_review_that_a_finding_tells_is_told_once() -> None:
    day = date(2027, 1, 2)
    shown = report(systems=(system(next_due=day),), findings=(debt("a", "A is missing", day, "ciso"),))
    assert list(dates(of_report(shown))) == ["SYS-001 Hiring Resume Screener: A is missing"]


@pytest.mark.parametrize("state", ["waived", "not-applicable"])
def test_what_nobody_owes_is_left_out(state: str) -> None:
    settled = replace(debt("a", "A", date(2027, 1, 2), "ciso"), state=state)
    assert dates(of_report(report(findings=(settled,)))) == {}
    assert dates(of_report(report(findings=(replace(settled, state="upcoming"),))))


def test_what_is_due_at_once_has_no_date_and_no_event() -> None:
    dated = [it.due for it in blocked().findings if it.due]
    assert len(dated) < len(blocked().findings)
    assert sorted(dates(of_report(blocked())).values()) == sorted(dated)


@pytest.mark.parametrize("name", SAMPLES)
def test_each_sample_is_a_calendar_whose_journal_gives_the_verdict(name: str) -> None:
    shown = SAMPLES[name]()
    [journal] = components(of_report(shown), "VJOURNAL")
    words = {"block": "BLOCKED", "undecided": "UNDECIDED", "conditions": "CONDITIONS", "pass": "PASS"}
    caveat = "" if shown.trust.enforcing else ", does not enforce"
    assert str(journal["SUMMARY"]) == f"policy-gate: {words[shown.verdict]}{caveat}"
    assert journal.decoded("DTSTART") == AS_OF


def test_what_cannot_be_read_is_told_as_nothing_of_it_has_a_date() -> None:
    problems = (Problem("governance.yaml", "id is missing", 3, 1), Problem("a.yaml", "old", 1, 1, advice=True))
    [journal] = components(of_report(report(problems=problems)), "VJOURNAL")
    assert str(journal["DESCRIPTION"]) == "cannot be read: governance.yaml:3: id is missing"


def test_a_hostile_report_has_as_many_events_as_dates() -> None:
    shown = hostile()
    dated = [it for it in shown.findings if it.due]
    assert len(components(of_report(shown))) == len(dated) + len(shown.due)

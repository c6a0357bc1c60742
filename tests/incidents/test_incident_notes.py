"""`policy-gate incident note`: what turns out is put on the timeline, of an incident that is over, too."""

from __future__ import annotations

import pytest
from desk_world import FILE, LEAK, desk, status
from incident_world import FILES, hours_ago, incident, step
from scratch import Scratch
from world import low_system

__all__ = ["desk"]

NOTE = ("incident", "note", "INC-2026-001")
SAID = "A third customer was affected: she wrote on the third."
RESOLVED = LEAK.replace(
    "timeline: []", "timeline:\n  - {at: 2026-11-20T12:00:00Z, step: resolved, by: rae@example.com}"
)


@pytest.mark.parametrize("text", [LEAK, RESOLVED], ids=["open", "resolved"])
def test_a_note_is_appended_and_nothing_else_changes(desk: Scratch, text: str) -> None:
    desk.write({FILE: text})
    was = status(desk, "--as-of", "2026-11-22")
    done = desk.run(*NOTE, SAID, "--at", "2026-11-21T09:00:00Z", "--by", "rae@example.com")
    assert done.code == 0, done
    assert done.out == f"{FILE}: note 2026-11-21T09:00:00Z: {SAID}\n"
    line = f"  - {{at: 2026-11-21T09:00:00Z, step: note, what: '{SAID}', by: rae@example.com}}"
    assert [it for it in desk.read(FILE).splitlines() if it not in text.splitlines()][-1] == line
    assert status(desk, "--as-of", "2026-11-22") == was, "no clock, no state and no next step by a note"
    assert f"2026-11-21T09:00:00Z: {SAID}" in desk.run("incident", "report", "INC-2026-001").out


def test_who_and_when_are_told_by_git_and_the_clock(desk: Scratch) -> None:
    assert desk.run(*NOTE, SAID).code == 0
    assert "step: note" in desk.read(FILE)
    assert "by: bo@example.com" in desk.read(FILE)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((" ",), "the note says nothing"),
        (("...",), "the note says nothing"),
        ((SAID, "--at", "2026-11-20T11:00:00Z"), "is before the last step on record (resolved, 2026-11-20T12:00:00Z)"),
        ((SAID, "--at", "2026-11-21"), "is no time with its zone"),
        (("red \x1b[31m",), "nothing was written"),
    ],
)
def test_what_no_timeline_can_hold_is_refused_and_nothing_is_written(
    desk: Scratch, args: tuple[str, ...], said: str
) -> None:
    desk.write({FILE: RESOLVED})
    done = desk.run(*NOTE, *args)
    assert (done.code, said in " ".join(done.err.split())) == (2, True), done
    assert desk.read(FILE) == RESOLVED


def _over(repo: Scratch) -> str:
    """In base a serious incident is over; the path of its file."""
    repo.adopt(low_system("development", id="SYS-001"))
    times = dict.fromkeys(("occurred_at", "detected_at", "aware_at"), hours_ago(100))
    files = incident(severity="critical", **times, timeline=[step("triaged", 90), step("resolved", 50)])
    repo.commit("It is over", by="Rae Kim", files=files | FILES)
    repo.branch()
    (path,) = files
    return path


def test_h29_a_note_on_an_incident_that_is_over_asks_nobody(scratch: Scratch) -> None:
    path = _over(scratch)
    id_ = path.rpartition("/")[2].removesuffix(".yaml")
    assert scratch.run("incident", "note", id_, SAID, "--at", hours_ago(1)).code == 0
    scratch.commit("What turned out")
    found = scratch.check()
    assert (found.code, found.changes()) == (0, []), found


def test_h29_control_a_note_in_the_place_of_the_end_is_asked_about(scratch: Scratch) -> None:
    path = _over(scratch)
    scratch.write({path: scratch.read(path).replace("step: resolved", "step: note")})
    scratch.commit("It was never over")
    assert "incident-rewritten" in scratch.check().changes()

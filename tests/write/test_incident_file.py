"""Steps and fields put into the text of an incident: what stands there stays, and it reads as meant or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from policy_gate.documents.read_back import read_back
from policy_gate.schema.incident_document import Incident, TimelineEntry
from policy_gate.write.incident_file import FIELDS, new_id, new_incident, notice_path, step_text, with_record

HEAD = """\
schema: policy-gate/incident/v1
id: INC-1
system: SYS-001
type: availability
severity: low
description: No answers.
detected_at: 2026-11-20T09:00:00Z
"""
TIMELINES = (
    "",
    "timeline: []\n",
    "timeline: [ ] # none\n",
    "timeline:\n  - {at: 2026-11-20T09:30:00Z, step: note, by: rae, what: Seen}\n",
    "timeline:\n- at: 2026-11-20T09:30:00Z\n  step: note\n  by: rae\n  what: >-\n    Seen\n\n    - by nobody\n",
    "timeline:   # in order\n\n    # first\n    - {at: 2026-11-20T09:30:00Z, step: note,\n       by: rae}\n",
)
TAILS = (
    "",
    "# what was learnt\nroot_cause: ''\nnew_tests: []\ncontrol_changes: []   # none yet\n",
    "\nroot_cause: |\n  timeline: not this\n  new_tests: nor this\nnew_tests:\n  - a.py   # ours\n",
    "control_changes: [a.yaml, 'b, c.yaml'] # two\nroot_cause: ~\n".replace("~", '""'),
)
LINE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), min_size=1, max_size=40)


def document(text: str) -> Incident:
    found = read_back(Incident, "i.yaml", text)
    assert found is not None, text
    return found.content


@example(TIMELINES[1], TAILS[0], "\n", ":0", "?x", True)
@example(TIMELINES[1], TAILS[3], "\n", "-x", "a:b", True)
@example(TIMELINES[3], TAILS[3], "\n", "a: b", "1e3", True)
@given(st.sampled_from(TIMELINES), st.sampled_from(TAILS), st.sampled_from(["\n", "\r\n"]), LINE, LINE, st.booleans())
def test_what_is_added_reads_as_meant_and_no_line_is_lost(
    timeline: str, tail: str, end: str, by: str, what: str, has_fields: bool
) -> None:
    text = (HEAD + timeline + tail).replace("\n", end)
    was = document(text)
    entry = TimelineEntry(at=datetime(2026, 11, 20, 10, tzinfo=UTC), step="note", by=by, what=what)
    new = {"new_tests": [*was.new_tests, what, "smoke"], "control_changes": [*was.control_changes, by]}
    fields: dict[str, Any] = {**new, "risk_to_persons": "risk"} if has_fields else {}
    if has_fields and not was.root_cause:
        fields["root_cause"] = f"{by} {what}"
    changed = with_record(text, [entry], fields)
    assert document(changed) == was.model_copy(update={**fields, "timeline": [*was.timeline, entry]})
    comments = [part for part in text.split() if part.startswith("#")]
    assert [part for part in changed.split() if part in comments].count("#") == comments.count("#")
    assert changed.count("\n") == changed.count("\r\n") or end == "\n"
    again = with_record(changed, [entry], {})
    assert document(again).timeline[-2:] == [entry, entry]


def test_a_key_that_is_left_out_comes_where_files_have_it() -> None:
    changed = with_record(HEAD + "timeline: []\n", [], {"aware_at": datetime(2026, 11, 20, 10, tzinfo=UTC)})
    assert changed == HEAD + "aware_at: 2026-11-20T10:00:00Z\ntimeline: []\n"


def test_a_remark_about_what_comes_next_stays_with_it() -> None:
    first = "timeline:\n  - {at: 2026-11-20T09:30:00Z, step: note, by: rae, what: Seen}\n"
    rest = "\n# what was learnt\nroot_cause: ''\n"
    entry = TimelineEntry(at=datetime(2026, 11, 20, 10, tzinfo=UTC), step="triaged", by="rae")
    assert with_record(HEAD + first + rest, [entry], {}) == (f"{HEAD}{first}  - {step_text(entry)}\n{rest}")


def test_a_text_without_its_last_line_break_keeps_to_it() -> None:
    entry = TimelineEntry(at=datetime(2026, 11, 20, 10, tzinfo=UTC), step="triaged", by="rae")
    assert with_record(HEAD.rstrip("\n"), [entry], {}).endswith(f"Z\ntimeline:\n  - {step_text(entry)}")


def test_a_step_stands_on_one_line_whatever_is_said() -> None:
    entry = TimelineEntry(at=datetime(2026, 11, 20, 10, tzinfo=UTC), step="note", by="a, b}", what="[x]: 'y' # z\nw")
    assert "\n" not in step_text(entry)
    changed = with_record(HEAD, [entry], {})
    assert document(changed).timeline == [entry]


def test_ids_carry_the_day_and_differ() -> None:
    ids = {new_id(date(2026, 11, 20)) for _ in range(200)}
    assert all(id_.startswith("INC-20261120-") and len(id_) == 17 for id_ in ids)
    assert len(ids) > 190


@pytest.mark.parametrize("name", ["a.yaml", "a.b.yml"])
def test_a_notice_lies_beside_its_incident(name: str) -> None:
    assert notice_path(f"governance/incidents/{name}", "leadership") == (
        f"governance/incidents/{name.rpartition('.')[0]}.leadership.md"
    )


@given(LINE, LINE)
def test_a_new_file_reads_as_it_was_meant(description: str, vector: str) -> None:
    said = {"schema": "policy-gate/incident/v1", "id": "INC-1", "system": "SYS-001", "type": "availability",
            "severity": "low", "description": description, "detected_at": "2026-11-20T09:00:00+01:00",
            "attack_vector": vector, "data_role": "processor"}  # fmt: skip
    incident = Incident.model_validate(said)
    file = new_incident(incident)
    assert document(file.text) == incident
    keys = [line.partition(":")[0] for line in file.text.splitlines()[1:]]
    assert keys == [name for name in FIELDS if name in keys]

"""Annotations: read with the grammar of GitHub's runner; what it would obey is ours alone, and within its limits."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sample_reports import (
    HOSTILE,
    SAMPLES,
    bad_input,
    blocked,
    debt,
    deferred,
    everything,
    hostile,
    met,
    nothing_changed,
    passed,
    red_team_missing,
    report,
    system,
    trust,
)

from policy_gate.errors import BaseError, DocumentError, UsageError
from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.report.formats.github import LINE_BYTES, SHOWN, refusal
from policy_gate.report.sanitise import command_data, command_property, log_line
from policy_gate.schema.report import Report
from policy_gate.schema.source import Location, Problem

NAMES = frozenset(
    [
        "add-mask",
        "add-matcher",
        "add-path",
        "debug",
        "echo",
        "endgroup",
        "error",
        "group",
        "notice",
        "remove-matcher",
        "save-state",
        "set-env",
        "set-output",
        "stop-commands",
        "warning",
    ]
)
"""The commands that a runner knows."""


@dataclass(frozen=True)
class Command:
    """One command as a runner takes it from a line of a log."""

    name: str
    properties: dict[str, str]
    data: str


def interpreted(line: str, *, greedy: bool = False) -> Command | None:
    """The command that a line is for GitHub's runner; `greedy` for readers that look for the last `::`, such as act.

    A line may begin with blanks. The name is a known one, values end at a comma, both parts are escaped.
    """
    line = line.lstrip()
    end = line.rfind("::") if greedy else line.find("::", 2)
    if not line.startswith("::") or end < 2:
        return None
    name, _, rest = line[2:end].partition(" ")
    if name not in NAMES:
        return None
    pairs = [pair.partition("=") for pair in rest.strip().split(",") if "=" in pair]
    return Command(name, {key: unquote(value) for key, _, value in pairs}, unquote(line[end + 2 :]))


def legacy(line: str) -> Command | None:
    """The command that a line is by the old grammar, `##[name key=value]data`, anywhere in it."""
    found = re.search(r"##\[(?P<name>[^\]\s]+)[^\]]*\](?P<data>.*)", line)
    return Command(found["name"], {}, found["data"]) if found and found["name"] in NAMES else None


def told(weighed: Report) -> list[Command]:
    """The commands of a report; each line must be one, and the same one to every reader."""
    found = []
    for line in REPORTERS["github"](weighed, RenderOptions()).splitlines():
        command = interpreted(line)
        assert command is not None, line
        assert interpreted(line, greedy=True) == command
        assert legacy(line) is None
        found.append(command)
    return found


def test_the_interpreter_obeys_what_a_runner_obeys() -> None:
    assert interpreted("  ::error file=a%2Cb,line=3,title=x%3Ay::1%25%0A2") == Command(
        "error", {"file": "a,b", "line": "3", "title": "x:y"}, "1%\n2"
    )
    assert interpreted("::stop-commands::token") == Command("stop-commands", {}, "token")
    assert interpreted("::error ::a::b") != interpreted("::error ::a::b", greedy=True)
    assert [interpreted(line) for line in ("error::x", "a ::error::x", "::nothing::x", "::error", "::::")] == [None] * 5
    assert legacy("x ##[add-mask]secret") == Command("add-mask", {}, "secret")
    assert legacy("x # #[add-mask]secret") is None


@pytest.mark.parametrize("name", SAMPLES)
def test_each_line_of_each_report_is_one_annotation_within_the_limits(name: str) -> None:
    said = REPORTERS["github"](SAMPLES[name](), RenderOptions())
    commands = told(SAMPLES[name]())
    assert {command.name for command in commands} <= {"error", "warning", "notice"}
    assert max(Counter(command.name for command in commands).values(), default=0) <= SHOWN
    assert all(len(line.encode()) <= LINE_BYTES for line in said.splitlines())
    assert all(set(command.properties) <= {"file", "line", "col", "title"} for command in commands)
    assert said == "" or said.endswith("\n")


def test_a_finding_is_an_annotation_at_its_line() -> None:
    first = told(blocked())[0]
    assert first.name == "error"
    assert first.properties == {
        "file": "governance.yaml", "line": "31", "col": "7", "title": "policy-gate: SYS-001 Hiring Resume Screener",
    }  # fmt: skip
    assert first.data.splitlines() == [
        "Red team report is missing",
        "for: the gate; control red-team-engagement",
        "who: Rae Kim (AI Safety Lead)",
        "signs: Ada Example (CISO)",
        "fix: policy-gate draft red-team-report --system SYS-001",
    ]


def test_a_finding_without_a_place_names_no_file() -> None:
    asked = next(command for command in told(blocked()) if command.data.startswith("CISO"))
    assert set(asked.properties) == {"title"}


def test_ten_of_a_type_and_the_tenth_counts_the_rest() -> None:
    def errors(number: int) -> list[Command]:
        many = tuple(red_team_missing(id=f"f{n}", title=f"Document {n} is missing") for n in range(number))
        return told(report(findings=many))

    assert [command.data[:10] for command in errors(10)] == ["Document 0", *(f"Document {n}" for n in range(1, 10))]
    shown = errors(14)
    assert len(shown) == SHOWN == 10
    assert shown[-1] == Command(
        "error", {"title": "policy-gate"}, "5 more like these; policy-gate check --format text lists them"
    )
    assert [command.data[:10] for command in shown[:9]] == [f"Document {n}" for n in range(9)]


def test_each_system_is_among_the_ten_however_many_the_first_has() -> None:
    first = [red_team_missing(id=f"a{n}", title=f"Document {n} is missing") for n in range(14)]
    others = [red_team_missing(id=f"b{n}", system=f"SYS-10{n}", title=f"Of system {n}") for n in range(3)]
    shown = told(report(findings=(*first, *others)))
    said = [command.data.splitlines()[0] for command in shown]
    assert said[:-1] == [*(f"Of system {n}" for n in range(3)), *(f"Document {n} is missing" for n in range(6))]
    assert said[-1].startswith("8 more like these")
    each = [red_team_missing(id=f"c{n}", system=f"SYS-1{n:02}", title=f"Of system {n}") for n in range(12)]
    assert [command.data.splitlines()[0] for command in told(report(findings=tuple(each)))][:9] == [
        f"Of system {n}" for n in range(9)
    ]


def test_each_type_has_its_own_ten_and_notices_keep_room_for_the_counts() -> None:
    made = [
        red_team_missing(id=f"{kind}{n}", **changes)
        for n in range(12)
        for kind, changes in (
            ("e", {}),
            ("w", {"enforcement": "remediate", "blocks": False}),
            ("n", {"enforcement": "advise", "blocks": False}),
        )
    ]
    owed = debt("x", "X is missing", date(2027, 1, 1), "ciso")
    loose = trust(enforcing=False, notes=("--advisory",))
    shown = told(report(findings=(*made, owed), trust=loose))
    assert Counter(command.name for command in shown) == {"error": 10, "warning": 10, "notice": 10}
    notices = [command.data for command in shown if command.name == "notice"]
    assert notices[-3].startswith("5 more like these")
    assert notices[-2] == "This answer does not enforce\nnote: --advisory"
    assert notices[-1].startswith("also: debt 1 (next due 2027-01-01)")


def test_h04_debt_of_a_plain_change_is_a_number_and_not_an_annotation_each() -> None:
    assert told(nothing_changed()) == []
    assert told(passed()) == []
    notice = told(blocked())[-1]
    assert notice.data == "also: debt 2 (next due 2027-01-21), upcoming 1 (policy-gate check --all lists them)"
    listed = [command.data.splitlines()[0] for command in told(everything()) if command.name == "notice"]
    assert listed[:2] == ["Privacy review is missing", "Security checklist is a template"]


def test_d30_an_answer_that_does_not_enforce_says_so() -> None:
    said = [command for command in told(deferred()) if "does not enforce" in command.data]
    assert [(command.name, command.properties) for command in said] == [("notice", {"title": "policy-gate"})]
    assert len(told(replace(passed(), trust=trust(enforcing=False)))) == 1


@pytest.mark.parametrize("mark", ["x", "ü", "\U0001f512", "%", ":", "\u202e", "::", "##["])
@pytest.mark.parametrize("shift", range(4))
def test_a_long_message_is_cut_at_four_thousand_bytes_between_characters(mark: str, shift: int) -> None:
    weighed = report(findings=(red_team_missing(seen="a" * shift + mark * 5000),))
    [line] = REPORTERS["github"](weighed, RenderOptions()).splitlines()
    assert LINE_BYTES - 12 < len(line.encode()) <= LINE_BYTES
    assert line.endswith("…")
    assert re.search(r"%(?![0-9A-F]{2})", line) is None
    [command] = told(weighed)
    assert command.properties["line"] == "31"


@pytest.mark.parametrize("path", ["/etc/passwd", "../up.yaml", "a//b", "x" * 2000, "ü" * 600])
def test_a_path_that_github_could_not_place_is_said_in_the_message(path: str) -> None:
    [command] = told(report(findings=(red_team_missing(location=Location(path, 3), seen="s"),)))
    assert set(command.properties) == {"title"}
    assert f"at: {path[:40]}" in command.data
    [beside] = told(report(findings=(red_team_missing(location=Location("a b/ü.yaml", 3)),)))
    assert (beside.properties["file"], beside.properties["line"]) == ("a b/ü.yaml", "3")


def test_a_problem_is_an_annotation_at_its_place() -> None:
    first, second = told(bad_input())
    assert first.properties == {"file": "governance.yaml", "line": "14", "col": "24", "title": "policy-gate"}
    assert first.data == 'human_oversight is "partal" (none, partial or full)\nfix: did you mean "partial"?'
    assert second.properties["line"] == "1"


def test_a_refusal_is_one_error_with_all_its_places_and_the_hint() -> None:
    problems = (Problem("a.yaml", "wrong", 3, 4), Problem("b.yaml", "worse"))
    command = interpreted(refusal(DocumentError("2 documents", hint="mend them", problems=problems)))
    assert command == Command(
        "error", {"title": "policy-gate"}, "2 documents\na.yaml:3:4: wrong\nb.yaml: worse\nmend them"
    )
    plain = interpreted(refusal(BaseError("no base")))
    assert plain is not None
    assert plain.data == "no base"


@pytest.mark.parametrize("text", HOSTILE)
def test_t21_a_refusal_obeys_nothing_of_the_repository(text: str) -> None:
    line = refusal(UsageError(text, hint=text, problems=(Problem(text, text, 1, 1, text),)))
    assert len(line.splitlines()) == 1
    command = interpreted(line)
    assert command is not None
    assert interpreted(line, greedy=True) == command
    assert (command.name, command.properties, legacy(line)) == ("error", {"title": "policy-gate"}, None)
    assert all(interpreted(said) is None and legacy(said) is None for said in command.data.splitlines())


def test_t21_no_annotation_is_of_the_repositorys_making() -> None:
    for command in told(hostile()):
        assert command.properties["title"].startswith("policy-gate")
        assert all(interpreted(line) is None and legacy(line) is None for line in command.data.splitlines())
    said = REPORTERS["github"](hostile(), RenderOptions())
    assert [char for char in said if unicodedata.category(char) in ("Cc", "Cf", "Cs") and char != "\n"] == []
    assert "forged" in said


TEXT = st.text(max_size=60) | st.text(alphabet=":#[]%,;=\n\r 0ADerro", max_size=40)
TRICKS = st.lists(st.sampled_from([*HOSTILE, "::error::", "##[error]", "%0A::error::", ",line=9", "%3A"]), max_size=3)


@given(TEXT | TRICKS.map("".join))
def test_t21_no_text_leaves_its_message_or_property(text: str) -> None:
    line = f"::error file={command_property(text)},title=ours::{command_data(text)}"
    command = interpreted(line)
    assert command is not None
    assert interpreted(line, greedy=True) == command
    assert legacy(line) is None
    assert command.name == "error"
    assert command.properties == {"file": log_line(text), "title": "ours"}
    assert "\n" not in command.data
    assert "::" not in command_data(text)


@given(TEXT | TRICKS.map("".join))
def test_t21_no_name_or_reason_makes_an_annotation(text: str) -> None:
    found = red_team_missing(title=text, seen=text, fix=text, location=Location(text, 3))
    weighed = report(systems=(system(name=text),), findings=(found,), problems=(Problem(text, text, 1),))
    assert [command.name for command in told(weighed)] == ["error", "error"]


def test_a_plain_text_keeps_its_words() -> None:
    for text in ("100% of x", "a: b, c", "Hiring Resume Screener (v2)"):
        assert unquote(command_data(text)) == text
        assert unquote(command_property(text)) == text
    assert told(report(verdict="pass", findings=(met("artifact", "a"),))) == []

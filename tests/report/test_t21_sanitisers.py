"""T21: text that a repository chooses is shown, and never obeyed, in every format."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace
from sample_policies import docs, facts, policy
from sample_reports import HOSTILE, blocked, hostile

from policy_gate.errors import DocumentError, UsageError
from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.report.formats.text import failure
from policy_gate.report.sanitise import code, csv_cell, json_text, log_line, markdown, terminal
from policy_gate.report.text_layout import kept, width_of, wrapped
from policy_gate.report.views.classify import classification_text
from policy_gate.report.views.incident_report import report_markdown
from policy_gate.report.views.incidents import status_text
from policy_gate.report.views.policy_list import policy_listing
from policy_gate.report.views.subject import subject_text
from policy_gate.respond.next_step import DeskRow, Holder, NextStep
from policy_gate.schema.approval_subject import ApprovalSubject
from policy_gate.schema.incident_document import Incident
from policy_gate.schema.incident_rules import IncidentRules
from policy_gate.schema.incidents import Clock, IncidentFact
from policy_gate.schema.source import Document, Problem

UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
OBEYED = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)
OURS = re.compile(r"^::(?:error|warning|notice) (?:file=[^:\n]*,)?title=policy-gate[^:\n]*::(?!:)", re.MULTILINE)
"""How an annotation of our own begins; what is in it must not begin another."""
MOMENT = datetime(2026, 11, 22, tzinfo=UTC)
INCIDENT = Incident.model_validate({
    "schema": "policy-gate/incident/v1", "id": "INC-1", "system": "SYS-001", "type": "availability", "severity": "low",
    "description": "No answers.", "detected_at": "2026-11-20T09:00:00Z",
})  # fmt: skip
RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
TEXT = st.text(st.characters(), max_size=60) | st.lists(st.sampled_from(HOSTILE), max_size=4).map("".join)


def unsafe_in(text: str) -> list[str]:
    return [char for char in text if unicodedata.category(char) in UNSAFE and char != "\n"]


@pytest.mark.parametrize("form", REPORTERS)
@pytest.mark.parametrize("width", [30, 80])
def test_t21_no_format_emits_what_a_terminal_or_a_runner_obeys(form: str, width: int) -> None:
    said = REPORTERS[form](replace(hostile(), docs=docs()), RenderOptions(width=width))
    if form == "ics":
        said = said.replace("\r\n", "\n")
    assert unsafe_in(said) == []
    assert OBEYED.search(OURS.sub("", said) if form == "github" else said) is None
    assert "forged" in said


def test_t21_colour_comes_from_us_alone() -> None:
    said = REPORTERS["text"](hostile(), RenderOptions(colour=True))
    assert unsafe_in(re.sub(r"\x1b\[[0-9;]*m", "", said)) == []
    assert "\x1b]0;" not in said
    assert "\x1b[31mred" not in said


def test_t21_json_keeps_the_text_itself() -> None:
    data = json.loads(REPORTERS["json"](hostile(), RenderOptions()))
    assert [problem["message"] for problem in data["problems"]] == list(HOSTILE)


def test_t21_the_comment_renders_no_markup_of_the_repository() -> None:
    html = RENDERER.render(REPORTERS["markdown"](hostile(), RenderOptions()))
    assert set(re.findall(r"<(\w+)", html)) <= {
        "p", "strong", "code", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "ul", "li",
    }  # fmt: skip
    assert html.count("<details>") == html.count("</details>")
    assert html.count("<table>") == 1
    outside_code = re.sub(r"<code>.*?</code>", "", html, flags=re.DOTALL)
    assert not re.search(r"@\w|#\d", outside_code)


def test_t21_a_control_without_the_trick_keeps_its_words() -> None:
    plain = "Hiring Resume Screener, v2 (beta): 100% of `x`"
    assert terminal(plain) == log_line(plain) == plain
    assert RENDERER.render(markdown(plain)) == "<p>Hiring Resume Screener, v2 (beta): 100% of `x`</p>\n"
    assert OBEYED.search(REPORTERS["text"](blocked(), RenderOptions())) is None


@pytest.mark.parametrize("text", HOSTILE)
def test_t21_views_and_errors_are_as_safe(text: str) -> None:
    problem = Problem(text, text, 1, 1, text)
    said = failure(DocumentError(text, problems=(problem,)), RenderOptions()) + failure(
        UsageError(text, hint=text), RenderOptions()
    )
    said += subject_text(ApprovalSubject(text, text, text, ((text, text),), ((text, text),)))
    said += policy_listing(policy(), docs(), RenderOptions())
    named = facts("SYS-001", "x", {})
    object.__setattr__(named.declared.entry, "name", text)
    said += classification_text([named], policy(), RenderOptions())
    told = INCIDENT.model_copy(update={"description": text, "root_cause": text, "system": text})
    clock = Clock(text, text, text, text, False, text)
    incident = IncidentFact(Document(text, "", told, {}), {}, {}, (clock,))
    row = DeskRow(incident, text, NextStep(text, text, (text,)), (Holder(text, text, (text,)),))
    said += status_text([row], MOMENT, RenderOptions()) + report_markdown(incident, IncidentRules(), text, MOMENT)
    assert unsafe_in(said) == []
    assert OBEYED.search(said) is None


@given(TEXT)
def test_t21_no_text_makes_the_terminal_obey(text: str) -> None:
    for said in (terminal(text), log_line(text)):
        assert "\n" not in said
        assert unsafe_in(said) == []
    assert OBEYED.search(log_line(text)) is None


@given(TEXT)
def test_t21_no_text_becomes_markdown(text: str) -> None:
    said = markdown(text)
    assert unsafe_in(said) == []
    assert OBEYED.search(said) is None
    html = RENDERER.render(f"| {said} | b |\n|---|---|\n| {said} | d |\n")
    assert html.count("<th>") == 2
    assert html.count("<td>") == 2
    assert set(re.findall(r"<(\w+)", html)) <= {"table", "thead", "tbody", "tr", "th", "td"}


@given(TEXT)
def test_t21_no_text_leaves_its_code_span(text: str) -> None:
    said = code(text)
    assert unsafe_in(said) == []
    html = RENDERER.render(f"| a | b |\n|---|---|\n| {said} | d |\n")
    assert html.count("<td>") == 2
    assert html.count("<code>") == 1
    assert set(re.findall(r"<(\w+)", html)) <= {"table", "thead", "tbody", "tr", "th", "td", "code"}


@given(st.recursive(TEXT, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3)))
def test_t21_no_text_makes_json_obeyed_or_another(value: object) -> None:
    said = json_text(json.dumps(value, ensure_ascii=False, indent=2))
    assert unsafe_in(said) == []
    assert OBEYED.search(said) is None
    assert json.loads(said) == value


def test_every_character_of_an_unsafe_category_is_shown_by_its_name() -> None:
    odd = [char for char in map(chr, range(0x110000)) if unicodedata.category(char) in UNSAFE and char != "\n"]
    assert [char for char in odd if json_text(f"é{char}") == f"é{char}"] == []
    assert [char for char in odd if terminal(char) == char] == []
    assert json_text("\n") == "\n"
    assert terminal("a\nb") == "a b"


@pytest.mark.parametrize("blank", ["\u00a0", "\u2007", "\u202f", "\u3000", "\u1680"])
def test_t21_no_blank_carries_words_past_the_edge_of_a_terminal(blank: str) -> None:
    forged = f"{'x' * 30}{blank * 45}PASS{blank}nothing governed changed"
    lines = wrapped(forged, 60)
    assert [line for line in lines if width_of(line) > 60] == []
    assert lines == wrapped(forged.replace(blank, " "), 60)


def test_t21_control_a_command_to_copy_stays_in_one_piece() -> None:
    command = "policy-gate approve --for weakening --system SYS-001 --role ai-safety-lead"
    assert wrapped(f"run {kept(command)}", 30) == ["run", command]


@pytest.mark.parametrize("letter", ["\u3164", "\uffa0", "\u115f", "\u2800", "\u034f", "\U0001d159"])
def test_t21_a_letter_that_shows_nothing_is_shown_by_its_name(letter: str) -> None:
    assert terminal(letter).isascii()
    assert terminal(f"Sys{letter}tem") not in ("System", "Sys tem")


def test_t21_marks_do_not_pile_up_over_other_lines() -> None:
    said = terminal("S" + "\u0338\u030d" * 60)
    assert max(len(run) for run in re.findall("[\u0300-\u036f]+", said)) <= 6


@pytest.mark.parametrize(
    "name",
    [
        "Müller", "Tie\u0302\u0301ng Vie\u0323\u0302t", "हिन्दी नमूना", "ภาษาไทยที่นี่", "中文很长的一段文字",
        "葛\U000e0100城", "🚀 ❤\ufe0f", "בְּרֵאשִׁ֖ית",
    ],
)  # fmt: skip
def test_t21_control_names_of_all_scripts_stay_as_they_are(name: str) -> None:
    assert terminal(name) == markdown(name) == csv_cell(name) == name


@pytest.mark.parametrize("line", ["---", "===", "-----", "- - -"])
def test_t21_a_text_of_lines_is_neither_a_rule_nor_makes_a_heading(line: str) -> None:
    rendered = RENDERER.render(f"above\n{markdown(line)}\n") + RENDERER.render(f"- {markdown(line)}\n")
    assert not re.search(r"<hr|<h\d", rendered)


@pytest.mark.parametrize("text", ["x;=1+1", "x; =cmd|'/c calc'!A0", "x;+1", "x;@SUM(1)", "x;-1+1", "x;\uff1d1"])
def test_t21_no_cell_is_a_formula_where_semicolons_part_cells(text: str) -> None:
    cells = csv_cell(text).split(";")
    assert [cell for cell in cells if cell.lstrip().startswith(tuple("=+-@\uff1d"))] == []


@pytest.mark.parametrize("text", ["a; b", "ops@example.com; dpo@example.com", "low; - none", "#4 a|b; ü"])
def test_t21_control_lists_in_a_cell_stay_as_they_are(text: str) -> None:
    assert csv_cell(text) == text

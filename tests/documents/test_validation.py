"""From plain data to documents: every fault located, with the nearest valid word."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

import pytest
from pydantic import ValidationError

from policy_gate.documents import validation
from policy_gate.documents.validation import validated
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import DocumentError
from policy_gate.schema.card_document import Card
from policy_gate.schema.documents import Config, Manifest, Strict
from policy_gate.schema.policy_document import PolicyFile
from policy_gate.schema.roles import Roles
from policy_gate.schema.source import Document

M = TypeVar("M", bound=Strict)

SYSTEM = """schema: policy-gate/manifest/v1
systems:
  - id: SYS-001
    name: Screener
    owner_team: People
    stage: development
    paths: ["screener/**"]
    risk_profile:
      human_oversight: partial
"""


def document(model: type[M], text: str) -> Document[M]:
    raw, marks = read_yaml("governance.yaml", text.encode())
    return validated(model, "governance.yaml", "0" * 40, raw, marks)


def told(text: str, model: type[Strict] = Manifest) -> list[str]:
    """Each problem as `line:column: message | hint`."""
    with pytest.raises(DocumentError) as caught:
        document(model, text)
    return [f"{it.line}:{it.column}: {it.message} | {it.hint}" for it in caught.value.problems]


def changed(old: str, new: str) -> str:
    assert old in SYSTEM
    return SYSTEM.replace(old, new)


def test_a_good_manifest_is_read() -> None:
    system = document(Manifest, SYSTEM).content.systems[0]
    assert (system.id, system.risk_profile.human_oversight, system.paths) == ("SYS-001", "partial", ["screener/**"])


DAY = "a real date as YYYY-MM-DD"
FAULTS = {
    "nearest value": ("partial", "partal", '9:24: human_oversight is "partal" (none, partial or full)', '"partial"?'),
    "unknown key": ("owner_team", "owner_taem", "5:17: unknown key owner_taem", '"owner_team"?'),
    "missing": ("    name: Screener\n", "", "3:5: name is missing in systems[0]", "`name: ...`"),
    "text for a list": ('["screener/**"]', "screener", '7:12: paths is "screener" (a list)', '["screener"]'),
    "schema": ("manifest/v1", "manifst/v1", '1:9: schema is "policy-gate/manifst/v1"', '"policy-gate/manifest/v1"?'),
    "id": ("SYS-001", "SYS 001", '3:9: id is "SYS 001" (letters, digits, dots, - and _', '"SYS-001"?'),
    "empty text": ("Screener", '""', "4:11: name is empty", "write something"),
    "truth for text": ("Screener", "true", "4:11: name is true (text)", "in quotes"),
    "nothing for text": (" Screener", "", "4:10: name is nothing (text)", ""),
    "no such day": (
        "    stage:",
        "    enrolled: 2026-02-30\n    stage:",
        f'6:15: enrolled is "2026-02-30" ({DAY})',
        "",
    ),
    "day in digits": ("    stage:", "    enrolled: 20260203\n    stage:", f"6:15: enrolled is 20260203 ({DAY})", ""),
    "no such month": (
        "    stage:",
        "    deployment_date: 2026-13\n    stage:",
        '6:22: deployment_date is "2026-13"',
        "",
    ),
    "list item": ("    stage:", "    vendors: [Open_AI]\n    stage:", '6:15: vendors[0] is "Open_AI"', '"open-ai"?'),
    "fact": ("    stage:", "    facts: {x: }\n    stage:", "6:16: x is nothing (true or false, a whole number, a", ""),
}


@pytest.mark.parametrize(("old", "new", "message", "hint"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_with_place_and_remedy(old: str, new: str, message: str, hint: str) -> None:
    lines = [line.split(" | ") for line in told(changed(old, new))]
    assert [line for line in lines if line[0].startswith(message) and hint in line[1]], lines


def test_a_misspelt_key_is_told_at_the_key_and_not_as_missing_too() -> None:
    (line,) = told(changed("owner_team", "owner_taem"))
    assert 'unknown key owner_taem | did you mean "owner_team"?' in line
    lines = told(changed("owner_team", "whose"))
    assert len(lines) == 2
    assert "owner_team is missing in systems[0]" in lines[0]


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("22.11.2026", "write 2026-11-22"),
        ("2026/11/22", "write 2026-11-22"),
        ("22 November 2026", "write 2026-11-22"),
        ("2026-11-5", "write 2026-11-05"),
        ("11/10/2026", ""),
        ("2026-02-30", ""),
    ],
)
def test_a_day_that_can_be_read_in_one_way_only_is_written_out(written: str, hint: str) -> None:
    (line,) = told(changed("    stage:", f"    enrolled: {written}\n    stage:"))
    assert "a real date as YYYY-MM-DD" in line
    assert line.split(" | ")[1] == hint


def test_every_fault_is_told_in_the_order_of_the_file() -> None:
    lines = told(changed("partial", "x").replace("Screener", '""').replace("development", "devel"))
    assert [line.split(":")[0] for line in lines] == ["4", "6", "9"]


def test_a_missing_schema_says_how_the_file_begins() -> None:
    assert told("systems: []\n") == ["1:1: schema is missing | begin the file with `schema: policy-gate/manifest/v1`"]


@pytest.mark.parametrize(
    ("text", "seen"), [("", "empty"), ("# nothing yet\n", "empty"), ("- a\n", "a list"), ("text\n", '"text"')]
)
def test_a_document_of_another_shape_is_refused_and_told_how_it_begins(text: str, seen: str) -> None:
    (line,) = told(text)
    assert line.startswith(f"1:1: the document is {seen}")
    assert "a mapping of keys" in line
    assert line.endswith("begin the file with `schema: policy-gate/manifest/v1`")


def test_another_kind_of_document_is_one_problem() -> None:
    assert len(told("schema: policy-gate/roles/v1\nroles: {}\n")) == 1


def test_t16_a_number_is_the_text_it_was_written_as_where_text_is_meant() -> None:
    system = document(Manifest, changed("    stage:", "    model_version: 1.10\n    stage:")).content.systems[0]
    assert system.model_version == "1.10"
    card = document(Card, "schema: policy-gate/card/v1\nversion: 2\nauthors: [007]\n").content
    assert (card.version, card.authors) == ("2", ["007"])


def test_t16_no_is_no_truth() -> None:
    text = "schema: policy-gate/manifest/v1\nvendors:\n  - {id: a, vendor_name: A, has_dpa: NO}\n"
    assert told(text) == ['3:38: has_dpa is "NO" (true or false) | write false']


def test_facts_keep_their_type() -> None:
    facts = "    facts: {a: true, b: 1, c: 1.5, d: x, e: [4-a, 4], f: 1.10}\n    stage:"
    found = document(Manifest, changed("    stage:", facts)).content.systems[0].facts
    assert found == {"a": True, "b": 1, "c": 1.5, "d": "x", "e": ["4-a", "4"], "f": 1.1}
    assert [type(found[key]) for key in "abcd"] == [bool, int, float, str]


def test_iso_text_is_a_date_only_where_a_date_is_meant() -> None:
    text = changed("    stage:", "    enrolled: 2026-02-03\n    description: 2026-02-03\n    stage:")
    system = document(Manifest, text).content.systems[0]
    assert (system.enrolled, system.description) == (date(2026, 2, 3), "2026-02-03")


def test_keys_deep_in_a_mapping_have_their_nearest_name() -> None:
    text = "schema: policy-gate/roles/v1\nroles:\n  ciso:\n    membrs: []\n"
    assert told(text, Roles) == ['4:13: unknown key membrs | did you mean "members"?']


def test_a_rule_of_the_model_itself_is_told_in_its_words() -> None:
    text = "schema: policy-gate/policy/v1\ncontrols:\n  - {id: a, title: A, tiers: [low], require: [{artifact: x}]}\n"
    (line,) = told(text, PolicyFile)
    assert line.startswith("3:5: controls[0]: a control has exactly one of due_at and recurring | add `due_at: GATE`")
    (line,) = told(text.replace("tiers:", "due_at: g, recurring: P1Y, tiers:"), PolicyFile)
    assert line.endswith("| leave out recurring where it is due once, at the gate, or due_at where it comes again")


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        (
            "controls:\n  - {id: a, title: A, tiers: [low], due_at: g, require: [{artifact: x, test: y}]}",
            "`- ` for each",
        ),
        ("controls:\n  - {id: a, title: A, tiers: [low], due_at: g, require: [{}]}", "name what is wanted"),
        ("change_kinds:\n  - {id: a, title: A, weakening: true, raising: true}", "leave one of them out"),
        (
            "rules:\n  - {id: a, title: A, when: x, enforcement: block, shows: [b], require: [{artifact: x}]}",
            "add `for_each: change`",
        ),
    ],
)
def test_fields_that_do_not_go_together_are_told_with_what_to_write(said: str, hint: str) -> None:
    (line,) = told(f"schema: policy-gate/policy/v1\n{said}\n", PolicyFile)
    assert hint in line.split(" | ")[1], line


def test_of_a_union_the_branch_that_fits_is_told() -> None:
    rule = "rules:\n  - {id: a, title: A, when: x, enforcement: block, require: [{artifact: x, max_age: 1 year}]}\n"
    (line,) = told(f"schema: policy-gate/policy/v1\n{rule}", PolicyFile)
    assert "no ISO 8601 duration" in line


@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_is_told_in_the_words_of_the_library(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    old, new, message, hint = FAULTS[fault]
    monkeypatch.setattr(validation, "ValidationError", _OtherwiseError)
    monkeypatch.setattr(Manifest, "model_validate", classmethod(_refuse_otherwise))
    lines = [line.split(" | ") for line in told(changed(old, new))]
    assert [line for line in lines if line[0].startswith(message) and hint in line[1]], lines


class _OtherwiseError(Exception):
    """Pydantic's refusal with other words in it."""

    def __init__(self, faults: list[Any]) -> None:
        self.faults = faults

    def errors(self, **_: bool) -> list[Any]:
        return [fault | {"msg": "uno", "ctx": _reworded(fault)} for fault in self.faults]


def _reworded(fault: Any) -> Any:
    context = fault.get("ctx", {})
    return context | {"expected": "due"} if fault["type"] == "literal_error" else context


def _refuse_otherwise(model: type[Manifest], raw: Any) -> Any:
    try:
        return Strict.model_validate.__func__(model, raw)
    except ValidationError as refused:
        raise _OtherwiseError(list(refused.errors())) from None


def test_an_empty_list_that_must_not_be_is_told() -> None:
    assert told("schema: policy-gate/config/v1\nmanifests: []\n", Config)[0].startswith("2:12: manifests is empty")

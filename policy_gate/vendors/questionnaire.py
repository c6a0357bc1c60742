"""The open questions to a vendor as a form: YAML that `vendor import` takes back, or Markdown to send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.rule_targets import TARGETS
from policy_gate.schema.vendor_document import VENDOR_FIELDS
from policy_gate.schema.vendors import VendorAssessment

SCHEMA = "policy-gate/vendor-answers/v1"
_ASKED: Mapping[str, str] = {
    "product_name": "Which of your products is this about?",
    "access_type": "How do we get it?",
    "data_sent": "What do we send you?",
    "data_classes": "Which kinds of data are among it?",
    "use_case": "What do we use it for?",
    "iso27001_certified": "Are you certified to ISO/IEC 27001?",
    "bug_bounty_program": "Do you run a bug bounty programme?",
    "eu_data_residency": "Does our data stay in the European Union?",
    "liability_cap": "Up to which sum do you answer, with its currency?",
}
"""What is asked about a field that no finding asks about."""
OURS: tuple[str, ...] = ("access_type", "data_sent", "data_classes", "use_case", "has_fallback_provider")
"""What the vendor cannot know: what we send it and why, and who takes its place."""
_FORMS = {"BOOL": "true or false", "INT": "a whole number", "DOUBLE": "a number", "STRING": "a text"}
ANSWERED: tuple[str, ...] = tuple(name for name in VENDOR_FIELDS if name not in ("id", "vendor_name"))
"""What a form may answer."""


class Question(Struct, frozen=True):
    """One question: the field that holds the answer, how it is put, the form of the answer, how much it weighs."""

    field: str
    text: str
    form: str
    severity: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether we answer it, and not the vendor."""
        return self.field in OURS


def open_questions(values: Mapping[str, Any], found: VendorAssessment | None, policy: RuleSet) -> tuple[Question, ...]:
    """Everything that the entry does not say: first what is open of the findings, the worst first, then the rest."""
    asked = {
        field: Question(field, item.issue, form_of(field), item.severity)
        for item in (found.questions if found else ())
        for field in item.missing
        if field in ANSWERED
    }
    silent = {spec.decided_by for spec in policy.vendor_findings.values()} - asked.keys()
    for name, text in _ASKED.items():
        if f"vendor.{name}" not in values and name not in asked and name not in silent:
            asked[name] = Question(name, text, form_of(name))
    return tuple(asked.values())


def form_of(field: str) -> str:
    """What an answer looks like, in words."""
    target = TARGETS["vendor"]
    words, kind = target.words.get(f"vendor.{field}"), target.fields[f"vendor.{field}"]
    if words:
        return f"{'any' if kind == 'LIST<STRING>' else 'one'} of {', '.join(words)}"
    return "a day, YYYY-MM-DD" if field == "assessed_on" else _FORMS[kind]


def form_yaml(vendor: str, name: str, questions: Sequence[Question], today: date) -> str:
    """The form; an answer that is left empty says nothing."""
    return "\n".join(_yaml_lines(vendor, name, questions, today)) + "\n"


def _yaml_lines(vendor: str, name: str, questions: Sequence[Question], today: date) -> Iterator[str]:
    yield f"# Questions to {_one_line(name)}, {today.isoformat()}. Leave empty what you do not know."
    yield "# Take the answers back with: policy-gate vendor import FILE"
    yield f"schema: {SCHEMA}"
    yield f"vendor: {vendor}"
    yield "answers:"
    for item in questions:
        if not item.is_ours:
            yield from _yaml_question(item)
    yield "  # On which day did somebody of yours look at these answers? (a day, YYYY-MM-DD)"
    yield "  assessed_on:"
    ours = [item for item in questions if item.is_ours]
    if ours:
        yield "  # Below: for ourselves to answer, not for the vendor."
    for item in ours:
        yield from _yaml_question(item)


def _yaml_question(item: Question) -> Iterator[str]:
    yield f"  # {_one_line(item.text)} ({item.form})"
    yield f"  {item.field}:"


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def form_rows(questions: Sequence[Question]) -> Iterator[tuple[str, str, str, str]]:
    """(field, question, form of the answer, severity) for a table to send: what the vendor can answer."""
    for item in questions:
        if not item.is_ours:
            yield item.field, _one_line(item.text), item.form, item.severity

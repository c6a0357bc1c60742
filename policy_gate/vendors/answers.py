"""What a form that came back says: YAML of our own, or CSV by field or by the ids of CSA's questionnaires (CAIQ)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from msgspec import Struct

from policy_gate.documents.spelling import spelling_hint
from policy_gate.documents.validation import validated
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import DocumentError
from policy_gate.schema.dates import lies_ahead
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.rule_targets import TARGETS
from policy_gate.schema.source import Mark, Problem
from policy_gate.schema.vendor_document import VendorEntry
from policy_gate.schema.vendors import AssessedVendor
from policy_gate.vendors.questionnaire import ANSWERED, SCHEMA

_CAIQ_ID: Final = lazy_pattern(r"[A-Z&]{2,4}-\d{2}(\.\d{1,2})?")
_DECIMAL_COMMA: Final = lazy_pattern(r"(\d{1,3}),(\d{1,2})")
"""A number as most of Europe writes it; with three digits behind the comma it could be thousands."""
_YES: Final = frozenset({"yes", "y", "true"})
_NO: Final = frozenset({"no", "n", "false"})
_NOTHING: Final = frozenset({"", "na", "n/a", "not applicable", "unknown", "tbd", "todo", "?"})
_KEYS: Final = ("field", "question id", "question_id", "id")
_ANSWERS: Final = ("answer", "csp caiq answer", "caiq answer", "value")
_VENDORS: Final = ("vendor",)
_MOST_ROWS: Final = 5000
_SEPARATORS: Final = (",", ";", "\t")
_AS_CSV: Final = (
    "save it as CSV UTF-8: quotes are closed, those in a cell doubled, and no cell is longer than 131,072 signs"
)


class Answers(Struct, frozen=True):
    """Answers of one vendor: by field, each with where it stands. `vendor` is empty where the file names none.

    `passed_over` counts rows of a known questionnaire that answer nothing which is asked here.
    """

    path: str
    vendor: str
    said: Mapping[str, Any]
    places: Mapping[str, Mark]
    passed_over: int = 0


def read_answers(path: str, data: bytes, policy: RuleSet) -> Answers:
    """The answers of a file; DocumentError with every place that does not fit. An empty answer says nothing."""
    return _of_csv(path, data, policy) if path.lower().endswith(".csv") else _of_yaml(path, data)


def _of_yaml(path: str, data: bytes) -> Answers:
    raw, marks = read_yaml(path, data)
    top = Mark(1, 1)
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
        raise _refused(Problem(path, "is no form of answers", 1, 1, f"begin the file with `schema: {SCHEMA}`"))
    strange = [
        Problem(path, f'unknown key "{key}"', *marks.get((key,), top), spelling_hint(str(key), ("vendor", "answers")))
        for key in raw
        if key not in ("schema", "vendor", "answers")
    ]
    answers = raw.get("answers")
    if not isinstance(answers, dict):
        strange.append(Problem(path, "answers is missing", *marks.get(("answers",), top), "one line a field"))
        answers = {}
    vendor = raw.get("vendor")
    if not isinstance(vendor, str):
        strange.append(Problem(path, "vendor is missing", *marks.get(("vendor",), top), "name the vendor's id"))
        vendor = ""
    places = {str(name): marks.get(("answers", name), top) for name in answers}
    said = {str(name): value for name, value in answers.items() if value is not None and value != ""}
    return _typed(Answers(path, vendor, said, places), strange)


def _of_csv(path: str, data: bytes, policy: RuleSet) -> Answers:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise _refused(Problem(path, "is no UTF-8 text", line, 1, "save it as CSV UTF-8")) from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    problems: list[Problem] = []
    rows: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, [cell.strip() for cell in row]))
            if len(rows) > _MOST_ROWS:
                raise _refused(Problem(path, f"has more than {_MOST_ROWS} rows", reader.line_num, 1))
    except csv.Error as fault:
        raise _refused(Problem(path, "is no CSV", reader.line_num, 1, _AS_CSV)) from fault
    head = next((index for index, (_, row) in enumerate(rows) if _columns(row) is not None), None)
    columns = _columns(rows[head][1]) if head is not None else None
    if head is None or columns is None:
        hint = "name columns `field` and `answer`, or `Question ID` and `CSP CAIQ Answer`"
        raise _refused(Problem(path, "no row names the columns", 1, 1, hint))
    found = _Rows(path, policy, problems)
    for line, row in rows[head + 1 :]:
        found.take(line, row, columns)
    return _typed(Answers(path, found.vendor, found.said, found.places, found.passed_over), problems)


def _separator(text: str) -> str:
    """What stands between the cells: programs write `;` or a tab where a comma is the sign of fractions."""
    for line in text.splitlines()[:_MOST_ROWS]:
        for sign in _SEPARATORS:
            if _columns([cell.strip(' "') for cell in line.split(sign)]) is not None:
                return sign
    return _SEPARATORS[0]


class _Columns(Struct, frozen=True):
    key: int
    answer: int
    question: int | None
    vendor: int | None


def _columns(row: list[str]) -> _Columns | None:
    """Where a row of headings puts key and answer; None where it is none."""
    names = [cell.casefold() for cell in row]
    key, answer = _first(names, _KEYS), _first(names, _ANSWERS)
    if key is None or answer is None:
        return None
    return _Columns(key, answer, _first(names, ("question",)), _first(names, _VENDORS))


def _first(names: list[str], wanted: tuple[str, ...]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


class _Rows:
    """The rows of a CSV file, taken one after the other."""

    def __init__(self, path: str, policy: RuleSet, problems: list[Problem]) -> None:
        self.path, self.problems = path, problems
        self.by_id = {
            id_: (spec.decided_by, word)
            for spec in policy.vendor_findings.values()
            for id_, word in spec.caiq.items()
            if spec.decided_by
        }
        self.vendor = ""
        self.said: dict[str, Any] = {}
        self.places: dict[str, Mark] = {}
        self.passed_over = 0

    def take(self, line: int, row: list[str], columns: _Columns) -> None:
        """One row: its answer, a problem, or nothing."""
        key, answer = _cell(row, columns.key), _cell(row, columns.answer)
        self._of_vendor(line, _cell(row, columns.vendor))
        field = self._field(line, key, _cell(row, columns.question))
        if field is None or answer.casefold() in _NOTHING:
            return
        place = Mark(line, columns.answer + 1)
        if field in self.said:
            first = self.places[field].line
            self.problems.append(Problem(self.path, f"{field} is answered twice (first in line {first})", *place))
            return
        self.said[field], self.places[field] = _value(field, answer), place

    def _of_vendor(self, line: int, said: str) -> None:
        if said and self.vendor and said != self.vendor:
            message = f'row is of vendor "{said}", earlier ones of "{self.vendor}"'
            self.problems.append(Problem(self.path, message, line, 1, "one file for each vendor"))
        self.vendor = self.vendor or said

    def _field(self, line: int, key: str, question: str) -> str | None:
        """The field that a row answers; None where it answers none that is asked here."""
        if key in ANSWERED or key in ("", *self.by_id):
            field, word = self.by_id.get(key, (key or None, ""))
            if word and question and word not in question.casefold():
                message = f"{key} is not the question that it is known as: nothing in it speaks of {word}"
                self.problems.append(Problem(self.path, message, line, 1, f"answer {field} by its name"))
                return None
            return field
        if _CAIQ_ID.fullmatch(key):
            self.passed_over += 1
            return None
        hint = spelling_hint(key, ANSWERED)
        self.problems.append(Problem(self.path, f'no vendor has a field "{key}"', line, 1, hint))
        return None


def _cell(row: list[str], column: int | None) -> str:
    return row[column] if column is not None and column < len(row) else ""


def _value(field: str, text: str) -> Any:
    """The text of a cell as the entry would state it; what cannot be read so stays text, and is refused."""
    kind = TARGETS["vendor"].fields[f"vendor.{field}"]
    word = text.casefold()
    if kind == "BOOL":
        return True if word in _YES else False if word in _NO else text
    if kind == "LIST<STRING>":
        return [part.strip() for part in text.replace(",", ";").split(";") if part.strip()]
    if kind in ("INT", "DOUBLE"):
        number = text.removesuffix("%").strip()
        comma = _DECIMAL_COMMA.fullmatch(number)
        try:
            return int(text) if kind == "INT" else float(".".join(comma.groups()) if comma else number)
        except ValueError:
            return text
    return text


def _typed(answers: Answers, problems: list[Problem]) -> Answers:
    """The answers with their types; DocumentError with these problems and those of values that do not fit."""
    wrong = list(problems)
    for name in answers.said:
        if name not in ANSWERED:
            message, hint = f'no vendor has a field "{name}"', spelling_hint(name, ANSWERED)
            wrong.append(Problem(answers.path, message, *answers.places[name], hint))
    known = {name: value for name, value in answers.said.items() if name in ANSWERED}
    marks: dict[tuple[str | int, ...], Mark] = {(name,): place for name, place in answers.places.items()}
    entry = {"id": "vendor", "vendor_name": "Vendor", **known}
    try:
        document = validated(VendorEntry, answers.path, "", entry, marks)
    except DocumentError as fault:
        raise _refused(*wrong, *fault.problems) from None
    if wrong:
        raise _refused(*wrong)
    said = {name: getattr(document.content, name) for name in known}
    return Answers(answers.path, answers.vendor, said, answers.places, answers.passed_over)


def contradictions(answers: Answers, vendor: AssessedVendor) -> Iterator[Problem]:
    """Answers to what the entry says otherwise: nothing is overwritten, but for a later day of assessment."""
    for name, value in answers.said.items():
        stated = vendor.said_of(name)
        if stated is None or stated == value or (name == "assessed_on" and value > stated):
            continue
        message = f"{name}: the answer is {_shown(value)}, and the entry of {vendor.entry.id} says {_shown(stated)}"
        hint = "nothing is written over: change the entry by hand, or take the answer out"
        yield Problem(answers.path, message, *answers.places[name], hint)


def not_yet(answers: Answers, today: date) -> Iterator[Problem]:
    """A day of assessment on which nobody can have looked yet: a check takes it for none."""
    day = answers.said.get("assessed_on")
    if isinstance(day, date) and lies_ahead(day, today):
        message = f"assessed_on lies in the future (got {day}, expected a day that has come)"
        yield Problem(answers.path, message, *answers.places["assessed_on"], "write the day on which it happened")


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _refused(*problems: Problem) -> DocumentError:
    problems = tuple(sorted(problems, key=lambda it: (it.line, it.column)))
    first = problems[0]
    return DocumentError(f"{first.location}: {first.message}", hint=first.hint, problems=problems)

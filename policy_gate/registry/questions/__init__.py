"""The questions that have a name: one SQL file each, with a head that says what is asked, and what cannot be known.

A file begins with lines `-- KEY: text` (title, about, cannot, and `param NAME TYPE = DEFAULT`); a line that begins
`--   ` goes on. Then comes one SELECT, the same for SQLite and PostgreSQL, over the tables of `held.sql`: what
held on the day `:as_of`. Nothing here needs a database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Final, get_args

from policy_gate.documents.spelling import refuse_unknown, spelling_hint
from policy_gate.errors import UsageError
from policy_gate.schema.registry_answer import Parameter, ParameterType, Question

_PREAMBLE: Final = "held.sql"
_TYPES = "|".join(get_args(ParameterType))
_HEAD = re.compile(rf"-- (title|about|cannot|param [a-z_]+ (?:{_TYPES}) = [^:]*): (.+)")
_PARAM = re.compile(r"param ([a-z_]+) ([a-z]+) = ?(.*)")
_VIEW = re.compile(r"^(held_[a-z_]+) as \($", re.MULTILINE)
_NAME = re.compile(r"\bheld_[a-z_]+\b")
_BIND = re.compile(r"(?<!:):([a-z_]+)\b")


@cache
def questions() -> Mapping[str, Question]:
    """All named questions by name, in the order of their names."""
    files = (file for file in resources.files(__package__).iterdir() if file.name.endswith(".sql"))
    texts = {file.name.removesuffix(".sql"): file.read_text("utf-8") for file in files if file.name != _PREAMBLE}
    return {name: _parsed(name, texts[name]) for name in sorted(texts)}


def question(name: str) -> Question:
    """The question of that name; UsageError with the nearest one where there is none."""
    refuse_unknown("question", (name,), questions())
    return questions()[name]


def bound(asked: Question, given: Mapping[str, str], today: date) -> dict[str, str]:
    """What each parameter is, by name, as its SQL wants it: text, and days as dates.

    UsageError for a parameter that the question does not have, or a value that is none of its type.
    """
    known = {parameter.name: parameter for parameter in asked.parameters}
    for name in given:
        if name not in known:
            hint = spelling_hint(name, known, none="it takes none")
            raise UsageError(f'the question "{asked.name}" has no parameter "{name}"', hint=hint)
    return {name: _value(it, given.get(name, it.default), today) for name, it in known.items()}


def complete_sql(asked: Question) -> str:
    """The statement of a question as a database runs it."""
    return over_held_states(asked.sql)


def over_held_states(sql: str) -> str:
    """A statement with the tables `held_…` that it names put in front of it."""
    views = _views()
    wanted: set[str] = set()
    names = set(_NAME.findall(sql))
    while names - wanted:
        wanted |= names
        names = {inner for name in names for inner in _NAME.findall(views[name])}
    parts = [text for name, text in views.items() if name in wanted]
    return f"with {','.join(parts)}\n{sql}" if parts else sql


def names_bound(sql: str) -> list[str]:
    """The parameters that a statement takes, each once, in their order."""
    return list(dict.fromkeys(_BIND.findall(sql)))


def replaced_binds(sql: str, terms: Mapping[str, str]) -> str:
    """The statement with an expression in place of each parameter."""
    return _BIND.sub(lambda found: terms[found[1]], sql)


@cache
def _views() -> dict[str, str]:
    text = resources.files(__package__).joinpath(_PREAMBLE).read_text("utf-8")
    starts = list(_VIEW.finditer(text))
    ends = [*(it.start() for it in starts[1:]), len(text)]
    return {it[1]: text[it.start() : end].strip().rstrip(",") for it, end in zip(starts, ends, strict=True)}


def _parsed(name: str, text: str) -> Question:
    head: dict[str, str] = {}
    lines = text.splitlines()
    parameters = []
    at = ""
    while lines and lines[0].startswith("--"):
        line = lines.pop(0)
        if line.startswith("--   "):
            head[at] += " " + line[5:].strip()
            continue
        found = _HEAD.fullmatch(line)
        if found is None:
            raise ValueError(f"{name}.sql: {line}")
        at = found[1]
        head[at] = found[2]
    for key, about in head.items():
        if said := _PARAM.fullmatch(key):
            parameters.append(Parameter(said[1], said[2], said[3].strip(), about))  # type: ignore[arg-type]
    sql = "\n".join(lines).strip()
    return Question(name, head["title"], head["about"], head["cannot"], tuple(parameters), sql)


def _value(parameter: Parameter, given: str, today: date) -> str:
    """UsageError where it is none of the parameter's type."""
    wanted = {"day": "a date, YYYY-MM-DD", "days": "a number of days from 0 on", "number": "a number from 0 on"}.get(
        parameter.type, ""
    )
    try:
        if parameter.type == "day":
            return (date.fromisoformat(given) if given else today).isoformat()
        if parameter.type == "days":
            return (today + timedelta(days=_count(given))).isoformat()
        if parameter.type == "number":
            return str(_count(given))
    except (ValueError, OverflowError):
        raise UsageError(f'"{given}" is no value of {parameter.name}', hint=f"it is {wanted}") from None
    return given


def _count(text: str) -> int:
    """ValueError for what is no whole number, or one below 0: days that lie behind are no days ahead."""
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number

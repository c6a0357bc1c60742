"""What an interview shows: what a question decides, and the facts to state in the manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from policy_gate.documents.spelling import listed
from policy_gate.report.sanitise import json_text
from policy_gate.report.wording import plural
from policy_gate.schema.facts import Facts
from policy_gate.schema.rule_set import FactDefinition

_ROWS = 5


def decides_text(fact: FactDefinition, rows: Sequence[str]) -> str:
    more = [f"{len(rows) - _ROWS} more"] if len(rows) > _ROWS else []
    return f"  {fact.about}\n  It decides {listed([*rows[:_ROWS], *more])}."


def answers_text(facts: Facts, answers: Mapping[str, Any]) -> str:
    """The answers as lines of YAML, to put under `facts:` of the system's entry."""
    if not answers:
        return f"Nothing was answered for {facts.id}, so nothing changes."
    place = facts.declared.at("facts")
    lines = [f"Put {plural(len(answers), 'fact')} under facts of {facts.id} ({place}):", ""]
    return "\n".join([*lines, *(f"  {name}: {_value(value)}" for name, value in answers.items()), ""])


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(_quoted(part) for part in value)}]"
    return _quoted(value) if isinstance(value, str) else repr(value)


def _quoted(text: str) -> str:
    return text if text.replace("-", "").isalpha() else json_text(f'"{text}"')

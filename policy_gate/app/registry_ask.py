"""What is asked of a registry by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from policy_gate.app.registry_database import open_registry
from policy_gate.registry.questions import question, questions
from policy_gate.schema.registry_answer import Answer, Question


def named_questions() -> Mapping[str, Question]:
    """All questions by name."""
    return questions()


def ask(database: str | None, name: str, given: Mapping[str, str], as_of: date) -> Answer:
    """The answer to the question of that name. UsageError where there is none such, or no registry to ask."""
    wanted = question(name)
    with open_registry(database) as registry:
        from policy_gate.registry.asking import answered  # noqa: PLC0415 - an extra, and slow

        return answered(registry, wanted, given, as_of)

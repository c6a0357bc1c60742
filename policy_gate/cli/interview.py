"""Asking for the facts of one system, one after the other, only as far as the answers need."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from policy_gate.cli.output import one_line, say
from policy_gate.errors import UsageError
from policy_gate.evaluate.law import read_law, to_ask
from policy_gate.facts.interview import Refused, how_to_answer, next_fact, value_of, with_answers
from policy_gate.report.views.interview import answers_text, decides_text
from policy_gate.schema.facts import Facts
from policy_gate.schema.rule_set import FactDefinition, RuleSet


def interview(facts: Facts, policy: RuleSet, today: date) -> Facts:
    """Ask what decides rows of law until nothing is left to ask; show the facts to state, give the system with them.

    An empty answer passes a question over: the fact stays unknown, and is never taken for a no.
    """
    if policy.law is None:
        raise UsageError("there is no law pack to ask about", hint="install policy-gate again")
    answers: dict[str, Any] = {}
    skipped: set[str] = set()
    say(f"{one_line(facts.id)}: an empty answer passes a question over, ? says what it decides, . ends.")
    while True:
        now = with_answers(facts, answers, policy)
        asked = to_ask(read_law(now, policy.law, today), now)
        fact = next_fact(asked, skipped, policy)
        if fact is None:
            break
        said = _answer(fact)
        if said.strip() == ".":
            break
        if said.strip() == "?":
            say(decides_text(fact, asked[fact.id]))
        elif not said.strip():
            skipped.add(fact.id)
        elif isinstance(value := value_of(fact, said, policy), Refused):
            say(one_line(f"{value.message}. {value.hint}".rstrip(". ")))
        else:
            answers[fact.id] = value
    say(answers_text(facts, answers))
    return with_answers(facts, answers, policy)


def _answer(fact: FactDefinition) -> str:
    """What was typed; where nobody types any more, what ends the questions."""
    try:
        question = f"{fact.id}: {fact.about} [{how_to_answer(fact)}]"
        return str(click.prompt(question, default="", show_default=False, err=True))
    except click.Abort:
        return "."

"""Conditions in words: people who read a report or `explain` see no expression of the language of rules."""

from __future__ import annotations

import re

import pytest

from policy_gate.app.views import builtin_policies
from policy_gate.policy.condition_words import in_words
from policy_gate.policy.docs import every_doc
from policy_gate.report.style import RenderOptions
from policy_gate.report.views.explain import explanation_text

LANGUAGE = re.compile(r"&&|\|\||==|!=|!\(|\bsystem\.\w|\bchange\.\w|\bvendor\.\w|\bmetric\.\w|\.exists|LIST<|\bBOOL\b")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('system.tier in ["critical", "high"]', "tier is one of critical or high"),
        ('!("user_facing" in system.declared) || system.user_facing', "user_facing is true or not stated"),
        ('"a" in system.declared && !system.a', "a is false"),
        ('!(system.stage == "production" || system.x)', "stage is not production and x is false"),
        ("system.score >= 12 && size(system.law_class) == 0", "score is at least 12 and law_class is empty"),
        ('system.points.exists(p, p.startsWith("4"))', "points has one that begins with 4"),
        (
            'change.weakening && change.field != "model"',
            "the change is a weakening and the change's field is not model",
        ),
        ('(system.a || system.b) && system.c == "x"', "(a is true or b is true), and c is x"),
        ('"api" in vendor.kinds', "the vendor's kinds has api"),
    ],
)
def test_a_condition_is_told_in_words(text: str, words: str) -> None:
    assert in_words(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "system.a + system.b > 3",
        "today.date.startsWith(system.deployment_date)",
        'system.name.matches("^x") ? system.a : system.b',
        "system.points.all(p, p == system.a)",
        "system.a ==",
    ],
)
def test_what_is_not_understood_is_told_by_what_it_depends_on_and_not_guessed(text: str) -> None:
    assert re.fullmatch(r"its condition on [\w ,']+ is met", in_words(text))


def test_explain_shows_no_expression_of_any_shipped_rule() -> None:
    docs = every_doc(builtin_policies())
    for entry in docs.entries:
        said = explanation_text(docs, f"{entry.kind}:{entry.id}", RenderOptions())
        assert not LANGUAGE.search(said), said

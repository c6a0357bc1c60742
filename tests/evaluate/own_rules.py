"""One rule laid over the shipped policies, and what it comes to for changes: facts in, findings out."""

from __future__ import annotations

from typing import Any

from policy_gate.app.judge import evaluate_facts
from policy_gate.collect.policy_files import builtin_layer
from policy_gate.decide.decision_context import blamed
from policy_gate.decide.findings import findings_of
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.facts.case_facts import CASE_DAY, facts_of_case
from policy_gate.policy.load import lint_policies, load_policies
from policy_gate.schema.check_inputs import CheckOptions, LayerSource
from policy_gate.schema.dates import end_of_day
from policy_gate.schema.finding import Finding
from policy_gate.schema.policy_cases import Case
from policy_gate.schema.source import Document, Problem

SHIPPED = builtin_layer(with_cases=False)


def layer(text: str, kind: str = "repository") -> LayerSource:
    """A layer of one document: the text of its sections."""
    path = "policies/own.yaml"
    raw, marks = read_yaml(path, f"schema: policy-gate/policy/v1\n{text}".encode())
    return LayerSource(kind, f"{kind}:policies", (Document(path, "0" * 40, raw, marks),), trusted=True)  # type: ignore[arg-type]


def own_rule(when: str, require: str, more: str = "", for_each: str = "change") -> str:
    """A rule `mine`: its condition, its requirements as YAML in one line, and further keys."""
    return (
        f"rules:\n  - id: mine\n    title: Mine\n    why: So.\n    for_each: {for_each}\n    enforcement: block\n"
        f"    when: '{when}'\n    require: {require}\n{more}"
    )


def problems(text: str) -> list[Problem]:
    """What lint says of the text, advice aside."""
    return [problem for problem in lint_policies((SHIPPED, layer(text))) if not problem.advice]


def findings(text: str, *changes: dict[str, Any], **case: Any) -> list[Finding]:
    """What the rule `mine` finds for the changes of a plain low-tier system and of the repository."""
    policy = load_policies((SHIPPED, layer(text)))
    was, now, made = facts_of_case(Case(id="x", title="X", changes=list(changes), **case), policy)
    day = end_of_day(CASE_DAY)
    options = CheckOptions(mode="change", as_of=day)
    weighed = blamed(evaluate_facts(policy, was, now, made, day), options).weighed
    return [found for found in findings_of(weighed, policy, "change") if found.because[0].rule == "mine"]

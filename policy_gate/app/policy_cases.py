"""Policy cases: facts and changes in, findings expected out; what `policy-gate policy test` runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from policy_gate.app.judge import evaluate_facts
from policy_gate.decide.case_comparison import compare
from policy_gate.decide.decision_context import blamed
from policy_gate.decide.findings import findings_of
from policy_gate.facts.case_facts import CASE_DAY, facts_of_case
from policy_gate.policy.cases import read_cases
from policy_gate.policy.load import load_policies
from policy_gate.schema.check_inputs import CheckOptions, LayerSource
from policy_gate.schema.dates import end_of_day
from policy_gate.schema.policy_cases import Case
from policy_gate.schema.rule import Rule
from policy_gate.schema.rule_set import RuleSet
from policy_gate.write.policy_case import as_file, firing, resting


class CaseRun(Struct, frozen=True):
    """What running policy cases gave: how many, and a sentence for each that did not come out."""

    cases: int
    failed: tuple[str, ...]


def run_cases_of(layers: Sequence[LayerSource], packs: Sequence[str] = ()) -> CaseRun:
    """Run the cases of each layer under it and those below it: a later layer asks for more than they expect.

    The packs are those that the last layer's policy-gate.yaml asks for, so the earlier ones are run without.
    """
    cases = 0
    failed: list[str] = []
    for position, layer in enumerate(layers, 1):
        if layer.cases:
            policy = load_policies(layers[:position], packs if position == len(layers) else ())
            done = run_cases(policy, read_cases(layer.cases, policy))
            cases += done.cases
            failed += done.failed
    return CaseRun(cases, tuple(failed))


def run_cases(policy: RuleSet, cases: Sequence[Case]) -> CaseRun:
    """Run policy cases: facts and changes in, findings expected out."""
    failed = [problem for case in cases for problem in _run_case(policy, case)]
    return CaseRun(len(cases), tuple(failed))


def skeleton(policy: RuleSet, rule: Rule) -> str:
    """Two cases as YAML, one in which the rule fires and one in which it rests: the first of each that comes out.

    Where none that is tried does, the plainest guess stands there, with what is wrong about it.
    """
    fires, lacks = _first_right(policy, firing(rule))
    rests, more = _first_right(policy, resting(rule, fires))
    return as_file((fires, rests), (*lacks, *more))


def _first_right(policy: RuleSet, proposed: Iterable[dict[str, Any]]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The first case that comes out as it expects, else the first of all with what did not."""
    tried: list[tuple[dict[str, Any], tuple[str, ...]]] = []
    for case in proposed:
        tried.append((case, _run_case(policy, Case.model_validate(case, strict=False))))
        if not tried[-1][1]:
            return tried[-1]
    return tried[0]


def _run_case(policy: RuleSet, case: Case) -> tuple[str, ...]:
    was, now, changes = facts_of_case(case, policy)
    as_of = end_of_day(case.as_of or CASE_DAY)
    evaluation = evaluate_facts(policy, was, now, changes, as_of)
    options = CheckOptions(mode="change", as_of=as_of)
    return compare(case, findings_of(blamed(evaluation, options).weighed, policy, options.mode))

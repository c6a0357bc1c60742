"""What the views read: policies and facts of a tree, where nothing is judged."""

from __future__ import annotations

from policy_gate.app.judge import policies_of_base
from policy_gate.collect.inputs import load_inputs
from policy_gate.collect.policy_files import builtin_layer_sealed
from policy_gate.errors import DocumentError
from policy_gate.evaluate.obligations import law_of_system
from policy_gate.facts.facts import facts_of
from policy_gate.policy.load import load_policies
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.facts import Facts
from policy_gate.schema.law import LawOfSystem
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.snapshot import Snapshot


def facts_in(request: Request, *, of_all: bool = True) -> tuple[RuleSet, tuple[Facts, ...]]:
    """The policies in force and the facts of the result tree, for views that judge nothing.

    DocumentError where a manifest cannot be read; without `of_all` its systems are left out.
    """
    with load_inputs(request) as inputs:
        policy = policies_of_base(inputs)
        if of_all:
            refuse_unread(inputs.result)
        return policy, facts_of(inputs.result, policy)


def refuse_unread(side: Snapshot, what: str = "systems") -> None:
    """DocumentError where a manifest of ours cannot be read: what it declares would be left out without a word."""
    paths = {it.path for it in side.unread if not it.is_anothers}
    if paths:
        problems = tuple(problem for problem in side.problems if problem.path in paths)
        raise DocumentError(f"{min(paths)} cannot be read, so its {what} are not known", problems=problems)


def law_in(request: Request) -> tuple[LawOfSystem, ...]:
    """Every row of law for each system of the result tree, by the systems' ids."""
    policy, facts = facts_in(request)
    found = (law_of_system(one, policy, request.as_of) for one in facts)
    return tuple(sorted(found, key=lambda it: it.system))


def builtin_policies() -> RuleSet:
    """The built-in policies alone."""
    return load_policies([builtin_layer_sealed()], ())

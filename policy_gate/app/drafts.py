"""Which documents systems lack: all that are owed or will be, or those of one gate."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.app.judge import judge, policies_of_base
from policy_gate.app.views import refuse_unread
from policy_gate.collect.inputs import load_inputs
from policy_gate.documents.spelling import refuse_unknown
from policy_gate.facts.facts import facts_of
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.facts import Facts
from policy_gate.schema.report import Report
from policy_gate.schema.rule_set import RuleSet

_OPEN = frozenset({"gap", "deferred", "upcoming", "unknown"})


class Lacking(Struct, frozen=True):
    """A system, and the ids of the documents that it lacks."""

    facts: Facts
    artifacts: tuple[str, ...]


def lacking(request: Request, gate: str | None = None) -> tuple[RuleSet, tuple[Lacking, ...]]:
    """The documents that the systems of the work tree lack, or what they lack to enter a gate."""
    with load_inputs(replace(request, environment={}, defer_approval=True)) as inputs:
        policy = policies_of_base(inputs)
        refuse_unknown("gate", () if gate is None else (gate,), policy.gates)
        refuse_unread(inputs.result)
        facts = facts_of(inputs.result, policy)
        report = judge(request, inputs, policy).report if gate is None else None
    found = (Lacking(it, tuple(dict.fromkeys(_of_system(it, policy, report, gate)))) for it in facts)
    return policy, tuple(it for it in found if it.artifacts)


def _of_system(facts: Facts, policy: RuleSet, report: Report | None, gate: str | None) -> Iterator[str]:
    """Documents that nothing is named for: by the findings, or by what the gate and its controls want."""
    if report is not None:
        for finding in report.findings:
            id_ = finding.artifact or finding.requirement.subject
            is_paper = finding.requirement.kind in ("artifact", "card") and id_ in policy.artifacts
            if finding.system == facts.id and is_paper and finding.state in _OPEN and finding.cause == "absent":
                yield id_
        return
    for rule in policy.rules:
        if rule.gate == gate and rule.kind != "rule" and (not rule.tiers or facts.tier in rule.tiers):
            for asked in rule.requirements:
                is_asked = not any(condition.truth(facts.values).value is False for condition in asked.when)
                if asked.kind == "artifact" and is_asked and _is_absent(facts, asked.subject, policy):
                    yield asked.subject


def _is_absent(facts: Facts, artifact: str, policy: RuleSet) -> bool:
    if artifact == policy.model_card:
        return facts.declared.entry.model_card is None
    return all(it.id != artifact for it in facts.declared.entry.artifacts)

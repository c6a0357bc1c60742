"""Papers that a gate has counted: rewritten afterwards, they are not what was signed (D58)."""

from __future__ import annotations

from policy_gate.decide.system_change import SystemChange
from policy_gate.schema.finding import Outcome
from policy_gate.schema.rule import Requirement
from policy_gate.schema.rule_set import RuleSet

REWRITTEN = "evidence-replaced"
"""the kind of change that this is about"""
_OLD = ("stale", "undated")


def is_about_rewriting(outcome: Outcome) -> bool:
    """Whether it asks about a document that is another one now."""
    return outcome.instance.startswith(f"{REWRITTEN}:")


def was_signed(outcome: Outcome, system_change: SystemChange, policy: RuleSet) -> bool:
    """Whether base's document counted at a gate behind the system, so that its other text wants a word.

    One that base itself finds wanting is work that is owed, and so is the next document of a review that recurs; of
    what is merely out of date, only a later one is.
    """
    id_ = outcome.instance.partition(":")[2]
    own = [it for it in system_change.before.values() if it.rule.kind != "rule" and _wants(it, id_, policy)]
    is_later = _is_later(id_, system_change)
    wanting = [it for it in own if it.state in ("gap", "unknown") and not it.is_vouchable]
    if any(is_later or it.cause not in _OLD for it in wanting):
        return False
    counted = [it for it in own if it.state == "met" or it.is_vouchable or it.cause in _OLD]
    return any(it.rule.recurring is None or not is_later for it in counted)


def is_taken_back(outcome: Outcome, system_change: SystemChange, policy: RuleSet) -> bool:
    """Whether a document that counted at its gate is spoilt or gone, at a tier whose gate keeps what it counted.

    Otherwise one change could spoil what a gate only remediates, and the next write something else.
    """
    gate, before = policy.gates.get(outcome.rule.id), system_change.before.get(outcome.key)
    if gate is None or before is None or system_change.now.tier not in gate.keeps:
        return False
    return before.state == "met" and outcome.requirement.kind == "artifact" and outcome.rule.recurring is None


def is_asked_anew(outcome: Outcome, id_: str) -> bool:
    """Whether it wants the document to be worked on in this very change, and finds that it was."""
    requirement = outcome.requirement
    return outcome.state == "met" and any(
        it.updated_in_change and it.subject == id_ for it in (requirement, *requirement.alternatives)
    )


def _wants(outcome: Outcome, id_: str, policy: RuleSet) -> bool:
    requirement = outcome.requirement
    return any(_may_be(it, id_, policy) for it in (requirement, *requirement.alternatives))


def _may_be(requirement: Requirement, id_: str, policy: RuleSet) -> bool:
    if requirement.kind != "artifact":
        return False
    return requirement.subject == id_ or id_ in policy.artifacts[requirement.subject].satisfied_by


def _is_later(id_: str, system_change: SystemChange) -> bool:
    was = system_change.was.artifacts.get(id_) if system_change.was else None
    now = system_change.written.artifacts.get(id_)
    if was is None or now is None or now.completed is None:
        return False
    return was.completed is None or now.completed > was.completed

"""One gap is one piece of work: judged outcomes merged into findings with every reason (principle 9)."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from policy_gate.decide.finding_text import fix_of, message_of, notes_on, title_of
from policy_gate.decide.weighed_outcome import WeighedOutcome, verdict_of
from policy_gate.schema.finding import ClaimNote, Finding, Reason, RequirementId
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.rule_targets import TARGETS
from policy_gate.schema.vocabulary import ENFORCEMENTS, ROLES_FILE, STATES, VERDICTS

Key = tuple[str, str, str, str, str]
_NO_NAMES: Final[Mapping[str, str]] = MappingProxyType({})
KIND_ORDER = ("artifact", "card", "test", "that", "any_of", "approval")


def findings_of(
    weighed: Sequence[WeighedOutcome],
    policy: RuleSet,
    mode: str,
    names: Mapping[str, str] = _NO_NAMES,
    branch: str = "",
    roles_file: str = ROLES_FILE,
) -> tuple[Finding, ...]:
    """Findings in the order people should read them: per system, worst first, work before approvals.

    `names` are those of people by their identity; `branch` is what their commands have to name, empty where nothing.
    `roles_file` is where people are named.
    """
    groups: dict[Key, list[WeighedOutcome]] = {}
    for item in weighed:
        groups.setdefault(_key(item), []).append(item)
    ranks = {system: rank for rank, system in enumerate(dict.fromkeys(key[0] for key in groups))}
    found = [(ranks[key[0]], _finding(key, items, policy, mode, names, roles_file)) for key, items in groups.items()]
    found.sort(key=lambda pair: (pair[0], _order(pair[1])))
    return tuple(_for_branch(finding, branch) for _, finding in found)


def _for_branch(finding: Finding, branch: str) -> Finding:
    """An approval is for one branch: a command that is to give it names the one that was judged."""
    if not branch or not finding.fix.startswith("policy-gate approve "):
        return finding
    return replace(finding, fix=f"{finding.fix} --base {shlex.quote(branch)}")


def _key(item: WeighedOutcome) -> Key:
    outcome = item.outcome
    requirement = outcome.requirement
    apart = requirement.kind in ("that", "any_of") or TARGETS[outcome.rule.for_each].is_one_of_several
    # The same choice for several changes of one system is one piece of work.
    is_once = requirement.kind == "any_of" and outcome.rule.for_each == "change"
    own = outcome.rule.id if is_once else f"{outcome.rule.id}:{outcome.instance}" if apart else ""
    settles = (item.for_ or item.gate or outcome.rule.id) if requirement.kind == "approval" else ""
    return (outcome.system or "", requirement.kind, requirement.subject, settles, own)


def _order(finding: Finding) -> tuple[int, int, int]:
    heavy = 0 if finding.blocks else 1 if finding.undecided else 2 if finding.blame == "introduced" else 3
    return (STATES.index(finding.state), heavy, KIND_ORDER.index(finding.kind))


def _finding(
    key: Key, items: Sequence[WeighedOutcome], policy: RuleSet, mode: str, names: Mapping[str, str], roles_file: str
) -> Finding:
    worst = max(items, key=lambda item: _gravity(item, mode)) if len(items) > 1 else items[0]
    alike = [item for item in items if item.outcome.state == worst.outcome.state]
    outcome = worst.outcome
    responsible, accountable = owners_of(worst, policy)
    title, verdict = title_of(worst, policy), verdict_of(worst, mode)
    return Finding(
        id=hashlib.sha256("\0".join(key).encode("utf-8", "surrogatepass")).hexdigest()[:16],
        system=outcome.system,
        state=outcome.state,
        enforcement=max((item.enforcement for item in alike), key=ENFORCEMENTS.index),
        blame=worst.blame,
        requirement=RequirementId(outcome.requirement.kind, outcome.requirement.subject),
        title=title,
        message=message_of(worst) or title,
        seen=outcome.seen,
        wanted=outcome.wanted,
        because=_reasons(alike),
        location=outcome.location,
        fix=fix_of(worst, policy, mode, roles_file),
        responsible=responsible,
        accountable=accountable,
        cause=outcome.cause if outcome.state != "met" else None,
        gate=worst.gate,
        entered=any(item.asked and item.gate for item in alike),
        due=min((item.due for item in alike if item.due), default=None),
        waiver=worst.waiver,
        for_=worst.for_,
        subject_digest=worst.digest,
        claims=_claims(items),
        able=tuple(names[person] for person in worst.able if person in names) if worst.for_ else None,
        missing_facts=outcome.missing_facts,
        artifact=policy.model_card if outcome.requirement.kind == "card" else None,
        about=_kinds_of(items),
        shows=_shown(worst, policy),
        details=tuple(dict.fromkeys(detail for item in alike for detail in (*item.outcome.details, *notes_on(item)))),
        blocks=verdict == "block",
        undecided=verdict == "undecided",
    )


def _gravity(item: WeighedOutcome, mode: str) -> tuple[int, int, int]:
    """The weightiest outcome speaks for the merged finding; then the worse state and cause."""
    state = len(STATES) - STATES.index(item.outcome.state)
    return (VERDICTS.index(verdict_of(item, mode)), state, ENFORCEMENTS.index(item.enforcement))


def _reasons(items: Sequence[WeighedOutcome]) -> tuple[Reason, ...]:
    found = {}
    for item in items:
        rule = item.outcome.rule
        found[(rule.kind, rule.id)] = Reason(rule.kind, rule.id, rule.title, rule.citation, rule.why, item.enforcement)
    return tuple(found.values())


def owners_of(item: WeighedOutcome, policy: RuleSet) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who does it and who signs, as role ids."""
    requirement = item.outcome.requirement
    parts = (requirement, *requirement.alternatives)
    for part in parts:
        name = policy.model_card if part.kind == "card" else part.subject
        spec = policy.artifacts.get(name or "") if part.kind in ("artifact", "card") else policy.tests.get(name or "")
        if spec is not None:
            approval = item.outcome.approval
            return tuple(spec.responsible), (approval.subject,) if approval else tuple(spec.accountable)
    if requirement.kind == "approval":
        return (requirement.subject,), (requirement.subject,)
    if item.outcome.rule.activity is not None:
        activity = policy.raci[item.outcome.rule.activity]
        return tuple(activity.responsible), (activity.accountable,)
    return policy.owners.responsible, policy.owners.accountable


def _kinds_of(items: Sequence[WeighedOutcome]) -> tuple[str, ...]:
    """The kinds of change that these outcomes are about."""
    found = (item.outcome.instance.partition(":")[0] for item in items if item.outcome.rule.for_each == "change")
    return tuple(dict.fromkeys(found))


def _shown(item: WeighedOutcome, policy: RuleSet) -> frozenset[str]:
    """The kinds of change to put beside it: as its rule says, and the rule that the approval is for."""
    own = policy.plain_rules.get(item.for_ or "")
    return item.outcome.rule.shows | (own.shows if own is not None else frozenset())


def _claims(items: Sequence[WeighedOutcome]) -> tuple[ClaimNote, ...]:
    return tuple(dict.fromkeys(claim for item in items for claim in item.claims))

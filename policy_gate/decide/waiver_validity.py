"""Why a waiver of base does not hold, or is no longer needed: worked out from the policies, the people and the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from policy_gate.decide.blame import gate_of
from policy_gate.decide.system_change import SystemChange
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.people.identity import holding, known_as, may_be_one
from policy_gate.schema.documents import Waiver
from policy_gate.schema.people import People
from policy_gate.schema.rule import Requirement, Rule, every_part
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.rule_targets import TARGETS
from policy_gate.schema.vocabulary import TIERS, Tier, WaiverFault, stage_rank


class WaiverProblem(Struct, frozen=True):
    """What is wrong with a waiver: the rule about waivers that it breaks, and why in words."""

    rule: WaiverFault
    why: str


class WaiverContext(Struct, frozen=True):
    """What waivers are checked against: the policies, the people of base, and the day.

    `knows_all` says that every system of the repository was read.
    """

    policy: RuleSet
    people: People
    today: date
    knows_all: bool


def waiver_problem_of(
    waiver: Waiver, system_change: SystemChange | None, context: WaiverContext
) -> WaiverProblem | None:
    """Why the waiver does not hold, or None where it does; `system_change` is that of its system, if it was read."""
    if waiver.expires < context.today:
        return WaiverProblem("waiver-expired", f"it expired on {waiver.expires}")
    why = _refusal(waiver, system_change, context)
    if why is not None:
        return WaiverProblem("waiver-refused", why)
    why = _excess(waiver, system_change.now.tier if system_change else None, context.policy)
    return WaiverProblem("waiver-too-broad", why) if why is not None else None


def _refusal(waiver: Waiver, system_change: SystemChange | None, context: WaiverContext) -> str | None:
    if system_change is None and context.knows_all:
        return f"no system {waiver.system} is declared"
    rules = rules_called(waiver.rule, context.policy)
    if not rules:
        return f"there is no rule {waiver.rule}"
    if not all(rule.waivable for rule in rules):
        return f"{waiver.rule} can never be waived"
    if waiver.subject is not None and not any(_may_want(rule, waiver.subject) for rule in rules):
        return f"{waiver.rule} wants no {waiver.subject}"
    if not waiver.reason.strip():
        return "it gives no reason"
    if waiver.created > context.today:
        return f"it is dated {waiver.created}, which is in the future"
    return refused_people(waiver.owner, waiver.approver, context.policy, context.people)


def refused_people(owner: str, approver: str, policy: RuleSet, people: People) -> str | None:
    """Why these two may not own and approve a waiver; None where they may."""
    roles = approving_roles(policy)
    if not known_as(owner, people):
        return "nobody owns it"
    if may_be_one(owner, approver, people):
        return "its owner approved it alone"
    if not holding(approver, roles, people):
        unseen = ", whose teams are not looked up for this" if teams_of(roles, people) else ""
        return f"{approver} is named for none of {', '.join(roles)} in base's {people.roles_file}{unseen}"
    return None


def teams_of(roles: Sequence[str], people: People) -> tuple[str, ...]:
    """The teams that hold one of these roles; a waiver names people, so none of them is looked up for it."""
    found = (team for role in roles if people.roles for team in people.roles.content.teams_of(role))
    return tuple(dict.fromkeys(found))


def _excess(waiver: Waiver, tier: Tier | None, policy: RuleSet) -> str | None:
    several = [rule.id for rule in rules_called(waiver.rule, policy) if wants_several(rule)]
    if several and waiver.subject is None:
        return f"it names no subject, and {waiver.rule} wants several things"
    longest = max([tier] if tier else TIERS, key=lambda name: policy.waivers.max_period[name].after(waiver.created))
    if waiver.expires > policy.waivers.max_period[longest].after(waiver.created):
        return f"it runs longer than {policy.waivers.max_period[longest].words}, the most for tier {longest}"
    return None


def rules_called(name: str, policy: RuleSet) -> tuple[Rule, ...]:
    """The gate, control or rule of this id; an id may be of two kinds (D33). Of a row of law, the rule that it is."""
    if "/" in name:
        rows = policy.law.content.rows if policy.law else ()
        return tuple(row.rule("block") for row in rows if row.id == name)
    return tuple(rule for rule in policy.rules if rule.id == name)


def approving_roles(policy: RuleSet) -> tuple[str, ...]:
    """The roles that may approve a waiver, as the rules say (D16)."""
    rules = [rule for name in policy.waivers.approved_like for rule in rules_called(name, policy)]
    parts = [part for rule in rules for part in every_part(rule.requirements)]
    return tuple(dict.fromkeys(part.subject for part in parts if part.kind == "approval"))


def roles_asked_of_edits(policy: RuleSet) -> tuple[str, ...]:
    """The roles that the rules ask to approve any change of the waivers."""
    spec = policy.change_kinds.get(_EDIT)
    told = {"change.kind": _EDIT, "change.of": "repository", "change.weakening": spec is None or spec.weakening}
    rules = [rule for rule in policy.rules if rule.for_each == "change"]
    asked = [rule for rule in rules if rule.when is None or rule.when.truth(told).value is not False]
    wants = (want for rule in asked for want in rule.requirements if want.kind == "approval")
    return tuple(dict.fromkeys(want.subject for want in wants))


_EDIT = "waivers-changed"


def is_of_one(rule: Rule) -> bool:
    """Whether the rule speaks of one vendor or metric at a time, which a waiver of it must then name."""
    return TARGETS[rule.for_each].is_one_of_several


def wants_several(rule: Rule) -> bool:
    """Whether a waiver of the rule must say of what: it wants several things, or one of each vendor or metric."""
    return is_of_one(rule) or len({want.subject for want in rule.requirements}) > 1


def subjects_of(requirement: Requirement) -> tuple[str, ...]:
    """What a waiver may call the requirement: its subject, or that of an alternative."""
    return (requirement.subject, *(part.subject for part in requirement.alternatives))


def _may_want(rule: Rule, subject: str) -> bool:
    return is_of_one(rule) or any(subject in subjects_of(want) for want in rule.requirements)


def is_about(waiver: Waiver, item: WeighedOutcome) -> bool:
    """Whether the waiver names this outcome."""
    outcome = item.outcome
    if (outcome.system, outcome.rule.id) != (waiver.system, waiver.rule):
        return False
    if is_of_one(outcome.rule):
        return waiver.subject == outcome.instance
    return waiver.subject is None or waiver.subject in subjects_of(outcome.requirement)


def is_unused(waiver: Waiver, about: Sequence[WeighedOutcome], system_change: SystemChange, policy: RuleSet) -> bool:
    """Whether nothing that a waiver names is missing, nor can come to be while things stay as they are."""
    if any(item.outcome.state in ("gap", "unknown", "deferred", "upcoming") for item in about):
        return False
    return not any(_lies_ahead(rule, system_change, policy) for rule in rules_called(waiver.rule, policy))


def _lies_ahead(rule: Rule, system_change: SystemChange, policy: RuleSet) -> bool:
    """Whether the rule speaks of changes, of a gate that the system has not reached, or of a review to be held."""
    gate = policy.gates.get(gate_of(rule) or "")
    if gate is None:
        return rule.for_each == "change"
    return gate.entered_by != "stage" or stage_rank(gate.to) > stage_rank(system_change.now.stage)

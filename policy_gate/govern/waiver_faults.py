"""Why a waiver of base does not hold, or is no longer needed: judged from the law, the people and the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from policy_gate.govern.blame import gate_of
from policy_gate.govern.judged import Judged
from policy_gate.govern.namesakes import holding, known_as
from policy_gate.govern.standing import Standing
from policy_gate.schema.documents import Waiver
from policy_gate.schema.law import Requirement, Rule, RuleSet
from policy_gate.schema.people import People
from policy_gate.schema.vocabulary import TIERS, Tier, stage_rank

APPROVED_LIKE = ("weakening", "waiver")
"""Whoever agrees that a system looks safer without work, or that waivers change, may approve a waiver."""

ONE_OF_SEVERAL = ("vendor", "metric", "incident")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a waiver: the id of the rule about waivers, and why in words."""

    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class Court:
    """Before whom waivers are judged: the law, the people of base, and the day.

    `knows_all` says that every system of the repository was read.
    """

    law: RuleSet
    people: People
    today: date
    knows_all: bool


def fault_of(waiver: Waiver, standing: Standing | None, court: Court) -> Fault | None:
    """Why the waiver does not hold, or None where it does; `standing` is that of its system, if it was read."""
    if waiver.expires < court.today:
        return Fault("waiver-expired", f"it expired on {waiver.expires}")
    why = _refusal(waiver, standing, court)
    if why:
        return Fault("waiver-refused", why)
    why = _excess(waiver, standing.now.tier if standing else None, court.law)
    return Fault("waiver-too-broad", why) if why else None


def _refusal(waiver: Waiver, standing: Standing | None, court: Court) -> str:
    if standing is None and court.knows_all:
        return f"no system {waiver.system} is declared"
    rules = rules_called(waiver.rule, court.law)
    if not rules:
        return f"there is no rule {waiver.rule}"
    if not all(rule.waivable for rule in rules):
        return f"{waiver.rule} can never be waived"
    if waiver.subject is not None and not any(_may_want(rule, waiver.subject) for rule in rules):
        return f"{waiver.rule} wants no {waiver.subject}"
    if not waiver.reason.strip():
        return "it gives no reason"
    if waiver.created > court.today:
        return f"it is dated {waiver.created}, which is in the future"
    return refused_people(waiver.owner, waiver.approver, court.law, court.people)


def refused_people(owner: str, approver: str, law: RuleSet, people: People) -> str:
    """Why these two may not own and approve a waiver, or an empty text."""
    roles = approving_roles(law)
    if not known_as(owner, people):
        return "nobody owns it"
    if known_as(owner, people) & known_as(approver, people):
        return "its owner approved it alone"
    if not holding(approver, roles, people):
        unseen = ", whose teams are not looked up for this" if _have_teams(roles, people) else ""
        return f"{approver} is named for none of {', '.join(roles)} in base's policies/roles.yaml{unseen}"
    return ""


def _have_teams(roles: Sequence[str], people: People) -> bool:
    held = people.roles.content.roles if people.roles else {}
    return any(held[role].teams for role in roles if role in held)


def _excess(waiver: Waiver, tier: Tier | None, law: RuleSet) -> str:
    several = [rule.id for rule in rules_called(waiver.rule, law) if wants_several(rule)]
    if several and waiver.subject is None:
        return f"it names no subject, and {waiver.rule} wants several things"
    longest = max([tier] if tier else TIERS, key=lambda name: law.waiver_periods[name].after(waiver.created))
    if waiver.expires > law.waiver_periods[longest].after(waiver.created):
        return f"it runs longer than {law.waiver_periods[longest]}, the most for tier {longest}"
    return ""


def rules_called(name: str, law: RuleSet) -> tuple[Rule, ...]:
    """The gate, control or rule of this id; an id may be of two kinds (D33)."""
    return tuple(rule for rule in law.rules if rule.id == name)


def approving_roles(law: RuleSet) -> tuple[str, ...]:
    """The roles that may approve a waiver, as the rules say (D16)."""
    rules = [rule for name in APPROVED_LIKE for rule in rules_called(name, law)]
    parts = [part for rule in rules for want in rule.requirements for part in (want, *want.alternatives)]
    return tuple(dict.fromkeys(part.subject for part in parts if part.kind == "approval"))


def wants_several(rule: Rule) -> bool:
    """Whether a waiver of the rule must say of what: it wants several things, or one of each vendor or metric."""
    return rule.for_each in ONE_OF_SEVERAL or len({want.subject for want in rule.requirements}) > 1


def subjects_of(requirement: Requirement) -> tuple[str, ...]:
    """What a waiver may call the requirement: its subject, or that of an alternative."""
    return (requirement.subject, *(part.subject for part in requirement.alternatives))


def _may_want(rule: Rule, subject: str) -> bool:
    return rule.for_each in ONE_OF_SEVERAL or any(subject in subjects_of(want) for want in rule.requirements)


def is_about(waiver: Waiver, item: Judged) -> bool:
    """Whether the waiver names this outcome."""
    outcome = item.outcome
    if (outcome.system, outcome.rule.id) != (waiver.system, waiver.rule):
        return False
    if outcome.rule.for_each in ONE_OF_SEVERAL:
        return waiver.subject == outcome.instance
    return waiver.subject is None or waiver.subject in subjects_of(outcome.requirement)


def is_unused(waiver: Waiver, about: Sequence[Judged], standing: Standing, law: RuleSet) -> bool:
    """Whether nothing that a waiver names is missing, nor can come to be while things stay as they are."""
    if any(item.outcome.state in ("gap", "unknown", "deferred", "upcoming") for item in about):
        return False
    return not any(_lies_ahead(rule, standing, law) for rule in rules_called(waiver.rule, law))


def _lies_ahead(rule: Rule, standing: Standing, law: RuleSet) -> bool:
    """Whether the rule speaks of changes, of a gate that the system has not reached, or of a review to be held."""
    gate = law.gates.get(gate_of(rule) or "")
    if gate is None:
        return rule.for_each == "change"
    return gate.entered_by != "stage" or stage_rank(gate.to) > stage_rank(standing.now.stage)

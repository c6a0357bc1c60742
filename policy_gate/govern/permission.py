"""Before a waiver is written down: whether it could hold, what it would cover now, and who may approve it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from policy_gate.errors import DocumentError, UsageError
from policy_gate.govern.judged import Judged
from policy_gate.govern.namesakes import known_as, named_holders
from policy_gate.govern.settle import blamed
from policy_gate.govern.standing import Standing
from policy_gate.govern.waiver_faults import (
    ONE_OF_SEVERAL,
    approving_roles,
    is_about,
    is_unused,
    refused_people,
    rules_called,
    subjects_of,
    wants_several,
)
from policy_gate.schema.documents import Waiver, Waivers
from policy_gate.schema.judgement import Judgement
from policy_gate.schema.law import Rule, RuleSet
from policy_gate.schema.papers import Terms
from policy_gate.schema.people import People
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.source import Document
from policy_gate.schema.validate import nearest, validated

_LEAST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Wish:
    """A waiver as asked for; without an approver, the one person who may is meant."""

    system: str
    rule: str
    subject: str | None
    owner: str
    approver: str | None
    reason: str
    ticket: str | None
    created: date
    expires: date


@dataclass(frozen=True, slots=True)
class Permission:
    """The waiver to write, the waivers that are written already, and what to say of it.

    `covers` are the titles of what is missing now and would be waived. `is_unused` says that as things
    stand it would be reported as needless. `roles` are asked to approve the change that adds it.
    """

    waiver: Waiver
    held: Document[Waivers] | None
    covers: tuple[str, ...]
    is_unused: bool
    roles: tuple[str, ...]
    others: tuple[str, ...] = ()
    """further rules that want the same thing and miss it now: each needs a waiver of its own"""


def permission(wish: Wish, judgement: Judgement, now: Snapshot, people: People, terms: Terms) -> Permission:
    """What would be written for this wish; `now` are the files as they are.

    Raises UsageError, with the nearest name or the last possible day, where it could not hold.
    """
    law = judgement.law
    places, judged = blamed(judgement, terms)
    standing = _standing(wish.system, places)
    rules = _rules(wish.rule, law)
    own = [item for item in judged if item.outcome.rule in rules and item.outcome.system == wish.system]
    _check_subject(wish, rules, own)
    _check_dates(wish, standing.now.tier, law)
    if len(wish.reason.split()) < _LEAST_WORDS:
        raise UsageError("the reason is too short to judge", hint="say in a sentence why, and what is done meanwhile")
    waiver = _waiver(wish, wish.approver or _approver(wish.owner, law, people))
    why = refused_people(waiver.owner, waiver.approver, law, people)
    if why:
        raise UsageError(f"such a waiver would not hold: {why}", hint=_choice(_candidates(wish.owner, law, people)))
    _check_new(waiver, now, wish.created)
    about = [item for item in own if is_about(waiver, item)]
    missing = [item for item in about if item.outcome.state in ("gap", "unknown")]
    return Permission(
        waiver,
        now.waivers,
        tuple(dict.fromkeys(item.outcome.seen or item.outcome.requirement.subject for item in missing)),
        is_unused(waiver, about, standing, law),
        tuple(want.subject for rule in rules_called("waiver", law) for want in rule.requirements),
        _others(waiver, missing, judged),
    )


def _others(waiver: Waiver, missing: Sequence[Judged], judged: Sequence[Judged]) -> tuple[str, ...]:
    things = {(item.outcome.requirement.kind, item.outcome.requirement.subject) for item in missing}
    wanting = [
        item.outcome.rule.id
        for item in judged
        if item.outcome.system == waiver.system
        and item.outcome.state in ("gap", "unknown")
        and (item.outcome.requirement.kind, item.outcome.requirement.subject) in things
    ]
    return tuple(dict.fromkeys(name for name in wanting if name != waiver.rule))


def _standing(system: str, places: Sequence[Standing]) -> Standing:
    known = {place.id: place for place in places if place.presence != "removed"}
    if system not in known:
        hint = nearest(system, known) or f"declared: {', '.join(sorted(known)) or 'none'}"
        raise UsageError(f'no system "{system}" is declared', hint=hint)
    return known[system]


def _rules(name: str, law: RuleSet) -> tuple[Rule, ...]:
    rules = rules_called(name, law)
    if not rules:
        known = [rule.id for rule in law.rules]
        raise UsageError(f'no rule "{name}"', hint=nearest(name, known) or "policy-gate policy list shows every rule")
    if not all(rule.waivable for rule in rules):
        raise UsageError(f"{name} can never be waived", hint=f"policy-gate explain {name} says why it is there")
    return rules


def _check_subject(wish: Wish, rules: Sequence[Rule], own: Sequence[Judged]) -> None:
    known = list(dict.fromkeys(name for rule in rules for name in _subjects(rule, own)))
    if wish.subject is None and any(wants_several(rule) for rule in rules):
        raise UsageError(
            f"{wish.rule} wants several things, and a waiver is for one", hint=f"--subject, one of: {', '.join(known)}"
        )
    if wish.subject is not None and wish.subject not in known:
        hint = nearest(wish.subject, known) or f"it wants {', '.join(known) or 'nothing now'}"
        raise UsageError(f'{wish.rule} wants no "{wish.subject}" of {wish.system}', hint=hint)


def _subjects(rule: Rule, own: Sequence[Judged]) -> tuple[str, ...]:
    """What a waiver of the rule may be for, as things stand."""
    if rule.for_each in ONE_OF_SEVERAL:
        return tuple(item.outcome.instance for item in own if item.outcome.rule is rule)
    return tuple(name for want in rule.requirements for name in subjects_of(want))


def _check_dates(wish: Wish, tier: str, law: RuleSet) -> None:
    longest = law.waiver_periods[tier]
    last = longest.after(wish.created)
    if wish.expires < wish.created:
        raise UsageError(f"--expires {wish.expires} has passed", hint=f"the last possible day is {last}")
    if wish.expires > last:
        message = f"--expires {wish.expires} is too far away: a waiver for tier {tier} runs at most {longest}"
        raise UsageError(message, hint=f"the last possible day is {last}")


def _candidates(owner: str, law: RuleSet, people: People) -> tuple[str, ...]:
    """Who may approve what somebody owns, each once."""
    mine = known_as(owner, people)
    able = [person.name for role in approving_roles(law) for person in named_holders(role, people)]
    return tuple(dict.fromkeys(name for name in able if not known_as(name, people) & mine))


def _choice(names: Sequence[str]) -> str:
    return f"--approver, one of: {', '.join(names)}" if names else "name somebody else for it in policies/roles.yaml"


def _approver(owner: str, law: RuleSet, people: People) -> str:
    names = _candidates(owner, law, people)
    if not names:
        roles = " or ".join(approving_roles(law))
        raise UsageError(f"base names nobody but {owner} who could approve it as {roles}", hint=_choice(names))
    if len(names) > 1:
        raise UsageError("several people could approve it", hint=_choice(names))
    return names[0]


def _waiver(wish: Wish, approver: str) -> Waiver:
    raw = {
        "system": wish.system,
        "rule": wish.rule,
        "subject": wish.subject,
        "owner": wish.owner,
        "approver": approver,
        "reason": " ".join(wish.reason.split()),
        "ticket": wish.ticket,
        "created": wish.created.isoformat(),
        "expires": wish.expires.isoformat(),
    }
    try:
        said = {name: value for name, value in raw.items() if value is not None}
        return validated(Waiver, "waiver", "", said, {}).content
    except DocumentError as error:
        raise UsageError(error.problems[0].message, hint=error.problems[0].hint) from None


def _check_new(waiver: Waiver, now: Snapshot, today: date) -> None:
    """A second permission for the same thing helps nobody while the first one lasts."""
    for index, other in enumerate(now.waivers.content.waivers if now.waivers else ()):
        is_same = (other.system, other.rule, other.subject) == (waiver.system, waiver.rule, waiver.subject)
        if is_same and other.expires >= today and now.waivers:
            where = now.waivers.at("waivers", index)
            raise UsageError(f"{where}: this is waived already, until {other.expires}", hint="edit that waiver")

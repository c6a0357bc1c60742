"""Before a waiver is written down: whether it could hold, what it would cover now, and who may approve it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from policy_gate.decide.decision_context import DecisionContext
from policy_gate.decide.system_change import SystemChange
from policy_gate.decide.waiver_validity import (
    approving_roles,
    is_about,
    is_of_one,
    is_unused,
    refused_people,
    roles_asked_of_edits,
    rules_called,
    subjects_of,
    teams_of,
    wants_several,
)
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.documents.spelling import did_you_mean, spelling_hint
from policy_gate.documents.validation import validated
from policy_gate.errors import DocumentError, UsageError
from policy_gate.people.identity import may_be_one, named_holders
from policy_gate.schema.documents import Waiver, Waivers
from policy_gate.schema.people import People
from policy_gate.schema.rule import Rule
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.source import Document
from policy_gate.schema.vocabulary import Tier

_LEAST_WORDS = 4


class WaiverRequest(Struct, frozen=True):
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


class WaiverPreview(Struct, frozen=True):
    """The waiver to write, the waivers that are written already, and what to say of it.

    `covers` are the titles of what is missing now and would be waived. `is_unused` says that as things
    stand it would be reported as needless. `roles` are asked to approve the change that adds it, by a command with
    these `flags`.
    """

    waiver: Waiver
    held: Document[Waivers] | None
    covers: tuple[str, ...]
    is_unused: bool
    roles: tuple[str, ...]
    flags: str = ""
    others: tuple[str, ...] = ()
    """further rules that want the same thing and miss it now: each needs a waiver of its own"""


def waiver_preview(wanted: WaiverRequest, context: DecisionContext, now: Snapshot, people: People) -> WaiverPreview:
    """What would be written for this wish; `context` is as blamed, `now` are the files as they are.

    Raises UsageError, with the nearest name or the last possible day, where it could not hold.
    """
    policy = context.policy
    system_change = _standing(wanted.system, context)
    rules = _rules(wanted.rule, policy)
    own = [it for it in context.weighed if (it.outcome.rule.id, it.outcome.system) == (wanted.rule, wanted.system)]
    _check_subject(wanted, rules, own)
    _check_dates(wanted, system_change.now.tier, policy)
    if len(wanted.reason.split()) < _LEAST_WORDS:
        raise UsageError("the reason is too short to judge", hint="say in a sentence why, and what is done meanwhile")
    waiver = _waiver(wanted, wanted.approver or _approver(wanted.owner, policy, people))
    why = refused_people(waiver.owner, waiver.approver, policy, people)
    if why is not None:
        raise UsageError(
            f"such a waiver would not hold: {why}", hint=_choice(_candidates(wanted.owner, policy, people), people)
        )
    _check_new(waiver, now, wanted.created)
    about = [item for item in own if is_about(waiver, item)]
    missing = [item for item in about if item.outcome.state in ("gap", "unknown")]
    return WaiverPreview(
        waiver,
        now.waivers,
        tuple(dict.fromkeys(item.outcome.seen or item.outcome.requirement.subject for item in missing)),
        is_unused(waiver, about, system_change, policy),
        roles_asked_of_edits(policy),
        _flags(context),
        _others(waiver, missing, context.weighed),
    )


def _flags(context: DecisionContext) -> str:
    """What a record needs to count where it is judged: a signature, and a branch that is not the default."""
    signed = " --key FILE" if context.policy.assurance.governed_changes == "verified" else ""
    branch = context.options.branch_to_name
    return f"{signed} --base {shlex.quote(branch)}" if branch else signed


def _others(waiver: Waiver, missing: Sequence[WeighedOutcome], weighed: Sequence[WeighedOutcome]) -> tuple[str, ...]:
    things = {(item.outcome.requirement.kind, item.outcome.requirement.subject) for item in missing}
    wanting = [
        item.outcome.rule.id
        for item in weighed
        if item.outcome.system == waiver.system
        and item.outcome.state in ("gap", "unknown")
        and (item.outcome.requirement.kind, item.outcome.requirement.subject) in things
    ]
    return tuple(dict.fromkeys(name for name in wanting if name != waiver.rule))


def _standing(system: str, context: DecisionContext) -> SystemChange:
    known = {id_: place for id_, place in context.systems.items() if place.presence != "removed"}
    if system not in known:
        raise UsageError(f'no system "{system}" is declared', hint=spelling_hint(system, known))
    return known[system]


def _rules(name: str, policy: RuleSet) -> tuple[Rule, ...]:
    rules = rules_called(name, policy)
    if not rules:
        known = [row.id for row in policy.law.content.rows] if policy.law and "/" in name else []
        hint = did_you_mean(name, [*known, *(rule.id for rule in policy.rules)])
        raise UsageError(f'no rule "{name}"', hint=hint or "policy-gate policy list shows every rule")
    if not all(rule.waivable for rule in rules):
        raise UsageError(f"{name} can never be waived", hint=f"policy-gate explain {name} says why it is there")
    return rules


def _check_subject(wanted: WaiverRequest, rules: Sequence[Rule], own: Sequence[WeighedOutcome]) -> None:
    known = list(dict.fromkeys(name for rule in rules for name in _subjects(rule, own)))
    if wanted.subject is None and any(wants_several(rule) for rule in rules):
        raise UsageError(
            f"{wanted.rule} wants several things, and a waiver is for one",
            hint=f"--subject, one of: {', '.join(known)}",
        )
    if wanted.subject is not None and wanted.subject not in known:
        hint = did_you_mean(wanted.subject, known) or f"it wants {', '.join(known) or 'nothing now'}"
        raise UsageError(f'{wanted.rule} wants no "{wanted.subject}" of {wanted.system}', hint=hint)


def _subjects(rule: Rule, own: Sequence[WeighedOutcome]) -> tuple[str, ...]:
    """What a waiver of the rule may be for, as things stand."""
    if is_of_one(rule):
        return tuple(item.outcome.instance for item in own if item.outcome.rule is rule)
    return tuple(name for want in rule.requirements for name in subjects_of(want))


def _check_dates(wanted: WaiverRequest, tier: Tier, policy: RuleSet) -> None:
    longest = policy.waivers.max_period[tier]
    last = longest.after(wanted.created)
    if wanted.expires < wanted.created:
        raise UsageError(f"--expires {wanted.expires} has passed", hint=f"the last possible day is {last}")
    if wanted.expires > last:
        message = f"--expires {wanted.expires} is too far away: a waiver for tier {tier} runs at most {longest.words}"
        raise UsageError(message, hint=f"the last possible day is {last}")


def _candidates(owner: str, policy: RuleSet, people: People) -> tuple[str, ...]:
    """Who may approve what somebody owns, each once."""
    able = [person.name for role in approving_roles(policy) for person in named_holders(role, people)]
    return tuple(dict.fromkeys(name for name in able if not may_be_one(name, owner, people)))


def _choice(names: Sequence[str], people: People) -> str:
    return f"--approver, one of: {', '.join(names)}" if names else f"name somebody else for it in {people.roles_file}"


def _approver(owner: str, policy: RuleSet, people: People) -> str:
    names = _candidates(owner, policy, people)
    if not names:
        roles = approving_roles(policy)
        unseen = f" beside the members of {', '.join(teams)}" if (teams := teams_of(roles, people)) else ""
        message = f"base names nobody but {owner} who could approve it as {' or '.join(roles)}{unseen}"
        raise UsageError(message, hint=_choice(names, people))
    if len(names) > 1:
        raise UsageError("several people could approve it", hint=_choice(names, people))
    return names[0]


def _waiver(wanted: WaiverRequest, approver: str) -> Waiver:
    raw = {
        "system": wanted.system,
        "rule": wanted.rule,
        "subject": wanted.subject,
        "owner": wanted.owner,
        "approver": approver,
        "reason": " ".join(wanted.reason.split()),
        "ticket": wanted.ticket,
        "created": wanted.created.isoformat(),
        "expires": wanted.expires.isoformat(),
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

"""Whether the roles that the policies ask for are roles that somebody holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_gate.documents.spelling import spelling_hint
from policy_gate.people.identity import is_one_person, is_same
from policy_gate.schema.people import Author
from policy_gate.schema.roles import Person, Roles
from policy_gate.schema.rule_set import Requirement, RuleSet
from policy_gate.schema.source import Document, Problem
from policy_gate.signing.pinned_keys import blob_of

_PASTE = "paste the line of the .pub file"


def lint_roles(document: Document[Roles], policy: RuleSet, usual: Sequence[Author] = ()) -> tuple[Problem, ...]:
    """What is wrong with roles.yaml under these policies: unknown roles, `same_as` that leads nowhere (D18).

    A role that is held by nobody is advice, once for its entry or for the first rule that asks for it; so is
    one that only `usual` authors hold, who will often have written what it is asked to approve.
    """
    own = (*_entries(document, policy), *_keys(document))
    return (*own, *_unheld(document, policy), *_held_by_authors(document, policy, usual))


def _entries(document: Document[Roles], policy: RuleSet) -> Iterator[Problem]:
    roles = document.content.roles
    for role, holders in roles.items():
        if role not in policy.roles:
            yield _problem(document, role, f'unknown role "{role}"', spelling_hint(role, policy.roles))
        target = holders.same_as
        if target is not None and target not in roles:
            message = f'role {role}: same_as names "{target}", which nobody is listed for'
            yield _problem(document, role, message, spelling_hint(target, roles), ("same_as",))
        elif target is not None and (loop := _loop(document.content, role)):
            yield _problem(document, role, f"role {role}: same_as goes round in a circle ({loop})", part=("same_as",))
        elif not holders.members and not holders.teams and target is None:
            yield _problem(document, role, f"role {role}: nobody holds it", "name a member or a team", advice=True)


def _keys(document: Document[Roles]) -> Iterator[Problem]:
    """Keys that can sign for nobody: of two people at once, of somebody without address or account, or no keys."""
    owners: dict[bytes, Person] = {}
    for role, held in document.content.roles.items():
        for number, person in enumerate(held.members):
            part = ("members", number, "keys")
            for line in (pinned if isinstance(pinned, str) else pinned.key for pinned in person.keys):
                blob = blob_of(line)
                if blob is None:
                    yield _problem(document, role, f"role {role}: a key of {person.name} is no key", _PASTE, part)
                elif not is_one_person(owners.setdefault(blob, person), person):
                    both = f"{owners[blob].name} and {person.name}"
                    message = f"role {role}: {both} pin the same key, so it cannot be told who signs with it"
                    yield _problem(document, role, message, "give each a key of their own", part)
            if person.keys and not (person.email or person.github or person.gitlab):
                message = f"role {role}: {person.name} has keys, and no address or account to be told from authors by"
                yield _problem(document, role, message, "add email:", part)


def _loop(roles: Roles, start: str) -> str:
    """The circle that `same_as` makes from `start` back to it, or an empty string."""
    way = [start]
    target = roles.roles[start].same_as
    while target is not None and target in roles.roles and target not in way:
        way.append(target)
        target = roles.roles[target].same_as
    return " -> ".join((*way, start)) if target == start else ""


def _asked(policy: RuleSet) -> dict[str, str]:
    """Each role that approves something, and the first rule that asks it to."""
    asked: dict[str, str] = {}
    for rule in policy.rules:
        for requirement in rule.requirements:
            for role in _approvers(requirement):
                asked.setdefault(role, f"{rule.kind} {rule.id}")
    return asked


def _held_by_authors(document: Document[Roles], policy: RuleSet, usual: Sequence[Author]) -> Iterator[Problem]:
    for role, first in _asked(policy).items():
        held = document.content.roles.get(role)
        if held is None or held.teams or held.same_as is not None or not held.members:
            continue
        if all(any(is_same(person, author) for author in usual) for person in held.members):
            names = ", ".join(person.name for person in held.members)
            message = f"role {role}: only {names} can approve {first}, and usually writes here too"
            hint = "whoever had a hand in a change does not approve it: name somebody else as well"
            yield _problem(document, role, message, hint, advice=True)


def _unheld(document: Document[Roles], policy: RuleSet) -> Iterator[Problem]:
    for role, first in _asked(policy).items():
        if role not in document.content.roles:
            place = document.at("roles")
            message = f"role {role} is asked to approve (first by {first}) and nobody holds it"
            yield Problem(
                place.path, message, place.line, place.column, "name a member, a team or same_as", advice=True
            )


def _approvers(requirement: Requirement) -> Iterator[str]:
    if requirement.kind == "approval" and not requirement.of_accountable:
        yield requirement.subject
    for alternative in requirement.alternatives:
        yield from _approvers(alternative)


def _problem(
    document: Document[Roles],
    role: str,
    message: str,
    hint: str = "",
    part: Sequence[str | int] = (),
    advice: bool = False,
) -> Problem:
    place = document.at("roles", role, *part)
    return Problem(place.path, message, place.line, place.column, hint, advice)

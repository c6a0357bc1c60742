"""Whether the roles that the policies ask for are roles that somebody holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_gate.cards.text_normal import visible
from policy_gate.documents.spelling import spelling_hint
from policy_gate.people.identity import is_one_person, is_same
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.people import Author
from policy_gate.schema.roles import Person, Roles, forge_of_team
from policy_gate.schema.rule import Requirement
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Document, Problem
from policy_gate.signing.pinned_keys import blob_of

_PASTE = "paste the line of the .pub file"
_TEAM_HINT = "write github:ORGANISATION/TEAM or gitlab:GROUP/SUBGROUP"
_FORGES = {"github": "GitHub", "gitlab": "GitLab"}
_LOGINS = {
    "github": lazy_pattern(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}(?:_[A-Za-z0-9]+)?"),
    "gitlab": lazy_pattern(r"[A-Za-z0-9_.][A-Za-z0-9_.-]{0,254}"),
}
_PROPOSED = lazy_pattern(r"@refs/(?:pull|merge-requests)/")
_TURNING = frozenset("\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")
"""Letters that turn a line of text or show nothing, and that no name needs; joiners, which some need, are not here."""


def lint_roles(document: Document[Roles], policy: RuleSet, usual: Sequence[Author] = ()) -> tuple[Problem, ...]:
    """What is wrong with roles.yaml under these policies: unknown roles, `same_as` that leads nowhere (D18).

    A role that nobody can fill is advice, once for its entry or for the first rule that asks for it; so is one that
    only `usual` authors hold, who will often have written what it is asked to approve. Names, addresses, accounts
    and teams that nobody can have are wrong: they would look like somebody to people, and be nobody.
    """
    own = (*_entries(document, policy), *_spellings(document), *_keys(document), *_identities(document))
    return (*own, *_unheld(document, policy), *_held_by_authors(document, policy, usual))


def _entries(document: Document[Roles], policy: RuleSet) -> Iterator[Problem]:
    roles, asked = document.content.roles, _asked(policy)
    for role, holders in roles.items():
        if role not in policy.roles:
            yield _problem(document, role, f'unknown role "{role}"', spelling_hint(role, policy.roles))
        target = holders.same_as
        if target is not None and target not in roles:
            message = f'role {role}: same_as names "{target}", which nobody is listed for'
            yield _problem(document, role, message, spelling_hint(target, roles), ("same_as",))
        elif target is not None and (loop := _loop(document.content, role)):
            yield _problem(document, role, f"role {role}: same_as goes round in a circle ({loop})", part=("same_as",))
        elif (why := _why_unfilled(document.content, role, role in asked)) is not None:
            yield _problem(document, role, f"role {role}: {why}", "name a member or a team", advice=True)


def _why_unfilled(roles: Roles, role: str, is_asked: bool) -> str | None:
    """Why nobody can fill a role; None where somebody can. A certified identity signs the audit log alone."""
    holding = tuple(roles.holding(role))
    members = [person for held in holding for person in held.members]
    if roles.teams_of(role) or any(_is_recognisable(person) for person in members):
        return None
    if not is_asked and any(person.identities for person in members):
        return None
    if members:
        return f"{', '.join(person.name for person in members)} cannot be told from anybody: no address, no account"
    target = roles.roles[role].same_as
    return "nobody holds it" if target is None else f"nobody holds it, as nobody holds {target}"


def _is_recognisable(person: Person) -> bool:
    return any((person.email, person.github, person.github_id, person.gitlab, person.gitlab_id, person.keys))


def _spellings(document: Document[Roles]) -> Iterator[Problem]:
    """What nobody is called: accounts and addresses with a sign too many, letters that nobody sees."""
    for role, held in document.content.roles.items():
        for number, person in enumerate(held.members):
            for name, wrong, hint in _misspelt(person):
                yield _problem(document, role, f"role {role}: {wrong}", hint, ("members", number, name))
        for number, team in enumerate(held.teams):
            wrong = _unseen(team, "the team") or ("" if forge_of_team(team) else f"{team!r} names no team")
            if wrong:
                yield _problem(document, role, f"role {role}: {wrong}", _TEAM_HINT, ("teams", number))


def _misspelt(person: Person) -> Iterator[tuple[str, str, str]]:
    """(field, what is wrong with it, what to write instead)"""
    turned = next((letter for letter in person.name if letter in _TURNING), None)
    if turned is not None or not visible(person.name).strip():
        said = f"the name holds U+{ord(turned):04X}" if turned is not None else "the name shows nothing"
        yield "name", f"{said}, which nobody sees", "type it anew"
    if person.email is not None and (wrong := _unseen(person.email, "the address")):
        yield "email", wrong, "type it anew"
    for forge, form in _LOGINS.items():
        login = getattr(person, forge)
        if login is None:
            continue
        if wrong := _unseen(login, f"the {forge} account"):
            yield forge, wrong, "type it anew"
        elif not form.fullmatch(login):
            hint = "write the account's name alone, without @, address or blanks"
            yield forge, f"{login!r} is no account of {_FORGES[forge]}", hint


def _unseen(text: str, what: str) -> str:
    """Which letter of a text nobody sees, or empty."""
    letter = next((it for it in text if (it.isspace() and it != " ") or not visible(it)), None)
    return "" if letter is None else f"{what} holds U+{ord(letter):04X}, which nobody sees"


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


def _identities(document: Document[Roles]) -> Iterator[Problem]:
    """Identities that sign for nobody: of two people at once, or of a place where anybody's work runs."""
    owners: dict[tuple[str, str], Person] = {}
    for role, held in document.content.roles.items():
        for number, person in enumerate(held.members):
            for position, pinned in enumerate(person.identities):
                part = ("members", number, "identities", position)
                named = pinned.issuer, pinned.identity
                if unseen := _unseen("".join((*named, pinned.called_by or "")), "the identity"):
                    yield _problem(document, role, f"role {role}: {unseen}", "type it anew", part)
                if not is_one_person(owners.setdefault(named, person), person):
                    both = f"{owners[named].name} and {person.name}"
                    message = f"role {role}: {both} pin the same identity, so it cannot be told who signs as it"
                    yield _problem(document, role, message, "list it for one of them", part)
                if any(_PROPOSED.search(it) for it in (pinned.identity, pinned.called_by or "")):
                    message = f"role {role}: an identity of {person.name} is that of changes that are only proposed"
                    yield _problem(document, role, message, "pin the workflow on the branch merged into", part)


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

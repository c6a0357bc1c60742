"""`policies/roles.yaml`: who may approve what, and how to recognise them by address, account, key and
certified identity."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from policy_gate.schema.document_types import Day, KebabId, Line
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.strict import Strict

PublicKey = Annotated[
    str,
    StringConstraints(
        pattern=r"^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)"
        r"|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com) [A-Za-z0-9+/]+={0,3}( [^\n\r]*)?$",
        max_length=4096,
    ),
    Field(description="an OpenSSH public key, as a .pub file holds it"),
]


TEAMS: Final[Mapping[str, re.Pattern[str]]] = {
    "github": lazy_pattern(r"github:([A-Za-z0-9-]+)/([A-Za-z0-9_.-]+)"),
    "gitlab": lazy_pattern(r"gitlab:[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*"),
}
"""By forge, how a team is written; one that is written otherwise can be looked up nowhere."""


class PinnedKey(Strict):
    """A signing key and the days on which it may sign, both ends included."""

    key: PublicKey
    valid_from: Day | None = None
    valid_until: Day | None = None


class RevokedKey(Strict):
    """A key that signs nothing any more, whoever it is still listed for."""

    key: PublicKey
    revoked_on: Day
    reason: Line


Issuer = Annotated[
    str,
    StringConstraints(pattern=r"^https://[^\s*?#]+$", max_length=512),
    Field(description="who gives out the identity tokens, exactly as certificates name it; no wildcard"),
]
Identity = Annotated[
    str,
    StringConstraints(pattern=r"^((https|spiffe)://[^\s*]+|[^\s*@:/]+@[^\s*@:/]+)$", max_length=2048),
    Field(
        description="a workflow (https://github.com/OWNER/REPO/.github/workflows/FILE@refs/heads/BRANCH) or an e-mail"
        " address, exactly as certificates name it; no wildcard"
    ),
]


class PinnedIdentity(Strict):
    """Whoever a certificate of Sigstore names so signs entries of the audit log, on these days, both ends included.

    `called_by` is the workflow that calls a reusable one, `repository_id` the number of the repository that it ran
    for, which outlives the repository's name.
    """

    issuer: Issuer
    identity: Identity
    called_by: Identity | None = None
    repository_id: int | None = Field(default=None, ge=1)
    valid_from: Day | None = None
    valid_until: Day | None = None


class RevokedIdentity(Strict):
    """An identity that signs nothing any more, whoever it is still listed for."""

    issuer: Issuer
    identity: Identity
    revoked_on: Day
    reason: Line


class Person(Strict):
    """Somebody who may hold a role, and how to recognise them.

    The numbers of the accounts outlive their names: where one is given, the name is not looked at.
    """

    name: Line
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$")] | None = None
    github: Line | None = None
    github_id: int | None = Field(default=None, ge=1)
    gitlab: Line | None = None
    gitlab_id: int | None = Field(default=None, ge=1)
    keys: list[PublicKey | PinnedKey] = []
    identities: list[PinnedIdentity] = []


class RoleHolders(Strict):
    """Who holds one role: people, forge teams, or whoever holds another role."""

    members: list[Person] = []
    teams: list[Line] = []
    same_as: KebabId | None = None


class Roles(Strict):
    """`policies/roles.yaml`, read from the base only."""

    schema_: Literal["policy-gate/roles/v1"] = Field(alias="schema")
    roles: dict[KebabId, RoleHolders]
    revoked_keys: list[RevokedKey] = []
    revoked_identities: list[RevokedIdentity] = []

    def holding(self, role: str) -> Iterator[RoleHolders]:
        """Who is listed for the role, then for those that it is said to be the same as; circles once round."""
        seen: set[str] = set()
        while role in self.roles and role not in seen:
            seen.add(role)
            yield self.roles[role]
            role = self.roles[role].same_as or ""

    def teams_of(self, role: str) -> tuple[str, ...]:
        """The teams that hold a role, those of whom it is said to be the same as among them."""
        return tuple(dict.fromkeys(team for held in self.holding(role) for team in held.teams))

    def named(self) -> dict[str, tuple[str, ...]]:
        """By role the names of the people who hold it, of its teams where it names none; without those of nobody."""
        found = {}
        for role in self.roles:
            names = [member.name for held in self.holding(role) for member in held.members]
            found[role] = tuple(dict.fromkeys(names)) or self.teams_of(role)
        return {role: names for role, names in found.items() if names}


def forge_of_team(team: str) -> str | None:
    """The forge that such a team could be looked up at; None where its name is written as no forge's."""
    return next((forge for forge, form in TEAMS.items() if form.fullmatch(team)), None)

"""Who held which role on the branch merged into, since when and until when, from its commits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from policy_gate.app.roles_in_time import RolesInTime
from policy_gate.collect.policies_of_tree import TreePolicies, policies_of
from policy_gate.documents.cache import DocumentCache
from policy_gate.people.identity import is_one_person
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.role_history import CommitDay, RoleHistory, Tenure
from policy_gate.schema.roles import Person, Roles
from policy_gate.vcs.repository import Repository

Holder = Person | str
"""a person, or a team as roles.yaml writes it"""


class _Open(Struct):
    """A tenure that has not ended as far as the line has been followed, and how its holder was written last."""

    holder: Holder
    tenure: Tenure


class _Followed(Struct):
    """The line of commits, followed from its oldest on."""

    open: dict[str, list[_Open]] = field(default_factory=dict)
    ended: list[Tenure] = field(default_factory=list)

    def take(self, held: Mapping[str, list[Holder]], at: CommitDay, *, is_first: bool) -> None:
        """What holds from a commit on; at the first one nobody can tell since when."""
        for role in {**self.open, **held}:
            left = {id(it): it for it in self.open.get(role, ())}
            now: list[_Open] = []
            for holder in held.get(role, ()):
                known = next((it for it in left.values() if _is_same(it.holder, holder)), None)
                if known is None:
                    since = None if is_first else at
                    known = _Open(holder, Tenure(role, "", "team" if isinstance(holder, str) else "person", since))
                else:
                    del left[id(known)]
                known.holder = holder
                now.append(known)
            self.ended += [_told(it, at) for it in left.values()]
            self.open[role] = now

    def tenures(self) -> tuple[Tenure, ...]:
        """All of them by role; those that last first, then the newest."""
        found = [*self.ended, *(_told(it) for them in self.open.values() for it in them)]
        days = {it: (it.until.day.toordinal() if it.until else 0) for it in found}
        return tuple(sorted(found, key=lambda it: (it.role, it.until is not None, -days[it], it.holder)))


def role_history(request: Request) -> RoleHistory:
    """Follow the roles along the branch; BaseError where it cannot be told which."""
    with Repository.open(request.directory) as repository:
        roles = RolesInTime(repository, request)
        line = [CommitDay(commit, moment.date()) for commit, moment in roles.line]
        found, unread = _Followed(), list[CommitDay]()
        last: Roles | None = None
        is_whole = line[0].commit not in repository.shallow
        for number, (at, policies) in enumerate(_policies(repository, line)):
            now = policies.roles.content if policies.roles else None
            if policies.roles_unread:
                unread.append(at)
            elif number == 0 or now != last:
                last = now
                found.take(_holders(now), at, is_first=number == 0 and not is_whole)
        return RoleHistory(roles.branch, line[0], line[-1], found.tenures(), tuple(unread))


def _policies(repository: Repository, line: list[CommitDay]) -> Iterator[tuple[CommitDay, TreePolicies]]:
    """The policies at each commit at which the tree is another, the oldest first."""
    cache, known, before = DocumentCache(), None, ""
    for at in line:
        tree = repository.tree_oid(at.commit)
        if tree != before:
            known = policies_of(repository.merged_already(tree), at.commit[:12], cache, known)
            yield at, known
        before = tree


def _holders(roles: Roles | None) -> dict[str, list[Holder]]:
    """Whom each role comes to, each once, with those whom it has by being the same as another."""
    found: dict[str, list[Holder]] = {}
    for role in roles.roles if roles else ():
        named: list[Holder] = []
        for holders in roles.holding(role) if roles else ():
            named += [*holders.members, *holders.teams]
        found[role] = [one for n, one in enumerate(named) if not any(_is_same(one, other) for other in named[:n])]
    return found


def _is_same(one: Holder, other: Holder) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return is_one_person(one, other)


def _told(it: _Open, until: CommitDay | None = None) -> Tenure:
    holder = it.holder
    if not isinstance(holder, str):
        holder = f"{holder.name} <{holder.email}>" if holder.email else holder.name
    return replace(it.tenure, holder=holder, until=until)

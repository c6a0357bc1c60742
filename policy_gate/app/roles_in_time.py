"""What the roles of the branch merged into were at each moment, by its line of commits."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from policy_gate.collect.base_ref import resolve_base, target_branch
from policy_gate.collect.policies_of_tree import TreePolicies, policies_of
from policy_gate.documents.cache import DocumentCache
from policy_gate.errors import BaseError
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.roles import Roles
from policy_gate.vcs.objects import links_of
from policy_gate.vcs.repository import Repository

_LONGEST_LINE = 1_000_000
_FETCH_ALL = "git fetch --unshallow (GitHub: fetch-depth: 0; GitLab: GIT_DEPTH: 0), then run this again"


class RolesInTime:
    """Who could sign when: the roles that the branch merged into held at a moment, less what is revoked by now.

    `role` leaves only the keys of those who hold it.
    """

    def __init__(self, repository: Repository, request: Request, role: str = "") -> None:
        """BaseError where the branch cannot be told."""
        self._repository = repository
        self._role = role
        self._cache = DocumentCache()
        self._policies: TreePolicies | None = None
        self._known: dict[str, Roles | None] = {}
        self._with_revoked: dict[int, Roles] = {}
        base = resolve_base(repository, request)
        self.branch = target_branch(request, base)
        if not base.commit:
            raise BaseError("whose keys are pinned cannot be told: there is no base")
        line = [base.commit, *repository.first_parent_line(base.commit, _LONGEST_LINE)]
        repository.expect(line)
        self._commits = line[::-1]
        self._moments = _in_order([links_of(repository.raw_commit(commit)).time for commit in self._commits])
        self._now = self._of(base.commit)

    @property
    def line(self) -> list[tuple[str, datetime]]:
        """The commits of the branch, the oldest first, each with when it came to be."""
        moments = (datetime.fromtimestamp(moment, UTC) for moment in self._moments)
        return list(zip(self._commits, moments, strict=True))

    def at(self, moment: datetime) -> Roles | None:
        """The roles in force then; those of the first commit before it, and of now for what is yet to come.

        BaseError for a time before that at which a shallow clone is cut off.
        """
        place = bisect.bisect_right(self._moments, moment.timestamp())
        if place >= len(self._commits):
            return self._now
        if not place and self._commits[0] in self._repository.shallow:
            what = "this clone is shallow: whose keys were pinned then cannot be told (git fetch --unshallow)"
            raise BaseError(what, hint=_FETCH_ALL)
        found = self._of(self._commits[place - 1]) if place else None
        if found is None or self._now is None:
            return found
        if id(found) not in self._with_revoked:  # all that were found are kept, so that an id names one of them
            self._with_revoked[id(found)] = found.model_copy(update=_revoked_by(found, self._now))
        return self._with_revoked[id(found)]

    def _of(self, commit: str) -> Roles | None:
        tree = self._repository.tree_oid(commit)
        if tree not in self._known:
            self._policies = policies_of(self._repository.merged_already(tree), "base", self._cache, self._policies)
            roles = self._policies.roles
            self._known[tree] = self._narrowed(roles.content if roles else None)
        return self._known[tree]

    def _narrowed(self, roles: Roles | None) -> Roles | None:
        if roles is None or not self._role:
            return roles
        held = {role: held for role, held in roles.roles.items() if role == self._role}
        same = next(iter(held.values())).same_as if held else None
        held |= {role: them for role, them in roles.roles.items() if role == same}
        return roles.model_copy(update={"roles": held})


def _revoked_by(then: Roles, now: Roles) -> dict[str, Any]:
    """What is revoked by then or by now: a thief can set any date."""
    keys = [one for one in now.revoked_keys if one not in then.revoked_keys]
    identities = [one for one in now.revoked_identities if one not in then.revoked_identities]
    return {
        "revoked_keys": [*then.revoked_keys, *keys],
        "revoked_identities": [*then.revoked_identities, *identities],
    }


def _in_order(times: Sequence[int]) -> list[int]:
    """When each commit of a line came to be, oldest first, though some of them say a time that cannot be.

    The most that agree with each other are believed, the later ones where there is a choice; another came when the
    one before it did. So no commit that is dated back brings a key to a time before it, and one that is dated ahead
    keeps none from the commits after it.
    """
    ends: list[int] = []
    ranks: list[list[int]] = []  # the places at which a run of so many that agree can end, their times falling
    for place, time in enumerate(times):
        at = bisect.bisect_right(ends, time)
        ends[at : at + 1] = [time]
        if at == len(ranks):
            ranks.append([])
        ranks[at].append(place)
    believed: dict[int, int] = {}
    bound = max(times, default=0)
    for rank in reversed(ranks):
        place = next(place for place in rank if times[place] <= bound)
        bound = believed[place] = times[place]
    found: list[int] = []
    for place in range(len(times)):
        found.append(believed.get(place, found[-1] if found else bound))
    return found

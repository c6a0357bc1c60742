"""Policies as base's earlier trees held them, and the roles in force where base's own cannot be read (D25)."""

from __future__ import annotations

from collections.abc import Iterator

from policy_gate.collect.policies_of_tree import TreePolicies, policies_of
from policy_gate.documents.cache import DocumentCache
from policy_gate.schema.roles import Roles
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.source import Document
from policy_gate.vcs.repository import Repository

EARLIER_LIMIT = 50
"""How many of base's first-parent ancestors are looked through for readable policies."""


def earlier_policies(repository: Repository, commit: str | None, cache: DocumentCache) -> Iterator[TreePolicies]:
    """The policies of the first-parent ancestors of a commit, newest first."""
    for earlier in repository.first_parents(commit or "", EARLIER_LIMIT):
        yield policies_of(repository.merged_already(repository.tree_oid(earlier)), earlier[:12], cache)


def roles_in_force(
    repository: Repository, commit: str | None, policy: TreePolicies, cache: DocumentCache
) -> Document[Roles] | None:
    """Base's roles; where their file cannot be read, the last readable ones: a repair is nobody's to take (D25)."""
    if not policy.roles_unread:
        return policy.roles
    earlier = earlier_policies(repository, commit, cache)
    return next((found.roles for found in earlier if found.roles is not None), None)


def roles_untold(policy: TreePolicies, roles: Document[Roles] | None, base: Snapshot) -> str | None:
    """Why it cannot be told whom base names; None where it can."""
    if policy.roles_unread and roles is None:
        return f"whom base names cannot be told: {policy.layout.roles_file} cannot be read"
    others = [it.path for it in base.unread if it.is_anothers]
    if others and not policy.holds_policies:
        return f"whether base is governed, and by whom, cannot be told: {others[0]} is no manifest"
    return None

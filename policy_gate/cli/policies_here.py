"""The policies as the files here say them: built-in, organisation's, and the work tree's own layer.

For read views only. What judges a change are the policies of its base, which `app` reads.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.approvals.people import usual_authors
from policy_gate.collect import policy_files
from policy_gate.collect.policies_of_tree import TreePolicies, policies_of, with_fetched_packs
from policy_gate.documents.cache import DocumentCache
from policy_gate.errors import PolicyError, UsageError
from policy_gate.policy.lint_roles import lint_roles
from policy_gate.policy.load import load_policies
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Problem
from policy_gate.vcs.repository import Repository
from policy_gate.vcs.worktree import WorkTree

WHOLE = frozenset({"dimensions", "thresholds", "gates", "controls", "artifacts", "roles"})
"""The sections without which there is no rule set; a layer that has them all needs no other below it."""


class PoliciesHere(Struct, frozen=True):
    """The layers that speak in one place, and the packs that its policy-gate.yaml asks for beside them."""

    layers: tuple[LayerSource, ...]
    packs: Sequence[str] = ()


def sources_here(directory: Path, organisation: Path | None) -> PoliciesHere:
    """All layers that speak here; outside a repository only the built-in and the organisation's."""
    return _sources(directory, organisation, policy_files.builtin_layer())


def _sources(directory: Path, organisation: Path | None, builtin: LayerSource) -> PoliciesHere:
    layers = [builtin]
    if organisation is not None:
        layers.append(policy_files.of_folder(organisation.resolve(), True))
    try:
        repository = Repository.open(directory)
    except UsageError:
        return PoliciesHere(tuple(layers))
    with repository:
        tree = WorkTree(repository)
        own = with_fetched_packs(policies_of(tree, "work tree", DocumentCache()), os.environ)[0]
        folder = own.layout.policies
        laid = _laid((*layers, *own.packs, policy_files.of_tree(tree, folder, folder)))
        return PoliciesHere(laid, own.config.content.pack_ids if own.config else ())


def people_here(directory: Path) -> dict[str, tuple[str, ...]]:
    """By role the people, else the teams, whom the work tree's roles file names; nothing where it cannot be read."""
    try:
        repository = Repository.open(directory)
    except UsageError:
        return {}
    with repository:
        roles = policies_of(WorkTree(repository), "work tree", DocumentCache()).roles
    return roles.content.named() if roles is not None else {}


def folder_sources(folder: Path) -> PoliciesHere:
    """The built-in layer and the policies of one folder, read as an organisation's."""
    return PoliciesHere(_laid((policy_files.builtin_layer(), policy_files.of_folder(folder, True))))


def settings_problems_here(directory: Path, organisation: Path | None) -> tuple[Problem, ...]:
    """What is wrong with the config and the roles file of the work tree, as far as they are there."""
    try:
        repository = Repository.open(directory)
    except UsageError:
        return ()
    with repository:
        own = policies_of(WorkTree(repository), "work tree", DocumentCache())
        found = [*own.problems, *_no_such_folder(own), *_no_roles(own)]
        try:
            policy = policies_here(directory, organisation)
        except PolicyError:
            return tuple(found)
        found += lint_roles(own.roles, policy, usual_authors(repository)) if own.roles is not None else ()
        return tuple(found)


def _no_such_folder(own: TreePolicies) -> Iterator[Problem]:
    """A folder that the config names for the rules, and that is not there: none of them would hold."""
    if own.config is None or "policies" not in own.config.content.model_fields_set or own.policies_id is not None:
        return
    place = own.config.at("policies")
    message = f"policies: {own.config.content.policies} is no folder of this repository"
    yield Problem(place.path, message, place.line, place.column, "write the folder that holds the policies")


def _no_roles(own: TreePolicies) -> Iterator[Problem]:
    """A roles file that is another kind of file."""
    place = own.layout.roles_file
    if own.roles_unread and not own.problems:
        hint = "begin the file with `schema: policy-gate/roles/v1`"
        yield Problem(place, "says nothing of roles, so nobody can approve", 1, 1, hint, advice=True)


def _laid(layers: tuple[LayerSource, ...]) -> tuple[LayerSource, ...]:
    """The layers, but a last one that is a whole rule set by itself stands alone: the shipped policies' own source."""
    last = layers[-1]
    sections = {name for document in last.documents if isinstance(document.content, dict) for name in document.content}
    if not sections >= WHOLE:
        return layers
    return (replace(last, layer="builtin", name="builtin", trusted=True),)


def policies_here(directory: Path, organisation: Path | None) -> RuleSet:
    """The rule set of those layers; PolicyError with every problem where they cannot be read."""
    here = _sources(directory, organisation, policy_files.builtin_layer_sealed())
    return load_policies(here.layers, here.packs)

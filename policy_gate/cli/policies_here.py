"""The policies as the files here say them: built-in, organisation's, and the work tree's own layer.

For read views only. What judges a change are the policies of its base, which `app` reads.
"""

from __future__ import annotations

import os
from pathlib import Path

from msgspec.structs import replace

from policy_gate.approvals.people import usual_authors
from policy_gate.collect import policy_files
from policy_gate.collect.policies_of_tree import policies_of, with_fetched_packs
from policy_gate.documents.cache import DocumentCache
from policy_gate.errors import PolicyError, UsageError
from policy_gate.policy.lint_roles import lint_roles
from policy_gate.policy.load import load_policies
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Problem
from policy_gate.vcs.repository import Repository
from policy_gate.vcs.worktree import WorkTree

FOLDER = "policies"
WHOLE = frozenset({"dimensions", "thresholds", "gates", "controls", "artifacts", "roles"})
"""The sections without which there is no rule set; a layer that has them all needs no other below it."""


def layers_here(directory: Path, organisation: Path | None) -> tuple[LayerSource, ...]:
    """All layers that speak here; outside a repository only the built-in and the organisation's."""
    layers = [policy_files.builtin_layer()]
    if organisation is not None:
        layers.append(policy_files.of_folder(organisation.resolve(), True))
    try:
        repository = Repository.open(directory)
    except UsageError:
        return tuple(layers)
    with repository:
        tree = WorkTree(repository)
        own = with_fetched_packs(policies_of(tree, "work tree", DocumentCache()), os.environ)[0]
        return _laid((*layers, *own.packs, policy_files.of_tree(tree, FOLDER, FOLDER)))


def folder_layers(folder: Path) -> tuple[LayerSource, ...]:
    """The built-in layer and the policies of one folder, read as an organisation's."""
    return _laid((policy_files.builtin_layer(), policy_files.of_folder(folder, True)))


def roles_problems_here(directory: Path, organisation: Path | None) -> tuple[Problem, ...]:
    """What is wrong with the roles file of the work tree; nothing where there is none, or no policies to hold it to."""
    try:
        policy = policies_here(directory, organisation)
        repository = Repository.open(directory)
    except (UsageError, PolicyError):
        return ()
    with repository:
        roles = policies_of(WorkTree(repository), "work tree", DocumentCache()).roles
        return lint_roles(roles, policy, usual_authors(repository)) if roles is not None else ()


def _laid(layers: tuple[LayerSource, ...]) -> tuple[LayerSource, ...]:
    """The layers, but a last one that is a whole rule set by itself stands alone: the shipped policies' own source."""
    last = layers[-1]
    sections = {name for document in last.documents if isinstance(document.content, dict) for name in document.content}
    if not sections >= WHOLE:
        return layers
    return (replace(last, layer="builtin", name="builtin", trusted=True),)


def policies_here(directory: Path, organisation: Path | None) -> RuleSet:
    """The rule set of those layers; PolicyError with every problem where they cannot be read."""
    return load_policies(layers_here(directory, organisation))

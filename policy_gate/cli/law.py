"""The law as the files here say it: built-in, organisation's, and the work tree's own layer.

For read views only. What judges a change is the law of its base, which `gate` reads.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from policy_gate import enact
from policy_gate.collect import policies
from policy_gate.collect.git import Repository
from policy_gate.collect.law import law_of
from policy_gate.collect.library import Library
from policy_gate.collect.people import usual_authors
from policy_gate.collect.worktree import WorkTree
from policy_gate.errors import LawError, UsageError
from policy_gate.schema.law import RuleSet
from policy_gate.schema.papers import LayerSource
from policy_gate.schema.source import Problem

FOLDER = "policies"
WHOLE = frozenset({"dimensions", "thresholds", "gates", "controls", "artifacts", "roles"})
"""The sections without which there is no law; a layer that has them all needs no other below it."""


def layers_here(directory: Path, organisation: Path | None) -> tuple[LayerSource, ...]:
    """All layers that speak here; outside a repository only the built-in and the organisation's."""
    layers = [policies.builtin()]
    if organisation is not None:
        layers.append(policies.of_folder(organisation.resolve(), True))
    try:
        repository = Repository.open(directory)
    except UsageError:
        return tuple(layers)
    return _laid((*layers, policies.of_tree(WorkTree(repository), FOLDER, FOLDER)))


def folder_layers(folder: Path) -> tuple[LayerSource, ...]:
    """The built-in layer and the policies of one folder, read as an organisation's."""
    return _laid((policies.builtin(), policies.of_folder(folder, True)))


def roles_problems_here(directory: Path, organisation: Path | None) -> tuple[Problem, ...]:
    """What is wrong with the roles file of the work tree; nothing where there is none, or no law to hold it to."""
    try:
        repository = Repository.open(directory)
        law = law_here(directory, organisation)
    except (UsageError, LawError):
        return ()
    with repository:
        roles = law_of(WorkTree(repository), "work tree", Library()).roles
        return enact.lint_roles(roles, law, usual_authors(repository)) if roles is not None else ()


def _laid(layers: tuple[LayerSource, ...]) -> tuple[LayerSource, ...]:
    """The layers, but a last one that is a whole law by itself stands alone: the shipped policies' own source."""
    last = layers[-1]
    sections = {name for document in last.documents if isinstance(document.content, dict) for name in document.content}
    if not sections >= WHOLE:
        return layers
    return (replace(last, layer="builtin", name="builtin", trusted=True),)


def law_here(directory: Path, organisation: Path | None) -> RuleSet:
    """The rule set of those layers; LawError with every problem where they cannot be read."""
    return enact.enact(layers_here(directory, organisation))

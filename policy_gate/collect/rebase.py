"""Whether a rebase of the change would bring in other governed content than the merge that is judged (D46)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from policy_gate.collect.code_files import covered
from policy_gate.collect.enforcement_files import enforcement_files
from policy_gate.collect.inputs import OpenInputs
from policy_gate.collect.layout import Layout
from policy_gate.collect.link_map import LinkMap, link_maps
from policy_gate.collect.manifests import Selection, folders_above, survey
from policy_gate.collect.policies_of_tree import DEFAULT_CONFIG
from policy_gate.collect.systems import entries_of, resolved_paths
from policy_gate.documents.cache import DocumentCache
from policy_gate.errors import DocumentError, UndecidedError
from policy_gate.schema.documents import Manifest
from policy_gate.schema.source import Problem
from policy_gate.vcs.tree import Tree

_SHOWN = 3


def check_rebase(inputs: OpenInputs) -> str:
    """UndecidedError where the rebased tree holds other governed content than the merged one, or cannot be told.

    A note where a rebase would stop at what base has already; else empty. Nothing is asked where base's config says
    that its forge does not rebase, nor of a work tree or a full check.
    """
    repository, revisions = inputs.repository, inputs.revisions
    if repository is None or revisions is None or inputs.mode == "all" or revisions.source == "worktree":
        return ""
    base, head = revisions.base_ref.commit, revisions.head_commit
    layout = Layout(inputs.base.config.content if inputs.base.config else DEFAULT_CONFIG)
    if base is None or head is None or "rebase" not in layout.config.merge_methods:
        return ""
    trees = (revisions.base, revisions.result)
    maps = cache(lambda: link_maps(*trees, inputs.changed_paths))

    def governed(paths: Iterable[str]) -> list[str]:
        ordered = sorted(set(paths))
        return governed_among(ordered, trees, layout, inputs.cache, maps()) if ordered else []

    found = repository.governed_by_rebase(base, head, revisions.result, inputs.changed_paths, governed)
    if found.differing:
        raise _undecided(found.differing)
    if not found.stopping:
        return ""
    where = _shown(found.stopping)
    if not inputs.changed_paths:
        return f"merging adds nothing to base, and a rebase stops at {where}: this branch can go"
    return f"a rebase stops at {where}, which base has as it is here already: merge or squash this branch"


def _shown(paths: list[str]) -> str:
    shown = ", ".join(path if path.isprintable() else ascii(path) for path in paths[:_SHOWN])
    return shown + (f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else "")


def _undecided(paths: list[str]) -> UndecidedError:
    fix = "to merge base into your branch does not help; rebase it and push"
    hint = f"{fix} (or, where no forge rebases, `merge_methods: [merge, squash]` in base's policy-gate.yaml)"
    message = f"a rebase of this branch would bring in something else than a merge: {_shown(paths)}"
    problems = [Problem(path, "a rebase gives other content here than a merge", hint=fix) for path in paths]
    return UndecidedError(message, hint=hint, problems=problems)


def governed_among(
    paths: list[str], trees: Sequence[Tree], layout: Layout, cache: DocumentCache, maps: Sequence[LinkMap] | None
) -> list[str]:
    """Of sorted paths, those that are governed in one of the trees, or code that a system there claims.

    `maps` are the links of each tree: what a governed link leads to is governed. Without them, as there are too many,
    all paths may be.
    """
    if maps is None:
        return paths
    running = {file.path for tree in trees for file in enforcement_files(tree, layout, cache)}
    found = {path for path in paths if path in running or _is_governed(path, layout)}
    for tree, links in zip(trees, maps, strict=True):
        rest = [path for path in paths if path not in found]
        leading = links.leading_to(rest)
        named = set(_named_by_manifests(tree, sorted({*rest, *leading}), layout, cache)) if rest else set[str]()
        claimed = {link for link in leading if link in named or _is_governed(link, layout)}
        found.update(named.intersection(rest), links.reached_from(claimed, rest))
    return sorted(found)


def _is_governed(path: str, layout: Layout) -> bool:
    is_document = layout.is_manifest(path) or layout.is_policy(path) or layout.is_record(path)
    return is_document or layout.is_enforcement(path) or layout.is_shared(path)


def _named_by_manifests(tree: Tree, paths: list[str], layout: Layout, cache: DocumentCache) -> Iterator[str]:
    """Those that a manifest above them names or claims; below one that cannot be read, all of them."""
    for entry in survey(tree, Selection(everything=False, changed=frozenset(paths)), layout).manifests:
        folder = entry.path.rpartition("/")[0]
        below = [path for path in paths if folder in folders_above(path)]
        try:
            manifest = cache.document(Manifest, tree, entry)
        except DocumentError:
            yield from below
            continue
        for placed in entries_of((manifest,)):
            for pattern in resolved_paths(placed, layout):
                yield from covered(pattern, below)

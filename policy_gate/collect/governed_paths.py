"""The governed paths of base, as a check that read it knows them."""

from __future__ import annotations

from collections.abc import Iterator

from policy_gate.collect.earlier_trees import STEPS_LIMIT, EarlierTrees
from policy_gate.collect.enforcement_files import files_that_ci_runs
from policy_gate.collect.inputs import OpenInputs
from policy_gate.collect.layout import Layout
from policy_gate.collect.links import LINK, way_of
from policy_gate.collect.manifests import all_manifests
from policy_gate.collect.moved_lines import MovedLines
from policy_gate.collect.policies_of_tree import DEFAULT_CONFIG
from policy_gate.collect.returned_code import ReturnedCode
from policy_gate.decide.governed_paths import GovernedPaths
from policy_gate.discover.packages import PATTERNS
from policy_gate.schema.snapshot import DeclaredSystem
from policy_gate.vcs.tree import Tree
from policy_gate.vcs.trees import GitTree


def governed_paths_of(inputs: OpenInputs) -> GovernedPaths | None:
    """The governed paths of base; None where a malformed document or the lack of a system leaves them unclear.

    `known` holds the manifests that were read and are the same in the result: the ids of their systems, the
    `files` and the patterns `paths` that they name. `manifests` are all, read or not.
    """
    base, revisions = inputs.base, inputs.revisions
    if inputs.mode != "change" or revisions is None or not isinstance(revisions.base, GitTree):
        return None
    if base.problems or inputs.result.problems or any(it.problems for it in base.systems):
        return None
    if not base.any_manifest or base.declares_nothing is not None:
        return None
    layout = Layout(base.config.content if base.config else DEFAULT_CONFIG)
    revisions.base.expect_folders()
    kept = {(manifest.path, manifest.oid) for manifest in inputs.result.manifests}
    known: dict[str, list[DeclaredSystem]] = {
        manifest.path: [] for manifest in base.manifests if (manifest.path, manifest.oid) in kept
    }
    for system in base.systems:
        known.get(system.key.manifest, []).append(system)
    from policy_gate.discover.signs import shipped_signs  # noqa: PLC0415 - only where a hook keeps something

    return GovernedPaths(
        names=layout.manifest_names,
        patterns=(
            *layout.config.manifests,
            *layout.config.shared,
            *layout.enforcement_globs,
            *files_that_ci_runs(revisions.base, layout, inputs.cache),
            *(f"{folder}/**" for folder in layout.pack_folders),
        ),
        policies=layout.policies,
        manifests=tuple(entry.path for entry in all_manifests(revisions.base, layout)),
        known={path: _named(systems, layout, revisions.base) for path, systems in known.items()},
        words=tuple(sorted(shipped_signs().words)),
        files=tuple(sorted({glob.lower() for glob in (*shipped_signs().globs, *PATTERNS)})),
        texts=tuple(
            (tuple(sorted({glob.lower() for glob in globs})), texts)
            for texts, globs in shipped_signs().globs_by_texts.items()
        ),
        may_return=_may_return(inputs, revisions.base, layout),
    )


def _may_return(inputs: OpenInputs, base: Tree, layout: Layout) -> bool:
    if inputs.repository is None or inputs.base_ref.commit is None:
        return True
    earlier = EarlierTrees(inputs.repository, inputs.base_ref.commit, STEPS_LIMIT)
    return ReturnedCode(MovedLines(base, base, (), earlier), layout, inputs.cache).anything_gone()


def _named(systems: list[DeclaredSystem], layout: Layout, base: Tree) -> dict[str, list[str]]:
    resolved = (
        layout.resolved(system.key.manifest.rpartition("/")[0], pattern)
        for system in systems
        for pattern in system.entry.paths
    )
    return {
        "ids": [system.key.id for system in systems],
        "files": sorted({path for system in systems for path in system.files.values()}),
        "paths": sorted({path for path in (*resolved, *_behind_links(systems, base)) if path}),
    }


def _behind_links(systems: list[DeclaredSystem], base: Tree) -> Iterator[str]:
    """What links of the systems lead to, whatever comes to stand there, and the links on the way (D58)."""
    for link in {it.path for system in systems for it in (*system.code, *system.linked) if it.mode == LINK}:
        passed, target = way_of(base, link)
        yield from (it.path for it in passed)
        if target is not None:
            yield from (target, f"{target}/**" if target else "**")

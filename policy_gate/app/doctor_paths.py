"""What `doctor` says of paths: code that several systems claim, and patterns that no file matches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from policy_gate.collect.code_files import at_or_below
from policy_gate.collect.layout import Layout
from policy_gate.collect.policies_of_tree import TreePolicies
from policy_gate.collect.systems import Codes
from policy_gate.documents.globs import covers, literal_folder
from policy_gate.report.wording import plural
from policy_gate.schema.documents import Config
from policy_gate.schema.setup import SetupLine
from policy_gate.schema.snapshot import DeclaredSystem
from policy_gate.vcs.tree import Tree

_WITHOUT_CODE = ("conception", "decommissioned")
"""stages in which a system need not have code: not yet, and no more"""
_MEND = "correct it, or take it out"


def overlap_lines(systems: Sequence[DeclaredSystem], layout: Layout, tree: Tree) -> Iterator[SetupLine]:
    """Systems whose paths hold the same files, a line for each set of them."""
    codes = Codes(layout)
    claimants: dict[str, list[str]] = defaultdict(list)
    for system in systems:
        for file in codes.of(system.manifest, system.entry).files(tree):
            claimants[file.path].append(system.key.id)
    shared: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for path, ids in claimants.items():
        if len(ids) > 1:
            shared[tuple(ids)].append(path)
    known = {system.key.id: system for system in systems}
    for several, paths in sorted(shared.items()):
        more = f" and {plural(len(paths) - 1, 'other file')}" if len(paths) > 1 else ""
        said = f"{' and '.join(several)} claim {min(paths)}{more}: the strictest of them judges"
        yield SetupLine("overlap", "mend", said, known[several[-1]].at("paths"), "give each system paths of its own")
    if not shared and claimants:
        yield SetupLine("overlap", "ok", f"no file of {plural(len(claimants), 'file')} is claimed twice")


def empty_pattern_lines(systems: Sequence[DeclaredSystem], own: TreePolicies, tree: Tree) -> Iterator[SetupLine]:
    """Patterns that match nothing: of the config, and of systems that should have code by now."""
    config, layout = own.config, own.layout
    for field in ("manifests", "shared"):
        if config is None or field not in config.content.model_fields_set:
            continue
        for number, glob in enumerate(_patterns(config.content, field)):
            if not _is_matched(tree, glob):
                yield SetupLine("paths", "mend", f"{glob} matches no file", config.at(field, number), _MEND)
    for system in systems:
        if system.entry.stage in _WITHOUT_CODE:
            continue
        folder = system.manifest.path.rpartition("/")[0]
        for number, written in enumerate(system.entry.paths):
            pattern = layout.resolved(folder, written)
            if pattern is not None and not _is_matched(tree, pattern):
                said = f"{written} of {system.key.id} matches no file, so nothing there is its code"
                yield SetupLine("paths", "mend", said, system.at("paths", number), _MEND)


def _patterns(config: Config, field: str) -> Sequence[str]:
    return config.manifests if field == "manifests" else config.shared


def _is_matched(tree: Tree, pattern: str) -> bool:
    return any(covers(pattern, entry.path) for entry in at_or_below(tree, literal_folder(pattern)))

"""Where files that entries of the result still name went: the same bytes at another place of the change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec.structs import replace

from policy_gate.schema.snapshot import DeclaredSystem, Evidence
from policy_gate.vcs.tree import Tree


def with_moved_files(
    systems: Sequence[DeclaredSystem],
    was: Mapping[str, Evidence],
    now: Mapping[str, Evidence],
    changed: Collection[str],
    tree: Tree,
) -> tuple[DeclaredSystem, ...]:
    """The systems, each with the new places of what it names and the result no longer holds there.

    `was` and `now` are the evidence of base and result by path, `changed` the paths of the change, `tree` the result's.
    """
    gone = {
        held.oid: path
        for path, held in was.items()
        if held.oid is not None and path in now and now[path].state == "absent"
    }
    if not gone:
        return tuple(systems)
    moved: dict[str, str] = {}
    for path in sorted(changed):
        entry = tree.entry(path)
        if entry is not None and entry.kind == "file" and entry.oid in gone:
            moved.setdefault(gone[entry.oid], path)
    return tuple(_with(system, moved) for system in systems)


def _with(system: DeclaredSystem, moved: Mapping[str, str]) -> DeclaredSystem:
    own = {path: moved[path] for path in system.files.values() if path in moved}
    return replace(system, moved=own) if own else system

"""Files that some file systems take for one that a system claims: whoever checks both out gets the later one."""

from __future__ import annotations

from collections.abc import Iterable

from policy_gate.collect.evidence import spelling
from policy_gate.discover.places import kept_by_windows
from policy_gate.schema.snapshot import DeclaredSystem


def colliding(paths: Iterable[str], system: DeclaredSystem) -> frozenset[str]:
    """Those paths that differ from a claimed one by case, Unicode form, or what Windows drops of a name alone."""
    asked = {path: _on_disk(path) for path in paths}
    if not asked:
        return frozenset()
    claimed = {_on_disk(file.path) for file in (*system.code, *system.linked)}
    return frozenset(path for path, name in asked.items() if name in claimed)


def _on_disk(path: str) -> str:
    """What a path comes to where names are kept without case, and dots, blanks and streams at their end are lost."""
    return "/".join(kept_by_windows(part) or part for part in spelling(path).split("/"))

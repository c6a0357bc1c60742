"""Changes of what code a system claims: `paths` narrowed or widened, moves of folders aside."""

from __future__ import annotations

from collections.abc import Iterator

from policy_gate.documents.globs import covers, covers_glob, rooted
from policy_gate.facts.change_kinds import FactsPair
from policy_gate.schema.facts import Change
from policy_gate.schema.snapshot import CodeFile, DeclaredSystem


def path_changes(pair: FactsPair) -> Iterator[Change]:
    """`path-narrowed` where code or a pattern of base's is no longer claimed, `path-widened` for the reverse.

    A pattern whose files all moved, recognised by their blobs, to where the result's patterns are is
    neither narrowed nor widened. A file that is left behind where it was is narrowed all the same.
    """
    was, now = pair.was.declared, pair.now.declared
    before, after = _globs(was), _globs(now)
    left = _uncovered(before, after)
    lost = [glob for glob in left if not _has_moved(glob, was, now)]
    gained = _uncovered(after, before)
    written = (sorted(was.entry.paths), sorted(now.entry.paths))
    if lost or now.left_behind:
        yield pair.change("paths-mended" if pair.mends("paths") else "path-narrowed", "paths", *written, "paths")
    if gained and len(left) == len(lost):
        yield pair.change("path-widened", "paths", *written, "paths")


def _globs(system: DeclaredSystem) -> list[str]:
    folder = system.key.manifest.rpartition("/")[0]
    return sorted({rooted(folder, glob) for glob in system.entry.paths})


def _uncovered(globs: list[str], others: list[str]) -> list[str]:
    return [glob for glob in globs if not any(covers_glob(other, glob) for other in others)]


def _has_moved(glob: str, was: DeclaredSystem, now: DeclaredSystem) -> bool:
    """Whether every file the pattern held in base is in the result at another path, and none where it was."""
    files = [file for file in was.code if covers(glob, file.path)]
    there = {file.path for file in now.code}
    moved = {file.oid for file in now.code if not covers(glob, file.path)}
    return bool(files) and all(file.path not in there and file.oid in moved for file in files)


def united_code(was: DeclaredSystem, now: DeclaredSystem) -> tuple[CodeFile, ...]:
    """The code of both sides, sorted by path; the result's version of a file goes before base's."""
    files = {file.path: file for side in (was.code, now.left_behind or (), now.code) for file in side}
    return tuple(files[path] for path in sorted(files))

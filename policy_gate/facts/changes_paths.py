"""Changes of what code a system claims: `paths` narrowed or widened, moves of folders aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from policy_gate.documents.glob_sets import uncovered
from policy_gate.documents.globs import covers, rooted
from policy_gate.facts.change_kinds import FactsPair
from policy_gate.schema.canonical import digest_of
from policy_gate.schema.change import Change
from policy_gate.schema.facts import Facts
from policy_gate.schema.snapshot import CodeFile, DeclaredSystem
from policy_gate.schema.vocabulary import tier_rank

_WATCHED: Final = ("decommissioned", "conception", "development", "pre_deployment", "deprecated", "production")
"""The stages, the ones in which more is asked of a system and its code later."""


def path_changes(pair: FactsPair, claimants: Mapping[str, Facts]) -> Iterator[Change]:
    """`path-narrowed` where code or a pattern of base's is no longer claimed, `path-widened` for the reverse.

    A pattern whose files all moved to where the result's patterns are, recognised by their blobs or, where the move
    edits them, by their names, is neither narrowed nor widened. A file that is left behind, where it was or elsewhere,
    is narrowed all the same, unless it went to where a system of at least this one's tier, in a stage that asks for as
    much, claims it.
    `claimants` are the systems of the result, by id.
    """
    was, now = pair.was.declared, pair.now.declared
    before, after = _globs(was), _globs(now)
    left = uncovered(before, after)
    lost = [glob for glob in left if not _has_moved(glob, was, now)]
    gained = uncovered(after, before)
    written = (sorted(was.entry.paths), sorted(now.entry.paths))
    if written[0] == written[1]:
        written = (before, after)
    left_it = [file for file in now.left_behind or () if not _is_kept(file, pair, claimants)]
    if lost or left_it:
        change = pair.change("paths-mended" if pair.mends("paths") else "path-narrowed", "paths", *written, "paths")
        bound = digest_of(sorted([file.path, file.mode, file.oid] for file in left_it))
        yield replace(change, bound=bound, files=tuple(sorted(file.path for file in left_it)))
    if gained and len(left) == len(lost):
        yield pair.change("path-widened", "paths", *written, "paths")


def _is_kept(file: CodeFile, pair: FactsPair, claimants: Mapping[str, Facts]) -> bool:
    """Has a file moved to where a system claims it that is judged as strictly?"""
    if any(file.path == other.path for other in pair.was.declared.code):
        return False
    ids = pair.now.declared.claimed_by.get(file.path, ())
    return any(_is_as_strict(claimants[id_], pair.was) for id_ in ids if id_ in claimants)


def _is_as_strict(other: Facts, was: Facts) -> bool:
    """Is a system of at least this tier, in a stage that asks for at least as much?"""
    as_watched = _WATCHED.index(other.stage) >= _WATCHED.index(was.stage)
    return as_watched and tier_rank(other.tier) >= tier_rank(was.tier)


def _globs(system: DeclaredSystem) -> list[str]:
    folder = system.key.manifest.rpartition("/")[0]
    return sorted({rooted(folder, glob) for glob in system.entry.paths})


def _has_moved(glob: str, was: DeclaredSystem, now: DeclaredSystem) -> bool:
    """Whether every file the pattern held in base is in the result at another path, and none where it was."""
    files = [file for file in was.code if covers(glob, file.path)]
    there = {file.path for file in now.code}
    if not files or any(file.path in there for file in files):
        return False
    moved = [file for file in now.code if not covers(glob, file.path)]
    wanted = Counter(file.oid for file in files)
    edited = wanted - Counter(file.oid for file in moved)
    # A folder that is renamed has its own name in imports and paths: an edit there is as good as one after the move.
    known = {part for file in was.code for part in (file.path, file.oid)}
    new = Counter(_name(file) for file in moved if known.isdisjoint((file.path, file.oid)))
    return Counter(_name(file) for file in files if file.oid in edited) <= new


def _name(file: CodeFile) -> str:
    return file.path.rpartition("/")[2]


def united_code(was: DeclaredSystem, now: DeclaredSystem) -> tuple[CodeFile, ...]:
    """The code of both sides, sorted by path; the result's version of a file goes before base's."""
    files = {file.path: file for side in (was.code, now.left_behind or (), now.code) for file in side}
    return tuple(files[path] for path in sorted(files))

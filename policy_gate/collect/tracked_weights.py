"""Weights that DVC keeps elsewhere and that its lock file alone tells, as outputs and inputs of stages, with digests.

The lock stands mostly in the root of a repository, and its stages are of several systems: a model is of the system that
claims the place at which the stage puts it, else of one that claims the lock file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from posixpath import dirname, join, normpath
from typing import Any, Final

from msgspec import Struct

from policy_gate.collect.systems import Codes
from policy_gate.collect.touched_files import TouchedFile
from policy_gate.discover.places import DVC_FILES, DVC_LOCK, DVC_PIPELINE
from policy_gate.discover.weights_by_path import weights_named
from policy_gate.documents.foreign_yaml import read_foreign_yaml
from policy_gate.schema.observed import FileSigns, Signal
from policy_gate.schema.snapshot import DeclaredSystem, Snapshot
from policy_gate.schema.source import Problem
from policy_gate.vcs.tree import Tree

_MOST_BYTES: Final = 4_000_000
_DIGESTS: Final = ("md5", "etag", "checksum")
_FOLDERS: Final = frozenset({"model", "models", "weights", "checkpoint", "checkpoints"})
_UNREADABLE: Final = "is no lock file of DVC that can be read: which weights it keeps is not known"
_NOT_CONTENT: Final = frozenset({"path", "size", "nfiles", "isexec", "hash"})


class TrackedWeights(Struct, frozen=True):
    """One lock file that a change touches: by place, the weights that stages put there, in base and in the result.

    None where the lock cannot be read.
    """

    path: str
    before: Mapping[str, Signal] | None
    after: Mapping[str, Signal] | None
    blobs: tuple[str, str] = ("", "")
    """the lock's own, by which one is told that cannot be read"""

    @property
    def places(self) -> frozenset[str]:
        """Where weights stand that are others than before, or of which that cannot be told."""
        was, now = self.before or {}, self.after or {}
        return frozenset(place for place in {*was, *now} if _value(was.get(place)) != _value(now.get(place)))

    @property
    def note(self) -> str:
        """What to tell of a lock that the result holds and that cannot be read; else nothing."""
        return f"{self.path} {_UNREADABLE}" if self.after is None else ""

    def of(self, system: DeclaredSystem, codes: Codes, snapshots: tuple[Snapshot, Snapshot]) -> TouchedFile | None:
        """The lock as far as it is about what a system claims, or did; None where nothing of it is another."""
        id_, (was, now) = system.key.id, snapshots
        own = [codes.of(it.manifest, it.entry) for side in (was, now) for it in side.systems if it.key.id == id_]
        others = [codes.of(it.manifest, it.entry) for it in now.systems if it.key.id != id_]
        holds_lock = any(code.holds(self.path) for code in own)

        def is_own(place: str) -> bool:
            is_held = any(code.holds(place) for code in own)
            return is_held or (holds_lock and not any(code.holds(place) for code in others))

        return self._restricted(is_own, holds_lock=holds_lock)

    def of_nobody(self, codes: Codes, snapshots: tuple[Snapshot, Snapshot]) -> TouchedFile | None:
        """The lock as far as no system of the result claims it, and no manifest that cannot be read may."""
        live = [it for it in snapshots[1].systems if it.entry.stage != "decommissioned"]
        claims = [codes.of(it.manifest, it.entry) for it in live]

        def may_be_held(path: str) -> bool:
            unread = any(True for side in snapshots for _ in side.may_be_governed_by(path))
            return unread or any(code.holds(path) for code in claims)

        return (
            None if may_be_held(self.path) else self._restricted(lambda place: not may_be_held(place), holds_lock=False)
        )

    def _restricted(self, is_meant: Callable[[str], bool], *, holds_lock: bool) -> TouchedFile | None:
        blobs = self.blobs if holds_lock else ("", "")
        before, after = self._signs(self.before, blobs[0], is_meant), self._signs(self.after, blobs[1], is_meant)
        if before == after or not (before.signals or after.signals):
            return None
        return TouchedFile(self.path, before, after, was_there=True, is_there=True)

    def _signs(self, side: Mapping[str, Signal] | None, blob: str, is_meant: Callable[[str], bool]) -> FileSigns:
        if side is None:
            whole = Signal(self.path, 1, "weights", "Weights that DVC keeps", "medium", self.path, "", blob)
            return FileSigns((whole,) if blob else (), unread=(Problem(self.path, _UNREADABLE),), left_out=True)
        return FileSigns(tuple(it for place, it in sorted(side.items()) if is_meant(place)))


def tracked_weights(trees: tuple[Tree, Tree], changed: Iterable[str]) -> tuple[TrackedWeights, ...]:
    """Each lock file of DVC that a change touches, or beside which it touches what says where its stages work."""
    folders = {dirname(path) for path in changed if path.rpartition("/")[2] in DVC_FILES}
    locks = (join(folder, DVC_LOCK) for folder in sorted(folders))
    before, after = trees
    return tuple(TrackedWeights(at, _weights(before, at), _weights(after, at), _blobs(trees, at)) for at in locks)


def _blobs(trees: tuple[Tree, Tree], path: str) -> tuple[str, str]:
    was, now = (entry.oid if (entry := tree.entry(path)) else "" for tree in trees)
    return was, now


def _value(signal: Signal | None) -> str:
    return signal.value if signal else ""


def _weights(tree: Tree, path: str) -> Mapping[str, Signal] | None:
    """The weights that one lock names, by place."""
    entry = tree.entry(path)
    if entry is None:
        return {}
    if entry.kind != "file" or tree.size(entry) > _MOST_BYTES:
        return None
    data = tree.read(entry)
    try:
        told = [(name, item) for name, stage in _stages(_mapping(read_foreign_yaml(data))) for item in _items(stage)]
        folders = _working_folders(tree, dirname(path)) if told else {}
        written = [(name, _text(item.get("path")), _digest(item)) for name, item in told]
    except ValueError:
        return None
    digests: dict[str, dict[str, str]] = {}
    for name, said, digest in written:
        if _is_model(said):
            is_elsewhere = "://" in said or said.startswith("/")
            folder = join(dirname(path), folders.get(name.partition("@")[0], ""))
            digests.setdefault(path if is_elsewhere else normpath(join(folder, said)), {})[digest] = said
    return {place: _signal(path, data, known) for place, known in digests.items()}


def _signal(path: str, data: bytes, known: Mapping[str, str]) -> Signal:
    value = "+".join(sorted(known))
    line = data.count(b"\n", 0, max(0, data.find(next(iter(known)).encode("utf-8", "replace")))) + 1
    return Signal(path, line, "weights", "Weights that DVC keeps", "medium", next(iter(known.values())), "", value)


def _is_model(written: str) -> bool:
    return bool(weights_named(written)) or written.rstrip("/").rpartition("/")[2].lower() in _FOLDERS


def _stages(lock: Mapping[Any, Any]) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    """Name and record of each stage; the first format of the file had nothing around them."""
    stages = _mapping(lock["stages"]) if "stages" in lock else lock
    for name, stage in stages.items():
        yield _text(name), _mapping(stage)


def _items(stage: Mapping[Any, Any]) -> Iterator[Mapping[Any, Any]]:
    for section in ("outs", "deps"):
        listed = stage.get(section) or []
        if not isinstance(listed, list):
            raise ValueError("no list")
        yield from map(_mapping, listed)


def _digest(item: Mapping[Any, Any]) -> str:
    """What tells one content of a place from another: the digest, else all that is said of it."""
    stated = next((it for it in map(item.get, _DIGESTS) if it and isinstance(it, str)), "")
    said = repr(sorted((key, value) for key, value in item.items() if key not in _NOT_CONTENT))
    return stated or hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _mapping(value: Any) -> Mapping[Any, Any]:
    """ValueError for anything else, and for a merge key, behind which anything may stand."""
    if not isinstance(value, dict) or "<<" in value:
        raise ValueError("no mapping")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("no text")
    return value


def _working_folders(tree: Tree, folder: str) -> Mapping[str, str]:
    """By stage, the folder that its paths are from, where dvc.yaml names another than its own."""
    entry = tree.entry(join(folder, DVC_PIPELINE))
    if entry is None or entry.kind != "file" or tree.size(entry) > _MOST_BYTES:
        return {}
    stages = _mapping(read_foreign_yaml(tree.read(entry))).get("stages") or {}
    found = {}
    for name, stage in _mapping(stages).items():
        told = stage.get("do", stage) if isinstance(stage, dict) else {}
        wdir = told.get("wdir") if isinstance(told, dict) else None
        if isinstance(wdir, str):
            found[_text(name)] = wdir
    return found

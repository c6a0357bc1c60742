"""AI that a change brings to a place which a system claims only since of late (D50): nobody looked at that claim.

Nobody is asked about a wider claim, and of AI in one's own folders a low system is only told. Together they would let
new AI in under any low system. So a use of AI that comes where no system showed any is told apart by whether whoever
claims the place did so all the time: in each state of its entry that the last changes of base left behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol

from policy_gate.collect.layout import Layout
from policy_gate.collect.looker import USES, Looker
from policy_gate.collect.manifests import all_manifests
from policy_gate.collect.moved_lines import lines_of
from policy_gate.collect.systems import Codes, system_in
from policy_gate.collect.touched_files import TouchedFile
from policy_gate.collect.unclaimed_signs import SURE
from policy_gate.discover.places import is_program
from policy_gate.documents.cache import DocumentCache
from policy_gate.errors import DocumentError
from policy_gate.schema.documents import Manifest
from policy_gate.schema.observed import Signal
from policy_gate.schema.snapshot import DeclaredSystem, Snapshot
from policy_gate.vcs.tree import Tree

_RETIRED: Final = "decommissioned"
_MOST_BESIDE: Final = 500
"""files of a place that are asked whether AI was used there"""
_HALF: Final = 0.5


class Earlier(Protocol):
    """Base's own earlier trees, the newest first, and whether this clone holds as many as are looked at."""

    @property
    def is_cut_off(self) -> bool: ...

    def __call__(self) -> Iterable[Tree]: ...


class NewPlaces:
    """Which of the files that a change touches bring AI to a place that was claimed only of late."""

    def __init__(
        self,
        trees: tuple[Tree, Tree],
        snapshots: tuple[Snapshot, Snapshot],
        layout: Layout,
        looker: Looker,
        cache: DocumentCache,
        earlier: Earlier | None,
    ) -> None:
        self._trees, self._snapshots = trees, snapshots
        self._looker, self._cache, self._layout = looker, cache, layout
        self._codes = Codes(layout)
        self._earlier = earlier
        self._states: dict[str, list[DeclaredSystem | None]] = {}

    def brought(
        self,
        touched: Sequence[TouchedFile],
        claimed: Mapping[str, set[str]],
        of_product: Callable[[list[TouchedFile]], list[TouchedFile]],
    ) -> dict[str, tuple[Signal, ...]]:
        """By system of base that claims it now, the signs of AI at such a place.

        `of_product` leaves of files what their folders' names do not excuse.
        """
        was, now = self._snapshots
        known = {it.key.id for it in was.systems}
        live = {it.key.id for it in now.systems if it.entry.stage != _RETIRED} & known
        may_be = [it for it in touched if claimed.get(it.path, set()) & live and it.after.signals != it.before.signals]
        may_be = [it for it in may_be if not self._is_known_place(it.path)]
        new = [it for it in of_product(may_be) if self._is_new(it, touched)] if may_be else []
        found: dict[str, list[Signal]] = {}
        for item in new:
            for id_ in sorted(claimed[item.path] & live):
                found.setdefault(id_, []).extend(_uses_anew(item))
        return {id_: tuple(signals) for id_, signals in found.items()}

    def _is_new(self, item: TouchedFile, touched: Iterable[TouchedFile]) -> bool:
        """Whether it uses AI that it did not, and is no file that only moved."""
        if not list(_uses_anew(item)):
            return False
        kinds = {it.what for it in _uses_anew(item)}
        left = [it for it in touched if it.path != item.path and kinds <= {sign.what for sign in it.before.signals}]
        return not any(self._is_moved(it, item) for it in left)

    def _is_moved(self, one: TouchedFile, other: TouchedFile) -> bool:
        """Whether most of what stands at the other path stood here in base, and stands here no more."""
        before, after = self._trees
        texts = [self._read(before, one.path), self._read(after, one.path), self._read(after, other.path)]
        if texts[0] == texts[2]:
            return texts[0] != texts[1]
        was, left, come = (lines_of(text, is_program=is_program(one.path)) for text in texts)
        gone = was - left
        return bool(come) and (gone & come).total() > _HALF * come.total()

    def _read(self, tree: Tree, path: str) -> bytes:
        entry = tree.entry(path)
        return tree.read(entry) if entry is not None and entry.kind == "file" else b""

    def _is_known_place(self, path: str) -> bool:
        """Whether a system of base claims it that did so before, or uses AI beside it."""
        return any(
            self._uses_ai_beside(system, path) or (self._claims(system, path) and self._claimed_always(system, path))
            for system in self._snapshots[0].systems
            if system.entry.stage != _RETIRED
        )

    def _claims(self, system: DeclaredSystem, path: str) -> bool:
        return self._codes.of(system.manifest, system.entry).holds(path)

    def _claimed_always(self, system: DeclaredSystem, path: str) -> bool:
        """Whether every state of the system's entry that is looked at claims the path."""
        if self._earlier is None or self._earlier.is_cut_off:
            return False
        states = self._states.get(system.key.id)
        if states is None:
            states = self._states[system.key.id] = list(self._read_states(system))
        return all(it is not None and self._claims(it, path) for it in states)

    def _read_states(self, system: DeclaredSystem) -> Iterator[DeclaredSystem | None]:
        """The system as earlier trees of base declare it, each state once, back to its declaration."""
        place, seen = system.key.manifest, set[str]()
        for tree in self._earlier() if self._earlier is not None else ():
            found = self._declared(tree, place, system.key.id)
            if found is None:
                others = [it.path for it in all_manifests(tree, self._layout) if it.path != place]
                read = (self._declared(tree, path, system.key.id) for path in others)
                found = next((it for it in read if it is not None), None)
            if found is None:
                return
            place = found.key.manifest
            if found.manifest.oid not in seen:
                seen.add(found.manifest.oid)
                yield found

    def _declared(self, tree: Tree, path: str, id_: str) -> DeclaredSystem | None:
        entry = tree.entry(path)
        if entry is None or entry.kind != "file":
            return None
        try:
            manifest = self._cache.document(Manifest, tree, entry)
        except DocumentError:
            return None
        return system_in(manifest, id_, self._layout)

    def _uses_ai_beside(self, system: DeclaredSystem, path: str) -> bool:
        """Whether the system used AI in the file's own folder, in one above it or below it; the root is none."""
        tree, folder = self._trees[0], path.rpartition("/")[0]
        beside = [it.path for it in system.code if it.path == path or _is_beside(it.path.rpartition("/")[0], folder)]
        seen = (self._looker.at(tree, tree.entry(it)) for it in beside[:_MOST_BESIDE])
        return any(_is_use(signal) for file in seen for signal in file.signals)


def _is_beside(one: str, other: str) -> bool:
    return bool(one and other) and (f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/"))


def _is_use(signal: Signal) -> bool:
    return signal.kind in USES and signal.kind != "dependency" and signal.confidence == SURE


def _uses_anew(item: TouchedFile) -> Iterator[Signal]:
    before = {(it.kind, it.what) for it in item.before.signals}
    return (it for it in item.after.signals if _is_use(it) and (it.kind, it.what) not in before)

"""What bears on the statements of a manifest: what the code of a system shows, and what of it nobody claims (T34)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from policy_gate.collect.code_files import may_be_paper
from policy_gate.collect.evidence import sha256_of
from policy_gate.collect.layout import Layout
from policy_gate.collect.links import LINK
from policy_gate.collect.looker import Looker
from policy_gate.collect.manifests import all_manifests
from policy_gate.collect.systems import Codes
from policy_gate.discover.imports import OwnImport, own_imports
from policy_gate.discover.places import is_foreign, is_shown_settings, is_test, is_tracking
from policy_gate.documents.cache import DocumentCache
from policy_gate.errors import DocumentError
from policy_gate.schema.documents import Manifest
from policy_gate.schema.observed import FileSigns, Signal, StatementSigns
from policy_gate.schema.snapshot import DeclaredSystem, Snapshot
from policy_gate.vcs.tree import Tree

_MOST: Final = 5_000
"""files of one system that are looked at"""
_USES: Final = ("sdk", "host", "training", "weights")
_MOST_HASHED: Final = 256 << 20
"""bytes of one file of weights whose digest is worked out"""
_RETIRED: Final = "decommissioned"
"""the stage of systems whose claims nothing is asked about"""
_STATES: Final = ("vendors", "model_version", "models", "model_card")
"""fields of an entry that say which vendors and models there are"""


def statements_in_change(
    trees: tuple[Tree, Tree],
    snapshots: tuple[Snapshot, Snapshot],
    changed: frozenset[str],
    layout: Layout,
    cache: DocumentCache,
) -> Mapping[str, StatementSigns]:
    """By id, what bears on what the manifest states of each system that the change touches."""
    was, now = snapshots
    if not changed or not now.systems:
        return {}
    reader = _Reader(trees, now, changed, layout, cache)
    found = {}
    for system in now.systems:
        signs = reader.of(system, was.system(system.key.id))
        if signs is not None:
            found[system.key.id] = signs
    return found


def _is_beside(path: str) -> bool:
    """Is it no code whose words say which vendors and models are in use, by its name?"""
    return is_test(path) or is_foreign(path) or is_shown_settings(path)


class _Reader:
    """Looks at the code of systems in base and in the result, each file once."""

    def __init__(
        self, trees: tuple[Tree, Tree], now: Snapshot, changed: frozenset[str], layout: Layout, cache: DocumentCache
    ) -> None:
        self._before, self._after = trees
        self._now = now
        self._changed = changed
        self._cache = cache
        self._looker = Looker(cache, layout)
        self._claims = _Claims(self._after, now, layout, cache)

    def of(self, system: DeclaredSystem, old: DeclaredSystem | None) -> StatementSigns | None:
        """What bears on one system; None where the change touches neither its code nor what is said of it."""
        # What others wrote speaks of many vendors and models, and its user chooses.
        code = [path for path in self._own(system, old) if not _is_beside(path)]
        touched = [path for path in code if path in self._changed][:_MOST]
        restated = old is not None and self._is_restated(system, old)
        if not touched and not restated:
            return None
        gone = self._gone(old, code)
        before = tuple(self._at(self._before, path).counting for path in (*touched, *gone))
        after = tuple(self._at(self._after, path).counting for path in touched)
        others: tuple[Signal, ...] = ()
        if restated or _values(after) - _values(before):
            seen, rest = set(touched), (path for path in code[:_MOST])
            others = tuple(
                signal for path in rest if path not in seen for signal in self._at(self._after, path).counting
            )
        missed, missed_before = self._missed(touched, gone)
        weights = self._weights(system, code, touched, restated=restated)
        return StatementSigns(before, after, others, restated, weights, missed, missed_before)

    def _own(self, system: DeclaredSystem, old: DeclaredSystem | None) -> Iterator[str]:
        """Its code, and of links that the change leaves as they are what they lead to and led to in base."""
        known = self._changed | {file.path for file in (old or system).linked}
        yield from (it.path for it in system.code if it.mode != LINK or it.path in self._changed)
        yield from (it.path for it in system.linked if it.mode != LINK and it.path in known)

    def _gone(self, old: DeclaredSystem | None, code: list[str]) -> list[str]:
        """The files of base's system that the change takes away or moves: what they showed is not brought anew."""
        kept = set(code)
        lost = [file.path for file in old.code if file.path in self._changed] if old is not None else []
        return [it for it in lost if it not in kept and not _is_beside(it)][:_MOST]

    def _weights(
        self, system: DeclaredSystem, code: list[str], touched: list[str], *, restated: bool
    ) -> tuple[tuple[str, str], ...]:
        """The digests of all weights of a system that may state some; of an LFS pointer that of what it stands for."""
        if not _card(system) and not any(model.digest for model in system.entry.models):
            return ()
        if not restated and not any(self._are_weights(path) for path in touched):
            return ()
        found = ((path, self._sha256(path)) for path in code[:_MOST] if self._are_weights(path))
        return tuple((path, digest) for path, digest in found if digest)

    def _are_weights(self, path: str) -> bool:
        """Are these the bytes of weights? What points to them has a digest of its own."""
        return not is_tracking(path) and any(signal.kind == "weights" for signal in self._at(self._after, path).signals)

    def _sha256(self, path: str) -> str:
        entry = self._after.entry(path)
        if entry is None or entry.kind != "file" or self._after.size(entry) > _MOST_HASHED:
            return ""
        key = ("sha256 of weights", entry.oid)
        return self._cache.once(key, lambda: sha256_of(self._after.read(entry)))

    def _is_restated(self, system: DeclaredSystem, old: DeclaredSystem) -> bool:
        if self._changed.isdisjoint((system.manifest.path, *_card(system))):
            return False
        return _stated(system) != _stated(old) or not self._changed.isdisjoint(_card(system))

    def _at(self, tree: Tree, path: str) -> FileSigns:
        return self._looker.at(tree, tree.entry(path))

    def _missed(self, touched: Iterable[str], gone: Iterable[str]) -> tuple[tuple[Signal, ...], tuple[Signal, ...]]:
        new: list[Signal] = []
        old: list[Signal] = []
        lost = {it.entry.path for path in gone for it in self._imports(self._before, path)}
        for path in touched:
            imports = self._imports(self._after, path)
            if not imports:
                continue
            known = lost.union(it.entry.path for it in self._imports(self._before, path))
            for imported in imports:
                signal = self._unclaimed(path, imported)
                if signal is not None:
                    (old if imported.entry.path in known else new).append(signal)
        return tuple(new), tuple(old)

    def _imports(self, tree: Tree, path: str) -> tuple[OwnImport, ...]:
        return own_imports(tree, tree.entry(path))

    def _unclaimed(self, path: str, imported: OwnImport) -> Signal | None:
        """The import as a sign, where its file shows AI and is nobody's."""
        other = imported.entry.path
        if is_test(other) or is_foreign(other):
            return None
        shown = [it for it in self._at(self._after, other).signals if it.kind in _USES and it.confidence != "low"]
        if not shown or self._claims.has(other):
            return None
        was = self._at(self._before, other).signals
        if other in self._changed and not any(it.kind in _USES for it in was):
            return None  # that code without a system has begun to use AI is told by itself
        first = next((it for it in shown if it.confidence == "high"), shown[0])
        said = f"{other}:{first.line} {first.what}"
        return Signal(path, imported.line, "import", "An import", first.confidence, said, first.vendor, other)


class _Claims:
    """Whether some system may claim a path of the result, manifests that the change does not touch included."""

    def __init__(self, tree: Tree, now: Snapshot, layout: Layout, cache: DocumentCache) -> None:
        self._tree = tree
        self._now = now
        self._layout = layout
        self._cache = cache
        self._claimed = {
            file.path
            for system in now.systems
            if system.entry.stage != _RETIRED
            for file in (*system.code, *system.inside, *system.linked)
        }

    def has(self, path: str) -> bool:
        """In doubt, yes: what cannot be read may claim it."""
        layout = self._layout
        if path in self._claimed or any(True for _ in self._now.may_be_governed_by(path)):
            return True
        if path in self._now.evidence and may_be_paper(path):
            return True
        if layout.is_policy(path) or layout.is_record(path) or layout.is_manifest(path):
            return True
        read = {manifest.path for manifest in self._now.manifests}
        others = (entry for entry in all_manifests(self._tree, layout) if entry.path not in read)
        for entry in others:
            folder = entry.path.rpartition("/")[0]
            if folder and not path.startswith(f"{folder}/") and not layout.is_shared(path):
                continue
            try:
                manifest = self._cache.document(Manifest, self._tree, entry)
            except DocumentError:
                return True
            codes = Codes(layout)
            living = (system for system in manifest.content.systems if system.stage != _RETIRED)
            if any(codes.of(manifest, system).holds(path) for system in living):
                return True
        return False


def _card(system: DeclaredSystem) -> tuple[str, ...]:
    path = system.files.get(system.entry.model_card or "")
    return (path,) if path else ()


def _stated(system: DeclaredSystem) -> tuple[Any, ...]:
    return (*(getattr(system.entry, name) for name in _STATES), system.vendors)


def _values(files: Iterable[Iterable[Signal]]) -> set[tuple[str, str]]:
    """The vendors and models that these files show."""
    return {pair for file in files for signal in file for pair in _of(signal)}


def _of(signal: Signal) -> Iterator[tuple[str, str]]:
    if signal.vendor:
        yield "vendor", signal.vendor
    if signal.kind == "model":
        yield "model", signal.value

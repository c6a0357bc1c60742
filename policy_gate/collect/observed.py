"""What the code shows: of the files that a change touches in both trees, and of whole systems where a rule asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.collect.layout import Layout
from policy_gate.collect.systems import Codes
from policy_gate.discover.places import is_test, language_of
from policy_gate.documents.cache import DocumentCache
from policy_gate.facts.changes_observed import is_one_sided, values_compared
from policy_gate.schema.observed import IN_CODE, FileSigns, Observed, Signal, SystemSigns
from policy_gate.schema.snapshot import DeclaredSystem, Snapshot
from policy_gate.schema.source import Problem
from policy_gate.vcs.tree import Tree, TreeEntry
from policy_gate.vcs.trees import GitTree

_MOST_ELSEWHERE: Final = 5_000
"""other files of a system that are looked at for what only comes or only goes"""
_MOST_OF_A_TREE: Final = 50_000
"""files that are looked at where a change says that there is no AI in all of them"""
_USES: Final = ("sdk", "host", "weights", "training", "dependency")
_SURE: Final = "high"


class Looker:
    """Looks at files, each path and blob once in a session."""

    def __init__(self, cache: DocumentCache) -> None:
        self._cache = cache

    def at(self, tree: Tree, entry: TreeEntry | None) -> FileSigns:
        """What a file shows; nothing where there is none, or it is a link or a submodule."""
        if entry is None or entry.kind != "file":
            return FileSigns()
        return self._cache.once(("signs", entry.path, entry.oid), lambda: _look(tree, entry))


def _look(tree: Tree, entry: TreeEntry) -> FileSigns:
    from policy_gate.discover.scan import signs_of  # noqa: PLC0415 - where nothing is looked at they are not loaded
    from policy_gate.discover.signs import shipped_signs  # noqa: PLC0415

    return signs_of(tree, entry, shipped_signs())


class _Touched(Struct, frozen=True):
    """One path that the change touches, and what stands there in base and in the result."""

    path: str
    before: FileSigns
    after: FileSigns

    @property
    def uses_ai(self) -> bool:
        return self.before.uses_ai or self.after.uses_ai

    def signals(self, side: FileSigns) -> tuple[Signal, ...]:
        """All that one side shows, with what counts only beside other signs."""
        return (*side.signals, *(side.beside if self.uses_ai else ()))


def observed_in_change(
    trees: tuple[Tree, Tree],
    snapshots: tuple[Snapshot, Snapshot],
    changed: Iterable[str],
    layout: Layout,
    cache: DocumentCache,
) -> Observed:
    """What a change of these paths makes of what the code shows; trees and snapshots of base and of the result."""
    was, now = snapshots
    if not was.any_manifest and not now.any_manifest:
        return Observed()
    looker = Looker(cache)
    touched = list(_touched(trees, changed, looker))
    claimed = _claims(snapshots, {item.path for item in touched})
    by_system = {}
    for system in now.systems:
        own = [item for item in touched if system.key.id in claimed.get(item.path, ()) and not is_test(item.path)]
        if own:
            by_system[system.key.id] = _of_system(system, own, trees[1], looker, frozenset(changed))
    outside = [item for item in touched if _is_outside(item.path, claimed, snapshots, layout)]
    brought = tuple(_brought(outside, _shown_in(touched, claimed)))
    says_none = now.declares_nothing is not None
    is_new = says_none and was.declares_nothing is None
    refuting = tuple(_sure(_all_of(trees[1], looker, layout))) if is_new else _refuting(brought) if says_none else ()
    return Observed(
        by_system={name: signs for name, signs in by_system.items() if signs.before != signs.after},
        unclaimed=() if says_none or not was.any_manifest else tuple(map(_as_unclaimed, brought)),
        refuting=refuting,
        unread=tuple(problem for item in touched for problem in item.after.unread),
    )


def _touched(trees: tuple[Tree, Tree], changed: Iterable[str], looker: Looker) -> Iterator[_Touched]:
    before, after = trees
    entries = [(path, before.entry(path), after.entry(path)) for path in sorted(changed)]
    for tree, found in ((before, [row[1] for row in entries]), (after, [row[2] for row in entries])):
        if isinstance(tree, GitTree):
            tree.expect(entry for entry in found if entry and entry.kind == "file" and language_of(entry.path))
    for path, old, new in entries:
        seen = _Touched(path, looker.at(before, old), looker.at(after, new))
        if seen.before != seen.after or seen.after.unread:
            yield seen


def _claims(snapshots: tuple[Snapshot, Snapshot], paths: set[str]) -> Mapping[str, set[str]]:
    """Which systems of base or result claim each of these paths, by their ids."""
    found: dict[str, set[str]] = {}
    for side in snapshots:
        for system in side.systems if paths else ():
            for file in (*system.code, *system.inside, *system.linked):
                if file.path in paths:
                    found.setdefault(file.path, set()).add(system.key.id)
    return found


def _of_system(
    system: DeclaredSystem, own: list[_Touched], tree: Tree, looker: Looker, changed: frozenset[str]
) -> SystemSigns:
    signs = SystemSigns(
        tuple(item.signals(item.before) for item in own), tuple(item.signals(item.after) for item in own)
    )
    if not is_one_sided(signs):
        return signs
    others = [file.path for file in system.code if file.path not in changed][:_MOST_ELSEWHERE]
    seen = [signal for path in others for signal in _counting(looker.at(tree, tree.entry(path)))]
    return SystemSigns(signs.before, signs.after, values_compared(seen))


def _counting(seen: FileSigns) -> tuple[Signal, ...]:
    return (*seen.signals, *(seen.beside if seen.uses_ai else ()))


def _is_outside(
    path: str, claimed: Mapping[str, set[str]], snapshots: tuple[Snapshot, Snapshot], layout: Layout
) -> bool:
    """Is it code that no system claims in the result, and that no manifest which cannot be read may claim?"""
    was, now = snapshots
    known = {system.key.id for system in now.systems}
    if known & claimed.get(path, set()) or path in now.evidence or path in was.evidence:
        return False
    if layout.is_manifest(path) or layout.is_policy(path) or layout.is_record(path):
        return False
    return not any(True for side in snapshots for _ in side.may_be_governed_by(path))


def _key(signal: Signal) -> tuple[str, str]:
    return (signal.kind, signal.what)


def _shown_in(touched: Iterable[_Touched], claimed: Mapping[str, set[str]]) -> set[str]:
    """What the claimed files of the change use: a dependency on that is theirs."""
    return {signal.what for item in touched if item.path in claimed for signal in item.after.signals}


def _brought(outside: list[_Touched], of_systems: set[str]) -> Iterator[Signal]:
    """The signs that are new at a path, and did not stand in another unclaimed file before."""
    gone = Counter(
        _key(signal)
        for item in outside
        for signal in item.before.signals
        if _key(signal) not in set(map(_key, item.after.signals))
    )
    for item in outside:
        before = {_key(signal) for signal in item.before.signals}
        found = []
        for signal in item.after.signals:
            if _key(signal) in before or signal.confidence == "low":
                continue
            if signal.kind == "dependency" and signal.what in of_systems:
                continue
            if gone[_key(signal)] > 0:
                gone[_key(signal)] -= 1
            else:
                found.append(signal)
        # A name or a text alone is no use of AI where no system is.
        if any(signal.kind in _USES or (signal.kind == "prompt" and signal.what != IN_CODE) for signal in found):
            yield from found


def _as_unclaimed(signal: Signal) -> Signal:
    """To depend on something is not yet to use it."""
    is_unsure = signal.kind == "dependency" and signal.confidence == _SURE
    return replace(signal, confidence="medium") if is_unsure else signal


def _refuting(brought: Iterable[Signal]) -> tuple[Signal, ...]:
    return tuple(_sure(brought))


def _sure(signals: Iterable[Signal]) -> Iterator[Signal]:
    return (signal for signal in signals if signal.confidence == _SURE)


def _all_of(tree: Tree, looker: Looker, layout: Layout) -> Iterator[Signal]:
    """What a whole tree shows, as far as so many files tell."""
    for number, entry in enumerate(tree.walk()):
        if number >= _MOST_OF_A_TREE:
            return
        if not (layout.is_manifest(entry.path) or layout.is_policy(entry.path) or layout.is_record(entry.path)):
            yield from looker.at(tree, entry).signals


def observed_in_tree(
    tree: Tree, snapshot: Snapshot, layout: Layout, cache: DocumentCache
) -> Mapping[str, tuple[Signal, ...]]:
    """All that the code of each system shows, by its id; tests of it say nothing."""
    looker, codes = Looker(cache), Codes(layout)
    found = {}
    for system in snapshot.systems:
        paths = [file.path for file in system.code or codes.of(system.manifest, system.entry).files(tree)]
        found[system.key.id] = tuple(
            signal for path in paths if not is_test(path) for signal in _counting(looker.at(tree, tree.entry(path)))
        )
    return found


def unread_notes(unread: Iterable[Problem]) -> Iterator[str]:
    """A sentence for what could not be looked into; the rest is counted."""
    problems = list(unread)
    yield from (f"{problem.location}: {problem.message}" for problem in problems[:3])
    if len(problems) > 3:
        yield f"{len(problems) - 3} more files were not looked into for signs of AI"

"""What a whole tree shows of AI where no manifest declares a system: asked only where the verdict hangs on it (D28)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from msgspec.structs import replace

from policy_gate.collect.layout import Layout
from policy_gate.collect.looker import USES, Looker, is_for_the_gate
from policy_gate.collect.product_code import referred_by_product
from policy_gate.discover.places import is_apart, is_foreign, is_test, language_of
from policy_gate.documents.cache import DocumentCache
from policy_gate.schema.observed import IN_CODE, FileSigns, Signal, Undeclared
from policy_gate.schema.source import Problem
from policy_gate.vcs.tree import Tree, TreeEntry
from policy_gate.vcs.trees import GitTree

MOST_FILES: Final = 50_000
"""files of a tree that are looked at"""
_TOGETHER: Final = 500
"""files that are fetched at once"""
_ENOUGH: Final = 5
"""files with plain signs after which no more are looked for"""


def undeclared_ai(tree: Tree, changed: Iterable[str], layout: Layout, cache: DocumentCache) -> Undeclared:
    """The uses of AI in a tree: first in the files that the change touches, and in all others while none is plain.

    Uses are libraries, hosts, weights, training and files for agents; a model's name or a text alone is none.
    """
    scan = _Scan(tree, layout, cache)
    scan.look(entry for entry in map(tree.entry, sorted(changed)) if entry is not None)
    if not scan.is_plain:
        scan.look(entry for entry in tree.walk())
    return scan.found()


class _Scan:
    """One look over a tree, until enough is seen."""

    def __init__(self, tree: Tree, layout: Layout, cache: DocumentCache) -> None:
        self._tree = tree
        self._layout = layout
        self._looker = Looker(cache, layout)
        self._seen: dict[str, FileSigns] = {}
        self._left_out: list[Problem] = []
        self._by_text: list[Problem] = []
        self._plain: set[str] = set()

    @property
    def is_plain(self) -> bool:
        return bool(self._plain)

    def look(self, entries: Iterable[TreeEntry]) -> None:
        """Look at these files, unless they were looked at already."""
        own = (entry for entry in entries if entry.path not in self._seen and self._is_own(entry))
        while len(self._plain) < _ENOUGH and (some := list(islice(own, _TOGETHER))):
            if isinstance(self._tree, GitTree):
                self._tree.expect(entry for entry in some if language_of(entry.path))
            for entry in some:
                if len(self._seen) >= MOST_FILES:
                    message = f"this and all after it: only {MOST_FILES} files are looked at"
                    self._left_out.append(Problem(entry.path, message))
                    return
                self._note(entry.path, self._looker.at(self._tree, entry))

    def _is_own(self, entry: TreeEntry) -> bool:
        # What a link inside the tree leads to is looked at where it lies.
        if entry.kind != "file" or is_foreign(entry.path):
            return False
        return not is_for_the_gate(self._tree, entry, self._layout)

    def _note(self, path: str, seen: FileSigns) -> None:
        self._seen[path] = seen
        if not is_test(path):
            (self._left_out if seen.left_out else self._by_text).extend(seen.unread)
        if not is_test(path) and any(signal.confidence == "high" for signal in _uses(seen)):
            self._plain.add(path)

    def found(self) -> Undeclared:
        """What was seen; of tests only those that the product refers to."""
        from policy_gate.discover.signs_at_place import of_product  # noqa: PLC0415 - loaded by now if anything was seen

        apart = {path for path, seen in self._seen.items() if is_apart(path) and any(_uses(seen))}
        own = set[str]()
        if apart and not self._plain:
            found = referred_by_product(apart, None, (self._tree,), self._layout)
            own = apart if found is None else found
        left = {path for path in apart - own if is_test(path)}
        kept = ((path, seen) for path, seen in self._seen.items() if path not in left)
        shown = {path: of_product(seen, path) if path in own else seen for path, seen in kept}
        signals = [it for seen in shown.values() for it in _uses(seen)]
        signals.sort(key=lambda it: it.confidence != "high")
        return Undeclared(tuple(signals), tuple(self._left_out), len(self._seen), tuple(self._by_text))


def _uses(seen: FileSigns) -> Iterator[Signal]:
    """What of a file's signs is a use of AI; to depend on something is not yet to use it."""
    for signal in seen.signals:
        is_use = signal.kind in USES or (signal.kind == "prompt" and signal.what != IN_CODE)
        if is_use and signal.confidence != "low":
            yield replace(signal, confidence="medium") if signal.kind == "dependency" else signal

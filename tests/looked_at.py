"""What one file with a text shows of AI, by the shipped signs, and what a change of some files does, in memory."""

from __future__ import annotations

from policy_gate.collect.layout import Layout
from policy_gate.collect.manifests import Selection
from policy_gate.collect.observed import observed_in_change
from policy_gate.collect.snapshot import TreeSide, snapshot
from policy_gate.discover.look import look_at
from policy_gate.discover.signs import shipped_signs
from policy_gate.documents.cache import DocumentCache
from policy_gate.schema.documents import Config
from policy_gate.schema.observed import FileSigns, Observed
from policy_gate.vcs.memory_tree import MemoryTree

LAYOUT = Layout(Config.model_validate({"schema": "policy-gate/config/v1"}))


def look(path: str, text: str) -> FileSigns:
    data = text.encode()
    return look_at(path, "b" * 40, lambda: len(data), lambda: data, shipped_signs())


def asked(path: str, text: str) -> set[tuple[str, str]]:
    """The models, prompts and hosts that it shows, by kind and value."""
    return {(it.kind, it.value) for it in look(path, text).counting if it.kind in ("model", "prompt", "host")}


def observed(before: dict[str, str], after: dict[str, str]) -> Observed:
    """What the change from one set of files to the other shows."""
    trees = (MemoryTree(before), MemoryTree(after))
    paths = frozenset(path for path in {*before, *after} if before.get(path) != after.get(path))
    selection, cache = Selection(False, paths), DocumentCache()
    was = snapshot(TreeSide(trees[0]), selection, LAYOUT, cache)
    now = snapshot(TreeSide(trees[1], before=trees[0], was=was), selection, LAYOUT, cache)
    return observed_in_change(trees, (was, now), paths, LAYOUT, cache)

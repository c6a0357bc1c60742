"""What the code of a repository shows of AI, and which system claims each file: a view that judges nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.collect.code_files import may_be_paper
from policy_gate.collect.inputs import OpenInputs, load_inputs
from policy_gate.collect.layout import Layout
from policy_gate.collect.looker import Looker, is_for_the_gate
from policy_gate.collect.policies_of_tree import DEFAULT_CONFIG
from policy_gate.collect.systems import Codes
from policy_gate.discover.places import is_foreign, is_test, language_of
from policy_gate.discover.scan import MOST_FILES
from policy_gate.discover.signs_at_place import of_unclaimed
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.observed import FileSigns, Signal
from policy_gate.schema.source import Problem
from policy_gate.vcs.tree import Tree, TreeEntry
from policy_gate.vcs.trees import GitTree


class Discovered(Struct, frozen=True):
    """Every sign in the order of paths and lines, by path the systems that claim it, and what was not looked into."""

    signals: tuple[Signal, ...]
    claimed: Mapping[str, tuple[str, ...]]
    unread: tuple[Problem, ...]
    files: int
    """how many were looked at"""
    since: str = ""
    """the base, where only what is new since then is told"""


def discover(request: Request) -> Discovered:
    """What the result shows; for a request about a change only what base does not show at the same path."""
    with load_inputs(request) as inputs:
        return discovered(inputs)


def discovered(inputs: OpenInputs) -> Discovered:
    """As `discover`, of what was read already."""
    revisions = inputs.revisions
    assert revisions is not None  # noqa: S101 - inputs that were loaded have them
    looker = Looker(inputs.cache, _layout(inputs))
    entries = list(_entries(inputs, revisions.result))
    claimed = _claimed(inputs, [entry.path for entry in entries])
    entries = [entry for entry in entries if not is_foreign(entry.path) or entry.path in claimed]
    unread = [*_unread_manifests(inputs), *_cut(entries)]
    if isinstance(revisions.result, GitTree):
        revisions.result.expect(entry for entry in entries[:MOST_FILES] if language_of(entry.path))
    seen = [_placed(looker.at(revisions.result, entry), entry.path, claimed) for entry in entries[:MOST_FILES]]
    unread += [problem for item in seen for problem in item.unread]
    shown = [_shown(item) for item in seen]
    if inputs.mode != "all":
        before = (looker.at(revisions.base, revisions.base.entry(entry.path)) for entry in entries)
        was = (_shown(_placed(item, entry.path, claimed)) for item, entry in zip(before, entries, strict=True))
        shown = [_new(now, old) for now, old in zip(shown, was, strict=False)]
    signals = tuple(signal for item in shown for signal in item)
    of_shown = {signal.path: claimed[signal.path] for signal in signals if signal.path in claimed}
    since = "" if inputs.mode == "all" else inputs.base_ref.ref
    return Discovered(signals, of_shown, tuple(unread), min(len(entries), MOST_FILES), since)


def _entries(inputs: OpenInputs, tree: Tree) -> Iterator[TreeEntry]:
    """The files that are looked at: all of a tree, or those that a change touches."""
    layout = _layout(inputs)
    found = tree.walk() if inputs.mode == "all" else (tree.entry(path) for path in sorted(inputs.changed_paths))
    for entry in found:
        if entry is None or entry.kind != "file":
            continue
        if not is_for_the_gate(tree, entry, layout):
            yield entry


def _layout(inputs: OpenInputs) -> Layout:
    return Layout(inputs.result.config.content if inputs.result.config else DEFAULT_CONFIG)


def _unread_manifests(inputs: OpenInputs) -> Iterator[Problem]:
    for path in sorted({it.path for it in inputs.result.unread if not it.is_anothers}):
        yield Problem(path, "cannot be read, so what its systems claim is not known (policy-gate check --worktree)")


def _cut(entries: Sequence[TreeEntry]) -> Iterator[Problem]:
    if len(entries) > MOST_FILES:
        yield Problem(entries[MOST_FILES].path, f"this and all after it: only {MOST_FILES} files are looked at")


def _shown(seen: FileSigns) -> tuple[Signal, ...]:
    return tuple(sorted(seen.counting, key=lambda signal: signal.line))


def _new(now: tuple[Signal, ...], was: tuple[Signal, ...]) -> tuple[Signal, ...]:
    known = {replace(signal, line=0) for signal in was}
    return tuple(signal for signal in now if replace(signal, line=0) not in known)


def _placed(seen: FileSigns, path: str, claimed: Mapping[str, tuple[str, ...]]) -> FileSigns:
    """What a file shows; a claimed one is the system's own, whatever its folder is called, unless it is a test."""
    return seen if path in claimed and not is_test(path) else of_unclaimed(seen, path)


def _claimed(inputs: OpenInputs, paths: Sequence[str]) -> dict[str, tuple[str, ...]]:
    codes = Codes(_layout(inputs))
    found: dict[str, list[str]] = {}
    for system in inputs.result.systems:
        if system.entry.stage == "decommissioned":
            continue  # of it nothing would be asked
        code = codes.of(system.manifest, system.entry)
        papers = {*filter(may_be_paper, system.files.values())}
        papers |= {file.path for file in (*system.inside, *system.linked)}
        for path in paths:
            if path in papers or code.holds(path):
                found.setdefault(path, []).append(system.key.id)
    return {path: tuple(ids) for path, ids in found.items()}

"""What the code shows: of the files that a change touches in both trees, and of whole systems where a rule asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from msgspec.structs import replace

from policy_gate.collect.asked_addresses import with_addresses
from policy_gate.collect.colliding_paths import colliding
from policy_gate.collect.layout import Layout
from policy_gate.collect.links import LINK
from policy_gate.collect.looker import Looker, gate_files, is_for_the_gate
from policy_gate.collect.named_weights import with_weights
from policy_gate.collect.names_by_link import by_their_links
from policy_gate.collect.new_places import Earlier, NewPlaces
from policy_gate.collect.prompt_files import ReadPrompt, prompts_read
from policy_gate.collect.systems import Codes
from policy_gate.collect.touched_files import A_LIST, TouchedFile, models_in
from policy_gate.collect.tracked_weights import tracked_weights
from policy_gate.collect.unclaimed_signs import SURE, as_unclaimed, brought, kinds_in, less_of_paper, shown_in
from policy_gate.collect.unseen_code import MOST_TOLD, told_first, unseen_code
from policy_gate.discover.places import (
    is_apart,
    is_compiled,
    is_foreign,
    is_program,
    is_test,
    is_unknown_kind,
    language_of,
)
from policy_gate.documents.cache import DocumentCache
from policy_gate.documents.globs import covers
from policy_gate.facts.changes_observed import is_one_sided, values_compared
from policy_gate.schema.observed import FileSigns, Observed, Signal, SystemSigns
from policy_gate.schema.snapshot import DeclaredSystem, Snapshot
from policy_gate.schema.source import Problem
from policy_gate.vcs.tree import Tree
from policy_gate.vcs.trees import GitTree

_MOST_ELSEWHERE: Final = 5_000
"""other files of a system that are looked at for what only comes or only goes"""
_MOST_OF_A_TREE: Final = 50_000
"""files that are looked at where a change says that there is no AI in all of them"""
_MOST_FOREIGN: Final = 2_000
"""files in folders for what others wrote that are looked at where no system claims them"""


def observed_in_change(
    trees: tuple[Tree, Tree],
    snapshots: tuple[Snapshot, Snapshot],
    changed: Iterable[str],
    layout: Layout,
    cache: DocumentCache,
    earlier: Earlier | None = None,
) -> Observed:
    """What a change of these paths makes of what the code shows; trees and snapshots of base and of the result.

    `earlier` gives the trees that base had before.
    """
    was, now = snapshots
    if not was.any_manifest and not now.any_manifest:
        return Observed()
    looker, codes = Looker(cache, layout), Codes(layout)
    passed_over = frozenset(sorted(_unclaimed(snapshots, filter(is_foreign, changed)))[_MOST_FOREIGN:])
    # What manifests, policies and records look like is no use of AI, unless they are a paper of a system.
    ours = gate_files(changed, trees, layout)
    silent = passed_over | _unclaimed(snapshots, ours)
    touched = list(_touched(trees, (path for path in changed if path not in silent), looker))
    claimed = _claims(snapshots, {item.path for item in touched}, codes)
    prompts = prompts_read(now.systems, [path for path in changed if path not in silent], trees, looker)
    by_system: dict[str, SystemSigns] = {}
    notes = [f"{len(passed_over)} files in folders for libraries were not looked into"] if passed_over else []
    notes += _notes_of_unknown_kinds(snapshots, changed, looker, trees[1])
    locks = tracked_weights(trees, changed)
    notes += [lock.note for lock in locks if lock.note]
    outside = [less_of_paper(it, snapshots) for it in touched if _is_outside(it.path, claimed, snapshots, ours)]
    outside += [lock for it in locks if (lock := it.of_nobody(codes, snapshots)) is not None]
    strays = {item.path: item for item in outside if item.shows_another and not is_apart(item.path)}
    for system in now.systems:
        alike = colliding((item.path for item in touched if item.path not in claimed), system)
        held = [it for it in touched if system.key.id in claimed.get(it.path, ()) or it.path in alike]
        own, tests = _product_and_apart(held, system, trees, layout)
        own = [with_weights(with_addresses(item, trees), trees) for item in own]
        own += _joined(system, own, frozenset(changed), trees, looker)
        own += [strays[path] for path in sorted(_loaded(strays, system, trees, layout))]
        own += [lock for it in locks if (lock := it.of(system, codes, snapshots)) is not None]
        own += _read_or_linked(system, prompts.get(system.key.id, ()), set(changed) - silent, trees, looker)
        notes += _notes_of_tests(tests, system)
        if own:
            rest = _untouched(system, was.system(system.key.id), frozenset(changed))
            by_system[system.key.id] = _of_system(own, rest, trees[1], looker)
    by_place = _by_place(outside, trees[1], layout) + _begun(set(changed) - ours, snapshots, trees, looker, layout)
    come = tuple(brought(by_place, shown_in(touched, claimed)))
    says_none = now.declares_nothing is not None
    is_new = says_none and was.declares_nothing is None
    everywhere = _all_of(trees[1], looker, layout) if is_new else FileSigns(come if says_none else ())
    unseen = unseen_code(changed, lambda paths: _claims(snapshots, paths), trees)
    places = NewPlaces(trees, snapshots, layout, looker, cache, earlier)
    return Observed(
        at_new_places=places.brought(touched, claimed, lambda new: _by_place(new, trees[1], layout)),
        by_system={name: signs for name, signs in by_system.items() if signs.before != signs.after},
        unclaimed=() if says_none or not was.any_manifest else tuple(map(as_unclaimed, come)),
        refuting=tuple(signal for signal in everywhere.signals if signal.confidence == SURE),
        unread=_unread([*(item.after for item in touched if item.path not in unseen), everywhere]),
        notes=tuple(notes),
        unseen=told_first(list(unseen.values())),
    )


def _unread(files: Iterable[FileSigns]) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(problem for file in files for problem in file.unread))


def _unclaimed(snapshots: tuple[Snapshot, Snapshot], changed: Iterable[str]) -> set[str]:
    """Of these touched files those that no system claims, in base or in the result."""
    paths = set(changed)
    return paths - _claims(snapshots, paths).keys()


def _product_and_apart(
    held: list[TouchedFile], system: DeclaredSystem, trees: tuple[Tree, Tree], layout: Layout
) -> tuple[list[TouchedFile], list[TouchedFile]]:
    """Of what a system holds that which its product consists of, and what lies beside it: tests and examples.

    A file named like one of these is the product's where the product refers to it, or where it is a file of the
    product's that moves there and shows something else.
    """
    apart = {item.path: item for item in held if is_apart(item.path)}
    if not apart:
        return held, []
    product = [item for item in held if item.path not in apart]
    left = [item for item in product if not item.is_there and item.before.signals]
    shown = _values(item.before for item in left)
    come = [item for item in apart.values() if left and not item.was_there and _values([item.after]) - shown]
    kept = {item.path for item in come if any(_is_moved(one.path, item.path, trees) for one in left)}
    codes = Codes(layout).of(system.manifest, system.entry)
    asked = {path for path, item in apart.items() if path not in kept and item.shows_another}
    kept |= _referred(asked, lambda tree: (file.path for file in codes.files(tree)), trees, layout, asked)
    return [item for item in held if item.path not in apart or item.path in kept], [
        item for path, item in apart.items() if path not in kept
    ]


def _is_moved(path: str, other: str, trees: tuple[Tree, Tree]) -> bool:
    """Whether the file that went from one path came at the other, by its name or by most of its lines."""
    from policy_gate.collect.product_code import is_alike  # noqa: PLC0415 - seldom asked

    return is_alike((trees[0], path), (trees[1], other))


def _values(files: Iterable[FileSigns]) -> set[str]:
    return {signal.value for file in files for signal in file.counting if signal.value}


def _read_or_linked(
    system: DeclaredSystem, prompts: Iterable[ReadPrompt], changed: set[str], trees: tuple[Tree, Tree], looker: Looker
) -> list[TouchedFile]:
    """Changed files that are more than their own names say: prompts that code reads, and what links call otherwise."""
    read = [TouchedFile(it.path, it.before, it.after, True, True) for it in prompts]
    return [*read, *by_their_links(system, changed, trees, looker, {it.path for it in read})]


def _joined(
    system: DeclaredSystem, own: list[TouchedFile], changed: frozenset[str], trees: tuple[Tree, Tree], looker: Looker
) -> list[TouchedFile]:
    """What the change leaves as it is and the product refers to only now: tests and examples, and code of nobody."""
    apart = [file.path for file in system.code if file.path not in changed and is_apart(file.path)]
    code = [file.path for file in system.code if file.path in changed and not is_apart(file.path)]
    if not code:
        return []
    from policy_gate.collect.product_code import loaded_anew, named_anew  # noqa: PLC0415 - not for changes of nothing

    known = {item.path for item in own} | changed | {file.path for file in system.code if not is_apart(file.path)}
    return [
        TouchedFile(path, FileSigns(), seen, was_there=True, is_there=True)
        for path in sorted((named_anew(apart, code, trees) | loaded_anew(code, known, trees)) - known)
        if _values([seen := looker.at(trees[1], trees[1].entry(path))])
    ]


def _loaded(
    strays: Mapping[str, TouchedFile], system: DeclaredSystem, trees: tuple[Tree, Tree], layout: Layout
) -> set[str]:
    """The touched files of nobody that a system's code loads: they are its own in all but name."""
    if not strays:
        return set()
    from policy_gate.collect.product_code import loaded  # noqa: PLC0415 - seldom asked

    codes = Codes(layout).of(system.manifest, system.entry)
    return loaded(strays, [file.path for file in codes.files(trees[1]) if not is_apart(file.path)], trees)


def _referred(
    asked: set[str],
    code: Callable[[Tree], Iterable[str]] | None,
    trees: Iterable[Tree],
    layout: Layout,
    untold: set[str],
) -> set[str]:
    """Those that the product refers to; `untold` where that cannot be told."""
    if not asked:
        return set()
    from policy_gate.collect.product_code import referred_by_product  # noqa: PLC0415 - seldom asked

    found = referred_by_product(asked, code, trees, layout)
    return untold if found is None else found


def _notes_of_tests(tests: Iterable[TouchedFile], system: DeclaredSystem) -> Iterator[str]:
    """What tests show otherwise, told in one sentence: nobody is asked about it."""
    others = [item for item in tests if item.shows_another]
    # What only moves from one test to another is nothing to tell.
    if _values(item.before for item in others) != _values(item.after for item in others):
        first = others[0]
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        yield (
            f"{first.path}{more} names another model, vendor or prompt than before, and no code of {system.key.id} "
            "refers to it: taken for a test or an example, and nothing is asked"
        )


def _notes_of_unknown_kinds(
    snapshots: tuple[Snapshot, Snapshot], changed: Iterable[str], looker: Looker, tree: Tree
) -> Iterator[str]:
    """Claimed files of which nobody here can tell what they hold: they may be weights or prompts under another name."""
    odd = sorted(_claims(snapshots, {path for path in changed if is_unknown_kind(path) and not is_compiled(path)}))
    unseen = [path for path in odd if not looker.at(tree, tree.entry(path)).signals]
    if unseen:
        more = f" and {len(unseen) - 1} more" if len(unseen) > 1 else ""
        yield f"{unseen[0]}{more} changed, of a kind that is not looked into for models and prompts"


def _touched(trees: tuple[Tree, Tree], changed: Iterable[str], looker: Looker) -> Iterator[TouchedFile]:
    before, after = trees
    entries = [(path, before.entry(path), after.entry(path)) for path in sorted(changed)]
    for tree, found in ((before, [row[1] for row in entries]), (after, [row[2] for row in entries])):
        if isinstance(tree, GitTree):
            tree.expect(entry for entry in found if entry and entry.kind == "file" and language_of(entry.path))
    for path, old, new in entries:
        was, now = _as_a_whole(looker.at(before, old)), _as_a_whole(looker.at(after, new))
        seen = TouchedFile(path, was, now, old is not None, new is not None)
        if seen.before != seen.after or seen.after.unread:
            yield seen


def _as_a_whole(seen: FileSigns) -> FileSigns:
    """What cannot be seen of a program counts like weights: nobody can tell what it asks."""
    return replace(seen, signals=(*seen.signals, *seen.opaque)) if seen.opaque else seen


def _claims(
    snapshots: tuple[Snapshot, Snapshot], paths: set[str], codes: Codes | None = None
) -> Mapping[str, set[str]]:
    """Which systems of base or result claim each of these paths, by their ids; with `codes` others' policies, too."""
    found: dict[str, set[str]] = {}
    beside = list(filter(codes.layout.is_policy, paths)) if codes else []
    for system in (it for side in snapshots for it in side.systems) if codes and beside else ():
        patterns = codes.of(system.manifest, system.entry).patterns if codes else ()
        for path in (it for it in beside if any(covers(pattern, it) for pattern in patterns)):
            found.setdefault(path, set()).add(system.key.id)
    for side in snapshots:
        for system in side.systems if paths else ():
            for file in (*system.code, *system.inside, *system.linked):
                if file.path in paths:
                    found.setdefault(file.path, set()).add(system.key.id)
    return found


def _untouched(system: DeclaredSystem, old: DeclaredSystem | None, changed: frozenset[str]) -> list[str]:
    """The files of its product that the change leaves as they are, and which were its own in base.

    What a link leads to is asked where it lies: by the link's own path a file that comes there would be an old one.
    """
    known = {file.path for file in old.linked} if old is not None else set()
    files = (*system.code, *(file for file in system.linked if file.path in known))
    return [it.path for it in files if it.mode != LINK and it.path not in changed and not is_apart(it.path)]


def _of_system(own: list[TouchedFile], untouched: list[str], tree: Tree, looker: Looker) -> SystemSigns:
    lists = [item for item in own if is_foreign(item.path) and item.names_models]
    rest = [item for item in own if item not in lists]
    # A list of models is only looked to where the product itself names one no longer.
    is_looked_to = bool(
        models_in(item.signals(item.before) for item in rest) - models_in(item.signals(item.after) for item in rest)
    )
    unseen = [item for item in own if item.after.left_out and not item.before.left_out]
    signs = SystemSigns(
        tuple(_of_side(item, item.before, item in lists and not is_looked_to) for item in own),
        tuple(_of_side(item, item.after, item in lists and not is_looked_to) for item in own),
        hides=any(is_program(item.path) or item.signals(item.before) for item in unseen),
    )
    if not is_one_sided(signs):
        return signs
    vendored = any(is_foreign(item.path) for item in own)
    others = [path for path in untouched if vendored or not is_foreign(path)]
    seen = [signal for path in others[:_MOST_ELSEWHERE] for signal in _chosen(path, looker.at(tree, tree.entry(path)))]
    return replace(signs, elsewhere=values_compared(seen))


def _of_side(item: TouchedFile, side: FileSigns, is_list: bool) -> tuple[Signal, ...]:
    return _without_models(item.signals(side)) if is_list else item.signals(side)


def _chosen(path: str, seen: FileSigns) -> tuple[Signal, ...]:
    """What counts of a claimed file: of a library's list of models no model does."""
    signals = seen.counting
    is_list = is_foreign(path) and len(models_in([signals])) >= A_LIST
    return _without_models(signals) if is_list else signals


def _without_models(signals: tuple[Signal, ...]) -> tuple[Signal, ...]:
    return tuple(signal for signal in signals if signal.kind != "model")


def _is_outside(
    path: str, claimed: Mapping[str, set[str]], snapshots: tuple[Snapshot, Snapshot], ours: set[str]
) -> bool:
    """Is it code that no system claims in the result, and that no manifest which cannot be read may claim?

    What is retired for good claims nothing that comes: little would be asked of it.
    """
    _, now = snapshots
    known = {system.key.id for system in now.systems if system.entry.stage != "decommissioned"}
    if known & claimed.get(path, set()) or path in ours:
        return False
    return not any(True for side in snapshots for _ in side.may_be_governed_by(path))


def _by_place(outside: list[TouchedFile], tree: Tree, layout: Layout) -> list[TouchedFile]:
    """Files that no system claims, with what their folders' names leave of their signs."""
    from policy_gate.discover.signs_at_place import of_product, of_unclaimed  # noqa: PLC0415 - where nothing is looked at it is not loaded

    excused = [item for item in outside if is_apart(item.path) or is_foreign(item.path)]
    asked = {item.path for item in excused if kinds_in(item.after) - kinds_in(item.before)}
    own = _referred(asked, None, (tree,), layout, set())
    left = {item.path for item in excused} - own
    found = []
    for item in outside:
        counted = of_unclaimed if item.path in left else of_product
        found.append(replace(item, before=counted(item.before, item.path), after=counted(item.after, item.path)))
    return found


def _begun(
    changed: set[str], snapshots: tuple[Snapshot, Snapshot], trees: tuple[Tree, Tree], looker: Looker, layout: Layout
) -> list[TouchedFile]:
    """What nobody claims in folders for tests and libraries, and the product refers to only now."""
    if not any(language_of(path) or path.endswith(".service") for path in changed):
        return []
    from policy_gate.collect.newly_referred import begun_to_use  # noqa: PLC0415 - with it all signs are loaded

    found = dict(begun_to_use(frozenset(changed), trees, looker, layout))
    free = _unclaimed(snapshots, found)
    return [TouchedFile(path, FileSigns(), found[path], True, True) for path in sorted(free)]


def _all_of(tree: Tree, looker: Looker, layout: Layout) -> FileSigns:
    """What a whole tree shows, and of it what was not looked at, so that without a sign nothing can be said of it."""
    seen: list[FileSigns] = []
    for entry in tree.walk():
        path = entry.path
        if is_for_the_gate(tree, entry, layout):
            continue
        if is_foreign(path) or is_test(path):
            continue
        if len(seen) == _MOST_OF_A_TREE:
            message = f"this and all after it: only {_MOST_OF_A_TREE} files are looked at"
            seen.append(FileSigns(unread=(Problem(path, message),)))
            break
        seen.append(looker.at(tree, entry))
    return FileSigns(
        tuple(signal for file in seen for signal in file.signals),
        unread=tuple(problem for file in reversed(seen) for problem in file.unread),
    )


def observed_in_tree(
    tree: Tree, snapshot: Snapshot, layout: Layout, cache: DocumentCache
) -> Mapping[str, tuple[Signal, ...]]:
    """All that the code of each system shows, by its id; tests that it does not refer to say nothing."""
    looker, codes = Looker(cache, layout), Codes(layout)
    found = {}
    for system in snapshot.systems:
        paths = [file.path for file in system.code or codes.of(system.manifest, system.entry).files(tree)]
        seen = {path: _chosen(path, looker.at(tree, tree.entry(path))) for path in paths}
        tests = {path for path in paths if is_apart(path) and seen[path]}
        left = tests - _referred(tests, partial(_always, paths), (tree,), layout, tests)
        found[system.key.id] = tuple(signal for path in paths if path not in left for signal in seen[path])
    return found


def _always(paths: Sequence[str], _: Tree) -> Sequence[str]:
    return paths


def unread_notes(unread: Iterable[Problem]) -> Iterator[str]:
    """A sentence for what could not be looked into; the rest is counted."""
    problems = list(unread)
    yield from (f"{problem.location}: {problem.message}" for problem in problems[:MOST_TOLD])
    if len(problems) > MOST_TOLD:
        yield f"{len(problems) - MOST_TOLD} more files were not looked into for signs of AI"

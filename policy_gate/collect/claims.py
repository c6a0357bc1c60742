"""Which systems claim a file: a fact of each tree, and what a change makes of it (D51)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from policy_gate.collect.links import LINK
from policy_gate.collect.moved_lines import MovedLines
from policy_gate.errors import UndecidedError
from policy_gate.schema.snapshot import CodeFile, DeclaredSystem
from policy_gate.vcs.tree import Tree, TreeEntry

_MOST_PAIRS = 1_000_000


class SystemClaims(Struct, frozen=True):
    """What one system's claims have to do with those of others; see `DeclaredSystem` for each."""

    shares_with: tuple[str, ...] = ()
    takes_from: tuple[str, ...] = ()
    claimed_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Claims(Struct, frozen=True):
    """The claims of every system of one tree, by id."""

    by_system: Mapping[str, SystemClaims]

    def of(self, id_: str) -> SystemClaims:
        """Those of one system; nothing for one whose code nobody looked at."""
        return self.by_system.get(id_, SystemClaims())


def claims_of(
    now: Mapping[str, Sequence[CodeFile]],
    left: Mapping[str, Sequence[CodeFile]],
    was: Mapping[str, Sequence[CodeFile]],
) -> Claims:
    """Who claims what, by system id: the code of this tree, what each left behind in it, and the code of base.

    UndecidedError where more systems claim the same files than can be told apart.
    """
    claimants, former, leavers = _by_path(now), _by_path(was), _by_path(left)
    found = {}
    pairs = 0
    for id_, files in now.items():
        held = {file.path for file in was.get(id_, ())}
        new = [file.path for file in files if file.path not in held]
        shared = {group for file in files for group in (claimants[file.path], former.get(file.path, ()))}
        taken = {group for path in new for group in (former.get(path, ()), leavers.get(path, ()))}
        pairs += sum(map(len, shared | taken))
        if pairs > _MOST_PAIRS:
            raise UndecidedError(
                f"more than {_MOST_PAIRS} pairs of systems claim the same files",
                hint="give each system paths of its own",
            )
        takes = {other for group in taken for other in group} - {id_}
        others = {other for group in shared for other in group} - {id_}
        known = {file.path: claimants[file.path] for file in left.get(id_, ()) if file.path in claimants}
        found[id_] = SystemClaims(tuple(sorted(others | takes)), tuple(sorted(takes)), known)
    return Claims(found)


def _by_path(code: Mapping[str, Iterable[CodeFile]]) -> dict[str, tuple[str, ...]]:
    """By path, who claims it; one tuple for all the paths that the same systems claim."""
    found: dict[str, list[str]] = defaultdict(list)
    for id_, files in code.items():
        for file in files:
            found[file.path].append(id_)
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    return {path: known.setdefault(ids := tuple(names), ids) for path, names in found.items()}


def left_behind(
    was: DeclaredSystem,
    own: Sequence[CodeFile],
    tree: Tree,
    before: Tree,
    changed: Sequence[str],
    moved: MovedLines | None = None,
) -> tuple[CodeFile, ...]:
    """The files of a tree that hold what base's system claims, beside its `own`, which its entry there claims.

    What links of the system lead to is claimed like any file (D58). Told by path; by content, counted, as far as the
    change itself puts it elsewhere or nothing of it is kept; and by its lines, as far as the change brings them anew
    elsewhere (`moved`), in one file or in several.
    """
    kept = {file.path for file in own}
    claimed = (*was.code, *(file for file in was.linked if file.mode != LINK))
    gone = [file for file in claimed if file.path not in kept]
    held, edited = {file.path: file.oid for file in own}, set(changed)
    shrunk = [file for file in claimed if file.path in edited and held.get(file.path, file.oid) != file.oid]
    if not gone and not shrunk:
        return ()
    entries = ((file, tree.entry(file.path)) for file in gone)
    there = {file.path: entry for file, entry in entries if entry is not None and entry.kind != "folder"}
    # Where a file was it may stand untouched; what stands there instead is no longer the system's either.
    vanished = [file for file in gone if file.path not in there]
    found = dict(there)
    if vanished:
        added = list(_added(tree, before, changed, kept))
        same_content = _moved(vanished, claimed, own, added, tree)
        found.update((entry.path, entry) for entry in same_content)
        same = {entry.oid for entry in same_content} | {file.oid for file in own}
        shrunk = [*(file for file in vanished if file.oid not in same), *shrunk]
    if shrunk:
        lines = moved or MovedLines(before, tree, changed)
        found.update((entry.path, entry) for entry in lines.left(shrunk, kept))
    return tuple(CodeFile(path, found[path].mode, found[path].oid) for path in sorted(found))


def _added(tree: Tree, before: Tree, changed: Sequence[str], kept: set[str]) -> Iterator[TreeEntry]:
    for path in changed:
        entry = tree.entry(path) if path not in kept else None
        if entry is not None and entry.kind != "folder" and before.entry(path) is None:
            yield entry


def _moved(
    vanished: Sequence[CodeFile], was: Sequence[CodeFile], own: Sequence[CodeFile], added: list[TreeEntry], tree: Tree
) -> list[TreeEntry]:
    """Where the contents of vanished files stand outside the claims, unless the system holds as many as ever."""
    now = Counter(file.oid for file in own)
    missing = Counter(file.oid for file in was)
    missing.subtract(now)
    wanted = {file.oid for file in vanished if missing[file.oid] > 0}
    found = [entry for entry in added if entry.oid in wanted]
    lost = wanted - {entry.oid for entry in found} - now.keys()
    if lost:
        kept = {file.path for file in own}
        found += [entry for entry in tree.walk() if entry.oid in lost and entry.path not in kept]
    return [entry for entry in found if entry.kind != "file" or tree.read(entry).strip()]

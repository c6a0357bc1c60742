"""Which lines of code a change takes from one place and brings anew in another, whatever stood there before (D51).

A line is its words: blanks, quotes and punctuation do not tell one from another, so that code in a notebook, in a text
or in another layout is the same. Lines of one word, and comments and imports of a program, tell nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from policy_gate.discover.encodings import utf8_of
from policy_gate.discover.places import language_of
from policy_gate.errors import UndecidedError
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.snapshot import CodeFile
from policy_gate.vcs.difference import difference
from policy_gate.vcs.tree import Tree, TreeEntry
from policy_gate.vcs.trees import FolderTree, GitTree

Lines = Counter[int]
"""How often each line stands there, by a hash of its words."""

HALF = 0.5
NEARLY_ALL = 0.8
ENOUGH = 10
"""lines that tell code from lines which any file may have, where they are not most of both files"""
_MANY = 50
"""lines of several files that count as much as half of one"""
FEW = 5
"""lines that one small step takes along"""
MOST_BYTES = 16 << 20
"""of text that a change touches, and that is compared"""
MOST_SHAPES = 1 << 20
"""the same of programs whose shape is compared"""
MOST_EARLIER = 8 << 20
"""the same of what earlier changes touched"""
_WINDOW = 4
"""lines whose shape, names left out, tells code that was renamed"""
_WORD = lazy_pattern(rb"[\w\x80-\xff]+")
_BLANKED = bytes(it if it >= 0x80 or it == 0x5F or chr(it).isalnum() else 0x20 for it in range(256))
_TOKEN = lazy_pattern(rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*|\d[\w.]*|[^\s\w]")
_QUIET = lazy_pattern(rb"""[\s"',]*(?:#|//|/\*|\*|<!--|--|(?:import|from|package|using|use|require|include)\b)""")
_KEYWORDS = frozenset(
    b"and as assert async await break case catch class const continue def default del do elif else end except export "
    b"extends final finally fn for func function if in interface is lambda let loop match new nil none None not null "
    b"or pass private protected public raise return self static struct switch this throw True true try type False "
    b"false var void when while with yield".split()
)


def lines_of(data: bytes, *, is_program: bool = False) -> Lines:
    """The lines of a file; of a program without those that tell nothing."""
    rows = rows_of(data)
    found: Lines = Counter()
    for line, plain in zip(rows, (row.translate(_BLANKED) for row in rows), strict=True):
        words = plain.split()
        if len(words) > 1 and not (is_program and _QUIET.match(line)):
            found[hash(b" ".join(words))] += 1
    return found


def shapes_of(data: bytes) -> Lines:
    """Each run of lines by its keywords, numbers and marks, whatever its names are; every one once."""
    rows = [_TOKEN.findall(line) for line in rows_of(data) if len(_WORD.findall(line)) > 1 and not _QUIET.match(line)]
    shapes = [tuple(it if it in _KEYWORDS or not _is_name(it) else b"i" for it in row) for row in rows]
    runs = {hash(tuple(shapes[at : at + _WINDOW])) for at in range(len(shapes) - _WINDOW + 1)}
    return Counter(runs)


def rows_of(data: bytes) -> list[bytes]:
    """The lines of a file as they stand there, those of a text within it, too."""
    return utf8_of(data).replace(b"\\n", b"\n").splitlines()


def _is_name(token: bytes) -> bool:
    return token[:1].isalpha() or token[:1] == b"_" or token[0] >= 0x80


class Gains:
    """What some paths hold more than before, by path; each is read once."""

    def __init__(self, of: Callable[[bytes], Lines]) -> None:
        self._of = of
        self.by_path: dict[str, Lines] = {}
        self.total: Lines = Counter()
        self._where: dict[int, list[str]] = defaultdict(list)

    def add(self, path: str, before: bytes, now: bytes) -> None:
        """What the file at a path holds more now."""
        gained = self._of(now) - self._of(before) if before else self._of(now)
        self.by_path[path] = gained
        self.total.update(gained)
        for line in gained:
            self._where[line].append(path)

    def inside(self, paths: Iterable[str]) -> Lines:
        """What these paths gain together."""
        found: Lines = Counter()
        for path in paths:
            found.update(self.by_path.get(path, ()))
        return found

    def elsewhere(self, lost: Lines, own: Lines) -> Lines:
        """Of lost lines, those that come anew, less what the system's own files gain of them."""
        return Counter(
            {line: most for line, count in lost.items() if (most := min(count, self.total[line] - own[line])) > 0}
        )

    def holding(self, lost: Lines, own: Collection[str]) -> list[str]:
        """The one path outside that gains most of these lines, else all that do so together."""
        shared = {path for line in lost for path in self._where.get(line, ()) if path not in own}
        ranked = sorted(shared, key=lambda path: (-(lost & self.by_path[path]).total(), path))
        if ranked and (lost & self.by_path[ranked[0]]).total() >= HALF * lost.total():
            return ranked[:1]
        left, parts = lost, []
        for path in ranked:
            if (left & self.by_path[path]).total():
                parts.append(path)
                left = left - self.by_path[path]
        return parts


class MovedLines:
    """The lines that one change moves about. `earlier` gives base's own earlier trees, the newest first."""

    def __init__(
        self,
        before: Tree,
        tree: Tree,
        changed: Sequence[str],
        earlier: Callable[[], Iterable[FolderTree]] | None = None,
    ) -> None:
        self.before, self.tree, self.changed = before, tree, changed
        self.edited = frozenset(changed)
        self._earlier = earlier
        self._unread: list[str] = []

    def left(self, was: Sequence[CodeFile], own: Collection[str]) -> list[TreeEntry]:
        """The files outside `own` that hold what these files of a system lost; empty where it is less than counts.

        UndecidedError where files that are too large to be compared may hold it.
        """
        kept = self._gains.inside(self.edited & frozenset(own))
        found: set[str] = set()
        all_lost, all_moved = Counter[int](), Counter[int]()
        for file in was:
            lost, whole = self._lost(file.path, own, kept)
            moved = self._gains.elsewhere(lost, kept)
            all_lost.update(lost)
            all_moved.update(moved)
            if self._has_left(file.path, lost, whole, moved):
                found.update(self._gains.holding(moved, own))
            elif lost.total() >= HALF * whole and self._is_renamed(file.path, own):
                found.update(self._shapes.holding(shapes_of(read_text(self.before, file.path)), own))
        if all_moved.total() >= max(_MANY, HALF * all_lost.total()):
            found.update(self._gains.holding(all_moved, own))
        if not found and all_lost.total() >= FEW:
            paths = [file.path for file in was]
            found.update(self._in_steps(paths, own, kept))
            if not found:
                found.update(self._renamed_in_steps(paths, own))
        if not found and self._unread and all_lost.total() >= ENOUGH:
            raise UndecidedError(
                f"whether claimed code went into {self._unread[0]} cannot be told: too much text changes at once",
                hint="put the large files into a change of their own",
            )
        return [entry for path in sorted(found) if (entry := self.tree.entry(path)) is not None]

    def _lost(self, path: str, own: Collection[str], kept: Lines) -> tuple[Lines, int]:
        """What a file lost that the system's own files do not gain, and how much it held."""
        whole = _program_lines(self.before, path)
        return whole - _program_lines(self.tree, path if path in own else "") - kept, whole.total()

    def _has_left(self, path: str, lost: Lines, whole: int, moved: Lines) -> bool:
        count = moved.total()
        if not count or lost.total() < HALF * whole or count < HALF * lost.total():
            return False
        if count >= ENOUGH:
            return True
        first = self._gains.holding(moved, ())
        return self.tree.entry(path) is None and any(
            (moved & self._gains.by_path[it]).total() >= HALF * self._gains.by_path[it].total() for it in first
        )

    def _is_renamed(self, path: str, own: Collection[str]) -> bool:
        entry = self.before.entry(path)
        if not language_of(path) or entry is None or self.before.size(entry) > MOST_SHAPES:
            return False
        whole = shapes_of(read_text(self.before, path))
        kept = self._shapes.inside(self.edited & frozenset(own))
        lost = whole - (shapes_of(read_text(self.tree, path)) if path in own else Counter()) - kept
        moved = self._shapes.elsewhere(lost, kept).total()
        return moved >= max(ENOUGH, HALF * whole.total())

    def _in_steps(self, paths: Sequence[str], own: Collection[str], kept: Lines) -> Iterator[str]:
        """Where most of a file stands that earlier changes put there, and that this one takes along."""
        mine = self.steps.inside(path for path in own if path in self.steps.by_path)
        for path in paths:
            lost, _ = self._lost(path, own, kept)
            if self.steps.elsewhere(lost, mine).total() < max(FEW, HALF * lost.total()):
                continue
            held = max((_program_lines(tree, path) for tree in self._trees_with(path)), key=Counter.total)
            missing = held - _program_lines(self.tree, path if path in own else "") - mine
            moved = self.steps.elsewhere(missing, mine)
            if moved.total() >= max(ENOUGH, HALF * held.total()):
                yield from self.steps.holding(moved, own)

    def _renamed_in_steps(self, paths: Sequence[str], own: Collection[str]) -> Iterator[str]:
        """The same of programs whose names were changed on the way, told by their shape.

        Much other code has come in the meantime, so that half of it has to be in one file, or nearly all in several.
        """
        gains = self.shape_steps
        mine = gains.inside(path for path in own if path in gains.by_path)
        for path in filter(language_of, paths):
            now = shapes_of(read_text(self.tree, path if path in own else ""))
            lost = shapes_of(read_text(self.before, path)) - now - mine
            if gains.elsewhere(lost, mine).total() < max(FEW, HALF * lost.total()):
                continue
            held = max((shapes_of(read_text(tree, path)) for tree in self._trees_with(path)), key=Counter.total)
            missing = held - now - mine
            moved = gains.elsewhere(missing, mine)
            places = gains.holding(moved, own)
            most = max(((moved & gains.by_path[place]).total() for place in places), default=0)
            if most >= max(ENOUGH, HALF * held.total()) or moved.total() >= max(ENOUGH, NEARLY_ALL * held.total()):
                yield from places

    @cached_property
    def _gains(self) -> Gains:
        gains = Gains(lines_of)
        texts = texts_at(self.tree, lambda _: self.before, self.changed, MOST_BYTES, self._unread)
        for path, before, now in texts:
            gains.add(path, before, now)
        return gains

    @cached_property
    def _shapes(self) -> Gains:
        gains = Gains(shapes_of)
        programs = [path for path in self.changed if language_of(path)]
        for path, before, now in texts_at(self.tree, lambda _: self.before, programs, MOST_SHAPES, []):
            gains.add(path, before, now)
        return gains

    @cached_property
    def steps(self) -> Gains:
        """What lines are gained since base's earlier trees."""
        return self._gained_in_steps(lines_of, sorted(self.since[0]), MOST_EARLIER)

    @cached_property
    def shape_steps(self) -> Gains:
        """What shapes of programs are."""
        return self._gained_in_steps(
            shapes_of, [path for path in sorted(self.since[0]) if language_of(path)], MOST_SHAPES
        )

    def _gained_in_steps(self, of: Callable[[bytes], Lines], paths: Sequence[str], most: int) -> Gains:
        gains = Gains(of)
        for path, before, now in texts_at(self.tree, self.since[0].__getitem__, paths, most, []):
            gains.add(path, before, now)
        return gains

    def _trees_with(self, path: str) -> list[Tree]:
        """Base's tree, and those of its earlier ones in which the file stood otherwise."""
        return [*self.since[1].get(path, ()), self.before]

    @cached_property
    def since(self) -> tuple[dict[str, Tree], dict[str, list[Tree]]]:
        """The oldest tree since which each file changed, and the earlier ones that hold another version of it."""
        since: dict[str, Tree] = dict.fromkeys(self.changed, self.before)
        versions: dict[str, list[Tree]] = defaultdict(list)
        trees = [self.before, *(self._earlier() if self._earlier else ())]
        for newer, older in pairwise(trees):
            try:
                paths = difference(older, newer)  # type: ignore[arg-type]
            except UndecidedError:
                break
            for path in paths:
                since[path] = older
                versions[path].append(older)
        return since, versions


def texts_at(
    tree: Tree, before: Callable[[str], Tree], paths: Iterable[str], most: int, unread: list[str]
) -> Iterator[tuple[str, bytes, bytes]]:
    """Path, text before and text now of each file of a tree that is no binary, the smallest first; else `unread`."""
    found = [entry for entry in map(tree.entry, paths) if entry is not None and entry.kind == "file"]
    if isinstance(tree, GitTree):
        tree.expect(found)
    read = 0
    for size, entry in sorted((tree.size(entry), entry) for entry in found):
        if size > most or read > most:
            unread.append(entry.path)
            continue
        now = tree.read(entry)
        if b"\0" not in now[:8000]:
            read += size
            yield entry.path, read_text(before(entry.path), entry.path), now


def read_text(tree: Tree, path: str) -> bytes:
    """The bytes of a file; none where there is no file, or it is too large."""
    entry = tree.entry(path) if path else None
    return tree.read(entry) if entry is not None and entry.kind == "file" and tree.size(entry) <= MOST_BYTES else b""


def _program_lines(tree: Tree, path: str) -> Lines:
    return lines_of(read_text(tree, path), is_program=bool(language_of(path)))

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

_HALF = 0.5
_NEARLY_ALL = 0.8
_ENOUGH = 10
"""lines that tell code from lines which any file may have, where they are not most of both files"""
_MANY = 50
"""lines of several files that count as much as half of one"""
_FEW = 5
"""lines that one small step takes along"""
MOST_BYTES = 16 << 20
"""of text that a change touches, and that is compared"""
_MOST_SHAPES = 1 << 20
"""the same of programs whose shape is compared"""
_MOST_EARLIER = 8 << 20
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
    rows = _rows(data)
    found: Lines = Counter()
    for line, plain in zip(rows, (row.translate(_BLANKED) for row in rows), strict=True):
        words = plain.split()
        if len(words) > 1 and not (is_program and _QUIET.match(line)):
            found[hash(b" ".join(words))] += 1
    return found


def shapes_of(data: bytes) -> Lines:
    """Each run of lines by its keywords, numbers and marks, whatever its names are; every one once."""
    rows = [_TOKEN.findall(line) for line in _rows(data) if len(_WORD.findall(line)) > 1 and not _QUIET.match(line)]
    shapes = [tuple(it if it in _KEYWORDS or not _is_name(it) else b"i" for it in row) for row in rows]
    runs = {hash(tuple(shapes[at : at + _WINDOW])) for at in range(len(shapes) - _WINDOW + 1)}
    return Counter(runs)


def _rows(data: bytes) -> list[bytes]:
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
        if ranked and (lost & self.by_path[ranked[0]]).total() >= _HALF * lost.total():
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
        self._before, self._tree, self._changed = before, tree, changed
        self._edited = frozenset(changed)
        self._earlier = earlier
        self._unread: list[str] = []

    def left(self, was: Sequence[CodeFile], own: Collection[str]) -> list[TreeEntry]:
        """The files outside `own` that hold what these files of a system lost; empty where it is less than counts.

        UndecidedError where files that are too large to be compared may hold it.
        """
        kept = self._gains.inside(self._edited & frozenset(own))
        found: set[str] = set()
        all_lost, all_moved = Counter[int](), Counter[int]()
        for file in was:
            lost, whole = self._lost(file.path, own, kept)
            moved = self._gains.elsewhere(lost, kept)
            all_lost.update(lost)
            all_moved.update(moved)
            if self._has_left(file.path, lost, whole, moved):
                found.update(self._gains.holding(moved, own))
            elif lost.total() >= _HALF * whole and self._is_renamed(file.path, own):
                found.update(self._shapes.holding(shapes_of(_read(self._before, file.path)), own))
        if all_moved.total() >= max(_MANY, _HALF * all_lost.total()):
            found.update(self._gains.holding(all_moved, own))
        if not found and all_lost.total() >= _FEW:
            paths = [file.path for file in was]
            found.update(self._in_steps(paths, own, kept))
            if not found:
                found.update(self._renamed_in_steps(paths, own))
        if not found and self._unread and all_lost.total() >= _ENOUGH:
            raise UndecidedError(
                f"whether claimed code went into {self._unread[0]} cannot be told: too much text changes at once",
                hint="put the large files into a change of their own",
            )
        return [entry for path in sorted(found) if (entry := self._tree.entry(path)) is not None]

    def _lost(self, path: str, own: Collection[str], kept: Lines) -> tuple[Lines, int]:
        """What a file lost that the system's own files do not gain, and how much it held."""
        whole = _program_lines(self._before, path)
        return whole - _program_lines(self._tree, path if path in own else "") - kept, whole.total()

    def _has_left(self, path: str, lost: Lines, whole: int, moved: Lines) -> bool:
        count = moved.total()
        if not count or lost.total() < _HALF * whole or count < _HALF * lost.total():
            return False
        if count >= _ENOUGH:
            return True
        first = self._gains.holding(moved, ())
        return self._tree.entry(path) is None and any(
            (moved & self._gains.by_path[it]).total() >= _HALF * self._gains.by_path[it].total() for it in first
        )

    def _is_renamed(self, path: str, own: Collection[str]) -> bool:
        entry = self._before.entry(path)
        if not language_of(path) or entry is None or self._before.size(entry) > _MOST_SHAPES:
            return False
        whole = shapes_of(_read(self._before, path))
        kept = self._shapes.inside(self._edited & frozenset(own))
        lost = whole - (shapes_of(_read(self._tree, path)) if path in own else Counter()) - kept
        moved = self._shapes.elsewhere(lost, kept).total()
        return moved >= max(_ENOUGH, _HALF * whole.total())

    def _in_steps(self, paths: Sequence[str], own: Collection[str], kept: Lines) -> Iterator[str]:
        """Where most of a file stands that earlier changes put there, and that this one takes along."""
        mine = self._steps.inside(path for path in own if path in self._steps.by_path)
        for path in paths:
            lost, _ = self._lost(path, own, kept)
            if self._steps.elsewhere(lost, mine).total() < max(_FEW, _HALF * lost.total()):
                continue
            held = max((_program_lines(tree, path) for tree in self._trees_with(path)), key=Counter.total)
            missing = held - _program_lines(self._tree, path if path in own else "") - mine
            moved = self._steps.elsewhere(missing, mine)
            if moved.total() >= max(_ENOUGH, _HALF * held.total()):
                yield from self._steps.holding(moved, own)

    def _renamed_in_steps(self, paths: Sequence[str], own: Collection[str]) -> Iterator[str]:
        """The same of programs whose names were changed on the way, told by their shape.

        Much other code has come in the meantime, so that half of it has to be in one file, or nearly all in several.
        """
        gains = self._shape_steps
        mine = gains.inside(path for path in own if path in gains.by_path)
        for path in filter(language_of, paths):
            now = shapes_of(_read(self._tree, path if path in own else ""))
            lost = shapes_of(_read(self._before, path)) - now - mine
            if gains.elsewhere(lost, mine).total() < max(_FEW, _HALF * lost.total()):
                continue
            held = max((shapes_of(_read(tree, path)) for tree in self._trees_with(path)), key=Counter.total)
            missing = held - now - mine
            moved = gains.elsewhere(missing, mine)
            places = gains.holding(moved, own)
            most = max(((moved & gains.by_path[place]).total() for place in places), default=0)
            if most >= max(_ENOUGH, _HALF * held.total()) or moved.total() >= max(_ENOUGH, _NEARLY_ALL * held.total()):
                yield from places

    @cached_property
    def _gains(self) -> Gains:
        gains = Gains(lines_of)
        texts = _texts(self._tree, lambda _: self._before, self._changed, MOST_BYTES, self._unread)
        for path, before, now in texts:
            gains.add(path, before, now)
        return gains

    @cached_property
    def _shapes(self) -> Gains:
        gains = Gains(shapes_of)
        programs = [path for path in self._changed if language_of(path)]
        for path, before, now in _texts(self._tree, lambda _: self._before, programs, _MOST_SHAPES, []):
            gains.add(path, before, now)
        return gains

    @cached_property
    def _steps(self) -> Gains:
        """What lines are gained since base's earlier trees."""
        return self._gained_in_steps(lines_of, sorted(self._since[0]), _MOST_EARLIER)

    @cached_property
    def _shape_steps(self) -> Gains:
        """What shapes of programs are."""
        return self._gained_in_steps(
            shapes_of, [path for path in sorted(self._since[0]) if language_of(path)], _MOST_SHAPES
        )

    def _gained_in_steps(self, of: Callable[[bytes], Lines], paths: Sequence[str], most: int) -> Gains:
        gains = Gains(of)
        for path, before, now in _texts(self._tree, self._since[0].__getitem__, paths, most, []):
            gains.add(path, before, now)
        return gains

    def _trees_with(self, path: str) -> list[Tree]:
        """Base's tree, and those of its earlier ones in which the file stood otherwise."""
        return [*self._since[1].get(path, ()), self._before]

    @cached_property
    def _since(self) -> tuple[dict[str, Tree], dict[str, list[Tree]]]:
        """The oldest tree since which each file changed, and the earlier ones that hold another of this change's."""
        since: dict[str, Tree] = dict.fromkeys(self._changed, self._before)
        versions: dict[str, list[Tree]] = defaultdict(list)
        trees = [self._before, *(self._earlier() if self._earlier else ())]
        for newer, older in pairwise(trees):
            try:
                paths = difference(older, newer)  # type: ignore[arg-type]
            except UndecidedError:
                break
            for path in paths:
                since[path] = older
                if path in self._edited:
                    versions[path].append(older)
        return since, versions


def _texts(
    tree: Tree, before: Callable[[str], Tree], paths: Iterable[str], most: int, unread: list[str]
) -> Iterator[tuple[str, bytes, bytes]]:
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
            yield entry.path, _read(before(entry.path), entry.path), now


def _read(tree: Tree, path: str) -> bytes:
    entry = tree.entry(path) if path else None
    return tree.read(entry) if entry is not None and entry.kind == "file" and tree.size(entry) <= MOST_BYTES else b""


def _program_lines(tree: Tree, path: str) -> Lines:
    return lines_of(_read(tree, path), is_program=bool(language_of(path)))

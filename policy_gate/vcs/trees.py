"""Trees of the object database, walked raw: no index, no checkout, no settings between us and the bytes.

Also which names a tree may hold, as the one place that says what a malformed folder is: a checkout would write
such names somewhere else than where a checker reads them, or not at all. Starting git is elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Protocol

from policy_gate.errors import DocumentError
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.vcs.tree import EntryKind, Tree, TreeEntry

Row = tuple[bytes, bytes]
"""Mode in octal digits and object id in bytes, as a tree object has them."""
IsThere = Callable[[str, str], bool]
"""Whether something of this folder and name, as `name_text` gives it, was merged already."""

_MOST_TOGETHER = 100_000
"""folders of one depth that are looked ahead for; a small tree can be made to name itself without end"""
_KINDS: dict[int, EntryKind] = {0o04: "folder", 0o10: "file", 0o12: "symlink", 0o16: "submodule"}
_ENTRY = {
    width: re.compile(rb"([0-7]{5,7}) ([^\0]*)\0(.{%d})" % width, re.DOTALL)  # an id may hold any byte
    for width in (20, 32)
}
_PLAIN_ENTRY = {
    width: re.compile(rb"(100644|100755|40000) ([A-Za-z0-9_-][A-Za-z0-9_.-]*)\0(.{%d})" % width, re.DOTALL)
    for width in (20, 32)
}
"""a file or folder of a name that no file system takes for another"""
_CONTROL = lazy_pattern(r"[\x00-\x1f\x7f-\x9f]")
_NO_TEXT = lazy_pattern("[\x00-\x1f\x7f-\x9f\udc80-\udcff]")
_IGNORED_BY_HFS = lazy_pattern("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
_DEEPEST = 200
"""folders within each other; checkouts on common systems end near 100"""
_HINT = "such a tree is not made by git add; rewrite the commit that brought it in"
_HINT_FOR_NAMES = "rename it to plain text that is UTF-8, or rewrite the commit that brought it in"


class Objects(Protocol):
    """Where the bytes of git objects come from."""

    def read(self, oid: str, kind: str) -> bytes:
        """The body of an object of that kind; UndecidedError where it is not there."""
        ...

    def size(self, oid: str) -> int:
        """The size of an object in bytes."""
        ...

    def expect(self, oids: Iterable[str]) -> None:
        """These will be read soon: fetch them together."""
        ...


class FolderTree(Tree, Protocol):
    """A tree that can also tell a whole folder at once."""

    def rows(self, folder: str) -> Mapping[str, Row]:
        """Name to mode and id of what is directly in a folder, folders included; empty where there is none."""
        ...

    def expect(self, entries: Iterable[TreeEntry]) -> None:
        """These entries, files or folders, will be read soon: a tree that gains by it fetches them together."""
        ...


class GitTree:
    """The tree of one revision. Only folders that are asked for are read.

    A name that is no UTF-8 or holds control characters is refused, but where `is_there` knows it.
    """

    def __init__(
        self, oid: str, objects: Objects, parsed: dict[str, dict[str, Row]], is_there: IsThere | None = None
    ) -> None:
        self._oid = oid
        self._objects = objects
        self._parsed = parsed
        self._is_there = is_there
        self._odd: dict[tuple[str, str], dict[str, Row]] = {}
        self._rows: dict[str, Mapping[str, Row]] = {}

    @property
    def id(self) -> str:
        """The tree's object id in hex."""
        return self._oid

    def entry(self, path: str) -> TreeEntry | None:
        """The entry of exactly this name, or None; a link on the way means None."""
        return entry_of(self, path)

    def names(self, folder: str) -> tuple[str, ...]:
        """The names directly in a folder, sorted; () where there is none."""
        return tuple(sorted(self.rows(folder)))

    def walk(self, folder: str = "") -> Iterator[TreeEntry]:
        """Every entry below `folder` that is no folder, in path order."""
        return walk_below(self, folder)

    def read(self, entry: TreeEntry) -> bytes:
        """The bytes of a file or link entry, from the object database."""
        return self._objects.read(entry.oid, "blob")

    def size(self, entry: TreeEntry) -> int:
        """The size of a file entry in bytes."""
        return self._objects.size(entry.oid)

    def expect(self, entries: Iterable[TreeEntry]) -> None:
        """Fetch these files and folders together, as they will be read soon."""
        wanted = (entry.oid for entry in entries if entry.kind != "submodule")
        self._objects.expect(oid for oid in wanted if oid not in self._parsed)

    def expect_folders(self) -> None:
        """Fetch every folder, those of one depth together, as the whole tree will be walked."""
        level = [""]
        while 0 < len(level) <= _MOST_TOGETHER:
            inside = ((f"{at}/{name}" if at else name, row) for at in level for name, row in self.rows(at).items())
            folders = [_entry(path, row) for path, row in inside if kind_of(row[0]) == "folder"]
            self.expect(folders)
            level = [entry.path for entry in folders]

    def rows(self, folder: str) -> Mapping[str, Row]:
        """Name to mode and id of a folder; DocumentError where the folder, or one on the way, is malformed."""
        found = self._rows.get(folder)
        if found is None:
            found = self._rows[folder] = self._rows_by_the_way(folder)
        return found

    def _rows_by_the_way(self, folder: str) -> Mapping[str, Row]:
        check_depth(folder)
        above, _, name = folder.rpartition("/")
        if folder and (known := self._rows.get(above)) is not None:
            row = known.get(name)
            return self._folder(row[1].hex(), folder) if row is not None and kind_of(row[0]) == "folder" else {}
        oid, way = self._oid, ""
        for part in folder.split("/") if folder else ():
            step = self._folder(oid, way).get(part)
            if step is None or kind_of(step[0]) != "folder":
                return {}
            oid, way = step[1].hex(), f"{way}/{part}" if way else part
        return self._folder(oid, way)

    def _folder(self, oid: str, path: str) -> dict[str, Row]:
        found = self._parsed.get(oid) or self._odd.get((oid, path))
        if found is None:
            data, width = self._objects.read(oid, "tree"), len(oid) // 2
            try:
                found = self._parsed[oid] = parse_tree(data, path, width)
            except DocumentError:
                if self._is_there is None:
                    raise
                # Kept for this tree and folder alone: elsewhere these names may be new.
                found = self._odd[oid, path] = parse_tree(data, path, width, self._is_there)
        return found


@lru_cache(maxsize=64)
def kind_of(mode: bytes) -> EntryKind | None:
    """What an entry of this mode is, or None for a mode that git does not write."""
    return _KINDS.get(int(mode, 8) >> 12)


def parse_tree(data: bytes, folder: str, width: int, is_there: IsThere | None = None) -> dict[str, Row]:
    """A tree object's body as name to row, in its own order.

    `width` is the length of an object id in bytes (20 or 32). DocumentError, naming the folder, where
    two entries share a name or the object is not what git itself would write; `is_there` as `checked_names` has it.
    """
    plain = _PLAIN_ENTRY[width].findall(data)
    order = [name + b"/" if mode == b"40000" else name for mode, name, _ in plain]
    if _is_all_of(data, plain, width) and (len(order) == 1 or order == sorted(order)):
        rows = {name.decode("ascii"): (mode, oid) for mode, name, oid in plain}
        if len(rows) == len(plain):
            return rows
    found = _ENTRY[width].findall(data)
    if not _is_all_of(data, found, width):
        raise malformed(folder, "its tree object is damaged")
    names = checked_names([name for _, name, _ in found], folder, is_there)
    kinds = {mode: kind_of(mode) for mode in {mode for mode, _, _ in found}}
    for mode in sorted(mode for mode, kind in kinds.items() if kind is None):
        raise malformed(folder, f"an entry has mode {mode.decode()}, which is no file, link, folder or submodule")
    order = [name + b"/" if kinds[mode] == "folder" else name for mode, name, _ in found]
    if order != sorted(order):
        raise malformed(folder, "its entries are not in order")
    return {name: (mode, oid) for name, (mode, _, oid) in zip(names, found, strict=True)}


def _is_all_of(data: bytes, found: Sequence[tuple[bytes, bytes, bytes]], width: int) -> bool:
    """Whether a tree object is these entries, and nothing between them."""
    return sum([len(mode) + len(name) for mode, name, _ in found]) + (width + 2) * len(found) == len(data)


def stands_in(base: FolderTree) -> IsThere:
    """Whether a tree has something of a name in a folder."""
    return lambda folder, name: name in base.rows(folder)


def entry_of(tree: FolderTree, path: str) -> TreeEntry | None:
    """The entry of exactly this name in a tree, or None."""
    folder, slash, name = path.rpartition("/")
    row = None if slash and not folder else tree.rows(folder).get(name)
    return _entry(path, row) if row else None


def walk_below(tree: FolderTree, folder: str) -> Iterator[TreeEntry]:
    """Every entry below a folder that is no folder, in path order, links and submodules included."""
    prefix = f"{folder}/" if folder else ""
    inside = [_entry(prefix + name, row) for name, row in tree.rows(folder).items()]
    folders = [entry for entry in inside if entry.kind == "folder"]
    if not folders:
        yield from sorted(inside)
        return
    tree.expect(folders)
    for entry in sorted(inside, key=lambda item: item.path + ("/" if item.kind == "folder" else "")):
        if entry.kind == "folder":
            yield from walk_below(tree, entry.path)
        else:
            yield entry


def _entry(path: str, row: Row) -> TreeEntry:
    return TreeEntry(path, _six_digits(row[0]), row[1].hex(), kind_of(row[0]) or "file")


@lru_cache(maxsize=64)
def _six_digits(mode: bytes) -> str:
    return f"{int(mode, 8):06o}"


def malformed(folder: str, what: str, hint: str = _HINT) -> DocumentError:
    """The error for a folder that cannot be read as git would check it out."""
    from policy_gate.schema.source import Problem  # noqa: PLC0415 - a hook that must start at once needs no nouns

    place = folder or "."
    return DocumentError(f"{place}: {what}", hint=hint, problems=(Problem(place, what, hint=hint),))


def check_depth(folder: str) -> None:
    """DocumentError for a folder that lies deeper than any checkout would reach."""
    if folder.count("/") >= _DEEPEST:
        raise malformed(f"{folder[:60]}...", f"more than {_DEEPEST} folders lie within each other")


def checked_names(raw: Sequence[bytes], folder: str, is_there: IsThere | None = None) -> list[str]:
    """The names of one folder as text.

    DocumentError where one stands twice, or is one that a checkout would not write there; also where one is not UTF-8
    or holds control characters, but where `is_there` knows it: an old name is in nobody's way.
    """
    names = [name.decode("utf-8", "surrogateescape") for name in raw]
    if _is_suspect("\n".join(names), len(names)):
        for at, name in enumerate(names):
            if reason := _fault(name):
                raise malformed(folder, f"the name {name!a} {reason}")
            names[at] = name_text(raw[at])
            if names[at] != name and not (is_there and is_there(folder, names[at])):
                raise malformed(folder, _oddity(raw[at]), _HINT_FOR_NAMES)
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise malformed(folder, f"two entries have the name {twice!a}")
    return names


def _is_suspect(lines: str, count: int) -> bool:
    """Does any name need a closer look? One pass over all of them, since folders can be large."""
    if lines.count("\n") != max(count - 1, 0) or "/" in lines or not lines.isascii():
        return True
    text = f"\n{lines}\n"
    odd = "\n\n" in text or "\n.\n" in text or "\n..\n" in text or _CONTROL.search(lines.replace("\n", ""))
    return bool(odd) or "git" in lines.lower()


def _fault(name: str) -> str:
    if name in ("", ".", ".."):
        return "is no file name"
    if "/" in name:
        return "holds a slash"
    return "stands for the repository's own folder" if _means_git_folder(name) else ""


def name_text(raw: bytes) -> str:
    """A name or path of git as text; bytes that are no UTF-8, and control characters, are told as addresses do: %E9."""
    return _NO_TEXT.sub(lambda odd: _bytes_as_in_address(odd[0]), raw.decode("utf-8", "surrogateescape"))


def _bytes_as_in_address(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogateescape"))


def _oddity(raw: bytes) -> str:
    try:
        return f"the name {raw.decode('utf-8')!a} holds a control character"
    except UnicodeDecodeError:
        return f"the name {raw!r} is not UTF-8"


def _means_git_folder(name: str) -> bool:
    """`.git` as some file system would read it: in any case, with ignored characters, as a short name."""
    plain = _IGNORED_BY_HFS.sub("", name).casefold()
    return plain.split(":")[0].rstrip(". ") in (".git", "git~1")

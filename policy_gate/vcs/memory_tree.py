"""Trees made from a list of paths: what a work tree and a tree in memory share, and the tree in memory itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from policy_gate.vcs.objects import object_id
from policy_gate.vcs.tree import EntryKind, TreeEntry
from policy_gate.vcs.trees import IsThere, Row, check_depth, checked_names, walk_below

_MODES: dict[EntryKind, str] = {"file": "100644", "symlink": "120000", "submodule": "160000"}


class ListedTree:
    """Files by path. Folder ids are those that git would give; they are worked out when asked for.

    What stands at a path is told by `_found`, which a subclass has; None means that it is not there.
    """

    def __init__(self, paths: Iterable[bytes], algorithm: str, is_there: IsThere | None = None) -> None:
        self._algorithm = algorithm
        self._is_there = is_there
        self._listed_as: dict[str, str] = {}  # of paths with odd names, how they are listed
        self._folders: dict[str, dict[bytes, bool]] = {"": {}}  # and whether that very path is listed
        self._rows: dict[str, dict[str, Row]] = {}
        self._folder_ids: dict[str, str] = {}
        for path in paths:
            self._list(path)

    @property
    def id(self) -> str:
        """The tree id that git would give to these files."""
        return self._folder_id("")

    def entry(self, path: str) -> TreeEntry | None:
        """The entry of exactly this name, or None; a link on the way means None."""
        folder, slash, name = self._as_listed(path).rpartition("/")
        raw = name.encode("utf-8", "surrogateescape")
        listed = self._folders.get(folder, {})
        return None if raw not in listed or (slash and not folder) else self._at(path, is_listed=listed[raw])

    def names(self, folder: str) -> tuple[str, ...]:
        """The names directly in a folder, sorted; () where there is none."""
        return tuple(sorted(self.rows(folder)))

    def walk(self, folder: str = "") -> Iterator[TreeEntry]:
        """Every entry below `folder` that is no folder, in path order."""
        return walk_below(self, folder)

    def expect(self, entries: Iterable[TreeEntry]) -> None:
        """Nothing is gained by reading these together."""

    def rows(self, folder: str) -> Mapping[str, Row]:
        """Name to mode and id of a folder; DocumentError for names that git would refuse."""
        if folder not in self._rows:
            check_depth(folder)
            inside = self._as_listed(folder)
            listed = self._folders.get(inside, {})
            names = checked_names(list(listed), folder, self._is_there)
            prefix = f"{folder}/" if folder else ""
            for raw, name in zip(listed, names, strict=True):
                own = raw.decode("utf-8", "surrogateescape")
                if inside != folder or "%" in name:
                    self._listed_as[prefix + name] = f"{inside}/{own}" if inside else own
            found = (
                (name, self._at(prefix + name, is_listed=is_listed))
                for name, is_listed in zip(names, listed.values(), strict=True)
            )
            self._rows[folder] = {name: _row(entry) for name, entry in found if entry is not None}
        return self._rows[folder]

    def read(self, entry: TreeEntry) -> bytes:
        """The bytes of a file entry."""
        raise KeyError(entry.path)

    def size(self, entry: TreeEntry) -> int:
        """The size of a file entry in bytes."""
        return len(self.read(entry))

    def _found(self, path: str) -> TreeEntry | None:
        raise KeyError(path)

    def _at(self, path: str, *, is_listed: bool) -> TreeEntry | None:
        """What is at a path; a path that is listed and has others below it may be either, file or folder."""
        found = self._found(self._as_listed(path)) if is_listed else None
        if found is None and self._as_listed(path) in self._folders and self.rows(path):
            return TreeEntry(path, "040000", self._folder_id(path), "folder")
        return found._replace(path=path) if found is not None and self._listed_as else found

    def _as_listed(self, path: str) -> str:
        """A path as it is listed: odd names are told as in an address, once their folder was looked at."""
        if path not in self._listed_as and "%" in path:
            self.rows(path.rpartition("/")[0])
        return self._listed_as.get(path, path)

    def _folder_id(self, folder: str) -> str:
        def order(item: tuple[bytes, Row]) -> bytes:
            return item[0] + b"/" if item[1][0] == b"40000" else item[0]

        if folder not in self._folder_ids:
            prefix = f"{folder}/" if folder else ""
            listed = {name: self._as_listed(prefix + name).rpartition("/")[2] for name in self.rows(folder)}
            named = ((_bytes(listed[name]), row) for name, row in self.rows(folder).items())
            body = b"".join(b"%s %s\0%s" % (mode, name, oid) for name, (mode, oid) in sorted(named, key=order))
            self._folder_ids[folder] = object_id("tree", body, self._algorithm)
        return self._folder_ids[folder]

    def _list(self, path: bytes) -> None:
        folder, names = "", path.split(b"/")
        for name in names[:-1]:
            self._folders[folder].setdefault(name, False)
            folder = f"{folder}/" if folder else ""
            folder += name.decode("utf-8", "surrogateescape")
            self._folders.setdefault(folder, {})
        self._folders[folder][names[-1]] = True


class MemoryTree(ListedTree):
    """Files by path, text as UTF-8; ids are those that git would give (SHA-1).

    `links` maps the path of a symbolic link to its target, `submodules` a path to a commit id.
    """

    def __init__(
        self,
        files: Mapping[str, bytes | str],
        links: Mapping[str, str] | None = None,
        submodules: Mapping[str, str] | None = None,
    ) -> None:
        self._bytes = {path: _bytes(content) for path, content in (links or {}).items()}
        self._kinds: dict[str, EntryKind] = dict.fromkeys(self._bytes, "symlink")
        self._bytes |= {path: _bytes(content) for path, content in files.items()}
        self._kinds |= dict.fromkeys(files, "file")
        self._submodules = dict(submodules or {})
        self._kinds |= dict.fromkeys(self._submodules, "submodule")
        self._entries: dict[str, TreeEntry] = {}
        super().__init__((_bytes(path) for path in self._kinds), "sha1")

    def read(self, entry: TreeEntry) -> bytes:
        """The bytes given for this path."""
        return self._bytes[entry.path]

    def _found(self, path: str) -> TreeEntry | None:
        if path not in self._entries:
            kind = self._kinds[path]
            oid = self._submodules[path] if kind == "submodule" else object_id("blob", self._bytes[path])
            self._entries[path] = TreeEntry(path, _MODES[kind], oid, kind)
        return self._entries[path]


def _bytes(content: bytes | str) -> bytes:
    return content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content


def _row(entry: TreeEntry) -> Row:
    return entry.mode.lstrip("0").encode(), bytes.fromhex(entry.oid)

"""What a sync is told to read: paths, URLs, lists of them, organisations of forges and reports, one source each."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from policy_gate.errors import UndecidedError, UsageError
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.vcs.clone import Address
from policy_gate.vcs.kept_clone import PROTOCOLS, address_of

FORGES: Final = ("github", "gitlab")
DEEPEST: Final = 6
"""folders below a given one in which repositories are looked for"""
_HELPER = lazy_pattern(r"[A-Za-z0-9+.-]+::")
_SCHEME = lazy_pattern(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_SCP = lazy_pattern(r"[^/:@]+@[^/:@]+:(?!:)")
_SECRET = lazy_pattern(r"(?<=//)[^/@\s]*@(?=[^@]*\Z)|(?<=//)[^/\s]*@")


class LocalRepository(Struct, frozen=True):
    """A clone or a bare repository in a folder of this machine."""

    path: str


class RemoteRepository(Struct, frozen=True):
    """A repository at an address; `name` is what its forge calls it, empty where only an address was given."""

    address: Address
    name: str = ""

    def __repr__(self) -> str:
        return f"RemoteRepository({self.address.url!r})"


class ReportFile(Struct, frozen=True):
    """A report or record that a job left; `name` is what it is called below the folder that was given."""

    path: str
    name: str


class NoSource(Struct, frozen=True):
    """Something that was named and is no source, with the reason; `shown` holds no secret, `path` is a folder's."""

    shown: str
    error: str
    path: str = ""

    def __repr__(self) -> str:
        return f"NoSource({self.shown!r}, {self.error!r})"


Source = LocalRepository | RemoteRepository | ReportFile | NoSource


def sources_of(words: Iterable[str], lists: Iterable[Path], environment: Mapping[str, str]) -> tuple[Source, ...]:
    """Every source once: those of the command line, then those of the lists, reports last.

    What a repository says itself goes before what a report says of it. UsageError where a list cannot be read.
    """
    found: dict[Source, None] = {}
    for word, folder in (*_worded(words), *_listed(lists)):
        for source in _sources(word, folder, environment):
            found[source] = None
    ordered = [it for it in found if not isinstance(it, ReportFile)]
    return (*ordered, *(it for it in found if isinstance(it, ReportFile)))


def _worded(words: Iterable[str]) -> Iterator[tuple[str, Path]]:
    for word in words:
        if word.startswith("@"):
            yield from _listed([Path(word[1:])])
        else:
            yield word, Path()


def _listed(lists: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """The lines of lists; paths are meant from the folder of the list, `#` begins a remark."""
    for file in lists:
        try:
            lines = file.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is no text"
            raise UsageError(f"cannot read {file}: {why}", hint="a list names one source a line") from error
        for line in lines:
            word = line.strip()
            if word and not word.startswith("#"):
                yield word, file.parent


def _sources(word: str, folder: Path, environment: Mapping[str, str]) -> Iterator[Source]:
    forge, colon, name = word.partition(":")
    scheme = _SCHEME.match(word)
    if colon and forge in FORGES and not name.startswith("//"):
        yield from _of_forge(forge, name, environment)
    elif _HELPER.match(word) or (scheme and scheme[1].lower() not in (*PROTOCOLS, "file")):
        transports = ", ".join(PROTOCOLS)
        yield NoSource(without_secret(word), f"this transport is not used: it is one of {transports}, or a path")
    elif scheme and scheme[1].lower() == "file":
        parts = urlsplit(word)
        local = parts.hostname in (None, "", "localhost")
        if local:
            yield from _of_path(Path(unquote(parts.path)))
        else:
            yield NoSource(without_secret(word), "it names a file of another machine")
    elif scheme or _SCP.match(word):
        address = address_of(word)
        yield RemoteRepository(address) if address else NoSource(without_secret(word), "it is no address to fetch from")
    else:
        yield from _of_path(folder / word)


def _of_forge(forge: str, name: str, environment: Mapping[str, str]) -> Iterator[Source]:
    from policy_gate.forges.organisation import repositories_of  # noqa: PLC0415 - few syncs ask a forge

    shown = f"{forge}:{name}"
    try:
        for hosted in repositories_of(forge, name, environment):
            yield RemoteRepository(Address(hosted.url, hosted.user, hosted.token, PROTOCOLS), hosted.name)
    except UndecidedError as error:
        yield NoSource(shown, f"{error.message}; {error.hint}" if error.hint else error.message)


def _of_path(path: Path) -> Iterator[Source]:
    """A repository, the repositories and reports of a folder, or one report."""
    shown = path.name or "/"
    whole = path
    try:
        whole = path.resolve()
        if whole.is_file():
            yield ReportFile(str(whole), whole.stem)
        elif not whole.is_dir():
            yield NoSource(shown, "there is no such file or folder", str(whole))
        elif is_repository(whole):
            yield LocalRepository(str(whole))
        else:
            found = list(_below(whole, whole, DEEPEST, set()))
            yield from found or [NoSource(shown, "it holds no repository and no report", str(whole))]
    except (OSError, RuntimeError, ValueError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        yield NoSource(shown, f"it cannot be looked into: {why}", str(whole))


def is_repository(folder: Path) -> bool:
    """Whether a folder is meant as a repository, sound or not: a clone, a linked work tree or a bare one."""
    if os.path.lexists(folder / ".git"):
        return True
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()


def _below(root: Path, folder: Path, left: int, seen: set[Path]) -> Iterator[Source]:
    """Repositories and reports below a folder, each folder once however links lead there; none inside a repository."""
    try:
        entries = sorted(os.scandir(folder), key=lambda it: it.name)
    except OSError:
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.is_dir() if not entry.is_symlink() else _is_folder(path):
            whole = path.resolve()
            if whole in seen:
                continue
            if is_repository(whole):
                seen.add(whole)
                yield LocalRepository(str(whole))
            elif left > 0 and not entry.is_symlink():
                seen.add(whole)
                yield from _below(root, path, left - 1, seen)
        elif entry.name.lower().endswith(".json") and entry.is_file(follow_symlinks=False):
            yield ReportFile(str(path), path.relative_to(root).with_suffix("").as_posix())


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, RuntimeError):
        return False


def without_secret(text: str) -> str:
    """An address as it may be shown: without the user and password before its host."""
    return _SECRET.sub("", text.partition("?")[0])

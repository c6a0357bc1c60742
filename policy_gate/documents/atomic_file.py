"""Files that are whole or not there: what is written goes to a temporary file first, which takes the target's place.

It lies in the git folder of the target's work tree, where nothing that is judged is looked for, so that a command that
is killed leaves nothing among policies and manifests; beside the target where there is none on the same file system.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO


@contextmanager
def replacing(
    target: Path, mode: int = 0o644, place: Callable[[Path, Path], object] = Path.replace
) -> Iterator[IO[bytes]]:
    """A file to be written as bytes, which takes the target's place once all of it is there.

    Whoever is ended before that leaves the target as it was. `place` moves the one to the other in another way. A new
    file gets `mode` less the umask, one that was there keeps who may read and write it.
    """
    known = _mode_of(target)
    temporary, handle = _temporary(target, mode if known is None else known & mode)
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
        if known is not None:
            temporary.chmod(known | (mode & 0o111))
        place(temporary, target)
    finally:
        # Where it cannot be removed either, what went wrong first is what is told.
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _mode_of(target: Path) -> int | None:
    """Who may do what with a regular file; None where there is none yet."""
    return target.stat().st_mode & 0o777 if target.is_file() and not target.is_symlink() else None


def _temporary(target: Path, mode: int) -> tuple[Path, int]:
    for folder in _git_folders(target.parent):
        with suppress(OSError):
            if folder.stat().st_dev == target.parent.stat().st_dev:
                return _created(folder, f"policy-gate.{target.name}.", mode)
    return _created(target.parent, f".{target.name}.", mode)


def _created(folder: Path, prefix: str, mode: int) -> tuple[Path, int]:
    """A new empty file under a name that nobody can foresee, opened. Nobody's file or link of that name is taken."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    file = folder / f"{prefix}{secrets.token_hex(4)}"
    return file, os.open(file, flags, mode)


def _git_folders(folder: Path) -> Iterator[Path]:
    """The git folder of the work tree that a folder is in; of a linked one its own."""
    with suppress(OSError, RuntimeError, UnicodeDecodeError):
        whole = folder.resolve()
        found = next((it / ".git" for it in (whole, *whole.parents) if os.path.lexists(it / ".git")), None)
        if found is None or found.is_symlink():
            return
        if found.is_dir():
            yield found
        elif (told := found.read_text("utf-8")).startswith("gitdir:"):
            yield found.parent / told.removeprefix("gitdir:").strip()


def link_as_new(temporary: Path, target: Path) -> None:
    """Give a file a name that is not taken; FileExistsError where it is, also by a file made meanwhile."""
    try:
        os.link(temporary, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:
        _without_links(temporary, target)


def _without_links(temporary: Path, target: Path) -> None:
    # The name is taken first, so nobody's file is overwritten; the text comes whole.
    target.touch(exist_ok=False)
    try:
        temporary.replace(target)
    except OSError:
        with suppress(OSError):
            target.unlink(missing_ok=True)
        raise

"""The files of a repository that borrows the objects of another and has no settings, hooks or history of its own.

As data only: whoever needs such a repository writes them where it wants it.
"""

from __future__ import annotations

import os
from pathlib import Path

FOLDERS = ("objects/info", "refs")
"""Folders that git wants to find, by their place in the repository."""


def files_of(objects: Path, algorithm: str, *, is_bare: bool = True) -> dict[str, bytes]:
    """Each file's place and bytes, for a repository that borrows from a folder of objects; `algorithm` as git names it.

    https://git-scm.com/docs/gitrepository-layout
    """
    version, extension = (1, "[extensions]\n\tobjectFormat = sha256\n") if algorithm == "sha256" else (0, "")
    bare = "true" if is_bare else "false"
    config = f"[core]\n\trepositoryformatversion = {version}\n\tbare = {bare}\n{extension}"
    return {
        "HEAD": b"ref: refs/heads/none\n",
        "config": config.encode("ascii"),
        "objects/info/alternates": alternate(objects),
    }


def alternate(objects: Path) -> bytes:
    """The line of `objects/info/alternates` that names a folder of objects, quoted where it must be."""
    raw = os.fsencode(objects)
    if b"\n" not in raw and not raw.startswith(b'"'):
        return raw + b"\n"
    quoted = raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + quoted + b'"\n'

"""Git objects written byte by byte, as no git command would write them."""

from __future__ import annotations

import hashlib
import zlib
from pathlib import Path

from scratch import Scratch

FILE, PROGRAM, LINK, FOLDER, SUBMODULE = b"100644", b"100755", b"120000", b"40000", b"160000"


def write_object(repo: Path, kind: str, body: bytes) -> str:
    """Store an object as it is, well formed or not; its id."""
    whole = f"{kind} {len(body)}\0".encode() + body
    oid = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
    path = repo / ".git" / "objects" / oid[:2] / oid[2:]
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_bytes(zlib.compress(whole))
    return oid


def write_blob(repo: Path, text: str) -> str:
    """Store a file's content; its id."""
    return write_object(repo, "blob", text.encode())


def write_tree(repo: Path, *entries: tuple[bytes, bytes, str]) -> str:
    """Store a tree of (mode, name, id) in the order given; its id."""
    return write_object(
        repo, "tree", b"".join(mode + b" " + name + b"\0" + bytes.fromhex(oid) for mode, name, oid in entries)
    )


def write_commit(repo: Path, tree: str, *parents: str, lines: str = "", message: str = "Change\n") -> str:
    """Store a commit whose identity lines are `lines`, or one ordinary author; its id."""
    who = lines or "author Bo <bo@example.com> 1700000000 +0000\ncommitter Bo <bo@example.com> 1700000000 +0000\n"
    above = "".join(f"parent {parent}\n" for parent in parents)
    return write_object(repo, "commit", f"tree {tree}\n{above}{who}\n{message}".encode())


def all_of(repo: Scratch, branch: str = "HEAD") -> str:
    """The tree id of a revision, by git itself."""
    return repo.git("rev-parse", f"{branch}^{{tree}}")

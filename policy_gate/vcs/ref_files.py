"""The tip of a repository's default branch, read from its files: no git is started, no setting obeyed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from policy_gate.errors import BaseError, UndecidedError
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.vcs.discovery import RepositoryLocation
from policy_gate.vcs.hardening import HardenedGit
from policy_gate.vcs.tree import is_object_id

_HEADS, _ORIGIN = "refs/heads/", "refs/remotes/origin/"
_USUAL = (f"{_ORIGIN}main", f"{_HEADS}main", f"{_ORIGIN}master", f"{_HEADS}master")
_DEEPEST: Final = 5
"""symbolic refs that are followed"""
_LONGEST: Final = 4096
_REFTABLE = lazy_pattern(r'^\s*refstorage\s*=\s*"?reftable', re.IGNORECASE | re.MULTILINE)
_URL = lazy_pattern(r"^\s*url\s*=\s*(.*?)\s*$", re.IGNORECASE)
_SECTION = lazy_pattern(r'^\s*\[\s*(\w+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]')


class BranchTip(NamedTuple):
    """The newest commit of a branch; `branch` is its short name, empty for a HEAD that is on none."""

    branch: str
    commit: str


def default_branch_tip(place: RepositoryLocation) -> BranchTip:
    """What this clone holds of the default branch: what the remote calls so, else main or master, else HEAD.

    Of a bare repository it is HEAD. BaseError where there is no commit yet.
    """
    refs = RefFiles(place)
    own_head = refs.tip("HEAD", refs.symbolic("HEAD"))
    of_remote = refs.tip(f"{_ORIGIN}HEAD", refs.symbolic(f"{_ORIGIN}HEAD"))
    if of_remote is not None:
        return of_remote
    usual = () if place.is_bare else (refs.tip(name, name) for name in _USUAL)
    found = next((tip for tip in usual if tip is not None), own_head)
    if found is None:
        raise BaseError("there is no commit yet", hint="commit something, or leave this repository out")
    return found


def remote_url(place: RepositoryLocation) -> str:
    """The address of the remote `origin` as the clone's settings spell it, else of its only remote; or empty."""
    found: dict[str, str] = {}
    section: tuple[str, str] = ("", "")
    for line in _lines(place.common_dir / "config"):
        if begins := _SECTION.match(line):
            section = (begins[1].casefold(), begins[2] or "")
        elif section[0] == "remote" and (url := _URL.match(line)):
            found.setdefault(section[1], url[1].strip('"'))
    if "origin" in found:
        return found["origin"]
    return next(iter(found.values())) if len(found) == 1 else ""


class RefFiles:
    """The refs of one repository as its files have them; those of another storage are asked of git."""

    def __init__(self, place: RepositoryLocation) -> None:
        self._place = place
        self._packed: dict[str, str] | None = None
        config = _text(place.common_dir / "config", 1 << 16)
        self._git = HardenedGit(place.git_dir) if _REFTABLE.search(config) else None

    def symbolic(self, name: str) -> str:
        """The full name of the ref that a symbolic one means in the end; empty where it is none."""
        if self._git is not None:
            answer = self._git.run("symbolic-ref", "--quiet", name)
            return answer.text.strip() if answer.status == 0 else ""
        meant = name
        for _ in range(_DEEPEST):
            text = self._loose(meant)
            if not text.startswith("ref:"):
                return meant if meant != name else ""
            meant = text.removeprefix("ref:").strip()
        return ""

    def tip(self, name: str, meant: str) -> BranchTip | None:
        """The commit of a ref that may be symbolic, `meant` being what it means; None where there is none."""
        oid = self._oid(meant or name)
        if not oid:
            return None
        branch = meant.removeprefix(_HEADS).removeprefix(_ORIGIN) if meant.startswith((_HEADS, _ORIGIN)) else ""
        return BranchTip(branch, oid)

    def _oid(self, name: str) -> str:
        if self._git is not None:
            answer = self._git.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
            found = answer.text.strip() if answer.status == 0 else ""
        else:
            found = self._loose(name) or self._of_packed(name)
        return found if is_object_id(found) else ""

    def _loose(self, name: str) -> str:
        if not (name == "HEAD" or name.startswith("refs/")) or ".." in name or "\0" in name:
            return ""
        folder = self._place.git_dir if name == "HEAD" else self._place.common_dir
        return _text(folder / name, _LONGEST).strip()

    def _of_packed(self, name: str) -> str:
        if self._packed is None:
            rows = (line.split(" ", 1) for line in _lines(self._place.common_dir / "packed-refs"))
            self._packed = {row[1]: row[0] for row in rows if len(row) == 2 and not row[0].startswith(("#", "^"))}
        return self._packed.get(name, "")


def _lines(file: Path) -> Iterator[str]:
    yield from _text(file, -1).splitlines()


def _text(file: Path, most: int) -> str:
    """What a file says; empty where there is none, or something else in its place."""
    try:
        if not file.is_file():
            return ""
        with file.open("rb") as opened:
            return opened.read(most).decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        raise UndecidedError(f"its refs cannot be read ({type(error).__name__})", hint="run git fsck") from error

"""Writing into a repository that is somebody's: files, a commit, and one ref moved only from where it was seen.

Nothing of the repository's settings, hooks, attributes or signing has a say, and nobody's identity is borrowed.
Objects come first and the ref last, so that whatever stops in between leaves the ref as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from policy_gate.vcs.discovery import RepositoryLocation
from policy_gate.vcs.hardening import HardenedGit
from policy_gate.vcs.objects import object_id
from policy_gate.vcs.process import Answer, GitFailedError

WRITER = "policy-gate"
"""who makes the commits, by name and in place of an address"""
_SETTINGS = ("-c", "core.fsync=all", "-c", "i18n.commitEncoding=UTF-8")
_IN_USE = ("File exists", "but expected", "reference already exists", "unable to resolve reference")
_HINT = "make room, or let this user write into the repository; nothing that was recorded before is lost"


class RefWriter:
    """Writes into one repository. GitFailedError where git cannot, with its reason."""

    def __init__(self, place: RepositoryLocation) -> None:
        self._git = HardenedGit(place.git_dir)
        self._algorithm = place.algorithm

    def blob(self, data: bytes) -> str:
        """Store a file; its object id in hex."""
        oid = _said(self._git.tell(data, *_SETTINGS, "hash-object", "-w", "--stdin", "-t", "blob"), "store a file")
        if oid != object_id("blob", data, self._algorithm):
            raise GitFailedError("git stored other bytes than it was given", hint="run git fsck")
        return oid

    def folder(self, files: Mapping[str, str]) -> str:
        """Store a folder of these files, by name and object id; its tree id."""
        rows = "".join(f"100644 blob {files[name]}\t{name}\n" for name in sorted(files))
        return _said(self._git.tell(rows.encode("utf-8"), *_SETTINGS, "mktree"), "store a folder")

    def commit(self, tree: str, parent: str, message: str, moment: datetime) -> str:
        """Store a commit of ours, made at this aware moment; `parent` is empty for a first one. Its id."""
        when = f"{int(moment.timestamp())} +0000"
        who = {
            f"GIT_{part}_{name}": value
            for part in ("AUTHOR", "COMMITTER")
            for name, value in (("NAME", WRITER), ("EMAIL", WRITER), ("DATE", when))
        }
        above = ("-p", parent) if parent else ()
        return _said(
            self._git.run(*_SETTINGS, "commit-tree", *above, "-m", message, tree, **who),
            "store a commit",
        )

    def at(self, ref: str) -> str:
        """The object id that a full ref name stands at, whether it is here or not; empty where there is no such ref."""
        told = self._git.run("rev-parse", "--verify", "--quiet", "--end-of-options", ref)
        return told.text.strip() if told.status == 0 else ""

    def move(self, ref: str, new: str, old: str, also: Mapping[str, str] | None = None) -> bool:
        """Move a ref from `old` (empty: it is not there) to `new`; False where another was quicker.

        `also` are refs that are put at these ids in the same step, wherever they were: all of them move, or none.

        GitFailedError where it cannot be moved at all.
        """
        nothing = "0" * len(new)
        # The ref itself first: git makes one file after another, and what only follows it may be behind.
        lines = [f"update {ref} {new} {old or nothing}", *(f"update {it} {at}" for it, at in (also or {}).items())]
        told = "".join(f"{line}\n" for line in ("start", *lines, "prepare", "commit"))
        done = self._git.tell(told.encode("ascii"), *_SETTINGS, "update-ref", "--no-deref", "--stdin")
        if done.status == 0:
            return True
        if self.at(ref) != old or any(words in done.err for words in _IN_USE):
            return False
        raise _failure(done, f"move {ref}")


def _said(done: Answer, what: str) -> str:
    if done.status:
        raise _failure(done, what)
    return done.text.strip()


def _failure(done: Answer, what: str) -> GitFailedError:
    lines = [line for line in done.err.strip().splitlines() if line]
    why = lines[0] if lines else f"git ended with {done.status}"
    return GitFailedError(f"git could not {what}: {why.removeprefix('fatal: ').removeprefix('error: ')}", hint=_HINT)

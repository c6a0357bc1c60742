"""What merging gives, worked out by git in a private bare repository.

The private repository has no settings, attributes, hooks, replacements or grafts of its own and borrows
only the objects of the real one, so nothing that an author can write changes how the merge is done (D01).
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Collection
from typing import NamedTuple

from policy_gate.errors import BaseError, MergeConflictError, ObjectMissingError, UndecidedError
from policy_gate.vcs.process import Run
from policy_gate.vcs.trees import name_text

_SHOWN_CONFLICTS = 3


class MergedTree(NamedTuple):
    """The tree that git's merge gives; where it conflicts, with markers in the files of `conflicts`."""

    tree: str
    conflicts: tuple[str, ...]


_MERGE = ("merge-tree", "--write-tree", "-z", "--name-only", "--no-messages")


def merge_many(tell: Run, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], MergedTree]:
    """The merges of many pairs of commits by one process, as far as it gets.

    Git stops at a pair that has no common history, and before 2.39 it takes one pair only: what is not among the
    answers is for `merge_commits`.
    """
    answer = tell("".join(f"{one} {other}\n" for one, other in pairs).encode("ascii"), *_MERGE, "--stdin")
    parts = iter(answer.out.split(b"\0"))
    found = {}
    for pair, status in zip(pairs, parts):  # noqa: B905 - git may answer fewer
        tree, names = next(parts, b""), list(iter(lambda: next(parts, b""), b""))
        if status not in (b"0", b"1"):
            break
        found[pair] = _merged(tree, names if status == b"0" else [])
    # Where git stopped, what it wrote last may be cut off.
    return found if answer.status == 0 else dict(list(found.items())[:-1])


def _merged(tree: bytes, names: list[bytes]) -> MergedTree:
    conflicts = sorted({name_text(name) for name in names if name})
    return MergedTree(tree.strip().decode("ascii"), tuple(conflicts))


def merge_commits(run: Run, one: str, other: str) -> MergedTree:
    """Git's own merge of two commits, `one` being merged into.

    BaseError where they have no common history; UndecidedError where git is older than 2.38 or fails.
    """
    answer = run(*_MERGE, one, other)
    parts = answer.out.split(b"\0")
    if answer.status in (0, 1) and parts[0]:
        return _merged(parts[0], parts[1:] if answer.status else [])
    if "unrelated histories" in answer.err:
        raise BaseError(
            f"cannot tell what merging would give: {one[:12]} and {other[:12]} have no common history",
            hint="fetch the whole history of both (git fetch --unshallow), or rebase the work onto its base",
        )
    if "usage:" in answer.err:
        version = run("version").out.decode("ascii", "replace").strip()
        raise UndecidedError(
            f"cannot tell what merging would give: git 2.38 or later is needed (got {version})",
            hint="install a newer git, or merge the base into your branch first",
        )
    reason = answer.err.strip().splitlines()[-1:] or ["git said nothing"]
    raise ObjectMissingError(
        f"cannot tell what merging would give: {reason[0]}", hint="git fetch --refetch --no-filter, or run git fsck"
    )


def conflict_error(conflicts: tuple[str, ...], base_ref: str) -> MergeConflictError:
    """The error for a merge that people must do: which paths conflict, and the commands to start with."""
    name, fix = _fix(base_ref)
    shown = ", ".join(_printable(path) for path in conflicts[:_SHOWN_CONFLICTS])
    more = len(conflicts) - _SHOWN_CONFLICTS
    if more > 0:
        shown += f" and {more} more"
    verb = "conflicts" if len(conflicts) == 1 else "conflict"
    from policy_gate.schema.source import Problem  # noqa: PLC0415 - a hook that must start at once needs no nouns

    problems = tuple(Problem(path, f"conflicts with {name}", hint=fix) for path in conflicts)
    message = f"cannot tell what merging would give: {shown} {verb} with {name}"
    return MergeConflictError(message, hint=f"{fix}, then run this again", problems=problems)


def _fix(base_ref: str) -> tuple[str, str]:
    if base_ref.startswith("refs/remotes/"):
        name = base_ref.removeprefix("refs/remotes/")
        remote, _, branch = name.partition("/")
        return name, f"git fetch {shlex.quote(remote)} {shlex.quote(branch)} && git merge {shlex.quote(name)}"
    name = base_ref.removeprefix("refs/heads/")
    return name, f"git merge {shlex.quote(name)}"


def _printable(path: str) -> str:
    return path if path.isprintable() else json.dumps(path)

"""What rebasing a branch gives, worked out beside what merging it gives (D46).

A forge that rebases replays each commit of a branch onto base, merge commits left out. Where a branch repeats what
base did and undoes it again, that is another tree than the merge's. Most replays need no merge of contents and are
worked out from the differences of the commits alone; the others are made by git, commit by commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from policy_gate.errors import UndecidedError
from policy_gate.vcs.merge import MergedTree
from policy_gate.vcs.objects import Links
from policy_gate.vcs.process import Run
from policy_gate.vcs.tree import Tree
from policy_gate.vcs.trees import name_text

MOST_MERGES = 200
"""commits that git replays one by one; a forge's own limit is 100"""
_MOST_STEPS = 20_000
_GONE = "000000"

Content = tuple[str, str] | None
"""mode and object id of what stands at a path; None for nothing"""


class Edit(NamedTuple):
    """What one commit does to one path."""

    path: str
    before: Content
    after: Content


class Step(NamedTuple):
    """One commit that a rebase would replay; `is_in_base` says that base holds the same patch, so that it may not."""

    commit: str
    edits: tuple[Edit, ...]
    is_in_base: bool


class RebaseDifference(NamedTuple):
    """Where a rebase would give other content than the merge.

    `differing` are paths that surely do; `unsure` are those for which contents have to be merged. Where `is_moved`,
    a path was removed or renamed meanwhile, so that other paths may differ, too.
    """

    differing: frozenset[str]
    unsure: frozenset[str]
    is_moved: bool


class RebaseOutcome(NamedTuple):
    """Where a rebase gives other content than the merge, and where it gives the same or stops."""

    differing: list[str]
    stopping: list[str]


def is_replayed(beyond: Sequence[str], links: Callable[[str], Links], is_up_to_date: bool) -> bool:
    """Can replaying the commits beyond base give another tree than merging them?

    Not so where they are a line that begins at base, or a single commit. `is_up_to_date`: head holds all of base.
    """
    is_line = all(len(links(commit).parents) == 1 for commit in beyond)
    return not (is_line and (is_up_to_date or len(beyond) < 2))


def steps_of(run: Run, tell: Run, base: str, head: str) -> tuple[Step, ...]:
    """The commits that a rebase of `head` onto `base` replays, in its order.

    UndecidedError where they are more than any forge replays, or git cannot tell them.
    """
    options = ("--right-only", "--cherry-mark", "--no-merges", "--topo-order", "--reverse")
    limit = f"--max-count={_MOST_STEPS + 1}"
    listed = run("rev-list", *options, limit, "--end-of-options", f"{base}...{head}")
    marked = listed.text.split()
    if listed.status or len(marked) > _MOST_STEPS:
        raise UndecidedError("cannot tell what a rebase would give: its commits cannot be listed", hint="run git fsck")
    commits = [line[1:] for line in marked]
    edits: dict[str, list[Edit]] = {commit: [] for commit in commits}
    if commits:
        told = "".join(f"{commit}\n" for commit in commits).encode("ascii")
        answer = tell(told, "diff-tree", "--stdin", "-r", "-z", "--root", "--no-renames", "--no-ext-diff")
        if answer.status:
            raise UndecidedError(
                f"cannot tell what a rebase would give: {answer.err.strip()[:200]}", hint="run git fsck"
            )
        _read_edits(answer.out, edits)
    return tuple(Step(line[1:], tuple(edits[line[1:]]), line[0] == "=") for line in marked)


def _read_edits(out: bytes, edits: dict[str, list[Edit]]) -> None:
    parts = iter([name_text(part) for part in out.split(b"\0")])
    current: list[Edit] = []
    for part in parts:
        if part.startswith(":"):
            old_mode, mode, old, new, _ = part[1:].split(" ")
            current.append(Edit(next(parts, ""), _content(old_mode, old), _content(mode, new)))
        elif part:
            current = edits[part]


def _content(mode: str, oid: str) -> Content:
    return None if mode == _GONE else (mode, oid)


def replayed(steps: Iterable[Step], base: Tree, merged: Tree, changed: Iterable[str]) -> RebaseDifference:
    """Replay edits path by path onto base; `changed` are the paths at which the merge's tree differs from base."""
    now: dict[str, Content] = {}
    unsure: set[str] = set()
    is_moved = False
    for edit in (edit for step in steps for edit in step.edits):
        path = edit.path
        if path not in now:
            now[path] = content_at(base, path)
        if path in unsure or now[path] == edit.after:
            continue
        if now[path] == edit.before:
            now[path] = edit.after
            continue
        unsure.add(path)
        is_moved = is_moved or now[path] is None or edit.after is None
    # What only merge commits did is in the merge and not in the rebase.
    only_merged = {path for path in changed if path not in now}
    differing = {path for path, content in now.items() if path not in unsure and content != content_at(merged, path)}
    return RebaseDifference(frozenset(differing | only_merged), frozenset(unsure), is_moved)


def ending_at_base(steps: Iterable[Step], base: Tree) -> frozenset[str]:
    """Paths at which the commits, one upon the other, end in what base holds.

    To replay such a line on base gives base's content or stops at a conflict: whatever place of the file it touches,
    the last that is written there is base's. Not so where base has the patch of one of the commits, as a rebase that
    leaves it out may end elsewhere.
    """
    ends: dict[str, Content] = {}
    others: set[str] = set()
    for step in steps:
        for edit in step.edits:
            if step.is_in_base or ends.get(edit.path, edit.before) != edit.before:
                others.add(edit.path)
            ends[edit.path] = edit.after
    found = (path for path, content in ends.items() if content is not None and content == content_at(base, path))
    return frozenset(found) - others


def content_at(tree: Tree, path: str) -> Content:
    """What stands at a path of a tree; a folder is told by its mode."""
    entry = tree.entry(path)
    return None if entry is None else (entry.mode, entry.oid)


def replayed_by_git(
    commits: Sequence[tuple[str, str]], base: str, write_commit: Callable[..., str], merge: Callable[..., MergedTree]
) -> MergedTree:
    """The tree of replaying commits (trees of parent and commit) onto a base tree, by git's own merges.

    It goes on through conflicts, with markers in the files that conflict. UndecidedError where they are too many.
    """
    if len(commits) > MOST_MERGES:
        raise UndecidedError(
            f"cannot tell what a rebase would give: it would merge the contents of {len(commits)} commits",
            hint="rebase the branch and push, or say `merge_methods: [merge, squash]` in base's policy-gate.yaml",
        )
    tree, conflicts = base, set[str]()
    for before, after in commits:
        if before == tree:
            tree = after
        elif after not in (before, tree):
            fork = write_commit(before)
            merged = merge(write_commit(tree, fork), write_commit(after, fork))
            tree = merged.tree
            conflicts.update(merged.conflicts)
    return MergedTree(tree, tuple(sorted(conflicts)))

"""A repository read by object id, with nothing of its settings obeyed (see `hardening`)."""

from __future__ import annotations

import shlex
import shutil
import tempfile
import weakref
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType

from policy_gate.errors import BaseError, UndecidedError
from policy_gate.schema.people import Author, Commit
from policy_gate.vcs.commits import History, RawCommit, commits_of, parse_commit
from policy_gate.vcs.difference import difference
from policy_gate.vcs.discovery import (
    FoundRef,
    RepositoryLocation,
    find_repository,
    knows_a_remote,
    knows_one_remote_branch,
    newest_branches,
    refs_called,
    refs_of,
)
from policy_gate.vcs.first_parent_line import FirstParentLine
from policy_gate.vcs.hardening import HardenedGit, lay_out_repository
from policy_gate.vcs.history import Ancestry, shallow_commits
from policy_gate.vcs.memory_tree import MemoryTree
from policy_gate.vcs.merge import MergedTree, conflict_error, merge_commits, merge_many
from policy_gate.vcs.objects import LAST_SECOND, Links, ObjectStore, write_commit
from policy_gate.vcs.process import failed, git_program
from policy_gate.vcs.rebase import (
    RebaseOutcome,
    Step,
    ending_at_base,
    is_replayed,
    replayed,
    replayed_by_git,
    steps_of,
)
from policy_gate.vcs.ref_files import BranchTip, RefFiles, default_branch_tip, remote_url
from policy_gate.vcs.tree import TreeEntry, is_object_id
from policy_gate.vcs.trees import FolderTree, GitTree, Row, stands_in

_MOST_KNOWN = 50_000
"""folders, commits and merges each, at which `trim` begins anew"""


class Repository:
    """A git repository, opened for reading. Close it, or use it in a `with`, to end what it started."""

    def __init__(self, places: RepositoryLocation) -> None:
        self.root = places.root
        self.algorithm = places.algorithm
        self.git_dir = places.git_dir
        self.is_bare = places.is_bare
        self._common_dir = places.common_dir
        self._places = places
        git_program()  # there is one
        private = Path(tempfile.mkdtemp(prefix="policy-gate-"))
        self._finalizer = weakref.finalize(self, shutil.rmtree, str(private), True)
        lay_out_repository(private, places.common_dir, places.algorithm)
        self._real = HardenedGit(places.git_dir, None if places.is_bare else places.root)
        self._private = HardenedGit(private)
        self._store = ObjectStore(self._private.start_batch)
        self._parsed: dict[str, dict[str, Row]] = {}
        self._commits: dict[str, RawCommit] = {}
        self._merges: dict[tuple[str, str], MergedTree] = {}
        self._ancestry = Ancestry(self._private.run, self._links, self.shallow)
        self._first_parents = FirstParentLine(
            self._private.run,
            self._private.tell,
            self._ancestry,
            lambda commit: self.merged_already(self.tree_oid(commit)),
        )

    @classmethod
    def open(cls, directory: Path) -> Repository:
        """The repository that a directory is in.

        UsageError where there is none, UndecidedError where no git is installed. An owner other than
        the one who runs us (a container's checkout) is no obstacle: nothing of it is obeyed.
        """
        return cls(find_repository(directory))

    def close(self) -> None:
        """End the processes and remove the private repository; trees of it can no longer be read."""
        self._store.close()
        self._finalizer()

    def __enter__(self) -> Repository:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @cached_property
    def default_branch(self) -> str:
        """The short name of the branch that this clone's files call the default, or take for it; else empty."""
        try:
            return self.default_branch_tip.branch
        except (BaseError, UndecidedError):
            return ""

    @property
    def default_branch_tip(self) -> BranchTip:
        """That branch and its newest commit; BaseError or UndecidedError where there is none."""
        return default_branch_tip(self._places)

    @cached_property
    def shallow(self) -> frozenset[str]:
        """The commits at which this clone's history is cut off; empty for a whole clone."""
        return shallow_commits(self._common_dir)

    def resolve(self, name: str) -> str | None:
        """The commit id in hex that a revision means, or None. Text that looks like an option is none.

        UndecidedError where a branch of that name is another commit: git takes a tag, or any ref of its own, first.
        GitFailedError where git does not open the repository.
        """
        if "\0" in name or "\n" in name:
            return None
        if is_object_id(name) and self.holds_commit(name):
            return name
        found = self._meant_by_git(name)
        if found is None or name == "HEAD":
            return found
        for full in (f"refs/heads/{name}", f"refs/remotes/{name}"):
            if self._meant_by_git(full) not in (None, found):
                hint = f"give the full name, such as {shlex.quote(full)}, or the whole commit id"
                raise UndecidedError(f"{name!r} is ambiguous: git takes it for {found[:12]}, and not {full}", hint=hint)
        return found

    def _meant_by_git(self, name: str) -> str | None:
        answer = self._real.run("rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}")
        # 1 is the answer that there is none; with any other, git may never have looked.
        if answer.status > 1 and self._real.run("rev-parse", "--git-dir").status:
            raise failed("git does not open this repository", answer)
        found = answer.out.decode("ascii", "replace").strip()
        return found if answer.status == 0 and is_object_id(found) else None

    def refs(self, names: Collection[str]) -> Mapping[str, FoundRef]:
        """Of these full ref names, those that exist and mean a commit; nothing is guessed or completed."""
        return {name: ref for name, ref in refs_of(self._real.run, names).items() if self.holds_commit(ref.oid)}

    def refs_called(self, branch: str) -> Mapping[str, FoundRef]:
        """The branch of this short name here, and at each remote as this clone last saw it, by full ref name."""
        return {name: ref for name, ref in refs_called(self._real.run, branch).items() if self.holds_commit(ref.oid)}

    def knows_a_remote(self) -> bool:
        """Has this clone seen any branch of a remote?"""
        return knows_a_remote(self._real.run)

    def has_a_remote(self) -> bool:
        """Does this clone name a remote in its settings, or has it seen a branch of one?"""
        return bool(remote_url(self._places)) or self.knows_a_remote()

    def other_branches(self, most: int) -> list[str]:
        """The short names of as many branches here beside the one that is checked out, last worked on first."""
        own = RefFiles(self._places).symbolic("HEAD").removeprefix("refs/heads/")
        return [name for name in newest_branches(self._real.run, most + 1) if name != own][:most]

    def knows_one_remote_branch(self) -> bool:
        """Has this clone seen one branch of its remotes, and no more?"""
        return knows_one_remote_branch(self._real.run)

    def holds_commit(self, oid: str) -> bool:
        """Is this the id of a commit (not of a tag or tree) that this clone holds?"""
        return self._store.kind(oid) == "commit"

    def kind(self, oid: str) -> str:
        """`commit`, `tree`, `blob` or `tag`; empty where this clone does not hold the object."""
        return self._store.kind(oid)

    def size(self, oid: str) -> int:
        """The size of an object in bytes; UndecidedError where this clone does not hold it."""
        return self._store.size(oid)

    def tree(self, oid: str) -> GitTree:
        """The tree with this tree id."""
        return GitTree(oid, self._store, self._parsed)

    def merged_already(self, oid: str) -> GitTree:
        """The tree with this tree id, read with the odd names that it has: what was merged, or is only compared."""
        return GitTree(oid, self._store, self._parsed, lambda *_: True)

    def tree_beside(self, oid: str, base: FolderTree) -> GitTree:
        """The tree with this tree id, read with the odd names that `base` has at the same place."""
        return GitTree(oid, self._store, self._parsed, stands_in(base))

    def tree_oid(self, commit: str) -> str:
        """The id of a commit's tree; UndecidedError where the commit is not in this clone."""
        return self._commit(commit).tree

    def parents(self, commit: str) -> tuple[str, ...]:
        """What a commit says it was made from, whether this clone holds them or not."""
        return self._commit(commit).parents

    def merge_base_is(self, base: str, head: str) -> bool:
        """Is `base` an ancestor of `head` (or the same commit)?

        BaseError where a shallow clone ends before that can be told.
        """
        return self._ancestry.is_ancestor(base, head)

    def fork(self, base: str, commit: str) -> str:
        """The commit at which the work that ends in `commit` left base; BaseError where that cannot be told."""
        return self._ancestry.fork(base, commit)

    def merged_tree(self, base: str, head: str, base_ref: str = "") -> str:
        """The tree id of what merging `head` into `base` gives: head's own where it is up to date.

        `base_ref` is the full name of base's ref, for the message. MergeConflictError with the paths as
        problems; BaseError where a shallow clone or unrelated histories leave no answer.
        """
        if self.merge_base_is(base, head):
            return self.tree_oid(head)
        merged = self._merge(base, head)
        if merged.conflicts:
            raise conflict_error(merged.conflicts, base_ref or base)
        return merged.tree

    def governed_by_rebase(
        self,
        base: str,
        head: str,
        merged: FolderTree,
        changed: Collection[str],
        governed: Callable[[Iterable[str]], list[str]],
    ) -> RebaseOutcome:
        """Paths at which rebasing `head` onto `base` gives other governed content than `merged`, the merge (D46).

        `changed` are the paths at which the merge differs from base, `governed` keeps those paths that matter. A
        conflict in what the commits and the merge leave as base has it brings nothing in. UndecidedError where that
        cannot be told.
        """
        beyond = self._ancestry.beyond(base, head)
        if not is_replayed(beyond, self._links, self.merge_base_is(base, head)):
            return RebaseOutcome([], [])
        steps = steps_of(self._private.run, self._private.tell, base, head)
        before = self.merged_already(self.tree_oid(base))
        ending = ending_at_base(steps, before).difference(changed)
        ways = {steps, tuple(step for step in steps if not step.is_in_base)}
        found, stopping = set[str](), set[str]()
        for way in sorted(ways, key=len, reverse=True):
            edits = replayed(way, before, merged, changed)
            if edits.unsure and (edits.is_moved or governed(edits.unsure | edits.differing)):
                differing, conflicts = self._differing_by_git(base, way, merged)
                stops = frozenset[str]() if edits.is_moved else conflicts & ending
                found.update(governed((differing | conflicts) - stops))
                stopping.update(governed(stops))
            elif not edits.unsure:
                found.update(governed(edits.differing))
        return RebaseOutcome(sorted(found), sorted(stopping))

    def _differing_by_git(
        self, base: str, steps: Sequence[Step], merged: FolderTree
    ) -> tuple[frozenset[str], frozenset[str]]:
        """Where the tree of git's own replay differs from the merge's, and where the replay conflicts."""
        commits = [self._commit(step.commit) for step in steps]
        empty = self._private.tell(b"", "mktree").text.strip()
        trees = [(self.tree_oid(it.parents[0]) if it.parents else empty, it.tree) for it in commits]

        def write(tree: str, *parents: str) -> str:
            return write_commit(self._private.git_dir, self.algorithm, tree, parents)

        rebased = replayed_by_git(trees, self.tree_oid(base), write, self._merge)
        return self.changed(merged, rebased.tree), frozenset(rebased.conflicts)

    def expect_merges(self, pairs: Iterable[tuple[str, str]]) -> None:
        """These pairs of commits will be merged: let one process do it where the first is no ancestor of the second."""
        wanted = [pair for pair in dict.fromkeys(pairs) if pair not in self._merges and self._is_to_merge(*pair)]
        if len(wanted) > 1:
            self._merges |= merge_many(self._private.tell, wanted)

    def _is_to_merge(self, base: str, head: str) -> bool:
        try:
            return self.holds_commit(base) and self.holds_commit(head) and not self.merge_base_is(base, head)
        except UndecidedError:
            return False

    def trim(self) -> None:
        """Let go of what was read, where it has become much, so that a long life does not fill the memory."""
        self._store.trim()
        self._first_parents.trim()
        for known in (self._parsed, self._commits, self._merges):
            if len(known) > _MOST_KNOWN:
                known.clear()

    def changed(self, one: FolderTree | str, other: FolderTree | str) -> frozenset[str]:
        """Paths that differ between two trees (or tree ids), no renames: a moved file is two paths."""
        before = self.merged_already(one) if isinstance(one, str) else one
        after = self.merged_already(other) if isinstance(other, str) else other
        return difference(before, after)

    def commits(self, base: str, head: str, paths: Collection[str] | None = None) -> tuple[Commit, ...]:
        """The commits in head and not in base, newest first, with authors and touched paths.

        With `paths`, only those that touch one of them. BaseError where a shallow clone lacks some.
        """
        listed = self._ancestry.beyond(base, head)
        history = History(self._commit, self._difference, self._merge)
        found = commits_of(listed, history)
        return found if paths is None else tuple(item for item in found if not item.paths.isdisjoint(paths))

    def commits_beyond(self, base: str, head: str) -> list[RawCommit]:
        """The commits in head and not in base as their bytes say. BaseError where a shallow clone lacks some."""
        return [self._commit(oid) for oid in self._ancestry.beyond(base, head)]

    def ids_beyond(self, base: str, head: str) -> list[str]:
        """The ids of the commits in head and not in base, newest first. BaseError where a shallow clone lacks some."""
        return self._ancestry.beyond(base, head)

    def commits_saying(self, head: str, texts: Sequence[str]) -> list[str]:
        """The commits of head's line of first parents whose message holds one of these texts, newest first."""
        words = ("--first-parent", "--fixed-strings", *(f"--grep={text}" for text in texts))
        return self._private.run("rev-list", *words, "--end-of-options", head).text.split()

    def raw_commit(self, oid: str) -> bytes:
        """The bytes of a commit object, as its id is over them; UndecidedError where it is not in this clone."""
        return self._store.read(oid, "commit")

    def expect(self, oids: Iterable[str]) -> None:
        """Objects with these ids will be read: fetch them together."""
        self._store.expect(oids)

    def blob(self, oid: str) -> bytes:
        """The bytes of a file by its id; UndecidedError where it is not in this clone."""
        return self._store.read(oid, "blob")

    def first_parents(self, commit: str, limit: int) -> list[str]:
        """The first parent of a commit, its first parent and so on, at most `limit`; the commit is not in it.

        Ends early where the history or a shallow clone ends.
        """
        return self._ancestry.first_parents(commit, limit)

    def first_parent_line(self, commit: str, limit: int) -> list[str]:
        """As `first_parents`, for long lines: by one process of git, or from the line that was asked for before."""
        return self._first_parents.of(commit, limit)

    def dated_line(self, commit: str) -> list[tuple[str, int]]:
        """A commit and its first parents to the beginning, newest first, each with its time in seconds."""
        answer = self._private.run("rev-list", "--first-parent", "--timestamp", "--end-of-options", commit)
        if answer.status:
            raise UndecidedError("git cannot list the history of this branch", hint="run git fsck")
        rows = (line.split() for line in answer.out.decode("ascii").splitlines())
        return [(oid, min(max(int(time), 0), LAST_SECOND)) for time, oid in rows]

    def time(self, commit: str) -> int:
        """When a commit says that it was made, in seconds."""
        return self._commit(commit).time

    def author_of(self, commit: str) -> Author:
        """Who wrote a commit, as it says."""
        return self._commit(commit).authors[0]

    def title(self, commit: str) -> str:
        """The first line of a commit's message."""
        message = self.raw_commit(commit).partition(b"\n\n")[2]
        return message.partition(b"\n")[0].decode("utf-8", "replace").strip()

    def first_parent_edits(self, commit: str, limit: int) -> set[TreeEntry]:
        """The files that a commit and at most `limit` first parents before it put in or took away, each once."""
        return self._first_parents.edits(commit, limit)

    def blobs_at(self, places: Iterable[tuple[str, str]]) -> list[str | None]:
        """For each commit and path the id of the file there, None where none is; of a line the newest first."""
        return self._first_parents.blobs_at(places)

    def recent_authors(self, commit: str, limit: int, beside: str = "") -> list[tuple[Author, ...]]:
        """Who made each of the newest commits up to this one, at most `limit`.

        Merges are left out, and with `beside` commits that touch nothing but what lies in that folder.
        """
        found = [self._commit(oid) for oid in self._ancestry.recent(commit, limit)]
        return [it.authors for it in found if not (beside and self._is_all_in(beside, it))]

    def _is_all_in(self, folder: str, commit: RawCommit) -> bool:
        touched = self.changed(self._commit(commit.parents[0]).tree, commit.tree) if commit.parents else ()
        return bool(touched) and all(path.startswith(f"{folder}/") for path in touched)

    def listed_files(self, *options: str) -> bytes:
        """What `git ls-files -z` says of the work tree, with these options."""
        answer = self._real.run("-C", str(self.root), "ls-files", "-z", *options)
        if answer.status:
            raise failed("git cannot list the work tree", answer)
        return answer.out

    def _commit(self, oid: str) -> RawCommit:
        if oid not in self._commits:
            self._commits[oid] = parse_commit(self._store.read(oid, "commit"))
        return self._commits[oid]

    def _difference(self, one: str | None, other: str) -> frozenset[str]:
        return self.changed(MemoryTree({}) if one is None else one, other)

    def _merge(self, one: str, other: str) -> MergedTree:
        if (one, other) not in self._merges:
            self._merges[one, other] = merge_commits(self._private.run, one, other)
        return self._merges[one, other]

    def _links(self, oid: str) -> Links:
        commit = self._commit(oid)
        return Links(commit.tree, commit.parents, commit.time)

"""The one door to git: a repository read by object id, with nothing of its settings obeyed.

Objects are read in a private bare repository that borrows them from the real one (see `merge`), so that
settings, attributes, replacements, grafts, hooks and lazy fetching have no say. The real repository is
asked for refs and for the list of its work tree's files only.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from policy_gate.errors import UndecidedError
from policy_gate.schema.people import Author, Commit
from policy_gate.vcs.commits import History, RawCommit, commits_of, parse_commit
from policy_gate.vcs.discovery import RepositoryLocation, find_repository
from policy_gate.vcs.hardened_git import ENVIRONMENT, SETTINGS
from policy_gate.vcs.history import Ancestry
from policy_gate.vcs.memory_tree import MemoryTree
from policy_gate.vcs.merge import (
    MergeAnswer,
    MergedTree,
    conflict_error,
    make_private_repository,
    merge_commits,
)
from policy_gate.vcs.objects import ObjectStore, is_object_id
from policy_gate.vcs.trees import FolderTree, GitTree, Row, difference

if TYPE_CHECKING:
    from git.cmd import Git


class FoundRef(NamedTuple):
    """A ref by its full name; `points_to` is the full name of the ref behind a symbolic one, or empty."""

    oid: str
    points_to: str


class Repository:
    """A git repository, opened for reading. Close it, or use it in a `with`, to end what it started."""

    def __init__(self, places: RepositoryLocation) -> None:
        self.root = places.root
        self.algorithm = places.algorithm
        self.git_dir = places.git_dir
        self.is_bare = places.is_bare
        self._common_dir = places.common_dir
        self._git = _load_git()
        self._private = Path(tempfile.mkdtemp(prefix="policy-gate-"))
        self._finalizer = weakref.finalize(self, shutil.rmtree, str(self._private), True)
        make_private_repository(self._private, places.common_dir, places.algorithm)
        self._store = ObjectStore(_starter(self._git, self._private))
        self._parsed: dict[str, dict[str, Row]] = {}
        self._commits: dict[str, RawCommit] = {}
        self._ancestry = Ancestry(self._run_private, self._commit, self.shallow)

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
    def shallow(self) -> frozenset[str]:
        """The commits at which this clone's history is cut off; empty for a whole clone."""
        marks = self._common_dir / "shallow"
        return frozenset(marks.read_text("ascii").split()) if marks.is_file() else frozenset()

    def resolve(self, name: str) -> str | None:
        """The commit id in hex that a revision means, or None. Text that looks like an option is none."""
        if "\0" in name or "\n" in name:
            return None
        answer = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}")
        found = answer.out.decode("ascii", "replace").strip()
        return found if answer.status == 0 and is_object_id(found) else None

    def refs(self, names: Collection[str]) -> Mapping[str, FoundRef]:
        """Of these full ref names, those that exist and mean a commit; nothing is guessed or completed."""
        form = "--format=%(refname) %(objectname) %(symref)"
        answer = self._run("for-each-ref", form, "--end-of-options", *names)
        if answer.status:
            raise UndecidedError(f"git cannot read the refs: {answer.err.strip()}", hint="run git fsck")
        rows = (line.split(" ") for line in answer.out.decode("utf-8", "surrogateescape").splitlines())
        found = {row[0]: FoundRef(row[1], row[2]) for row in rows if row[0] in names}
        return {name: ref for name, ref in found.items() if self.holds_commit(ref.oid)}

    def holds_commit(self, oid: str) -> bool:
        """Is this the id of a commit (not of a tag or tree) that this clone holds?"""
        return self._store.kind(oid) == "commit"

    def tree(self, oid: str) -> GitTree:
        """The tree with this tree id."""
        return GitTree(oid, self._store, self._parsed)

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

    def changed(self, one: FolderTree | str, other: FolderTree | str) -> frozenset[str]:
        """Paths that differ between two trees (or tree ids), no renames: a moved file is two paths."""
        before = self.tree(one) if isinstance(one, str) else one
        after = self.tree(other) if isinstance(other, str) else other
        return difference(before, after)

    def commits(self, base: str, head: str, paths: Collection[str] | None = None) -> tuple[Commit, ...]:
        """The commits in head and not in base, newest first, with authors and touched paths.

        With `paths`, only those that touch one of them. BaseError where a shallow clone lacks some.
        """
        listed = self._ancestry.listed(f"{base}..{head}")
        history = History(self._commit, self._difference, self._merge)
        found = commits_of(listed, history)
        return found if paths is None else tuple(item for item in found if not item.paths.isdisjoint(paths))

    def raw_commit(self, oid: str) -> bytes:
        """The bytes of a commit object, as its id is over them; UndecidedError where it is not in this clone."""
        return self._store.read(oid, "commit")

    def first_parents(self, commit: str, limit: int) -> list[str]:
        """The first parent of a commit, its first parent and so on, at most `limit`; the commit is not in it.

        Ends early where the history or a shallow clone ends.
        """
        return self._ancestry.first_parents(commit, limit)

    def recent_authors(self, commit: str, limit: int) -> list[tuple[Author, ...]]:
        """Who made each of the newest commits up to this one, merges left out, at most `limit`."""
        return [self._commit(oid).authors for oid in self._ancestry.recent(commit, limit)]

    def listed_files(self, *options: str) -> bytes:
        """What `git ls-files -z` says of the work tree, with these options."""
        answer = self._run("-C", str(self.root), "ls-files", "-z", *options)
        if answer.status:
            raise UndecidedError(f"git cannot list the work tree: {answer.err.strip()}", hint="run git status")
        return answer.out

    def _commit(self, oid: str) -> RawCommit:
        if oid not in self._commits:
            self._commits[oid] = parse_commit(self._store.read(oid, "commit"))
        return self._commits[oid]

    def _difference(self, one: str | None, other: str) -> frozenset[str]:
        return self.changed(MemoryTree({}) if one is None else one, other)

    def _merge(self, one: str, other: str) -> MergedTree:
        return merge_commits(self._run_private, one, other)

    def _run(self, *args: str) -> MergeAnswer:
        where = {"GIT_DIR": str(self.git_dir)}
        if not self.is_bare:
            where["GIT_WORK_TREE"] = str(self.root)
        return _run(self._git, where, args)

    def _run_private(self, *args: str) -> MergeAnswer:
        return _run(self._git, {"GIT_DIR": str(self._private)}, args)


class _CatFile(NamedTuple):
    stdin: BinaryIO
    stdout: BinaryIO
    process: Git.AutoInterrupt

    def stop(self) -> None:
        for stream in (self.stdin, self.stdout, self.process.stderr):
            with suppress(BrokenPipeError):
                stream.close()
        if self.process.proc is not None:
            self.process.proc.wait()


def _load_git() -> Git:
    with _scrubbed_environment():
        try:
            from git.cmd import Git  # noqa: PLC0415 - slow, and fails where no git is installed
        except ImportError as error:
            raise UndecidedError("no git was found on the PATH", hint="install git 2.38 or later") from error
        return Git()


def _starter(git: Git, git_dir: Path) -> Callable[[], _CatFile]:
    def start() -> _CatFile:
        with _scrubbed_environment():
            env = {**ENVIRONMENT, "GIT_DIR": str(git_dir)}
            process = git.execute(_command("cat-file", "--batch"), istream=-1, env=env, as_process=True)
        return _CatFile(process.stdin, process.stdout, process)

    return start


def _run(git: Git, where: Mapping[str, str], args: tuple[str, ...]) -> MergeAnswer:
    with _scrubbed_environment():
        status, out, err = git.execute(
            _command(*args),
            env={**ENVIRONMENT, **where},
            with_extended_output=True,
            with_exceptions=False,
            stdout_as_string=False,
            strip_newline_in_stdout=False,
        )
    return MergeAnswer(status, out, err)


def _command(*args: str) -> list[str]:
    options = [part for setting in SETTINGS for part in ("-c", setting)]
    return ["git", "--no-pager", "--literal-pathspecs", *options, *args]


@contextmanager
def _scrubbed_environment() -> Iterator[None]:
    """No GIT_* variable of ours reaches git: GitPython hands down os.environ and can only add to it."""
    hidden = {name: value for name, value in os.environ.items() if name.upper().startswith("GIT_")}
    for name in hidden:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(hidden)

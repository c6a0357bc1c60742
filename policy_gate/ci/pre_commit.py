"""What the pre-commit framework asks about: the commit that is being made, or the ref that is being pushed."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from policy_gate.ci.push import Base, Remote, Update, bases_of, remote_of
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.vcs.discovery import Here, refs_of
from policy_gate.vcs.hardening import Borrowed, HardenedGit
from policy_gate.vcs.process import GitFailedError, ask, failed

_OID = lazy_pattern(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_HEAD = "refs/heads/staged"
_LOCAL = ("refs/heads/main", "refs/heads/master")


def framework_push(place: Here, environment: Mapping[str, str]) -> tuple[Remote, Update, Base | None] | None:
    """The push that the framework tells in its variables; None where it is not in its stage pre-push.

    It also tells `--from-ref` and `--to-ref` of a run by hand, which name no remote: origin's branch is meant then.
    """
    head = _commit(environment.get("PRE_COMMIT_TO_REF", ""))
    if not head:
        return None
    name, address = environment.get("PRE_COMMIT_REMOTE_NAME", ""), environment.get("PRE_COMMIT_REMOTE_URL", "")
    branch = environment.get("PRE_COMMIT_REMOTE_BRANCH", "") or "refs/heads/pushed"
    before = _commit(environment.get("PRE_COMMIT_FROM_REF", "")) if name else ""
    local = environment.get("PRE_COMMIT_LOCAL_BRANCH", "") or "HEAD"
    update = Update(local, head, branch, before or "0" * len(head))
    remote = remote_of((name, address)) if name else Remote("origin")
    return remote, update, bases_of(place, remote, [update])[update] or _local(place)


@contextmanager
def staged_push(place: Here) -> Iterator[tuple[Here, Update | None, Base | None]]:
    """The commit that would be made from the index now, made in a repository of our own that borrows the real one.

    Its base is where such a commit merges into: origin's default branch, else the local one. None for the first
    commit of a repository. GitFailedError where the index holds conflicts.
    """
    head = _commit("HEAD")
    if not head:
        yield place, None, None
        return
    with Borrowed(place.common_dir, place.algorithm, {}) as borrowed:
        shutil.copyfile(_index(place), borrowed.path / "index")
        tree = _written(borrowed, "write-tree", GIT_INDEX_FILE=str(borrowed.path / "index"))
        parents = [head, *_merged_heads(place)]
        who = _identity()
        commit = _written(borrowed, "commit-tree", "-m", "staged", *(f"-p{it}" for it in parents), tree, **who)
        own = place._replace(git_dir=borrowed.path, common_dir=borrowed.path)
        update = Update("what is staged", commit, _HEAD, "0" * len(commit))
        yield own, update, bases_of(place, Remote("origin"), [update])[update] or _local(place)


def _local(place: Here) -> Base | None:
    """The local branch that work merges into, where no remote is known."""
    found = refs_of(HardenedGit(place.git_dir).run, _LOCAL)
    return next((Base(name, found[name].oid) for name in _LOCAL if name in found), None)


def _commit(name: str) -> str:
    if not name or name.startswith("-"):
        return ""
    found = ask("rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}") or ""
    return found if _OID.fullmatch(found) else ""


def _index(place: Here) -> Path:
    """The index that git commits from: `git commit FILE` has one of its own."""
    told = os.environ.get("GIT_INDEX_FILE")
    index = Path(told) if told else place.git_dir / "index"
    if not index.is_file():
        raise GitFailedError("there is no index to commit from")
    return index


def _merged_heads(place: Here) -> list[str]:
    """What a merge that is being committed brings in."""
    file = place.git_dir / "MERGE_HEAD"
    return [line for line in file.read_text("ascii").split() if _OID.fullmatch(line)] if file.is_file() else []


def _identity() -> dict[str, str]:
    """Whose commit it will be, by the user's own settings."""
    found = re.fullmatch(r"(.*) <([^<>]*)> .*", ask("var", "GIT_AUTHOR_IDENT") or "")
    name, email = (found[1], found[2]) if found else ("unknown", "unknown")
    return {
        f"GIT_{who}_{what}": said
        for who in ("AUTHOR", "COMMITTER")
        for what, said in (("NAME", name), ("EMAIL", email))
    }


def _written(borrowed: Borrowed, *words: str, **more: str) -> str:
    answer = HardenedGit(borrowed.path).run(*words, **more)
    oid = answer.text.strip()
    if answer.status or not _OID.fullmatch(oid):
        raise failed("git cannot tell what this commit would hold", answer)
    return oid

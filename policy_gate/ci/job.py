"""What a job on a forge was started for: which commit is to be judged, against which branch, and how."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from policy_gate.errors import BaseError, UsageError
from policy_gate.forges.github_event import read_event
from policy_gate.forges.merge_target import Target, proposed_head, target_of
from policy_gate.vcs.discovery import find_repository
from policy_gate.vcs.hardening import alternate, lay_out_repository
from policy_gate.vcs.repository import Repository
from policy_gate.vcs.tree import is_object_id

FULL_CHECKS = ("schedule", "workflow_dispatch", "repository_dispatch", "release")
"""Events of GitHub that propose nothing: the whole head is judged (D02)."""
FULL_CHECK_SOURCES = ("schedule", "web", "api", "trigger", "pipeline")
"""Sources of GitLab's pipelines that propose nothing."""


class Job(Struct, frozen=True):
    """One job: `head` is a commit id or empty, `head_ref` where the forge keeps it, `number` of its request.

    `wants_all` says that nothing is proposed, or that it came from nowhere (the first push of a branch): on the
    default branch the whole head is judged. `is_about_default`
    says that it is about that branch itself: a schedule, or a push to it.
    """

    head: str
    head_ref: str
    target: Target | None
    number: int | None
    wants_all: bool
    is_about_default: bool
    default_branch: str = ""


class Checkout(Struct, frozen=True):
    """The repository that a job checked out: its work tree, and the commit it stands on, or empty."""

    root: Path
    head: str
    refs: Mapping[str, str]
    """commit by full ref name, of the remote branches that were asked for and are there"""


def github_job(environment: Mapping[str, str]) -> Job:
    """The job of GitHub's event. BaseError where the event cannot be read, UsageError for one that judges nothing."""
    name = environment.get("GITHUB_EVENT_NAME", "")
    event = read_event(environment)
    default = event.default_branch
    sha = environment.get("GITHUB_SHA", "")
    sha = sha if is_object_id(sha) else ""
    if name.startswith("pull_request") or name == "merge_group":
        number = event.number
        ref = f"refs/pull/{number}/head" if number else event.group_head_ref
        head = proposed_head(environment)
        if not head:
            # GITHUB_SHA is no substitute: for pull_request_target it is base itself.
            raise BaseError(f"the {name} event names no commit to judge", hint="run the job again")
        return Job(head, ref, target_of(environment), number, False, False, default)
    ref = environment.get("GITHUB_REF", "")
    if name == "push":
        pushed, target = event.after or sha, target_of(environment)
        return Job(pushed, ref, target, None, target is None, ref == f"refs/heads/{default}", default)
    if name in FULL_CHECKS:
        return Job(sha, ref, None, None, True, ref == f"refs/heads/{default}", default)
    raise UsageError(
        f"the event {name or '(none)'} proposes nothing that could be judged",
        hint=f"start the gate on pull_request, merge_group, push, {', '.join(FULL_CHECKS)}",
    )


def gitlab_job(environment: Mapping[str, str]) -> Job:
    """The job that GitLab's variables describe."""
    sha = environment.get("CI_COMMIT_SHA", "")
    source = environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "")
    default = environment.get("CI_DEFAULT_BRANCH", "")
    branch = environment.get("CI_COMMIT_BRANCH", "")
    iid = environment.get("CI_MERGE_REQUEST_IID", "")
    number = int(iid) if iid.isascii() and iid.isdigit() else None
    head = next((commit for commit in (source, sha) if is_object_id(commit)), "")
    ref = f"refs/merge-requests/{number}/head" if number else f"refs/heads/{branch}" if branch else ""
    target = target_of(environment)
    wants_all = target is None and environment.get("CI_PIPELINE_SOURCE", "") in (*FULL_CHECK_SOURCES, "push")
    return Job(head, ref, target, number, wants_all, bool(branch) and branch == default, default)


def checkout_of(directory: Path, refs: tuple[str, ...] = ()) -> Checkout:
    """The repository that a directory is in, with these remote branches of it; UsageError where there is none."""
    with Repository.open(directory) as repository:
        found = {name: ref.oid for name, ref in repository.refs(refs).items()} if refs else {}
        return Checkout(repository.root, repository.resolve("HEAD") or "", found)


def commit_in(directory: Path, name: str) -> str:
    """The commit id that a revision of this repository means, or empty."""
    with Repository.open(directory) as repository:
        return repository.resolve(name) or ""


def lay_out_bare(directory: Path, folder: Path) -> None:
    """Lay out a bare repository in an empty folder, of the same object format and with nothing of that one in it.

    What `directory` holds has no say there: whoever can write into its objects can put other bytes under a name.
    """
    places = find_repository(directory)
    lay_out_repository(folder, places.common_dir, places.algorithm)
    (folder / "objects" / "info" / "alternates").unlink()
    (folder / "shallow").unlink(missing_ok=True)


def borrow(directory: Path, folder: Path) -> bool:
    """Let such a repository borrow the objects of the one `directory` is in; False where that one lends none.

    A clone that lacks objects on purpose (a partial one) lends none: what it lacks would be missed.
    """
    places = find_repository(directory)
    if any((places.common_dir / "objects" / "pack").glob("*.promisor")):
        return False
    (folder / "objects" / "info" / "alternates").write_bytes(alternate(places.common_dir / "objects"))
    marks = {line for at in (folder, places.common_dir) for line in _lines(at / "shallow")}
    if marks:
        (folder / "shallow").write_text("".join(f"{line}\n" for line in sorted(marks)), "ascii")
    return True


def _lines(file: Path) -> list[str]:
    return file.read_text("ascii").split() if file.is_file() else []

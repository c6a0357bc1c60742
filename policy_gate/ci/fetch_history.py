"""What a check needs of the forge's history: base as it is now, the proposed commit, and where they meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from policy_gate.vcs.clone import Clone, Want

PROPOSED = "refs/policy-gate/proposed"
BASE = "refs/policy-gate/base"
_ORIGIN = "refs/remotes/origin/"
_MOST_REVIEWED = 50
"""reviewed commits that are fetched at most; a change with more has older reviews than newer content"""


class Wanted(Struct, frozen=True):
    """What to have: the head by id and by the forge's ref, base's branch, and base's commit where it is exact.

    `known` are remote branches of the checkout, by full ref name: what is left where the forge cannot be asked.
    """

    head: str
    head_ref: str
    branch: str
    base_commit: str = ""
    known: Mapping[str, str] | None = None

    @property
    def base(self) -> Want:
        return Want(f"refs/heads/{self.branch}", _ORIGIN + self.branch)


def bring(clone: Clone, wanted: Wanted) -> tuple[str, ...]:
    """Fetch it; what could not be fetched, in sentences. What the checkout holds already is not lost."""
    for ref, commit in (wanted.known or {}).items():
        clone.keep(ref.replace("refs/remotes/", "refs/policy-gate/known/", 1), commit)
    if wanted.head:
        clone.keep(PROPOSED, wanted.head)
    notes = [*_base(clone, wanted), *_exact(clone, wanted), *_head(clone, wanted)]
    tip = wanted.base_commit or clone.commit_of(wanted.base.kept_as)
    if tip and wanted.head and clone.commit_of(wanted.head):
        clone.deepen((*_bases(wanted), Want(wanted.head, PROPOSED)), tip, wanted.head)
    return tuple(notes)


def bring_reviewed(clone: Clone, commits: Iterable[str], branch: str) -> bool:
    """Fetch commits that were reviewed and are gone from the branch; was any of them to be had?"""
    base = Want(f"refs/heads/{branch}", _ORIGIN + branch)
    found = False
    for oid in tuple(commits)[:_MOST_REVIEWED]:
        reviewed = Want(oid, f"refs/policy-gate/reviewed/{oid}")
        if not clone.bring(reviewed) and clone.commit_of(oid):
            clone.deepen((base, reviewed), clone.commit_of(base.kept_as), oid)
            found = True
    return found


def _bases(wanted: Wanted) -> tuple[Want, ...]:
    """Base's branch, and base's commit where that is another: what history is asked for from."""
    branch = (wanted.base,) if wanted.branch else ()
    return (*branch, Want(wanted.base_commit, BASE)) if wanted.base_commit else branch


def _base(clone: Clone, wanted: Wanted) -> Iterable[str]:
    if not wanted.branch:
        return
    failure = clone.bring(wanted.base)
    if not failure:
        return
    known = (wanted.known or {}).get(wanted.base.kept_as, "")
    if known and clone.keep(wanted.base.kept_as, known):
        yield f"{wanted.branch} could not be fetched ({failure}): judged against the tip that the checkout holds"
    else:
        yield f"{wanted.branch} could not be fetched: {failure}"


def _exact(clone: Clone, wanted: Wanted) -> Iterable[str]:
    """A queue's parent, or the tip before a push: by its id, for the branch has moved on."""
    if not wanted.base_commit or clone.keep(BASE, wanted.base_commit):
        return
    failure = clone.bring(Want(wanted.base_commit, BASE))
    if failure:
        yield f"{wanted.base_commit[:12]}, the base that the event names, could not be fetched: {failure}"


def _head(clone: Clone, wanted: Wanted) -> Iterable[str]:
    if not wanted.head or clone.commit_of(wanted.head):
        return
    failure = clone.bring(Want(wanted.head, PROPOSED))
    if failure and wanted.head_ref:
        failure = clone.bring(Want(wanted.head_ref, PROPOSED)) or failure
    if not clone.commit_of(wanted.head):
        yield f"{wanted.head[:12]}, the commit to judge, could not be fetched: {failure or 'the branch moved on'}"

"""Who made the commits of a change: read from the raw commits, with no mailmap and no log format (D13)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from policy_gate.errors import BaseError
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.people import Author, Commit
from policy_gate.vcs.merge import MergedTree
from policy_gate.vcs.objects import links_of
from policy_gate.vcs.trailers import CO_AUTHOR, people_in, trailers_of

_IDENTITY = lazy_pattern(r"([^<>]*)<([^<>\s]*)> *-?\d+(?: [^<>]*)?")
"""a name, an address, a time; the zone is left alone, as tools of twenty years ago wrote odd ones"""


class RawCommit(NamedTuple):
    """A commit object as its bytes say: tree and parents in hex, and everyone who had a hand in it."""

    tree: str
    parents: tuple[str, ...]
    authors: tuple[Author, ...]
    co_authors: tuple[Author, ...] = ()
    """those of `authors` whom only the message names"""
    time: int = 0
    unaddressed: tuple[str, ...] = ()
    """whom the message names as co-authors without an address"""
    trailers: tuple[str, ...] = ()
    """the keys of all trailers of the message, in lower case"""


class History(NamedTuple):
    """What reading authors needs of a repository."""

    read: Callable[[str], RawCommit]
    difference: Callable[[str | None, str], frozenset[str]]
    """paths that differ between two tree ids; None is the empty tree"""
    merge: Callable[[str, str], MergedTree]


def parse_commit(data: bytes) -> RawCommit:
    """Read a commit object's body.

    An identity that git could not have written becomes an Author without e-mail, which nobody can claim.
    """
    head, _, message = data.decode("utf-8", "replace").partition("\n\n")
    lines = head.split("\n")
    links = links_of(data)
    written = [_identity(line) for line in lines if line.startswith(("author ", "committer "))]
    trailers = trailers_of(message)
    named = {text: people_in(text) for key, text in trailers if key.lower() == CO_AUTHOR and text}
    co_authors = [author for people in named.values() for author in people]
    authors = tuple(dict.fromkeys([*written, *co_authors])) or (Author("", ""),)
    makers = frozenset(written)
    only_named = tuple(author for author in dict.fromkeys(co_authors) if author not in makers)
    unaddressed = tuple(text for text, people in named.items() if not people)
    keys = tuple(dict.fromkeys(key.lower() for key, _ in trailers))
    return RawCommit(links.tree, links.parents, authors, only_named, links.time, unaddressed, keys)


def commits_of(oids: Iterable[str], history: History) -> tuple[Commit, ...]:
    """The commits with these ids as Commits: their authors and the paths that each one touches."""
    return tuple(_commit(oid, history) for oid in oids)


def _commit(oid: str, history: History) -> Commit:
    raw = history.read(oid)
    if len(raw.parents) < 2:
        before = history.read(raw.parents[0]).tree if raw.parents else None
        paths = history.difference(before, raw.tree)
        return _made(oid, raw, paths)
    paths = _touched_by_merge(raw, history)
    return _made(oid, raw, paths, merge_of_git=not paths)


def _made(oid: str, raw: RawCommit, paths: frozenset[str], merge_of_git: bool = False) -> Commit:
    return Commit(
        oid,
        raw.authors,
        paths,
        merge_of_git,
        raw.parents,
        co_authors=raw.co_authors,
        unaddressed=raw.unaddressed,
    )


def _touched_by_merge(raw: RawCommit, history: History) -> frozenset[str]:
    """Where a merge differs from git's own merge of its parents; that, and no more, was done by a person.

    Git's own merge is not to be had of three parents or of strangers: then every path that differs
    from any parent counts, so that nobody who wrote something is missed.
    """
    if len(raw.parents) == 2:
        try:
            merged = history.merge(raw.parents[0], raw.parents[1])
        except BaseError:
            pass
        else:
            return history.difference(merged.tree, raw.tree) | frozenset(merged.conflicts)
    trees = [history.read(parent).tree for parent in raw.parents]
    return frozenset().union(*(history.difference(tree, raw.tree) for tree in trees))


def _identity(line: str) -> Author:
    text = line.partition(" ")[2]
    found = _IDENTITY.fullmatch(text)
    return Author(found[1].strip(), found[2]) if found else Author(text, "")

"""What is pushed: the lines that git hands a pre-push hook, and what each ref is judged against (D36, T32)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from policy_gate.schema.patterns import lazy_pattern
from policy_gate.vcs.discovery import FoundRef, Here, refs_of
from policy_gate.vcs.hardening import HardenedGit
from policy_gate.vcs.process import ask

_OID = lazy_pattern(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REMOTE_NAME = lazy_pattern(r"[A-Za-z0-9_][A-Za-z0-9._/-]*")
_LOGIN = lazy_pattern(r"\A([a-z][a-z0-9+.-]*://)?[^/@\s]*@", re.IGNORECASE)
_HEADS, _REMOTES, _TAGS, _NOTES = "refs/heads/", "refs/remotes/", "refs/tags/", "refs/notes/"
_USUAL = ("main", "master")


class Update(NamedTuple):
    """One line of git's: what is pushed, where to, and what the remote holds there now (zeros for nothing)."""

    local_ref: str
    local_oid: str
    remote_ref: str
    remote_oid: str

    @property
    def skipped(self) -> str:
        """Why there is nothing to judge, in words; empty where there is."""
        if not self.local_oid.strip("0"):
            return "a deletion brings nothing in"
        if self.remote_ref.startswith(_TAGS):
            return "a tag is no branch to be merged"
        return "notes are no branch to be merged" if self.remote_ref.startswith(_NOTES) else ""

    @property
    def is_new(self) -> bool:
        return not self.remote_oid.strip("0")


class Base(NamedTuple):
    """What a pushed ref is judged against: a commit, under the full name of the branch that it will merge into.

    `note` says why it is this one where that is not plain.
    """

    ref: str
    commit: str
    note: str = ""


class Remote(NamedTuple):
    """Where is pushed to: the name of a configured remote, or empty for an address that none has."""

    name: str

    @property
    def label(self) -> str:
        """The name for people. An address is never shown: it may hold a password."""
        return self.name or "(an address)"


def updates_of(data: bytes) -> tuple[Update, ...]:
    """The lines of a pre-push hook's standard input; ValueError for one that git would not write."""
    found = []
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        if not line:
            continue
        words = line.split(" ")
        if len(words) != 4 or not _OID.fullmatch(words[1]) or not _OID.fullmatch(words[3]):
            raise ValueError(f"not a line of git's pre-push: {line[:80]!a}")
        found.append(Update(*words))
    return tuple(found)


def remote_of(told: Sequence[str]) -> Remote:
    """The remote that git names to the hook, by its name and address (which are the same for a bare address).

    A push to an address is a push to the configured remote that has this address, logins aside.
    """
    name = told[0] if told else ""
    listed = ask("config", "--null", "--get-regexp", r"^remote\..*\.(push)?url$") or ""
    rows = [row.partition("\n")[::2] for row in listed.split("\0") if row]
    known = {key.partition(".")[2].rpartition(".")[0]: "" for key, _ in rows}
    if name in known and _REMOTE_NAME.fullmatch(name):
        return Remote(name)
    addresses = {_plain_address(address) for address in told}
    for key, address in rows:
        candidate = key.partition(".")[2].rpartition(".")[0]
        if _plain_address(address) in addresses and _REMOTE_NAME.fullmatch(candidate):
            return Remote(candidate)
    return Remote("")


def _plain_address(address: str) -> str:
    return _LOGIN.sub(r"\1", address).rstrip("/").removesuffix(".git")


def bases_of(place: Here, remote: Remote, updates: Sequence[Update]) -> dict[Update, Base | None]:
    """What each pushed ref is judged against; None where this clone knows no branch of the remote to merge into."""
    homes = [name for name in dict.fromkeys((remote.name, "origin")) if name]
    wanted = [f"{_REMOTES}{home}/{branch}" for home in homes for branch in ("HEAD", *_USUAL)]
    found = refs_of(HardenedGit(place.git_dir).run, wanted)
    defaults = {home: _default(home, found) for home in homes}
    return {update: _base_of(update, remote, defaults) for update in updates}


def _default(home: str, found: Mapping[str, FoundRef]) -> Base | None:
    """The default branch of a remote as this clone last saw it."""
    for branch in ("HEAD", *_USUAL):
        name = f"{_REMOTES}{home}/{branch}"
        if name in found:
            return Base(found[name].points_to or name, found[name].oid)
    return None


def _base_of(update: Update, remote: Remote, defaults: Mapping[str, Base | None]) -> Base | None:
    own = defaults.get(remote.name)
    branch = update.remote_ref.removeprefix(_HEADS)
    if own is not None:
        if own.ref != f"{_REMOTES}{remote.name}/{branch}":
            return own
        return own if update.is_new else Base(own.ref, update.remote_oid)
    if branch in _USUAL and update.remote_ref.startswith(_HEADS) and not update.is_new:
        return Base(f"{_REMOTES}{remote.name or 'origin'}/{branch}", update.remote_oid)
    other = defaults.get("origin")
    if other is None:
        return None
    return other._replace(note=f"this clone has not seen the default branch of {remote.label}; origin's stands for it")


def short(ref: str) -> str:
    """A ref as people say it; whole where what is left would look like another ref."""
    for prefix in (_HEADS, _REMOTES):
        if ref.startswith(prefix):
            rest = ref.removeprefix(prefix)
            return ref if rest.startswith("refs/") else rest
    return ref

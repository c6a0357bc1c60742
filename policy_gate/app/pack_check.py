"""What a pack from outside is: its digest, its rows, what is wrong with it, and the line that takes it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.collect.outside_packs import files_at, pack_digest, pack_files, pack_layer
from policy_gate.collect.policies_of_tree import policies_of
from policy_gate.collect.policy_files import builtin_layer, files_of_folder
from policy_gate.documents.cache import DocumentCache
from policy_gate.errors import DocumentError, PolicyError, UsageError
from policy_gate.policy.load import lint_policies, load_policies
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.documents import PackFrom
from policy_gate.schema.source import Problem
from policy_gate.vcs.repository import Repository
from policy_gate.vcs.worktree import WorkTree


class PackRows(Struct, frozen=True):
    """One law pack: how many rows it has, and when they were last checked as a whole."""

    id: str
    title: str
    regulation: str
    rows: int
    checked_on: date


class PackCheck(Struct, frozen=True):
    """A pack as it can be had now. `problems` keep it out of force, `advice` does not."""

    place: str
    digest: str
    packs: tuple[PackRows, ...] = ()
    problems: tuple[Problem, ...] = ()
    advice: tuple[Problem, ...] = ()
    ref: str = ""
    """the branch, tag or commit, where one was asked for"""
    wanted: str = ""
    """the digest that policy-gate.yaml names, where it names the pack"""

    @property
    def is_sound(self) -> bool:
        return not self.problems and self.wanted in ("", self.digest)


def verify_folder(folder: Path, today: date) -> PackCheck:
    """Look at a pack in a folder on disk, in a repository as git would have it; UsageError where there is none."""
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder", hint="name a folder, or the url of a git repository")
    try:
        repository = Repository.open(folder)
    except UsageError:
        return _checked(f"{folder}/", lambda: pack_files(files_of_folder(folder)), today)
    with repository:
        below = folder.resolve().relative_to(repository.root.resolve()).as_posix()
        place = "" if below == "." else below
        return _checked(f"{place or folder.resolve().name}/", lambda: pack_files(WorkTree(repository), place), today)


def verify_url(url: str, ref: str, today: date) -> PackCheck:
    """Fetch a pack and look at it; UndecidedError where it cannot be had, UsageError for what is no url."""
    try:
        entry = PackFrom.model_validate({"url": url, "ref": ref or None, "digest": f"sha256:{'0' * 64}"})
    except ValueError:
        hint = "https://, ssh:// or file://, without a password"
        raise UsageError(f"{url}: no url to fetch from", hint=hint) from None
    return replace(_checked(entry.place, partial(files_at, url, ref), today), ref=ref)


def verify_here(directory: Path, today: date) -> list[PackCheck]:
    """Look at every pack from outside that the policy-gate.yaml of this work tree names."""
    found = []
    with Repository.open(directory) as repository:
        tree = WorkTree(repository)
        config = policies_of(tree, "work tree", DocumentCache()).config
        for _, entry in config.content.packs_from_outside if config else ():
            if entry.folder is not None:
                read = partial(pack_files, tree, entry.folder.strip("/"))
            else:
                read = partial(files_at, entry.url or "", entry.ref or "")
            found.append(replace(_checked(entry.place, read, today), wanted=entry.digest, ref=entry.ref or ""))
    return found


def _checked(place: str, read: Callable[[], Mapping[str, bytes]], today: date) -> PackCheck:
    try:
        files = read()
    except DocumentError as error:
        return PackCheck(place, "", problems=error.problems)
    shown = f"{place.rstrip('/')}/"
    layer = pack_layer(files, shown)
    layers = (builtin_layer(), layer)
    found = [it for it in (*layer.problems, *lint_policies(layers, today=today)) if it.path.startswith(shown)]
    found = list(dict.fromkeys(found))
    problems = tuple(it for it in found if not it.advice)
    rows = () if problems else _rows(layers)
    if not problems and not rows:
        problems = _unread(layers, shown)
    return PackCheck(place, pack_digest(files), rows, problems, tuple(it for it in found if it.advice))


def _unread(layers: tuple[LayerSource, ...], shown: str) -> tuple[Problem, ...]:
    try:
        load_policies(layers)
    except PolicyError as error:
        return error.problems or (Problem(shown, error.message, hint=error.hint),)
    return ()


def _rows(layers: tuple[LayerSource, ...]) -> tuple[PackRows, ...]:
    try:
        law = load_policies(layers).law
    except PolicyError:
        return ()
    shipped = {path.rpartition("/")[2].rpartition(".")[0] for path in layers[0].law}
    packs = [pack for pack in law.content.packs if pack.id not in shipped] if law is not None else []
    counts = {pack.id: sum(row.pack == pack.id for row in law.content.rows) for pack in packs} if law else {}
    return tuple(PackRows(it.id, it.title, it.regulation, counts[it.id], it.checked_on) for it in packs)

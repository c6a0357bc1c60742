"""Law packs from outside: a folder of the repository or another git repository, held to the digest that base names.

What comes is read as a layer that only adds: law packs, and the regulations and facts that their rows speak of. A pack
that is not what its digest says, or holds anything else, puts no rule set in force.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.collect.layout import is_yaml
from policy_gate.collect.policy_files import is_ours, read_policies
from policy_gate.collect.stored_readings import cache_folder
from policy_gate.documents.cache import regular_bytes
from policy_gate.documents.scalars import document_error
from policy_gate.errors import DocumentError, UndecidedError
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.documents import Config, PackFrom
from policy_gate.schema.snapshot import CodeFile
from policy_gate.schema.source import Document, Problem, Unread
from policy_gate.vcs.memory_tree import MemoryTree
from policy_gate.vcs.tree import Tree

MOST_FILES, MOST_BYTES, MOST_SEEN, DEEPEST = 200, 4 << 20, 20_000, 8
"""Of one pack: documents, their bytes together, files of any kind that are passed by, and folders below one another."""
_MAY_HOLD = frozenset({"schema", "regulations", "facts"})
"""What a policy document of a pack may hold: the names that its rows use, and nothing that decides."""
_VERIFY = "policy-gate policy pack verify {place} prints the line for policy-gate.yaml"


class OutsidePacks(Struct, frozen=True):
    """The packs of a config as layers; `files` are those of the repository itself, `problems` those of all layers."""

    layers: tuple[LayerSource, ...] = ()
    files: tuple[CodeFile, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def pack_files(tree: Tree, folder: str = "") -> dict[str, bytes]:
    """policy-gate's documents below a folder, by their path in it; DocumentError where one is no such document.

    Links, submodules, and more or larger files than a pack has are refused.
    """
    home = tree.entry(folder) if folder else None
    if folder and (home is None or home.kind != "folder"):
        raise document_error(folder, "there is no such folder" if home is None else f"is a {home.kind}, not a folder")
    found: dict[str, bytes] = {}
    for number, entry in enumerate(tree.walk(folder)):
        if number >= MOST_SEEN:
            raise document_error(folder or entry.path, f"holds more than {MOST_SEEN} files")
        if not is_yaml(entry.path):
            continue
        data = regular_bytes(tree, entry)
        if not is_ours(data):
            continue
        name = entry.path.removeprefix(f"{folder}/") if folder else entry.path
        found[name] = data
        if name.count("/") > DEEPEST:
            raise document_error(entry.path, f"lies more than {DEEPEST} folders deep")
        if len(found) > MOST_FILES or sum(map(len, found.values())) > MOST_BYTES:
            raise document_error(entry.path, f"the pack is too large (at most {MOST_FILES} files, {MOST_BYTES} bytes)")
    return found


def pack_digest(files: Mapping[str, bytes]) -> str:
    """The digest of a pack: over the path and the bytes of each document, so that nothing else counts."""
    parts = (part for path in sorted(files) for part in (path.encode("utf-8", "surrogateescape"), files[path]))
    return f"sha256:{hashlib.sha256(b''.join(len(it).to_bytes(8, 'big') + it for it in parts)).hexdigest()}"


def pack_layer(files: Mapping[str, bytes], shown: str) -> LayerSource:
    """A pack as a layer that only adds; what it must not hold is among `problems`, and lets nothing be in force."""
    found = read_policies(MemoryTree(dict(files)), "", "repository", shown.rstrip("/"), shown=shown)
    problems = [*found.problems, *_held_too_much(found.source)]
    if found.roles is not None:
        problems.append(Problem(found.roles.path, "a pack from outside holds no roles", 1, 1, "take them out of it"))
    if not found.source.law and not found.problems:
        problems.append(Problem(shown, "holds no law pack", hint="a pack begins with `schema: policy-gate/pack/v1`"))
    return (
        _refused(replace(found.source, only_adds=True), tuple(problems))
        if problems
        else replace(found.source, only_adds=True)
    )


def _held_too_much(source: LayerSource) -> Iterator[Problem]:
    for document in source.documents:
        content = document.content if isinstance(document.content, dict) else {}
        for section in content:
            if section not in _MAY_HOLD:
                at = document.at(section)
                hint = "write what decides into the policies of this repository, where its owners approve it"
                message = f"a pack from outside holds packs, regulations and facts, not {section}"
                yield Problem(at.path, message, at.line, at.column, hint)


def _refused(source: LayerSource, problems: tuple[Problem, ...]) -> LayerSource:
    unread = Document(problems[0].path, "", Unread(problems), {})
    return replace(source, documents=(*source.documents, unread), problems=problems, law={})


def folder_packs(config: Document[Config] | None, tree: Tree, policies: str) -> OutsidePacks:
    """The packs that are folders of the tree itself."""
    wanted = config.content.packs_from_outside if config else []
    found = OutsidePacks()
    for index, entry in wanted:
        if config is not None and entry.folder is not None:
            folder = entry.folder.strip("/")
            if folder == policies or folder.startswith(f"{policies}/"):
                message = f"{folder} lies in the folder of policies, where every pack is read anyway"
                found = _with(found, _fault(config, index, "folder", entry, message, "leave the entry out"))
                continue
            found = _with(found, _held(config, index, entry, partial(pack_files, tree, folder)))
            files = (it for it in tree.walk(folder) if is_yaml(it.path)) if tree.entry(folder) else ()
            found = replace(found, files=(*found.files, *(CodeFile(it.path, it.mode, it.oid) for it in files)))
    return found


def fetched_packs(
    config: Document[Config] | None,
    environment: Mapping[str, str],
    may_fetch: Callable[[PackFrom], bool] = lambda _: True,
) -> OutsidePacks:
    """The packs that are other repositories: from the user's cache by their digest, and else over the network.

    One that is neither in the cache nor may be fetched is left out, and told in the notes.
    """
    found = OutsidePacks()
    for index, entry in config.content.packs_from_outside if config else ():
        if config is None or entry.url is None:
            continue
        cached = _cached(entry.digest, environment)
        if cached is not None:
            found = _with(found, _held(config, index, entry, partial(dict, cached)))
        elif may_fetch(entry):
            found = _with(found, _held(config, index, entry, partial(_fetched, entry, environment)))
        else:
            note = f"{entry.place} is a pack that only this change names, so it is not fetched: "
            found = replace(found, notes=(*found.notes, f"{note}policy-gate policy pack verify {entry.place}"))
    return found


def files_at(url: str, ref: str = "") -> dict[str, bytes]:
    """The documents of the pack in another repository; UndecidedError and DocumentError where it cannot be had."""
    from policy_gate.vcs.fetched import fetched_tree  # noqa: PLC0415 - few repositories have packs of others

    with fetched_tree(url, ref) as tree:
        return pack_files(tree)


def _fetched(entry: PackFrom, environment: Mapping[str, str]) -> dict[str, bytes]:
    files = files_at(entry.url or "", entry.ref or "")
    if pack_digest(files) == entry.digest:
        _keep(entry.digest, files, environment)
    return files


def _held(
    config: Document[Config], index: int, entry: PackFrom, read: Callable[[], Mapping[str, bytes]]
) -> LayerSource:
    """The pack as a layer where it is what its digest says, else one with the located fault, so that nothing loads."""
    try:
        files = read()
    except (UndecidedError, DocumentError) as error:
        told = f"{error.problems[0].location}: {error.message}" if error.problems else error.message
        field = "url" if entry.url else "folder"
        return _fault(config, index, field, entry, f"the pack cannot be read: {told}", error.hint)
    have = pack_digest(files)
    if have != entry.digest:
        hint = f"look at what changed, then write digest: {have}"
        message = f"the pack of {entry.place} is not the one that was approved (its digest is {have})"
        return _fault(config, index, "digest", entry, message, hint)
    return pack_layer(files, f"{entry.place.rstrip('/')}/")


def _fault(config: Document[Config], index: int, field: str, entry: PackFrom, message: str, hint: str) -> LayerSource:
    at = config.at("packs", index, field)
    problem = Problem(at.path, message, at.line, at.column, hint or _VERIFY.format(place=entry.place))
    unread = Document(config.path, f"{config.oid}:{message}", Unread((problem,)), {})
    return LayerSource("repository", entry.place.rstrip("/"), (unread,), problems=(problem,), only_adds=True)


def _with(found: OutsidePacks, layer: LayerSource) -> OutsidePacks:
    return replace(found, layers=(*found.layers, layer), problems=(*found.problems, *layer.problems))


def _cache(environment: Mapping[str, str]) -> Any:
    folder = cache_folder(environment)
    if folder is None:
        return None
    from policy_gate.documents.disk_cache import DiskCache  # noqa: PLC0415 - few repositories have packs of others

    return DiskCache(folder, "packs", "1")


def _cached(digest: str, environment: Mapping[str, str]) -> dict[str, bytes] | None:
    """The pack of this digest, where it was fetched before; what is kept is believed by its digest alone."""
    from msgspec import MsgspecError, msgpack  # noqa: PLC0415 - likewise

    cache = _cache(environment)
    kept = cache.entries([digest.encode()]).get(digest.encode()) if cache is not None else None
    if kept is None:
        return None
    try:
        files = msgpack.decode(kept, type=dict[str, bytes])
    except MsgspecError:
        return None
    return files if pack_digest(files) == digest else None


def _keep(digest: str, files: Mapping[str, bytes], environment: Mapping[str, str]) -> None:
    from msgspec import msgpack  # noqa: PLC0415 - likewise

    cache = _cache(environment)
    if cache is not None:
        cache.keep({digest.encode(): msgpack.encode(dict(files))})

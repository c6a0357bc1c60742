"""What is governed at one commit of base, kept in this clone, so that a push beside it need not be judged in full.

A full check of a base leaves here which paths would matter to it. A later push whose difference to that base
touches none of them changes nothing governed, and the full check would say so whatever the policies (D04). Whatever is
odd (a link, a submodule, a name outside ASCII, a near miss of a governed name) is left to the full check.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from policy_gate import __version__
from policy_gate.documents.globs import covers, has_wildcard
from policy_gate.vcs.difference import Changed

FORMAT = 1
_KEPT = 16
_DATA_ENDINGS = ("yaml", "yml", "json")
_PLAIN = re.compile(r"[A-Za-z0-9 ._+@=,~()\[\]{}#%&!$'^;-]+(?:/[A-Za-z0-9 ._+@=,~()\[\]{}#%&!$'^;-]+)*")


class GovernedPaths(NamedTuple):
    """The governed paths at a commit of base.

    `names` are the last names of manifest patterns, `patterns` every pattern of manifests, shared and CI files,
    `policies` the folder of policies, `manifests` all manifests, and `known` of those that were read the paths that
    they name, as `files` (literal) and `paths` (patterns).
    """

    names: tuple[str, ...]
    patterns: tuple[str, ...]
    policies: str
    manifests: tuple[str, ...]
    known: Mapping[str, Mapping[str, list[str]]]


class _Watch:
    """A ground made ready to be asked about many paths; without code only for what is governed at all."""

    def __init__(self, governed: GovernedPaths, with_code: bool) -> None:
        code = (glob for it in governed.known.values() for glob in it["paths"]) if with_code else ()
        self._patterns = tuple(dict.fromkeys((*governed.patterns, *code)))
        self._policies = governed.policies.lower()
        self._names_are_open = any(map(has_wildcard, governed.names))
        names = {it.lower() for it in governed.names}
        self._names = names | {it.lstrip("._").rpartition(".")[0] for it in names}
        files = {name for it in governed.known.values() for name in it["files"]} | {*governed.manifests}
        self._folders = {folder for name in files for folder in _above(name) if folder}
        self._files, self._ways = {it.lower() for it in files}, {it.lower() for it in self._folders}
        self._unread = {name.rpartition("/")[0] for name in governed.manifests if name not in governed.known}

    def touches(self, path: str) -> bool:
        """Could this path matter to a full check? In doubt, yes."""
        if not _PLAIN.fullmatch(path) or self._names_are_open:
            return True
        spelled = path.lower()
        parts = spelled.split("/")
        if "governance" in spelled or "policy-gate" in spelled or any(part.startswith(".git") for part in parts):
            return True
        if spelled == self._policies or spelled.startswith(f"{self._policies}/"):
            return True
        return self._is_named_alike(parts[-1]) or self._is_covered(path) or self._is_near_a_file(path)

    def is_below_an_unread_manifest(self, path: str) -> bool:
        return not self._unread.isdisjoint(_above(path))

    def _is_named_alike(self, name: str) -> bool:
        plain = name.lstrip("._")
        return not self._names.isdisjoint((name, plain, plain.rpartition(".")[0], plain.partition(".")[0]))

    def _is_covered(self, path: str) -> bool:
        return any(covers(glob, path) or covers(glob.lower(), path.lower()) for glob in self._patterns)

    def _is_near_a_file(self, path: str) -> bool:
        """Is it a governed file, in place of one or of a folder on its way, or in a twin of such a folder?"""
        steps = [path, *(folder for folder in _above(path) if folder)]
        if any(step.lower() in self._files for step in steps) or path.lower() in self._ways:
            return True
        return any(step.lower() in self._ways and step not in self._folders for step in steps)


def is_quiet(
    governed: GovernedPaths, changes: list[Changed], reads: Callable[[str], bytes], *, with_code: bool = True
) -> bool:
    """Does this difference leave everything governed as it is? `reads(oid)` gives the first bytes of a file.

    Without code it tells only whether the same paths are governed after it as before.
    """
    watch = _Watch(governed, with_code)
    for change in changes:
        if not change.is_regular or watch.touches(change.path):
            return False
        if with_code and watch.is_below_an_unread_manifest(change.path):
            return False
        if change.path.lower().endswith(_DATA_ENDINGS) and any(b"policy-gate" in reads(oid) for oid in change.oids):
            return False
    return True


def load(memory: Path, base: str) -> GovernedPaths | None:
    """What is remembered of a commit of base; None where nothing is, or it is of another version of this program."""
    try:
        told = json.loads((_folder(memory) / f"{base}.json").read_bytes())
        if told["key"] != _key() or told["base"] != base:
            return None
        known = {
            str(path): {"ids": _texts(it["ids"]), "files": _texts(it["files"]), "paths": _texts(it["paths"])}
            for path, it in told["known"].items()
        }
        names, patterns, manifests = (tuple(_texts(told[name])) for name in ("names", "patterns", "manifests"))
        return GovernedPaths(names, patterns, str(told["policies"]), manifests, known)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def known_bases(memory: Path) -> list[str]:
    """The commits of base that something is remembered of, the newest memory first."""
    try:
        files = sorted(_folder(memory).glob("*.json"), key=lambda it: it.stat().st_mtime, reverse=True)
    except OSError:
        return []
    return [file.stem for file in files]


def save(memory: Path, base: str, governed: GovernedPaths) -> None:
    """Remember this of a commit of base, with what is known of it already; a folder that takes nothing is let be."""
    earlier = load(memory, base)
    known = {**(earlier.known if earlier and earlier.manifests == governed.manifests else {}), **governed.known}
    ids = [system for it in known.values() for system in it["ids"]]
    if len(ids) != len(set(ids)):
        return
    told = {"key": _key(), "base": base, **governed._replace(known=known)._asdict()}
    folder = _folder(memory)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file, new = folder / f"{base}.json", folder / f"{base}.{os.getpid()}.new"
        new.write_text(json.dumps(told, sort_keys=True), "utf-8")
        new.replace(file)
        kept = sorted(folder.iterdir(), key=lambda it: it.stat().st_mtime, reverse=True)
        for old in kept[_KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:
        return


def _texts(told: object) -> list[str]:
    if not isinstance(told, list) or not all(isinstance(item, str) for item in told):
        raise TypeError("not a list of texts")
    return told


def _folder(memory: Path) -> Path:
    return memory / "ground"


def _key() -> list[Any]:
    """What a memory holds for: this format, version and place of the program, and the rules beside it."""
    package = Path(__file__).resolve().parent.parent
    rules = next((it for it in (package / "policies", package.parent / "policies") if it.is_dir()), None)
    seen = 0.0
    for folder, _, names in os.walk(rules) if rules else ():
        seen += sum((Path(folder) / name).stat().st_mtime for name in names)
    return [FORMAT, __version__, str(package), round(seen, 3)]


def _above(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition("/")[0]
        yield path

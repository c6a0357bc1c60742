"""The governed paths of a commit of base, kept in this clone, so that a push beside it need not be judged in full.

A full check of a base leaves them here. A later push whose difference to that base touches none of them changes
nothing governed (`decide.governed_paths`), and the full check would say so whatever the policies (D04).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from policy_gate import __version__
from policy_gate.decide.governed_paths import GovernedPaths
from policy_gate.documents.atomic_file import replacing

FORMAT = 5
_KEPT = 16


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
        words, files = (tuple(_texts(told[name])) for name in ("words", "files"))
        texts = tuple((tuple(_texts(globs)), tuple(_texts(some))) for globs, some in told["texts"])
        policies, may_return = str(told["policies"]), told["may_return"] is not False
        return GovernedPaths(names, patterns, policies, manifests, known, words, files, texts, may_return)
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
        with replacing(folder / f"{base}.json") as out:
            out.write(json.dumps(told, sort_keys=True).encode("utf-8"))
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
